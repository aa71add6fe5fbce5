package kit

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

func newTestList(t *testing.T, n *int) (*List, fyne.Window) {
	t.Helper()
	test.NewTempApp(t)
	l := NewList(func() int { return *n }, func() fyne.CanvasObject { return widget.NewLabel("row") },
		func(id int, o fyne.CanvasObject) { o.(*widget.Label).SetText(fmt.Sprint("row ", id)) })
	w := test.NewTempWindow(t, l)
	w.Resize(fyne.NewSize(200, 300))
	return l, w
}

func TestListKeys(t *testing.T) {
	n := 100
	l, w := newTestList(t, &n)
	w.Canvas().Focus(l)
	told := -1
	l.OnChosen = func(id int) { told = id }
	for _, tt := range []struct {
		key  fyne.KeyName
		want int
	}{
		{fyne.KeyDown, 0},
		{fyne.KeyDown, 1},
		{fyne.KeyEnd, 99},
		{fyne.KeyDown, 99},
		{fyne.KeyUp, 98},
		{fyne.KeyHome, 0},
		{fyne.KeyUp, 0},
		{fyne.KeyReturn, 0},
		{fyne.KeyF2, 0},
	} {
		l.TypedKey(key(tt.key))
		if l.Chosen() != tt.want || told != tt.want {
			t.Errorf("%s chose %d and told %d, want %d", tt.key, l.Chosen(), told, tt.want)
		}
	}
	l.TypedKey(key(fyne.KeyPageDown))
	if l.Chosen() < 3 || l.Chosen() > 10 {
		t.Errorf("Page Down went to %d", l.Chosen())
	}
	l.OnKey = func(k fyne.KeyName) bool { return k == fyne.KeyHome }
	before := l.Chosen()
	if l.TypedKey(key(fyne.KeyHome)); l.Chosen() != before {
		t.Error("a key that was taken went on")
	}
}

// Rows that come in above must move neither what is chosen nor what is seen.
func TestListKeepsChoiceAndScroll(t *testing.T) {
	n := 100
	l, _ := newTestList(t, &n)
	l.Choose(3)
	l.ScrollToOffset(700)
	told := 0
	l.OnChosen = func(int) { told++ }
	n = 120
	l.Keep(23)
	if l.Chosen() != 23 || l.GetScrollOffset() != 700 || told != 0 {
		t.Errorf("chosen %d, scrolled to %v, told %d times", l.Chosen(), l.GetScrollOffset(), told)
	}
	first, end := l.InSight()
	if first == 0 || end-first < 4 || end-first > 20 {
		t.Errorf("in sight: %d to %d", first, end)
	}
	if l.Keep(-1); l.Chosen() != -1 {
		t.Errorf("chosen %d, though it is gone", l.Chosen())
	}
	n = 0
	l.Keep(5)
	if l.TypedKey(key(fyne.KeyDown)); l.Chosen() != -1 {
		t.Errorf("chose %d of nothing", l.Chosen())
	}
}

func TestListRowsHaveMenus(t *testing.T) {
	n := 10
	l, w := newTestList(t, &n)
	menu := -1
	l.OnMenu = func(id int, _ fyne.Position) { menu = id }
	for _, o := range test.LaidOutObjects(l) {
		if r, ok := o.(*row); ok && r.id == 4 {
			test.TapSecondary(r)
		}
	}
	if menu != 4 || l.Chosen() != 4 || w.Canvas().Focused() != fyne.Focusable(l) {
		t.Errorf("menu of %d, chosen %d, focus on %T", menu, l.Chosen(), w.Canvas().Focused())
	}
}

// The row where the keys are has a ring, as long as the list has the focus.
func TestListShowsWhereTheKeysAre(t *testing.T) {
	n := 5
	l, w := newTestList(t, &n)
	rings := func() (at []int) {
		for _, o := range test.LaidOutObjects(l) {
			if r, ok := o.(*row); ok && r.ring.Visible() {
				at = append(at, r.id)
			}
		}
		return at
	}
	l.Choose(2)
	if got := rings(); len(got) != 0 {
		t.Errorf("without the focus: %v", got)
	}
	w.Canvas().Focus(l)
	if got := fmt.Sprint(rings()); got != "[2]" {
		t.Errorf("with the focus: %s", got)
	}
	l.TypedKey(key(fyne.KeyDown))
	if got := fmt.Sprint(rings()); got != "[3]" {
		t.Errorf("after Down: %s", got)
	}
	w.Canvas().Unfocus()
	if got := rings(); len(got) != 0 {
		t.Errorf("after the focus has gone: %v", got)
	}
}
