package archive

import (
	"context"

	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/store/tileset"
)

// FromTileset reads the tile file of a node as an archive. Closing it closes
// the tile file. Tiles come gzipped.
func FromTileset(t *tileset.Tileset) Reader { return nodeReader{t} }

type nodeReader struct{ *tileset.Tileset }

// Tile implements Reader.
func (r nodeReader) Tile(ctx context.Context, id tile.ID) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return r.Tileset.Tile(id)
}
