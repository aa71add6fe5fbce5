package mapview

import (
	"context"
	"io"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/publish/preview"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// Map is the map widget. It belongs to the window's goroutine; tiles are read
// and painted on others.
type Map struct {
	widget.BaseWidget

	// OnStatus is told when the view or the place under the pointer changes.
	OnStatus func(Status)
	// OnPick is told the units at a click, the deepest level first; none over
	// water.
	OnPick func([]*preview.Unit)
	// OnFault is told of tiles that cannot be drawn, each once.
	OnFault func(error)

	tasks *kit.Tasks
	fonts *preview.Fonts
	look  Look
	sheet *sheet
	view  preview.Viewport
	whole bool // all of the tileset is shown, and nobody has moved it since
	input input

	pool    *pool
	over    overlayImage
	extras  extras
	marked  preview.Marked
	ready   *kit.Batch // after tiles were painted
	faults  chan error
	objects []fyne.CanvasObject
}

// New makes a Map without tiles. fonts sets the labels.
func New(tasks *kit.Tasks, fonts *preview.Fonts, look Look) *Map {
	m := &Map{tasks: tasks, fonts: fonts, look: look, pool: newPool(), faults: make(chan error, 64)}
	m.over = newOverlayImage()
	m.extras = newExtras(m)
	m.ready = kit.NewBatch(tasks, m.tilesReady)
	m.ExtendBaseWidget(m)
	m.paintLook()
	return m
}

// Open shows a tileset from its best view. The Map closes it when the next one
// is opened, or by Close.
func (m *Map) Open(tiles Tiles) {
	m.openSheet(openSheet(m.tasks, tiles, m.look.style(m.fonts), m.scale(), m.painted))
}

func (m *Map) openSheet(s *sheet) {
	m.Close()
	m.sheet = s
	m.extras.setCredit(preview.PlainText(s.m.Meta().Attribution))
	m.ShowAll()
}

// Close lets go of the tileset and shows empty water.
func (m *Map) Close() {
	m.Select(nil)
	m.marked = preview.Marked{}
	m.over.hide()
	m.extras.setCredit("")
	m.extras.tip.hide()
	m.pool.show(nil)
	if m.sheet != nil {
		m.sheet.close(m.tasks, m.fault)
		m.sheet = nil
	}
	m.Refresh()
}

// painted is called on workers.
func (m *Map) painted(_ tile.ID, err error) {
	if err != nil {
		select {
		case m.faults <- err:
		default: // so many broken tiles that the first 64 tell the story
		}
	}
	m.ready.Call()
}

func (m *Map) tilesReady() {
	for {
		select {
		case err := <-m.faults:
			m.fault(err)
			continue
		default:
		}
		break
	}
	m.drawTiles()
}

func (m *Map) fault(err error) {
	if m.OnFault != nil {
		m.OnFault(err)
	}
}

// SetLook changes theme and language.
func (m *Map) SetLook(l Look) {
	if l == m.look {
		return
	}
	m.look = l
	m.paintLook()
	if m.sheet != nil {
		m.sheet.pictures.SetLook(l.style(m.fonts), m.scale())
		m.wantTiles()
		m.paintOverlay()
	}
	m.Refresh()
}

func (m *Map) paintLook() {
	st := m.look.style(m.fonts)
	m.extras.setStyle(st)
}

// View returns what the map shows.
func (m *Map) View() preview.Viewport { return m.view }

// SetView moves the map, as far as it can go.
func (m *Map) SetView(v preview.Viewport) {
	v.Width, v.Height, v.Scale = m.view.Width, m.view.Height, m.scale()
	m.view, m.whole = v.Clamp(), false
	m.moved()
}

// ShowAll shows the whole tileset.
func (m *Map) ShowAll() {
	if m.sheet == nil {
		return
	}
	m.input.stop()
	m.SetView(m.view.Fit(m.sheet.m.Meta().Bounds))
	m.whole = true
}

// ZoomBy changes the zoom about the middle of the map.
func (m *Map) ZoomBy(steps float64) { m.glideTo(m.view.Width/2, m.view.Height/2, steps) }

// Resize is called by the layout. What the map shows stays where it is, seen
// from its top left corner, unless the clicked place would leave the map. Who
// sees the whole map goes on seeing it.
func (m *Map) Resize(size fyne.Size) {
	was := m.view
	m.BaseWidget.Resize(size)
	m.view.Width, m.view.Height, m.view.Scale = float64(size.Width), float64(size.Height), m.scale()
	m.extras.layout(size)
	if m.sheet == nil || size.Width <= 0 || size.Height <= 0 {
		return
	}
	if was.Width <= 0 || was.Height <= 0 {
		m.ShowAll()
		return
	}
	if was.Width == m.view.Width && was.Height == m.view.Height && was.Scale == m.view.Scale {
		return
	}
	m.extras.tip.hide()
	if m.whole && m.marked.Selected == (preview.Key{}) {
		m.ShowAll()
		return
	}
	dx, dy := (was.Width-m.view.Width)/2, (was.Height-m.view.Height)/2
	if m.view.Width < was.Width && m.marked.Selected != (preview.Key{}) {
		dx += min(0, m.view.Width-clickAir-float64(m.input.tappedAt.X))
	}
	m.SetView(m.view.Pan(dx, dy))
}

// clickAir is how far from the right edge a clicked place stays, in points.
const clickAir = 80

// MinSize keeps the map usable.
func (m *Map) MinSize() fyne.Size { return fyne.NewSize(240, 160) }

// scale is the number of device pixels per point of the window's canvas.
func (m *Map) scale() float64 {
	if app := fyne.CurrentApp(); app != nil {
		if c := app.Driver().CanvasForObject(m); c != nil {
			return float64(c.Scale())
		}
	}
	return 1
}

// moved redraws after the view changed.
func (m *Map) moved() {
	m.wantTiles()
	m.drawTiles()
	m.over.follow(m.view)
	m.paintOverlay()
	m.tellStatus()
}

func (m *Map) wantTiles() {
	if m.sheet == nil || m.view.Width <= 0 {
		return
	}
	if m.view.Scale != m.sheet.scale { // moved to another screen, or first shown
		m.sheet.scale = m.view.Scale
		m.sheet.pictures.SetLook(m.look.style(m.fonts), m.view.Scale)
	}
	m.sheet.pictures.Want(wantList(m.view))
}

// drawTiles puts the pictures there are where they belong.
func (m *Map) drawTiles() {
	if m.sheet == nil {
		return
	}
	m.pool.list = drawList(m.pool.list, m.view, m.sheet.pictures.Picture)
	m.pool.show(m.pool.list)
	m.arrange()
	m.repaint()
}

// repaint asks for a new frame. Objects that were hidden so far are not known
// to the window yet, and showing them asks for nothing; the water is known.
func (m *Map) repaint() { m.extras.water.Refresh() }

// tellStatus reports the view and what is under the pointer.
func (m *Map) tellStatus() {
	if m.OnStatus == nil {
		return
	}
	s := Status{View: m.view}
	if m.input.inside && m.sheet != nil {
		s.Lon, s.Lat, s.OnWorld = m.view.LonLat(float64(m.input.at.X), float64(m.input.at.Y))
	}
	m.OnStatus(s)
}

// Select marks a unit, or none, and redraws the overlay.
func (m *Map) Select(u *preview.Unit) {
	key := preview.Key{}
	if u != nil {
		key = u.Key()
	}
	if key != m.marked.Selected {
		m.marked.Selected = key
		m.paintOverlay()
	}
}

// WritePNG renders what the map shows, in its look and at the window's
// resolution, with labels and attribution. It may be called on any goroutine
// once it is made; it is nil when the map shows nothing.
func (m *Map) WritePNG() func(context.Context, io.Writer) error {
	s, v, st := m.sheet, m.view, m.look.style(m.fonts)
	if s == nil || v.Width <= 0 || v.Height <= 0 {
		return nil
	}
	return func(ctx context.Context, w io.Writer) (err error) {
		err = context.Canceled // unless the map is still open
		s.read(func(context.Context) { err = writeMap(ctx, w, s.tiles, v, st) })
		return err
	}
}

// arrange lists the objects in the order in which they are drawn. The list's
// memory is used again.
func (m *Map) arrange() {
	m.objects = append(m.objects[:0], m.extras.water)
	m.objects = append(m.objects, m.pool.order...)
	m.objects = append(m.objects, m.over.image)
	m.objects = append(m.objects, m.extras.objects...)
}

// CreateRenderer is called by Fyne.
func (m *Map) CreateRenderer() fyne.WidgetRenderer {
	m.arrange()
	return &renderer{m}
}

type renderer struct{ m *Map }

func (r *renderer) Layout(size fyne.Size)        { r.m.extras.layout(size) }
func (r *renderer) MinSize() fyne.Size           { return r.m.MinSize() }
func (r *renderer) Objects() []fyne.CanvasObject { return r.m.objects }
func (r *renderer) Destroy()                     {}
func (r *renderer) Refresh() {
	r.m.extras.refresh()
	r.m.over.image.Refresh()
}
