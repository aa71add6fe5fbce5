package engine

import (
	"context"
	"errors"
	"fmt"

	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/store/kv"
	"github.com/shapes-desktop/shapes/core/store/tileset"
)

// Errors of what is looked for and not there, told apart with errors.Is.
var (
	// ErrNoTile: there is no such tile.
	ErrNoTile = errors.New("there is no such tile")
	// ErrNotMade: simplify1 is not done with the feature, or there is none.
	ErrNotMade = errors.New("no such feature, or it is not simplified yet")
)

// TileMakeup is what a tile is made of.
type TileMakeup struct {
	session.TileBuffer
	// Parts are the features that have a part in it, in the order of Features.
	Parts []Feature
}

// TileMakeup returns what a session has made a tile of; ErrNoTile if it has not
// made it.
func (e *Engine) TileMakeup(ctx context.Context, ref string, id tile.ID) (TileMakeup, error) {
	in, err := e.Inspect(ctx, ref)
	if err != nil {
		return TileMakeup{}, err
	}
	return in.TileMakeup(ctx, id)
}

// TileMakeup is Engine.TileMakeup.
func (in *Inspection) TileMakeup(ctx context.Context, id tile.ID) (TileMakeup, error) {
	var out TileMakeup
	err := in.view(in.e.kinds.tiles, func(tx *kv.Tx) error {
		b, found, err := session.TileBufferAt(tx, id)
		if err == nil && !found {
			err = fmt.Errorf("tile %v of session %s: %w", id, in.id, ErrNoTile)
		}
		out.TileBuffer = b
		return err
	})
	if err == nil {
		err = in.view(in.e.kinds.indices, func(tx *kv.Tx) error {
			for x, err := range indicesOf(tx, out.FeatureBuffers) {
				if err != nil {
					return err
				}
				out.Parts = append(out.Parts, Feature{FeatureIndex: x})
			}
			return nil
		})
	}
	if err == nil {
		err = in.measure(ctx, out.Parts)
	}
	return out, err
}

// TileRecord is a tile of a node with all that is known of it.
type TileRecord struct {
	tileset.VectorTile
	// Counted: its requests are known. They are not while another opening of the
	// node's tiles counts them.
	Counted bool
}

// VectorTile returns the record of a tile of a node: layers, sizes, entity tag,
// quality, requests. Looking at it is no request. Errors: ErrNoNode,
// ErrNotShape, ErrNoTiles, ErrNoTile.
func (e *Engine) VectorTile(ctx context.Context, node string, id tile.ID) (r TileRecord, err error) {
	tiles, err := e.OpenNode(ctx, node)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, tiles.Close()) }()
	t, ok := tiles.(*nodeTiles)
	if !ok {
		return r, fmt.Errorf("tile %v: the tiles of a node are not in a tile file", id)
	}
	found := false
	if r.VectorTile, found, err = t.VectorTile(id); err == nil && !found {
		m := t.Meta()
		err = fmt.Errorf("tile %v of zooms %d to %d: %w", id, m.MinZoom, m.MaxZoom, ErrNoTile)
	}
	r.Counted = t.requests != nil
	return r, err
}
