package ingest

import (
	"math"
	"sort"

	"github.com/paulmach/orb"
)

// ringFinder finds the ring around another.
type ringFinder struct {
	rings []orb.Ring
	boxes []ringBox // by area
}

type ringBox struct {
	bound orb.Bound
	area  float64
	ring  int
}

// newRingFinder takes closed rings; it keeps but does not modify them.
func newRingFinder(rings []orb.Ring) *ringFinder {
	f := &ringFinder{rings: rings, boxes: make([]ringBox, len(rings))}
	for i, r := range rings {
		f.boxes[i] = ringBox{bound: r.Bound(), area: math.Abs(ringArea(r)), ring: i}
	}
	// Smallest first: the first hit is the innermost ring.
	sort.SliceStable(f.boxes, func(a, b int) bool { return f.boxes[a].area < f.boxes[b].area })
	return f
}

// around returns the index of the smallest ring around r, -1 if there is
// none.
func (f *ringFinder) around(r orb.Ring) int {
	b, area := r.Bound(), math.Abs(ringArea(r))
	first := sort.Search(len(f.boxes), func(i int) bool { return f.boxes[i].area >= area })
	for _, box := range f.boxes[first:] {
		if box.bound.Min[0] <= b.Min[0] && box.bound.Max[0] >= b.Max[0] &&
			box.bound.Min[1] <= b.Min[1] && box.bound.Max[1] >= b.Max[1] &&
			contains(f.rings[box.ring], r) {
			return box.ring
		}
	}
	return -1
}

// contains tells whether inner lies in outer, given that they do not cross.
func contains(outer, inner orb.Ring) bool {
	for _, p := range inner {
		switch locate(outer, p) {
		case 1:
			return true
		case -1:
			return false
		}
	}
	return true // every vertex is on the outer ring
}

// locate returns 1 if p is inside r, 0 if on it and -1 if outside.
func locate(r orb.Ring, p orb.Point) int {
	inside := -1
	for i := 1; i < len(r); i++ {
		a, b := r[i-1], r[i]
		if a[1] > b[1] {
			a, b = b, a
		}
		if p[1] < a[1] || p[1] > b[1] {
			continue
		}
		side := cross(a, b, p)
		if side == 0 && p[0] >= math.Min(a[0], b[0]) && p[0] <= math.Max(a[0], b[0]) {
			return 0
		}
		if p[1] != b[1] && side > 0 { // p is left of an edge that reaches over it
			inside = -inside
		}
	}
	return inside
}
