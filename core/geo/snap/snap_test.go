package snap

import (
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/shapes-desktop/shapes/core/geo/grid"
)

// hotPixels is the pixels that hold a vertex.
func hotPixels(c *grid.Chains, shift uint) map[grid.Point]bool {
	hot := map[grid.Point]bool{}
	for _, p := range c.Pts {
		hot[pixelOf(p, shift)] = true
	}
	return hot
}

// The half-open pixel against rationals: every pixel that the segment's ends
// span, corners and edges included, at shifts where a unit is a pixel and
// where it is a fraction.
func TestPassesIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shift := rapid.UintRange(0, 4).Draw(t, "shift")
		span := int32(5) << shift
		origin := rapid.SampledFrom([]int32{0, grid.Size - span}).Draw(t, "origin")
		coord := rapid.Int32Range(origin, origin+span)
		a := grid.Point{X: coord.Draw(t, "ax"), Y: coord.Draw(t, "ay")}
		b := grid.Point{X: coord.Draw(t, "bx"), Y: coord.Draw(t, "by")}
		s := newSegment(a, b, shift)
		box := grid.EmptyBox().Add(pixelOf(a, shift)).Add(pixelOf(b, shift))
		for x := box.MinX; x <= box.MaxX; x++ {
			for y := box.MinY; y <= box.MaxY; y++ {
				h := grid.Point{X: x, Y: y}
				if _, want := enters(a, b, h, shift); s.passes(h) != want {
					t.Fatalf("%v–%v passes pixel %v at shift %d: %v, want %v", a, b, h, shift, !want, want)
				}
			}
		}
	})
}

// Each pixel owns its left and upper edge. At shift 2 the pixel 4 holds the
// points 2, 3, 4, 5 of the fine grid: the corner that all four have in common,
// (2, 2), is pixel 4's.
//
//	┌───┬───┐
//	│ 1 │ 2 │
//	├───●───┤
//	│ 3 │ 4 │
//	└───┴───┘
func TestPixelsOwnTheirUpperLeftCorner(t *testing.T) {
	var r Rounder
	r.start(&grid.Chains{}, 2)
	for _, c := range []struct{ p, want grid.Point }{
		{grid.Point{X: 2, Y: 2}, grid.Point{X: 1, Y: 1}},
		{grid.Point{X: 1, Y: 2}, grid.Point{X: 0, Y: 1}},
		{grid.Point{X: 2, Y: 1}, grid.Point{X: 1, Y: 0}},
		{grid.Point{X: 5, Y: 5}, grid.Point{X: 1, Y: 1}},
		{grid.Point{X: grid.Size, Y: 0}, grid.Point{X: grid.Size / 4, Y: 0}},
	} {
		if got := r.pixel(c.p); got != c.want {
			t.Errorf("%v: %v, want %v", c.p, got, c.want)
		}
	}
	// Diagonals through the corner (2, 2): the falling one passes from 1 to 4,
	// the rising one belongs to 4 for that one point.
	falling := newSegment(grid.Point{X: 0, Y: 0}, grid.Point{X: 4, Y: 4}, 2)
	rising := newSegment(grid.Point{X: 0, Y: 4}, grid.Point{X: 4, Y: 0}, 2)
	for i, h := range []grid.Point{{X: 0, Y: 0}, {X: 1, Y: 0}, {X: 0, Y: 1}, {X: 1, Y: 1}} {
		if got, want := falling.passes(h), i == 0 || i == 3; got != want {
			t.Errorf("falling passes %d: %v", i+1, got)
		}
		if got := rising.passes(h); got != (i > 0) {
			t.Errorf("rising passes %d: %v", i+1, got)
		}
	}
}

// Round does what snap rounding is by definition, and leaves planar line work
// planar.
func TestRound(t *testing.T) {
	var r Rounder
	var out grid.Chains
	rapid.Check(t, func(t *rapid.T) {
		shift := rapid.UintRange(0, 5).Draw(t, "shift")
		in := drawPile(t, rapid.SampledFrom([]int32{8, 40, 200}).Draw(t, "span")).planar(rapid.IntRange(1, 5).Draw(t, "chains"))
		r.Round(in, shift, Lines{}, &out)
		if out.Len() != in.Len() {
			t.Fatalf("%d chains from %d", out.Len(), in.Len())
		}
		hot := hotPixels(in, shift)
		for i := range in.Len() {
			if want := routeOf(in.At(i), hot, shift); !slices.Equal(out.At(i), want) {
				t.Fatalf("shift %d: %v became %v, want %v", shift, in.At(i), out.At(i), want)
			}
		}
		if pair, yes := tangled(&out); yes {
			t.Fatalf("%v and %v meet inside", pair[0], pair[1])
		}
	})
}

// Rounding again may bend an edge that came to run by a vertex (vertices move
// by half a unit, edges with them), but adds no vertices elsewhere, keeps the
// work planar and soon comes to rest.
func TestRoundAgainComesToRest(t *testing.T) {
	var r Rounder
	rapid.Check(t, func(t *rapid.T) {
		in := drawPile(t, 60).planar(4)
		var now, again grid.Chains
		r.Round(in, 2, Lines{}, &now)
		for n := 0; ; n++ {
			r.Round(&now, 0, Lines{}, &again)
			if pair, yes := tangled(&again); yes {
				t.Fatalf("%v and %v meet inside", pair[0], pair[1])
			}
			for p := range hotPixels(&again, 0) {
				if !hotPixels(&now, 0)[p] {
					t.Fatalf("new vertex %v", p)
				}
			}
			if slices.Equal(now.Pts, again.Pts) {
				return
			}
			if n > 10 {
				t.Fatal("still moving after ten rounds")
			}
			now, again = again, grid.Chains{}
		}
	})
}

// drawLines makes a family of lines over a plane of that width.
func drawLines(t *rapid.T, width int32) Lines {
	step := rapid.Int32Range(4, 12).Draw(t, "step")
	return Lines{Step: step, Margin: rapid.Int32Range(0, 3).Draw(t, "margin"), Count: width/step + 2}
}

func (l Lines) all() map[int32]bool {
	out := map[int32]bool{}
	for k := int32(1); k < l.Count; k++ {
		out[k*l.Step-l.Margin], out[k*l.Step+l.Margin] = true, true
	}
	return out
}

// Where a segment crosses a line there is a vertex on the line, at the pixel
// nearest to the crossing, and no edge passes a line without one.
func TestLines(t *testing.T) {
	var r Rounder
	var out grid.Chains
	rapid.Check(t, func(t *rapid.T) {
		shift := rapid.UintRange(0, 4).Draw(t, "shift")
		p := drawPile(t, 100)
		p.origin = grid.Point{X: 3, Y: 7}
		in := p.planar(rapid.IntRange(1, 4).Draw(t, "chains"))
		lines := drawLines(t, 110>>shift)
		r.Round(in, shift, lines, &out)
		hot := hotPixels(in, shift)
		for at := range lines.all() {
			for _, s := range segments(in) {
				crossings(s, at, shift, func(p grid.Point) { hot[p] = true })
			}
		}
		for i := range in.Len() {
			if want := routeOf(in.At(i), hot, shift); !slices.Equal(out.At(i), want) {
				t.Fatalf("shift %d, %+v: %v became %v, want %v", shift, lines, in.At(i), out.At(i), want)
			}
		}
		if pair, yes := tangled(&out); yes {
			t.Fatalf("%v and %v meet inside", pair[0], pair[1])
		}
		for _, s := range segments(&out) {
			for at := range lines.all() {
				if min(s[0].X, s[1].X) < at && at < max(s[0].X, s[1].X) || min(s[0].Y, s[1].Y) < at && at < max(s[0].Y, s[1].Y) {
					t.Fatalf("%v passes the line at %d without a vertex", s, at)
				}
			}
		}
	})
}

// crossings calls fn with the pixels where s crosses the upright and the level
// line at the coarse coordinate at.
func crossings(s [2]grid.Point, at int32, shift uint, fn func(grid.Point)) {
	other := func(au, av, bu, bv int32) (int32, bool) {
		u := int64(at) << shift
		if u <= int64(min(au, bu)) || u >= int64(max(au, bu)) {
			return 0, false
		}
		v := big.NewRat((u-int64(au))*int64(bv-av), int64(bu-au))
		return nearest(v.Add(v, new(big.Rat).SetInt64(int64(av))), shift), true
	}
	if y, ok := other(s[0].X, s[0].Y, s[1].X, s[1].Y); ok {
		fn(grid.Point{X: at, Y: y})
	}
	if x, ok := other(s[0].Y, s[0].X, s[1].Y, s[1].X); ok {
		fn(grid.Point{X: x, Y: at})
	}
}

// The lines of real zooms, met by segments as long as the world.
func TestLinesAtFullSize(t *testing.T) {
	var r Rounder
	var out grid.Chains
	rapid.Check(t, func(t *rapid.T) {
		zoom := rapid.UintRange(0, 6).Draw(t, "zoom")
		shift := 18 - zoom
		coord := rapid.OneOf(rapid.Int32Range(0, grid.Size), rapid.SampledFrom([]int32{0, grid.Size}))
		var in grid.Chains
		in.Reset()
		for range 2 {
			in.Pts = append(in.Pts, grid.Point{X: coord.Draw(t, "x"), Y: coord.Draw(t, "y")})
		}
		in.End()
		lines := Lines{Step: 4096, Margin: rapid.SampledFrom([]int32{0, 1, 80, 256}).Draw(t, "margin"), Count: 1 << zoom}
		r.Round(&in, shift, lines, &out)
		have := hotPixels(&out, 0)
		for at := range lines.all() {
			crossings([2]grid.Point(in.Pts), at, shift, func(p grid.Point) {
				if !have[p] {
					t.Fatalf("no vertex at %v, where %v crosses a line", p, in.Pts)
				}
			})
		}
	})
}
