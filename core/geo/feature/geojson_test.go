package feature

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

func TestGeoJSON(t *testing.T) {
	ring := orb.Ring{{0, 0}, {1.5, 0}, {1e-9, 1}, {0, 0}}
	var w GeoJSONWriter
	dst := []byte{}
	for i, f := range []Feature{
		{ID: 7, Geometry: orb.MultiPolygon{{ring, ring}}, Attrs: []Attr{
			{"name", StringValue("a\"\n\u2028é")},
			{"n", IntValue(-3)},
			{"u", UintValue(math.MaxUint64)},
			{"f", FloatValue(3)},
			{"g", FloatValue(1e-300)},
			{"b", BoolValue(true)},
		}},
		{Geometry: orb.MultiPolygon{{ring}, {ring}}},
		{},
	} {
		var err error
		if dst, err = w.AppendFeature(dst, f); err != nil {
			t.Fatal(i, err)
		}
	}
	dst = w.AppendEnd(dst)
	const coords = `[[0,0],[1.5,0],[0.000000001,1],[0,0]]`
	want := `{"type":"FeatureCollection","features":[
{"type":"Feature","id":7,"properties":{"name":"a\"\n` + "\u2028" + `é","n":-3,"u":18446744073709551615,"f":3.0,"g":1e-300,"b":true},"geometry":{"type":"Polygon","coordinates":[` + coords + `,` + coords + `]}},
{"type":"Feature","properties":{},"geometry":{"type":"MultiPolygon","coordinates":[[` + coords + `],[` + coords + `]]}},
{"type":"Feature","properties":{},"geometry":null}
]}
`
	if string(dst) != want {
		t.Errorf("got\n%s\nwant\n%s", dst, want)
	}
	if got := string(w.AppendEnd(nil)); got != "{\"type\":\"FeatureCollection\",\"features\":[\n]}\n" {
		t.Errorf("empty: %s", got)
	}
}

func TestGeoJSONRefuses(t *testing.T) {
	for _, c := range []struct {
		f    Feature
		want string
	}{
		{Feature{Index: 2, Attrs: []Attr{{"a", FloatValue(math.Inf(1))}}}, `feature 2 as GeoJSON: attribute "a": +Inf is no JSON number`},
		{Feature{Attrs: []Attr{{"a", StringValue("\xff")}}}, "UTF-8"},
		{Feature{Attrs: []Attr{{"\xff", IntValue(1)}}}, "UTF-8"},
		{Feature{Geometry: orb.MultiPolygon{{{{0, 0}, {math.NaN(), 0}}}}}, "ring 0 position 1, [NaN 0]"},
		{Feature{Geometry: orb.MultiPolygon{{}, {{{math.Inf(-1), 0}}}}}, "polygon 1: ring 0 position 0"},
	} {
		var w GeoJSONWriter
		dst, err := w.AppendFeature([]byte("x"), c.f)
		if err == nil || !strings.Contains(err.Error(), c.want) || string(dst) != "x" {
			t.Errorf("%q, %v, want %q", dst, err, c.want)
		}
		if dst = w.AppendEnd(dst); !json.Valid(dst[1:]) {
			t.Errorf("%s", dst)
		}
	}
}

// Whatever it is, it is JSON.
func TestGeoJSONIsJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var w GeoJSONWriter
		var dst []byte
		n := 0
		for range rapid.IntRange(0, 4).Draw(t, "n") {
			next, err := w.AppendFeature(dst, drawFeature(t, 7))
			if err == nil {
				n++
			}
			dst = next
		}
		var got struct{ Features []json.RawMessage }
		if err := json.Unmarshal(w.AppendEnd(dst), &got); err != nil || len(got.Features) != n {
			t.Fatalf("%d of %d features, %v", len(got.Features), n, err)
		}
	})
}
