package mend

import (
	"fmt"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"github.com/shapes-desktop/shapes/core/geo/grid"
	"github.com/shapes-desktop/shapes/core/geo/ring"
	"github.com/shapes-desktop/shapes/core/geo/snap"
	"github.com/shapes-desktop/shapes/core/geo/topology"
)

// The scenes are drawn in tile units of zoom 8, of which a unit is 1024 of the
// world's.
const (
	zoom  = 8
	shift = grid.Bits - 12 - zoom
	unit  = 1 << shift
	step  = 4096
)

// loop makes a closed ring of x, y pairs in tile units.
func loop(xy ...float64) orb.Ring {
	var r orb.Ring
	for i := 0; i < len(xy); i += 2 {
		r = append(r, grid.Point{X: int32(xy[i] * unit), Y: int32(xy[i+1] * unit)}.LonLat(grid.Bits))
	}
	return append(r, r[0])
}

func box(x0, y0, x1, y1 float64) orb.Ring { return loop(x0, y0, x1, y0, x1, y1, x0, y1) }

func one(rings ...orb.Ring) orb.MultiPolygon { return orb.MultiPolygon{rings} }

// build makes the scene of layers of features.
func build(margin int32, layers ...[]orb.MultiPolygon) *Scene {
	b := topology.NewBuilder()
	for l, fs := range layers {
		for i, mp := range fs {
			b.Add(l, i, mp)
		}
	}
	w, err := b.Build(topology.Options{})
	if err != nil {
		panic(err) // the drawings here cross nothing
	}
	arcs := &grid.Chains{}
	var r snap.Rounder
	r.Round(&w.Arcs, shift, snap.Lines{Step: step, Margin: margin, Count: 1 << zoom}, arcs)
	s := &Scene{World: w, Arcs: arcs, Step: step, Margin: margin, Size: step << zoom, Scratch: &Scratch{}}
	for i := range w.Polys {
		s.Area2 = append(s.Area2, area2(s.border(int32(i), nil)))
	}
	return s
}

// border is the edges of polygon i after the patches.
func (s *Scene) border(i int32, patches []Patch) []ring.Edge {
	var out []ring.Edge
	for _, signed := range s.World.Polys[i].Arcs {
		a, back := topology.Index(signed)
		out = appendEdges(out, s.Arcs.At(int(a)), back)
	}
	for _, p := range patches {
		for _, r := range p.Rings {
			if slices.Contains(p.Gain, i) {
				out = appendEdges(out, append(slices.Clone(r), r[0]), false)
			}
			if slices.Contains(p.Lose, i) {
				out = appendEdges(out, append(slices.Clone(r), r[0]), true)
			}
		}
	}
	return out
}

func area2(edges []ring.Edge) int64 {
	var sum int64
	for _, e := range edges {
		sum += int64(e.A.X)*int64(e.B.Y) - int64(e.B.X)*int64(e.A.Y)
	}
	return sum
}

// covers reports whether what edges bound holds the point (x/6, y/6), which is
// on none of them.
func covers(edges []ring.Edge, x, y int64) bool {
	winding := 0
	for _, e := range edges {
		ax, ay, bx, by := 6*int64(e.A.X)-x, 6*int64(e.A.Y)-y, 6*int64(e.B.X)-x, 6*int64(e.B.Y)-y
		cross := ax*by - bx*ay
		switch {
		case ay <= 0 && by > 0 && cross > 0:
			winding++
		case by <= 0 && ay > 0 && cross < 0:
			winding--
		}
	}
	return winding != 0
}

// checkPatches holds the patches against what they promise: each lies within
// one tile's reach and the world, has nothing of others in it, takes ground
// from just those who lose it, and the areas add up.
func (s *Scene) checkPatches(patches []Patch) error {
	for n, p := range patches {
		r := p.Rings[0]
		if grid.Area2(r) <= 0 {
			return fmt.Errorf("patch %d: %v has no area", n, r)
		}
		if err := s.inPlace(r); err != nil {
			return fmt.Errorf("patch %d: %w", n, err)
		}
		x, y := centre(r)
		for i := range int32(len(s.World.Polys)) {
			before, after := covers(s.border(i, patches[:n]), x, y), covers(s.border(i, patches[:n+1]), x, y)
			gains, loses := slices.Contains(p.Gain, i), slices.Contains(p.Lose, i)
			if before != loses || after != gains {
				return fmt.Errorf("patch %d: polygon %d covers it: %v, then %v; gains %v, loses %v", n, i, before, after, p.Gain, p.Lose)
			}
		}
		if err := s.untouched(r, patches[:n]); err != nil {
			return fmt.Errorf("patch %d: %w", n, err)
		}
	}
	for i := range s.Area2 {
		if got := area2(s.border(int32(i), patches)); got != s.Area2[i] {
			return fmt.Errorf("polygon %d: Area2 is %d, its border encloses %d", i, s.Area2[i], got)
		}
	}
	return nil
}

// centre is the mean of the first three corners, times 6: within a triangle or
// a square.
func centre(r ring.Ring) (x, y int64) {
	for _, p := range r[:3] {
		x, y = x+2*int64(p.X), y+2*int64(p.Y)
	}
	return x, y
}

func (s *Scene) inPlace(r ring.Ring) error {
	b := grid.BoxOf(r)
	if b.MinX < 0 || b.MinY < 0 || b.MaxX > step<<zoom || b.MaxY > step<<zoom {
		return fmt.Errorf("%v is beyond the world", r)
	}
	for k := int32(0); k <= 1<<zoom; k++ {
		for _, at := range []int32{k*step - s.Margin, k*step + s.Margin} {
			if b.MinX < at && at < b.MaxX || b.MinY < at && at < b.MaxY {
				return fmt.Errorf("the side %d runs through %v", at, r)
			}
		}
	}
	return nil
}

// untouched fails if an edge of an arc or of an earlier patch crosses an edge
// of r or ends inside of r or of its edges.
func (s *Scene) untouched(r ring.Ring, patches []Patch) error {
	var others []ring.Edge
	for i := range s.Arcs.Len() {
		others = appendEdges(others, s.Arcs.At(i), false)
	}
	for _, p := range patches {
		for _, q := range p.Rings {
			others = appendEdges(others, append(slices.Clone(q), q[0]), false)
		}
	}
	var err error
	for _, o := range others {
		in := 0
		eachEdge(r, func(e ring.Edge) {
			if cross(e.A, e.B, o.A, o.B) {
				err = fmt.Errorf("%v crosses %v", o, e)
			}
			for _, p := range [2]grid.Point{e.A, e.B} {
				if p != o.A && p != o.B && onSegment(o.A, o.B, p) {
					err = fmt.Errorf("corner %v is on %v", p, o)
				}
			}
			if o.A != e.A && o.A != e.B && onSegment(e.A, e.B, o.A) {
				err = fmt.Errorf("%v is on %v", o.A, e)
			}
			if grid.Cross(e.A, e.B, o.A) > 0 {
				in++
			}
		})
		if in == len(r) { // r is convex
			err = fmt.Errorf("%v is in %v", o.A, r)
		}
	}
	return err
}

func (s *Scene) must(t *testing.T, patches []Patch) {
	t.Helper()
	if err := s.checkPatches(patches); err != nil {
		t.Error(err)
	}
}
