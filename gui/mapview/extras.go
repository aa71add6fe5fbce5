package mapview

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"github.com/shapes-desktop/shapes/core/publish/preview"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// extras are the fixed things on the map: water below; attribution, zoom
// buttons, the pointer's tip, the zoom box and the focus frame above.
type extras struct {
	water   *canvas.Image
	credit  sign
	tip     sign
	full    string // the attribution, unshortened
	buttons []*kit.Button
	box     [4]*canvas.Rectangle
	focus   [4]*canvas.Rectangle
	objects []fyne.CanvasObject
}

func newExtras(m *Map) extras {
	e := extras{water: canvas.NewImageFromImage(dot(preview.Light().Water)), credit: newSign(), tip: newSign()}
	e.water.ScaleMode = canvas.ImageScaleFastest
	e.water.FillMode = canvas.ImageFillStretch
	e.buttons = []*kit.Button{
		kit.NewButton("", theme.ContentAddIcon(), func() { m.ZoomBy(1) }),
		kit.NewButton("", theme.ContentRemoveIcon(), func() { m.ZoomBy(-1) }),
		kit.NewButton("", theme.HomeIcon(), m.ShowAll),
	}
	for i := range e.box {
		e.box[i], e.focus[i] = newBar(), newBar()
		e.objects = append(e.objects, e.box[i], e.focus[i])
	}
	e.objects = append(e.objects, e.credit.back, e.credit.text)
	for _, b := range e.buttons {
		e.objects = append(e.objects, b)
	}
	e.objects = append(e.objects, e.tip.back, e.tip.text)
	return e
}

func newBar() *canvas.Rectangle {
	r := canvas.NewRectangle(color.Transparent)
	r.Hide()
	return r
}

func (e *extras) setStyle(st preview.Style) {
	e.water.Image = dot(st.Water)
	e.water.Refresh()
	e.credit.setStyle(st.Credit.Color, st.Credit.Halo)
	e.tip.setStyle(st.Label.Color, color.RGBA{st.Label.Halo.R, st.Label.Halo.G, st.Label.Halo.B, st.Label.Halo.A})
	e.refresh()
}

// refresh takes on the theme's colours.
func (e *extras) refresh() {
	accent := theme.Color(theme.ColorNameHyperlink)
	for i := range e.box {
		e.box[i].FillColor, e.focus[i].FillColor = accent, accent
		e.box[i].Refresh()
		e.focus[i].Refresh()
	}
}

func (e *extras) layout(size fyne.Size) {
	e.water.Resize(size)
	e.placeCredit(size)
	const gap, side = 8, 34
	for i, b := range e.buttons {
		b.Resize(fyne.NewSquareSize(side))
		b.Move(fyne.NewPos(size.Width-side-gap, gap+float32(i)*(side+2)))
	}
	frame(e.focus, 0, 0, size.Width, size.Height)
}

func (e *extras) setCredit(text string) {
	e.full = text
	e.placeCredit(e.water.Size())
}

// placeCredit keeps the attribution at the bottom right, in words that fit.
func (e *extras) placeCredit(size fyne.Size) {
	if e.full == "" || size.Width <= 0 {
		e.credit.hide()
		return
	}
	e.credit.set(creditFit(e.full, func(s string) bool { return e.credit.width(s) < size.Width-12 }))
	s := e.credit.size()
	e.credit.move(fyne.NewPos(size.Width-s.Width-4, size.Height-s.Height-4))
	e.credit.show()
}

// frame lays four bars around a rectangle. A stroked rectangle would cost its
// whole area on machines without a graphics card.
func frame(bars [4]*canvas.Rectangle, x, y, w, h float32) {
	const thick = 2
	bars[0].Move(fyne.NewPos(x, y))
	bars[0].Resize(fyne.NewSize(w, thick))
	bars[1].Move(fyne.NewPos(x, y+h-thick))
	bars[1].Resize(fyne.NewSize(w, thick))
	bars[2].Move(fyne.NewPos(x, y))
	bars[2].Resize(fyne.NewSize(thick, h))
	bars[3].Move(fyne.NewPos(x+w-thick, y))
	bars[3].Resize(fyne.NewSize(thick, h))
}

func showBars(bars [4]*canvas.Rectangle, on bool) {
	for _, b := range bars {
		if on {
			b.Show()
		} else {
			b.Hide()
		}
	}
}

// sign is a short text on a ground of its own.
type sign struct {
	text *canvas.Text
	back *canvas.Rectangle
}

func newSign() sign {
	s := sign{text: canvas.NewText("", color.Black), back: canvas.NewRectangle(color.White)}
	s.text.TextSize = 12
	s.back.CornerRadius = 4
	s.hide()
	return s
}

const signPadX, signPadY = 6, 2

func (s sign) set(text string) {
	if s.text.Text != text {
		s.text.Text = text
		s.text.Refresh()
	}
	m := s.text.MinSize()
	s.text.Resize(m)
	s.back.Resize(fyne.NewSize(m.Width+2*signPadX, m.Height+2*signPadY))
}

func (s sign) setStyle(text, back color.Color) {
	s.text.Color, s.back.FillColor = text, back
	s.text.Refresh()
	s.back.Refresh()
}

func (s sign) width(text string) float32 {
	return fyne.MeasureText(text, s.text.TextSize, s.text.TextStyle).Width + 2*signPadX
}

func (s sign) size() fyne.Size { return s.back.Size() }

func (s sign) move(p fyne.Position) {
	s.back.Move(p)
	s.text.Move(p.AddXY(signPadX, signPadY))
}

func (s sign) show() { s.back.Show(); s.text.Show() }
func (s sign) hide() { s.back.Hide(); s.text.Hide() }
