// Package countries holds the table of countries and territories as text:
// their codes, names and the codes that each source of boundaries has for
// them. core/model/admin reads it.
package countries

import _ "embed"

// FileName is what the table is called in messages.
const FileName = "countries.tsv"

//go:embed countries.tsv
var table string

// TSV returns the table: UTF-8, a line a place, cells parted by tabs. Lines
// that begin with # are notes; the first other line names the columns.
func TSV() string { return table }
