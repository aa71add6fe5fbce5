package source

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestNear(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := Bounds{
			West: rapid.Float64Range(-180, 180).Draw(rt, "west"), East: rapid.Float64Range(-180, 180).Draw(rt, "east"),
			South: rapid.Float64Range(-90, 0).Draw(rt, "south"), North: rapid.Float64Range(1, 90).Draw(rt, "north"),
		}
		wide := b.East - b.West
		if wide < 0 {
			wide += 360
		}
		lat := rapid.Float64Range(b.South, b.North).Draw(rt, "lat")
		inside := b.West + wide*rapid.Float64Range(0, 1).Draw(rt, "part")
		for _, turn := range []float64{-360, 0, 360} {
			if !b.Near(inside+turn, lat, 1e-6) {
				rt.Fatalf("%g %g is not in %+v", inside+turn, lat, b)
			}
		}
		if b.Near(inside, b.North+5.1, 5) || b.Near(inside, b.South-5.1, 5) {
			rt.Fatal("too far north or south")
		}
		if gap := 360 - wide; gap > 10.2 && b.Near(b.East+gap/2, lat, 5) {
			rt.Fatalf("the middle of the gap is near %+v", b)
		}
	})
	b := Bounds{West: 170, South: -20, East: -170, North: -10}
	for _, p := range [][2]float64{{math.NaN(), -15}, {175, math.NaN()}, {math.Inf(1), -15}} {
		if b.Near(p[0], p[1], 5) {
			t.Errorf("%v is somewhere", p)
		}
	}
}
