package ingest

import (
	"fmt"
	"math"
	"strings"

	"github.com/paulmach/orb"
	"github.com/wroge/wgs84"
)

// wktProjection returns the projection that a coordinate system's text
// describes; nil for degrees on WGS 84 or within a metre or two of it. A
// system that is not supported is refused by name.
func wktProjection(text string) (projection, error) {
	root, err := parseWKT(text)
	if err != nil {
		return nil, err
	}
	switch root.name {
	case "GEOGCS", "GEOGCRS", "GEODCRS":
		return geographic(&root)
	case "PROJCS":
		return projected(&root)
	case "COMPD_CS": // with heights, which are left out
		for i := range root.nodes {
			switch root.nodes[i].name {
			case "GEOGCS":
				return geographic(&root.nodes[i])
			case "PROJCS":
				return projected(&root.nodes[i])
			}
		}
	}
	return nil, refused(&root, root.name)
}

// refused makes the error for a system that is not supported because of what.
func refused(n *wktNode, what string) error {
	return fmt.Errorf("%w %q (%s); export the file as WGS 84 (EPSG:4326)", ErrProjection, n.text, what)
}

func geographic(n *wktNode) (projection, error) {
	datum, same, err := datumOf(n)
	if err != nil || same {
		return nil, err
	}
	return toDegrees(datum.LonLat()), nil
}

// datumOf returns the datum of a GEOGCS; same is set if it agrees with WGS 84
// to a metre or two.
func datumOf(n *wktNode) (d wgs84.Datum, same bool, err error) {
	if n == nil {
		return d, false, fmt.Errorf("%w: no GEOGCS in the text of the coordinate system", ErrProjection)
	}
	if unit, ok := n.find("UNIT").number(0); ok && math.Abs(unit-math.Pi/180) > 1e-9 {
		return d, false, refused(n, "its angles are not in degrees")
	}
	if meridian, ok := n.find("PRIMEM").number(0); ok && meridian != 0 {
		return d, false, refused(n, "its prime meridian is not Greenwich")
	}
	datum := n.find("DATUM")
	if datum == nil {
		return d, false, refused(n, "no datum")
	}
	spheroid := datum.find("SPHEROID")
	if spheroid == nil {
		spheroid = datum.find("ELLIPSOID")
	}
	a, okA := spheroid.number(0)
	inverse, okF := spheroid.number(1)
	if !okA || !okF {
		return d, false, refused(n, "no spheroid")
	}
	if shift := datum.find("TOWGS84"); shift != nil && len(shift.numbers) >= 3 {
		t := append(append([]float64(nil), shift.numbers...), 0, 0, 0, 0)
		if t[0] != 0 || t[1] != 0 || t[2] != 0 || t[6] != 0 || !isGlobal(a, inverse) {
			return wgs84.Helmert(a, inverse, t[0], t[1], t[2], t[3], t[4], t[5], t[6]), false, nil
		}
	}
	if isGlobal(a, inverse) {
		return wgs84.Helmert(a, inverse, 0, 0, 0, 0, 0, 0, 0), true, nil
	}
	d, ok := localDatum(datum.text)
	if !ok {
		return d, false, refused(n, "the shift of datum "+datum.text+" to WGS 84 is not known")
	}
	return d, false, nil
}

// isGlobal tells the spheroids of WGS 84 and of GRS 80, on which the modern
// datums (ETRS89, NAD83, JGD2011, SIRGAS, GDA …) lie.
func isGlobal(a, inverse float64) bool {
	return a == 6378137 && math.Abs(inverse-298.25722) < 1e-4
}

// localDatum returns the older datums whose shift the library knows.
func localDatum(name string) (wgs84.Datum, bool) {
	switch plain := plainName(name); {
	case strings.Contains(plain, "osgb1936"), strings.Contains(plain, "osgb36"), strings.Contains(plain, "ordnancesurveyofgreatbritain1936"):
		return wgs84.OSGB36(), true
	case strings.Contains(plain, "deutscheshauptdreiecksnetz"), strings.Contains(plain, "dhdn"):
		return wgs84.DHDN2001(), true
	case strings.Contains(plain, "militargeographischeinstitut"), plain == "mgi", plain == "dmgi":
		return wgs84.MGI(), true
	}
	return wgs84.Datum{}, false
}

// plainName is name in lower case without anything but letters and digits.
func plainName(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// projected returns the projection of a PROJCS.
func projected(n *wktNode) (projection, error) {
	datum, _, err := datumOf(n.find("GEOGCS"))
	if err != nil {
		return nil, err
	}
	method := n.find("PROJECTION")
	if method == nil {
		return nil, refused(n, "no projection")
	}
	unit, ok := n.find("UNIT").number(0)
	if !ok || unit <= 0 {
		unit = 1
	}
	crs, err := method2crs(n, datum, plainName(method.text), unit)
	if err != nil {
		return nil, err
	}
	turn := toDegrees(crs)
	if unit == 1 {
		return turn, nil
	}
	return func(p orb.Point) orb.Point { return turn(orb.Point{p[0] * unit, p[1] * unit}) }, nil
}

// method2crs makes the library's system for a projection method.
func method2crs(n *wktNode, d wgs84.Datum, method string, unit float64) (wgs84.CoordinateReferenceSystem, error) {
	p := parametersOf(n)
	east, north := p.get(0, "falseeasting")*unit, p.get(0, "falsenorthing")*unit
	lon := p.get(0, "centralmeridian", "longitudeofcenter", "longitudeoforigin")
	lat := p.get(0, "latitudeoforigin", "latitudeofcenter", "centralparallel")
	first, second := p.get(math.NaN(), "standardparallel1"), p.get(math.NaN(), "standardparallel2")
	scale := p.get(1, "scalefactor")
	switch method {
	case "transversemercator", "gausskruger":
		return gridOn(d, lon, lat, scale, east, north), nil
	case "lambertconformalconic2sp", "lambertconformalconic":
		if math.IsNaN(first) || math.IsNaN(second) || first == second || scale != 1 {
			return nil, refused(n, "Lambert conformal conic with one standard parallel")
		}
		return d.LambertConformalConic2SP(lon, lat, first, second, east, north), nil
	case "albers", "albersconicequalarea":
		if math.IsNaN(first) || math.IsNaN(second) || first == -second {
			return nil, refused(n, "Albers without two standard parallels")
		}
		return d.AlbersEqualAreaConic(lon, lat, first, second, east, north), nil
	case "lambertazimuthalequalarea":
		if math.Abs(math.Abs(lat)-90) < 1e-9 || lat == 0 {
			return nil, refused(n, "polar or equatorial Lambert azimuthal equal area")
		}
		return d.LambertAzimuthalEqualArea(lon, lat, east, north), nil
	case "mercatorauxiliarysphere", "popularvisualisationpseudomercator":
		return wgs84.WebMercator(), nil
	case "mercator1sp", "mercator":
		if isWebMercator(n) {
			return wgs84.WebMercator(), nil
		}
	}
	return nil, refused(n, "projection "+n.find("PROJECTION").text)
}

// isWebMercator tells web Mercator as GDAL writes it: an ordinary Mercator
// with a note.
func isWebMercator(n *wktNode) bool {
	name := plainName(n.text)
	return strings.Contains(name, "pseudomercator") || strings.Contains(name, "webmercator")
}

// parameters are a projection's, by plain name.
type parameters map[string]float64

func parametersOf(n *wktNode) parameters {
	p := parameters{}
	for i := range n.nodes {
		if n.nodes[i].name != "PARAMETER" {
			continue
		}
		if v, ok := n.nodes[i].number(0); ok {
			p[plainName(n.nodes[i].text)] = v
		}
	}
	return p
}

// get returns the first parameter given of the names, otherwise missing.
func (p parameters) get(missing float64, names ...string) float64 {
	for _, name := range names {
		if v, ok := p[name]; ok {
			return v
		}
	}
	return missing
}
