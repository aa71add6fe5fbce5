package mapview

import (
	"context"
	"errors"
	"image"
	"testing"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/geo/mvt"
	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/publish/preview"
	"github.com/shapes-desktop/shapes/core/store/tileset"
	"github.com/shapes-desktop/shapes/gui/kit"
	"github.com/shapes-desktop/shapes/resources/fonts"
)

// worldTile is one country over the middle of the world, with a province in
// its upper left quarter.
func worldTile() []byte {
	var e mvt.Encoder
	add := func(layer string, id uint64, name string, x0, y0, x1, y1 int32) {
		d := mvt.NewDict()
		tags := d.Tags(nil, []feature.Attr{{Key: "name", Value: feature.StringValue(name)}, {Key: "adm0_a3", Value: feature.StringValue("AAA")}})
		var cursor mvt.Coord
		ring := mvt.AppendRing(nil, &cursor, []mvt.Coord{{X: x0, Y: y0}, {X: x1, Y: y0}, {X: x1, Y: y1}, {X: x0, Y: y1}})
		e.BeginLayer(layer, d)
		e.Feature(id, mvt.Polygon, tags, ring)
		e.EndLayer()
	}
	add("adm0", 1, "Aland", 1000, 1000, 3000, 3000)
	add("adm1", 11, "Upper", 1000, 1000, 2000, 2000)
	return append([]byte(nil), e.Bytes()...)
}

// fakeTiles is a tileset of one tile that counts its closings.
type fakeTiles struct {
	closed int
	broken bool
}

func (f *fakeTiles) Tile(context.Context, tile.ID) ([]byte, error) {
	if f.broken {
		return nil, errors.New("disk is gone")
	}
	return worldTile(), nil
}

func (f *fakeTiles) Meta() tileset.Meta {
	return tileset.Meta{
		Attribution: "<b>Made</b> by hand", Bounds: [4]float64{-180, -85, 180, 85},
		Layers: []tileset.VectorLayer{{ID: "adm0"}, {ID: "adm1"}},
	}
}

func (f *fakeTiles) Close() error { f.closed++; return nil }

// paintNow paints pictures as soon as they are wanted.
type paintNow struct {
	m    *preview.Map
	st   preview.Style
	have map[tile.ID]*image.RGBA
	done func(tile.ID, error)
}

func (p *paintNow) Want(ids []tile.ID) {
	for _, id := range ids {
		if _, ok := p.have[id]; ok {
			continue
		}
		img, err := p.m.Picture(context.Background(), id, 1, p.st)
		p.have[id] = img
		if p.done != nil && err != nil {
			p.done(id, err)
		}
	}
}

func (p *paintNow) Picture(id tile.ID) (*image.RGBA, bool) { img, ok := p.have[id]; return img, ok }
func (p *paintNow) SetLook(st preview.Style, _ float64) {
	p.st, p.have = st, map[tile.ID]*image.RGBA{}
}

func testFonts(t testing.TB) *preview.Fonts {
	t.Helper()
	f, err := preview.NewFonts(fonts.Faces()[0].Data)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// openFake opens tiles in a map with everything done at once.
func openFake(m *Map, tiles *fakeTiles) {
	s := newSheet(kit.InlineTasks(), tiles)
	s.pictures = &paintNow{m: s.m, st: m.look.style(m.fonts), have: map[tile.ID]*image.RGBA{}, done: m.painted}
	m.openSheet(s)
}
