// Package countries holds the tables of countries and territories as text:
// their codes, names and the codes that each source of boundaries has for
// them, and where they lie. core/model/admin reads them.
package countries

import _ "embed"

// FileName is what the table is called in messages.
const FileName = "countries.tsv"

//go:embed countries.tsv
var table string

// TSV returns the table: UTF-8, a line a place, cells parted by tabs. Lines
// that begin with # are notes; the first other line names the columns.
func TSV() string { return table }

// BoundsName is what the table of where places lie is called in messages.
const BoundsName = "bounds.tsv"

//go:embed bounds.tsv
var bounds string

// Bounds returns the table of where places lie, in the form of TSV: code, and
// west, south, east and north in degrees. West is larger than east where a place
// crosses the meridian of 180 degrees. Places that the bundled sample does not
// have by themselves are not in it.
func Bounds() string { return bounds }
