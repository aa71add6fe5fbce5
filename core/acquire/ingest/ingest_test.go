package ingest

import (
	"bytes"
	"compress/gzip"
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// result is everything that reading a file gave.
type result struct {
	sum      Summary
	layers   []string
	features []feature.Feature
}

// readText reads text as a file of that name, which must succeed.
func readText(t *testing.T, name, text string, opt Options) result {
	t.Helper()
	r, err := tryRead(name, []byte(text), opt)
	if err != nil {
		t.Fatalf("%v\nin %s", err, text)
	}
	for _, f := range r.features {
		checkGeometry(t, f.Geometry)
	}
	return r
}

func tryRead(name string, data []byte, opt Options) (result, error) {
	var r result
	sum, err := ReadBytes(context.Background(), name, data, opt, func(layer string, f feature.Feature) error {
		r.layers = append(r.layers, layer)
		r.features = append(r.features, f)
		return nil
	})
	r.sum = sum
	return r, err
}

// square is a counter-clockwise ring with its lower left corner at x, y.
func square(x, y, size float64) orb.Ring {
	return orb.Ring{{x, y}, {x + size, y}, {x + size, y + size}, {x, y + size}, {x, y}}
}

const squareText = `[[[0,0],[1,0],[1,1],[0,1],[0,0]]]`

func feat(properties string) string {
	return `{"type":"Feature","properties":` + properties + `,"geometry":{"type":"Polygon","coordinates":` + squareText + `}}`
}

func collection(features ...string) string {
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
}

func gzipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write([]byte(text))
	w.Close()
	return b.String()
}

// TestForms reads the same square in every form that GeoJSON comes in.
func TestForms(t *testing.T) {
	one := feat(`{"n":1}`)
	bare := `{"type":"Polygon","coordinates":` + squareText + `}`
	tests := []struct {
		name, text string
		features   int
	}{
		{"collection", collection(one, one), 2},
		{"features first", `{"features":[` + one + `],"type":"FeatureCollection","bbox":[0,0,1,1]}`, 1},
		{"single feature", one, 1},
		{"feature, geometry first", `{"geometry":` + bare + `,"properties":null,"type":"Feature"}`, 1},
		{"coordinates before type", `{"coordinates":` + squareText + `,"type":"Polygon"}`, 1},
		{"bare geometry", bare, 1},
		{"geometry collection", `{"type":"GeometryCollection","geometries":[` + bare + `,{"type":"Point","coordinates":[5,5]}]}`, 1},
		{"nested collection", `{"type":"GeometryCollection","geometries":[{"type":"GeometryCollection","geometries":[` + bare + `]}]}`, 1},
		{"lines", one + "\n" + one + "\r\n" + one, 3},
		{"record separators", "\x1e" + one + "\n\x1e" + one + "\n", 2},
		{"byte order mark", "\ufeff" + collection(one), 1},
		{"gzip", gzipped(collection(one)), 1},
		{"gzip members", gzipped(one+"\n") + gzipped(one), 2},
		{"blanks", strings.NewReplacer(",", " ,\n ", "[", "[ ", "]", " ]", ":", " :\t").Replace(collection(one)), 1},
		{"heights", collection(strings.ReplaceAll(one, "0]", "0,12.5]")), 1},
		{"crs", `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},"features":[` + one + `]}`, 1},
		{"crs 4326", `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:4326"}},"features":[` + one + `]}`, 1},
		{"crs null", `{"type":"FeatureCollection","crs":null,"features":[` + one + `]}`, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := readText(t, "dir/squares.geojson", tt.text, Options{})
			if len(r.features) != tt.features || r.sum.Features != tt.features || r.sum.Kept != tt.features {
				t.Fatalf("%d features, want %d", len(r.features), tt.features)
			}
			want := orb.MultiPolygon{{square(0, 0, 1)}}
			for i, f := range r.features {
				if diff := cmp.Diff(want, f.Geometry); diff != "" {
					t.Error(diff)
				}
				if r.layers[i] != "squares" {
					t.Errorf("layer %q", r.layers[i])
				}
			}
		})
	}
}

func TestProjectedCRS(t *testing.T) {
	text := `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::3857"}},"features":[
		{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1113194.9079327357,0],[1113194.9079327357,1118889.9748579597],[0,0]]]}}]}`
	r := readText(t, "m.geojson", text, Options{})
	got := r.features[0].Geometry[0][0][2]
	if d := got[0] - 10; d > 1e-9 || d < -1e-9 {
		t.Errorf("longitude %v, want 10", got[0])
	}
	if d := got[1] - 10; d > 1e-9 || d < -1e-9 {
		t.Errorf("latitude %v, want 10", got[1])
	}
}

func TestAttributes(t *testing.T) {
	r := readText(t, "a.json", collection(feat(`{"int":-3,"big":18446744073709551615,"huge":1e400,"float":1.5,"exp":1e3,
		"yes":true,"no":false,"gone":null,"list":[1, "a\"b", {"k" : null}],"text":"h\u00e9\n\ud83d\ude00","empty":"",
		"nan":NaN,"twice":1,"twice":2,"zero":-0}`)), Options{})
	want := []feature.Attr{
		{Key: "int", Value: feature.IntValue(-3)},
		{Key: "big", Value: feature.UintValue(18446744073709551615)},
		{Key: "float", Value: feature.FloatValue(1.5)},
		{Key: "exp", Value: feature.FloatValue(1000)},
		{Key: "yes", Value: feature.BoolValue(true)},
		{Key: "no", Value: feature.BoolValue(false)},
		{Key: "list", Value: feature.StringValue(`[1,"a\"b",{"k":null}]`)},
		{Key: "text", Value: feature.StringValue("hé\n😀")},
		{Key: "empty", Value: feature.StringValue("")},
		{Key: "twice", Value: feature.IntValue(2)},
	}
	got := r.features[0].Attrs
	if diff := cmp.Diff(want, got[:len(got)-1], cmp.Comparer(func(a, b feature.Value) bool { return a == b })); diff != "" {
		t.Error(diff)
	}
	if n := r.sum.Faults.Count(feature.FaultAttribute); n != 3 {
		t.Errorf("%d attribute faults, want 3 (huge, nan, twice): %v", n, r.sum.Faults.Examples(feature.FaultAttribute))
	}
}

func TestAttributeChoice(t *testing.T) {
	text := collection(feat(`{"a":1,"b":2,"c":3}`))
	for _, tt := range []struct {
		choose []string
		want   string
	}{{nil, "abc"}, {[]string{}, ""}, {[]string{"c", "a", "x"}, "ac"}} {
		got := ""
		for _, a := range readText(t, "a.json", text, Options{Attributes: tt.choose}).features[0].Attrs {
			got += a.Key
		}
		if got != tt.want {
			t.Errorf("attributes %v give %q, want %q", tt.choose, got, tt.want)
		}
	}
}

func TestFeatureID(t *testing.T) {
	tests := []struct {
		id, properties string
		want           uint64
		attrs          string
	}{
		{`7`, `{}`, 7, ""},
		{`9007199254740991`, `{}`, 9007199254740991, ""},
		{`9007199254740992`, `{}`, 0, "id=9007199254740992"},
		{`0`, `{}`, 0, "id=0"},
		{`-1`, `{}`, 0, "id=-1"},
		{`1.5`, `{}`, 0, "id=1.5"},
		{`"JPN"`, `{}`, 0, "id=JPN"},
		{`"JPN"`, `{"id":"JPN"}`, 0, "id=JPN"},
		{`"JPN"`, `{"id":5}`, 0, "id=5 feature_id=JPN"},
		{`null`, `{}`, 0, ""},
	}
	for _, tt := range tests {
		text := `{"type":"Feature","id":` + tt.id + `,"properties":` + tt.properties + `,"geometry":{"type":"Polygon","coordinates":` + squareText + `}}`
		f := readText(t, "a.json", text, Options{}).features[0]
		var attrs []string
		for _, a := range f.Attrs {
			attrs = append(attrs, a.Key+"="+a.Value.String())
		}
		if got := strings.Join(attrs, " "); f.ID != tt.want || got != tt.attrs {
			t.Errorf("id %s with %s: id %d attributes %q, want %d %q", tt.id, tt.properties, f.ID, got, tt.want, tt.attrs)
		}
	}
}

func TestBadText(t *testing.T) {
	r := readText(t, "a.json", collection(feat("{\"a\":\"x\xffy\",\"b\":\"\\ud800\"}")), Options{})
	if v, _ := r.features[0].Attr("a"); v.String() != "x\uFFFDy" {
		t.Errorf("a = %q", v)
	}
	if n := r.sum.Faults.Count(feature.FaultText); n != 2 {
		t.Errorf("%d text faults, want 2", n)
	}
}

// TestFaults gives one bad feature among good ones.
func TestFaults(t *testing.T) {
	geometry := func(g string) string { return `{"type":"Feature","properties":{},"geometry":` + g + `}` }
	polygon := func(c string) string { return geometry(`{"type":"Polygon","coordinates":` + c + `}`) }
	tests := []struct {
		name, feature string
		want          string // codes and counts
	}{
		{"null", geometry(`null`), "null-geometry 1"},
		{"no geometry", `{"type":"Feature","properties":{}}`, "null-geometry 1"},
		{"empty", polygon(`[]`), "null-geometry 1"},
		{"point", geometry(`{"type":"Point","coordinates":[1,2]}`), "not-polygon 1"},
		{"line", geometry(`{"coordinates":[[1,2],[3,4]],"type":"LineString"}`), "not-polygon 1"},
		{"degenerate", polygon(`[[[0,0],[1,1],[0,0]]]`), "degenerate-ring 1, empty-feature 1"},
		{"collinear", polygon(`[[[0,0],[1,1],[2,2],[0,0]]]`), "degenerate-ring 1, empty-feature 1"},
		{"empty ring", polygon(`[[]]`), "null-geometry 1"},
		{"unclosed", polygon(`[[[0,0],[1,0],[1,1]]]`), "unclosed-ring 1"},
		{"duplicates", polygon(`[[[0,0],[0,0],[1,0],[1,1],[1,1],[0,0]]]`), "duplicate-vertex 2"},
		{"NaN", polygon(`[[[0,0],[NaN,0],[1,1],[0,0]]]`), "bad-coordinate 1, empty-feature 1"},
		{"null ordinate", polygon(`[[[0,0],[null,0],[1,1],[0,0]]]`), "bad-coordinate 1, empty-feature 1"},
		{"overflow", polygon(`[[[0,0],[1e999,0],[1,1],[0,0]]]`), "bad-coordinate 1, empty-feature 1"},
		{"far out", polygon(`[[[0,0],[1000,0],[1,1],[0,0]]]`), "bad-coordinate 1, empty-feature 1"},
		{"latitude", polygon(`[[[0,0],[1,0],[1,90.5],[0,0]]]`), "latitude-clamped 1"},
		{"longitude", polygon(`[[[190,0],[200,0],[200,1],[190,0]]]`), "longitude-wrapped 1"},
		{"hole wound alike", polygon(`[[[0,0],[9,0],[9,9],[0,9],[0,0]],[[1,1],[2,1],[2,2],[1,1]]]`), "winding 1"},
		{"text as position", polygon(`[[["a","b"],[1,0],[1,1],[0,0]]]`), "bad-coordinate 1, empty-feature 1"},
		{"short position", polygon(`[[[0],[1,0],[1,1],[0,0]]]`), "bad-coordinate 1, empty-feature 1"},
		{"wrong nesting", polygon(`[[0,0],[1,0],[1,1],[0,0]]`), "bad-coordinate 1, empty-feature 1"},
		{"uneven nesting", polygon(`[[[0,0],[1,0],[1,1],[0,0]],[1,1]]`), "bad-coordinate 1, empty-feature 1"},
		{"unknown type", geometry(`{"type":"Circle","coordinates":[1,2]}`), "bad-coordinate 1, empty-feature 1"},
		{"geometry is text", geometry(`"POLYGON"`), "bad-coordinate 1, empty-feature 1"},
		{"properties is a list", `{"type":"Feature","properties":[1],"geometry":{"type":"Polygon","coordinates":` + squareText + `}}`, "bad-attribute 1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			good := feat(`{}`)
			r := readText(t, "a.json", collection(good, tt.feature, good, good), Options{})
			if got := faultCounts(&r.sum.Faults); got != tt.want {
				t.Errorf("faults %q, want %q", got, tt.want)
			}
			if r.sum.Features != 4 {
				t.Errorf("%d features, want 4", r.sum.Features)
			}
			for _, code := range r.sum.Faults.Codes() {
				if f := r.sum.Faults.Examples(code)[0]; f.Feature != 1 || f.Layer != "a" {
					t.Errorf("fault of layer %q feature %d, want a 1", f.Layer, f.Feature)
				}
			}
		})
	}
}

func TestSinkError(t *testing.T) {
	want := context.DeadlineExceeded // any error of the sink's own
	_, err := ReadBytes(context.Background(), "a.json", []byte(collection(feat(`{}`))), Options{},
		func(string, feature.Feature) error { return want })
	if err == nil || !strings.Contains(err.Error(), want.Error()) {
		t.Errorf("error %v, want %v", err, want)
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	text := collection(strings.TrimSuffix(strings.Repeat(feat(`{}`)+",", 20000), ","))
	n := 0
	_, err := ReadBytes(ctx, "a.json", []byte(text), Options{}, func(string, feature.Feature) error {
		if n++; n == 10 {
			cancel()
		}
		return nil
	})
	if err == nil || ctx.Err() == nil || n > 10000 {
		t.Errorf("error %v after %d features, want it to stop", err, n)
	}
}

func TestProgress(t *testing.T) {
	text := gzipped(collection(strings.TrimSuffix(strings.Repeat(feat(`{}`)+",", 20000), ",")))
	var last int64
	_, err := ReadBytes(context.Background(), "a.json.gz", []byte(text), Options{OnBytes: func(done, total int64) {
		if done < last || total != int64(len(text)) {
			t.Errorf("progress %d after %d of %d", done, last, total)
		}
		last = done
	}}, discard)
	if err != nil || last != int64(len(text)) {
		t.Errorf("ended at %d of %d, error %v", last, len(text), err)
	}
}

func TestLayerOption(t *testing.T) {
	for name, want := range map[string]string{
		"x/ITA.json.zip": "ITA", "geoBoundaries-HTI-ADM1.rounded.geojson": "geoBoundaries-HTI-ADM1.rounded", ".json": ".json",
	} {
		if got := baseName(name); got != want {
			t.Errorf("base name of %s is %s, want %s", name, got, want)
		}
	}
	if got := readText(t, "a.json", feat(`{}`), Options{Layer: "adm1"}).layers[0]; got != "adm1" {
		t.Errorf("layer %q", got)
	}
}
