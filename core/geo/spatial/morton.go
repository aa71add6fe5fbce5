package spatial

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// Morton returns the place of a position (degrees) on the Z-order curve. The
// world, −180 … 180 by −90 … 90, is 2^32 by 2^32 cells (9.3 mm wide at the
// equator, 4.7 mm high); bit 2i of the code is bit i of the cell's column,
// counted from the west, and bit 2i+1 that of its row, counted from the south.
// Positions beyond the world are in its outermost cells, and so is the world's
// east and north border; what is not a number counts as the least.
func Morton(p orb.Point) uint64 {
	return spread(cellOf(p[0], 180))&even | spread(cellOf(p[1], 90))<<1
}

// cellOf is the column or row of a coordinate within ±limit.
func cellOf(v, limit float64) uint32 {
	v = (v + limit) / (2 * limit) * (1 << 32)
	switch {
	case v >= math.MaxUint32:
		return math.MaxUint32
	case v > 0:
		return uint32(v)
	default: // not a number too
		return 0
	}
}

// even is the bits of a code that hold the column.
const even = 0x5555555555555555

// spread moves bit i of v to bit 2i.
func spread(v uint32) uint64 {
	x := uint64(v)
	x = (x | x<<16) & 0x0000FFFF0000FFFF
	x = (x | x<<8) & 0x00FF00FF00FF00FF
	x = (x | x<<4) & 0x0F0F0F0F0F0F0F0F
	x = (x | x<<2) & 0x3333333333333333
	return (x | x<<1) & even
}

// Range is codes from First to Last, both included.
type Range struct{ First, Last uint64 }

// Ranges returns at most n ranges (at least one) of Morton codes, ascending and
// apart, that together hold every position in b and on its border. They hold
// positions beside it too, the fewer the greater n is: 8 to 32 are a good
// choice. Look at what is found, and keep what Within says.
//
// A b whose west is greater than its east goes across the antimeridian, as in
// RFC 7946 (5.2). One whose south is greater than its north is empty and has no
// range.
func Ranges(b orb.Bound, n int) []Range {
	n = max(1, n)
	if b.Min[1] > b.Max[1] {
		return nil
	}
	d := descent{most: 4 * n} // to choose from when gaps are filled
	d.south, d.north = cellOf(b.Min[1], 90), cellOf(b.Max[1], 90)
	for _, span := range spans(b) {
		d.west, d.east = cellOf(span[0], 180), cellOf(span[1], 180)
		d.run()
	}
	return fuse(d.found, n)
}

// spans are the longitudes of b, from west to east: two pairs if it goes
// across the antimeridian.
func spans(b orb.Bound) [][2]float64 {
	if b.Min[0] > b.Max[0] {
		return [][2]float64{{-180, b.Max[0]}, {b.Min[0], 180}}
	}
	return [][2]float64{{b.Min[0], b.Max[0]}}
}

// Within reports whether p lies in b or on its border; b may go across the
// antimeridian.
func Within(b orb.Bound, p orb.Point) bool {
	if p[1] < b.Min[1] || p[1] > b.Max[1] {
		return false
	}
	for _, s := range spans(b) {
		if s[0] <= p[0] && p[0] <= s[1] {
			return true
		}
	}
	return false
}

// descent goes down the quadtree whose quarters are contiguous codes, level by
// level, and splits those that the box holds in part.
type descent struct {
	west, south, east, north uint32 // cells, both included
	most                     int    // ranges to stop at
	found                    []Range
}

// quad is a square of 2^level cells a side.
type quad struct {
	x, y  uint32 // its first column and row
	level uint
}

func (d *descent) run() {
	before := len(d.found)
	open := []quad{{level: 32}}
	for len(open) > 0 {
		var next []quad
		for _, q := range open {
			for i := range uint32(4) {
				part := q.quarter(i)
				switch {
				case !d.meets(part):
				case d.holds(part):
					d.found = append(d.found, part.codes())
				default:
					next = append(next, part)
				}
			}
		}
		if len(d.found)-before+len(next) > d.most {
			for _, q := range next {
				d.found = append(d.found, q.codes())
			}
			return
		}
		open = next
	}
}

// quarter i of q: bit 0 is east, bit 1 north.
func (q quad) quarter(i uint32) quad {
	half := uint32(1) << (q.level - 1)
	return quad{q.x + half*(i&1), q.y + half*(i>>1), q.level - 1}
}

// last returns the last column or row of a side that begins at v.
func (q quad) last(v uint32) uint32 { return v + uint32(1<<q.level-1) }

func (d *descent) meets(q quad) bool {
	return q.x <= d.east && d.west <= q.last(q.x) && q.y <= d.north && d.south <= q.last(q.y)
}

func (d *descent) holds(q quad) bool {
	return d.west <= q.x && q.last(q.x) <= d.east && d.south <= q.y && q.last(q.y) <= d.north
}

func (q quad) codes() Range {
	first := spread(q.x) | spread(q.y)<<1
	return Range{first, first + (1<<(2*q.level) - 1)}
}

// fuse sorts ranges, joins those that touch, and fills the smallest gaps until
// at most n are left. It works in rs.
func fuse(rs []Range, n int) []Range {
	slices.SortFunc(rs, func(a, b Range) int { return cmp.Compare(a.First, b.First) })
	rs = join(rs, func(_ int, gap uint64) bool { return gap <= 1 })
	if len(rs) <= n {
		return rs
	}
	order := make([]int, len(rs)-1) // of the gaps before rs[i+1]: the widest first
	gap := func(i int) uint64 { return rs[i+1].First - rs[i].Last }
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(gap(b), gap(a)) })
	kept := make([]bool, len(rs))
	for _, i := range order[:n-1] {
		kept[i+1] = true
	}
	return join(rs, func(i int, _ uint64) bool { return !kept[i] })
}

// join joins each range with the one before if fill says so; gap is how far
// its first code is from the last before, 0 if it is not beyond. It works in rs.
func join(rs []Range, fill func(i int, gap uint64) bool) []Range {
	out := rs[:0]
	for i, r := range rs {
		if k := len(out) - 1; k >= 0 && fill(i, r.First-min(r.First, out[k].Last)) {
			out[k].Last = max(out[k].Last, r.Last)
		} else {
			out = append(out, r)
		}
	}
	return out
}
