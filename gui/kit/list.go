package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// List is a list whose arrows choose, with the keys that people expect, a menu
// for each row, and a choice that stays when rows are put in above it.
type List struct {
	widget.List

	// OnChosen is told the row that was chosen by pointer or key, also if it was
	// chosen before.
	OnChosen func(id int)
	// OnKey may take keys before the list does, and says whether it did.
	OnKey func(fyne.KeyName) bool
	// OnMenu is told the row and the place on the canvas of a secondary tap; the
	// row has been chosen by then.
	OnMenu func(id int, at fyne.Position)

	chosen  int
	focused bool
}

// NewList makes a List. length, create and update are as in Fyne's list.
func NewList(length func() int, create func() fyne.CanvasObject, update func(id int, o fyne.CanvasObject)) *List {
	l := &List{chosen: -1}
	l.Length = length
	l.CreateItem = func() fyne.CanvasObject { return newRow(l, create()) }
	l.UpdateItem = func(id int, o fyne.CanvasObject) {
		r := o.(*row)
		r.id = id
		r.showRing()
		update(id, r.content)
	}
	l.ExtendBaseWidget(l)
	return l
}

// Chosen is the chosen row, -1 if none is.
func (l *List) Chosen() int { return l.chosen }

// Choose chooses a row, scrolls to it and tells OnChosen.
func (l *List) Choose(id int) {
	if id < 0 || id >= l.Length() {
		return
	}
	l.chosen = id
	l.Highlight(id)
	l.Select(id)
	l.Refresh()
	if l.OnChosen != nil {
		l.OnChosen(id)
	}
}

// FocusGained is called by Fyne.
func (l *List) FocusGained() {
	l.focused = true
	l.List.FocusGained()
	l.Refresh()
}

// FocusLost is called by Fyne.
func (l *List) FocusLost() {
	l.focused = false
	l.List.FocusLost()
	l.Refresh()
}

// Keep says where the chosen row is now that rows have changed, -1 if it is
// gone. It neither scrolls nor tells anybody.
func (l *List) Keep(id int) {
	at := l.GetScrollOffset()
	l.chosen = id
	if id < 0 || id >= l.Length() {
		l.chosen = -1
		l.UnselectAll()
	} else {
		l.Select(id)
	}
	l.Refresh()
	l.ScrollToOffset(at)
}

// InSight returns the rows in sight, from first to before end.
func (l *List) InSight() (first, end int) {
	height := l.itemHeight()
	if height <= 0 {
		return 0, 0
	}
	first = int(l.GetScrollOffset() / height)
	end = int((l.GetScrollOffset()+l.Size().Height)/height) + 1
	return min(max(first, 0), l.Length()), min(max(end, 0), l.Length()) // before it is laid out, its size may be anything
}

// itemHeight is how far one row is below the other.
func (l *List) itemHeight() float32 {
	return l.CreateItem().MinSize().Height + l.Theme().Size("padding")
}

// TypedKey chooses by arrows, Home, End, Page Up and Page Down.
func (l *List) TypedKey(e *fyne.KeyEvent) {
	if l.OnKey != nil && l.OnKey(e.Name) {
		return
	}
	last := l.Length() - 1
	if last < 0 {
		return
	}
	page := max(1, int(l.Size().Height/max(1, l.itemHeight()))-1)
	to := l.chosen
	switch e.Name {
	case fyne.KeyUp:
		to--
	case fyne.KeyDown:
		to++
	case fyne.KeyPageUp:
		to -= page
	case fyne.KeyPageDown:
		to += page
	case fyne.KeyHome:
		to = 0
	case fyne.KeyEnd:
		to = last
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
	default:
		return
	}
	l.Choose(min(max(to, 0), last))
}

// row is a row of a List.
type row struct {
	widget.BaseWidget
	list    *List
	content fyne.CanvasObject
	ring    *canvas.Rectangle // around the chosen row, while the list has the focus
	id      int
}

func newRow(l *List, content fyne.CanvasObject) *row {
	r := &row{list: l, content: content, ring: canvas.NewRectangle(color.Transparent), id: -1}
	r.ring.StrokeWidth = 1
	r.ring.Hide()
	r.ExtendBaseWidget(r)
	return r
}

// showRing shows where the keys are.
func (r *row) showRing() {
	on := r.list.focused && r.id == r.list.chosen
	if on {
		r.ring.StrokeColor = r.Theme().Color(theme.ColorNameHyperlink, fyne.CurrentApp().Settings().ThemeVariant())
		r.ring.CornerRadius = r.Theme().Size(theme.SizeNameSelectionRadius)
	}
	if SetShown(r.ring, on) {
		r.ring.Refresh()
	}
}

// CreateRenderer is called by Fyne.
func (r *row) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(r.content, r.ring))
}

// Tapped chooses the row.
func (r *row) Tapped(*fyne.PointEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(r.list); c != nil {
		c.Focus(r.list)
	}
	r.list.Choose(r.id)
}

// TappedSecondary chooses the row and opens its menu.
func (r *row) TappedSecondary(e *fyne.PointEvent) {
	r.Tapped(e)
	if r.list.OnMenu != nil {
		r.list.OnMenu(r.id, e.AbsolutePosition)
	}
}
