package pipeline

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/geo/grid"
	"github.com/shapes-desktop/shapes/core/geo/tile"
)

// What deviate finds in one pass is what comparing each vertex with each chord
// beside it finds.
func TestDeviationsAgainstBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const shift = 4
		var full, kept grid.Chains
		full.Reset()
		kept.Reset()
		want := map[grid.Point]float64{}
		for range rapid.IntRange(1, 4).Draw(t, "arcs") {
			pts, keep := drawArc(t)
			full.Pts = append(full.Pts, pts...)
			full.End()
			from := 0
			for i, p := range pts {
				if !keep[i] {
					continue
				}
				kept.Pts = append(kept.Pts, p)
				for j := from; j <= i; j++ {
					at := grid.Point{X: pts[j].X >> shift / tile.Extent, Y: pts[j].Y >> shift / tile.Extent}
					want[at] = max(want[at], farFrom(pts[j], pts[from], p, shift))
				}
				from = i
			}
			kept.End()
		}
		got := deviate(&full, &kept, shift)
		for at, d := range want {
			if math.Abs(float64(got[at])-d) > 1e-3 {
				t.Fatalf("tile %v: %g, want %g", at, got[at], d)
			}
		}
		for at, d := range got {
			if _, ok := want[at]; !ok {
				t.Fatalf("tile %v, where nothing is: %g", at, d)
			}
		}
	})
}

// drawArc draws an arc without a vertex twice in a row, and which of them are
// kept: both ends.
func drawArc(t *rapid.T) (pts []grid.Point, keep []bool) {
	n := rapid.IntRange(2, 12).Draw(t, "vertices")
	x, y := rapid.Int32Range(0, 1<<18).Draw(t, "x"), rapid.Int32Range(0, 1<<18).Draw(t, "y")
	for i := range n {
		x += rapid.Int32Range(1, 9000).Draw(t, "dx")
		y += rapid.Int32Range(0, 9000).Draw(t, "dy")
		pts = append(pts, grid.Point{X: x, Y: y})
		keep = append(keep, i == 0 || i == n-1 || rapid.Bool().Draw(t, "keep"))
	}
	return pts, keep
}

// farFrom is how far p lies from the chord a b, which is drawn rounded, in tile
// units.
func farFrom(p, a, b grid.Point, shift uint) float64 {
	unit := math.Ldexp(1, -int(shift))
	round := func(v int32) float64 { return math.Floor(float64(v)*unit + 0.5) }
	px, py := float64(p.X)*unit, float64(p.Y)*unit
	ax, ay, bx, by := round(a.X), round(a.Y), round(b.X), round(b.Y)
	if p == a {
		return math.Hypot(px-ax, py-ay)
	}
	if p == b {
		return math.Hypot(px-bx, py-by)
	}
	dx, dy := bx-ax, by-ay
	s := 0.0
	if l := dx*dx + dy*dy; l > 0 {
		s = min(1, max(0, ((px-ax)*dx+(py-ay)*dy)/l))
	}
	return math.Hypot(px-ax-s*dx, py-ay-s*dy)
}

// The quality of a unit that was only rounded is close to what comparing the
// areas row by row gives.
func TestRoundedAgainstOverlay(t *testing.T) {
	compared := 0
	defer func() {
		if compared == 0 {
			t.Error("no unit was only rounded: nothing was compared")
		}
	}()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(3, 12).Draw(t, "corners")
		lon, lat := rapid.Float64Range(-170, 170).Draw(t, "lon"), rapid.Float64Range(-60, 60).Draw(t, "lat")
		size := rapid.Float64Range(0.05, 1).Draw(t, "size")
		var ring orb.Ring
		for i := range n {
			angle := 2 * math.Pi * float64(i) / float64(n)
			r := size * rapid.Float64Range(0.5, 1).Draw(t, "radius")
			ring = append(ring, orb.Point{lon + r*math.Cos(angle), lat + r*math.Sin(angle)})
		}
		ring = append(ring, ring[0])
		source := orb.MultiPolygon{{ring}}
		u := NewUnits(&feature.Faults{})
		l := u.Layer("a")
		unit := u.Add(l, feature.Feature{ID: 1, Geometry: source.Clone()})
		cfg := DefaultConfig()
		cfg.MaxZoom = 4 // a coarse grid
		s, err := NewSteps(u, cfg)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Arrange(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		var overlay feature.Overlay
		got, ok := s.Rounded(l, unit)
		if !ok {
			return // a corner was lost to the grid
		}
		compared++
		want := overlay.Compare(source, s.Geometry(0, l, unit)).Quality()
		if math.Abs(got-want) > 0.002+0.3*(1-want) {
			t.Fatalf("quality %g, by comparing areas %g", got, want)
		}
	})
}
