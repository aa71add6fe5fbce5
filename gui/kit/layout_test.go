package kit

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

func TestTightLinesStandCloser(t *testing.T) {
	test.NewTempApp(t)
	lines := []fyne.CanvasObject{widget.NewLabel("one"), widget.NewLabel("two"), widget.NewLabel("three")}
	loose, tight := container.NewVBox(lines...).MinSize(), Tight(lines...)
	if got := tight.MinSize(); got.Height >= loose.Height || got.Width != loose.Width {
		t.Errorf("tight %v, loose %v", got, loose)
	}
	before := tight.MinSize().Height
	lines[1].Hide()
	if tight.MinSize().Height >= before {
		t.Error("a hidden line takes room")
	}
	tight.Resize(tight.MinSize())
	if lines[2].Position().Y <= lines[0].Position().Y {
		t.Error("lines lie on each other")
	}
}

func TestColumnsHaveTheirWidth(t *testing.T) {
	test.NewTempApp(t)
	l := widget.NewLabel("some words that do not fit in one line of this column")
	l.Wrapping = fyne.TextWrapWord
	c := container.New(ColumnLayout(120), l)
	if got := c.MinSize(); got.Width != 120 || got.Height < 2*widget.NewLabel("x").MinSize().Height-20 {
		t.Errorf("size %v", got)
	}
}

func TestChangesAreReported(t *testing.T) {
	test.NewTempApp(t)
	l, b := widget.NewLabel("a"), NewButton("b", nil, nil)
	if SetShown(l, true) || !SetShown(l, false) || l.Visible() || !SetShown(l, true) {
		t.Error("shown and hidden is told wrongly")
	}
	SetText(l, "b")
	SetEnabled(b, false)
	if l.Text != "b" || !b.Disabled() {
		t.Error("not changed")
	}
	SetEnabled(b, true)
	if b.Disabled() {
		t.Error("cannot be used again")
	}
}

// Bars and marks follow the theme when it changes.
func TestOverridesFollowTheTheme(t *testing.T) {
	app := test.NewTempApp(t)
	for _, m := range []Mode{Light, Dark, Light} {
		own := NewTheme(m)
		app.Settings().SetTheme(own)
		for name, th := range map[string]fyne.Theme{"bar": barTheme{}, "mark": markTheme{}} {
			ground := th.Color(theme.ColorNameBackground, theme.VariantDark)
			if ground != own.Color(theme.ColorNameBackground, theme.VariantDark) {
				t.Errorf("%s, %s: another ground than the program's", name, m)
			}
		}
		mark := contrast(markTheme{}.Color(theme.ColorNamePrimary, theme.VariantDark), own.Color(theme.ColorNameBackground, theme.VariantDark))
		if mark < 3 { // what WCAG asks of signs
			t.Errorf("%s: marks have contrast %.1f", m, mark)
		}
	}
}

func TestThinBarIsThin(t *testing.T) {
	test.NewTempApp(t)
	b, shown := ThinBar()
	shown.Resize(fyne.NewSize(100, 20))
	if b.SetValue(0.5); b.Size().Height > 8 || b.Size().Width != 100 {
		t.Errorf("size %v", b.Size())
	}
}

func TestTabLeavesFieldsOfManyLines(t *testing.T) {
	test.NewTempApp(t)
	e := NewEntry("")
	e.MultiLine = true
	if e.AcceptsTab() {
		t.Error("there is no way out by keys")
	}
}

func TestDialogsThatAskBeforeTheyGo(t *testing.T) {
	test.NewTempApp(t)
	w := test.NewTempWindow(t, widget.NewLabel("below"))
	w.Resize(fyne.NewSize(800, 600))
	asked := 0
	var button *Button
	d := ShowDialog(w, "Form", func(d *Dialog) (fyne.CanvasObject, []*Button, fyne.Focusable) {
		button = NewButton("Close", nil, d.Close)
		return widget.NewLabel("content"), []*Button{button}, nil
	})
	d.OnEscape = func() { asked++ }
	button.TypedKey(key(fyne.KeyEscape))
	w.Canvas().Unfocus()
	w.Canvas().OnTypedKey()(key(fyne.KeyEscape))
	if asked != 2 || w.Canvas().Overlays().Top() == nil {
		t.Errorf("asked %d times", asked)
	}
	d.Resize(fyne.NewSize(600, 400))
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(button)
	if at.X < 400 || at.X+button.Size().Width > 700 || at.Y > 500 {
		t.Errorf("after it grew, the dialog is not in the middle: its button is at %v", at)
	}
	d.Close()
	if w.Canvas().Overlays().Top() != nil {
		t.Error("cannot be closed")
	}
}
