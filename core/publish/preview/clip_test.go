package preview

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func areaOf(pts []point) float64 {
	sum := 0.0
	for i, a := range pts {
		b := pts[(i+1)%len(pts)]
		sum += a.x*b.y - b.x*a.y
	}
	return sum / 2
}

// The part of a triangle in a rectangle, by counting small cells.
func sampledArea(pts []point, r rect) float64 {
	const n = 200
	hits := 0
	for i := range n {
		for k := range n {
			p := point{r.x0 + (r.x1-r.x0)*(float64(i)+0.5)/n, r.y0 + (r.y1-r.y0)*(float64(k)+0.5)/n}
			if inside(pts, p) {
				hits++
			}
		}
	}
	return float64(hits) / n / n * (r.x1 - r.x0) * (r.y1 - r.y0)
}

func inside(pts []point, p point) bool {
	in := false
	for i, a := range pts {
		b := pts[(i+1)%len(pts)]
		if (a.y <= p.y) != (b.y <= p.y) && a.x+(p.y-a.y)/(b.y-a.y)*(b.x-a.x) > p.x {
			in = !in
		}
	}
	return in
}

func TestRingsAreCutToTheirPartInView(t *testing.T) {
	view := rect{0, 0, 100, 100}
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.Float64Range(-300, 400)
		pts := []point{{c.Draw(t, "x0"), c.Draw(t, "y0")}, {c.Draw(t, "x1"), c.Draw(t, "y1")}, {c.Draw(t, "x2"), c.Draw(t, "y2")}}
		var scratch [2][]point
		got, _ := view.ring(pts, &scratch)
		for _, p := range got {
			if p.x < -1e-9 || p.y < -1e-9 || p.x > 100+1e-9 || p.y > 100+1e-9 {
				t.Fatalf("%v lies outside", p)
			}
		}
		want := sampledArea(pts, view)
		if math.Abs(math.Abs(areaOf(got))-want) > 150 {
			t.Fatalf("area %v, want about %v", math.Abs(areaOf(got)), want)
		}
	})
}

func TestLinesAreCutToTheirPartsInView(t *testing.T) {
	view := rect{0, 0, 10, 10}
	tests := []struct {
		name  string
		line  []point
		parts int
	}{
		{"inside", []point{{1, 1}, {5, 5}, {9, 1}}, 1},
		{"outside", []point{{-5, -5}, {-5, 20}}, 0},
		{"through", []point{{-5, 5}, {15, 5}}, 1},
		{"out and back in", []point{{5, 5}, {15, 5}, {15, 8}, {5, 8}}, 2},
		{"along the border", []point{{0, 0}, {10, 0}}, 1},
		{"past a corner", []point{{-1, 5}, {5, -1}, {20, -20}}, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			parts := 0
			view.line(tt.line, func(p []point) {
				parts++
				for _, q := range p {
					if q.x < 0 || q.y < 0 || q.x > 10 || q.y > 10 {
						t.Errorf("%v lies outside", q)
					}
				}
			})
			if parts != tt.parts {
				t.Errorf("%d parts, want %d", parts, tt.parts)
			}
		})
	}
}
