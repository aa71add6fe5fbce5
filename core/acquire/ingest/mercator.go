package ingest

import (
	"math"

	"github.com/wroge/wgs84"
)

// transverseMercator is the projection of UTM, Gauss-Krüger and many national
// grids, by Krüger's series to the fourth order: exact to less than a
// millimetre within 30 degrees of the meridian. The library's own is metres
// off at the edge of a zone and 80 m at twice that.
type transverseMercator struct {
	lon0, east0, north0 float64
	radius              float64 // of the rectifying sphere, scaled
	e                   float64 // first eccentricity
	xi0                 float64 // rectifying latitude of the origin
	alpha, beta, delta  [4]float64
}

func newTransverseMercator(s wgs84.Spheroid, lon0, lat0, scale, east0, north0 float64) transverseMercator {
	f := 1 / s.Fi()
	n := f / (2 - f)
	n2, n3, n4 := n*n, n*n*n, n*n*n*n
	t := transverseMercator{
		lon0: lon0, east0: east0, north0: north0,
		radius: scale * s.A() / (1 + n) * (1 + n2/4 + n4/64),
		e:      math.Sqrt(f * (2 - f)),
		alpha: [4]float64{
			n/2 - 2*n2/3 + 5*n3/16 + 41*n4/180,
			13*n2/48 - 3*n3/5 + 557*n4/1440,
			61*n3/240 - 103*n4/140,
			49561 * n4 / 161280,
		},
		beta: [4]float64{
			n/2 - 2*n2/3 + 37*n3/96 - n4/360,
			n2/48 + n3/15 - 437*n4/1440,
			17*n3/480 - 37*n4/840,
			4397 * n4 / 161280,
		},
		delta: [4]float64{
			2*n - 2*n2/3 - 2*n3 + 116*n4/45,
			7*n2/3 - 8*n3/5 - 227*n4/45,
			56*n3/15 - 136*n4/35,
			4279 * n4 / 630,
		},
	}
	t.xi0, _ = t.rectify(math.Atan(t.conformal(lat0)), 0)
	return t
}

// conformal is the tangent of the conformal latitude of lat degrees.
func (t transverseMercator) conformal(lat float64) float64 {
	sin := math.Sin(lat * math.Pi / 180)
	return math.Sinh(math.Atanh(sin) - t.e*math.Atanh(t.e*sin))
}

// rectify turns the sphere's transverse coordinates into the ellipsoid's.
func (t transverseMercator) rectify(x, y float64) (xi, eta float64) {
	xi, eta = x, y
	for j, a := range t.alpha {
		k := 2 * float64(j+1)
		xi += a * math.Sin(k*x) * math.Cosh(k*y)
		eta += a * math.Cos(k*x) * math.Sinh(k*y)
	}
	return xi, eta
}

// ToLonLat implements wgs84.Projection; the spheroid is that of the making.
func (t transverseMercator) ToLonLat(east, north float64, _ wgs84.Spheroid) (lon, lat float64) {
	xi, eta := (north-t.north0)/t.radius+t.xi0, (east-t.east0)/t.radius
	x, y := xi, eta
	for j, b := range t.beta {
		k := 2 * float64(j+1)
		x -= b * math.Sin(k*xi) * math.Cosh(k*eta)
		y -= b * math.Cos(k*xi) * math.Sinh(k*eta)
	}
	chi := math.Asin(math.Sin(x) / math.Cosh(y))
	phi := chi
	for j, d := range t.delta {
		phi += d * math.Sin(2*float64(j+1)*chi)
	}
	return t.lon0 + math.Atan2(math.Sinh(y), math.Cos(x))*180/math.Pi, phi * 180 / math.Pi
}

// FromLonLat implements wgs84.Projection.
func (t transverseMercator) FromLonLat(lon, lat float64, _ wgs84.Spheroid) (east, north float64) {
	tan, l := t.conformal(lat), (lon-t.lon0)*math.Pi/180
	x := math.Atan2(tan, math.Cos(l))
	y := math.Asinh(math.Sin(l) / math.Hypot(tan, math.Cos(l)))
	xi, eta := t.rectify(x, y)
	return t.east0 + t.radius*eta, t.north0 + t.radius*(xi-t.xi0)
}

// gridOn makes a system of d with the transverse Mercator projection.
func gridOn(d wgs84.Datum, lon0, lat0, scale, east0, north0 float64) wgs84.CoordinateReferenceSystem {
	return wgs84.ProjectedReferenceSystem{Datum: d, Projection: newTransverseMercator(d, lon0, lat0, scale, east0, north0)}
}

// numberedGrid returns the system of an EPSG code that is a transverse
// Mercator grid.
func numberedGrid(code int) wgs84.CoordinateReferenceSystem {
	zone := float64(code % 100)
	switch {
	case code > 32600 && code <= 32660:
		return gridOn(wgs84.WGS84(), 6*zone-183, 0, 0.9996, 500000, 0)
	case code > 32700 && code <= 32760:
		return gridOn(wgs84.WGS84(), 6*zone-183, 0, 0.9996, 500000, 10000000)
	case code >= 25828 && code <= 25838:
		return gridOn(wgs84.ETRS89(), 6*zone-183, 0, 0.9996, 500000, 0)
	case code >= 31466 && code <= 31469:
		z := float64(code - 31464)
		return gridOn(wgs84.DHDN2001(), 3*z, 0, 1, z*1e6+500000, 0)
	case code == 27700:
		return gridOn(wgs84.OSGB36(), -2, 49, 0.9996012717, 400000, -100000)
	}
	return nil
}
