package spatial

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"
)

// Tree finds boxes by place. Its zero value is ready. Any number of goroutines
// may ask at once, as long as none changes it.
type Tree[T comparable] struct {
	t rtree.RTreeG[T]
}

// Insert puts value into the tree, with its bounds in degrees. Bounds do not go
// across the antimeridian: what does is inserted once for each side. A box that
// is not made of numbers, or is empty, is not inserted, and Insert reports
// false.
func (t *Tree[T]) Insert(b orb.Bound, value T) bool {
	if !(b.Min[0] <= b.Max[0] && b.Min[1] <= b.Max[1]) {
		return false
	}
	t.t.Insert(b.Min, b.Max, value)
	return true
}

// Delete takes out one entry that was inserted with these bounds and value.
func (t *Tree[T]) Delete(b orb.Bound, value T) { t.t.Delete(b.Min, b.Max, value) }

// Len returns how many entries there are.
func (t *Tree[T]) Len() int { return t.t.Len() }

// Each calls fn with every entry whose box shares a point with b, until fn
// returns false: in an order that depends on the insertions, each entry once.
// b may go across the antimeridian, see Ranges.
func (t *Tree[T]) Each(b orb.Bound, fn func(orb.Bound, T) bool) {
	if !(b.Min[1] <= b.Max[1]) {
		return
	}
	parts := spans(b)
	for i, s := range parts {
		more := true
		t.t.Search([2]float64{s[0], b.Min[1]}, [2]float64{s[1], b.Max[1]}, func(lo, hi [2]float64, value T) bool {
			if i > 0 && lo[0] <= parts[0][1] { // reaches into the first part: told already
				return true
			}
			more = fn(orb.Bound{Min: lo, Max: hi}, value)
			return more
		})
		if !more {
			return
		}
	}
}

// Near is an entry and how far it is.
type Near[T comparable] struct {
	Value    T
	Bounds   orb.Bound
	Distance float64 // degrees, in the plane of longitude and latitude; 0 inside
}

// Nearest returns the n entries whose boxes are nearest to p, the nearest
// first. The short way round the Earth counts; degrees of longitude count as
// those of latitude, so that far from the equator it is a choice of candidates
// to measure. Entries that are equally far come by compare, which orders
// values.
func (t *Tree[T]) Nearest(p orb.Point, n int, compare func(a, b T) int) []Near[T] {
	var out []Near[T]
	if n <= 0 {
		return nil
	}
	t.t.Nearby(
		func(lo, hi [2]float64, _ T, _ bool) float64 { return away(p, lo, hi) },
		func(lo, hi [2]float64, value T, d float64) bool {
			// Those as far as the last must all be seen, to choose among them.
			if len(out) >= n && d > out[n-1].Distance {
				return false
			}
			out = append(out, Near[T]{value, orb.Bound{Min: lo, Max: hi}, d})
			return true
		})
	slices.SortStableFunc(out, func(a, b Near[T]) int {
		return cmp.Or(cmp.Compare(a.Distance, b.Distance), compare(a.Value, b.Value))
	})
	return out[:min(n, len(out))]
}

// away is the distance from p to a box, the short way round.
func away(p orb.Point, lo, hi [2]float64) float64 {
	dx := max(0, lo[0]-p[0], p[0]-hi[0])
	dx = min(dx, max(0, lo[0]+360-p[0]), max(0, p[0]-hi[0]+360))
	return math.Hypot(dx, max(0, lo[1]-p[1], p[1]-hi[1]))
}
