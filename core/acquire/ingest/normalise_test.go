package ingest

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// normalised puts one polygon through the normaliser.
func normalised(rings ...orb.Ring) (orb.MultiPolygon, feature.Faults) {
	var s shape
	for _, r := range rings {
		s.pts = append(s.pts, r...)
		s.endRing()
	}
	s.endPolygon()
	var faults feature.Faults
	n := normaliser{fault: faults.Add}
	return n.normalise(&s), faults
}

// area is the area of mp in square degrees.
func area(mp orb.MultiPolygon) float64 {
	sum := 0.0
	for _, poly := range mp {
		for i, r := range poly {
			a := math.Abs(ringArea(r)) / 2
			if i > 0 {
				a = -a
			}
			sum += a
		}
	}
	return sum
}

func box(w, s, e, n float64) orb.Ring {
	return orb.Ring{{w, s}, {e, s}, {e, n}, {w, n}, {w, s}}
}

func reversed(r orb.Ring) orb.Ring {
	c := r.Clone()
	c.Reverse()
	return c
}

func TestAntimeridian(t *testing.T) {
	const eps = 1e-9
	tests := []struct {
		name  string
		rings []orb.Ring
		parts int
		holes int
		area  float64
		codes string
	}{
		{"untouched beside", []orb.Ring{box(170, 0, 180, 10)}, 1, 0, 100, ""},
		{"untouched west", []orb.Ring{box(-180, 0, -170, 10)}, 1, 0, 100, ""},
		{"crossing", []orb.Ring{{{175, 0}, {-175, 0}, {-175, 10}, {175, 10}, {175, 0}}}, 2, 0, 100, "antimeridian-split 1"},
		{"crossing, clockwise", []orb.Ring{{{175, 0}, {175, 10}, {-175, 10}, {-175, 0}, {175, 0}}}, 2, 0, 100, "antimeridian-split 1"},
		{"crossing, unclosed", []orb.Ring{{{175, 0}, {-175, 0}, {-175, 10}, {175, 10}}}, 2, 0, 100, "antimeridian-split 1, unclosed-ring 1"},
		{"crossing on vertices", []orb.Ring{{{175, 0}, {180, 0}, {-180, 0}, {-175, 0}, {-175, 10}, {-180, 10}, {180, 10}, {175, 10}, {175, 0}}}, 2, 0, 100, "antimeridian-split 1"},
		{"beyond 180", []orb.Ring{box(175, 0, 185, 10)}, 2, 0, 100, "antimeridian-split 1, longitude-wrapped 1"},
		{"beyond -180", []orb.Ring{box(-185, 0, -175, 10)}, 2, 0, 100, "antimeridian-split 1, longitude-wrapped 1"},
		{"one turn on", []orb.Ring{box(190, 0, 200, 10)}, 1, 0, 100, "longitude-wrapped 1"},
		{"one turn on from 180", []orb.Ring{box(180, 0, 190, 10)}, 1, 0, 100, "longitude-wrapped 1"},
		{"one turn back", []orb.Ring{box(-540, 0, -530, 10)}, 1, 0, 100, "longitude-wrapped 1"},
		{"rounding past 180", []orb.Ring{box(170, 0, 180.0000000000002, 10)}, 1, 0, 100, "longitude-wrapped 1"},
		{"hole beside", []orb.Ring{box(170, 0, 190, 10), box(171, 1, 172, 2)}, 2, 1, 199, "antimeridian-split 1, longitude-wrapped 1"},
		{"hole over it", []orb.Ring{box(170, 0, 190, 10), box(179, 4, 181, 6)}, 2, 0, 196, "antimeridian-split 2, longitude-wrapped 2"},
		{"only the hole over it", []orb.Ring{box(-180, -90, 180, 90), box(175, 0, 185, 10)}, 1, 2, 360*180 - 100, "antimeridian-split 1, longitude-wrapped 1"},
		{"horseshoe open to the west", []orb.Ring{{{170, 0}, {-170, 0}, {-170, 10}, {170, 10}, {170, 8}, {-175, 8}, {-175, 2}, {170, 2}, {170, 0}}}, 3, 0, 110, "antimeridian-split 1"},
		{"Antarctica cut at 180", []orb.Ring{{{-180, -90}, {180, -90}, {180, -80}, {0, -70}, {-180, -80}, {-180, -90}}}, 1, 0, 5400, ""},
		{"Antarctica cut at 180 and 85 south", []orb.Ring{{{-180, -85}, {180, -85}, {180, -80}, {90, -80}, {0, -70}, {-90, -80}, {-180, -80}, {-180, -85}}}, 1, 0, 2700, ""},
		{"around the south pole", []orb.Ring{{{-120, -80}, {0, -80}, {120, -80}, {-120, -80}}}, 1, 0, 3600, "antimeridian-split 1"},
		{"around the north pole, westward", []orb.Ring{{{120, 80}, {0, 80}, {-120, 80}, {120, 80}}}, 1, 0, 3600, "antimeridian-split 1"},
		{"frame of the world", []orb.Ring{box(-180, -90, 180, 90)}, 1, 0, 360 * 180, ""},
		{"frame without the poles", []orb.Ring{box(-180, -60, 180, 60)}, 1, 0, 360 * 120, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			mp, faults := normalised(tt.rings...)
			checkGeometry(t, mp)
			holes := 0
			for _, poly := range mp {
				holes += len(poly) - 1
			}
			if len(mp) != tt.parts || holes != tt.holes || math.Abs(area(mp)-tt.area) > eps {
				t.Errorf("%d parts, %d holes, area %v; want %d, %d, %v\n%v", len(mp), holes, area(mp), tt.parts, tt.holes, tt.area, mp)
			}
			if got := faultCounts(&faults); got != tt.codes {
				t.Errorf("faults %q, want %q", got, tt.codes)
			}
		})
	}
}

// TestSharedCrossing: two neighbours that share an edge over ±180 keep sharing
// every vertex of it.
func TestSharedCrossing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lat := rapid.Float64Range(-60, 60)
		a := orb.Point{rapid.Float64Range(170, 180).Draw(t, "a"), lat.Draw(t, "alat")}
		b := orb.Point{rapid.Float64Range(-180, -170).Draw(t, "b"), lat.Draw(t, "blat")}
		north, _ := normalised(orb.Ring{a, b, {-179.5, 80}, {179.5, 80}, a})
		south, _ := normalised(orb.Ring{b, a, {179.5, -80}, {-179.5, -80}, b})
		want := crossingLat(a, b)
		for _, mp := range []orb.MultiPolygon{north, south} {
			east, west := false, false
			for _, poly := range mp {
				for _, p := range poly[0] {
					east = east || p == orb.Point{180, want}
					west = west || p == orb.Point{-180, want}
				}
			}
			if !east || !west {
				t.Fatalf("no vertex at ±180, %v in %v", want, mp)
			}
		}
	})
}

// star is a simple ring around a centre, with n vertices.
func star(t *rapid.T, x, y, most float64) orb.Ring {
	n := rapid.IntRange(3, 40).Draw(t, "n")
	r := make(orb.Ring, 0, n+1)
	for i := range n {
		a := 2 * math.Pi * float64(i) / float64(n)
		d := rapid.Float64Range(most/10, most).Draw(t, "d")
		r = append(r, orb.Point{x + d*math.Cos(a), y + d*math.Sin(a)})
	}
	return append(r, r[0])
}

// TestSplitKeepsArea: wherever a ring lies relative to ±180, whichever way it
// is wound and whether it is given beyond ±180 or with jumps, its parts cover
// the same ground.
func TestSplitKeepsArea(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Range(150, 210).Draw(t, "x")
		r := star(t, x, rapid.Float64Range(-50, 50).Draw(t, "y"), 30)
		want := math.Abs(ringArea(r)) / 2
		given := r.Clone()
		if rapid.Bool().Draw(t, "jumps") {
			for i := range given {
				if given[i][0] > 180 {
					given[i][0] -= 360
				}
			}
		}
		if rapid.Bool().Draw(t, "clockwise") {
			given.Reverse()
		}
		mp, _ := normalised(given)
		checkGeometry(t, mp)
		if got := area(mp); math.Abs(got-want) > 1e-6 {
			t.Fatalf("area %v, want %v: %v", got, want, mp)
		}
	})
}

// TestNormalTwice: what is normalised stays as it is.
func TestNormalTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := star(t, rapid.Float64Range(-179, 179).Draw(t, "x"), rapid.Float64Range(-80, 80).Draw(t, "y"), 20)
		once, _ := normalised(r)
		for _, poly := range once {
			again, faults := normalised(poly...)
			if diff := cmp.Diff(orb.MultiPolygon{poly}, again); diff != "" || faults.Total() != 0 {
				t.Fatalf("%s\nfaults %s", diff, faultCounts(&faults))
			}
		}
	})
}

func TestBowTieIsKept(t *testing.T) {
	mp, faults := normalised(orb.Ring{{0, 0}, {1, 1}, {1, 0}, {0, 1}, {0, 0}})
	if len(mp) != 1 || faults.Total() != 0 {
		t.Errorf("%v, faults %s: a ring without net area still covers ground", mp, faultCounts(&faults))
	}
}

func TestLocate(t *testing.T) {
	r := orb.Ring{{0, 0}, {4, 0}, {4, 4}, {2, 2}, {0, 4}, {0, 0}}
	for p, want := range map[orb.Point]int{
		{1, 1}: 1, {2, 3}: -1, {2, 2}: 0, {0, 2}: 0, {4, 0}: 0, {3, 2}: 1, {-1, 0}: -1, {5, 4}: -1, {2, 0}: 0, {-1, 4}: -1,
	} {
		if got := locate(r, p); got != want {
			t.Errorf("locate %v is %d, want %d", p, got, want)
		}
		if got := locate(reversed(r), p); got != want {
			t.Errorf("locate %v in the reversed ring is %d, want %d", p, got, want)
		}
	}
}
