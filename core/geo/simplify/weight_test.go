package simplify

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/shapes-desktop/shapes/core/geo/grid"
)

// walk is a random polyline without equal neighbours, closed if so drawn.
func walk(t *rapid.T) []grid.Point {
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 2))
	n := rapid.IntRange(2, 60).Draw(t, "n")
	step := rapid.SampledFrom([]int32{1 << 12, 1 << 18, 1 << 23}).Draw(t, "step")
	at := rapid.SampledFrom([]int32{1 << 29, grid.Size - 60*step}).Draw(t, "at")
	pts := []grid.Point{{X: at, Y: at}}
	for len(pts) < n {
		p := pts[len(pts)-1]
		pts = append(pts, grid.Point{X: p.X + rng.Int32N(2*step) - step, Y: p.Y + rng.Int32N(2*step) - step})
	}
	if n > 4 && rapid.Bool().Draw(t, "closed") {
		pts = append(pts, pts[0])
	}
	return slices.Compact(pts)
}

func weightsOf(a Algorithm, pts []grid.Point) []float32 {
	w := make([]float32, len(pts))
	a.Weights(pts, w)
	return w
}

// distance from p to the segment a–b, another way than the code's: by the
// angle at each end and the height of the triangle.
func distance(p, a, b grid.Point) float64 {
	dot := func(o, u, v grid.Point) float64 {
		return float64(u.X-o.X)*float64(v.X-o.X) + float64(u.Y-o.Y)*float64(v.Y-o.Y)
	}
	length := func(u, v grid.Point) float64 { return math.Hypot(float64(u.X-v.X), float64(u.Y-v.Y)) }
	switch {
	case a == b || dot(a, b, p) <= 0:
		return length(a, p)
	case dot(b, a, p) <= 0:
		return length(b, p)
	}
	return math.Abs(float64(grid.Cross(a, b, p))) / length(a, b)
}

// douglasPeucker is the algorithm of 1973, by the book.
func douglasPeucker(pts []grid.Point, lo, hi int, tolerance float64, keep map[int]bool) {
	keep[lo], keep[hi] = true, true
	at, most := 0, -1.0
	for i := lo + 1; i < hi; i++ {
		if d := distance(pts[i], pts[lo], pts[hi]); d > most {
			at, most = i, d
		}
	}
	if most >= tolerance {
		douglasPeucker(pts, lo, at, tolerance, keep)
		douglasPeucker(pts, at, hi, tolerance, keep)
	}
}

// At any tolerance the weights keep what Douglas and Peucker's algorithm does.
func TestDouglasPeuckerByTheBook(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pts := walk(t)
		w := weightsOf(DouglasPeucker, pts)
		finite := []float64{1}
		for _, v := range w {
			if !math.IsInf(float64(v), 1) {
				finite = append(finite, float64(v))
			}
		}
		// Just above and below a weight, where sets change.
		tolerance := rapid.SampledFrom(finite).Draw(t, "tolerance") * rapid.SampledFrom([]float64{0.99999, 1.00001}).Draw(t, "factor")
		want := map[int]bool{}
		last := len(pts) - 1
		if pts[0] == pts[last] {
			far := 0
			for i, p := range pts {
				if distance(p, pts[0], pts[0]) > distance(pts[far], pts[0], pts[0]) {
					far = i
				}
			}
			douglasPeucker(pts, 0, far, tolerance, want)
			douglasPeucker(pts, far, last, tolerance, want)
		} else {
			douglasPeucker(pts, 0, last, tolerance, want)
		}
		for i, v := range w {
			// Two deviations may be equal up to rounding; leave those out.
			if near := math.Abs(float64(v)/tolerance - 1); near < 1e-6 {
				continue
			}
			if kept := float64(v) >= tolerance; kept != want[i] {
				t.Fatalf("tolerance %g: vertex %d of %v has weight %g, kept: %v", tolerance, i, pts, v, want[i])
			}
		}
	})
}

// visvalingamWhyatt takes away the least triangle, again and again, and
// returns the area at which each vertex goes, never less than before.
func visvalingamWhyatt(pts []grid.Point, fixed map[int]bool) map[int]float64 {
	var left []int
	for i := range pts {
		left = append(left, i)
	}
	out, floor := map[int]float64{}, 0.0
	for {
		least, at := math.Inf(1), -1
		for k := 1; k+1 < len(left); k++ {
			a := math.Abs(float64(grid.Cross(pts[left[k-1]], pts[left[k]], pts[left[k+1]]))) / 2
			if !fixed[left[k]] && a < least {
				least, at = a, k
			}
		}
		if at < 0 {
			return out
		}
		floor = max(floor, least)
		out[left[at]] = floor
		left = slices.Delete(left, at, at+1)
	}
}

func TestVisvalingamByTheBook(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pts := walk(t)
		fixed := map[int]bool{}
		if pts[0] == pts[len(pts)-1] && len(pts) > 2 {
			fixed[farthest(pts)] = true
		}
		want := visvalingamWhyatt(pts, fixed)
		for i, v := range weightsOf(Visvalingam, pts) {
			area, goes := want[i]
			if !goes && !math.IsInf(float64(v), 1) || goes && v != float32(math.Sqrt(area)) {
				t.Fatalf("vertex %d of %v has weight %g, want the root of %g", i, pts, v, area)
			}
		}
	})
}

// A border is weighed the same whichever way it is walked.
func TestWeightsBothWays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pts := walk(t)
		algorithm := rapid.SampledFrom([]Algorithm{DouglasPeucker, Visvalingam}).Draw(t, "algorithm")
		forth := weightsOf(algorithm, pts)
		slices.Reverse(pts)
		back := weightsOf(algorithm, pts)
		slices.Reverse(back)
		for i := range forth {
			if f, b := float64(forth[i]), float64(back[i]); f != b && !(math.Abs(f/b-1) < 1e-6) {
				t.Fatalf("vertex %d weighs %g one way and %g the other", i, f, b)
			}
		}
	})
}

func TestWeightsOfShortArcs(t *testing.T) {
	inf := float32(math.Inf(1))
	p, q, r := grid.Point{X: 5, Y: 5}, grid.Point{X: 9, Y: 5}, grid.Point{X: 7, Y: 8}
	for _, a := range []Algorithm{DouglasPeucker, Visvalingam} {
		for _, c := range []struct {
			pts  []grid.Point
			want []float32
		}{
			{nil, nil},
			{[]grid.Point{p}, []float32{inf}},
			{[]grid.Point{p, q}, []float32{inf, inf}},
			{[]grid.Point{p, q, p}, []float32{inf, inf, inf}}, // keeps its second anchor
			{[]grid.Point{p, r, q}, []float32{inf, map[Algorithm]float32{0: 3, 1: sqrt32(6)}[a], inf}},         // an arc of one vertex
			{[]grid.Point{p, q, r, p}, []float32{inf, inf, map[Algorithm]float32{0: 3, 1: sqrt32(6)}[a], inf}}, // a triangle
		} {
			got := weightsOf(a, c.pts)
			for i := range c.want {
				if got[i] != c.want[i] && !(math.Abs(float64(got[i]/c.want[i]-1)) < 1e-6) {
					t.Errorf("algorithm %d, %v: %v, want %v", a, c.pts, got, c.want)
					break
				}
			}
		}
	}
}

func sqrt32(v float64) float32 { return float32(math.Sqrt(v)) }
