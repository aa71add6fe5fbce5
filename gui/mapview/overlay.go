package mapview

import (
	"context"
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"github.com/shapes-desktop/shapes/core/publish/preview"
)

// overlayImage is the picture over the tiles: labels and marked units. It is
// painted off the window's goroutine; until a new one is there the old one
// moves along with the map.
type overlayImage struct {
	image *canvas.Image
	frame *image.RGBA
	of    preview.Viewport // what frame was painted for
}

func newOverlayImage() overlayImage {
	img := canvas.NewImageFromImage(nil)
	img.ScaleMode = canvas.ImageScaleFastest
	img.FillMode = canvas.ImageFillStretch
	img.Hide()
	return overlayImage{image: img}
}

func (o *overlayImage) hide() {
	o.image.Hide()
	o.image.Image, o.frame = nil, nil
}

// follow puts the frame where it belongs in a view.
func (o *overlayImage) follow(v preview.Viewport) {
	if o.frame == nil {
		return
	}
	x, y, w, h := overlayBox(o.of, v)
	o.image.Move(fyne.NewPos(float32(x), float32(y)))
	if size := fyne.NewSize(float32(w), float32(h)); size != o.image.Size() {
		o.image.Resize(size)
	}
}

// put shows a new frame and returns the one before.
func (o *overlayImage) put(frame *image.RGBA, of, now preview.Viewport) (before *image.RGBA) {
	before, o.frame, o.of = o.frame, frame, of
	o.image.Image = frame
	o.follow(now)
	o.image.Show()
	o.image.Refresh()
	return before
}

// paintOverlay has the overlay painted for the view of now. Of several calls
// while one is being painted, only the last counts.
func (m *Map) paintOverlay() {
	s := m.sheet
	if s == nil || m.view.Width <= 0 || m.view.Height <= 0 {
		return
	}
	v, st, marked := m.view, m.look.style(m.fonts), m.marked
	w, h := v.Pixels()
	s.overlays.Submit(func() {
		s.read(func(ctx context.Context) {
			frame := s.frames.take(w, h)
			err := s.overlay.Draw(ctx, frame, v, st, marked)
			m.tasks.Do(func() { m.overlayReady(s, frame, v, err) })
		})
	})
}

func (m *Map) overlayReady(s *sheet, frame *image.RGBA, of preview.Viewport, err error) {
	if s != m.sheet || s.ctx.Err() != nil {
		return
	}
	if err != nil && !s.told { // the tile workers tell of each tile; this is for labels
		s.told = true
		m.fault(err)
	}
	s.frames.give(m.over.put(frame, of, m.view))
	m.arrange()
	m.repaint()
}
