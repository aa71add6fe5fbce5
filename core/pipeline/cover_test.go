package pipeline

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"testing"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/geo/grid"
	"github.com/shapes-desktop/shapes/core/geo/mvt"
	"github.com/shapes-desktop/shapes/core/geo/ring"
	"github.com/shapes-desktop/shapes/core/geo/spatial"
	"github.com/shapes-desktop/shapes/core/geo/tile"
)

// tileStore keeps what a run puts out.
type tileStore struct {
	order []tile.ID
	data  map[tile.ID][]byte
}

func (s *tileStore) Put(id tile.ID, d []byte) error {
	if n := len(s.order); n > 0 && s.order[n-1].Hilbert() >= id.Hilbert() {
		return fmt.Errorf("%v after %v", id, s.order[n-1])
	}
	s.order = append(s.order, id)
	s.data[id] = append([]byte(nil), d...)
	return nil
}

// layer is a named list of features for runTiles.
type layer struct {
	name     string
	features []feature.Feature
}

func runTiles(t testing.TB, cfg Config, layers ...layer) (*tileStore, Result, *feature.Faults) {
	t.Helper()
	var faults feature.Faults
	u := NewUnits(&faults)
	for _, l := range layers {
		n := u.Layer(l.name)
		for i, f := range l.features {
			u.addAt(n, i, f)
		}
	}
	out := &tileStore{data: map[tile.ID][]byte{}}
	res, err := Run(context.Background(), u, cfg, out, nil)
	if err != nil {
		t.Fatal(err)
	}
	if faults.Count(feature.FaultPanic) > 0 {
		t.Fatal(faults.Examples(feature.FaultPanic)[0])
	}
	return out, res, &faults
}

func (s *tileStore) decode(t testing.TB) map[tile.ID]*mvt.Tile {
	t.Helper()
	out := map[tile.ID]*mvt.Tile{}
	for id, d := range s.data {
		raw, err := mvt.Gunzip(d, 1<<26)
		if err != nil {
			t.Fatalf("%v: %v", id, err)
		}
		if out[id], err = mvt.Decode(raw); err != nil {
			t.Fatalf("%v: %v", id, err)
		}
	}
	return out
}

func find(t *mvt.Tile, name string) *mvt.Layer {
	for i := range t.Layers {
		if t.Layers[i].Name == name {
			return &t.Layers[i]
		}
	}
	return &mvt.Layer{}
}

func edgesOf(f mvt.Feature) []ring.Edge {
	var out []ring.Edge
	for _, r := range f.Parts {
		for i := range r {
			out = append(out, ring.Edge{A: r[i], B: r[(i+1)%len(r)]})
		}
	}
	return out
}

// checkRings fails unless every ring of the feature is simple by itself, no
// two cross or share an edge, and exteriors come first, each with its holes.
func checkRings(f mvt.Feature) error {
	for i, r := range f.Parts {
		seen := map[grid.Point]bool{}
		for _, p := range r {
			if seen[p] {
				return fmt.Errorf("ring %d passes %v twice", i, p)
			}
			seen[p] = true
		}
		if a := grid.Area2(r); a == 0 || a < 0 && i == 0 {
			return fmt.Errorf("ring %d has area %d/2", i, a)
		}
	}
	edges := edgesOf(f)
	var cells spatial.Cells
	cells.Reset(5, len(edges))
	var err error
	for i, e := range edges {
		spatial.Cover(e.A, e.B, 5, 0, func(cx, cy int32) {
			for n := cells.First(cx, cy); n >= 0 && err == nil; n = cells.Next(n) {
				if g := edges[cells.Item(n)]; touchInside(e, g) || touchInside(g, e) {
					err = fmt.Errorf("edges %v and %v meet besides at their ends", e, g)
				}
			}
			cells.AddCell(cx, cy, int32(i))
		})
	}
	return err
}

// touchInside reports whether g crosses e, or an end of g lies inside of e, or
// the two are the same.
func touchInside(e, g ring.Edge) bool {
	if e.A == g.A && e.B == g.B || e.A == g.B && e.B == g.A {
		return true
	}
	for _, p := range [2]grid.Point{g.A, g.B} {
		if p != e.A && p != e.B && grid.Cross(e.A, e.B, p) == 0 && grid.BoxOf([]grid.Point{e.A, e.B}).Contains(p) {
			return true
		}
	}
	o1, o2 := grid.Cross(e.A, e.B, g.A), grid.Cross(e.A, e.B, g.B)
	o3, o4 := grid.Cross(g.A, g.B, e.A), grid.Cross(g.A, g.B, e.B)
	return (o1 > 0 && o2 < 0 || o1 < 0 && o2 > 0) && (o3 > 0 && o4 < 0 || o3 < 0 && o4 > 0)
}

// union returns the edges of all features that do not cancel. It fails if two
// features claim the same side of an edge.
func union(fs []mvt.Feature) (map[ring.Edge]bool, error) {
	net := map[ring.Edge]bool{}
	for _, f := range fs {
		for _, e := range edgesOf(f) {
			if net[e] {
				return nil, fmt.Errorf("feature %d: ground left of %v belongs to another one too", f.ID, e)
			}
			if back := (ring.Edge{A: e.B, B: e.A}); net[back] {
				delete(net, back)
			} else {
				net[e] = true
			}
		}
	}
	return net, nil
}

// checkWinding fails unless the ground beside every edge is covered once on
// its left and not at all on its right: no two features overlap anywhere. A
// line sweeps down; half a unit below each vertex no edge ends, and the edges
// that cross it must lead into the area and out of it in turn.
func checkWinding(net map[ring.Edge]bool) error {
	var edges []ring.Edge
	for e := range net {
		if e.A.Y != e.B.Y {
			edges = append(edges, e)
		}
	}
	top := func(e ring.Edge) int32 { return min(e.A.Y, e.B.Y) }
	sort.Slice(edges, func(i, j int) bool { return top(edges[i]) < top(edges[j]) })
	var active []ring.Edge
	var x []float64
	for i := 0; i < len(edges); {
		y := top(edges[i])
		for ; i < len(edges) && top(edges[i]) == y; i++ {
			active = append(active, edges[i])
		}
		active = slices.DeleteFunc(active, func(e ring.Edge) bool { return max(e.A.Y, e.B.Y) <= y })
		x = x[:0]
		for _, e := range active {
			x = append(x, float64(e.A.X)+float64(e.B.X-e.A.X)*(float64(y)+0.5-float64(e.A.Y))/float64(e.B.Y-e.A.Y))
		}
		sort.Sort(byX{x, active})
		for k, e := range active {
			// Going east into an area its border runs down (y grows up).
			if into := e.B.Y < e.A.Y; into != (k%2 == 0) {
				return fmt.Errorf("at y %d.5 %v is out of turn", y, e)
			}
		}
	}
	return nil
}

// byX sorts edges by where they cross the sweep line.
type byX struct {
	x []float64
	e []ring.Edge
}

func (b byX) Len() int           { return len(b.x) }
func (b byX) Less(i, j int) bool { return b.x[i] < b.x[j] }
func (b byX) Swap(i, j int)      { b.x[i], b.x[j] = b.x[j], b.x[i]; b.e[i], b.e[j] = b.e[j], b.e[i] }

// onSide reports whether an edge runs along the side of a tile's box.
func onSide(e ring.Edge, margin int32) bool {
	for _, at := range [2]int32{-margin, tile.Extent + margin} {
		if e.A.X == at && e.B.X == at || e.A.Y == at && e.B.Y == at {
			return true
		}
	}
	return false
}

// inner returns the edges that do not run along the sides of the tile's box.
func inner(edges map[ring.Edge]bool, margin int32) map[ring.Edge]bool {
	out := map[ring.Edge]bool{}
	for e := range edges {
		if !onSide(e, margin) {
			out[e] = true
		}
	}
	return out
}

func sameEdges(a, b map[ring.Edge]bool) error {
	for e := range a {
		if !b[e] {
			return fmt.Errorf("%v is only in the first", e)
		}
	}
	for e := range b {
		if !a[e] {
			return fmt.Errorf("%v is only in the second", e)
		}
	}
	return nil
}

// addAt adds f as the feature at that place of its source.
func (u *Units) addAt(layer, index int, f feature.Feature) {
	f.Index = index
	u.Add(layer, f)
}
