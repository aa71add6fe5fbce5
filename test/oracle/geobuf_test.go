package oracle_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// units are features of every kind that Geobuf can tell.
func units() []feature.Feature {
	square := func(x, y, side float64) orb.Ring {
		return orb.Ring{{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}, {x, y}}
	}
	hole := orb.Ring{{0.25, 0.25}, {0.25, 0.75}, {0.75, 0.75}, {0.25, 0.25}}
	return []feature.Feature{
		{ID: 1, Geometry: orb.MultiPolygon{{square(0, 0, 1)}}, Attrs: []feature.Attr{
			{Key: "name", Value: feature.StringValue("Åland 日本")},
			{Key: "level", Value: feature.IntValue(1)},
			{Key: "below", Value: feature.IntValue(-7)},
			{Key: "share", Value: feature.FloatValue(0.1)},
			{Key: "disputed", Value: feature.BoolValue(true)},
			{Key: "closed", Value: feature.BoolValue(false)},
		}},
		{Index: 1, ID: 1<<53 - 1, Geometry: orb.MultiPolygon{{square(0, 0, 1), hole}}, Attrs: []feature.Attr{
			{Key: "level", Value: feature.IntValue(0)}, {Key: "name", Value: feature.StringValue("")},
		}},
		{Index: 2, Geometry: orb.MultiPolygon{{square(-180, -90, 1)}, {square(0, 0, 1), hole}, {square(179, 89, 1)}}},
	}
}

// collection, member and shape are what is compared of GeoJSON.
type collection struct {
	Type     string
	Features []member
}

type member struct {
	Type       string
	ID         uint64
	Properties map[string]any
	Geometry   shape
}

type shape struct {
	Type        string
	Coordinates json.RawMessage
}

// area is a shape's coordinates, Polygon or MultiPolygon.
func (s shape) area(t *testing.T) orb.MultiPolygon {
	t.Helper()
	var mp orb.MultiPolygon
	var one orb.Polygon
	var err error
	switch s.Type {
	case "Polygon":
		err = json.Unmarshal(s.Coordinates, &one)
		mp = orb.MultiPolygon{one}
	case "MultiPolygon":
		err = json.Unmarshal(s.Coordinates, &mp)
	default:
		t.Fatalf("geometry of type %q", s.Type)
	}
	if err != nil {
		t.Fatal(err)
	}
	return mp
}

// What we write, the npm package reads: coordinates of nine digits to the bit.
func TestGeobufInTheNPMReader(t *testing.T) {
	need(t, "node", "node_modules")
	dir := t.TempDir()
	w, err := feature.NewGeobufWriter(feature.GeobufPrecision)
	if err != nil {
		t.Fatal(err)
	}
	want := units()
	want[0].Geometry[0][0][1] = orb.Point{8.123456789, -47.987654321}
	files := []string{filepath.Join(dir, "all.pbf")}
	for _, f := range want {
		if err := w.Add(f); err != nil {
			t.Fatal(err)
		}
		alone, err := w.AppendFeature(nil, f)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, filepath.Join(dir, fmt.Sprintf("%d.pbf", f.Index)))
		write(t, files[len(files)-1], alone)
	}
	write(t, files[0], w.AppendTo(nil))
	t.Log(run(t, "node", append([]string{"geobuf.mjs", "decode"}, files...)...))

	var all collection
	read(t, files[0]+".json", &all)
	if all.Type != "FeatureCollection" || len(all.Features) != len(want) {
		t.Fatalf("%s of %d", all.Type, len(all.Features))
	}
	for i, f := range want {
		var alone member
		read(t, files[i+1]+".json", &alone)
		compare(t, f, all.Features[i])
		compare(t, f, alone)
	}
}

// compare tells what the package has read otherwise than we wrote it.
func compare(t *testing.T, f feature.Feature, m member) {
	t.Helper()
	properties := map[string]any{}
	for _, a := range f.Attrs {
		properties[a.Key] = map[feature.Kind]any{
			feature.String: a.Value.String(), feature.Int: float64(a.Value.Int()),
			feature.Float: a.Value.Float(), feature.Bool: a.Value.Bool(),
		}[a.Value.Kind()]
	}
	d := cmp.Diff(f.Geometry, m.Geometry.area(t)) + cmp.Diff(properties, m.Properties)
	if m.Type != "Feature" || m.ID != f.ID || d != "" {
		t.Errorf("feature %d: %s, id %d\n%s", f.Index, m.Type, m.ID, d)
	}
}

// What the npm package writes, we read. It rounds to six digits.
func TestGeobufOfTheNPMWriter(t *testing.T) {
	need(t, "node", "node_modules")
	dir := t.TempDir()
	square := `[[[0,0],[1.5,0],[1.5,1.25],[0.123456,1],[0,0]]]`
	cases := []struct {
		name, text string
		want       []feature.Feature
		faults     string
	}{
		{"polygon", `{"type":"Polygon","coordinates":` + square + `}`, []feature.Feature{{Geometry: squares(1)}}, ""},
		{"multi of one", `{"type":"MultiPolygon","coordinates":[` + square + `]}`, []feature.Feature{{Geometry: squares(1)}}, ""},
		{"multi of two", `{"type":"MultiPolygon","coordinates":[` + square + `,` + square + `]}`, []feature.Feature{{Geometry: squares(2)}}, ""},
		{"whole degrees", `{"type":"Polygon","coordinates":[[[0,0],[9,0],[9,9],[0,0]]]}`, []feature.Feature{{Geometry: orb.MultiPolygon{{{{0, 0}, {9, 0}, {9, 9}, {0, 0}}}}}}, ""},
		{"heights", `{"type":"Polygon","coordinates":[[[0,0,5],[9,0,6],[9,9,7],[0,0,5]]]}`, []feature.Feature{{Geometry: orb.MultiPolygon{{{{0, 0}, {9, 0}, {9, 9}, {0, 0}}}}}}, ""},
		{"empty collection", `{"type":"FeatureCollection","features":[]}`, nil, ""},
		{"null geometry", `{"type":"Feature","geometry":null,"properties":null}`, []feature.Feature{{}}, "null-geometry"},
		{"point", `{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]},"properties":{}}`, []feature.Feature{{}}, "not-polygon"},
		{
			"every value",
			`{"type":"Feature","id":42,"bbox":[0,0,1.5,1.25],"properties":{"s":"日本","u":9007199254740991,"n":-3,"f":-0.5,"b":true,"nothing":null,"o":{"a":[1]}},"geometry":{"type":"Polygon","coordinates":` + square + `}}`,
			[]feature.Feature{{ID: 42, Geometry: squares(1), Attrs: []feature.Attr{
				{Key: "s", Value: feature.StringValue("日本")},
				{Key: "u", Value: feature.IntValue(1<<53 - 1)},
				{Key: "n", Value: feature.IntValue(-3)},
				{Key: "f", Value: feature.FloatValue(-.5)},
				{Key: "b", Value: feature.BoolValue(true)},
				{Key: "o", Value: feature.StringValue(`{"a":[1]}`)},
			}}},
			"",
		},
		{
			"collection with a member of its own",
			`{"type":"FeatureCollection","name":"x","features":[{"type":"Feature","id":"Q1","properties":{"a":1},"geometry":{"type":"Polygon","coordinates":` + square + `}},{"type":"Feature","id":-5,"properties":{"b":2,"a":"z"},"geometry":{"type":"MultiPolygon","coordinates":[` + square + `]}}]}`,
			[]feature.Feature{
				{Geometry: squares(1), Attrs: []feature.Attr{{Key: "a", Value: feature.IntValue(1)}, {Key: "id", Value: feature.StringValue("Q1")}}},
				{Index: 1, Geometry: squares(1), Attrs: []feature.Attr{{Key: "b", Value: feature.IntValue(2)}, {Key: "a", Value: feature.StringValue("z")}, {Key: "id", Value: feature.IntValue(-5)}}},
			},
			"",
		},
	}
	args := []string{"geobuf.mjs", "encode"}
	for i, c := range cases {
		path := filepath.Join(dir, fmt.Sprintf("%d.geojson", i))
		write(t, path, []byte(c.text))
		args = append(args, path)
	}
	t.Log(run(t, "node", args...))
	for i, c := range cases {
		data, err := os.ReadFile(args[2+i] + ".pbf")
		if err != nil {
			t.Fatal(err)
		}
		faults := ""
		got, err := feature.DecodeGeobuf(data, feature.GeobufLimits{}, func(f feature.Fault) { faults += string(f.Code) })
		if d := cmp.Diff(c.want, got, equalValues()); err != nil || faults != c.faults || d != "" {
			t.Errorf("%s: %v, faults %q\n%s", c.name, err, faults, d)
		}
	}
}

// squares is n times the polygon of the test above.
func squares(n int) (mp orb.MultiPolygon) {
	for range n {
		mp = append(mp, orb.Polygon{{{0, 0}, {1.5, 0}, {1.5, 1.25}, {0.123456, 1}, {0, 0}}})
	}
	return mp
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string, into any) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}
