package naturalearth

import (
	"strings"
	"unicode"

	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// text returns the first of the attributes that says something, as people read
// it. Keys are found in upper or lower case: layers and exports differ.
func text(f *feature.Feature, keys ...string) string {
	for _, key := range keys {
		if v, ok := attr(f, key); ok {
			if s := clean(v.String()); s != "" {
				return s
			}
		}
	}
	return ""
}

func attr(f *feature.Feature, key string) (feature.Value, bool) {
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

// clean takes away what no reader should see, and texts that stand for none:
// -99 as a number or a string, and what is made up with a "~".
func clean(s string) string {
	s = strings.ToValidUTF8(s, "")
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	switch s {
	case "-99", "-99.0", "-099", "NA", "N/A", "nan", "NaN", "null", "<Null>":
		return ""
	}
	if strings.Contains(s, "~") {
		return ""
	}
	return s
}

// first is what comes before the first "|": some names are lists.
func first(s string) string {
	for part := range strings.SplitSeq(s, "|") {
		if part = clean(part); part != "" {
			return part
		}
	}
	return ""
}

// iso31662 returns a code of ISO 3166-2, "" if it has not the form of one.
// "CU-99" has, and is one.
func iso31662(s string) string {
	country, unit, ok := strings.Cut(s, "-")
	if !ok || len(country) != 2 || len(unit) < 1 || len(unit) > 3 {
		return ""
	}
	for _, c := range []byte(country) {
		if c < 'A' || c > 'Z' {
			return ""
		}
	}
	for _, c := range []byte(unit) {
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return ""
		}
	}
	return s
}
