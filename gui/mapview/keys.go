package mapview

import "fyne.io/fyne/v2"

// FocusGained shows that the keys are the map's.
func (m *Map) FocusGained() {
	showBars(m.extras.focus, true)
	m.repaint()
}

// FocusLost is the opposite of FocusGained.
func (m *Map) FocusLost() { showBars(m.extras.focus, false) }

// TypedRune zooms: + and -, and 0 for the whole map.
func (m *Map) TypedRune(r rune) {
	switch r {
	case '+', '=':
		m.ZoomBy(1)
	case '-', '_':
		m.ZoomBy(-1)
	case '0':
		m.ShowAll()
	}
}

// TypedKey moves the map by the arrows; Escape lets go of the picked unit.
func (m *Map) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyLeft:
		m.panBy(keyPan, 0)
	case fyne.KeyRight:
		m.panBy(-keyPan, 0)
	case fyne.KeyUp:
		m.panBy(0, keyPan)
	case fyne.KeyDown:
		m.panBy(0, -keyPan)
	case fyne.KeyPageUp:
		m.panBy(0, 0.8*m.view.Height)
	case fyne.KeyPageDown:
		m.panBy(0, -0.8*m.view.Height)
	case fyne.KeyHome:
		m.ShowAll()
	case fyne.KeyEscape:
		if m.OnPick != nil {
			m.OnPick(nil)
		}
	}
}

func (m *Map) panBy(dx, dy float64) {
	m.input.stop()
	m.SetView(m.view.Pan(dx, dy))
}
