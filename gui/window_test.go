package gui

import (
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/publish/preview"
	"github.com/shapes-desktop/shapes/gui/kit"
)

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

// tapButton presses the button of the dialog in front.
func tapButton(t *testing.T, w *Window, word string) {
	t.Helper()
	for _, o := range test.LaidOutObjects(w.Canvas().Overlays().Top()) {
		if b, ok := o.(*kit.Button); ok && b.Text == word {
			test.Tap(b)
			return
		}
	}
	t.Fatalf("no button %q", word)
}

// From the first start to the map with nothing but Enter.
func TestFirstStart(t *testing.T) {
	e := small(false)
	w := newTestWindow(t, e)
	w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if len(e.sessions) != 1 {
		t.Fatal("no session was started")
	}
	e.built = true
	e.finish(e.sessions[0], 3)
	if !w.page.Map.Visible() || w.where.Text == "" {
		t.Error("the map is not shown")
	}
	if n, ok := w.panel.tree.Current(); !ok || !n.HasTiles || n.Session != "" {
		t.Error("the tree does not know of the tiles")
	}
}

func TestNodesThatCannotBeListedAreTold(t *testing.T) {
	w := newTestWindow(t, unreadable())
	if text := dialogText(w); !strings.Contains(text, "No permission") || !strings.Contains(text, "/data") {
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
	w := newTestWindow(t, small(true))
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
	w := newTestWindow(t, small(true))
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
	w := newTestWindow(t, small(true))
	w.Resize(fyne.NewSize(1000, 700))
	w.askToClose()
	if s := loadSettings(w.opt.App.Preferences()); s.width < 990 || s.width > 1010 || s.height < 600 || s.height > 710 {
		t.Errorf("remembered %v by %v", s.width, s.height)
	}
}

func TestClosingWhileASessionRunsAsks(t *testing.T) {
	e := small(true)
	w := newTestWindow(t, e)
	w.commands.Run()
	e.tell(e.sessions[0])
	w.askToClose()
	if text := dialogText(w); !strings.Contains(text, "“World”") || !strings.Contains(text, "Pause keeps") {
		t.Errorf("not asked: %q", text)
	}
	w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if w.closed {
		t.Error("Escape closes the window")
	}
	w.askToClose()
	w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if !w.closed {
		t.Error("a yes does not close it")
	}
	if e.sessions[0].Status != session.Running {
		t.Error("it was ended, not left for the engine to pause")
	}
}

func TestClosingCanCancelWhatRuns(t *testing.T) {
	e := small(true)
	w := newTestWindow(t, e)
	w.commands.Run()
	e.tell(e.sessions[0])
	w.askToClose()
	w.askToClose() // a second wish asks no second time
	tapButton(t, w, "Cancel and quit")
	if !w.closed || e.sessions[0].Status != session.Cancelled {
		t.Errorf("closed %v, session %s", w.closed, e.sessions[0].Status)
	}
}

// A session that cannot be cancelled is no reason to go silently.
func TestClosingStaysWhereCancellingFails(t *testing.T) {
	e := small(true)
	w := newTestWindow(t, e)
	w.commands.Run()
	e.tell(e.sessions[0])
	e.fail["Cancel "+e.sessions[0].ID] = errors.New("disk full")
	w.askToClose()
	tapButton(t, w, "Cancel and quit")
	if w.closed || !strings.Contains(dialogText(w), "Disk full") {
		t.Errorf("closed %v; %q", w.closed, dialogText(w))
	}
	w.askToClose()
}

func TestHelpDialogs(t *testing.T) {
	w := newTestWindow(t, small(true))
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
