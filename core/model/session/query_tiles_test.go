package session

import (
	"cmp"
	"testing"

	"pgregory.net/rapid"

	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

func drawTile(t *rapid.T, label string) tile.ID {
	z := rapid.SampledFrom([]uint8{0, 1, 2, 3, 17, tile.MaxZoom}).Draw(t, label+" zoom")
	last := uint32(1)<<z - 1
	side := rapid.OneOf(rapid.SampledFrom([]uint32{0, last / 2, last}), rapid.Uint32Range(0, last))
	return tile.ID{Z: z, X: side.Draw(t, label+" x"), Y: side.Draw(t, label+" y")}
}

func TestTileBuffersAgreeWithAScan(t *testing.T) {
	db := openTable(t, TileBuffers())
	rapid.Check(t, func(t *rapid.T) {
		seen := map[tile.ID]bool{}
		var all []TileBuffer
		for range rapid.IntRange(0, 30).Draw(t, "tiles") {
			id := drawTile(t, "tile")
			if seen[id] {
				continue
			}
			seen[id] = true
			all = append(all, TileBuffer{
				Zoom: id.Z, X: id.X, Y: id.Y, Tile: id.Hilbert(),
				Status: rapid.SampledFrom([]Status{Pending, Completed, Failed}).Draw(t, "status"),
			})
		}
		key := func(b TileBuffer) string { return tile.ID{Z: b.Zoom, X: b.X, Y: b.Y}.String() }
		byZoom := func(a, b TileBuffer) int { return cmp.Or(cmp.Compare(a.Zoom, b.Zoom), cmp.Compare(a.Tile, b.Tile)) }
		onBench(t, db, TileBuffers(), all, func(tx *kv.Tx) {
			st := rapid.SampledFrom([]Status{Pending, Completed, Running}).Draw(t, "state")
			same(t, "in state", TilesInState(tx, st), all, key, func(b TileBuffer) bool { return b.Status == st }, byZoom)
			first, last := rapid.Uint8Range(0, 20).Draw(t, "first"), rapid.Uint8().Draw(t, "last")
			same(t, "of zooms", TilesOfZooms(tx, first, last), all, key,
				func(b TileBuffer) bool { return first <= b.Zoom && b.Zoom <= last }, byZoom)
			id := drawTile(t, "asked")
			b, found, err := TileBufferAt(tx, id)
			if err != nil || found != seen[id] || found && key(b) != id.String() {
				t.Fatalf("%v: %v, %v (%v), want %v", id, b, found, err, seen[id])
			}
			if _, found, err := TileBufferAt(tx, tile.ID{Z: 1, X: 2}); found || err != nil {
				t.Fatalf("a tile beyond the world: %v, %v", found, err)
			}
		})
	})
}
