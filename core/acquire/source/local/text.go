package local

import (
	"strings"
	"unicode"

	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// text returns the first of the attributes that says something. Keys are found
// in upper or lower case.
func text(f *feature.Feature, keys ...string) string {
	for _, key := range keys {
		for _, a := range f.Attrs {
			if strings.EqualFold(a.Key, key) {
				if s := clean(a.Value.String()); s != "" {
					return s
				}
			}
		}
	}
	return ""
}

// clean takes away what no reader should see, and texts that stand for none.
func clean(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, ""), "~", "")
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	switch s {
	case "-99", "NA", "N/A", "nan", "NaN", "null", "<Null>":
		return ""
	}
	return s
}

const capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// iso31662 returns a code of ISO 3166-2, "" if it has not the form of one.
func iso31662(s string) string {
	country, unit, ok := strings.Cut(s, "-")
	if !ok || len(country) != 2 || len(unit) < 1 || len(unit) > 3 ||
		strings.Trim(country, capitals) != "" || strings.Trim(unit, capitals+"0123456789") != "" {
		return ""
	}
	return s
}
