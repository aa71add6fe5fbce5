package treeview

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/model/tree"
)

// dragging is a drag of rows.
type dragging struct {
	on    bool
	dead  bool // Escape was pressed: nothing more until it is let go
	ids   []string
	over  bool // the pointer is over the tree
	to    drop
	since time.Time // the pointer came to where it is

	flag *fyne.Container // what it would do, beside the pointer
	text *widget.Label
	edge *canvas.Rectangle
}

// Autoscroll and opening while dragging.
const (
	edgeZone  = rowHeight / 2
	holdToSee = 700 * time.Millisecond // over a closed folder before it opens
)

func (d *dragging) make(t *Tree) {
	d.text = widget.NewLabel("")
	d.text.Truncation = fyne.TextTruncateEllipsis
	d.edge = canvas.NewRectangle(theme.Color(theme.ColorNameOverlayBackground))
	d.edge.StrokeWidth, d.edge.CornerRadius = 1, 4
	d.flag = container.NewStack(d.edge, d.text)
	d.flag.Hide()
	t.over.Add(d.flag)
}

// dragged is called for each move of a drag that began on a row.
func (t *Tree) dragged(id string, at fyne.Position) {
	d := &t.drag
	if d.dead || !d.on && !t.beginDrag(id) {
		return
	}
	here := at.Subtract(fyne.CurrentApp().Driver().AbsolutePositionForObject(t))
	size := t.Size()
	d.over = here.X >= 0 && here.X < size.Width && here.Y >= -rowHeight && here.Y < size.Height+rowHeight
	t.scrollAtEdge(here.Y)
	row := int((here.Y + t.scroll.Offset.Y) / rowHeight)
	to := t.model.dropOn(d.ids, row)
	now := t.host.Now()
	if to != d.to {
		d.to, d.since = to, now
	} else if now.Sub(d.since) > holdToSee && t.model.isFolder(to.target) && !t.model.isOpen(to.target) {
		t.setOpen(to.target, true)
	}
	t.showFlag(here)
	t.place()
}

// beginDrag takes up what is chosen, or the row alone if it is not among that.
func (t *Tree) beginDrag(id string) bool {
	if _, known := t.model.nodes[id]; !known || t.rename.id != "" {
		return false
	}
	if !t.model.chosen[id] {
		t.model.choose(id)
		t.chosenChanged(false)
	}
	t.drag.on = true
	t.drag.ids = t.model.topmost()
	t.drag.to, t.drag.since = drop{}, t.host.Now()
	return true
}

// topmost lists the chosen nodes that are not below another chosen one, in the
// order of their rows.
func (m *model) topmost() []string {
	var ids []string
	for _, n := range m.selected() {
		if !m.belowChosen(n.ID) {
			ids = append(ids, n.ID)
		}
	}
	return ids
}

func (m *model) belowChosen(id string) bool {
	for range len(m.nodes) + 1 {
		id = m.nodes[id].Parent
		if id == tree.Root {
			return false
		}
		if m.chosen[id] {
			return true
		}
	}
	return false
}

func (t *Tree) scrollAtEdge(y float32) {
	switch {
	case y < edgeZone && t.scroll.Offset.Y > 0:
		t.scroll.ScrollToOffset(fyne.NewPos(0, max(t.scroll.Offset.Y-rowHeight, 0)))
	case y > t.Size().Height-edgeZone:
		end := max(float32(len(t.model.rows))*rowHeight-t.scroll.Size().Height, 0)
		t.scroll.ScrollToOffset(fyne.NewPos(0, min(t.scroll.Offset.Y+rowHeight, end)))
	}
}

// showFlag says beside the pointer what letting go would do.
func (t *Tree) showFlag(here fyne.Position) {
	d := &t.drag
	if !d.over {
		d.flag.Hide()
		return
	}
	words, frame := d.to.words, theme.ColorNameHyperlink
	if d.to.refusal != "" {
		words, frame = "✕ "+d.to.refusal, theme.ColorNameError
	}
	d.edge.FillColor, d.edge.StrokeColor = theme.Color(theme.ColorNameOverlayBackground), theme.Color(frame)
	d.edge.Refresh()
	d.text.SetText(words)
	wide := fyne.MeasureText(words, theme.TextSize(), fyne.TextStyle{}).Width + 2*theme.InnerPadding() + 4
	wide = min(wide, max(t.Size().Width-12, 40))
	x := min(here.X+14, t.Size().Width-wide-4)
	d.flag.Move(fyne.NewPos(max(x, 4), here.Y+14))
	d.flag.Resize(fyne.NewSize(wide, d.text.MinSize().Height))
	d.flag.Show()
}

// letGo ends the drag and does what it shows.
func (t *Tree) letGo() {
	d := &t.drag
	on, over, to, ids := d.on, d.over, d.to, d.ids
	d.stop(t)
	d.dead = false
	switch {
	case !on || !over:
	case to.refusal != "":
		t.say(to.refusal)
	case t.OnMove != nil:
		t.OnMove(ids, to.target)
	}
}

// stop takes away what a drag shows; nothing happens until it is let go.
func (d *dragging) stop(t *Tree) {
	d.dead = d.on
	d.on, d.over, d.ids, d.to = false, false, nil, drop{}
	d.flag.Hide()
	t.place()
}

// Topmost lists the ids of the chosen nodes that are not below another chosen
// one, in the order of their rows.
func (t *Tree) Topmost() []string { return t.model.topmost() }
