package feature

import (
	"bytes"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"google.golang.org/protobuf/encoding/protowire"
)

// message, number and list build files by hand.
func message(num protowire.Number, parts ...[]byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(nil, num, protowire.BytesType), bytes.Join(parts, nil))
}

func number(num protowire.Number, v uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(nil, num, protowire.VarintType), v)
}

func list(num protowire.Number, vs ...uint64) []byte {
	var b []byte
	for _, v := range vs {
		b = protowire.AppendVarint(b, v)
	}
	return message(num, b)
}

// triangle is three positions with one digit: 0,0 1,0 0,1.
func triangle() []byte { return list(geometryCoords, 0, 0, 2, 0, 1, 2) }

func TestGeobufSurvives(t *testing.T) {
	polygon := message(featureGeometry, number(geometryType, geometryPolygon), triangle())
	shape := orb.MultiPolygon{{{{0, 0}, {1, 0}, {0, 1}, {0, 0}}}}
	in := func(parts ...[]byte) []byte {
		return append(append(message(geobufKeys, []byte("k")), number(geobufPrecision, 0)...), message(geobufFeature, parts...)...)
	}
	for _, c := range []struct {
		name  string
		file  []byte
		want  Feature
		codes string
	}{
		{"no geometry", in(number(featureIntID, 4)), Feature{ID: 2}, "null-geometry"},
		{"point", in(message(featureGeometry, number(geometryType, 0), list(geometryCoords, 2, 2))), Feature{}, "not-polygon"},
		{"unknown type", in(message(featureGeometry, number(geometryType, 99))), Feature{}, "not-polygon"},
		{"collection", in(message(featureGeometry, number(geometryType, 6), message(4, number(geometryType, 0)))), Feature{}, "not-polygon"},
		{"empty", in(message(featureGeometry, number(geometryType, geometryMultiPolygon), list(geometryLengths, 0))), Feature{}, "empty-feature"},
		{"head after the feature", append(message(geobufFeature, polygon), number(geobufPrecision, 0)...), Feature{Geometry: shape}, ""},
		{
			"coordinates one by one",
			in(message(featureGeometry, number(geometryCoords, 0), number(geometryCoords, 0), number(geometryCoords, 2), number(geometryCoords, 0), list(geometryCoords, 1, 2), number(geometryType, geometryPolygon))),
			Feature{Geometry: shape},
			"",
		},
		{
			"a third ordinate",
			append(number(geobufDimensions, 3), in(message(featureGeometry, number(geometryType, geometryPolygon), list(geometryCoords, 0, 0, 8, 2, 0, 8, 1, 2, 8)))...),
			Feature{Geometry: shape},
			"",
		},
		{
			"a hole of two positions",
			in(message(featureGeometry, number(geometryType, geometryPolygon), list(geometryLengths, 3, 2), list(geometryCoords, 0, 0, 2, 0, 1, 2, 0, 0, 2, 2))),
			Feature{Geometry: shape},
			"degenerate-ring",
		},
		{
			"an outer ring of two positions takes its hole along",
			in(message(featureGeometry, number(geometryType, geometryPolygon), list(geometryLengths, 2, 3), list(geometryCoords, 0, 0, 2, 2, 0, 0, 2, 0, 1, 2))),
			Feature{},
			"degenerate-ring empty-feature",
		},
		{"text id", in(polygon, message(featureStringID, []byte("Q1"))), Feature{Geometry: shape, Attrs: []Attr{{"id", StringValue("Q1")}}}, ""},
		{"negative id", in(polygon, number(featureIntID, 1)), Feature{Geometry: shape, Attrs: []Attr{{"id", IntValue(-1)}}}, ""},
		{"null value", in(polygon, message(featureValue), list(featureProperties, 0, 0)), Feature{Geometry: shape}, ""},
		{
			"json", in(polygon, message(featureValue, message(valueJSON, []byte(`[1]`))), list(featureProperties, 0, 0)),
			Feature{Geometry: shape, Attrs: []Attr{{"k", StringValue("[1]")}}},
			"",
		},
		{"too negative", in(polygon, message(featureValue, number(valueNegInt, 1<<63+1)), list(featureProperties, 0, 0)), Feature{Geometry: shape}, "bad-attribute"},
		{
			"twice", in(polygon, message(featureValue, number(valueBool, 1)), list(featureProperties, 0, 0, 0, 0)),
			Feature{Geometry: shape, Attrs: []Attr{{"k", BoolValue(true)}}},
			"bad-attribute",
		},
		{
			"not text", in(polygon, message(featureValue, message(valueString, []byte("\xff"))), list(featureProperties, 0, 0)),
			Feature{Geometry: shape, Attrs: []Attr{{"k", StringValue("\uFFFD")}}},
			"bad-text",
		},
		{
			"values of other members do not count",
			in(polygon, message(featureValue, number(valuePosInt, 7)), list(featureCustom, 0, 0), message(featureValue, number(valuePosInt, 8)), list(featureProperties, 0, 0), number(200, 3)),
			Feature{Geometry: shape, Attrs: []Attr{{"k", IntValue(8)}}},
			"",
		},
	} {
		var codes []string
		got, err := DecodeGeobuf(c.file, GeobufLimits{}, func(f Fault) { codes = append(codes, string(f.Code)) })
		if err != nil || strings.Join(codes, " ") != c.codes || same([]Feature{c.want}, got) != "" {
			t.Errorf("%s: %v, faults %q\n%s", c.name, err, codes, same([]Feature{c.want}, got))
		}
	}
}

func TestGeobufDamage(t *testing.T) {
	shape := func(parts ...[]byte) []byte {
		return message(geobufGeometry, append([][]byte{number(geometryType, geometryMultiPolygon)}, parts...)...)
	}
	square := shape(triangle())
	feature := func(parts ...[]byte) []byte { return message(geobufFeature, parts...) }
	for _, c := range []struct {
		file   []byte
		limits GeobufLimits
		want   string
	}{
		{nil, GeobufLimits{}, "invalid geobuf at byte 0: holds no feature collection"},
		{[]byte("<!DOCTYPE html>"), GeobufLimits{}, "field 7 of wire type 4"},
		{square[:5], GeobufLimits{}, "runs past the end"},
		{[]byte{0x80}, GeobufLimits{}, "cut off"},
		{[]byte{0, 0}, GeobufLimits{}, "field number 0"},
		{append(square, square...), GeobufLimits{}, "a second collection, feature or geometry"},
		{number(geobufGeometry, 0), GeobufLimits{}, "wire type 0 where a message"},
		{number(geobufDimensions, 17), GeobufLimits{}, "dimensions 17"},
		{number(geobufPrecision, 16), GeobufLimits{}, "precision 16"},
		{message(geobufPrecision), GeobufLimits{}, "wire type 2 where a number"},
		{append(number(geobufDimensions, 1), square...), GeobufLimits{}, "positions of 1 dimensions"},
		{append(number(geobufDimensions, 4), square...), GeobufLimits{}, "6 coordinates are no positions of 4 each"},
		{shape(list(geometryLengths, 2, 1, 3), triangle()), GeobufLimits{}, "lengths end in polygon 1 of 2"},
		{shape(list(geometryLengths, 1, 2, 3), triangle()), GeobufLimits{}, "lengths end in polygon 0 of 1"},
		{shape(list(geometryLengths, math.MaxUint64), triangle()), GeobufLimits{}, "lengths end in polygon 0"},
		{shape(list(geometryLengths, 1, 1, math.MaxUint64), triangle()), GeobufLimits{}, "a ring of 18446744073709551615 positions, 3 are left"},
		{shape(list(geometryLengths, 1, 1, 3, 3), triangle()), GeobufLimits{}, "1 lengths too many"},
		{shape(list(geometryLengths, 1, 1, 2), triangle()), GeobufLimits{}, "1 of 3 positions over"},
		{shape(list(geometryCoords, 0, 0, 1<<55, 0, 0, 0)), GeobufLimits{}, "invalid geobuf: feature 0 at byte 2: a coordinate beyond"},
		{shape(list(geometryCoords, 1<<54, 0, 1<<54, 0, 0, 0)), GeobufLimits{}, "a coordinate beyond"},
		{feature(list(featureProperties, 0)), GeobufLimits{}, "cut off"},
		{feature(list(featureProperties, 0, 0)), GeobufLimits{}, "key 0 of 0 and value 0 of 0"},
		{feature(message(featureGeometry), message(featureGeometry)), GeobufLimits{}, "a second geometry"},
		{feature(message(featureValue, number(valueDouble, 1))), GeobufLimits{}, "where a double"},
		{square, GeobufLimits{Vertices: 2}, "more than 2 vertices"},
		{message(geobufCollection, message(collectionFeature), message(collectionFeature)), GeobufLimits{Features: 1}, "more than 1 features"},
		{append(message(geobufKeys), message(geobufKeys)...), GeobufLimits{Keys: 1}, "more than 1 keys"},
		{message(geobufKeys, []byte("long")), GeobufLimits{TextBytes: 3}, "a key of 4 bytes, at most 3"},
	} {
		_, err := DecodeGeobuf(c.file, c.limits, nil)
		var damage *GeobufError
		if !errors.As(err, &damage) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %q", c.file, err, c.want)
		}
	}
}

// What stands before the damage is kept.
func TestGeobufKeepsWhatItHas(t *testing.T) {
	w, _ := NewGeobufWriter(0)
	for i := range 3 {
		if err := w.Add(Feature{ID: uint64(i + 1), Geometry: orb.MultiPolygon{{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}}}); err != nil {
			t.Fatal(err)
		}
	}
	file := w.AppendTo(nil)
	bad := bytes.LastIndex(file, []byte{geometryPolygon})
	file[bad-1]++ // the field after
	got, err := DecodeGeobuf(file, GeobufLimits{}, nil)
	var damage *GeobufError
	if len(got) != 2 || !errors.As(err, &damage) || damage.Feature != 2 {
		t.Errorf("%d features, %v", len(got), err)
	}
}

func FuzzDecodeGeobuf(f *testing.F) {
	w, _ := NewGeobufWriter(1)
	ring := orb.Ring{{0, 0}, {1, 0}, {1, 1}, {0, 0}}
	for _, attrs := range [][]Attr{nil, {{"a", StringValue("x")}, {"b", IntValue(-3)}, {"c", FloatValue(.5)}, {"d", BoolValue(true)}}} {
		if err := w.Add(Feature{ID: 7, Geometry: orb.MultiPolygon{{ring, ring}, {ring}}, Attrs: attrs}); err != nil {
			f.Fatal(err)
		}
		f.Add(w.AppendTo(nil))
	}
	f.Add(message(geobufGeometry, number(geometryType, geometryPolygon), triangle()))
	f.Fuzz(func(t *testing.T, data []byte) {
		fs, err := DecodeGeobuf(data, GeobufLimits{Features: 1000, Vertices: 10000}, nil)
		if err != nil {
			return
		}
		w, err := NewGeobufWriter(GeobufPrecision)
		if err != nil {
			t.Fatal(err)
		}
		kept := fs[:0]
		for i := range fs {
			if w.Add(fs[i]) == nil { // coordinates too great for nine digits are refused
				fs[i].Index = len(kept)
				kept = append(kept, fs[i])
			}
		}
		// Rounded once, nothing changes any more.
		first, err := DecodeGeobuf(w.AppendTo(nil), GeobufLimits{}, nil)
		if err != nil || len(first) != len(kept) {
			t.Fatalf("%d of %d features, %v", len(first), len(kept), err)
		}
		w.Reset()
		for _, f := range first {
			if err := w.Add(f); err != nil {
				t.Fatal(err)
			}
		}
		if again, err := DecodeGeobuf(w.AppendTo(nil), GeobufLimits{}, nil); err != nil || !reflect.DeepEqual(again, first) && same(again, first) != "" {
			t.Fatal(err, same(again, first))
		}
	})
}
