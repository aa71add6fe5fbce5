package monitor

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// blankView stands where the sessions would, while there are none to show.
type blankView struct {
	content fyne.CanvasObject
	over    fyne.CanvasObject // what it covers
	title   *widget.Label
	text    *widget.Label
	again   *kit.Button
	err     error
}

func newBlankView(again func()) *blankView {
	b := &blankView{}
	b.title = widget.NewLabelWithStyle("", fyne.TextAlignCenter, fyne.TextStyle{Bold: true})
	b.title.SizeName = theme.SizeNameSubHeadingText
	b.text = widget.NewLabelWithStyle("", fyne.TextAlignCenter, fyne.TextStyle{})
	b.text.Wrapping = fyne.TextWrapWord
	b.again = kit.NewButton("Try again", theme.ViewRefreshIcon(), again)
	b.content = container.NewCenter(container.New(kit.ColumnLayout(460),
		container.NewVBox(b.title, b.text, container.NewCenter(b.again))))
	return b
}

// setError keeps why the sessions could not be read, nil if they could.
func (b *blankView) setError(err error) { b.err = err }

// set shows the view if there is nothing else to show.
func (b *blankView) set(loaded bool, sessions int) {
	title, text := "Nothing runs", "When you build the tiles of a shape, its run appears here: what each step does, "+
		"how long it will take, and what was wrong with the data. Choose a shape in the tree and press Build tiles.\n\n"+
		"What earlier runs of a shape came to is in its menu: press the right button on it and choose “Earlier runs…”."
	switch {
	case b.err != nil:
		title = "The runs cannot be read"
		text = b.err.Error() + "\nNothing was changed. Try again; if that does not help, start the program anew."
	case !loaded:
		title, text = "", ""
	}
	kit.SetText(b.title, title)
	kit.SetText(b.text, text)
	kit.SetShown(b.again, b.err != nil)
	kit.SetShown(b.content, sessions == 0)
	kit.SetShown(b.over, sessions > 0)
}
