package source

import (
	"math"
	"slices"

	"github.com/shapes-desktop/shapes/core/model/shape"
)

// Request is one download and what is expected of it.
type Request struct {
	Source  shape.Source
	Variant shape.Variant
	// URL is the address as the real source has it; mirrors are the fetcher's
	// matter.
	URL string
	// Form is the body of a POST, application/x-www-form-urlencoded; "" for GET.
	// URL and Form together say what is asked for.
	Form string
	// Others are further addresses of the same data, tried in order if the first
	// has none (404, 403 of a store, an empty body). Never another source's.
	Others []string
	Name   string // of the file, plain: "ne_10m_admin_0_countries.zip"
	Cells  []Cell // that it serves, sorted
	Expect Expect
	// Follow reads an answer that only says where the data are (an API's record)
	// and returns the request for those; nil where URL has the data. It may be
	// called from any goroutine.
	Follow func(answer []byte) (Request, error)

	License License
	Sources []string
	Vintage string
}

// Format is what a download must be, by its first bytes.
type Format string

// The formats of downloads.
const (
	JSON    Format = "json"    // an object or array
	GeoJSON Format = "geojson" // a FeatureCollection
	Zip     Format = "zip"
	Answer  Format = "overpass" // Overpass API JSON
)

// Expect is what is checked before a download is kept.
type Expect struct {
	Format Format
	Member string // of a zip, what it must hold; "": any
	Units  int    // number of features, if the source says; 0: any but none
	// Keys are attributes that every unit has: without one of them the source has
	// changed its form.
	Keys []string
	// Marks tell units of another country or level from those that were asked for.
	Marks []Mark
	// Near is where the units lie; the zero value where that is not known. Units
	// far from it, every one of them, are another country's, or have longitude and
	// latitude swapped. Only JSON is looked at.
	Near   Bounds
	Size   int64  // bytes; 0: not known
	SHA256 string // hex; "": not known
	Max    int64  // bytes that a sound answer does not exceed; 0: the fetcher's own bound
}

// Bounds is a box of degrees. West is larger than East where it crosses the
// meridian of 180 degrees.
type Bounds struct{ West, South, East, North float64 }

// Near reports whether a position is in the box, or at most so many degrees
// outside of it.
func (b Bounds) Near(lon, lat, degrees float64) bool {
	if !(lat >= b.South-degrees && lat <= b.North+degrees) {
		return false
	}
	const around = 360
	wide := b.East - b.West
	if wide < 0 {
		wide += around
	}
	from := math.Mod(lon-(b.West-degrees), around)
	if from < 0 {
		from += around
	}
	return from <= wide+2*degrees
}

// Mark is what at least one unit must have: Value in one of the attributes Keys.
// A file in which no unit has anything in them says nothing, and passes. Only
// JSON is looked at.
type Mark struct {
	Keys  []string
	Value string
}

// Wanted reports whether the request was made for the cell.
func (r *Request) Wanted(c Cell) bool { return slices.Contains(r.Cells, c) }
