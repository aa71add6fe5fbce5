package gadm

import (
	"strings"
	"unicode"

	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// text returns an attribute as people read it, "" if GADM has none.
func text(f *feature.Feature, key string) string {
	if v, ok := source.Attr(f, key); ok {
		return clean(v.String())
	}
	return ""
}

// clean takes away what no reader should see. What GADM does not know is the
// word "NA" in all columns; "?" stands in a few places. Namibia's codes, which
// begin with it, are longer: "NA.KH", "NA-KH".
func clean(s string) string {
	return source.Line(strings.ReplaceAll(s, "~", ""), "?")
}

// list splits what GADM puts into one column: "Tokio|Tôkyô".
func list(s string) []string {
	var out []string
	for part := range strings.SplitSeq(s, "|") {
		if part = clean(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// first of a list, "" if it is empty.
func first(s string) string {
	if parts := list(s); len(parts) > 0 {
		return parts[0]
	}
	return ""
}

// parted puts back the spaces that GADM's GeoJSON has lost, where a small letter
// meets a capital: "AmnatCharoen". It is right only where words neither begin
// small ("CastelodePaiva" would become "Castelode Paiva") nor have capitals
// inside ("McLean"); callers must know that.
func parted(s string) string {
	var b strings.Builder
	small := false
	for _, r := range s {
		if small && unicode.IsUpper(r) {
			b.WriteByte(' ')
		}
		if !unicode.IsMark(r) { // a mark belongs to the letter before it
			small = unicode.IsLower(r)
		}
		b.WriteRune(r)
	}
	return b.String()
}

// partedNames are the countries whose names, in Latin letters, are written with
// a capital at the beginning of each word and nowhere else, so that parted is
// right. In all other countries a guess would be wrong for some, and nobody
// could tell which: there names stay as they came.
const partedNames = "CHN JPN KHM KOR LAO MMR PRK THA TWN VNM"
