package mvt

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	orbmvt "github.com/paulmach/orb/encoding/mvt"
	"github.com/shapes-desktop/shapes/core/geo/feature"
	"google.golang.org/protobuf/encoding/protowire"
	"pgregory.net/rapid"
)

// message builds protobuf messages field by field.
type message []byte

func (m message) num(field protowire.Number, v uint64) message {
	return protowire.AppendVarint(protowire.AppendTag(m, field, protowire.VarintType), v)
}

func (m message) sub(field protowire.Number, b []byte) message {
	return protowire.AppendBytes(protowire.AppendTag(m, field, protowire.BytesType), b)
}

func (m message) str(field protowire.Number, s string) message { return m.sub(field, []byte(s)) }

func (m message) list(field protowire.Number, vs ...uint64) message {
	var b []byte
	for _, v := range vs {
		b = protowire.AppendVarint(b, v)
	}
	return m.sub(field, b)
}

// layerOf is a sound layer around some features, with keys k and k again.
func layerOf(features ...message) message {
	m := message(nil).num(15, 2).str(1, "l")
	for _, f := range features {
		m = m.sub(2, f)
	}
	return m.str(3, "k").str(3, "k").sub(4, message(nil).str(1, "a")).sub(4, message(nil).num(7, 1)).num(5, 4096)
}

func tileOf(layers ...message) []byte {
	var m message
	for _, l := range layers {
		m = m.sub(3, l)
	}
	return m
}

func geometry(t GeomType, g ...uint64) message {
	return message(nil).num(3, uint64(t)).list(4, g...)
}

func point() message { return geometry(Point, 9, 50, 34) }

func TestFaultsSayWhatAndWhere(t *testing.T) {
	for _, c := range []struct {
		name string
		tile []byte
		say  string
		kept bool // the rest of the tile is understood
	}{
		{"cut tag", []byte{0x80}, "at byte 0: number cut off", false},
		{"cut layer", []byte{0x1a, 5, 0}, "at byte 1: length 5 runs past the end (1 bytes left)", false},
		{"field 0", []byte{0, 0}, "field number 0", false},
		{"group", []byte{0x0b, 0x0c}, "wire type 3 is not supported", false},
		{"layer as number", message(nil).num(3, 1), "tile.layers has wire type 0, must be 2", false},
		{"no name", tileOf(message(nil).num(15, 2)), `layer "#0" at byte 2: layer has no name`, false},
		{"second layer", tileOf(layerOf(), message(nil).str(1, "x")), `layer "x" at byte 27: layer has no version`, false},
		{"two names", tileOf(layerOf().str(1, "m")), "layer.name given twice", false},
		{"two versions", tileOf(layerOf().num(15, 2)), "layer.version given twice", false},
		{"two extents", tileOf(layerOf().num(5, 2)), "layer.extent given twice", false},
		{"extent 0", tileOf(message(nil).num(15, 2).str(1, "l").num(5, 0)), "layer.extent 0 is out of range", false},
		{"value twice", tileOf(layerOf().sub(4, message(nil).num(4, 1).num(5, 1))), "value has 2 fields", false},
		{"value as text", tileOf(layerOf().str(4, "xx")), "at byte", false},
		{"name twice", tileOf(layerOf(), layerOf()), `layer "l" at byte 25: layer name given twice`, true},
		{"text", tileOf(layerOf().str(3, "\xff")), "layer.keys is not UTF-8", true},
		{"key twice", tileOf(layerOf(point().list(2, 0, 0, 0, 1))), `feature 0 at byte 20: key "k" given twice`, true},
		{"key", tileOf(layerOf(point(), point().list(2, 2, 0))), "feature 1 at byte 27: key 2 of 2 keys", false},
		{"line step", tileOf(layerOf(geometry(LineString, 9, 2, 2, 10, 0, 0))), "LineTo of length zero at 1,1", true},
		{"line of one", tileOf(layerOf(geometry(LineString, 9, 2, 2))), "line of one position at 1,1", false},
		{"two moves", tileOf(layerOf(geometry(LineString, 17, 2, 2, 2, 2))), "MoveTo of 2 positions in a LineString", false},
		{"move after move", tileOf(layerOf(geometry(LineString, 9, 2, 2, 9, 2, 2))), "MoveTo after MoveTo", false},
		{"line in point", tileOf(layerOf(geometry(Point, 9, 2, 2, 10, 2, 2))), "LineTo in a point", false},
		{"line first", tileOf(layerOf(geometry(Polygon, 10, 2, 2))), "LineTo without a MoveTo", false},
		{"open ring", tileOf(layerOf(geometry(Polygon, 9, 2, 2, 18, 2, 2, 4, 2))), "ring not closed at", false},
		{"unclosed ring", tileOf(layerOf(geometry(Polygon, 9, 2, 2, 18, 2, 2, 4, 2, 9, 0, 0))), "MoveTo before the ring is closed", false},
		{"short ring", tileOf(layerOf(geometry(Polygon, 9, 2, 2, 10, 2, 2, 15))), "ring of 2 positions near 2,2", true},
		{"command", tileOf(layerOf(geometry(Point, 11))), "geometry command 3 is unknown", false},
		{"count 0", tileOf(layerOf(geometry(Point, 1))), "geometry command with count 0", false},
		{"wide command", tileOf(layerOf(geometry(Point, 1<<33))), "geometry command 8589934592 is out of range", false},
		{"wide step", tileOf(layerOf(geometry(Point, 9, 1<<32, 0))), "position step beyond 32 bits", false},
		{"no y", tileOf(layerOf(geometry(Point, 9, 300))), "position without y", false},
		{"empty geometry", tileOf(layerOf(geometry(Point))), "feature has an empty geometry", true},
	} {
		got, err := Decode(c.tile)
		var fault *FormatError
		if !errors.As(err, &fault) || !strings.Contains(err.Error(), c.say) {
			t.Errorf("%s: %v, want %q", c.name, err, c.say)
		}
		if (got != nil) != c.kept {
			t.Errorf("%s: tile kept: %v", c.name, got != nil)
		}
		text, jsonErr := AppendJSON([]byte("before"), c.tile)
		if jsonErr == nil || jsonErr.Error() != err.Error() || (len(text) > len("before")) != c.kept || !strings.HasPrefix(string(text), "before") {
			t.Errorf("%s as JSON: %q, %v", c.name, text, jsonErr)
		}
	}
}

func TestManyFaultsAreCounted(t *testing.T) {
	_, err := Decode(tileOf(layerOf(geometry(LineString, 9, 2, 2, 26, 0, 0, 0, 0, 0, 0))))
	if err == nil || !strings.HasSuffix(err.Error(), "(and 2 more)") {
		t.Error(err)
	}
}

func TestWhatReadersMustTolerate(t *testing.T) {
	unpacked := message(nil).num(3, 1).num(4, 9).num(4, 50).num(4, 34).num(2, 0).num(2, 1)
	strange := point().num(9, 5).str(20, "x").list(2, 0, 0, 1, 1) // keys 0 and 1 are both "k"
	layer := layerOf(unpacked, strange).str(6, "new").num(7, 1)
	layer = protowire.AppendFixed32(protowire.AppendTag(layer, 8, protowire.Fixed32Type), 1)
	layer = protowire.AppendFixed64(protowire.AppendTag(layer, 9, protowire.Fixed64Type), 1)
	tile := message(tileOf(layer)).str(17, "extension")
	got, err := Decode(tile)
	if err != nil {
		t.Fatal(err)
	}
	k := []feature.Attr{{Key: "k", Value: feature.BoolValue(true)}}
	at := [][]Coord{coords(25, 17)}
	want := &Tile{Layers: []Layer{{Name: "l", Version: 2, Extent: 4096, Features: []Feature{
		{Type: Point, Parts: at, Attrs: k}, {Type: Point, Parts: at, Attrs: k},
	}}}}
	if d := cmp.Diff(want, got, cmp.Comparer(func(a, b feature.Value) bool { return a == b })); d != "" {
		t.Error(d)
	}
}

func TestPositionsBeyond32BitsAreClampedButExactInJSON(t *testing.T) {
	tile := tileOf(layerOf(geometry(LineString, 9, 1<<32-2, 1<<32-1, 10, 2, 1)))
	got, err := Decode(tile)
	if err != nil {
		t.Fatal(err)
	}
	if p := got.Layers[0].Features[0].Parts[0]; p[1] != (Coord{X: 1<<31 - 1, Y: -1 << 31}) {
		t.Error(p)
	}
	text, err := AppendJSON(nil, tile)
	if err != nil || !strings.Contains(string(text), "[[[2147483647,-2147483648],[2147483648,-2147483649]]]") {
		t.Error(string(text), err)
	}
}

func TestAFeatureIsReadAsOrbReadsIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tile := drawTile(t)
		layers, err := orbmvt.Unmarshal(encode(new(Encoder), tile, dictsOf(tile)))
		if err != nil || len(layers) != len(tile.Layers) {
			t.Fatal(err)
		}
		for i, l := range layers {
			if l.Name != tile.Layers[i].Name || l.Version != 2 || l.Extent != Extent || len(l.Features) != len(tile.Layers[i].Features) {
				t.Fatal(l)
			}
			for k, f := range l.Features {
				want := tile.Layers[i].Features[k]
				if n := vertices(f.Geometry); n != verticesOf(want) {
					t.Fatalf("%d vertices of %v", n, want)
				}
				if len(f.Properties) != len(want.Attrs) {
					t.Fatal(f.Properties)
				}
			}
		}
	})
}

// vertices counts positions, without the repeated ones of rings.
func vertices(g orb.Geometry) int {
	n := 0
	switch g := g.(type) {
	case orb.Point:
		return 1
	case orb.MultiPoint:
		return len(g)
	case orb.LineString:
		return len(g)
	case orb.MultiLineString:
		for _, l := range g {
			n += len(l)
		}
	case orb.Polygon:
		for _, r := range g {
			n += len(r) - 1
		}
	case orb.MultiPolygon:
		for _, p := range g {
			n += vertices(p)
		}
	}
	return n
}

func verticesOf(f Feature) int {
	n := 0
	for _, p := range f.Parts {
		n += len(p)
	}
	return n
}

func FuzzDecode(f *testing.F) {
	f.Add(tileOf(layerOf(point().list(2, 0, 0, 1, 1), geometry(Polygon, 9, 2, 2, 18, 2, 2, 4, 2, 15))))
	f.Add(tileOf(layerOf(geometry(LineString, 9, 2, 2, 10, 0, 0)), layerOf()))
	f.Add(tileOf(layerOf(geometry(Point, 17, 2, 2, 4, 4)).sub(4, message(nil).num(6, 9)), layerOf().str(1, "m")))
	f.Fuzz(func(t *testing.T, b []byte) {
		tile, err := Decode(b)
		text, jsonErr := AppendJSON(nil, b)
		if (err == nil) != (jsonErr == nil) || (tile == nil) != (len(text) == 0) {
			t.Fatalf("Decode %v, AppendJSON %v", err, jsonErr)
		}
		if tile != nil {
			checkSize(t, tile, len(b))
		}
	})
}

// checkSize fails if a tile takes much more than the bytes it came from.
func checkSize(t *testing.T, tile *Tile, n int) {
	positions, attrs := 0, 0
	for _, l := range tile.Layers {
		for _, f := range l.Features {
			positions += verticesOf(f)
			attrs += len(f.Attrs)
		}
	}
	if positions > n/2 || attrs > n/2 {
		t.Fatalf("%d positions and %d attributes from %d bytes", positions, attrs, n)
	}
}
