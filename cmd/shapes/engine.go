package main

import (
	"context"
	"errors"
	"image"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/pipeline"
)

// engineAPI is what the commands ask of the engine.
type engineAPI interface {
	Build(ctx context.Context, r engine.Recipe, onProgress func(pipeline.Progress)) (engine.Stats, error)
	// OpenTiles opens an archive or a folder. The caller closes it.
	OpenTiles(ctx context.Context, path string) (engine.Tiles, error)
	// OpenNode opens the tiles of the node with that id or name. Closing them
	// closes the data directory as well.
	OpenNode(ctx context.Context, dataDir, node string) (engine.Tiles, error)
	// Draw makes the picture of a map.
	Draw(ctx context.Context, tiles engine.Tiles, p picture) (image.Image, error)
}

// coreEngine is the real engine.
type coreEngine struct{}

var errNotBuilt = errors.New("the engine is not wired yet")

func (coreEngine) Build(ctx context.Context, r engine.Recipe, onProgress func(pipeline.Progress)) (engine.Stats, error) {
	return engine.Stats{}, errNotBuilt
}

func (coreEngine) OpenTiles(ctx context.Context, path string) (engine.Tiles, error) {
	return nil, errNotBuilt
}

func (coreEngine) OpenNode(ctx context.Context, dataDir, node string) (engine.Tiles, error) {
	return nil, errNotBuilt
}
