package shapeform

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// field is a field of a page: its name, what is entered, what for, and what is
// wrong with it.
type field struct {
	name    string // as the model calls it
	step    shape.Step
	row     *fyne.Container
	problem *widget.Label
}

// labelWidth is that of the fields' names.
const labelWidth = 150

// newField puts a control beside its name; help may be empty.
func (f *Form) newField(s shape.Step, name, label, help string, control fyne.CanvasObject) *field {
	x := &field{name: name, step: s, problem: widget.NewLabel("")}
	x.problem.Importance, x.problem.Wrapping = widget.DangerImportance, fyne.TextWrapWord
	x.problem.Hide()
	caption := widget.NewLabel(label)
	caption.Wrapping = fyne.TextWrapWord
	right := container.NewVBox(control, x.problem)
	if help != "" {
		h := kit.Muted(help)
		h.Wrapping = fyne.TextWrapWord
		right = container.NewVBox(control, kit.Tight(x.problem, h))
	}
	left := container.NewVBox(container.New(kit.ColumnLayout(labelWidth), caption))
	x.row = container.NewBorder(nil, nil, left, nil, right)
	f.fields = append(f.fields, x)
	return x
}

// showProblem says what is wrong, and reports whether that takes another room
// than before.
func (x *field) showProblem(text string) bool {
	changed := x.problem.Text != text
	kit.SetText(x.problem, text)
	if changed = kit.SetShown(x.problem, text != "") || changed; changed {
		x.row.Refresh()
	}
	return changed
}

// newEntry makes an entry that Escape leaves the form from.
func (f *Form) newEntry(text string, changed func(string)) *kit.Entry {
	e := kit.NewEntry(text)
	e.OnEscape = f.Leave
	e.OnChanged = changed
	e.OnSubmitted = func(string) {
		if f.model.edit.New && !f.model.last() {
			f.goOn()
		}
	}
	return e
}

// newCheck makes a check mark that Escape leaves the form from.
func (f *Form) newCheck(text string, changed func(bool)) *kit.Check {
	c := kit.NewCheck(text, changed)
	c.OnEscape = f.Leave
	return c
}

// newSelect makes a choice that Escape leaves the form from.
func (f *Form) newSelect(options []string, changed func(string)) *kit.Select {
	s := kit.NewSelect(options, changed)
	s.OnEscape = f.Leave
	return s
}

// setEntry brings an entry in line with the model without telling it.
func setEntry(e *kit.Entry, text string) {
	if e.Text == text {
		return
	}
	changed := e.OnChanged
	e.OnChanged = nil
	e.SetText(text)
	e.OnChanged = changed
}

// setCheck brings a check mark in line with the model without telling it.
func setCheck(c *kit.Check, on bool) {
	if c.Checked == on {
		return
	}
	changed := c.OnChanged
	c.OnChanged = nil
	c.SetChecked(on)
	c.OnChanged = changed
}

// setChoice brings a choice in line with the model without telling it.
func setChoice(s *kit.Select, word string) {
	if s.Selected == word {
		return
	}
	changed := s.OnChanged
	s.OnChanged = nil
	s.SetSelected(word)
	s.OnChanged = changed
}
