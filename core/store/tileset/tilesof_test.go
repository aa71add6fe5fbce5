package tileset

import (
	"context"
	"maps"

	"github.com/shapes-desktop/shapes/core/geo/tile"
)

func tilesOf(ts *Tileset) (map[uint64]string, error) {
	m := map[uint64]string{}
	err := ts.Each(context.Background(), func(id tile.ID, gz []byte) error {
		m[id.Hilbert()] = string(gz)
		return nil
	})
	return m, err
}

func equalTiles(a, b map[uint64]string) bool { return maps.Equal(a, b) }
