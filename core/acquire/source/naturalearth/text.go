package naturalearth

import (
	"strings"

	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// text returns the first of the attributes that says something, as people read
// it. Keys are found in upper or lower case: layers and exports differ.
func text(f *feature.Feature, keys ...string) string {
	for _, key := range keys {
		if v, ok := source.Attr(f, key); ok {
			if s := clean(v.String()); s != "" {
				return s
			}
		}
	}
	return ""
}

// clean is Line for Natural Earth, which makes codes up with a "~" and writes
// numbers as they come.
func clean(s string) string {
	if s = source.Line(s, "-99.0", "-099"); strings.Contains(s, "~") {
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
