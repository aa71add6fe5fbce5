// Package shape is what a shape node holds: where its boundaries come from,
// which of them, how they are tiled, and what was done with them so far.
package shape

import (
	"time"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// Source names where boundaries come from (the original's DataSourceName).
type Source string

// The sources.
const (
	Sample        Source = "sample" // the bundled world
	Local         Source = "local"  // files of the user's own
	NaturalEarth  Source = "naturalearth"
	GeoBoundaries Source = "geoboundaries"
	GADM          Source = "gadm"
	OpenStreetMap Source = "osm"
)

// Shape is the settings of a shape node: exactly one for each (the original's
// ShapesEntity; Peer, Persistent). checkboxState, selectedCountries and
// adminLevels of the original are views of Selection, see there.
type Shape struct {
	Node    string    `cbor:"1,keyasint"` // id of the tree node
	Created time.Time `cbor:"2,keyasint"`
	Updated time.Time `cbor:"3,keyasint"`
	// Version grows by one with every commit of a working copy.
	Version uint64 `cbor:"4,keyasint"`

	Source Source `cbor:"5,keyasint"`
	// Files are the inputs of source Local, in the order of their layers.
	Files []File `cbor:"6,keyasint,omitempty"`
	// License is what the user accepted; nil if nothing yet.
	License *Consent `cbor:"7,keyasint,omitempty"`
	// Selection says what is wanted; empty: all that the source has.
	Selection Selection `cbor:"8,keyasint,omitempty"`

	Config Config `cbor:"9,keyasint"`
	// Template is the id of the template that Config was taken from, or "".
	Template string `cbor:"10,keyasint,omitempty"`
	// ClearCache fetches all sources anew at the next run.
	ClearCache bool  `cbor:"11,keyasint,omitempty"`
	Style      Style `cbor:"12,keyasint"`
	// Metadata goes into what is published.
	Metadata Metadata `cbor:"13,keyasint"`
	// SourceData are the ids (sha256) of the files that the last run used.
	SourceData []string `cbor:"14,keyasint,omitempty"`
	// Session is the id of the session that is not ended, or "".
	Session string `cbor:"15,keyasint,omitempty"`
	// Variant is which edition of the source is wanted.
	Variant Variant `cbor:"16,keyasint,omitzero"`
}

// File is an input of source Local.
type File struct {
	Path  string `cbor:"1,keyasint"`           // absolute, where it was found
	Layer string `cbor:"2,keyasint,omitempty"` // "": the file's own layer names
}

// Consent records that a licence was accepted.
type Consent struct {
	Source Source    `cbor:"1,keyasint"`
	Name   string    `cbor:"2,keyasint"` // of the licence
	Text   string    `cbor:"3,keyasint,omitempty"`
	URL    string    `cbor:"4,keyasint,omitempty"`
	Who    string    `cbor:"5,keyasint"` // account name on this machine
	When   time.Time `cbor:"6,keyasint"`
}

// Style is how the map shows the shape. Colours are "#rrggbb", "" is the
// theme's.
type Style struct {
	Fill    string  `cbor:"1,keyasint,omitempty"`
	Line    string  `cbor:"2,keyasint,omitempty"`
	Width   float64 `cbor:"3,keyasint,omitempty"` // of lines, pixels; 0: the theme's
	Opacity float64 `cbor:"4,keyasint,omitempty"` // of fills, 0 … 1; 0: the theme's
}

// Metadata describes what is published.
type Metadata struct {
	Title       string   `cbor:"1,keyasint,omitempty"`
	Attribution string   `cbor:"2,keyasint,omitempty"` // HTML, beside the source's own
	Tags        []string `cbor:"3,keyasint,omitempty"`
}

// Shapes returns the table of shapes, by node.
func Shapes() *kv.Table[Shape] {
	return &kv.Table[Shape]{
		Name: "shapes", Version: 1,
		Key: func(s *Shape) kv.Key { return kv.Key(nil).Str(s.Node) },
		Indexes: []kv.Index[Shape]{
			{Name: "created", Keys: kv.One(func(s *Shape) kv.Key { return kv.Key(nil).Time(s.Created) })},
			{Name: "updated", Keys: kv.One(func(s *Shape) kv.Key { return kv.Key(nil).Time(s.Updated) })},
		},
	}
}
