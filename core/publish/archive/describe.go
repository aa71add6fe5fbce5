package archive

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/shapes-desktop/shapes/core/store/tileset"
)

// maxLatitude is where the square world of web maps ends.
const maxLatitude = 85.0511287798066

// entry is a name and a value of an archive's metadata.
type entry struct{ name, value string }

// describe gives the metadata rows of MBTiles 1.3, in a fixed order: the
// required ones, the recommended ones, and then those of Extra by name.
func describe(m tileset.Meta) ([]entry, error) {
	layers, err := encodeJSON(map[string]any{"vector_layers": vectorLayers(m)})
	if err != nil {
		return nil, err
	}
	b, c := bounds(m), center(m)
	rows := []entry{
		{"name", m.Name},
		{"format", "pbf"},
		{"minzoom", strconv.Itoa(int(m.MinZoom))},
		{"maxzoom", strconv.Itoa(int(m.MaxZoom))},
		{"bounds", numbers(b[:])},
		{"center", numbers(c[:])},
		{"attribution", m.Attribution},
		{"description", m.Description},
		{"type", "overlay"},
		{"version", "1"},
		{"generator", m.Generator},
		{"json", string(layers)},
	}
	if rows[0].value == "" {
		rows[0].value = "tiles" // it must have a name
	}
	rows = slices.DeleteFunc(rows, func(e entry) bool { return e.value == "" })
	return appendExtra(rows, m.Extra)
}

// appendExtra adds the further entries, which must not hide a standard one.
func appendExtra(rows []entry, extra map[string]string) ([]entry, error) {
	for _, name := range slices.Sorted(maps.Keys(extra)) {
		if name == "" || isStandard(name) {
			return nil, fmt.Errorf("describe tiles: the further entry %q has the name of a standard one", name)
		}
		rows = append(rows, entry{name, extra[name]})
	}
	return rows, nil
}

func isStandard(name string) bool {
	switch name {
	case "name", "format", "minzoom", "maxzoom", "bounds", "center", "attribution", "description",
		"type", "version", "generator", "json", "vector_layers", "scheme", "tilejson", "tiles", "compression", folderKey:
		return true
	}
	return false
}

// describePMTiles gives the JSON metadata of PMTiles 3; bounds, center and
// zooms are in its header.
func describePMTiles(m tileset.Meta) ([]byte, error) {
	rows, err := describe(m)
	if err != nil {
		return nil, err
	}
	all := map[string]any{"vector_layers": vectorLayers(m)}
	for _, e := range rows {
		switch e.name {
		case "json", "bounds", "center", "minzoom", "maxzoom", "format":
		case "version":
			all[e.name] = "1.0.0" // a semantic version here, a number in MBTiles
		default:
			all[e.name] = e.value
		}
	}
	return encodeJSON(all)
}

// vectorLayer is a layer as the metadata formats write it.
type vectorLayer struct {
	ID          string            `json:"id"`
	Description string            `json:"description,omitempty"`
	MinZoom     uint8             `json:"minzoom"`
	MaxZoom     uint8             `json:"maxzoom"`
	Fields      map[string]string `json:"fields"`
}

func vectorLayers(m tileset.Meta) []vectorLayer {
	ls := make([]vectorLayer, 0, len(m.Layers))
	for _, l := range m.Layers {
		v := vectorLayer(l)
		if v.Fields == nil {
			v.Fields = map[string]string{} // {} and not null
		}
		ls = append(ls, v)
	}
	return ls
}

// bounds gives the box within the world of web maps.
func bounds(m tileset.Meta) [4]float64 {
	b := m.Bounds
	return [4]float64{
		within(b[0], -180, 180), within(b[1], -maxLatitude, maxLatitude),
		within(b[2], -180, 180), within(b[3], -maxLatitude, maxLatitude),
	}
}

// center gives the starting point, its zoom a whole number that has tiles.
func center(m tileset.Meta) [3]float64 {
	c := m.Center
	return [3]float64{
		within(c[0], -180, 180), within(c[1], -maxLatitude, maxLatitude),
		within(math.Round(c[2]), float64(m.MinZoom), float64(m.MaxZoom)),
	}
}

func within(v, low, high float64) float64 {
	if math.IsNaN(v) {
		return low
	}
	return max(low, min(high, v))
}

func numbers(vs []float64) string {
	var parts []string
	for _, v := range vs {
		parts = append(parts, strconv.FormatFloat(v, 'f', -1, 64))
	}
	return strings.Join(parts, ",")
}

// encodeJSON writes v with sorted keys and with <, > and & as they are.
func encodeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("describe tiles: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
