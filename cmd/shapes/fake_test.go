package main

import (
	"bytes"
	"context"
	"errors"
	"image"
	"log/slog"
	"testing"

	"github.com/adrg/xdg"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/pipeline"
	"github.com/shapes-desktop/shapes/core/store/tileset"
)

// fakeEngine answers as told and remembers what it was asked.
type fakeEngine struct {
	recipe   engine.Recipe
	built    int
	steps    []pipeline.Progress
	stats    engine.Stats
	err      error
	tiles    map[tile.ID][]byte
	meta     tileset.Meta
	opened   string // path, or "dir node"
	closed   int
	picture  picture
	duringFn func(context.Context) error
}

func (f *fakeEngine) Build(ctx context.Context, r engine.Recipe, onProgress func(pipeline.Progress)) (engine.Stats, error) {
	f.recipe = r
	f.built++
	for _, p := range f.steps {
		onProgress(p)
	}
	if f.duringFn != nil {
		return engine.Stats{}, f.duringFn(ctx)
	}
	return f.stats, f.err
}

func (f *fakeEngine) OpenTiles(_ context.Context, path string) (engine.Tiles, error) {
	f.opened = path
	return f, f.err
}

func (f *fakeEngine) OpenNode(_ context.Context, dataDir, node string) (engine.Tiles, error) {
	f.opened = dataDir + " " + node
	return f, f.err
}

func (f *fakeEngine) OpenData(_ context.Context, dir string, _ *slog.Logger, _ bool) (*engine.Engine, error) {
	f.opened = dir
	return nil, errFake
}

func (f *fakeEngine) Rescue(_ context.Context, dir string, way engine.Way) ([]string, error) {
	f.opened = dir + " " + string(way)
	return nil, f.err
}

func (f *fakeEngine) Draw(_ context.Context, _ engine.Tiles, p picture) (image.Image, error) {
	f.picture = p
	if f.err != nil {
		return nil, f.err
	}
	return image.NewRGBA(image.Rect(0, 0, int(p.view.Width), int(p.view.Height))), nil
}

func (f *fakeEngine) Tile(_ context.Context, id tile.ID) ([]byte, error) { return f.tiles[id], f.err }
func (f *fakeEngine) Meta() tileset.Meta                                 { return f.meta }

func (f *fakeEngine) Close() error {
	f.closed++
	return nil
}

var errFake = errors.New("decode layer adm1:\n\tunexpected end")

// shapes runs a command line against eng. The data directory of who runs the
// tests, if there is one, is not met.
func shapes(t *testing.T, eng engineAPI, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	xdg.Reload()
	var out, errs bytes.Buffer
	code = run(t.Context(), args, std{&out, &errs}, eng)
	return code, out.String(), errs.String()
}
