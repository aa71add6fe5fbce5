package shapeform

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/gui/kit"
)

func clockNow() time.Time { return time.Date(2026, 3, 14, 15, 9, 26, 0, time.Local) }

// fakeEngine keeps working copies in memory.
type fakeEngine struct {
	mu      sync.Mutex
	writes  []engine.Edit
	told    []string
	err     error // of Change
	finish  error // of Finish
	started chan struct{}
	hold    chan struct{} // Change waits for it, if set
}

func (f *fakeEngine) Change(_ context.Context, e *engine.Edit) error {
	if f.hold != nil {
		f.started <- struct{}{}
		<-f.hold
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err != nil {
		return f.err
	}
	e.Changes, e.Dirty = []string{"name"}, true
	f.writes = append(f.writes, clone(*e))
	return nil
}

func (f *fakeEngine) note(verb, id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.told = append(f.told, verb+" "+id)
}

func (f *fakeEngine) Finish(_ context.Context, id string) (engine.Node, error) {
	f.note("finish", id)
	return engine.Node{ID: id, Name: "the node"}, f.finish
}

func (f *fakeEngine) KeepDraft(_ context.Context, id string) error { f.note("keep", id); return nil }

func (f *fakeEngine) Discard(_ context.Context, id string) error { f.note("discard", id); return nil }

func (f *fakeEngine) last() engine.Edit {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.writes) == 0 {
		return engine.Edit{}
	}
	return f.writes[len(f.writes)-1]
}

// newEdit is the working copy of a shape to be.
func newEdit() engine.Edit {
	e := engine.Edit{}
	e.Node, e.New = "n1", true
	e.Shape = &shape.Shape{Node: "n1", Source: shape.Sample, Config: shape.Defaults()}
	return e
}

// oldEdit is the working copy of a shape that is in the tree.
func oldEdit() engine.Edit {
	e := newEdit()
	e.New, e.Name, e.Description = false, "Provinces of Europe", "For the printed atlas."
	return e
}

func countries() []Country {
	list := []Country{
		{"JPN", "Japan", "日本"},
		{"ITA", "Italy", "イタリア"},
		{"FRA", "France", "フランス"},
		{"CIV", "Côte d'Ivoire", "コートジボワール"},
		{"BES", "Bonaire, Sint Eustatius and Saba", "ボネール、シント・ユースタティウスおよびサバ"},
	}
	for i := range 200 {
		list = append(list, Country{fmt.Sprintf("X%c%c", 'A'+i/26, 'A'+i%26), fmt.Sprintf("Land %03d", i), ""})
	}
	return list
}

// bench is a form with all around it.
type bench struct {
	*Form
	app    fyne.App
	w      fyne.Window
	engine *fakeEngine
	ends   []End
	said   []string
	logged []error
}

func newBench(t *testing.T, e engine.Edit, tasks *kit.Tasks) *bench {
	t.Helper()
	b := &bench{app: test.NewTempApp(t), engine: &fakeEngine{}}
	b.app.Settings().SetTheme(kit.NewTheme(kit.Light))
	b.w = test.NewTempWindow(t, widget.NewLabel("below"))
	b.w.Resize(fyne.NewSize(1280, 800))
	b.open(e, tasks)
	return b
}

func (b *bench) open(e engine.Edit, tasks *kit.Tasks) {
	b.Form = Open(Host{
		Window: b.w, Clipboard: b.app.Clipboard(), Tasks: tasks, Engine: b.engine,
		Countries: func(context.Context) ([]Country, error) { return countries(), nil },
		Done:      func(how End, _ engine.Node) { b.ends = append(b.ends, how) },
		Say:       func(s string) { b.said = append(b.said, s) },
		Log:       func(err error) { b.logged = append(b.logged, err) },
		Who:       "aiko", Now: clockNow,
	}, e)
}

// all lists the visible widgets of the dialog on top.
func all[T fyne.CanvasObject](b *bench) []T {
	var out []T
	top := b.w.Canvas().Overlays().Top()
	if top == nil {
		return nil
	}
	for _, o := range test.LaidOutObjects(top) {
		if x, ok := o.(T); ok {
			out = append(out, x)
		}
	}
	return out
}

func (b *bench) press(t *testing.T, word string) {
	t.Helper()
	for _, x := range all[*kit.Button](b) {
		if x.Text == word && x.Visible() && !x.Disabled() {
			test.Tap(x)
			return
		}
	}
	t.Fatalf("there is no button %q to press; there is %q", word, b.texts())
}

func (b *bench) texts() string {
	var out []string
	for _, l := range all[*widget.Label](b) {
		out = append(out, l.Text)
	}
	for _, x := range all[*kit.Button](b) {
		out = append(out, "["+x.Text+"]")
	}
	return strings.Join(slices.DeleteFunc(out, func(s string) bool { return s == "" }), "\n")
}
