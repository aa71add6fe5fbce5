package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io/fs"
	"log/slog"
	"os"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/pipeline"
)

// engineAPI is what the commands ask of the engine.
type engineAPI interface {
	Build(ctx context.Context, r engine.Recipe, onProgress func(pipeline.Progress)) (engine.Stats, error)
	// OpenTiles opens an archive or a folder. The caller closes it.
	OpenTiles(ctx context.Context, path string) (engine.Tiles, error)
	// OpenNode opens the tiles of the node with that id, path or name. Closing them
	// closes the data directory as well.
	OpenNode(ctx context.Context, dataDir, node string) (engine.Tiles, error)
	// OpenData opens a data directory, whose owner this process is from then on;
	// unswept, nothing in it is deleted by itself.
	OpenData(ctx context.Context, dir string, log *slog.Logger, unswept bool) (*engine.Engine, error)
	// Rescue makes a data directory usable whose core database is damaged.
	Rescue(ctx context.Context, dir string, way engine.Way) (kept []string, err error)
	// Draw makes the picture of a map.
	Draw(ctx context.Context, tiles engine.Tiles, p picture) (image.Image, error)
}

// coreEngine is the real engine.
type coreEngine struct{}

func (coreEngine) Build(ctx context.Context, r engine.Recipe, onProgress func(pipeline.Progress)) (engine.Stats, error) {
	return engine.Build(ctx, r, onProgress)
}

func (coreEngine) OpenTiles(ctx context.Context, path string) (engine.Tiles, error) {
	return engine.OpenTiles(ctx, path)
}

func (coreEngine) OpenData(ctx context.Context, dir string, log *slog.Logger, unswept bool) (*engine.Engine, error) {
	if unswept {
		return engine.OpenUnswept(ctx, dir, log)
	}
	return engine.Open(ctx, dir, log)
}

func (coreEngine) Rescue(ctx context.Context, dir string, way engine.Way) ([]string, error) {
	return engine.Rescue(ctx, dir, way)
}

func (coreEngine) OpenNode(ctx context.Context, dataDir, node string) (engine.Tiles, error) {
	// A mistyped directory is not made, which is what opening it would do.
	if info, err := os.Stat(dataDir); errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
		return nil, fmt.Errorf("open %q: there is neither such a file nor a data directory %s (--data-dir names another)", node, dataDir)
	}
	eng, err := engine.Open(ctx, dataDir, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, unusable(err)
	}
	tiles, err := openFound(ctx, eng, node)
	if err != nil {
		return nil, errors.Join(err, eng.Close())
	}
	return nodeTiles{tiles, eng}, nil
}

func openFound(ctx context.Context, eng *engine.Engine, ref string) (engine.Tiles, error) {
	n, err := eng.Find(ctx, ref)
	if errors.Is(err, engine.ErrNoNode) {
		return nil, fmt.Errorf("open %q: there is no such file, and in the data directory %w (shapes node ls lists them; --data-dir names another)", ref, engine.ErrNoNode)
	}
	if err != nil {
		return nil, err
	}
	tiles, err := eng.OpenNode(ctx, n.ID)
	return tiles, untiled(err)
}

// untiled adds what to do to the error of a shape that has no tiles.
func untiled(err error) error {
	if errors.Is(err, engine.ErrNoTiles) {
		return fmt.Errorf("%w: make them with shapes run, or in the window", err)
	}
	return err
}

// nodeTiles closes the data directory along with the tiles.
type nodeTiles struct {
	engine.Tiles
	eng *engine.Engine
}

func (n nodeTiles) Close() error { return errors.Join(n.Tiles.Close(), n.eng.Close()) }
