package feature

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"pgregory.net/rapid"
)

// box is an outer ring.
func box(west, south, east, north float64) orb.Ring {
	return orb.Ring{{west, south}, {east, south}, {east, north}, {west, north}, {west, south}}
}

func near(got, want, tolerance float64) bool { return math.Abs(got-want) <= tolerance*math.Abs(want) }

func TestKnownMeasures(t *testing.T) {
	const degree = math.Pi / 180 * meanRadius // km
	hole := box(0.25, 0.25, 0.75, 0.75)
	hole.Reverse()
	for _, c := range []struct {
		name      string
		mp        orb.MultiPolygon
		area      float64
		perimeter float64
		centroid  orb.Point
		vertices  int
	}{
		// The ellipsoid's surface, 510,065,621.7 km² (WGS 84), and its zones:
		// EPSG guidance note 7-2, Snyder (1987).
		{"the world", orb.MultiPolygon{{box(-180, -90, 180, 90)}}, 510065621.724, 0, orb.Point{0, 0}, 4},
		{"an eighth", orb.MultiPolygon{{box(0, 0, 90, 90)}}, 510065621.724 / 8, 180*degree + 0 + 90*degree, orb.Point{45, 90 - 180/math.Pi}, 4},
		{"a cell at the equator", orb.MultiPolygon{{box(0, 0, 1, 1)}}, 12308.778, 2*degree + degree*(1+math.Cos(radians)), orb.Point{0.5, 0.5}, 4},
		{"a frame", orb.MultiPolygon{{box(0, 0, 1, 1), hole}}, 12308.778 * 3 / 4, 6 * degree, orb.Point{0.5, 0.5}, 8},
		{"two parts", orb.MultiPolygon{{box(0, 0, 1, 1)}, {box(2, 0, 3, 1)}}, 2 * 12308.778, 8 * degree, orb.Point{1.5, 0.5}, 8},
		{"across the antimeridian", orb.MultiPolygon{{box(179, 0, 180, 1)}, {box(-180, 0, -178, 1)}}, 3 * 12308.778, 2*degree + 3*degree*(1+math.Cos(radians)), orb.Point{-179.5, 0.5}, 8},
		{"and from the other side", orb.MultiPolygon{{box(-180, 0, -178, 1)}, {box(179, 0, 180, 1)}}, 3 * 12308.778, 2*degree + 3*degree*(1+math.Cos(radians)), orb.Point{-179.5, 0.5}, 8},
		{"nothing", nil, 0, 0, orb.Point{}, 0},
		{"a line", orb.MultiPolygon{{{{1, 2}, {3, 2}, {1, 2}}}}, 0, 4 * degree * math.Cos(2*radians), orb.Point{2, 2}, 2},
		{"a point", orb.MultiPolygon{{{{1, 2}}, {}}, {}}, 0, 0, orb.Point{1, 2}, 1},
	} {
		for _, reverse := range []bool{false, true} {
			mp := c.mp.Clone()
			for _, p := range mp {
				for _, r := range p {
					if reverse {
						r.Reverse()
					}
				}
			}
			m := MeasureOf(mp)
			if !near(m.Area, c.area, 1e-4) || !near(m.Perimeter, c.perimeter, 1e-4) && math.Abs(m.Perimeter-c.perimeter) > 1e-9 || m.Vertices != c.vertices ||
				math.Abs(m.Centroid[0]-c.centroid[0]) > 1e-4 || math.Abs(m.Centroid[1]-c.centroid[1]) > 1e-4 {
				t.Errorf("%s, reversed %v: %+v", c.name, reverse, m)
			}
			if len(c.mp) > 0 && m.Bounds != c.mp.Bound() || m.Perimeter > 0 && m.Complexity() != float64(c.vertices)/m.Perimeter {
				t.Errorf("%s: %+v, complexity %v", c.name, m, m.Complexity())
			}
		}
	}
}

// On the sphere that orb/geo knows: its area sums another approximation of the
// edges, so that small features agree better.
func TestMeasuresAgainstOrb(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := rapid.Float64Range(-179, 179).Draw(t, "x"), rapid.Float64Range(-60, 60).Draw(t, "y")
		size := math.Pow(10, rapid.Float64Range(-4, -1).Draw(t, "size"))
		n := rapid.IntRange(3, 40).Draw(t, "n")
		var ring orb.Ring // a star around x, y
		for i := range n {
			s, c := math.Sincos(2 * math.Pi * float64(i) / float64(n))
			r := size * rapid.Float64Range(0.5, 1).Draw(t, "r")
			ring = append(ring, orb.Point{x + r*c, y + r*s})
		}
		ring = append(ring, ring[0])
		m := MeasureOf(orb.MultiPolygon{{ring}})
		if want := geo.LengthHaversine(ring) * meanRadius / orb.EarthRadius; !near(m.Perimeter, want, 1e-6) {
			t.Fatalf("perimeter %v, want %v", m.Perimeter, want)
		}
		// cos β dβ of the ellipsoid to cos φ dφ of the sphere, at this latitude.
		s := math.Sin(y * radians)
		local := (1 - eccentricity2) / math.Pow(1-eccentricity2*s*s, 2)
		if want := geo.Area(ring) / 1e6 * local; !near(m.Area, want, 1e-2*size+1e-4) {
			t.Fatalf("area %v, want %v", m.Area, want)
		}
		if m.Bounds != ring.Bound() || m.Vertices != n {
			t.Fatalf("%+v", m)
		}
	})
}

// What is measured does not depend on how a polygon is cut, wound or moved
// around the Earth.
func TestMeasuresAdd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lon := rapid.Float64Range(-100, 100).Draw(t, "lon")
		south := rapid.Float64Range(-60, 51).Draw(t, "south")
		a := rapid.Float64Range(0.01, 60).Draw(t, "a")
		h := rapid.Float64Range(0.01, 9).Draw(t, "h")
		whole := orb.MultiPolygon{{{{lon, south}, {lon + a, south}, {lon, south + h}, {lon, south}}}}
		mid := orb.Point{lon + a/2, south + h/2}
		halves := orb.MultiPolygon{
			{{{lon, south}, {lon + a, south}, mid, {lon, south}}},
			{{{lon, south}, {lon, south + h}, mid, {lon, south}}}, // clockwise
		}
		w, p := MeasureOf(whole), MeasureOf(halves)
		if !near(p.Area, w.Area, 1e-7) || math.Abs(p.Centroid[0]-w.Centroid[0]) > 2e-5 || math.Abs(p.Centroid[1]-w.Centroid[1]) > 2e-5 {
			t.Fatalf("%+v in halves, %+v whole", p, w)
		}
		for i := range whole[0][0] {
			whole[0][0][i][0] -= 15.5
		}
		if m := MeasureOf(whole); !near(m.Area, w.Area, 1e-9) || !near(m.Perimeter, w.Perimeter, 1e-9) || math.Abs(m.Centroid[0]+15.5-w.Centroid[0]) > 1e-9 {
			t.Fatalf("%+v moved, %+v before", m, w)
		}
	})
}

// A feature of a metre is measured as well as one of a continent.
func TestSmallMeasures(t *testing.T) {
	const d = 1e-5 // degrees
	m := MeasureOf(orb.MultiPolygon{{box(11.123, 47.456, 11.123+d, 47.456+d)}})
	s := math.Sin((47.456 + d/2) * radians)
	nm := equatorRadius * equatorRadius * (1 - eccentricity2) / math.Pow(1-eccentricity2*s*s, 2)
	want := nm * math.Cos((47.456+d/2)*radians) * d * d * radians * radians
	if !near(m.Area, want, 1e-6) || math.Abs(m.Centroid[0]-11.123-d/2) > 1e-4*d || math.Abs(m.Centroid[1]-47.456-d/2) > 1e-2*d {
		t.Errorf("%+v, area should be %v", m, want)
	}
}

func TestMeasureOfWhatIsOutOfRange(t *testing.T) {
	for _, v := range []float64{math.NaN(), math.Inf(1), 1e300} {
		// It ends, however long the edges, and counts what it was given.
		if m := MeasureOf(orb.MultiPolygon{{{{0, 0}, {v, 1}, {1, v}, {0, 0}}}}); m.Vertices != 3 {
			t.Errorf("%g: %d vertices", v, m.Vertices)
		}
	}
}

func TestMeasureAllocatesNothing(t *testing.T) {
	mp := orb.MultiPolygon{{box(0, 0, 50, 1)}, {box(2, 0, 3, 1)}}
	if n := testing.AllocsPerRun(10, func() { MeasureOf(mp) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
