package shapeform

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// navigation is the list of steps at the left.
type navigation struct {
	content *fyne.Container
	form    *Form
	buttons map[shape.Step]*kit.Button
}

func newNavigation(f *Form) *navigation {
	n := &navigation{form: f, buttons: map[shape.Step]*kit.Button{}, content: container.NewVBox()}
	for s := range shape.Step(shape.StepCount) {
		b := kit.NewButton(fmt.Sprintf("%d  %s", int(s)+1, stepWord(s)), theme.RadioButtonIcon(), func() { f.goTo(s) })
		b.Alignment = widget.ButtonAlignLeading
		b.OnEscape = f.Leave
		n.buttons[s] = b
		n.content.Add(b)
	}
	return n
}

// show marks the step that is shown, those that are well, and those with
// something wrong.
func (n *navigation) show() {
	m := n.form.model
	here := m.steps()
	changed := false
	for s, b := range n.buttons {
		importance, icon := widget.LowImportance, theme.RadioButtonIcon()
		if s == m.step() {
			importance = widget.HighImportance
		}
		switch {
		case len(m.problems(s)) > 0:
			icon = theme.NewErrorThemedResource(theme.ErrorIcon())
		case m.open(s) && len(m.invalid(s)) == 0 && (s < m.reached || !m.edit.New):
			icon = theme.ConfirmIcon()
		}
		if b.Importance != importance || b.Icon == nil || b.Icon.Name() != icon.Name() {
			b.Importance, b.Icon = importance, icon
			b.Refresh()
		}
		kit.SetEnabled(b, m.open(s))
		applies := false
		for _, x := range here {
			applies = applies || x == s
		}
		changed = kit.SetShown(b, applies) || changed
	}
	if changed {
		n.content.Refresh()
	}
}
