package gui

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/pipeline"
	"github.com/shapes-desktop/shapes/core/publish/preview"
	"github.com/shapes-desktop/shapes/core/store/tileset"
	"github.com/shapes-desktop/shapes/gui/kit"
	"github.com/shapes-desktop/shapes/resources/fonts"
)

type fakeEngine struct {
	built    bool
	nodesErr error
	build    func(context.Context) error
}

func (f *fakeEngine) Nodes(context.Context) ([]engine.Node, error) {
	return []engine.Node{{ID: "sample", Name: "World", Source: "Made", HasTiles: f.built}}, f.nodesErr
}

func (f *fakeEngine) BuildNode(ctx context.Context, _ string, _ func(pipeline.Progress)) (engine.Stats, error) {
	if f.build != nil {
		return engine.Stats{}, f.build(ctx)
	}
	f.built = true
	return engine.Stats{Tiles: 3}, nil
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

func dialogText(w *Window) string {
	top := w.Canvas().Overlays().Top()
	if top == nil {
		return ""
	}
	var texts []string
	for _, o := range test.LaidOutObjects(top) {
		if l, ok := o.(*widget.Label); ok {
			texts = append(texts, l.Text)
		}
	}
	return strings.Join(texts, "\n")
}

// From the first start to the map with nothing but Enter.
func TestFirstStart(t *testing.T) {
	w := newTestWindow(t, &fakeEngine{})
	w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if !w.page.Map.Visible() || w.where.Text == "" {
		t.Error("the map is not shown")
	}
	if !strings.Contains(w.said.Text, "Built 3 tiles") {
		t.Errorf("the status bar says %q", w.said.Text)
	}
	if n, ok := w.panel.tree.Current(); !ok || !n.HasTiles {
		t.Error("the tree does not know of the tiles")
	}
}

func TestNodesThatCannotBeListedAreTold(t *testing.T) {
	w := newTestWindow(t, &fakeEngine{nodesErr: errors.New("no permission")})
	if text := dialogText(w); !strings.Contains(text, "no permission") || !strings.Contains(text, "/data") {
		t.Errorf("the dialog says %q", text)
	}
}

func menuItem(t *testing.T, m *fyne.MainMenu, label string) *fyne.MenuItem {
	t.Helper()
	var find func([]*fyne.MenuItem) *fyne.MenuItem
	find = func(items []*fyne.MenuItem) *fyne.MenuItem {
		for _, i := range items {
			if strings.HasPrefix(i.Label, label) {
				return i
			}
			if i.ChildMenu != nil {
				if found := find(i.ChildMenu.Items); found != nil {
					return found
				}
			}
		}
		return nil
	}
	for _, menu := range m.Items {
		if i := find(menu.Items); i != nil {
			return i
		}
	}
	t.Fatalf("no menu item %q", label)
	return nil
}

func TestShortcutsAreInTheMenu(t *testing.T) {
	w := newTestWindow(t, &fakeEngine{built: true})
	used := map[string]string{}
	for label, key := range map[string]fyne.KeyName{
		"Save map": fyne.KeyS, "Quit": fyne.KeyQ, "Zoom in": fyne.KeyPlus, "Zoom out": fyne.KeyMinus, "Whole map": fyne.Key0,
	} {
		s, ok := menuItem(t, w.MainMenu(), label).Shortcut.(*desktop.CustomShortcut)
		if !ok || s.KeyName != key || s.Modifier != fyne.KeyModifierShortcutDefault {
			t.Errorf("%s has %v", label, s)
			continue
		}
		if other, taken := used[s.ShortcutName()]; taken {
			t.Errorf("%s and %s share a shortcut", label, other)
		}
		used[s.ShortcutName()] = label
	}
	zoom := w.page.Map.View().Zoom
	menuItem(t, w.MainMenu(), "Zoom in").Action()
	if w.page.Map.View().Zoom != zoom+1 {
		t.Error("Zoom in does not zoom in")
	}
}

func TestThemeAndLanguageAreRemembered(t *testing.T) {
	w := newTestWindow(t, &fakeEngine{built: true})
	menuItem(t, w.MainMenu(), "Dark").Action()
	w.page.SetLanguage(preview.Japanese)
	if !menuItem(t, w.MainMenu(), "Dark").Checked || menuItem(t, w.MainMenu(), "Light").Checked {
		t.Error("the menu does not tell the theme")
	}
	if l := w.look(); !l.Dark || l.Language != preview.Japanese {
		t.Errorf("look %+v", l)
	}
	if s := loadSettings(w.opt.App.Preferences()); s.mode != kit.Dark || s.language != preview.Japanese {
		t.Errorf("remembered %+v", s)
	}
}

func TestClosingRemembersTheSize(t *testing.T) {
	w := newTestWindow(t, &fakeEngine{built: true})
	w.Resize(fyne.NewSize(1000, 700))
	w.askToClose()
	if s := loadSettings(w.opt.App.Preferences()); s.width < 990 || s.width > 1010 || s.height < 600 || s.height > 710 {
		t.Errorf("remembered %v by %v", s.width, s.height)
	}
}

func TestClosingDuringABuildAsks(t *testing.T) {
	e := &fakeEngine{}
	w := newTestWindow(t, e)
	e.build = func(ctx context.Context) error {
		w.askToClose()
		if !strings.Contains(dialogText(w), "stay as they were") {
			t.Errorf("not asked: %q", dialogText(w))
		}
		w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
		if w.closed || ctx.Err() != nil {
			t.Error("Escape stops the build")
		}
		w.askToClose()
		w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		if !w.closed || ctx.Err() == nil {
			t.Error("a yes does not stop it")
		}
		return ctx.Err()
	}
	w.page.Build()
}

func TestHelpDialogs(t *testing.T) {
	w := newTestWindow(t, &fakeEngine{built: true})
	for label, want := range map[string]string{"Keys": "zoom to a box", "Licences": "who made what", "About": "9.9"} {
		menuItem(t, w.MainMenu(), label).Action()
		if text := dialogText(w); !strings.Contains(text, want) {
			t.Errorf("%s says %q", label, text)
		}
		w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
		if w.Canvas().Overlays().Top() != nil {
			t.Errorf("Escape does not close %s", label)
		}
	}
}

func TestSettingsAreMended(t *testing.T) {
	app := test.NewTempApp(t)
	p := app.Preferences()
	p.SetFloat("window.width", -3)
	p.SetFloat("window.split", 7)
	p.SetString("theme", "pink")
	p.SetString("labels", "xx")
	want := settings{wantWidth, wantHeight, wantSplit, kit.Auto, preview.English}
	if got := loadSettings(p); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}
