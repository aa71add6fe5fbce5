// Package simplify decides which vertices of an arc a zoom shows: each vertex
// gets one weight for all zooms, a zoom keeps those above its tolerance, and a
// guard gives back what topology needs.
package simplify

import (
	"math"

	"github.com/shapes-desktop/shapes/core/geo/grid"
)

// Algorithm computes the weight of every vertex of an arc.
type Algorithm uint8

// The algorithms on offer.
const (
	// DouglasPeucker weighs a vertex by the deviation its removal would cause:
	// the largest tolerance at which the algorithm of Douglas and Peucker
	// (1973) still keeps it.
	DouglasPeucker Algorithm = iota
	// Visvalingam weighs a vertex by the area its removal would change
	// (Visvalingam and Whyatt 1993), as the side of a square of that area.
	Visvalingam
)

// Weights sets w[i] to the weight of pts[i] in grid units. The ends, and in a
// closed arc the vertex farthest from them, weigh infinitely much. Along any
// chain of the algorithm's choices weights never grow, so that keeping all
// w[i] >= t is what the algorithm does at tolerance t. len(w) is len(pts).
func (a Algorithm) Weights(pts []grid.Point, w []float32) {
	inf := float32(math.Inf(1))
	last := len(pts) - 1
	for i := range w {
		w[i] = inf
	}
	if last < 2 {
		return
	}
	if a == Visvalingam {
		visvalingam(pts, w)
		return
	}
	if pts[0] != pts[last] {
		split(pts, w, 0, last)
		return
	}
	far := farthest(pts)
	split(pts, w, 0, far)
	split(pts, w, far, last)
}

// farthest returns the index of the vertex farthest from the first one.
func farthest(pts []grid.Point) int {
	best, at := int64(-1), 0
	for i, p := range pts {
		dx, dy := int64(p.X-pts[0].X), int64(p.Y-pts[0].Y)
		if d := dx*dx + dy*dy; d > best {
			best, at = d, i
		}
	}
	return at
}

// split weighs the vertices between lo and hi.
func split(pts []grid.Point, w []float32, lo, hi int) {
	type span struct {
		lo, hi int
		limit  float32
	}
	stack := []span{{lo, hi, float32(math.MaxFloat32)}}
	for len(stack) > 0 {
		s := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if s.hi-s.lo < 2 {
			continue
		}
		at, d2 := deviation(pts, s.lo, s.hi)
		d := min(s.limit, float32(math.Sqrt(d2)))
		w[at] = d
		stack = append(stack, span{s.lo, at, d}, span{at, s.hi, d})
	}
}

// deviation returns which vertex strictly between lo and hi is farthest from
// the segment lo–hi, and the square of its distance.
func deviation(pts []grid.Point, lo, hi int) (at int, d2 float64) {
	a, b := pts[lo], pts[hi]
	ax, ay := float64(a.X), float64(a.Y)
	dx, dy := float64(b.X)-ax, float64(b.Y)-ay
	inv := 0.0
	if l := dx*dx + dy*dy; l > 0 {
		inv = 1 / l
	}
	at, d2 = lo+1, -1
	for i := lo + 1; i < hi; i++ {
		px, py := float64(pts[i].X)-ax, float64(pts[i].Y)-ay
		t := (px*dx + py*dy) * inv
		var d float64
		switch {
		case t <= 0:
			d = px*px + py*py
		case t >= 1:
			ex, ey := px-dx, py-dy
			d = ex*ex + ey*ey
		default:
			c := px*dy - py*dx
			d = c * c * inv
		}
		if d > d2 {
			at, d2 = i, d
		}
	}
	return at, d2
}
