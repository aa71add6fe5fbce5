package treeview

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/tree"
)

func TestFoldersLoadWhenTheyAreOpened(t *testing.T) {
	b := newBench(t, europe())
	b.want("Asia/", "Europe/", "World")
	if !slices.Equal(b.f.asked, []string{""}) || !slices.Equal(b.chosen, []string{"Asia/"}) {
		t.Errorf("asked %q, chosen %q", b.f.asked, b.chosen)
	}
	b.Choose("Europe/")
	b.key(fyne.KeyRight)
	b.want("Asia/", "Europe/", " North/", " France", " Italy", "World")
	b.key(fyne.KeyLeft)
	b.want("Asia/", "Europe/", "World")
	b.key(fyne.KeyRight)
	if !slices.Equal(b.f.asked, []string{"", "Europe/"}) {
		t.Errorf("asked %q: a folder that is known is asked for again", b.f.asked)
	}
	b.Choose("Asia/")
	b.key(fyne.KeyReturn)
	b.want("Asia/", " (Empty)", "Europe/", " North/", " France", " Italy", "World")
}

func TestReloadAsksForOpenFoldersOnly(t *testing.T) {
	b := newBench(t, europe())
	b.Choose("Europe/")
	b.key(fyne.KeyRight, fyne.KeyRight, fyne.KeyRight) // opens North too
	b.Choose("Europe/")
	b.key(fyne.KeyLeft) // closes Europe; North stays open in it, unseen
	b.f.asked = nil
	b.Reload()
	if !slices.Equal(b.f.asked, []string{""}) {
		t.Errorf("asked %q", b.f.asked)
	}
	b.f.of["Europe/"] = []string{"France"}
	b.key(fyne.KeyRight)
	b.want("Asia/", "Europe/", " France", "World")
}

func TestEmptyTreeAndFaultsAreRows(t *testing.T) {
	b := newBench(t, map[string][]string{})
	b.want("(Nothing here yet. New shape makes a map.)")
	b.f.fault[""] = errDisk()
	told := ""
	b.OnFault = func(_ engine.Node, err error) { told = err.Error() }
	b.Reload()
	if !strings.Contains(b.texts(), "Cannot be listed: disk error") || told != "disk error" {
		t.Errorf("rows say %q, told %q", b.texts(), told)
	}
	b.f.of[""], b.f.fault[""] = []string{"a"}, nil
	b.Reload()
	b.want("a")
}

func TestKeys(t *testing.T) {
	b := newBench(t, europe())
	b.w.Canvas().Focus(b.Tree)
	for _, tt := range []struct {
		key  fyne.KeyName
		want string
	}{
		{fyne.KeyDown, "Europe/"},
		{fyne.KeyRight, "Europe/"},
		{fyne.KeyRight, "North/"},
		{fyne.KeyEnd, tree.Trash},
		{fyne.KeyHome, "Asia/"},
		{fyne.KeyUp, "Asia/"},
		{fyne.KeyPageDown, tree.Trash},
		{fyne.KeyUp, "World"},
		{fyne.KeyUp, "Italy"},
		{fyne.KeyLeft, "Europe/"},
		{fyne.KeyLeft, "Europe/"},
		{fyne.KeyPageUp, "Asia/"},
	} {
		b.key(tt.key)
		if b.model.current != tt.want {
			t.Fatalf("%s leads to %q, want %q", tt.key, b.model.current, tt.want)
		}
	}
	b.key(fyne.KeyDelete)
	if b.deleted != 1 {
		t.Error("Delete does not delete")
	}
	b.Choose("World")
	b.key(fyne.KeyReturn)
	if !slices.Equal(b.opened, []string{"World"}) {
		t.Errorf("opened %q", b.opened)
	}
}

func TestShiftAndArrowsChooseSeveral(t *testing.T) {
	b := newBench(t, europe())
	b.w.Canvas().Focus(b.Tree)
	b.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	b.key(fyne.KeyDown, fyne.KeyDown)
	if !slices.Equal(b.chosen, []string{"Asia/", "Europe/", "World"}) {
		t.Errorf("chosen %q", b.chosen)
	}
	b.key(fyne.KeyUp)
	if !slices.Equal(b.chosen, []string{"Asia/", "Europe/"}) {
		t.Errorf("shrunk to %q", b.chosen)
	}
	b.KeyUp(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	b.key(fyne.KeyEscape)
	if !slices.Equal(b.chosen, []string{"Europe/"}) {
		t.Errorf("after Escape %q", b.chosen)
	}
}

func TestTypeAhead(t *testing.T) {
	b := newBench(t, map[string][]string{"": {"Argentina", "Armenia", "Austria", "Belize", "Bolivia"}})
	for _, tt := range []struct {
		typed string
		wait  time.Duration
		want  string
	}{
		{"b", 0, "Belize"},
		{"o", 0, "Bolivia"},
		{"a", 2 * time.Second, "Argentina"},
		{"a", 0, "Armenia"},
		{"a", 0, "Austria"},
		{"ARM", 2 * time.Second, "Armenia"},
		{"x", 2 * time.Second, "Armenia"},
	} {
		b.now = b.now.Add(tt.wait)
		test.Type(b.Tree, tt.typed)
		if b.model.current != tt.want {
			t.Errorf("%q leads to %q, want %q", tt.typed, b.model.current, tt.want)
		}
	}
}

func (b *bench) click(id string, m fyne.KeyModifier) {
	b.t.Helper()
	r := b.view(id)
	r.MouseDown(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary, Modifier: m})
	r.MouseUp(&desktop.MouseEvent{})
	test.TapAt(r, fyne.NewPos(120, 10))
}

func TestClicks(t *testing.T) {
	b := newBench(t, europe())
	b.click("World", 0)
	b.click("Asia/", fyne.KeyModifierShortcutDefault)
	if !slices.Equal(b.chosen, []string{"Asia/", "World"}) {
		t.Errorf("Ctrl+click chooses %q", b.chosen)
	}
	b.click("Asia/", fyne.KeyModifierShortcutDefault)
	if !slices.Equal(b.chosen, []string{"World"}) {
		t.Errorf("Ctrl+click again leaves %q", b.chosen)
	}
	b.click("Europe/", 0)
	b.click("World", fyne.KeyModifierShift)
	if !slices.Equal(b.chosen, []string{"Europe/", "World"}) || b.w.Canvas().Focused() != b.Tree {
		t.Errorf("Shift+click chooses %q", b.chosen)
	}
	b.now = b.now.Add(time.Second)
	b.click("World", 0)
	b.click("World", 0)
	if !slices.Equal(b.opened, []string{"World"}) {
		t.Errorf("a double click opens %q", b.opened)
	}
	b.now = b.now.Add(time.Second)
	b.click("Europe/", 0)
	b.now = b.now.Add(time.Second)
	b.click("Europe/", 0)
	b.want("Asia/", "Europe/", "World") // two slow clicks are no double one
	r := b.view("Europe/")
	test.TapAt(r, fyne.NewPos(r.left()+4, 10))
	b.want("Asia/", "Europe/", " North/", " France", " Italy", "World")
}

func TestMenuIsAboutTheRowUnderThePointer(t *testing.T) {
	b := newBench(t, europe())
	asked := 0
	b.OnMenu = func(fyne.Position) { asked++ }
	b.click("Asia/", 0)
	b.click("Europe/", fyne.KeyModifierShortcutDefault)
	test.TapSecondary(b.view("Europe/"))
	if !slices.Equal(b.chosen, []string{"Asia/", "Europe/"}) {
		t.Errorf("on a chosen row: %q", b.chosen)
	}
	test.TapSecondary(b.view("World"))
	if !slices.Equal(b.chosen, []string{"World"}) || asked != 2 {
		t.Errorf("on another row: %q", b.chosen)
	}
	b.key(desktop.KeyMenu)
	if asked != 3 {
		t.Error("the menu key does nothing")
	}
	b.TappedSecondary(&fyne.PointEvent{})
	if len(b.Chosen()) != 0 || b.Folder() != tree.Root {
		t.Errorf("below all rows: %v", b.Chosen())
	}
}

func TestBadges(t *testing.T) {
	b := newBench(t, europe())
	for _, tt := range []struct {
		n       engine.Node
		percent float64
		want    string
	}{
		{engine.Node{Type: tree.Folder}, -1, ""},
		{engine.Node{}, -1, "no tiles yet"},
		{engine.Node{HasTiles: true}, -1, ""},
		{engine.Node{HasTiles: true, Draft: true}, -1, "edited"},
		{engine.Node{Draft: true, New: true}, -1, "draft"},
		{engine.Node{Session: session.Running}, -1, "running"},
		{engine.Node{Session: session.Running}, 12.9, "12 %"},
		{engine.Node{Session: session.Running}, 100, "99 %"},
		{engine.Node{Session: session.Paused}, 12.9, "paused"},
		{engine.Node{Session: session.Pending}, -1, "waiting"},
	} {
		clear(b.model.running)
		if tt.percent >= 0 {
			b.model.running[tt.n.ID] = tt.percent
		}
		if got := b.model.badge(tt.n); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.n, got, tt.want)
		}
	}
}

func TestLongNamesLeaveRoomForTheBadge(t *testing.T) {
	b := newBench(t, map[string][]string{"": {strings.Repeat("Long name ", 25)}})
	n := b.model.nodes[b.model.current]
	n.HasTiles = false
	b.model.nodes[n.ID] = n
	b.place()
	r := b.view(n.ID)
	if !r.badge.Visible() || r.name.Position().X+r.name.Size().Width > r.badge.Position().X+8 || r.badge.Position().X+r.badge.Size().Width > b.Size().Width {
		t.Errorf("name to %v, badge from %v to %v in %v", r.name.Position().X+r.name.Size().Width, r.badge.Position().X,
			r.badge.Position().X+r.badge.Size().Width, b.Size().Width)
	}
}

func TestRevealOpensTheWay(t *testing.T) {
	b := newBench(t, europe())
	done := false
	b.Reveal(b.f.path("Europe/", "North/", "Norway"), func() { done = true })
	b.want("Asia/", "Europe/", " North/", "  Norway", " France", " Italy", "World")
	if !done || b.model.current != "Norway" || b.Folder() != "North/" {
		t.Errorf("chosen %q", b.model.current)
	}
	b.Reveal(b.f.path("Europe/", "gone"), func() { t.Error("a node that has gone is chosen") })
}

// A folder of ten thousand, and a hundred thousand rows: what a view costs does
// not grow with them.
func TestManyRowsNeedFewViews(t *testing.T) {
	b := newBench(t, map[string][]string{"": {"big/"}, "big/": many(100_000)})
	b.Choose("big/")
	b.key(fyne.KeyRight)
	if len(b.model.rows) != 100_002 || len(b.pool) > 20 {
		t.Fatalf("%d rows, %d views", len(b.model.rows), len(b.pool))
	}
	b.key(fyne.KeyEnd, fyne.KeyUp)
	if b.model.current != "node 099999" || !strings.Contains(b.texts(), "node 099999") {
		t.Errorf("at the end: %q", b.texts())
	}
	if len(b.pool) > 20 {
		t.Errorf("%d views", len(b.pool))
	}
	test.Type(b.Tree, "node 050000")
	if b.model.current != "node 050000" || !strings.Contains(b.texts(), "node 050000|") {
		t.Errorf("typed: %q", b.model.current)
	}
}

func TestChoiceSurvivesNews(t *testing.T) {
	b := newBench(t, europe())
	b.Reveal(b.f.path("Europe/", "Italy"), nil)
	news := 0
	b.OnNews = func([]engine.Node, bool) { news++ }
	b.chosen = nil
	b.Reload()
	if b.model.current != "Italy" || b.chosen != nil || news != 1 {
		t.Errorf("chosen %q, told %q, news %d", b.model.current, b.chosen, news)
	}
	b.f.of["Europe/"] = []string{"North/", "France"}
	b.Reload()
	if !slices.Equal(b.chosen, []string{"France"}) {
		t.Errorf("after it went: %q", b.chosen)
	}
	b.f.of[""] = nil
	b.Reload()
	if len(b.chosen) != 0 {
		t.Errorf("in an emptied tree %q", b.chosen)
	}
}

func TestProgressOfANodeThatIsNotKnown(t *testing.T) {
	b := newBench(t, europe())
	b.SetProgress(engine.Session{Session: session.Session{Node: "unknown"}})
	if len(b.model.running) != 0 {
		t.Error("kept")
	}
}
