package ingest

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// How far outside the range of degrees a coordinate may be and still be
// understood: longitudes one turn to either side, latitudes a slip.
const (
	maxLongitude = 540
	maxLatitude  = 100
	slip         = 1e-6 // past ±180: a rounding of the meridian itself, 10 cm
)

// intoRange brings a ring that leaves ±180 or ±90 back: latitudes are
// clamped, longitudes wrapped, as one ring where it stays on one turn. It
// reports false, with a fault, for a ring that cannot be on the globe. The
// result is scratch, valid until the next call.
func (n *normaliser) intoRange(src []orb.Point) ([]orb.Point, bool) {
	west, east := math.Inf(1), math.Inf(-1)
	clamped, wrapped := -1, -1
	for i, p := range src {
		if !isOnGlobe(p) {
			n.absurd.add(p)
			n.faultAt(feature.FaultCoordinate, p, "ring dropped")
			return nil, false
		}
		west, east = min(west, p[0]), max(east, p[0])
		if math.Abs(p[1]) > 90 && clamped < 0 {
			clamped = i
		}
		if math.Abs(p[0]) > 180 && wrapped < 0 {
			wrapped = i
		}
	}
	if clamped >= 0 {
		n.faultAt(feature.FaultLatitude, src[clamped], "")
	}
	if wrapped >= 0 {
		n.faultAt(feature.FaultLongitude, src[wrapped], "")
	}
	n.wrap = wrapInto(n.wrap[:0], src, west, east)
	return n.wrap, true
}

func isOnGlobe(p orb.Point) bool {
	return math.Abs(p[0]) <= maxLongitude && math.Abs(p[1]) <= maxLatitude // false for NaN
}

func isFinite(p orb.Point) bool {
	const huge = math.MaxFloat64
	return math.Abs(p[0]) <= huge && math.Abs(p[1]) <= huge // false for NaN
}

// wrapInto appends src, brought into range, to dst. A ring that lies beyond
// ±180 as a whole keeps its shape; one that crosses gets the jumps that
// antimeridian.go splits at.
func wrapInto(dst, src []orb.Point, west, east float64) []orb.Point {
	shift := 0.0 // moves the whole ring into range where one turn can
	switch {
	case west >= 180:
		shift = -360
	case east <= -180:
		shift = 360
	}
	for _, p := range src {
		lon := p[0] + shift
		if over := math.Abs(lon) - 180; over > 0 && over < slip {
			lon = math.Copysign(180, lon)
		} else if lon > 180 {
			lon -= 360
		} else if lon < -180 {
			lon += 360
		}
		dst = append(dst, orb.Point{lon, max(-90, min(90, p[1]))})
	}
	return dst
}

// absurdity counts rings whose coordinates are not degrees, to tell a file
// in another system from one with a few bad values.
type absurdity struct {
	sane, absurd int
	first        orb.Point
}

func (a *absurdity) add(p orb.Point) {
	if !isFinite(p) {
		return // a bad value, but no hint of another system
	}
	if a.absurd == 0 {
		a.first = p
	}
	a.absurd++
}

// early fails once it is plain that the file is in another system.
func (a *absurdity) early() error {
	if a.absurd > 1000 && a.absurd > a.sane {
		return a.err()
	}
	return nil
}

// final fails if most of the file is in another system.
func (a *absurdity) final() error {
	if a.absurd > a.sane {
		return a.err()
	}
	return nil
}

func (a *absurdity) err() error {
	return fmt.Errorf("%w: %d of %d rings are not in degrees (first: %.10g, %.10g); "+
		"they look like projected metres, or latitude and longitude swapped: export the file as WGS 84 (EPSG:4326)",
		ErrProjection, a.absurd, a.absurd+a.sane, a.first[0], a.first[1])
}
