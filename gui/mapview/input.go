package mapview

import (
	"context"
	"math"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"github.com/shapes-desktop/shapes/core/publish/preview"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// input is what the pointer and the keys are doing.
type input struct {
	at      fyne.Position // of the pointer
	inside  bool
	boxFrom *fyne.Position // where a Shift drag began
	dragged bool

	tapped   time.Time // the last tap, to know a double one
	tappedAt fyne.Position

	motion *fyne.Animation // zoom step or glide that runs
	speed  fyne.Delta      // points per second of the drag
	last   time.Time       // of the drag's last step
}

func (i *input) stop() {
	if i.motion != nil {
		i.motion.Stop()
		i.motion = nil
	}
}

const (
	keyPan      = 90.0 // points a key moves the map
	wheelNotch  = 25.0 // what Fyne reports for a notch of the wheel
	wheelStep   = 0.3  // zooms for a notch
	doubleTap   = 350 * time.Millisecond
	zoomTime    = 180 * time.Millisecond
	glideTime   = 350 * time.Millisecond
	glideSpeed  = 150.0 // points per second below which a drag just ends
	boxSmallest = 8.0
)

// Scrolled zooms about the pointer.
func (m *Map) Scrolled(e *fyne.ScrollEvent) {
	m.input.stop()
	steps := float64(e.Scrolled.DY) / wheelNotch * wheelStep
	steps = min(max(steps, -2), 2)
	m.SetView(m.view.ZoomAbout(float64(e.Position.X), float64(e.Position.Y), m.view.Zoom+steps))
}

// Dragged moves the map, or with Shift draws a box to zoom to.
func (m *Map) Dragged(e *fyne.DragEvent) {
	m.input.at = e.Position
	m.input.dragged = true
	if m.input.boxFrom != nil {
		m.drawBox(*m.input.boxFrom, e.Position)
		return
	}
	m.extras.tip.hide()
	now := time.Now()
	if dt := now.Sub(m.input.last).Seconds(); dt > 0 && dt < 0.1 {
		m.input.speed = fyne.NewDelta(0.6*m.input.speed.DX+0.4*e.Dragged.DX/float32(dt), 0.6*m.input.speed.DY+0.4*e.Dragged.DY/float32(dt))
	} else {
		m.input.speed = fyne.Delta{}
	}
	m.input.last = now
	m.SetView(m.view.Pan(float64(e.Dragged.DX), float64(e.Dragged.DY)))
}

// DragEnd lets the map glide on a little, or zooms to the box.
func (m *Map) DragEnd() {
	if from := m.input.boxFrom; from != nil {
		m.input.boxFrom = nil
		showBars(m.extras.box, false)
		m.zoomToBox(*from, m.input.at)
		return
	}
	if time.Since(m.input.last) < 60*time.Millisecond && math.Hypot(float64(m.input.speed.DX), float64(m.input.speed.DY)) > glideSpeed {
		m.glideOn(m.input.speed)
	}
}

// glideOn moves on with falling speed.
func (m *Map) glideOn(speed fyne.Delta) {
	m.input.stop()
	whole := glideTime.Seconds() / 3 // the way under a falling cube
	done := float32(0)
	m.animate(glideTime, func(f float32) {
		way := 1 - (1-f)*(1-f)*(1-f)
		step := (way - done) * float32(whole)
		done = way
		m.SetView(m.view.Pan(float64(speed.DX*step), float64(speed.DY*step)))
	})
}

// glideTo zooms by steps about a point of the map, in a short movement.
func (m *Map) glideTo(x, y, steps float64) {
	m.input.stop()
	from := m.view.Zoom
	m.animate(zoomTime, func(f float32) {
		m.SetView(m.view.ZoomAbout(x, y, from+steps*float64(f)))
	})
}

func (m *Map) animate(d time.Duration, tick func(float32)) {
	m.input.motion = fyne.NewAnimation(d, tick)
	m.input.motion.Curve = fyne.AnimationEaseOut
	m.input.motion.Start()
}

func (m *Map) drawBox(a, b fyne.Position) {
	frame(m.extras.box, min(a.X, b.X), min(a.Y, b.Y), max(a.X, b.X)-min(a.X, b.X), max(a.Y, b.Y)-min(a.Y, b.Y))
	showBars(m.extras.box, true)
}

func (m *Map) zoomToBox(a, b fyne.Position) {
	x0, y0 := float64(min(a.X, b.X)), float64(min(a.Y, b.Y))
	x1, y1 := float64(max(a.X, b.X)), float64(max(a.Y, b.Y))
	if x1-x0 < boxSmallest || y1-y0 < boxSmallest {
		return
	}
	v := m.view.Pan(m.view.Width/2-(x0+x1)/2, m.view.Height/2-(y0+y1)/2)
	v.Zoom += math.Log2(min(v.Width/(x1-x0), v.Height/(y1-y0)))
	m.SetView(v)
}

// MouseDown takes the keyboard and stops any movement.
func (m *Map) MouseDown(e *desktop.MouseEvent) {
	m.input.stop()
	m.input.dragged = false
	if c := fyne.CurrentApp().Driver().CanvasForObject(m); c != nil {
		c.Focus(m)
	}
	if e.Button == desktop.MouseButtonPrimary && e.Modifier&fyne.KeyModifierShift != 0 {
		from := e.Position
		m.input.boxFrom = &from
	}
}

// MouseUp ends a Shift click that never became a drag.
func (m *Map) MouseUp(*desktop.MouseEvent) {
	if !m.input.dragged {
		m.input.boxFrom = nil
	}
}

// Tapped picks the unit under the pointer; the second tap in a row zooms in.
// Fyne's own double tap would hold back every single one.
func (m *Map) Tapped(e *fyne.PointEvent) {
	now := time.Now()
	again := now.Sub(m.input.tapped) < doubleTap && near(m.input.tappedAt, e.Position)
	m.input.tapped, m.input.tappedAt = now, e.Position
	if again {
		m.input.tapped = time.Time{}
		m.glideTo(float64(e.Position.X), float64(e.Position.Y), 1)
		return
	}
	if m.sheet == nil {
		return
	}
	m.pick(m.sheet.clicks, e.Position, func(units []*preview.Unit) {
		if m.OnPick != nil {
			m.OnPick(units)
		}
	})
}

// TappedSecondary zooms out by two taps, as double tapping zooms in.
func (m *Map) TappedSecondary(e *fyne.PointEvent) {
	now := time.Now()
	if now.Sub(m.input.tapped) < doubleTap && near(m.input.tappedAt, e.Position) {
		m.glideTo(float64(e.Position.X), float64(e.Position.Y), -1)
		now = time.Time{}
	}
	m.input.tapped, m.input.tappedAt = now, e.Position
}

func near(a, b fyne.Position) bool { return math.Hypot(float64(a.X-b.X), float64(a.Y-b.Y)) < 6 }

// MouseIn is MouseMoved.
func (m *Map) MouseIn(e *desktop.MouseEvent) { m.MouseMoved(e) }

// MouseMoved names the unit under the pointer and highlights it.
func (m *Map) MouseMoved(e *desktop.MouseEvent) {
	m.input.at, m.input.inside = e.Position, true
	m.tellStatus()
	if m.sheet != nil {
		m.pick(m.sheet.hovers, e.Position, m.hover)
	}
}

// MouseOut forgets the unit under the pointer.
func (m *Map) MouseOut() {
	m.input.inside = false
	m.tellStatus()
	m.hover(nil)
}

// hover marks the deepest unit of those under the pointer.
func (m *Map) hover(units []*preview.Unit) {
	if !m.input.inside {
		units = nil
	}
	key := preview.Key{}
	if len(units) > 0 {
		key = units[0].Key()
	}
	if key != m.marked.Hover {
		m.marked.Hover = key
		m.paintOverlay()
	}
	text := tipText(units, m.look.Language)
	if text == "" {
		m.extras.tip.hide()
		return
	}
	m.extras.tip.set(text)
	m.extras.tip.move(tipPlace(m.input.at, m.extras.tip.size(), m.Size()))
	m.extras.tip.show()
	m.repaint()
}

// tipText names the units under the pointer, the deepest first.
func tipText(units []*preview.Unit, lang preview.Language) string {
	var names []string
	for _, u := range units {
		name := preview.Name(u.Attrs, lang)
		if name != "" && (len(names) == 0 || names[len(names)-1] != name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// tipPlace puts the tip beside the pointer, inside the map.
func tipPlace(at fyne.Position, tip, area fyne.Size) fyne.Position {
	x, y := at.X+14, at.Y+16
	if x+tip.Width > area.Width {
		x = max(at.X-tip.Width-8, 0)
	}
	if y+tip.Height > area.Height {
		y = max(at.Y-tip.Height-8, 0)
	}
	return fyne.NewPos(x, y)
}

// pick finds the units at a point, in the background. Hovers and clicks queue
// apart, lest a move of the hand swallows the click before it.
func (m *Map) pick(queue *kit.Latest, at fyne.Position, then func([]*preview.Unit)) {
	s, v := m.sheet, m.view
	queue.Submit(func() {
		s.read(func(ctx context.Context) {
			units, err := s.m.Pick(ctx, v, float64(at.X), float64(at.Y))
			if err != nil {
				return // the tile's worker tells of it
			}
			m.tasks.Do(func() {
				if s == m.sheet {
					then(units)
				}
			})
		})
	})
}
