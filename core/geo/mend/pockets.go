package mend

import (
	"math"
	"slices"

	"github.com/shapes-desktop/shapes/core/geo/grid"
	"github.com/shapes-desktop/shapes/core/geo/ring"
	"github.com/shapes-desktop/shapes/core/geo/topology"
)

// pocketWidth is the mean width (tile units) below which open ground that
// rounding has pinched off counts as closed up: less than half a pixel.
const pocketWidth = 3

// Coasts is the arcs that have polygons of a layer on one side only, and
// which of them bound a hole of the layer's union (a lake, an enclave of
// others) at full detail.
type Coasts struct {
	layer int32
	arcs  []int32 // signed, the layer on the left
	fixed map[int32]bool
}

// FindCoasts finds the coasts of a layer. They serve every zoom.
func FindCoasts(w *topology.World, layer int32) *Coasts {
	c := &Coasts{layer: layer, fixed: map[int32]bool{}}
	s := Scene{World: w}
	var edges []ring.Edge
	for a := range int32(w.Arcs.Len()) {
		l, r := len(s.onSide(a, true, layer)) > 0, len(s.onSide(a, false, layer)) > 0
		if l == r {
			continue
		}
		signed := a
		if r {
			signed = ^a
		}
		c.arcs = append(c.arcs, signed)
		edges = appendEdges(edges, w.Arcs.At(int(a)), r)
	}
	var b ring.Builder
	holes := map[ring.Edge]bool{}
	for _, r := range b.Build(edges, grid.Point{}) {
		if grid.Area2(r) < 0 {
			eachEdge(r, func(e ring.Edge) { holes[e] = true })
		}
	}
	for _, signed := range c.arcs {
		a, back := topology.Index(signed)
		pts := w.Arcs.At(int(a))
		e := ring.Edge{A: pts[0], B: pts[1]}
		if back {
			e.A, e.B = e.B, e.A
		}
		c.fixed[signed] = holes[e]
		for _, p := range s.onSide(a, !back, layer) {
			if w.Polys[p].Overlaps {
				// It may have the ground beyond this arc already.
				c.fixed[signed] = true
			}
		}
	}
	return c
}

// Pockets returns a patch for every strip of open ground that is a hole of the
// layer's union at this zoom but was not one at full detail, and is too narrow
// to be seen. It goes to one unit that it borders on: the same place decides
// for every layer, so that a country gains what its province gains.
func (s *Scene) Pockets(c *Coasts) []Patch {
	edges := s.Scratch.edges[:0]
	for _, signed := range c.arcs {
		a, back := topology.Index(signed)
		edges = appendEdges(edges, s.Arcs.At(int(a)), back)
	}
	s.Scratch.edges = edges
	var holes []ring.Ring
	var islands []island
	owner := map[ring.Edge]int32{} // edge of a pocket → coast that has it
	rings := s.Scratch.rings.Build(edges, grid.Point{})
	for _, r := range rings {
		if area := grid.Area2(r); area < 0 && narrow(r, -area) {
			holes = append(holes, r)
			eachEdge(r, func(e ring.Edge) { owner[e] = noCoast })
		}
	}
	if len(holes) == 0 {
		return nil
	}
	for _, r := range rings {
		if grid.Area2(r) > 0 {
			islands = append(islands, island{r, grid.BoxOf(r)})
		}
	}
	for _, signed := range c.arcs {
		a, back := topology.Index(signed)
		for _, e := range appendEdges(nil, s.Arcs.At(int(a)), back) {
			if _, ok := owner[e]; ok {
				owner[e] = signed
			}
		}
	}
	var out []Patch
	for _, h := range holes {
		if p, ok := s.fill(c, h, owner); ok {
			p.Rings = append(p.Rings, islandsIn(h, islands)...)
			out = append(out, p)
		}
	}
	return out
}

const noCoast = math.MinInt32

// fill makes the patch for a hole, unless a part of it is a real one.
func (s *Scene) fill(c *Coasts, hole ring.Ring, owner map[ring.Edge]int32) (Patch, bool) {
	var first ring.Edge
	ok := true
	eachEdge(hole, func(e ring.Edge) {
		if signed := owner[e]; signed == noCoast || c.fixed[signed] {
			ok = false
		}
		if first == (ring.Edge{}) || e.A.Less(first.A) {
			first = e
		}
	})
	if !ok {
		return Patch{}, false
	}
	a, back := topology.Index(owner[first])
	p := Patch{Gain: s.onSide(a, !back, c.layer)}
	p.Rings = []ring.Ring{reversed(hole)}
	return p, true
}

// island is an exterior of the layer's union.
type island struct {
	ring ring.Ring
	box  grid.Box
}

func reversed(r ring.Ring) ring.Ring {
	out := slices.Clone(r)
	slices.Reverse(out)
	return out
}

// islandsIn returns the islands that lie in the hole, and in no other island
// there, as holes of what fills it.
func islandsIn(hole ring.Ring, islands []island) []ring.Ring {
	box := grid.BoxOf(hole)
	var in, out []ring.Ring
	for _, i := range islands {
		if box.Covers(i.box) && ring.Within(i.ring, hole) {
			in = append(in, i.ring)
		}
	}
	for i, r := range in {
		nested := false
		for j, q := range in {
			nested = nested || i != j && ring.Within(r, q)
		}
		if !nested {
			out = append(out, reversed(r))
		}
	}
	return out
}

// narrow reports whether a ring of that doubled area is less than pocketWidth
// wide on average.
func narrow(r ring.Ring, area2 int64) bool {
	var length float64
	eachEdge(r, func(e ring.Edge) {
		length += math.Hypot(float64(e.B.X-e.A.X), float64(e.B.Y-e.A.Y))
	})
	return float64(area2) < pocketWidth*length // 2A/P
}

func eachEdge(r ring.Ring, fn func(ring.Edge)) {
	prev := r[len(r)-1]
	for _, p := range r {
		fn(ring.Edge{A: prev, B: p})
		prev = p
	}
}

func appendEdges(dst []ring.Edge, pts []grid.Point, backwards bool) []ring.Edge {
	for i := 1; i < len(pts); i++ {
		e := ring.Edge{A: pts[i-1], B: pts[i]}
		if backwards {
			e.A, e.B = e.B, e.A
		}
		dst = append(dst, e)
	}
	return dst
}
