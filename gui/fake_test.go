package gui

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"fyne.io/fyne/v2/test"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/publish/preview"
	"github.com/shapes-desktop/shapes/core/store/tileset"
	"github.com/shapes-desktop/shapes/gui/kit"
	"github.com/shapes-desktop/shapes/resources/fonts"
)

// fakeEngine is a tree in memory whose shapes are all water.
type fakeEngine struct {
	*memTree
	built bool
}

// small is an engine with one shape.
func small(built bool) *fakeEngine {
	f := &fakeEngine{memTree: newMemTree().grow("World"), built: built}
	n := f.at("World")
	n.HasTiles, n.Source = built, "Made"
	f.nodes[n.ID] = n
	return f
}

// unreadable is an engine whose nodes cannot be listed.
func unreadable() *fakeEngine {
	f := small(false)
	f.fail["Children"] = errors.New("no permission")
	return f
}

func (f *fakeEngine) Node(_ context.Context, id string) (engine.Node, error) {
	n, known := f.nodes[id]
	if !known {
		return n, engine.ErrNoNode
	}
	return n, nil
}

func (f *fakeEngine) OpenNode(context.Context, string) (engine.Tiles, error) {
	if !f.built {
		return nil, engine.ErrNoTiles
	}
	return waterTiles{}, nil
}

type waterTiles struct{}

func (waterTiles) Tile(context.Context, tile.ID) ([]byte, error) { return nil, nil }
func (waterTiles) Close() error                                  { return nil }
func (waterTiles) Meta() tileset.Meta {
	return tileset.Meta{Attribution: "Nobody", Bounds: [4]float64{-180, -85, 180, 85}}
}

func newTestWindow(t *testing.T, e *fakeEngine) *Window {
	t.Helper()
	set, err := preview.NewFonts(fonts.Faces()[0].Data)
	if err != nil {
		t.Fatal(err)
	}
	w := New(Options{
		App: test.NewTempApp(t), Engine: e, Fonts: set, Tasks: kit.InlineTasks(),
		Log: slog.New(slog.DiscardHandler), Version: "9.9", DataDir: "/data", LogFile: "/data/log", Notices: "who made what",
	})
	t.Cleanup(w.shut)
	return w
}
