package mend

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// Vanished units, by place.
func TestVanished(t *testing.T) {
	for _, c := range []struct {
		name           string
		layers         [][]orb.MultiPolygon
		shown, dropped []int32
	}{
		{"nothing vanishes", [][]orb.MultiPolygon{{one(box(10, 10, 20, 20))}}, nil, nil},
		//        ·       an island in the open sea
		{"island", [][]orb.MultiPolygon{{one(box(100.1, 100.1, 100.3, 100.4))}}, []int32{0}, nil},
		// ┌───┐
		// │ · │          an enclave of a tenth of a unit has no room of its own
		// └───┘
		{"enclave", [][]orb.MultiPolygon{{one(box(10, 10, 30, 30), box(20.1, 20.1, 20.4, 20.4)), one(box(20.1, 20.1, 20.4, 20.4))}}, nil, []int32{1}},
		// ┌──┬┬──┐
		// │  ││  │       a strip of 9 square units between two others must be drawn
		// └──┴┴──┘
		{"strip", [][]orb.MultiPolygon{{one(box(10, 10, 30, 40)), one(box(30, 10, 30.3, 40)), one(box(30.3, 10, 60, 40))}}, []int32{1}, nil},
		{"thin strip", [][]orb.MultiPolygon{{one(box(10, 10, 30, 40)), one(box(30, 10, 30.1, 40)), one(box(30.1, 10, 60, 40))}}, nil, []int32{1}},
		// a strip along a coast takes sea, not land
		{"strip on a coast", [][]orb.MultiPolygon{{one(box(10, 10, 30, 40)), one(box(30, 10, 30.1, 40))}}, []int32{1}, nil},
		// a unit that is a country: both come up with one patch
		{"island of two levels", [][]orb.MultiPolygon{{one(box(50.1, 50.1, 50.3, 50.3))}, {one(box(50.1, 50.1, 50.3, 50.3))}}, []int32{0, 1}, nil},
		// of an archipelago one part is enough
		{"archipelago", [][]orb.MultiPolygon{{{{box(50.1, 50.1, 50.2, 50.2)}, {box(70.1, 70.1, 70.4, 70.4)}, {box(90.1, 50.1, 90.2, 50.2)}}}}, []int32{0}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := build(80, c.layers...)
			got := s.Vanished(unit, 0)
			if !slices.Equal(got.Shown, c.shown) || !slices.Equal(got.Dropped, c.dropped) {
				t.Errorf("shown %v, dropped %v, want %v and %v", got.Shown, got.Dropped, c.shown, c.dropped)
			}
			s.must(t, got.Patches)
			if len(got.Patches) > 1 {
				t.Errorf("%d patches", len(got.Patches))
			}
			for _, i := range got.Shown {
				if s.Area2[i] <= 0 {
					t.Errorf("polygon %d has area %d/2", i, s.Area2[i])
				}
			}
		})
	}
}

// The largest part of an archipelago is the one drawn.
func TestArchipelagoShowsItsLargestPart(t *testing.T) {
	s := build(80, []orb.MultiPolygon{{{box(50.1, 50.1, 50.2, 50.2)}, {box(70.1, 70.1, 70.4, 70.4)}, {box(90.1, 50.1, 90.2, 50.2)}}})
	got := s.Vanished(unit, 0)
	if len(got.Patches) != 1 || got.Patches[0].Rings[0][0].X < 65 || got.Patches[0].Rings[0][0].X > 75 {
		t.Errorf("%v", got.Patches)
	}
}

// At the corners and edges of the world, and by the sides of tiles, a shape
// stays on its side.
func TestVanishedAtTheEdges(t *testing.T) {
	const end = step << zoom
	for _, margin := range []int32{0, 1, 80} {
		for _, x := range []float64{0, 0.2, 79.9, 80.1, step - 0.1, step + 0.2, end - 80.1, end - 0.3, end - 0.1} {
			for _, y := range []float64{0, 0.2, step - 1, end - 0.1} {
				s := build(margin, []orb.MultiPolygon{one(box(x, y, x+0.1, y+0.1))})
				got := s.Vanished(unit, 0)
				if len(got.Shown) != 1 {
					t.Errorf("margin %d: island at %g, %g: %v", margin, x, y, got)
				}
				s.must(t, got.Patches)
				s = build(margin, []orb.MultiPolygon{one(box(x, y, x+0.1, y+0.1))})
				if got = s.Everywhere(); len(got.Shown) != 1 {
					t.Errorf("margin %d: island at %g, %g, everywhere: %v", margin, x, y, got)
				}
				s.must(t, got.Patches)
			}
		}
		// A strip along the world's edge: what is beyond is no room.
		s := build(margin, []orb.MultiPolygon{one(box(end-20, 10, end-0.3, 40)), one(box(end-0.3, 10, end, 40))})
		s.must(t, s.Vanished(unit, 0).Patches)
	}
}

// Land, specks and strips at random: whatever is drawn is drawn where it may.
func TestVanishedAtRandom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 11))
		margin := rapid.SampledFrom([]int32{0, 1, 8}).Draw(t, "margin")
		at := rapid.SampledFrom([]float64{0, step - 20, step<<zoom - 40}).Draw(t, "at")
		var units []orb.MultiPolygon
		// A row of columns of random widths, many of which round to nothing.
		x := at
		for x < at+20 {
			wide := rng.Float64() * rng.Float64() * 4
			if rng.IntN(4) > 0 {
				units = append(units, one(box(x, at+5, x+wide, at+8+rng.Float64()*10)))
			}
			x += wide
		}
		for range rapid.IntRange(0, 12).Draw(t, "specks") {
			px, py := at+rng.Float64()*39, at+20+rng.Float64()*19
			n := rng.Float64() * 0.6
			units = append(units, one(box(px, py, px+n, py+n)))
		}
		s := build(margin, units)
		before := slices.Clone(s.Area2)
		got := s.Vanished(unit, 0)
		if err := s.checkPatches(got.Patches); err != nil {
			t.Fatal(err)
		}
		for i, a := range before {
			shown, dropped := slices.Contains(got.Shown, int32(i)), slices.Contains(got.Dropped, int32(i))
			if (a > 0) == (shown || dropped) || shown && dropped || shown != (a <= 0 && s.Area2[i] > 0) {
				t.Fatalf("polygon %d: area %d/2, then %d/2; shown %v, dropped %v", i, a, s.Area2[i], shown, dropped)
			}
			if a > 0 && s.Area2[i] <= 0 {
				t.Fatalf("polygon %d lost its last ground", i)
			}
		}
	})
}

// With room for all of them every policy draws a square, overlaps or not.
func TestEverywhere(t *testing.T) {
	s := build(80, []orb.MultiPolygon{
		one(box(10, 10, 30, 30), box(20.1, 20.1, 20.4, 20.4)), one(box(20.1, 20.1, 20.4, 20.4)), one(box(50.1, 50.1, 50.2, 50.2)),
	})
	got := s.Everywhere()
	if !slices.Equal(got.Shown, []int32{1, 2}) || len(got.Dropped) != 0 || len(got.Patches) != 2 {
		t.Errorf("%+v", got)
	}
	for _, i := range got.Shown {
		if s.Area2[i] != 18 {
			t.Errorf("polygon %d has area %d/2, want that of 3 × 3", i, s.Area2[i])
		}
	}
}
