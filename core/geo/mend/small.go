package mend

import (
	"cmp"
	"math"
	"slices"

	"github.com/shapes-desktop/shapes/core/geo/grid"
	"github.com/shapes-desktop/shapes/core/geo/ring"
	"github.com/shapes-desktop/shapes/core/geo/topology"
)

// MinShown is the area (square tile units at its zoom) from which a unit must
// be drawn, if need be on its neighbours' ground.
const MinShown = 4

// Small is what became of the units that rounding left no area.
type Small struct {
	Patches []Patch
	Shown   []int32 // polygons drawn as a smallest shape
	Dropped []int32 // polygons that have no place; their ground is their neighbours'
}

// Vanished draws the polygons that have shrunk to nothing as a smallest
// visible shape, where there is room for one: those of at least MinShown on
// anybody's ground, smaller ones only where no other unit of their layer is
// (islands). unit is the width of a tile unit in the world's units. The largest
// come first; s.Area2 is kept up to date.
//
// Polygons of less than minArea (square tile units) are dropped, whether they
// have vanished or not: their ground stays open.
func (s *Scene) Vanished(unit, minArea float64) Small {
	var out Small
	var todo []int32
	for i := range s.Area2 {
		switch {
		case s.World.Polys[i].Area < minArea*unit*unit:
			s.Area2[i] = 0
			out.Dropped = append(out.Dropped, int32(i))
		case s.Area2[i] <= 0:
			todo = append(todo, int32(i))
		}
	}
	if len(todo) == 0 {
		return out
	}
	slices.SortFunc(todo, func(i, j int32) int {
		p, q := &s.World.Polys[i], &s.World.Polys[j]
		return cmp.Or(cmp.Compare(p.Layer, q.Layer), cmp.Compare(q.Area, p.Area), cmp.Compare(i, j))
	})
	f := &fitter{Scene: s, unit: unit}
	f.look(todo)
	for _, i := range todo {
		if s.Area2[i] > 0 {
			continue // has come up with a unit of another layer
		}
		if p, ok := f.fit(i); ok {
			s.Apply([]Patch{p})
			out.Patches = append(out.Patches, p)
		}
	}
	for _, i := range todo {
		if s.Area2[i] > 0 {
			out.Shown = append(out.Shown, i)
		} else {
			out.Dropped = append(out.Dropped, i)
		}
	}
	slices.Sort(out.Dropped)
	return out
}

// affordable reports whether all who lose that ground keep some.
func (s *Scene) affordable(r ring.Ring, lose []int32) bool {
	area := grid.Area2(r)
	for _, l := range lose {
		if s.Area2[l] <= area {
			return false
		}
	}
	return true
}

// Everywhere draws each vanished polygon as a small square where it was, on
// whatever ground that is.
func (s *Scene) Everywhere() Small {
	var out Small
	f := &fitter{Scene: s}
	for i := range s.World.Polys {
		if s.Area2[i] > 0 {
			continue
		}
		pts := s.Arcs.At(int(s.largestArc(int32(i))))
		for _, r := range squares(pts[0]) {
			if !f.straddles(r) {
				p := Patch{Rings: []ring.Ring{r}, Gain: []int32{int32(i)}}
				s.Apply([]Patch{p})
				out.Patches = append(out.Patches, p)
				out.Shown = append(out.Shown, int32(i))
				break
			}
		}
	}
	return out
}

// largestArc returns the arc of polygon i that is part of the largest ring.
func (s *Scene) largestArc(i int32) int32 {
	return arcIndex(s.arcsBySize(i)[0])
}

// arcsBySize returns the signed arcs of polygon i, those of its largest rings
// first, so that an archipelago is shown by its largest part.
func (s *Scene) arcsBySize(i int32) []int32 {
	arcs := slices.Clone(s.World.Polys[i].Arcs)
	slices.SortStableFunc(arcs, func(p, q int32) int {
		return cmp.Compare(s.World.Size[arcIndex(q)], s.World.Size[arcIndex(p)])
	})
	return arcs
}

func arcIndex(signed int32) int32 {
	a, _ := topology.Index(signed)
	return a
}

// squareSides are the sizes tried for a unit that is a point: about a third
// of a pixel, then less.
func squareSides() [3]int32 { return [3]int32{3, 2, 1} }

// squares returns the squares to try at p, largest first.
func squares(p grid.Point) []ring.Ring {
	var out []ring.Ring
	for _, n := range squareSides() {
		for _, d := range [4][2]int32{{0, 0}, {-n, 0}, {0, -n}, {-n, -n}} {
			x, y := p.X+d[0], p.Y+d[1]
			out = append(out, ring.Ring{{X: x, Y: y}, {X: x + n, Y: y}, {X: x + n, Y: y + n}, {X: x, Y: y + n}})
		}
	}
	return out
}

// fit looks for a place for polygon i.
func (f *fitter) fit(i int32) (Patch, bool) {
	p := &f.World.Polys[i]
	area := p.Area / (f.unit * f.unit)
	// Many arcs mean many parts; the largest few decide.
	arcs := f.arcsBySize(i)
	for _, signed := range arcs[:min(len(arcs), maxArcs)] {
		a, back := topology.Index(signed)
		if area < MinShown && len(f.onSide(a, back, p.Layer)) > 0 {
			continue // the other side is another unit's ground
		}
		gain, lose := f.World.Left(a), f.World.Right(a)
		if back {
			gain, lose = lose, gain
		}
		pts := f.Arcs.At(int(a))
		if len(pts) == 1 {
			if r, ok := f.atPoint(pts[0], lose); ok {
				return Patch{Rings: []ring.Ring{r}, Gain: gain, Lose: lose}, true
			}
			continue
		}
		for j := 1; j < len(pts) && j <= maxEdges; j++ {
			from, to := pts[j-1], pts[j]
			if back {
				from, to = to, from
			}
			if r, ok := f.atEdge(from, to, area, lose); ok {
				return Patch{Rings: []ring.Ring{r}, Gain: gain, Lose: lose}, true
			}
		}
	}
	return Patch{}, false
}

// How far fit looks, so that a country of ten thousand islets costs no more
// than one of ten.
const (
	maxArcs  = 64
	maxEdges = 64
)

// atPoint returns a square at p with nothing in it or touching it.
func (f *fitter) atPoint(p grid.Point, lose []int32) (ring.Ring, bool) {
	for _, r := range squares(p) {
		if !f.straddles(r) && f.empty(grid.BoxOf(r)) && f.affordable(r, lose) {
			f.add(r)
			return r, true
		}
	}
	return nil, false
}

// atEdge returns a triangle on the right of from–to, which belongs to nobody
// but lose, that no other edge runs into.
func (f *fitter) atEdge(from, to grid.Point, area float64, lose []int32) (ring.Ring, bool) {
	if f.used[undirected(from, to)] || !f.ownedBy(from, to, lose) {
		return nil, false
	}
	dx, dy := float64(to.X-from.X), float64(to.Y-from.Y)
	length := math.Hypot(dx, dy)
	height := min(max(2*area/length, 1), 3)
	for _, h := range [3]float64{height, 1.5, 1} {
		for _, t := range [3]float64{0.5, 0.25, 0.75} {
			apex := grid.Point{
				X: int32(math.Round(float64(from.X) + t*dx + h*dy/length)),
				Y: int32(math.Round(float64(from.Y) + t*dy - h*dx/length)),
			}
			r := ring.Ring{to, from, apex} // from–to is on its left
			if grid.Area2(r) > 0 && !f.straddles(r) && f.clear(from, to, apex) && f.affordable(r, lose) {
				f.used[undirected(from, to)] = true
				f.add(r)
				return r, true
			}
		}
	}
	return nil, false
}
