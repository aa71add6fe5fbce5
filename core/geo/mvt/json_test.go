package mvt

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/shapes-desktop/shapes/core/geo/feature"
	"pgregory.net/rapid"
)

func TestNumbersAreWrittenAsJavaScriptWritesThem(t *testing.T) {
	for _, c := range []struct {
		v    feature.Value
		want string
	}{
		{feature.FloatValue(1), "1"},
		{feature.FloatValue(-1.5), "-1.5"},
		{feature.FloatValue(math.Copysign(0, -1)), "0"},
		{feature.FloatValue(float64(float32(3.1))), "3.0999999046325684"},
		{feature.FloatValue(1e20), "100000000000000000000"},
		{feature.FloatValue(1e21), "1e+21"},
		{feature.FloatValue(1.5e-7), "1.5e-7"},
		{feature.FloatValue(1e-6), "0.000001"},
		{feature.FloatValue(5e-324), "5e-324"},
		{feature.FloatValue(math.MaxFloat64), "1.7976931348623157e+308"},
		{feature.FloatValue(math.NaN()), "null"},
		{feature.FloatValue(math.Inf(-1)), "null"},
		{feature.IntValue(1<<53 - 1), "9007199254740991"},
		{feature.IntValue(1 << 53), `"9007199254740992"`},
		{feature.IntValue(-(1<<53 - 1)), "-9007199254740991"},
		{feature.IntValue(math.MinInt64), `"-9223372036854775808"`},
		{feature.UintValue(math.MaxUint64), `"18446744073709551615"`},
		{feature.BoolValue(true), "true"},
		{feature.StringValue("a\"\\\n\x01</é\u2028"), `"a\"\\\n\u0001</é` + "\u2028" + `"`},
	} {
		if got := string(appendJSONValue(nil, c.v)); got != c.want {
			t.Errorf("%v: %s, want %s", c.v, got, c.want)
		}
	}
}

func TestJSONOfATile(t *testing.T) {
	var e Encoder
	d := NewDict()
	tags := d.Tags(nil, []feature.Attr{{Key: "name", Value: feature.StringValue("x")}, {Key: "n", Value: feature.IntValue(-3)}})
	var g []byte
	var cursor Coord
	g = AppendRing(g, &cursor, coords(0, 0, 10, 0, 10, 10))
	g = AppendRing(g, &cursor, coords(20, 20, 30, 20, 30, 30))
	e.BeginLayer("adm0", d)
	e.Feature(1<<60, Polygon, tags, g)
	e.Feature(0, LineString, nil, appendLine(nil, new(Coord), coords(1, 2, 3, 4)))
	e.Feature(7, Point, nil, AppendPoints(nil, new(Coord), coords(1, 2, 3, 4)))
	e.EndLayer()
	want := `{"layers":[{"name":"adm0","version":2,"extent":4096,"features":[` +
		`{"id":"1152921504606846976","type":"Polygon","geometry":[[[0,0],[10,0],[10,10],[0,0]],[[20,20],[30,20],[30,30],[20,20]]],"properties":{"name":"x","n":-3}},` +
		`{"id":null,"type":"LineString","geometry":[[[1,2],[3,4]]],"properties":{}},` +
		`{"id":7,"type":"Point","geometry":[[1,2],[3,4]],"properties":{}}]}]}`
	if got, err := AppendJSON(nil, e.Bytes()); err != nil || string(got) != want {
		t.Errorf("%s %v", got, err)
	}
	if got, err := AppendJSON(nil, nil); err != nil || string(got) != `{"layers":[]}` {
		t.Errorf("%s %v", got, err)
	}
}

func TestTheJSONOfAnyTileIsJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tile := drawTile(t)
		text, err := AppendJSON(nil, encode(new(Encoder), tile, dictsOf(tile)))
		if err != nil || !json.Valid(text) {
			t.Fatal(err, string(text))
		}
	})
}

func gzipped(t testing.TB, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	zw := gzip.NewWriter(&out)
	if _, err := zw.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestGunzip(t *testing.T) {
	big := bytes.Repeat([]byte("0123456789"), 100)
	bomb := gzipped(t, make([]byte, 1<<24))
	liar := gzipped(t, big)
	copy(liar[len(liar)-4:], "\xff\xff\xff\x7f")
	for _, c := range []struct {
		name  string
		data  []byte
		limit int
		want  []byte
		say   string
		large bool
	}{
		{"plain", big, 1000, big, "", false},
		{"plain beyond", big, 999, nil, "1000 bytes", true},
		{"empty", nil, 0, nil, "", false},
		{"exact", gzipped(t, big), 1000, big, "", false},
		{"one less", gzipped(t, big), 999, nil, "larger than allowed (999)", true},
		{"bomb", bomb, 1 << 20, nil, "larger than allowed", true},
		{"cut", gzipped(t, big)[:25], 1000, nil, "ungzip tile after", false},
		{"header", []byte("\x1f\x8b\x08"), 1000, nil, "ungzip tile", false},
		{"wrong size", liar, 1000, nil, "ungzip tile after 1000 bytes", false},
	} {
		got, err := Gunzip(c.data, c.limit)
		if c.say == "" {
			if err != nil || !bytes.Equal(got, c.want) {
				t.Errorf("%s: %d bytes, %v", c.name, len(got), err)
			}
			continue
		}
		if err == nil || got != nil || !strings.Contains(err.Error(), c.say) || errors.Is(err, ErrTooLarge) != c.large {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func FuzzGunzip(f *testing.F) {
	f.Add([]byte("plain"))
	f.Add(gzipped(f, []byte("some text")))
	f.Fuzz(func(t *testing.T, b []byte) {
		if out, err := Gunzip(b, 1<<16); err == nil && len(out) > 1<<16 {
			t.Fatal(len(out))
		}
	})
}
