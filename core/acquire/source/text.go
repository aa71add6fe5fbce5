package source

import (
	"slices"
	"strings"
	"unicode"

	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// Attr returns the attribute under key, in upper or lower case: layers and
// exports of the same source differ.
func Attr(f *feature.Feature, key string) (feature.Value, bool) {
	if v, ok := f.Attr(key); ok {
		return v, true
	}
	for _, a := range f.Attrs {
		if strings.EqualFold(a.Key, key) {
			return a.Value, true
		}
	}
	return feature.Value{}, false
}

// Line makes s fit to be read in a line: valid, without control characters, and
// with single spaces. "" if it only stands for nothing, as the sources write it;
// nothing are the words of one source more. Case counts: "Nan" is a province of
// Thailand.
func Line(s string, nothing ...string) string {
	s = strings.ToValidUTF8(s, "")
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	switch s {
	case "-99", "NA", "N/A", "nan", "NaN", "null", "<Null>":
		return ""
	}
	if slices.Contains(nothing, s) {
		return ""
	}
	return s
}

const capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// ISO31662 returns a code of ISO 3166-2, "" if s has not the form of one. "CU-99"
// has, and is one.
func ISO31662(s string) string {
	country, unit, ok := strings.Cut(s, "-")
	if !ok || len(country) != 2 || len(unit) < 1 || len(unit) > 3 ||
		strings.Trim(country, capitals) != "" || strings.Trim(unit, capitals+"0123456789") != "" {
		return ""
	}
	return s
}
