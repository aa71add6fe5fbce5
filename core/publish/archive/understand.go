package archive

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/shapes-desktop/shapes/core/store/tileset"
)

// understand reads metadata rows as other programs write them: anything may
// be missing, and what is not as the specification has it is left at its
// default. Only text that should be JSON and is not is an error. The bools
// tell whether zooms were given.
func understand(rows []entry) (m tileset.Meta, hasMin, hasMax bool, err error) {
	m = tileset.Meta{Bounds: [4]float64{-180, -maxLatitude, 180, maxLatitude}}
	hasCenter := false
	for _, e := range rows {
		switch e.name {
		case "name":
			m.Name = e.value
		case "description":
			m.Description = e.value
		case "attribution":
			m.Attribution = e.value
		case "generator":
			m.Generator = e.value
		case "minzoom":
			hasMin = zoomOf(e.value, &m.MinZoom)
		case "maxzoom":
			hasMax = zoomOf(e.value, &m.MaxZoom)
		case "bounds":
			numbersOf(e.value, m.Bounds[:])
		case "center":
			hasCenter = numbersOf(e.value, m.Center[:])
		case "json":
			if m.Layers, err = layersOf([]byte(e.value)); err != nil {
				return m, hasMin, hasMax, err
			}
		default:
			if isStandard(e.name) {
				continue
			}
			if m.Extra == nil {
				m.Extra = map[string]string{}
			}
			m.Extra[e.name] = e.value
		}
	}
	if !hasCenter {
		b := m.Bounds
		m.Center = [3]float64{(b[0] + b[2]) / 2, (b[1] + b[3]) / 2, float64(m.MinZoom)}
	}
	return m, hasMin, hasMax, nil
}

func zoomOf(s string, z *uint8) bool {
	v, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || !(v >= 0 && v <= 31) {
		return false
	}
	*z = uint8(v)
	return true
}

// numbersOf reads len(into) numbers, all or none.
func numbersOf(s string, into []float64) bool {
	parts := strings.Split(s, ",")
	if len(parts) != len(into) {
		return false
	}
	vs := make([]float64, len(into))
	for i, p := range parts {
		v, err := strconv.ParseFloat(strings.TrimSpace(p), 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
		vs[i] = v
	}
	copy(into, vs)
	return true
}

// layersOf finds the vector_layers of a JSON text.
func layersOf(text []byte) ([]tileset.VectorLayer, error) {
	var doc struct {
		Layers []struct {
			ID          string
			Description string
			MinZoom     float64
			MaxZoom     float64
			Fields      map[string]any
		} `json:"vector_layers"`
	}
	// Members of an unexpected type are left out, the others are read.
	var mistyped *json.UnmarshalTypeError
	if err := json.Unmarshal(text, &doc); err != nil && !errors.As(err, &mistyped) {
		return nil, fmt.Errorf("%w: metadata is not JSON: %v", ErrFormat, err)
	}
	var ls []tileset.VectorLayer
	for _, l := range doc.Layers {
		v := tileset.VectorLayer{ID: l.ID, Description: l.Description, Fields: map[string]string{}}
		v.MinZoom, v.MaxZoom = uint8(within(l.MinZoom, 0, 31)), uint8(within(l.MaxZoom, 0, 31))
		for k, f := range l.Fields {
			v.Fields[k], _ = f.(string)
		}
		ls = append(ls, v)
	}
	return ls, nil
}

// rowsOf flattens a JSON object into rows: strings as they are, numbers and
// lists of numbers as MBTiles writes them. Objects are passed over.
func rowsOf(text []byte) ([]entry, error) {
	var doc map[string]json.RawMessage
	if err := json.Unmarshal(text, &doc); err != nil {
		return nil, fmt.Errorf("%w: metadata is not a JSON object: %v", ErrFormat, err)
	}
	var rows []entry
	for _, name := range slices.Sorted(maps.Keys(doc)) {
		raw := doc[name]
		var s string
		var n float64
		var list []float64
		switch {
		case name == "vector_layers":
			rows = append(rows, entry{"json", `{"vector_layers":` + string(raw) + `}`})
		case json.Unmarshal(raw, &s) == nil && string(raw) != "null":
			rows = append(rows, entry{name, s})
		case json.Unmarshal(raw, &n) == nil && string(raw) != "null":
			rows = append(rows, entry{name, string(raw)})
		case json.Unmarshal(raw, &list) == nil && len(list) > 0:
			rows = append(rows, entry{name, numbers(list)})
		}
	}
	return rows, nil
}
