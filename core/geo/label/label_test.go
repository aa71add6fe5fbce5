package label

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/shapes-desktop/shapes/core/geo/grid"
)

func TestPoleOfASquareIsItsMiddle(t *testing.T) {
	p, d := Pole([][]grid.Point{{{X: 0, Y: 0}, {X: 100, Y: 0}, {X: 100, Y: 100}, {X: 0, Y: 100}}}, 0.5)
	if p != (grid.Point{X: 50, Y: 50}) || math.Abs(d-50) > 0.5 {
		t.Errorf("got %v at %g", p, d)
	}
}

func TestPoleAvoidsAHole(t *testing.T) {
	outer := []grid.Point{{X: 0, Y: 0}, {X: 100, Y: 0}, {X: 100, Y: 100}, {X: 0, Y: 100}}
	hole := []grid.Point{{X: 5, Y: 5}, {X: 5, Y: 60}, {X: 60, Y: 60}, {X: 60, Y: 5}}
	p, d := Pole([][]grid.Point{outer, hole}, 0.5)
	if p.X <= 60 || p.Y <= 60 || d < 22 {
		t.Errorf("got %v at %g", p, d)
	}
}

// A crescent's centroid is outside; its pole is not.
func TestPoleIsInside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(3, 40).Draw(t, "n")
		ring := make([]grid.Point, n)
		for i := range ring {
			r := rapid.Float64Range(200, 5000).Draw(t, "r")
			a := 2 * math.Pi * float64(i) / float64(n)
			ring[i] = grid.Point{X: int32(r * math.Cos(a)), Y: int32(r * math.Sin(a))}
		}
		p, d := Pole([][]grid.Point{ring}, 1)
		if d > 1 && distance([][]grid.Point{ring}, float64(p.X), float64(p.Y)) <= 0 {
			t.Fatalf("%v lies outside of %v", p, ring)
		}
	})
}
