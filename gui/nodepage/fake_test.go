package nodepage

import (
	"context"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/publish/preview"
	"github.com/shapes-desktop/shapes/core/store/tileset"
	"github.com/shapes-desktop/shapes/gui/kit"
	"github.com/shapes-desktop/shapes/gui/mapview"
	"github.com/shapes-desktop/shapes/resources/fonts"
)

// fakeEngine has one session, which the test moves on.
type fakeEngine struct {
	tiles    engine.Tiles
	openErr  error
	startErr error
	starts   int
	ses      engine.Session
	watch    func(engine.Session)
	known    engine.Node // what Node answers
	runs     []shape.RunSummary
	retried  []string
}

func (f *fakeEngine) Node(context.Context, string) (engine.Node, error) {
	if f.known.ID == "" {
		return f.known, engine.ErrNoNode
	}
	return f.known, nil
}

func (f *fakeEngine) Start(_ context.Context, node string) (engine.Session, error) {
	if f.startErr != nil {
		return engine.Session{}, f.startErr
	}
	f.starts++
	f.ses.Session = session.Session{ID: "s", Node: node, Status: session.Running}
	return f.ses, nil
}

func (f *fakeEngine) Session(context.Context, string) (engine.Session, error) { return f.ses, nil }

func (f *fakeEngine) Pause(context.Context, string) error {
	f.ses.Status = session.Paused
	return nil
}

func (f *fakeEngine) Resume(context.Context, string) error {
	f.ses.Status = session.Running
	return nil
}

func (f *fakeEngine) Cancel(context.Context, string, string) error {
	f.ses.Status = session.Cancelled
	return nil
}

func (f *fakeEngine) Retry(_ context.Context, id, _ string) error {
	f.retried = append(f.retried, id)
	f.ses.Status = session.Running
	f.tell()
	return nil
}

func (f *fakeEngine) Runs(context.Context, string) ([]shape.RunSummary, error) { return f.runs, nil }

func (f *fakeEngine) Watch(fn func(engine.Session)) func() {
	f.watch = fn
	return func() {}
}

// tell tells the page how the session stands.
func (f *fakeEngine) tell() { f.watch(f.ses) }

// end ends the session.
func (f *fakeEngine) end(s session.Status, reason string) {
	if s == session.Completed {
		f.tiles = waterTiles{}
		f.ses.Tiles, f.ses.Bytes, f.ses.Worked = 42, 2_000_000, 61*time.Second
	}
	f.ses.Status, f.ses.Reason = s, reason
	f.tell()
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
	where   string // the map is
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
		Say: func(s string) { b.said = append(b.said, s) }, Status: func(s mapview.Status) { b.where = s.Text() },
		Changed: func() { b.changed++ }, Log: func(error) {},
	}, mapview.Look{Language: preview.English})
	b.w.SetContent(b.Content)
	b.w.Resize(fyne.NewSize(1000, 640))
	return b
}

func node() engine.Node {
	return engine.Node{ID: "sample", Name: "World (Made 1:10m)", Source: "Made 5.1", License: "Public domain"}
}
