package mapview

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// slotCount is the size of the pool of tile images: what a map of 4K size can
// show at once, with fallbacks.
const slotCount = 160

// slot is an image of the pool. Images are made once and used again: Fyne
// keeps the texture of an image that is dropped for a minute, so that a new
// image for each tile would fill the memory.
type slot struct {
	image *canvas.Image
	copy  int
	used  bool
}

// pool holds the slots and the order in which the window draws them.
type pool struct {
	slots []*slot
	order []fyne.CanvasObject
	list  []drawn // scratch
}

func newPool() *pool {
	p := &pool{}
	for range slotCount {
		img := canvas.NewImageFromImage(nil)
		img.ScaleMode = canvas.ImageScaleFastest
		img.FillMode = canvas.ImageFillStretch
		img.Hide()
		p.slots = append(p.slots, &slot{image: img})
		p.order = append(p.order, img)
	}
	return p
}

// show puts pictures into slots. A picture keeps the slot it has, and with it
// its texture; only new ones are uploaded.
func (p *pool) show(list []drawn) {
	list = list[:min(len(list), len(p.slots))]
	for _, s := range p.slots {
		s.used = false
	}
	p.order = p.order[:0]
	pending := 0
	for i := range list {
		s := p.holding(list[i])
		if s == nil {
			p.order = append(p.order, nil)
			pending++
			continue
		}
		s.used = true
		s.place(list[i])
		p.order = append(p.order, s.image)
	}
	if pending > 0 {
		p.fillFree(list)
	}
	p.hideRest()
}

// holding returns the slot that shows a picture already.
func (p *pool) holding(d drawn) *slot {
	for _, s := range p.slots {
		if !s.used && s.copy == d.place.Copy && s.image.Image == image.Image(d.img) {
			return s
		}
	}
	return nil
}

// fillFree gives free slots to the pictures that have none yet.
func (p *pool) fillFree(list []drawn) {
	next := 0
	for i := range list {
		if p.order[i] != nil {
			continue
		}
		for p.slots[next].used {
			next++
		}
		s := p.slots[next]
		s.used, s.copy = true, list[i].place.Copy
		s.image.Image = list[i].img
		s.place(list[i])
		s.image.Refresh()
		p.order[i] = s.image
	}
}

// hideRest hides unused slots; they let go of their pictures.
func (p *pool) hideRest() {
	for _, s := range p.slots {
		if s.used {
			continue
		}
		p.order = append(p.order, s.image)
		if s.image.Visible() {
			s.image.Hide()
			s.image.Image = nil
		}
	}
}

func (s *slot) place(d drawn) {
	at := fyne.NewPos(float32(d.place.X0), float32(d.place.Y0))
	if s.image.Position() != at {
		s.image.Move(at)
	}
	size := fyne.NewSize(float32(d.place.X1-d.place.X0), float32(d.place.Y1-d.place.Y0))
	if s.image.Size() != size {
		s.image.Resize(size)
	}
	if !s.image.Visible() {
		s.image.Show()
	}
}

// dot is a one-pixel picture: as an image it fills an area at the price of a
// texture, which is a fraction of that of a rectangle.
func dot(c color.RGBA) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, 1, 1))
	img.SetRGBA(0, 0, c)
	return img
}
