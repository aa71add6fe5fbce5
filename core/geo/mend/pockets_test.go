package mend

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/shapes-desktop/shapes/core/geo/grid"
	"github.com/shapes-desktop/shapes/core/geo/ring"
)

// fjord is a block of land with an inlet from the east whose mouth is so
// narrow that rounding closes it: width is that of the inside.
//
//	┌──────────┐
//	│  ┌────┐  │
//	│  └────┴──┘ ← the mouth, 0.2 wide
//	│  ┌────┬──┐
//	│  └────┘  │   (the two halves of the inside are one)
//	└──────────┘
func fjord(width float64) orb.Ring {
	return loop(10, 10, 60, 10, 60, 20.1, 40, 20.1, 40, 20.1-width/2, 20, 20.1-width/2,
		20, 20.3+width/2, 40, 20.3+width/2, 40, 20.3, 60, 20.3, 60, 40, 10, 40)
}

// pockets finds and applies the pockets of all layers of a scene.
func (s *Scene) pockets(layers int32) []Patch {
	var out []Patch
	for l := range layers {
		ps := s.Pockets(FindCoasts(s.World, l))
		s.Apply(ps)
		out = append(out, ps...)
	}
	return out
}

// area2 is what the rings of a patch enclose, twice.
func (p *Patch) area2() int64 {
	var sum int64
	for _, r := range p.Rings {
		sum += grid.Area2(r)
	}
	return sum
}

func TestPockets(t *testing.T) {
	lake := box(20.1, 20.1, 40.1, 22.1)
	for _, c := range []struct {
		name   string
		layers [][]orb.MultiPolygon
		gain   [][]int32 // of each patch
		areas  []int64   // of each patch, twice
	}{
		{"fjord pinched off", [][]orb.MultiPolygon{{one(fjord(1.5))}}, [][]int32{{0}}, []int64{2 * 20 * 2}},
		{"wide bay pinched off", [][]orb.MultiPolygon{{one(fjord(12))}}, nil, nil},
		{"lake", [][]orb.MultiPolygon{{one(box(10, 10, 60, 40), lake)}}, nil, nil},
		{"enclave of another", [][]orb.MultiPolygon{{one(box(10, 10, 60, 40), lake), one(lake)}}, nil, nil},
		// a unit and its country gain alike
		{"two levels", [][]orb.MultiPolygon{{one(fjord(1.5))}, {one(fjord(1.5))}}, [][]int32{{0}, {1}}, []int64{80, 80}},
		// in a layer where the inlet is somebody's there is no pocket
		{"filled in one layer", [][]orb.MultiPolygon{{one(fjord(1.5))}, {one(box(10, 10, 60, 40))}}, [][]int32{{0}}, []int64{80}},
		// ┌──┬──┐
		// │  ││ │   a gap between two that touch above and below
		// └──┴──┘
		{"gap between two", [][]orb.MultiPolygon{{
			one(loop(10, 10, 30, 10, 30, 20, 29.1, 22, 29.1, 38, 30, 40, 30, 50, 10, 50)),
			one(loop(30.2, 10, 50, 10, 50, 50, 30.2, 50, 30.2, 40, 31.1, 38, 31.1, 22, 30.2, 20)),
		}}, [][]int32{{0}}, []int64{72}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := build(80, c.layers...)
			before := slices.Clone(s.Area2)
			got := s.pockets(int32(len(c.layers)))
			if len(got) != len(c.gain) {
				t.Fatalf("%d pockets filled, want %d: %v", len(got), len(c.gain), got)
			}
			gained := make([]int64, len(before))
			for n, p := range got {
				if !slices.Equal(p.Gain, c.gain[n]) || p.Lose != nil || p.area2() != c.areas[n] {
					t.Errorf("patch %d: %d/2 for %v from %v, want %d/2 for %v", n, p.area2(), p.Gain, p.Lose, c.areas[n], c.gain[n])
				}
				gained[p.Gain[0]] += p.area2()
			}
			for i, a := range before {
				if s.Area2[i] != a+gained[i] || area2(s.border(int32(i), got)) != s.Area2[i] {
					t.Errorf("polygon %d went from %d/2 to %d/2 by %d/2", i, a, s.Area2[i], gained[i])
				}
			}
		})
	}
}

// An island in a pocket stays its own, and what fills the pocket goes round it;
// an enclave of the island is the island's.
func TestIslandInAPocket(t *testing.T) {
	s := build(80, []orb.MultiPolygon{
		one(fjord(2.8)),
		one(box(25.1, 19.6, 30.1, 20.9), box(27.1, 19.7, 28.1, 20.8)),
		one(box(27.1, 19.7, 28.1, 20.8)),
	})
	before := slices.Clone(s.Area2)
	got := s.pockets(1)
	if len(got) != 1 || len(got[0].Rings) != 2 || !slices.Equal(got[0].Gain, []int32{0}) {
		t.Fatalf("%v", got)
	}
	if s.Area2[1] != before[1] || s.Area2[2] != before[2] || before[1] == 0 {
		t.Errorf("islands went from %v to %v", before, s.Area2)
	}
	// All together are the block without a hole.
	var edges []ring.Edge
	for i := range s.World.Polys {
		edges = append(edges, s.border(int32(i), got)...)
	}
	var b ring.Builder
	if rings := b.Build(edges, grid.Point{}); len(rings) != 1 || grid.Area2(rings[0]) != 2*50*30 {
		t.Errorf("the union is %v", rings)
	}
}

// Units of crooked shores that nearly meet: whatever is filled was nobody's,
// is narrow, is bounded by who gains it, and no unit loses anything.
func TestPocketsAtRandom(t *testing.T) {
	filled := 0
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 13))
		gap := rapid.SampledFrom([]float64{0.2, 0.6, 1.2, 3}).Draw(t, "gap")
		var rows []orb.MultiPolygon
		for i := range 4 { // rows of land with straits between
			y := 100 + float64(i)*12
			pts := []float64{100, y + 5}
			for x := 101.0; x < 130; x += 1 + 2*rng.Float64() {
				pts = append(pts, x, y+rng.Float64()*gap)
			}
			pts = append(pts, 131, y+5)
			for x := 130.0; x > 101; x -= 1 + 2*rng.Float64() {
				pts = append(pts, x, y+12-rng.Float64()*gap)
			}
			rows = append(rows, one(loop(pts...)))
		}
		s := build(rapid.SampledFrom([]int32{0, 80}).Draw(t, "margin"), rows)
		before := slices.Clone(s.Area2)
		got := s.pockets(1)
		filled += len(got)
		for n, p := range got {
			if len(p.Gain) != 1 || len(p.Lose) != 0 || p.area2() <= 0 || !narrow(p.Rings[0], p.area2()) {
				t.Fatalf("patch %d: %v", n, p)
			}
			x, y := inner(p.Rings[0])
			for i := range int32(len(rows)) {
				if covers(s.border(i, nil), x, y) {
					t.Fatalf("patch %d is on the ground of %d", n, i)
				}
				if covers(s.border(i, got), x, y) != (i == p.Gain[0]) {
					t.Fatalf("patch %d is not the ground of %v only", n, p.Gain)
				}
			}
			shore, common := s.border(p.Gain[0], nil), 0
			eachEdge(p.Rings[0], func(e ring.Edge) {
				if slices.Contains(shore, ring.Edge{A: e.B, B: e.A}) {
					common++
				}
			})
			if common == 0 {
				t.Fatalf("patch %d has no edge in common with %v", n, p.Gain)
			}
		}
		for i, a := range before {
			if s.Area2[i] < a || area2(s.border(int32(i), got)) != s.Area2[i] {
				t.Fatalf("polygon %d went from %d/2 to %d/2", i, a, s.Area2[i])
			}
		}
		if again := s.again(got); len(again) > 0 {
			t.Fatalf("left open: %v", again)
		}
	})
	if filled == 0 {
		t.Error("no case had a pocket")
	}
}

// inner is a point inside of a ring, times 6: a sixth of a unit beside the
// middle of an edge.
func inner(r ring.Ring) (x, y int64) {
	edges := appendEdges(nil, append(slices.Clone(r), r[0]), false)
	for _, e := range edges {
		mx, my := 3*int64(e.A.X+e.B.X), 3*int64(e.A.Y+e.B.Y)
		for _, d := range [4][2]int64{{1, 0}, {0, 1}, {-1, 0}, {0, -1}} {
			x, y = mx+d[0], my+d[1]
			onEdge := slices.ContainsFunc(edges, func(e ring.Edge) bool {
				return (6*int64(e.A.X)-x)*(6*int64(e.B.Y)-y) == (6*int64(e.B.X)-x)*(6*int64(e.A.Y)-y)
			})
			if !onEdge && covers(edges, x, y) {
				return x, y
			}
		}
	}
	return centre(r)
}

// again returns the narrow holes of the union after the patches.
func (s *Scene) again(patches []Patch) []ring.Ring {
	var edges []ring.Edge
	for i := range s.World.Polys {
		edges = append(edges, s.border(int32(i), patches)...)
	}
	var b ring.Builder
	var out []ring.Ring
	for _, r := range b.Build(edges, grid.Point{}) {
		if a := grid.Area2(r); a < 0 && narrow(r, -a) {
			out = append(out, r)
		}
	}
	return out
}
