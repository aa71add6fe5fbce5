package session

import (
	"iter"

	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// TileBufferAt returns what a tile is made of, and whether there is such a
// tile. A tile's number is one to one with its address, so that this is the key
// of the table and needs no index.
func TileBufferAt(tx *kv.Tx, id tile.ID) (TileBuffer, bool, error) {
	if !id.Valid() {
		return TileBuffer{}, false, nil
	}
	return TileBuffers().Get(tx, kv.Key(nil).Uint(id.Hilbert()))
}

// TilesOfZooms returns the tiles of the zooms from first to last, zoom by zoom
// along the Hilbert curve: numbers hold the zoom, so that it is a range of keys.
func TilesOfZooms(tx *kv.Tx, first, last uint8) iter.Seq2[TileBuffer, error] {
	if first > last || first > tile.MaxZoom {
		return func(func(TileBuffer, error) bool) {}
	}
	from, to := tile.ID{Z: first}.Hilbert(), tile.ID{Z: min(last, tile.MaxZoom) + 1}.Hilbert()
	return TileBuffers().Range(tx, kv.Key(nil).Uint(from), kv.Key(nil).Uint(to))
}

// TilesInState returns the tiles in a state, zoom by zoom along the Hilbert
// curve.
func TilesInState(tx *kv.Tx, st Status) iter.Seq2[TileBuffer, error] {
	return TileBuffers().By(tx, "status", kv.Key(nil).Str(string(st)))
}
