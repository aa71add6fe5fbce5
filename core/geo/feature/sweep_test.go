package feature

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// exactly is the area of the symmetric difference in the plane: between the
// heights where anything begins, ends or crosses, all is trapezoids.
func exactly(a, b []spot) float64 {
	type edge struct {
		lo, hi spot
		of     int
	}
	var edges []edge
	var heights []float64
	for of, ring := range [][]spot{a, b} {
		for i, p := range ring {
			q := ring[(i+1)%len(ring)]
			heights = append(heights, p.y)
			if p.y > q.y {
				p, q = q, p
			}
			if p.y < q.y {
				edges = append(edges, edge{p, q, of})
			}
		}
	}
	at := func(e edge, y float64) float64 { return e.lo.x + (y-e.lo.y)*(e.hi.x-e.lo.x)/(e.hi.y-e.lo.y) }
	for i, e := range edges {
		for _, f := range edges[:i] {
			lo, hi := max(e.lo.y, f.lo.y), min(e.hi.y, f.hi.y)
			if lo < hi {
				if d, g := at(e, lo)-at(f, lo), at(e, hi)-at(f, hi); d*g < 0 {
					heights = append(heights, lo+(hi-lo)*d/(d-g))
				}
			}
		}
	}
	slices.Sort(heights)
	sum := 0.0
	for i := 1; i < len(heights); i++ {
		lo, hi := heights[i-1], heights[i]
		y := (lo + hi) / 2
		type cut struct {
			x  float64
			of int
		}
		var cuts []cut
		for _, e := range edges {
			if e.lo.y <= lo && hi <= e.hi.y {
				cuts = append(cuts, cut{at(e, y), e.of})
			}
		}
		slices.SortFunc(cuts, func(a, b cut) int { return int(math.Copysign(1, a.x-b.x)) })
		var in [2]bool
		for j, c := range cuts {
			if j > 0 && in[0] != in[1] {
				sum += (c.x - cuts[j-1].x) * (hi - lo)
			}
			in[c.of] = !in[c.of]
		}
	}
	return sum
}

// drawStar draws a ring that does not cross itself, from 10 units in size.
func drawStar(t *rapid.T, n int) []spot {
	var ring []spot
	for i := range n {
		s, c := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		r := rapid.Float64Range(2, 10).Draw(t, "r")
		ring = append(ring, spot{r * c, r * s})
	}
	return ring
}

// swept drops what keep does not name of a ring whose first vertex stays.
func swept(ring []spot, keep func(i int) bool) (area float64, kept []spot) {
	var s Sweep
	s.Start(ring[0].x, ring[0].y)
	kept = ring[:1:1]
	for i, p := range ring[1:] {
		if keep(i + 1) {
			s.Keep(p.x, p.y)
			kept = append(kept, p)
		} else {
			s.Drop(p.x, p.y)
		}
	}
	s.Keep(ring[0].x, ring[0].y)
	return s.Area(), kept
}

// Never less than the truth; the truth itself where single vertices go, so that
// the triangles lie apart.
func TestSweepIsABound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ring := drawStar(t, rapid.IntRange(4, 40).Draw(t, "n"))
		keep := rapid.SliceOfN(rapid.Bool(), len(ring), len(ring)).Draw(t, "keep")
		area, kept := swept(ring, func(i int) bool { return keep[i] })
		if truth := exactly(ring, kept); area < truth-1e-9 {
			t.Fatalf("swept %v, but the difference is %v", area, truth)
		}
	})
}

// So it is where vertices move as well.
func TestSweepOfWhatMovesIsABound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ring := drawStar(t, rapid.IntRange(4, 40).Draw(t, "n"))
		grid := rapid.Float64Range(0.01, 2).Draw(t, "grid")
		rounded := func(p spot) spot { return spot{math.Round(p.x/grid) * grid, math.Round(p.y/grid) * grid} }
		first := rounded(ring[0])
		kept := []spot{first}
		var s Sweep
		s.Start(first.x, first.y)
		s.Drop(ring[0].x, ring[0].y)
		for _, p := range ring[1:] {
			if rapid.Bool().Draw(t, "keep") {
				q := rounded(p)
				s.Move(p.x, p.y, q.x, q.y)
				kept = append(kept, q)
			} else {
				s.Drop(p.x, p.y)
			}
		}
		s.Drop(ring[0].x, ring[0].y)
		s.Keep(first.x, first.y)
		if truth := exactly(ring, kept); s.Area() < truth-1e-9 {
			t.Fatalf("swept %v, but the difference is %v", s.Area(), truth)
		}
	})
}

func TestSweepOfDrawings(t *testing.T) {
	for _, c := range []struct {
		name string
		ring []spot
		keep []int
		want float64
	}{
		{"all kept", []spot{{0, 0}, {4, 0}, {4, 4}, {0, 4}}, []int{1, 2, 3}, 0},
		{"a corner", []spot{{0, 0}, {4, 0}, {4, 4}, {0, 4}}, []int{1, 3}, 8},
		{"a vertex on the chord", []spot{{0, 0}, {2, 0}, {4, 0}, {4, 4}, {0, 4}}, []int{2, 3, 4}, 0},
		{"both sides", []spot{{0, 0}, {1, -1}, {3, 1}, {4, 0}, {4, 4}, {0, 4}}, []int{3, 4, 5}, 2},
		{"touches the line", []spot{{0, 0}, {1, -1}, {2, 0}, {3, -1}, {4, 0}, {4, 4}, {0, 4}}, []int{4, 5, 6}, 2},
		{"beyond the chord's end", []spot{{0, 0}, {5, 0}, {5, -1}, {6, 1}, {4, 1}, {4, 0.5}, {4, 0.1}, {4, 0}, {4, -3}, {0, -3}}, []int{7, 8, 9}, 2},
		{"nothing is left", []spot{{0, 0}, {4, 0}, {4, 4}, {0, 4}}, nil, 16},
		{"there and back", []spot{{0, 0}, {4, 0}, {4, 4}, {0, 4}}, []int{2}, 16},
	} {
		got, kept := swept(c.ring, func(i int) bool { return slices.Contains(c.keep, i) })
		if math.Abs(got-c.want) > 1e-12 || exactly(c.ring, kept) > got+1e-12 {
			t.Errorf("%s: %v, want %v; the difference is %v", c.name, got, c.want, exactly(c.ring, kept))
		}
	}
}

func TestSweepStartsAgain(t *testing.T) {
	var s Sweep
	s.Start(0, 0)
	s.Drop(1, 1)
	s.Start(9, 9) // the chain before had no end: nothing is swept
	s.Drop(10, 10)
	s.Keep(11, 9)
	if s.Area() != 1 {
		t.Error(s.Area())
	}
	s.Reset()
	if s.Area() != 0 {
		t.Error(s.Area())
	}
}

func TestQuality(t *testing.T) {
	for _, c := range [][3]float64{{0, 0, 1}, {0, 5, 1}, {1, 4, 0.75}, {4, 4, 0}, {9, 4, 0}, {1, 0, 0}} {
		if got := Quality(c[0], c[1]); got != c[2] {
			t.Errorf("difference %v of %v: %v, want %v", c[0], c[1], got, c[2])
		}
	}
}

// onEarth puts a ring of the plane where it keeps its shape nearly: at 45° north.
func onEarth(ring []spot, degrees float64) orb.MultiPolygon {
	var r orb.Ring
	for _, p := range ring {
		r = append(r, orb.Point{p.x * degrees, 45 + p.y*degrees})
	}
	return orb.MultiPolygon{{append(r, r[0])}}
}

// inPlane is such a ring where areas are those of the sphere, nearly.
func inPlane(mp orb.MultiPolygon) []spot {
	var out []spot
	for _, p := range mp[0][0][1:] {
		out = append(out, spot{p[0] * radians, math.Sin(p[1] * radians)})
	}
	return out
}

// How far the rows are off: at most 1 % of the difference and 0.02 % of the
// area, as far as stars of up to 60 vertices tell.
func TestOverlayIsNear(t *testing.T) {
	var o Overlay
	rapid.Check(t, func(t *rapid.T) {
		ring := drawStar(t, rapid.IntRange(4, 60).Draw(t, "n"))
		_, kept := swept(ring, func(int) bool { return rapid.IntRange(0, 2).Draw(t, "keep") > 0 })
		for i := range kept { // rounded, as on a zoom's grid
			kept[i] = spot{math.Round(kept[i].x*20) / 20, math.Round(kept[i].y*20) / 20}
		}
		if len(kept) < 3 {
			return
		}
		a, b := onEarth(ring, 0.01), onEarth(kept, 0.01)
		got := o.Compare(a, b)
		want := exactly(inPlane(a), inPlane(b)) * meanRadius * meanRadius
		if area := MeasureOf(a).Area; !near(got.Source, area, 6e-3) { // sphere and ellipsoid
			t.Fatalf("source %v, want %v", got.Source, area)
		}
		if math.Abs(got.Difference-want) > 0.01*want+2e-4*got.Source {
			t.Fatalf("%+v, difference should be %v", got, want)
		}
		if back := o.Compare(b, a); back.Difference != got.Difference || back.Other != got.Source {
			t.Fatalf("%+v one way, %+v the other", got, back)
		}
	})
}

// With more vertices there are rows of one height: a coast of tooth by tooth.
func TestOverlayOfManyVertices(t *testing.T) {
	var o Overlay
	for seed := range uint64(3) {
		r := rand.New(rand.NewPCG(seed, 0))
		var ring []spot
		for i := range 900 {
			s, c := math.Sincos(2 * math.Pi * float64(i) / 900)
			d := 8 + r.Float64()
			ring = append(ring, spot{d * c, d * s})
		}
		_, kept := swept(ring, func(int) bool { return r.IntN(3) > 0 })
		a, b := onEarth(ring, 0.01), onEarth(kept, 0.01)
		got, want := o.Compare(a, b), exactly(inPlane(a), inPlane(b))*meanRadius*meanRadius
		if math.Abs(got.Difference-want) > 0.02*want {
			t.Errorf("%+v, difference should be %v", got, want)
		}
	}
}

func TestOverlayOfDrawings(t *testing.T) {
	square := func(x, y, side float64) orb.Ring { return box(x, y, x+side, y+side) }
	turned := square(0, 0, 1)
	turned.Reverse()
	for _, c := range []struct {
		name string
		a, b orb.MultiPolygon
		want float64 // quality
	}{
		{"the same", orb.MultiPolygon{{square(0, 0, 1)}}, orb.MultiPolygon{{turned}}, 1},
		{"half", orb.MultiPolygon{{square(0, 0, 1)}}, orb.MultiPolygon{{box(0, 0, 0.5, 1)}}, 0.5},
		{"another place", orb.MultiPolygon{{square(0, 0, 1)}}, orb.MultiPolygon{{square(3, 3, 1)}}, 0},
		{"nothing left", orb.MultiPolygon{{square(0, 0, 1)}}, nil, 0},
		{"from nothing", nil, orb.MultiPolygon{{square(0, 0, 1)}}, 0},
		{"nothing at all", nil, nil, 1},
		{"lines", orb.MultiPolygon{{{{0, 0}, {1, 0}, {0, 0}}}}, orb.MultiPolygon{{{}}, {}}, 1},
		{"a hole is gone", orb.MultiPolygon{{square(0, 0, 1), box(0, 0.25, 0.5, 0.75)}}, orb.MultiPolygon{{square(0, 0, 1)}}, 2. / 3},
		{"an island is gone", orb.MultiPolygon{{square(0, 0, 1)}, {box(2, 0, 2.25, 1)}}, orb.MultiPolygon{{square(0, 0, 1)}}, 0.8},
		{"parts in another order", orb.MultiPolygon{{square(0, 0, 1)}, {square(2, 0, 1)}}, orb.MultiPolygon{{square(2, 0, 1)}, {square(0, 0, 1)}}, 1},
	} {
		var o Overlay
		if got := o.Compare(c.a, c.b); math.Abs(got.Quality()-c.want) > 1e-3 {
			t.Errorf("%s: %+v is %v, want %v", c.name, got, got.Quality(), c.want)
		}
	}
}
