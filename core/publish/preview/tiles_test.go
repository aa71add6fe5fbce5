package preview

import (
	"context"
	"errors"
	"testing"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/geo/mvt"
	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/store/tileset"
	"github.com/shapes-desktop/shapes/resources/fonts"
)

// unit is a feature of a made tile.
type unit struct {
	id    uint64
	attrs map[string]string
	rings [][]mvt.Coord
	at    *mvt.Coord // a point instead of rings
}

// layer is a layer of a made tile.
type layer struct {
	name  string
	units []unit
}

// square is a ring, clockwise on the screen as outer rings of tiles are.
func square(x0, y0, x1, y1 int32) []mvt.Coord {
	return []mvt.Coord{{X: x0, Y: y0}, {X: x1, Y: y0}, {X: x1, Y: y1}, {X: x0, Y: y1}}
}

// attrKeys is the order in which made features list their attributes.
func attrKeys() []string {
	return []string{"name", "name_en", "name_ja", "name_local", "adm0_a3", "rank", "code"}
}

func makeTile(layers ...layer) []byte {
	var e mvt.Encoder
	for _, l := range layers {
		d := mvt.NewDict()
		type ready struct {
			u    unit
			tags []uint32
		}
		var all []ready
		for _, u := range l.units {
			var attrs []feature.Attr
			for _, k := range attrKeys() {
				if v, ok := u.attrs[k]; ok {
					attrs = append(attrs, feature.Attr{Key: k, Value: feature.StringValue(v)})
				}
			}
			all = append(all, ready{u, d.Tags(nil, attrs)})
		}
		e.BeginLayer(l.name, d)
		for _, r := range all {
			var cursor mvt.Coord
			if r.u.at != nil {
				e.Feature(r.u.id, mvt.Point, r.tags, mvt.AppendPoints(nil, &cursor, []mvt.Coord{*r.u.at}))
				continue
			}
			var geometry []byte
			for _, ring := range r.u.rings {
				geometry = mvt.AppendRing(geometry, &cursor, ring)
			}
			e.Feature(r.u.id, mvt.Polygon, r.tags, geometry)
		}
		e.EndLayer()
	}
	return append([]byte(nil), e.Bytes()...)
}

// twoCountries is a tile of two countries side by side, the left one with two
// provinces, and a lake in the right one.
func twoCountries() []byte {
	hole := square(2600, 1400, 3000, 1800)
	hole[1], hole[3] = hole[3], hole[1]
	return makeTile(
		layer{"adm0", []unit{
			{id: 1, attrs: map[string]string{"name": "Aland", "name_ja": "ア国", "adm0_a3": "AAA"}, rings: [][]mvt.Coord{square(500, 500, 2000, 3500)}},
			{id: 2, attrs: map[string]string{"name": "Bland", "adm0_a3": "BBB"}, rings: [][]mvt.Coord{square(2000, 500, 3600, 3500), hole}},
		}},
		layer{"adm1", []unit{
			{id: 11, attrs: map[string]string{"name": "Upper", "adm0_a3": "AAA"}, rings: [][]mvt.Coord{square(500, 500, 2000, 2000)}},
			{id: 12, attrs: map[string]string{"name": "Lower", "adm0_a3": "AAA"}, rings: [][]mvt.Coord{square(500, 2000, 2000, 3500)}},
		}},
		layer{"adm0_label", []unit{
			{id: 1, attrs: map[string]string{"name": "Aland", "name_ja": "ア国", "rank": "1"}, at: &mvt.Coord{X: 1250, Y: 2000}},
			{id: 2, attrs: map[string]string{"name": "Bland", "rank": "2"}, at: &mvt.Coord{X: 2800, Y: 2600}},
		}},
	)
}

// fakeSource is a tileset of one zoom 0 tile, or of whatever tile says.
type fakeSource struct {
	meta tileset.Meta
	tile func(tile.ID) ([]byte, error)
}

func (f fakeSource) Tile(_ context.Context, id tile.ID) ([]byte, error) { return f.tile(id) }
func (f fakeSource) Meta() tileset.Meta                                 { return f.meta }

func oneTile(data []byte) fakeSource {
	return fakeSource{
		meta: tileset.Meta{
			Name: "Two", Attribution: `&copy; <a href="https://example.org">Nobody &amp; sons</a>`,
			Bounds: [4]float64{-180, -85, 180, 85},
			Layers: []tileset.VectorLayer{{ID: "adm0"}, {ID: "adm1"}, {ID: "adm0_label"}},
		},
		tile: func(id tile.ID) ([]byte, error) {
			if id != (tile.ID{}) {
				return nil, errors.New("asked for a tile beyond the last zoom")
			}
			return data, nil
		},
	}
}

func testFonts(t testing.TB) *Fonts {
	t.Helper()
	var files [][]byte
	for _, f := range fonts.Faces() {
		files = append(files, f.Data)
	}
	set, err := NewFonts(files...)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func scene(t testing.TB, data []byte) *Scene {
	t.Helper()
	s, err := NewScene(tile.ID{}, data)
	if err != nil {
		t.Fatal(err)
	}
	if s.Damage != nil {
		t.Fatal(s.Damage)
	}
	return s
}
