package oracle_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/geo/mvt"
	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/publish/archive"
	"github.com/shapes-desktop/shapes/core/store/tileset"
)

// The synthetic world is divided into squares, each a unit of its own: as
// many as zoom 2 has tiles. Deeper tiles lie wholly in one unit, so that
// those of a unit are equal byte by byte.
const (
	worldZoom    = 2
	worldMaxZoom = 5
	worldUnits   = 16
	worldLayer   = "adm0"
	margin       = 80
)

func worldMeta() tileset.Meta {
	return tileset.Meta{
		Name: "Squares", Description: "sixteen squares", Attribution: `<a href="https://example.org">nobody</a>`,
		Generator: "shapes test", MaxZoom: worldMaxZoom,
		Bounds: [4]float64{-180, -85.0511287, 180, 85.0511287}, Center: [3]float64{0, 0, 1},
		Layers: []tileset.VectorLayer{{
			ID: worldLayer, Description: "squares", MaxZoom: worldMaxZoom,
			Fields: map[string]string{"name": "String", "x": "Number", "east": "Boolean"},
		}},
		Extra: map[string]string{"units": fmt.Sprint(worldUnits)},
	}
}

// unitTags are the attributes of the unit in column x and row y.
func unitTags(d *mvt.Dict, x, y int) []uint32 {
	return d.Tags(nil, []feature.Attr{
		{Key: "name", Value: feature.StringValue(fmt.Sprintf("Square %d·%d", x, y))},
		{Key: "x", Value: feature.FloatValue(float64(x) + 0.1)},
		{Key: "east", Value: feature.BoolValue(x >= 2)},
	})
}

// worldTile draws the squares that reach into a tile and its margin.
func worldTile(e *mvt.Encoder, d *mvt.Dict, tags [][]uint32, id tile.ID) []byte {
	e.Reset()
	e.BeginLayer(worldLayer, d)
	side := 1 << worldZoom
	for y := range side {
		for x := range side {
			// the square in units of this tile, whose upper left is 0,0
			x0, y0 := place(x, id.Z, id.X), place(y, id.Z, id.Y)
			x1, y1 := place(x+1, id.Z, id.X), place(y+1, id.Z, id.Y)
			if x1 <= x0 || y1 <= y0 {
				continue
			}
			ring := []mvt.Coord{{X: x0, Y: y0}, {X: x1, Y: y0}, {X: x1, Y: y1}, {X: x0, Y: y1}}
			geometry := mvt.AppendRing(nil, new(mvt.Coord), ring)
			e.Feature(uint64(y*side+x+1), mvt.Polygon, tags[y*side+x], geometry)
		}
	}
	e.EndLayer()
	return e.Bytes()
}

// place is where grid line n of the squares falls in a tile, clipped.
func place(n int, zoom uint8, at uint32) int32 {
	v := n*mvt.Extent<<zoom>>worldZoom - int(at)*mvt.Extent
	return int32(max(-margin, min(mvt.Extent+margin, v)))
}

// world makes all tiles, plain, in Hilbert order.
func world() (ids []tile.ID, plain [][]byte) {
	var e mvt.Encoder
	d := mvt.NewDict()
	var tags [][]uint32
	for i := range worldUnits {
		tags = append(tags, unitTags(d, i%(1<<worldZoom), i>>worldZoom))
	}
	for h := range (tile.ID{Z: worldMaxZoom + 1}).Hilbert() {
		id := tile.FromHilbert(h)
		ids = append(ids, id)
		plain = append(plain, bytes.Clone(worldTile(&e, d, tags, id)))
	}
	return ids, plain
}

// writeWorld writes the world to an archive of the name in a new folder.
func writeWorld(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	w, err := archive.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	var b bytes.Buffer
	zw := gzip.NewWriter(&b)
	ids, plain := world()
	for i, id := range ids {
		b.Reset()
		zw.Reset(&b)
		if _, err := zw.Write(plain[i]); err != nil {
			t.Fatal(err)
		}
		if err := zw.Close(); err != nil {
			t.Fatal(err)
		}
		if err := w.Put(id, b.Bytes()); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Commit(worldMeta()); err != nil {
		t.Fatal(err)
	}
	return path
}
