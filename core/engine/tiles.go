package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/core/publish/archive"
	"github.com/shapes-desktop/shapes/core/store/tileset"
)

// nodeTiles is a node's tileset that counts what is asked of it.
type nodeTiles struct {
	Tiles
	count    func() int
	set      *tileset.Tileset
	requests *tileset.Requests // nil: somebody else counts
	now      func() time.Time
	log      *slog.Logger
}

// Tile returns a tile and counts the request.
func (t *nodeTiles) Tile(ctx context.Context, id tile.ID) ([]byte, error) {
	data, err := t.Tiles.Tile(ctx, id)
	if err == nil && data != nil && t.requests != nil {
		if err := t.requests.Note(id, t.now()); err != nil { // counts are not worth a map without the tile
			t.log.Warn("count a request", "tile", id, "error", err)
		}
	}
	return data, err
}

// Count returns how many tiles there are.
func (t *nodeTiles) Count() int { return t.count() }

// VectorTile returns what is known of a tile, and whether there is one.
func (t *nodeTiles) VectorTile(id tile.ID) (tileset.VectorTile, bool, error) {
	return t.set.VectorTile(id, t.requests)
}

// Close lets go of the tiles.
func (t *nodeTiles) Close() error {
	err := t.Tiles.Close()
	if t.requests != nil {
		err = errors.Join(err, t.requests.Close())
	}
	return err
}

// OpenNode opens the tiles of a node. The caller closes them.
func (e *Engine) OpenNode(ctx context.Context, id string) (Tiles, error) {
	n, err := e.Node(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("open the tiles: %w", err)
	}
	if n.Type != tree.Shape {
		return nil, fmt.Errorf("open the tiles of %s: %w", n.Name, ErrNotShape)
	}
	if !n.HasTiles {
		return nil, fmt.Errorf("%s: %w", n.Name, ErrNoTiles)
	}
	v := tileset.Verifier{Exe: e.exe}
	set, err := v.Open(ctx, e.tileFile(id))
	if err != nil {
		return nil, fmt.Errorf("open the tiles of %s: %w", n.Name, err)
	}
	requests, err := v.OpenRequests(ctx, e.tileFile(id))
	if err != nil { // another opening counts already
		e.log.Info("requests are not counted", "node", n.Name, "error", err)
		requests = nil
	}
	return &nodeTiles{archive.FromTileset(set), set.Count, set, requests, e.now, e.log}, nil
}

// OpenTiles opens an archive (.pmtiles, .mbtiles) or a folder of tiles.
func OpenTiles(_ context.Context, path string) (Tiles, error) { return archive.Open(path) }
