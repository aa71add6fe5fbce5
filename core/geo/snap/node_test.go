package snap

import (
	"errors"
	"math"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/shapes-desktop/shapes/core/geo/grid"
)

// crossingOf is the pixel of the point where two segments cross, in rationals.
func crossingOf(s, o [2]grid.Point, shift uint) grid.Point {
	rat := func(v int32) *big.Rat { return new(big.Rat).SetInt64(int64(v)) }
	along := func(a, b int32, t *big.Rat) *big.Rat {
		d := rat(b - a)
		return d.Add(d.Mul(d, t), rat(a))
	}
	// s(t) is on the line of o where the cross product, linear in t, is 0.
	c0, c1 := grid.Cross(o[0], o[1], s[0]), grid.Cross(o[0], o[1], s[1])
	t := big.NewRat(c0, c0-c1)
	return grid.Point{X: nearest(along(s[0].X, s[1].X, t), shift), Y: nearest(along(s[0].Y, s[1].Y, t), shift)}
}

func properly(s, o [2]grid.Point) bool {
	opposite := func(a, b int64) bool { return a > 0 && b < 0 || a < 0 && b > 0 }
	return opposite(grid.Cross(s[0], s[1], o[0]), grid.Cross(s[0], s[1], o[1])) &&
		opposite(grid.Cross(o[0], o[1], s[0]), grid.Cross(o[0], o[1], s[1]))
}

// Node finds every crossing, goes through it, and leaves planar line work.
func TestNode(t *testing.T) {
	var r Rounder
	var out grid.Chains
	rapid.Check(t, func(t *rapid.T) {
		shift := rapid.UintRange(0, 4).Draw(t, "shift")
		span := rapid.SampledFrom([]int32{6, 30, 1000}).Draw(t, "span")
		in := drawPile(t, span).crossing(rapid.IntRange(0, 6).Draw(t, "chains"))
		found, _ := r.Node(in, shift, &out)
		hot := hotPixels(in, shift)
		segs := segments(in)
		var want []grid.Point
		for i, s := range segs {
			for _, o := range segs[i+1:] {
				if properly(s, o) {
					want = append(want, crossingOf(s, o, shift))
					hot[want[len(want)-1]] = true
				}
			}
		}
		if len(found) != len(want) {
			t.Fatalf("%d crossings found, want %d", len(found), len(want))
		}
		for i, x := range found {
			if x.At != want[i] {
				t.Fatalf("crossing %d at %v, want %v", i, x.At, want[i])
			}
			for _, chain := range [2]int32{x.A, x.B} {
				if !slices.Contains(out.At(int(chain)), x.At) {
					t.Fatalf("chain %d does not go through its crossing at %v", chain, x.At)
				}
			}
		}
		for i := range in.Len() {
			if route := routeOf(in.At(i), hot, shift); !slices.Equal(out.At(i), route) {
				t.Fatalf("shift %d: %v became %v, want %v", shift, in.At(i), out.At(i), route)
			}
		}
		if pair, yes := tangled(&out); yes {
			t.Fatalf("%v and %v meet inside", pair[0], pair[1])
		}
	})
}

// Crossings of segments as long as the world, exact to the unit.
func TestNodeAtFullSize(t *testing.T) {
	var r Rounder
	var out grid.Chains
	rapid.Check(t, func(t *rapid.T) {
		coord := rapid.OneOf(rapid.Int32Range(0, grid.Size), rapid.SampledFrom([]int32{0, 1, grid.Size - 1, grid.Size}))
		var in grid.Chains
		in.Reset()
		for range 2 {
			for range 2 {
				in.Pts = append(in.Pts, grid.Point{X: coord.Draw(t, "x"), Y: coord.Draw(t, "y")})
			}
			in.End()
		}
		s, o := [2]grid.Point(in.Pts[:2]), [2]grid.Point(in.Pts[2:])
		for _, shift := range []uint{0, 18} {
			found, _ := r.Node(&in, shift, &out)
			if !properly(s, o) {
				if len(found) > 0 {
					t.Fatalf("%v and %v do not cross", s, o)
				}
				continue
			}
			if want := crossingOf(s, o, shift); len(found) != 1 || found[0].At != want {
				t.Fatalf("%v and %v cross at %v, want %v", s, o, found, want)
			}
		}
	})
}

// A vertex on another chain's segment (T) and a crossing (X).
//
//	a──T──X──c
//	   │  │
//	   b  d
func TestNodeTeeAndCross(t *testing.T) {
	var in, out grid.Chains
	in.Reset()
	for _, chain := range [][]grid.Point{
		{{X: 0, Y: 4}, {X: 12, Y: 4}},
		{{X: 4, Y: 0}, {X: 4, Y: 4}},
		{{X: 8, Y: 0}, {X: 8, Y: 8}},
	} {
		in.Pts = append(in.Pts, chain...)
		in.End()
	}
	var r Rounder
	found, _ := r.Node(&in, 0, &out)
	if want := (Crossing{0, 2, grid.Point{X: 8, Y: 4}}); len(found) != 1 || found[0] != want {
		t.Errorf("crossings %v, want %v", found, want)
	}
	want := []grid.Point{{X: 0, Y: 4}, {X: 4, Y: 4}, {X: 8, Y: 4}, {X: 12, Y: 4}}
	if !slices.Equal(out.At(0), want) {
		t.Errorf("%v, want %v", out.At(0), want)
	}
	if !slices.Equal(out.At(1), in.At(1)) || len(out.At(2)) != 3 {
		t.Errorf("other chains: %v, %v", out.At(1), out.At(2))
	}
}

// Closed chains stay closed, and one that fits in a pixel becomes a point.
func TestClosedChains(t *testing.T) {
	var in, out grid.Chains
	in.Reset()
	in.Pts = append(in.Pts, grid.Point{X: 17, Y: 17}, grid.Point{X: 18, Y: 17}, grid.Point{X: 18, Y: 18}, grid.Point{X: 17, Y: 17})
	in.End()
	in.Pts = append(in.Pts, grid.Point{}, grid.Point{X: 64}, grid.Point{X: 64, Y: 64}, grid.Point{})
	in.End()
	var r Rounder
	r.Round(&in, 4, Lines{}, &out)
	if got := out.At(0); len(got) != 1 || got[0] != (grid.Point{X: 1, Y: 1}) {
		t.Errorf("the small one: %v", got)
	}
	// The large one's diagonal is bent through the small one's pixel.
	if got, want := out.At(1), []grid.Point{{}, {X: 4}, {X: 4, Y: 4}, {X: 1, Y: 1}, {}}; !slices.Equal(got, want) {
		t.Errorf("the large one: %v, want %v", got, want)
	}
}

// A star of n chords has n²/2 crossings: what is no map is refused early.
func TestNodeRefusesATangle(t *testing.T) {
	var in, out grid.Chains
	in.Reset()
	const n = 1501 // odd, so that steps of n/2 visit every point of the circle
	for i := range n + 1 {
		a := 2 * math.Pi * float64(i*(n/2)%n) / n
		in.Pts = append(in.Pts, grid.Point{X: int32(1<<20 + 1e6*math.Cos(a)), Y: int32(1<<20 + 1e6*math.Sin(a))})
	}
	in.End()
	var r Rounder
	if _, err := r.Node(&in, 4, &out); !errors.Is(err, ErrTangled) {
		t.Errorf("got %v", err)
	}
}
