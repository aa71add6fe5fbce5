package topology

import (
	"testing"

	"github.com/paulmach/orb"

	"github.com/shapes-desktop/shapes/core/geo/grid"
)

// degrees is a ring of corners on the world's grid.
func degrees(corners ...grid.Point) orb.Ring {
	var r orb.Ring
	for _, c := range append(corners, corners[0]) {
		r = append(r, c.LonLat(grid.Bits))
	}
	return r
}

func square(x, y, side int32) []grid.Point {
	return []grid.Point{{X: x, Y: y}, {X: x + side, Y: y}, {X: x + side, Y: y + side}, {X: x, Y: y + side}}
}

// A polygon whose vertices are on the coarser grid stays as it is; one whose
// sides move by a unit of the world's grid sweeps as much ground as they are
// long.
func TestRounding(t *testing.T) {
	const shift = 4
	b := NewBuilder()
	b.Add(0, 0, orb.MultiPolygon{{degrees(square(1<<20, 1<<20, 1600)...), degrees(square(1<<20+160, 1<<20+160, 320)...)}})
	b.Add(2, 0, orb.MultiPolygon{
		{degrees(square(1<<20+1, 1<<20, 1600)...)}, // to the east by one
		{degrees(square(1<<21, 1<<21, 160)...)},
	})
	b.Add(2, 1, orb.MultiPolygon{{degrees(square(1<<20+2, 1<<20+2, 3)...)}}) // of which nothing is left
	const side, hole = 1600, 320
	want := []Rounding{
		{Layer: 0, Feature: 0, Area: (side*side - hole*hole) >> (2 * shift), Quality: 1},
		{Layer: 2, Feature: 0, Area: (side*side + 160*160) >> (2 * shift), Quality: 1 - 2.*side/(side*side+160*160)},
		{Layer: 2, Feature: 1, Area: 0, Quality: 0},
	}
	got := b.Rounding(shift)
	if len(got) != len(want) {
		t.Fatalf("%d polygons, want %d", len(got), len(want))
	}
	for i, g := range got {
		w := want[i]
		if d := g.Quality - w.Quality; g.Layer != w.Layer || g.Feature != w.Feature || g.Area != w.Area || d > 1e-6 || d < -1e-6 {
			t.Errorf("%d: %+v, want %+v", i, g, w)
		}
	}
	for i, g := range b.Rounding(0) {
		if g.Quality != 1 {
			t.Errorf("%d: not rounded at all, and of quality %g", i, g.Quality)
		}
	}
}
