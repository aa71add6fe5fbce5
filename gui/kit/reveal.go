package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Reveal scrolls up or down, no further than it must, until an object that
// stands in a scroll is in sight: Fyne does not do so for what gets the focus.
func Reveal(s *container.Scroll, o fyne.CanvasObject) {
	d := fyne.CurrentApp().Driver()
	top := d.AbsolutePositionForObject(o).Y - d.AbsolutePositionForObject(s.Content).Y
	bottom, offset := top+o.Size().Height, s.Offset
	if bottom > offset.Y+s.Size().Height {
		offset.Y = bottom - s.Size().Height
	}
	if top < offset.Y {
		offset.Y = top
	}
	if offset != s.Offset {
		s.ScrollToOffset(offset)
	}
}
