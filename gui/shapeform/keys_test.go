package shapeform

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// Everything can be reached by Tab, also out of the field of many lines.
func TestTabReachesAll(t *testing.T) {
	b := newBench(t, newEdit(), kit.InlineTasks())
	seen := map[fyne.Focusable]bool{}
	for range 20 {
		b.w.Canvas().FocusNext()
		seen[b.w.Canvas().Focused()] = true
	}
	for _, want := range []fyne.Focusable{b.pages[shape.StepName].first, b.leave, b.next} {
		if !seen[want] {
			t.Errorf("%T cannot be reached", want)
		}
	}
	if len(seen) < 6 {
		t.Errorf("only %d can be reached", len(seen))
	}
}

func (b *bench) key(k fyne.KeyName) { b.w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: k}) }

// A whole form by keys: Tab leads from the last field to the buttons, and
// where a page has no field, the keys stay with the button.
func TestMakingAShapeByKeys(t *testing.T) {
	b := newBench(t, newEdit(), kit.InlineTasks())
	b.typeName("Europe")
	b.w.Canvas().Focus(b.pages[shape.StepName].first)
	for range 3 { // description, attribution, Close
		b.w.Canvas().FocusNext()
	}
	if b.w.Canvas().Focused() != fyne.Focusable(b.leave) {
		t.Fatalf("after the last field comes %v", b.w.Canvas().Focused())
	}
	b.w.Canvas().Focus(b.next)
	b.key(fyne.KeyReturn)
	b.w.Canvas().Focus(b.next)
	b.key(fyne.KeyReturn)
	if b.model.step() != shape.StepLicense || b.w.Canvas().Focused() != fyne.Focusable(b.next) {
		t.Fatalf("step %v, the focus is on %v", b.model.step(), b.w.Canvas().Focused())
	}
	b.key(fyne.KeyReturn)
	if b.model.step() != shape.StepProcessing {
		t.Fatalf("step %v", b.model.step())
	}
	b.key(fyne.KeyEscape) // on a choice
	if !strings.Contains(b.texts(), "As a draft it waits") {
		t.Error("Escape does not leave")
	}
	b.press(t, "Go on editing")
	b.w.Canvas().Focus(b.next)
	b.key(fyne.KeyReturn)
	b.key(fyne.KeyDown)
	lists := all[*kit.List](b)
	if b.w.Canvas().Focused() != fyne.Focusable(lists[0]) || lists[0].Chosen() != 0 {
		t.Fatalf("Down leads from the search to %v", b.w.Canvas().Focused())
	}
	b.key(fyne.KeyDown)
	b.key(fyne.KeyUp)
	b.key(fyne.KeyUp)
	if b.w.Canvas().Focused() != b.pages[shape.StepSelection].first {
		t.Errorf("Up leads from the first row to %v", b.w.Canvas().Focused())
	}
	b.key(fyne.KeyDown)
	b.key(fyne.KeyEscape)
	if !strings.Contains(b.texts(), "As a draft it waits") {
		t.Error("Escape does not leave the list")
	}
}

// Marks that are not set can be seen in every row, however late it is made.
func TestMarksCanBeSeen(t *testing.T) {
	b := newBench(t, newEdit(), kit.InlineTasks())
	for _, mark := range newCountryRow(b.sight).marks {
		c := mark.check
		v := b.app.Settings().ThemeVariant()
		if got, want := c.Theme().Color(theme.ColorNameInputBorder, v), c.Theme().Color(theme.ColorNameDisabled, v); got != want {
			t.Errorf("drawn in %v, want %v", got, want)
		}
	}
}
