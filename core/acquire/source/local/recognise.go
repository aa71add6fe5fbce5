// Package local tells whose boundaries a user's file holds: those that were
// fetched by hand from a known source are recognised, so that they can stand for
// its download. What else a file holds is the ingest's matter.
package local

import (
	"slices"
	"strings"

	"github.com/shapes-desktop/shapes/core/model/shape"
)

// rule is how files of a source are told: by attributes that all of them have,
// one at least of some others, and, where those are few, by the file's name.
type rule struct {
	source shape.Source
	name   string // what the file's name begins with; "": any name
	all    []string
	any    []string // empty: none is needed
}

func rules() []rule {
	ofOSM := []string{"boundary", "@id", "osm_id", "osm_type", "ISO3166-1", "ISO3166-1:alpha2", "ISO3166-2"}
	return []rule{
		{source: shape.NaturalEarth, all: []string{"adm0_a3", "adm1_code"}},
		{source: shape.NaturalEarth, all: []string{"ADM0_A3"}, any: []string{"featurecla", "SOVEREIGNT", "GEOUNIT", "ISO_A3_EH"}},
		{source: shape.NaturalEarth, name: "ne_", all: []string{"ADM0_A3"}},
		{source: shape.GeoBoundaries, all: []string{"shapeGroup", "shapeType"}},
		{source: shape.GeoBoundaries, name: "geoboundaries", all: []string{"shapeName"}},
		{source: shape.GADM, all: []string{"GID_0"}, any: []string{"COUNTRY", "NAME_0", "GID_1"}},
		{source: shape.GADM, name: "gadm", all: []string{"GID_0"}},
		{source: shape.OpenStreetMap, all: []string{"admin_level"}, any: ofOSM},
	}
}

// Recognise tells which source a file was fetched from, by its name (without
// folders) and the attributes of its features. The name alone proves nothing:
// without the source's attributes there is nothing to be normalised. False is
// the user's own file.
func Recognise(name string, keys []string) (shape.Source, bool) {
	name = strings.ToLower(name)
	has := func(key string) bool {
		return slices.ContainsFunc(keys, func(k string) bool { return strings.EqualFold(k, key) })
	}
	for _, r := range rules() {
		switch {
		case !strings.HasPrefix(name, r.name):
		case slices.ContainsFunc(r.all, func(key string) bool { return !has(key) }):
		case len(r.any) > 0 && !slices.ContainsFunc(r.any, has):
		default:
			return r.source, true
		}
	}
	return shape.Local, false
}
