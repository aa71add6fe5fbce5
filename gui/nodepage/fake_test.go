package nodepage

import (
	"context"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/pipeline"
	"github.com/shapes-desktop/shapes/core/publish/preview"
	"github.com/shapes-desktop/shapes/core/store/tileset"
	"github.com/shapes-desktop/shapes/gui/kit"
	"github.com/shapes-desktop/shapes/gui/mapview"
	"github.com/shapes-desktop/shapes/resources/fonts"
)

// fakeEngine builds at once, or does what build says.
type fakeEngine struct {
	tiles   engine.Tiles
	openErr error
	build   func(ctx context.Context, onProgress func(pipeline.Progress)) (engine.Stats, error)
	builds  int
}

func (f *fakeEngine) BuildNode(ctx context.Context, _ string, onProgress func(pipeline.Progress)) (engine.Stats, error) {
	f.builds++
	if f.build != nil {
		return f.build(ctx, onProgress)
	}
	f.tiles = waterTiles{}
	return engine.Stats{Tiles: 42, Bytes: 2_000_000, Seconds: 61}, nil
}

func (f *fakeEngine) OpenNode(context.Context, string) (engine.Tiles, error) {
	if f.openErr != nil {
		return nil, f.openErr
	}
	if f.tiles == nil {
		return nil, engine.ErrNoTiles
	}
	return f.tiles, nil
}

// waterTiles is a tileset of nothing.
type waterTiles struct{}

func (waterTiles) Tile(context.Context, tile.ID) ([]byte, error) { return nil, nil }
func (waterTiles) Close() error                                  { return nil }
func (waterTiles) Count() int                                    { return 1234 }
func (waterTiles) Meta() tileset.Meta {
	return tileset.Meta{Attribution: "Nobody", Bounds: [4]float64{-180, -85, 180, 85}}
}

// bench is a page with all around it.
type bench struct {
	*Page
	w       fyne.Window
	app     fyne.App
	engine  *fakeEngine
	said    []string
	changed int
}

func newBench(t *testing.T, e *fakeEngine) *bench {
	t.Helper()
	b := &bench{app: test.NewTempApp(t), engine: e}
	b.w = test.NewTempWindow(t, nil)
	set, err := preview.NewFonts(fonts.Faces()[0].Data)
	if err != nil {
		t.Fatal(err)
	}
	b.Page = New(Host{
		Window: b.w, Clipboard: b.app.Clipboard(), Tasks: kit.InlineTasks(), Engine: e, Fonts: set,
		Say: func(s string) { b.said = append(b.said, s) }, Status: func(mapview.Status) {},
		Changed: func() { b.changed++ }, Log: func(error) {},
	}, mapview.Look{Language: preview.English})
	b.w.SetContent(b.Content)
	b.w.Resize(fyne.NewSize(1000, 640))
	return b
}

func node() engine.Node {
	return engine.Node{ID: "sample", Name: "World (Made 1:10m)", Source: "Made 5.1", License: "Public domain"}
}
