package mvt

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shapes-desktop/shapes/core/geo/feature"
	"pgregory.net/rapid"
)

// drawValue makes any value a source may give.
func drawValue(t *rapid.T) feature.Value {
	switch rapid.IntRange(0, 4).Draw(t, "kind") {
	case 0:
		return feature.StringValue(rapid.String().Draw(t, "string"))
	case 1:
		return feature.IntValue(rapid.Int64().Draw(t, "int"))
	case 2:
		return feature.UintValue(rapid.Uint64().Draw(t, "uint"))
	case 3:
		return feature.FloatValue(rapid.Float64().Draw(t, "float"))
	default:
		return feature.BoolValue(rapid.Bool().Draw(t, "bool"))
	}
}

func drawAttrs(t *rapid.T) []feature.Attr {
	var attrs []feature.Attr
	for _, k := range rapid.SliceOfNDistinct(rapid.StringMatching(`[a-e]{0,2}`), 0, 4, rapid.ID).Draw(t, "keys") {
		attrs = append(attrs, feature.Attr{Key: k, Value: drawValue(t)})
	}
	return attrs
}

// drawPart makes n or more positions of which no two neighbours are equal.
func drawPart(t *rapid.T, n int) []Coord {
	coord := rapid.Custom(func(t *rapid.T) Coord {
		return Coord{X: rapid.Int32Range(-4096, 8192).Draw(t, "x"), Y: rapid.Int32Range(-4096, 8192).Draw(t, "y")}
	})
	return rapid.SliceOfNDistinct(coord, n, 8, rapid.ID).Draw(t, "part")
}

// coords makes positions of x, y, x, y …
func coords(xy ...int32) []Coord {
	var cs []Coord
	for i := 0; i+1 < len(xy); i += 2 {
		cs = append(cs, Coord{X: xy[i], Y: xy[i+1]})
	}
	return cs
}

func drawFeature(t *rapid.T) Feature {
	f := Feature{
		ID:    rapid.Uint64().Draw(t, "id"),
		Type:  rapid.SampledFrom([]GeomType{Point, LineString, Polygon}).Draw(t, "type"),
		Attrs: drawAttrs(t),
	}
	f.HasID = f.ID != 0
	parts := rapid.IntRange(1, 3).Draw(t, "parts")
	if f.Type == Point {
		parts = 1
	}
	for range parts {
		f.Parts = append(f.Parts, drawPart(t, int(f.Type)))
	}
	return f
}

func drawTile(t *rapid.T) *Tile {
	tile := &Tile{}
	for _, name := range rapid.SliceOfNDistinct(rapid.StringMatching(`adm[0-5]?`), 0, 3, rapid.ID).Draw(t, "layers") {
		l := Layer{Name: name, Version: 2, Extent: Extent}
		for range rapid.IntRange(1, 4).Draw(t, "features") {
			l.Features = append(l.Features, drawFeature(t))
		}
		tile.Layers = append(tile.Layers, l)
	}
	return tile
}

func geometryOf(f Feature) []byte {
	var g []byte
	var cursor Coord
	for _, p := range f.Parts {
		switch f.Type {
		case Point:
			g = AppendPoints(g, &cursor, p)
		case LineString:
			g = appendLine(g, &cursor, p)
		default:
			g = AppendRing(g, &cursor, p)
		}
	}
	return g
}

func encode(e *Encoder, tile *Tile, dicts []*Dict) []byte {
	e.Reset()
	for i, l := range tile.Layers {
		e.BeginLayer(l.Name, dicts[i])
		for _, f := range l.Features {
			e.Feature(f.ID, f.Type, dicts[i].Tags(nil, f.Attrs), geometryOf(f))
		}
		e.EndLayer()
	}
	return e.Bytes()
}

// dictsOf makes the dictionaries of a tile, as a run does before its tiles.
func dictsOf(tile *Tile) []*Dict {
	var ds []*Dict
	for _, l := range tile.Layers {
		d := NewDict()
		d.Tags(nil, []feature.Attr{{Key: "unused", Value: feature.StringValue("unused")}})
		for _, f := range l.Features {
			d.Tags(nil, f.Attrs)
		}
		ds = append(ds, d)
	}
	return ds
}

func TestWhatIsEncodedDecodesToItself(t *testing.T) {
	var e Encoder // one for all tiles: what an earlier one left must not show
	rapid.Check(t, func(t *rapid.T) {
		want := drawTile(t)
		got, err := Decode(encode(&e, want, dictsOf(want)))
		if err != nil {
			t.Fatal(err)
		}
		same := cmp.Comparer(func(a, b feature.Value) bool { return a == b })
		if d := cmp.Diff(want, got, same); d != "" {
			t.Fatal(d)
		}
	})
}

func TestTablesHoldOnlyWhatTheTileUses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tile := drawTile(t)
		var fs faults
		err := eachLayer(encode(new(Encoder), tile, dictsOf(tile)), &fs, func(l *rawLayer) *FormatError {
			keys, values := map[string]bool{}, map[feature.Value]bool{}
			for _, layer := range tile.Layers {
				for _, f := range layer.Features {
					if layer.Name != l.name {
						continue
					}
					for _, a := range f.Attrs {
						keys[a.Key], values[a.Value] = true, true
					}
				}
			}
			if len(keys) != len(l.keys) || len(values) != len(l.values) {
				t.Fatalf("layer %s: %d keys for %d, %d values for %d", l.name, len(l.keys), len(keys), len(l.values), len(values))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestRemapSurvivesTheWrapOfItsTurn(t *testing.T) {
	m := remap{turn: math.MaxUint32 - 1}
	for range 3 {
		m.reset(4)
		if a, b, c := m.number(3), m.number(1), m.number(3); a != 0 || b != 1 || c != 0 {
			t.Fatalf("numbers %d %d %d at turn %d", a, b, c, m.turn)
		}
	}
}

func TestAFeatureOrLayerWithNothingIsNotWritten(t *testing.T) {
	var e Encoder
	e.BeginLayer("empty", NewDict())
	e.Feature(1, Polygon, nil, AppendRing(nil, new(Coord), coords(0, 0, 1, 1)))
	e.Feature(3, Point, nil, AppendPoints(nil, new(Coord), nil))
	e.EndLayer()
	if n := len(e.Bytes()); n != 0 {
		t.Errorf("%d bytes written", n)
	}
}
