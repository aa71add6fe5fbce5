package feature

import (
	"math"

	"github.com/paulmach/orb"
)

// Measure is what the area of a feature measures.
type Measure struct {
	// Area on the WGS 84 ellipsoid, km². Borders run straight on a map of
	// longitude and latitude, as GeoJSON has it (RFC 7946, 3.1.1).
	Area float64
	// Perimeter of all rings, holes too, km on a sphere of the Earth's mean
	// radius: at most 0.6 % off the ellipsoid. What lies on ±180 is where a
	// feature was cut and no border, and does not count.
	Perimeter float64
	// Centroid is the mean longitude and latitude of the area, degrees. It need
	// not lie in it.
	Centroid orb.Point
	// Bounds of all positions, degrees; the zero Bound where there is none.
	Bounds orb.Bound
	// Vertices counts positions; the one that closes a ring is its first.
	Vertices int
}

// Complexity is vertices per km of perimeter, 0 where there is no perimeter.
func (m Measure) Complexity() float64 {
	if m.Perimeter == 0 {
		return 0
	}
	return float64(m.Vertices) / m.Perimeter
}

// The figure of the Earth: WGS 84, and the radius (km) of a sphere of mean
// radius, (2a + b) ÷ 3.
const (
	equatorRadius = 6378.137
	eccentricity2 = 0.0066943799901413165
	meanRadius    = 6371.0087714
)

const radians = math.Pi / 180

// MeasureOf measures mp in one pass, without allocation. Rings may be wound as
// they like: the first of a polygon is outside, all others are holes.
func MeasureOf(mp orb.MultiPolygon) Measure {
	var m Measure
	var sum integrals
	some := false
	var lon0 float64 // where longitudes are counted from
	for _, poly := range mp {
		for i, ring := range poly {
			if len(ring) == 0 {
				continue
			}
			if !some {
				some, lon0 = true, ring[0][0]
				m.Bounds = orb.Bound{Min: ring[0], Max: ring[0]}
			}
			var s integrals
			s.ring(ring, lon0, &m)
			if outer := i == 0; (s.sphere < 0) == outer {
				s.negate()
			}
			sum.add(s)
		}
	}
	m.Area = max(0, sum.ellipsoid) * equatorRadius * equatorRadius * (1 - eccentricity2)
	switch {
	case sum.sphere > 0:
		m.Centroid = orb.Point{
			wrap(lon0 + sum.lon/sum.sphere/radians),
			max(-90, min(90, sum.lat/sum.sphere/radians)),
		}
	case some: // no area: the middle of the box
		m.Centroid = m.Bounds.Center()
	}
	return m
}

// wrap brings a longitude that counts past ±180 back.
func wrap(lon float64) float64 {
	switch {
	case lon > 180:
		return lon - 360
	case lon < -180:
		return lon + 360
	}
	return lon
}

// integrals over an area, by Green's theorem from its border. The border runs
// from λ₁, φ₁ straight to λ₂, φ₂, and each is −∮ f dλ with
//
//	ellipsoid  its area ÷ b²       f = authalic(sin φ)
//	sphere     ∬ cos φ dφ dλ       f = sin φ
//	lon        ∬ λ cos φ dφ dλ     f = λ sin φ
//	lat        ∬ φ cos φ dφ dλ     f = φ sin φ + cos φ
//
// with Simpson's rule for each edge: f is a polynomial of at most first degree
// in λ times a function of φ, and exact along meridians and parallels.
type integrals struct{ ellipsoid, sphere, lon, lat float64 }

func (s *integrals) add(o integrals) {
	s.ellipsoid += o.ellipsoid
	s.sphere += o.sphere
	s.lon += o.lon
	s.lat += o.lat
}

func (s *integrals) negate() { *s = integrals{-s.ellipsoid, -s.sphere, -s.lon, -s.lat} }

// place is a position and what the integrands need of it, in radians.
type place struct{ lon, lat, sin, cos, authalic float64 }

func placeAt(lon, lat float64) place {
	sin, cos := math.Sincos(lat)
	return place{lon, lat, sin, cos, authalic(sin)}
}

// longEdge (radians) is where an edge is measured in pieces: below it the series
// and Simpson's rule are right to 10⁻⁸ of the area and a metre of the centroid,
// at 60°; less so near the poles. maxPieces bounds what positions far out of
// range cost.
const (
	longEdge  = 0.02
	maxPieces = 1024
)

// ring adds a ring. Longitudes count from lon0 (degrees), the short way round to
// the ring's first: the parts of a feature that was cut at ±180 lie together.
func (s *integrals) ring(ring orb.Ring, lon0 float64, m *Measure) {
	shift := lon0
	if d := ring[0][0] - lon0; d > 180 {
		shift += 360
	} else if d < -180 {
		shift -= 360
	}
	n := len(ring)
	if n > 1 && ring[0] == ring[n-1] {
		n--
	}
	m.Vertices += n
	before := ring[n-1]
	base := placeAt((before[0]-shift)*radians, before[1]*radians)
	a := base
	for _, p := range ring[:n] {
		m.Bounds = m.Bounds.Extend(p)
		b := placeAt((p[0]-shift)*radians, p[1]*radians)
		length := s.pieces(&a, &b, &base)
		if cut := before[0] == p[0] && math.Abs(p[0]) == 180; !cut {
			m.Perimeter += length
		}
		a, before = b, p
	}
}

// pieces adds an edge, piece by piece if it is long, and returns its length, km.
func (s *integrals) pieces(a, b, base *place) (length float64) {
	n := max(math.Abs(b.lat-a.lat), math.Abs(b.lon-a.lon)) / longEdge
	if n <= 1 {
		s.edge(a, b, base)
		return distance(a, b)
	}
	n = min(math.Ceil(n), maxPieces)
	from := *a
	for i := 1.0; i <= n; i++ {
		t := i / n
		to := placeAt(a.lon+t*(b.lon-a.lon), a.lat+t*(b.lat-a.lat))
		s.edge(&from, &to, base)
		length += distance(&from, &to)
		from = to
	}
	return length
}

// edge adds one edge. The integrands are taken less what they are at base,
// which changes no ring's sum and keeps small rings exact.
func (s *integrals) edge(a, b, base *place) {
	dlon := b.lon - a.lon
	if dlon == 0 {
		return
	}
	// The middle: sines and cosines of half the sum, from those of the ends.
	inv := 1 / (2 * cosSmall((b.lat-a.lat)/2))
	lon, lat, sin, cos := (a.lon+b.lon)/2, (a.lat+b.lat)/2, (a.sin+b.sin)*inv, (a.cos+b.cos)*inv
	w := -dlon / 6
	s.ellipsoid += w * ((a.authalic - base.authalic) + 4*(authalic(sin)-base.authalic) + (b.authalic - base.authalic))
	sa, sm, sb := a.sin-base.sin, sin-base.sin, b.sin-base.sin
	s.sphere += w * (sa + 4*sm + sb)
	s.lon += w * (a.lon*sa + 4*lon*sm + b.lon*sb)
	c := base.lat*base.sin + base.cos
	s.lat += w * ((a.lat*a.sin + a.cos - c) + 4*(lat*sin+cos-c) + (b.lat*b.sin + b.cos - c))
}

// cosSmall is the cosine of at most longEdge, as a series.
func cosSmall(x float64) float64 {
	x2 := x * x
	return 1 - x2/2*(1-x2/12*(1-x2/30))
}

// authalic is the area between the equator and a latitude on the ellipsoid, per
// radian of longitude and in units of its polar radius squared (Snyder 1987,
// eq. 3-12, halved): s/(1−e²s²)/2 + artanh(e s)/2e as a series in e².
func authalic(s float64) float64 {
	t := eccentricity2 * s * s
	return s * (1 + t*(2./3+t*(3./5+t*(4./7+t*(5./9)))))
}

// distance is the length of a short arc of a great circle, km: the haversine,
// with series for the sine and its inverse.
func distance(a, b *place) float64 {
	x, y := sinSmall((b.lat-a.lat)/2), sinSmall((b.lon-a.lon)/2)
	h := x*x + a.cos*b.cos*y*y
	return 2 * meanRadius * math.Sqrt(h) * (1 + h/6*(1+h*9/20))
}

// sinSmall is the sine of at most longEdge.
func sinSmall(x float64) float64 {
	x2 := x * x
	return x * (1 - x2/6*(1-x2/20*(1-x2/42)))
}
