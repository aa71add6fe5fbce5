// Package label finds where to write the name of an area: its pole of
// inaccessibility, the point inside that is farthest from the border.
//
// It is found by quartering squares, the most promising first, as V. Agafonkin
// described in "A new algorithm for finding a visual center of a polygon"
// (2016).
package label

import (
	"container/heap"
	"math"

	"github.com/shapes-desktop/shapes/core/geo/grid"
)

// Pole returns the pole of inaccessibility of an exterior and its holes, and
// its distance from the border, to within precision (all in the rings' units).
// Rings do not repeat their first point. It does not depend on where a ring
// starts.
func Pole(rings [][]grid.Point, precision float64) (grid.Point, float64) {
	if len(rings) == 0 || len(rings[0]) == 0 {
		return grid.Point{}, 0
	}
	box := grid.BoxOf(rings[0])
	w, h := float64(box.MaxX-box.MinX), float64(box.MaxY-box.MinY)
	size := math.Max(math.Min(w, h), 1)
	q := &cells{}
	for x := float64(box.MinX); x < float64(box.MaxX); x += size {
		for y := float64(box.MinY); y < float64(box.MaxY); y += size {
			q.push(rings, x+size/2, y+size/2, size/2)
		}
	}
	best := newCell(rings, float64(box.MinX)+w/2, float64(box.MinY)+h/2, 0)
	for q.Len() > 0 {
		c := heap.Pop(q).(cell)
		if c.dist > best.dist {
			best = c
		}
		if c.most-best.dist <= precision {
			break // the heap gives the most promising first
		}
		half := c.half / 2
		for _, d := range [4][2]float64{{-1, -1}, {1, -1}, {-1, 1}, {1, 1}} {
			q.push(rings, c.x+d[0]*half, c.y+d[1]*half, half)
		}
	}
	return grid.Point{X: int32(math.Round(best.x)), Y: int32(math.Round(best.y))}, math.Max(best.dist, 0)
}

// cell is a square with the distance of its middle from the border (negative
// outside) and the most that any point of it can have.
type cell struct{ x, y, half, dist, most float64 }

func newCell(rings [][]grid.Point, x, y, half float64) cell {
	d := distance(rings, x, y)
	return cell{x, y, half, d, d + half*math.Sqrt2}
}

// distance returns how far x, y is from the border: positive inside.
func distance(rings [][]grid.Point, x, y float64) float64 {
	inside := false
	least := math.Inf(1)
	for _, ring := range rings {
		prev := ring[len(ring)-1]
		for _, p := range ring {
			ax, ay, bx, by := float64(prev.X), float64(prev.Y), float64(p.X), float64(p.Y)
			if (ay > y) != (by > y) && x < (bx-ax)*(y-ay)/(by-ay)+ax {
				inside = !inside
			}
			least = math.Min(least, toSegment(x, y, ax, ay, bx, by))
			prev = p
		}
	}
	if inside {
		return math.Sqrt(least)
	}
	return -math.Sqrt(least)
}

// toSegment returns the square of the distance of x, y from a segment.
func toSegment(x, y, ax, ay, bx, by float64) float64 {
	dx, dy := bx-ax, by-ay
	if l := dx*dx + dy*dy; l > 0 {
		t := math.Max(0, math.Min(1, ((x-ax)*dx+(y-ay)*dy)/l))
		ax, ay = ax+t*dx, ay+t*dy
	}
	return (x-ax)*(x-ax) + (y-ay)*(y-ay)
}

// cells is a heap, the most promising first.
type cells []cell

func (q *cells) push(rings [][]grid.Point, x, y, half float64) {
	heap.Push(q, newCell(rings, x, y, half))
}
func (q cells) Len() int { return len(q) }
func (q cells) Less(i, j int) bool {
	a, b := q[i], q[j]
	return a.most > b.most || a.most == b.most && (a.x < b.x || a.x == b.x && a.y < b.y)
}
func (q cells) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *cells) Push(x any)   { *q = append(*q, x.(cell)) }
func (q *cells) Pop() any {
	c := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return c
}
