// Package topology turns polygons into one arrangement of arcs, shared by all
// features of all layers, so that a border exists once however many polygons
// have it.
//
//	before: two rings        after: three arcs, two polygons
//	a──b   b──e              a──b──e       P = [0, 1]   arc 0: e b (the top) …
//	│P │   │ Q│              │  1  │       Q = [^1, 2]  arc 1: b c, the border
//	d──c   c──f              d──c──f       ^1 is arc 1 walked backwards
//
// A polygon is a list of signed arcs whose interior lies on the left (in a
// plane whose y grows up), not a list of rings: rings are what cutting makes.
package topology

import "github.com/shapes-desktop/shapes/core/geo/grid"

// World is the arrangement. It is immutable once built.
type World struct {
	// Bits is the width of the world's grid in bits; coordinates of Arcs are
	// units of it.
	Bits uint
	Arcs grid.Chains
	// Size of an arc is the square root of the area (grid units) of the
	// smallest ring it is a part of: what simplification may spend on it.
	Size  []float32
	Polys []Polygon
	// Left and Right of each arc: see Sides.
	sides []sideList
}

// Polygon is the area of one feature.
type Polygon struct {
	Layer, Feature int32
	// Arcs is sorted; arc a walked backwards is ^a. Interior on the left.
	Arcs []int32
	// Overlaps: shares ground with another polygon of its layer, as far as their
	// borders tell.
	Overlaps bool
	// Area in square grid units, at full detail.
	Area float64
	Box  grid.Box
}

// Index returns the arc that a signed arc names, and whether it is walked
// backwards.
func Index(signed int32) (arc int32, backwards bool) {
	if signed < 0 {
		return ^signed, true
	}
	return signed, false
}

// sideList is the polygons that have an arc on their border.
type sideList struct{ left, right []int32 }

// Left returns the polygons whose interior is left of arc a, in the arc's own
// direction; ascending, owned by w.
func (w *World) Left(a int32) []int32 { return w.sides[a].left }

// Right returns the polygons whose interior is right of arc a.
func (w *World) Right(a int32) []int32 { return w.sides[a].right }

func (w *World) linkSides() {
	w.sides = make([]sideList, w.Arcs.Len())
	for i := range w.Polys {
		for _, s := range w.Polys[i].Arcs {
			if a, back := Index(s); back {
				w.sides[a].right = append(w.sides[a].right, int32(i))
			} else {
				w.sides[a].left = append(w.sides[a].left, int32(i))
			}
		}
	}
	for i := range w.sides {
		w.markOverlaps(w.sides[i].left)
		w.markOverlaps(w.sides[i].right)
	}
}

// markOverlaps marks the polygons of one layer among those that have their
// interior on the same side of an arc.
func (w *World) markOverlaps(side []int32) {
	for i, p := range side {
		for _, q := range side[:i] {
			if w.Polys[p].Layer == w.Polys[q].Layer {
				w.Polys[p].Overlaps, w.Polys[q].Overlaps = true, true
			}
		}
	}
}

// Restore computes what follows from Bits, Arcs and the arcs of Polys, for a
// World that was kept elsewhere.
func (w *World) Restore() {
	for i := range w.Polys {
		p := &w.Polys[i]
		p.Box = grid.EmptyBox()
		w.measure(p)
	}
	w.linkSides()
}
