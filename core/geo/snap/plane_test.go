package snap

import (
	"math/big"
	"math/rand/v2"
	"slices"

	"pgregory.net/rapid"

	"github.com/shapes-desktop/shapes/core/geo/grid"
)

// pile makes chains of random short segments on a small part of the grid,
// crossing each other or not.
type pile struct {
	rng    *rand.Rand
	origin grid.Point
	span   int32
}

func drawPile(t *rapid.T, span int32) *pile {
	at := rapid.SampledFrom([]int32{0, 12345, grid.Size - span}).Draw(t, "at")
	return &pile{rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1)), grid.Point{X: at, Y: at}, span}
}

func (p *pile) point() grid.Point {
	return grid.Point{X: p.origin.X + p.rng.Int32N(p.span+1), Y: p.origin.Y + p.rng.Int32N(p.span+1)}
}

// crossing returns n chains of one to three segments wherever they fall; some
// start where another one ends.
func (p *pile) crossing(n int) *grid.Chains {
	c := &grid.Chains{}
	c.Reset()
	for range n {
		at := p.point()
		if len(c.Pts) > 0 && p.rng.IntN(3) == 0 {
			at = c.Pts[p.rng.IntN(len(c.Pts))]
		}
		c.Pts = append(c.Pts, at)
		for range 1 + p.rng.IntN(3) {
			c.Pts = append(c.Pts, p.point())
		}
		c.End()
	}
	return c
}

// planar returns chains that meet at vertices only: of the pile's segments
// those that do not touch an earlier one elsewhere.
func (p *pile) planar(n int) *grid.Chains {
	c := &grid.Chains{}
	c.Reset()
	var have [][2]grid.Point
	fits := func(s [2]grid.Point) bool {
		return s[0] != s[1] && !slices.ContainsFunc(have, func(o [2]grid.Point) bool { return meetInside(s, o) })
	}
	for range n {
		at := p.point()
		if len(c.Pts) > 0 && p.rng.IntN(2) == 0 {
			at = c.Pts[p.rng.IntN(len(c.Pts))]
		}
		first := len(c.Pts)
		for range 8 {
			if s := [2]grid.Point{at, p.point()}; fits(s) {
				if have = append(have, s); len(c.Pts) == first {
					c.Pts = append(c.Pts, at)
				}
				at = s[1]
				c.Pts = append(c.Pts, at)
			}
		}
		if len(c.Pts) > first {
			c.End()
		}
	}
	return c
}

// segments returns all segments of the chains.
func segments(c *grid.Chains) [][2]grid.Point {
	var out [][2]grid.Point
	for i := range c.Len() {
		pts := c.At(i)
		for j := 1; j < len(pts); j++ {
			out = append(out, [2]grid.Point{pts[j-1], pts[j]})
		}
	}
	return out
}

// meetInside reports whether two segments have a point in common that is not
// an end of both, or an end of one inside the other.
func meetInside(s, o [2]grid.Point) bool {
	if s == o || s == [2]grid.Point{o[1], o[0]} {
		return true
	}
	inside := func(s [2]grid.Point, p grid.Point) bool {
		return p != s[0] && p != s[1] && grid.Cross(s[0], s[1], p) == 0 && grid.BoxOf(s[:]).Contains(p)
	}
	if inside(s, o[0]) || inside(s, o[1]) || inside(o, s[0]) || inside(o, s[1]) {
		return true
	}
	sides := func(s, o [2]grid.Point) bool {
		a, b := grid.Cross(s[0], s[1], o[0]), grid.Cross(s[0], s[1], o[1])
		return a > 0 && b < 0 || a < 0 && b > 0
	}
	return sides(s, o) && sides(o, s)
}

// tangled returns two different segments of the chains that meet elsewhere
// than at their ends, if there are any. Segments that are the same are fine:
// rounding has laid them on each other.
func tangled(c *grid.Chains) (pair [2][2]grid.Point, yes bool) {
	var distinct [][2]grid.Point
	seen := map[[2]grid.Point]bool{}
	for _, s := range segments(c) {
		if s[1].Less(s[0]) {
			s[0], s[1] = s[1], s[0]
		}
		if !seen[s] {
			seen[s] = true
			distinct = append(distinct, s)
		}
	}
	for i, s := range distinct {
		for _, o := range distinct[:i] {
			if meetInside(s, o) {
				return [2][2]grid.Point{s, o}, true
			}
		}
	}
	return pair, false
}

// nearest is the pixel that holds a coordinate, in rationals: the integer n
// with n - 1/2 <= v / 2^shift < n + 1/2.
func nearest(v *big.Rat, shift uint) int32 {
	q := new(big.Rat).Quo(v, new(big.Rat).SetInt64(1<<shift))
	q.Add(q, big.NewRat(1, 2))
	return int32(new(big.Int).Div(q.Num(), q.Denom()).Int64()) // floor, as Denom > 0
}

func pixelOf(p grid.Point, shift uint) grid.Point {
	return grid.Point{X: nearest(new(big.Rat).SetInt64(int64(p.X)), shift), Y: nearest(new(big.Rat).SetInt64(int64(p.Y)), shift)}
}

// enters returns where on the way from a to b (0 … 1) the segment first comes
// into the half-open pixel around h, and whether it has a point there at all.
func enters(a, b, h grid.Point, shift uint) (*big.Rat, bool) {
	lo, hi := new(big.Rat), big.NewRat(1, 1)
	loOpen, hiOpen := false, false // whether the ends lo and hi are left out
	for _, d := range [2][3]int64{{int64(a.X), int64(b.X), int64(h.X)}, {int64(a.Y), int64(b.Y), int64(h.Y)}} {
		from := big.NewRat((2*d[2]-1)<<shift, 2) // owned
		to := big.NewRat((2*d[2]+1)<<shift, 2)   // not owned
		start, run := new(big.Rat).SetInt64(d[0]), new(big.Rat).SetInt64(d[1]-d[0])
		if run.Sign() == 0 {
			if start.Cmp(from) < 0 || start.Cmp(to) >= 0 {
				return nil, false
			}
			continue
		}
		t0 := new(big.Rat).Quo(from.Sub(from, start), run)
		t1 := new(big.Rat).Quo(to.Sub(to, start), run)
		open0, open1 := false, true
		if run.Sign() < 0 {
			t0, t1, open0, open1 = t1, t0, open1, open0
		}
		if c := t0.Cmp(lo); c > 0 || c == 0 && open0 {
			lo, loOpen = t0, open0
		}
		if c := t1.Cmp(hi); c < 0 || c == 0 && open1 {
			hi, hiOpen = t1, open1
		}
	}
	c := lo.Cmp(hi)
	return lo, c < 0 || c == 0 && !loOpen && !hiOpen
}

// routeOf is the way of a chain through the hot pixels, by the definition.
func routeOf(pts []grid.Point, hot map[grid.Point]bool, shift uint) []grid.Point {
	type stop struct {
		at *big.Rat
		p  grid.Point
	}
	out := []grid.Point{pixelOf(pts[0], shift)}
	for j := 1; j < len(pts); j++ {
		var stops []stop
		for h := range hot {
			if at, ok := enters(pts[j-1], pts[j], h, shift); ok {
				stops = append(stops, stop{at, h})
			}
		}
		// A pixel is left where the next one is entered; one that is entered
		// through its open side comes after one that owns that point.
		slices.SortFunc(stops, func(p, q stop) int {
			if c := p.at.Cmp(q.at); c != 0 {
				return c
			}
			sx, sy := sign(pts[j].X-pts[j-1].X), sign(pts[j].Y-pts[j-1].Y)
			return int(sx*int64(p.p.X-q.p.X) + sy*int64(p.p.Y-q.p.Y))
		})
		for _, s := range stops {
			if s.p != out[len(out)-1] {
				out = append(out, s.p)
			}
		}
	}
	return out
}
