package shapeform

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// control is a setting's widget and how it is brought in line with the model.
type control struct {
	setting setting
	field   *field
	focus   fyne.Focusable
	show    func()
}

// processingPage is the step of how boundaries become tiles; what few people
// change is folded.
func (f *Form) processingPage() *page {
	var controls []*control
	front, details := container.NewVBox(), container.NewVBox()
	for _, s := range settings() {
		model, err := shape.FieldNamed(s.name)
		if err != nil {
			f.log(err)
			continue
		}
		c := f.newControl(s, model)
		controls = append(controls, c)
		if s.folded {
			details.Add(c.field.row)
		} else {
			front.Add(c.field.row)
		}
	}
	var box *fyne.Container
	details.Hide()
	more := kit.NewButton("Details", theme.MenuExpandIcon(), nil).Quiet()
	more.Alignment, more.OnEscape = widget.ButtonAlignLeading, f.Leave
	unfold := func(open bool) {
		more.SetIcon(theme.MenuExpandIcon())
		if open {
			more.SetIcon(theme.MenuDropDownIcon())
		}
		kit.SetShown(details, open)
		box.Refresh()
	}
	more.OnTapped = func() { unfold(!details.Visible()) }
	defaults := kit.NewButton("Back to the defaults", theme.HistoryIcon(), f.setDefaults).Quiet()
	defaults.OnEscape = f.Leave
	box = container.NewVBox(front, container.NewBorder(nil, nil, more, defaults), details)
	p := f.newPage(shape.StepProcessing, container.NewVScroll(box))
	p.first = controls[0].focus
	p.show = func() {
		for _, c := range controls {
			c.show()
			if c.setting.folded && f.model.problem(c.setting.name, shape.StepProcessing) != "" && !details.Visible() {
				unfold(true) // nothing wrong may hide
			}
			if c.setting.name == "simplify1.minArea" {
				drop := f.model.edit.Shape.Config.VectorTiles.Small == shape.SmallDrop
				if kit.SetShown(c.field.row, drop) {
					box.Refresh()
				}
			}
		}
	}
	return p
}

func (f *Form) setDefaults() {
	for _, s := range settings() {
		if field, err := shape.FieldNamed(s.name); err == nil {
			f.model.set(s.name, field.Default)
		}
	}
	f.changed()
}

// newControl makes the widget that suits a field's type.
func (f *Form) newControl(s setting, model shape.Field) *control {
	c := &control{setting: s}
	set := func(text string) { f.model.set(s.name, text); f.changed() }
	help := s.help
	var o fyne.CanvasObject
	switch {
	case s.name == "vectorTiles.maxzoom":
		w := f.newSelect(zoomWords(), func(word string) { set(zoomOf(word)) })
		c.focus, c.show, o = w, func() { setChoice(w, zoomWord(f.model.text(s.name))) }, w
	case model.Type == "choice":
		w := f.newSelect(nil, nil)
		for _, choice := range model.Choices {
			w.Options = append(w.Options, s.choices[choice])
		}
		w.OnChanged = func(word string) { set(choiceOf(s, model.Choices, word)) }
		c.focus, c.show, o = w, func() { setChoice(w, s.choices[f.model.text(s.name)]) }, w
	case model.Type == "true or false":
		w := f.newCheck("Yes", func(on bool) { set(strconv.FormatBool(on)) })
		c.focus, c.show, o = w, func() { setCheck(w, f.model.text(s.name) == "true") }, container.NewHBox(kit.Marks(w))
	default:
		w := f.newEntry(f.model.text(s.name), set)
		c.focus, c.show, o = w, func() { setEntry(w, f.model.text(s.name)) }, w
		help += " " + rangeWord(model)
	}
	c.field = f.newField(shape.StepProcessing, s.name, s.label, help, o)
	return c
}

// rangeWord says what a field may be.
func rangeWord(model shape.Field) string {
	if model.Type == "levels" {
		return "0 to " + strconv.Itoa(shape.MaxZoom) + "."
	}
	return "Range: " + model.Range + "; usual: " + model.Default + "."
}

// choiceOf is the model's word for what people chose.
func choiceOf(s setting, choices []string, word string) string {
	for _, c := range choices {
		if s.choices[c] == word {
			return c
		}
	}
	return word
}

// zoomWords are the choices of the deepest zoom.
func zoomWords() []string {
	words := []string{automatic}
	for z := range shape.MaxZoom + 1 {
		words = append(words, strconv.Itoa(z))
	}
	return words
}

func zoomOf(word string) string {
	if word == automatic {
		return strconv.Itoa(shape.ProposedZoom)
	}
	return word
}

func zoomWord(value string) string {
	if value == strconv.Itoa(shape.ProposedZoom) {
		return automatic
	}
	return value
}
