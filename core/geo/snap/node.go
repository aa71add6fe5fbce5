package snap

import (
	"cmp"
	"errors"
	"math/big"
	"slices"

	"github.com/shapes-desktop/shapes/core/geo/grid"
	"github.com/shapes-desktop/shapes/core/geo/spatial"
)

// Node is Round for line work that may cross itself: crossings become
// vertices of both segments. It returns them, one entry for each pair of
// segments, in the order of the chains; the slice is valid until the next call.
//
// After it no two chains of out cross, save at common vertices.
//
// It gives up with ErrTangled at more crossings than any map has: their number
// can grow with the square of the input's. It returns one of them then.
func (r *Rounder) Node(in *grid.Chains, shift uint, out *grid.Chains) ([]Crossing, error) {
	r.start(in, shift)
	for i := range in.Len() {
		for _, p := range in.At(i) {
			if r.stop() {
				return nil, nil
			}
			r.heat(r.pixel(p))
		}
	}
	if !r.cross(in) {
		return nil, nil
	}
	if len(r.found) > maxCrossings(in) {
		return r.found[:1], ErrTangled
	}
	for _, x := range r.found {
		r.heat(x.At)
	}
	r.route(in, out)
	return r.found, nil
}

// ErrTangled says that lines cross each other all over.
var ErrTangled = errors.New("the borders cross each other more often than they have vertices")

// maxCrossings is far above what overlapping boundary files have.
func maxCrossings(in *grid.Chains) int { return 4*len(in.Pts) + 10_000 }

// cross finds all pairs of segments that cross properly; false if stopped.
func (r *Rounder) cross(in *grid.Chains) bool {
	r.found = r.found[:0]
	var cells spatial.Cells
	width := r.width + r.shift
	cells.Reset(width, len(in.Pts))
	chainOf := make([]int32, 0, len(in.Pts)) // of segment j: Pts[j]–Pts[j+1]
	for i := range in.Len() {
		pts := in.At(i)
		for j := range pts {
			if r.stop() {
				return false
			}
			chainOf = append(chainOf, int32(i))
			if j+1 < len(pts) {
				n := in.Start[i] + int32(j)
				spatial.Cover(pts[j], pts[j+1], width, 0, func(cx, cy int32) { cells.AddCell(cx, cy, n) })
			}
		}
	}
	seen := map[[2]int32]bool{}
	stopped := false
	cells.Each(func(first int32) {
		for e := first; e >= 0 && !stopped && len(r.found) <= maxCrossings(in); e = cells.Next(e) {
			stopped = r.stop()
			s := cells.Item(e)
			a, b := in.Pts[s], in.Pts[s+1]
			box := grid.EmptyBox().Add(a).Add(b)
			for f := cells.Next(e); f >= 0; f = cells.Next(f) {
				t := cells.Item(f)
				c, d := in.Pts[t], in.Pts[t+1]
				if !box.Intersects(grid.EmptyBox().Add(c).Add(d)) || !crosses(a, b, c, d) {
					continue
				}
				pair := [2]int32{min(s, t), max(s, t)}
				if !seen[pair] {
					if len(r.found) > maxCrossings(in) {
						return
					}
					seen[pair] = true
					r.found = append(r.found, Crossing{pair[0], pair[1], r.crossing(a, b, c, d)})
				}
			}
		}
	})
	sortCrossings(r.found)
	for i := range r.found {
		r.found[i].A, r.found[i].B = chainOf[r.found[i].A], chainOf[r.found[i].B]
	}
	return !stopped
}

// sortCrossings orders by segments, so that no order of a hash table shows.
func sortCrossings(xs []Crossing) {
	slices.SortFunc(xs, func(p, q Crossing) int {
		return cmp.Or(cmp.Compare(p.A, q.A), cmp.Compare(p.B, q.B))
	})
}

// crosses reports whether the interiors of a–b and c–d meet in one point.
func crosses(a, b, c, d grid.Point) bool {
	if a == c || a == d || b == c || b == d {
		return false
	}
	o1, o2 := grid.Cross(a, b, c), grid.Cross(a, b, d)
	if o1 == 0 || o2 == 0 || (o1 > 0) == (o2 > 0) {
		return false
	}
	o3, o4 := grid.Cross(c, d, a), grid.Cross(c, d, b)
	return o3 != 0 && o4 != 0 && (o3 > 0) != (o4 > 0)
}

// crossing returns the pixel that holds the point where the lines a–b and c–d
// meet. Exact: the product of three differences does not fit a word.
func (r *Rounder) crossing(a, b, c, d grid.Point) grid.Point {
	num := big.NewInt(grid.Cross(c, d, a))
	den := big.NewInt(grid.Cross(c, d, a) - grid.Cross(c, d, b))
	along := func(u, v int32) int32 {
		// Doubled, as half a pixel is no whole unit where pixels are units.
		n := new(big.Int).Mul(num, big.NewInt(2*int64(v-u)))
		n.Add(n, new(big.Int).Mul(big.NewInt(2*int64(u)+1<<r.shift), den))
		m := new(big.Int).Lsh(den, r.shift+1)
		if m.Sign() < 0 {
			m.Neg(m)
			n.Neg(n)
		}
		return int32(n.Div(n, m).Int64()) // Euclidean: floor, as m > 0
	}
	return grid.Point{X: along(a.X, b.X), Y: along(a.Y, b.Y)}
}
