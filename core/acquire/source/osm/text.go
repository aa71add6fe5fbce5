package osm

import (
	"strings"

	"github.com/shapes-desktop/shapes/core/acquire/source"
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
	return source.Line(strings.ReplaceAll(s, "~", ""))
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
