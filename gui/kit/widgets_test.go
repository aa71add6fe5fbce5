package kit

import (
	"image/color"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

func key(n fyne.KeyName) *fyne.KeyEvent { return &fyne.KeyEvent{Name: n} }

func TestEnterAndSpacePressAButton(t *testing.T) {
	test.NewTempApp(t)
	n, left := 0, 0
	b := NewButton("Go", nil, func() { n++ })
	b.OnEscape = func() { left++ }
	test.NewTempWindow(t, b)
	for _, k := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace} {
		b.TypedKey(key(k))
	}
	if n != 3 {
		t.Errorf("pressed %d times, want 3", n)
	}
	b.TypedKey(key(fyne.KeyEscape))
	if left != 1 {
		t.Error("Escape is not passed on")
	}
	b.Disable()
	b.TypedKey(key(fyne.KeyReturn))
	if n != 3 {
		t.Error("a disabled button can be pressed")
	}
}

// Escape closes a dialog wherever the focus is, and the keys of the window
// come back after.
func TestEscapeClosesDialogs(t *testing.T) {
	app := test.NewTempApp(t)
	w := test.NewTempWindow(t, widget.NewLabel("below"))
	w.Resize(fyne.NewSize(600, 400))
	below := 0
	w.Canvas().SetOnTypedKey(func(*fyne.KeyEvent) { below++ })
	problem := Problem{What: "It failed", Why: "file x, byte 7", Kept: "all", Next: "mend it"}

	closed := 0
	d := ShowProblem(w, problem, app.Clipboard())
	d.OnClosed = func() { closed++ }
	focused, ok := w.Canvas().Focused().(*Button)
	if !ok || focused.Text != "Close" {
		t.Fatalf("the focus is on %v", w.Canvas().Focused())
	}
	focused.TypedKey(key(fyne.KeyEscape))
	if closed != 1 || w.Canvas().Overlays().Top() != nil {
		t.Errorf("Escape on a button: closed %d times", closed)
	}

	d = ShowProblem(w, problem, app.Clipboard())
	w.Canvas().Unfocus()
	w.Canvas().OnTypedKey()(key(fyne.KeyEscape))
	if w.Canvas().Overlays().Top() != nil {
		t.Error("Escape with no focus does not close")
	}
	d.Close()
	w.Canvas().OnTypedKey()(key(fyne.KeyA))
	if below != 1 {
		t.Error("the window's keys did not come back")
	}
}

func TestProblemCanBeCopied(t *testing.T) {
	app := test.NewTempApp(t)
	w := test.NewTempWindow(t, widget.NewLabel(""))
	w.Resize(fyne.NewSize(600, 400))
	p := Problem{What: "It failed", Why: "file x, byte 7", Kept: "the old tiles"}
	ShowProblem(w, p, app.Clipboard())
	for _, o := range test.LaidOutObjects(w.Canvas().Overlays().Top()) {
		if b, ok := o.(*Button); ok && strings.HasPrefix(b.Text, "Copy") {
			test.Tap(b)
		}
	}
	if got := app.Clipboard().Content(); got != "It failed\nFile x, byte 7.\nthe old tiles\n" {
		t.Errorf("copied %q", got)
	}
}

func TestAsk(t *testing.T) {
	test.NewTempApp(t)
	w := test.NewTempWindow(t, widget.NewLabel(""))
	w.Resize(fyne.NewSize(600, 400))
	yes := 0
	Ask(w, "Sure?", "Really?", "Do it", "Leave it", func() { yes++ })
	w.Canvas().Focused().TypedKey(key(fyne.KeyEscape))
	if yes != 0 {
		t.Error("Escape means yes")
	}
	Ask(w, "Sure?", "Really?", "Do it", "Leave it", func() { yes++ })
	w.Canvas().Focused().TypedKey(key(fyne.KeyReturn))
	if yes != 1 || w.Canvas().Overlays().Top() != nil {
		t.Error("Enter on the primary button does not say yes")
	}
	AskLoss(w, "Sure?", "Really?", "Do it", "Leave it", func() { yes++ })
	w.Canvas().Focused().TypedKey(key(fyne.KeyReturn))
	if yes != 1 || w.Canvas().Overlays().Top() != nil {
		t.Error("Enter loses something for good")
	}
}

func TestEntryPassesEscapeOn(t *testing.T) {
	test.NewTempApp(t)
	e := NewEntry("text")
	test.NewTempWindow(t, e)
	left := 0
	e.OnEscape = func() { left++ }
	e.TypedKey(key(fyne.KeyEscape))
	e.TypedKey(key(fyne.KeyEnd))
	if left != 1 || e.Text != "text" {
		t.Errorf("left %d times, text %q", left, e.Text)
	}
}

func TestModes(t *testing.T) {
	for _, tt := range []struct {
		m    Mode
		desk fyne.ThemeVariant
		want fyne.ThemeVariant
	}{
		{Auto, theme.VariantDark, theme.VariantDark},
		{Auto, theme.VariantLight, theme.VariantLight},
		{Light, theme.VariantDark, theme.VariantLight},
		{Dark, theme.VariantLight, theme.VariantDark},
	} {
		if got := tt.m.Variant(tt.desk); got != tt.want {
			t.Errorf("%s on %v: %v", tt.m, tt.desk, got)
		}
	}
}

// Text must be legible: 4.5 to 1 for what is read, as WCAG asks.
func TestContrast(t *testing.T) {
	for _, m := range []Mode{Light, Dark} {
		th := NewTheme(m)
		pairs := [][2]fyne.ThemeColorName{
			{theme.ColorNameForeground, theme.ColorNameBackground},
			{theme.ColorNameDisabled, theme.ColorNameBackground},
			{theme.ColorNameForegroundOnPrimary, theme.ColorNamePrimary},
			{theme.ColorNameError, theme.ColorNameBackground},
			{theme.ColorNameWarning, theme.ColorNameBackground},
			{theme.ColorNameSuccess, theme.ColorNameBackground},
			{theme.ColorNameForegroundOnError, theme.ColorNameError},
			{theme.ColorNameForegroundOnWarning, theme.ColorNameWarning},
		}
		for _, p := range pairs {
			ratio := contrast(th.Color(p[0], theme.VariantDark), th.Color(p[1], theme.VariantDark))
			if ratio < 4.5 {
				t.Errorf("%s: %s on %s has contrast %.1f", m, p[0], p[1], ratio)
			}
		}
	}
}

func contrast(a, b color.Color) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	lin := func(v uint32) float64 {
		x := float64(v) / 0xffff
		return x * x * (0.8*x + 0.2) // near enough to the sRGB curve
	}
	return 0.2126*lin(r) + 0.7152*lin(g) + 0.0722*lin(b)
}

// Tab goes on from the button that was pressed, unless it gave the focus away.
func TestAPressedButtonKeepsTheFocus(t *testing.T) {
	test.NewTempApp(t)
	n, other := 0, NewEntry("")
	stays, gives := NewButton("Stays", nil, nil), NewButton("Gives", nil, nil)
	w := test.NewTempWindow(t, container.NewVBox(other, stays, gives))
	stays.OnTapped = func() { n++ }
	gives.OnTapped = func() { w.Canvas().Focus(other) }
	for _, k := range []fyne.KeyName{fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter} {
		w.Canvas().Focus(stays)
		stays.TypedKey(key(k))
		if w.Canvas().Focused() != fyne.Focusable(stays) {
			t.Errorf("%s: the focus went to %v", k, w.Canvas().Focused())
		}
		w.Canvas().Focus(gives)
		gives.TypedKey(key(k))
		if w.Canvas().Focused() != fyne.Focusable(other) {
			t.Errorf("%s: the focus is on %v", k, w.Canvas().Focused())
		}
	}
	stays.Disable()
	stays.TypedKey(key(fyne.KeySpace))
	stays.Enable()
	if stays.TypedKey(key(fyne.KeySpace)); n != 4 {
		t.Errorf("pressed %d times, want 4", n)
	}
	stays.Hide()
	if stays.TypedKey(key(fyne.KeySpace)); n != 4 || w.Canvas().Focused() != nil {
		t.Error("a button that is hidden can be pressed")
	}
}

func TestEscapeIsPassedOn(t *testing.T) {
	test.NewTempApp(t)
	left := 0
	leave := func() { left++ }
	c, s, l, e := NewCheck("Mark", nil), NewSelect([]string{"one", "two"}, nil), NewLink(), NewEntry("")
	test.NewTempWindow(t, container.NewVBox(c, s, l, e))
	for i, f := range []fyne.Focusable{c, s, l, e} {
		f.TypedKey(key(fyne.KeyEscape)) // nobody wants it
		c.OnEscape, s.OnEscape, l.OnEscape, e.OnEscape = leave, leave, leave, leave
		if f.TypedKey(key(fyne.KeyEscape)); left != i+1 {
			t.Errorf("%T passes no Escape on", f)
		}
		c.OnEscape, s.OnEscape, l.OnEscape, e.OnEscape = nil, nil, nil, nil
	}
	e.SetText("ab")
	e.OnKey = func(k fyne.KeyName) bool { return k == fyne.KeyDelete }
	e.TypedKey(key(fyne.KeyDelete))
	e.TypedKey(key(fyne.KeyRight))
	e.TypedKey(key(fyne.KeyBackspace))
	if e.Text != "b" {
		t.Errorf("the entry has %q", e.Text)
	}
}
