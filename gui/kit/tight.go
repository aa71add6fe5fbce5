package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Tight puts lines of text below each other as close as in a paragraph: labels
// alone keep so much room around them that a few lines fill a page.
func Tight(lines ...fyne.CanvasObject) *fyne.Container {
	return container.New(tightLayout{}, lines...)
}

type tightLayout struct{}

// tightOverlap is how far the room around two lines may overlap.
const tightOverlap = 13

// Layout is called by Fyne.
func (tightLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	y := float32(0)
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		h := o.MinSize().Height
		o.Move(fyne.NewPos(0, y))
		o.Resize(fyne.NewSize(size.Width, h))
		y += h - tightOverlap
	}
}

// MinSize is called by Fyne.
func (tightLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.Size{}
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		size.Width = max(size.Width, m.Width)
		if size.Height > 0 {
			size.Height -= tightOverlap
		}
		size.Height += m.Height
	}
	return size
}
