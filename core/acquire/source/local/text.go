package local

import (
	"strings"

	"github.com/shapes-desktop/shapes/core/acquire/source"
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
	return source.Line(strings.ReplaceAll(s, "~", ""))
}
