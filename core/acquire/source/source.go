// Package source is the catalogue: what boundaries there are to be had, at
// which levels, under which licences, and from which addresses. Each provider
// has a package below; all pass one suite, sourcetest. It fetches nothing.
package source

import (
	"errors"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

// Cell is a country at an administrative level: what people select.
type Cell struct {
	Country string // ISO 3166 alpha-3, or the code that model/admin has for it
	Level   uint8  // 0 … shape.MaxLevel
}

// Offer is what a source has of a cell.
type Offer struct {
	Cell
	Title    string // the level in the source's own words, such as "prefectures" or "admin_level 4"; may be empty
	Vintage  string // year, date or version that the boundaries show; "" if not known
	Units    int    // 0: not known
	Vertices int64  // 0: not known
	Bytes    int64  // to be downloaded for this cell alone; 0: not known. Cells may share a download
	License  License
	// Sources are who made the data, where it is not the provider itself: each
	// must be named beside it.
	Sources []string
}

// License is what is asked of who uses a layer.
type License struct {
	Name        string // "CC BY 4.0", as people know it
	Original    string // the words of the source, where they differ
	URL         string
	Text        string // what may be done and must be done, in a sentence or two
	Attribution string // HTML, to be kept with whatever is made of it; "" if none is asked
	ShareAlike  bool
	// NoSharing: what is made of it may not be given to others (or sold).
	NoSharing     bool
	NonCommercial bool
	// Consent must be given before the first byte is fetched.
	Consent bool
}

// Choice is a decision that a source leaves to people, such as the scale of
// Natural Earth. Its values are what a field of shape.Variant may hold.
type Choice struct {
	Key     string // "scale", "worldview", "release" or "detail": the field of shape.Variant
	Title   string
	Default string
	Values  []ChoiceValue
}

// ChoiceValue is one of a choice.
type ChoiceValue struct{ Value, Title string }

// About is what a source says of itself.
type About struct {
	Source   shape.Source
	Name     string // "Natural Earth"
	Summary  string // for a card: a sentence or two
	Homepage string
	Formats  []string // of what is downloaded: "shapefile (zip)"
	Vintage  string   // of the table that is bundled
	License  License  // of all of it, or what is true of every layer
	Policy   string   // rules of the server that people should know; may be empty
	Choices  []Choice
}

// Provider is a source of boundaries. Its methods are safe for concurrent use,
// need no network, and return fresh slices in an order of their own that is
// always the same.
type Provider interface {
	About() About
	// Offers returns what there is, by country and level. ErrVariant.
	Offers(v shape.Variant) ([]Offer, error)
	// Plan returns the downloads that the cells need: each address once, however
	// many cells it serves. ErrNotOffered, ErrVariant.
	Plan(v shape.Variant, cells []Cell) ([]Request, error)
	// Normalise turns a feature of a download into a unit of the common schema;
	// false if it is no unit of any country (a lake of nobody). Attributes of f
	// are as the source has them. A unit that the request's cells do not want is
	// returned all the same: the caller asks Wanted.
	Normalise(r *Request, layer string, f *feature.Feature) (Unit, bool)
}

// Errors that callers tell apart with errors.Is.
var (
	// ErrNotOffered: the source has no such cell.
	ErrNotOffered = errors.New("the source does not have it")
	// ErrVariant: a choice has a value that the source does not know.
	ErrVariant = errors.New("the source has no such variant")
)
