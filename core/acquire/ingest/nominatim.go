package ingest

import (
	"bytes"

	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// places reads an answer of Nominatim, the place search of OpenStreetMap: a
// list of places, or one, each with its outline under "geojson". It reports
// false, without taking anything, if the document is something else.
func (j *jsonReader) places() (bool, error) {
	c, err := j.peekValue()
	if err != nil {
		return false, err
	}
	for j.end-j.pos < sniffBytes && j.fill() == nil { // an error shows again later
	}
	if !isPlace(j.buf[j.pos:j.end]) {
		return false, nil
	}
	j.c.sum.Format = "Nominatim"
	if c != '[' {
		return true, j.place()
	}
	return true, j.eachItem(func(int) error {
		j.c.attrs.reset()
		j.c.keys.trim()
		return j.place()
	})
}

// isPlace tells by its beginning whether text is a place, or a list of them:
// Nominatim's objects begin with its own id.
func isPlace(text []byte) bool {
	text = bytes.TrimLeft(text, "[ \t\r\n")
	i := after(text, 0, "{")
	return i > 0 && after(text, i, `"place_id"`) > 0
}

// place reads one place and passes it on.
func (j *jsonReader) place() error {
	var g geometry
	osm := map[string]feature.Value{}
	err := j.eachMember(func(name []byte) error { return j.placeMember(&g, osm, name) })
	if err != nil {
		return err
	}
	if kind, id := osm["osm_type"].String(), osm["osm_id"].String(); kind != "" && id != "" {
		if k := j.c.keys.key([]byte(keyOSM)); k.wanted {
			j.c.attrs.add(k, feature.StringValue(kind+"/"+id))
		}
	}
	j.resolve(&g)
	return j.c.emit(0, j.c.attrs.list)
}

// placeMember reads one member of a place; osm takes what the place is there.
func (j *jsonReader) placeMember(g *geometry, osm map[string]feature.Value, name []byte) error {
	switch string(name) {
	case "geojson":
		return j.geometry(g)
	case "boundingbox", "licence", "icon", "place_id":
		return j.skip()
	}
	k := j.c.keys.key(name)
	ours := k.name == "osm_type" || k.name == "osm_id"
	if !k.wanted && !ours {
		return j.skip()
	}
	v, ok, err := j.value()
	if err != nil || !ok {
		return err
	}
	if ours {
		osm[k.name] = v
	}
	if k.wanted {
		j.keep(k, v)
	}
	return nil
}
