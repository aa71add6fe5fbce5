package feature

import (
	"fmt"
	"math"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/paulmach/orb"
)

// GeoJSONWriter writes features as a GeoJSON FeatureCollection (RFC 7946) into
// a buffer, one a line: for people and other programs to look at. Numbers are
// the shortest that give the same again, so that nothing is lost. The same
// features give the same bytes. The zero value is ready.
type GeoJSONWriter struct{ some bool }

// AppendFeature appends f to the collection in dst, with its beginning if f is
// the first. On error dst is returned as it was, and the collection goes on
// without f.
func (w *GeoJSONWriter) AppendFeature(dst []byte, f Feature) ([]byte, error) {
	before := len(dst)
	if w.some {
		dst = append(dst, ",\n"...)
	} else {
		dst = append(dst, "{\"type\":\"FeatureCollection\",\"features\":[\n"...)
	}
	dst, err := AppendGeoJSON(dst, f)
	if err != nil {
		return dst[:before], err
	}
	w.some = true
	return dst, nil
}

// AppendEnd appends the end of the collection; w is ready for the next.
func (w *GeoJSONWriter) AppendEnd(dst []byte) []byte {
	if !w.some {
		dst = append(dst, "{\"type\":\"FeatureCollection\",\"features\":["...)
	}
	w.some = false
	return append(dst, "\n]}\n"...)
}

// AppendGeoJSON appends f as a Feature: a Polygon where one is enough, else a
// MultiPolygon, null without geometry. What JSON has no word for is an error
// that says where: numbers that are not finite, and text that is not UTF-8.
func AppendGeoJSON(dst []byte, f Feature) ([]byte, error) {
	dst = append(dst, `{"type":"Feature"`...)
	if f.ID != 0 {
		dst = append(dst, `,"id":`...)
		dst = strconv.AppendUint(dst, f.ID, 10)
	}
	dst = append(dst, `,"properties":{`...)
	for i, a := range f.Attrs {
		if i > 0 {
			dst = append(dst, ',')
		}
		var err error
		if dst, err = jsontext.AppendQuote(dst, a.Key); err == nil {
			dst, err = appendJSON(append(dst, ':'), a.Value)
		}
		if err != nil {
			return dst, fmt.Errorf("feature %d as GeoJSON: attribute %q: %w", f.Index, a.Key, err)
		}
	}
	dst = append(dst, `},"geometry":`...)
	dst, err := appendGeometry(dst, f.Geometry)
	if err != nil {
		return dst, fmt.Errorf("feature %d as GeoJSON: %w", f.Index, err)
	}
	return append(dst, '}'), nil
}

// appendJSON appends v. A Float that is a whole number keeps a decimal point,
// as readers that tell integers from others have it.
func appendJSON(dst []byte, v Value) ([]byte, error) {
	switch v.Kind() {
	case Float:
		return appendFloat(dst, v.Float())
	case String:
		return jsontext.AppendQuote(dst, v.String())
	default: // whole numbers, true and false are written as people read them
		return append(dst, v.String()...), nil
	}
}

func appendFloat(dst []byte, v float64) ([]byte, error) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return dst, fmt.Errorf("%v is no JSON number", v)
	}
	before := len(dst)
	dst = strconv.AppendFloat(dst, v, 'g', -1, 64)
	for _, c := range dst[before:] {
		if c == '.' || c == 'e' {
			return dst, nil
		}
	}
	return append(dst, ".0"...), nil
}

func appendGeometry(dst []byte, mp orb.MultiPolygon) ([]byte, error) {
	switch len(mp) {
	case 0:
		return append(dst, "null"...), nil
	case 1:
		dst, err := appendPolygon(append(dst, `{"type":"Polygon","coordinates":`...), mp[0])
		return append(dst, '}'), err
	}
	dst = append(dst, `{"type":"MultiPolygon","coordinates":[`...)
	for i, poly := range mp {
		if i > 0 {
			dst = append(dst, ',')
		}
		var err error
		if dst, err = appendPolygon(dst, poly); err != nil {
			return dst, fmt.Errorf("polygon %d: %w", i, err)
		}
	}
	return append(dst, "]}"...), nil
}

func appendPolygon(dst []byte, poly orb.Polygon) ([]byte, error) {
	dst = append(dst, '[')
	for i, ring := range poly {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, '[')
		for j, p := range ring {
			if math.IsNaN(p[0]-p[0]) || math.IsNaN(p[1]-p[1]) { // infinite, too
				return dst, fmt.Errorf("ring %d position %d, %v, is no JSON number", i, j, p)
			}
			if j > 0 {
				dst = append(dst, ',')
			}
			dst = strconv.AppendFloat(append(dst, '['), p[0], 'f', -1, 64)
			dst = strconv.AppendFloat(append(dst, ','), p[1], 'f', -1, 64)
			dst = append(dst, ']')
		}
		dst = append(dst, ']')
	}
	return append(dst, ']'), nil
}
