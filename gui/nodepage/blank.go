package nodepage

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// blankView is the page of a node without tiles.
type blankView struct {
	content fyne.CanvasObject
	name    *widget.Label
	about   *widget.Label
	title   *widget.Label
	text    *widget.Label
	build   *kit.Button
	goOn    *kit.Button     // stands in its place for a draft
	invite  *fyne.Container // what is hidden while it is not known yet whether there are tiles
}

const columnWidth = 460

func newBlankView(build, edit func()) *blankView {
	b := &blankView{}
	b.name = widget.NewLabelWithStyle("", fyne.TextAlignCenter, fyne.TextStyle{Bold: true})
	b.name.Wrapping = fyne.TextWrapWord
	b.about = kit.Muted("")
	b.about.Alignment = fyne.TextAlignCenter
	b.title = widget.NewLabelWithStyle("No tiles yet", fyne.TextAlignCenter, fyne.TextStyle{Bold: true})
	b.title.SizeName = theme.SizeNameSubHeadingText
	b.text = widget.NewLabelWithStyle("", fyne.TextAlignCenter, fyne.TextStyle{})
	b.text.Wrapping = fyne.TextWrapWord
	b.build = kit.NewButton("Build tiles", theme.GridIcon(), build).Primary()
	b.goOn = kit.NewButton("Continue editing", theme.DocumentCreateIcon(), edit).Primary()
	b.goOn.Hide()
	b.invite = container.NewVBox(b.title, b.text, container.NewCenter(container.NewHBox(b.build, b.goOn)))
	b.content = container.NewCenter(column(container.NewVBox(b.name, b.about, b.invite)))
	return b
}

// column gives content a width that reads well.
func column(o fyne.CanvasObject) fyne.CanvasObject {
	return container.New(&columnLayout{width: columnWidth}, o)
}

type columnLayout struct{ width float32 }

// Layout is called by Fyne.
func (c *columnLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Resize(fyne.NewSize(c.width, size.Height))
	}
}

// MinSize is called by Fyne. Resizing first lets wrapped text tell its height.
func (c *columnLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	h := float32(0)
	for _, o := range objects {
		o.Resize(fyne.NewSize(c.width, o.Size().Height))
		h = max(h, o.MinSize().Height)
	}
	return fyne.NewSize(c.width, h)
}

func (b *blankView) setNode(n engine.Node) {
	b.name.SetText(n.Name)
	b.about.SetText(about(n, 0, time.Now()))
	title, text := "No tiles yet", promise(n)
	if n.New {
		title, text = "A draft", draftText
	}
	kit.SetText(b.title, title)
	kit.SetText(b.text, text)
	kit.SetShown(b.build, !n.New)
	kit.SetShown(b.goOn, n.New)
}

// first is the button that leads on.
func (b *blankView) first() *kit.Button {
	if b.goOn.Visible() {
		return b.goOn
	}
	return b.build
}

// setReady shows the way on, once it is known that there are no tiles. Showing a
// container neither lays it out nor draws it by itself: without the refresh the
// page would stay without its button until something else is drawn.
func (b *blankView) setReady(ready bool) {
	if kit.SetShown(b.invite, ready) {
		b.content.Refresh()
	}
}
