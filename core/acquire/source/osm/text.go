package osm

import (
	"strings"
	"unicode"

	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// text returns a tag as people read it, "" if there is none.
func text(f *feature.Feature, key string) string {
	v, ok := f.Attr(key)
	if !ok {
		return ""
	}
	return clean(v.String())
}

// clean takes away what no reader should see, and what stands for nothing where
// files were made by other programs.
func clean(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, ""), "~", "")
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	switch s {
	case "NA", "N/A", "nan", "NaN", "null", "<Null>", "-99":
		return ""
	}
	return s
}

// first returns the first that is not empty.
func first(texts ...string) string {
	for _, s := range texts {
		if s != "" {
			return s
		}
	}
	return ""
}

// iso31662 returns a code of ISO 3166-2, "" if s has not the form of one.
func iso31662(s string) string {
	country, unit, ok := strings.Cut(s, "-")
	if !ok || !isCountryCode(country) || len(unit) < 1 || len(unit) > 3 || strings.Trim(unit, capitals+"0123456789") != "" {
		return ""
	}
	return s
}
