package treeview

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// Sizes of a row, in points.
const (
	rowHeight = 28
	indent    = 16
	iconSide  = 18
	arrowSide = 16
	badgeRoom = 110 // the widest a badge may be
)

// mark is what dragging draws on a row.
type mark int

const (
	unmarked mark = iota
	welcome
	refused
)

// look is all that a row shows. It can be compared, so that a row that looks
// as before costs nothing.
type look struct {
	kind                 kind
	depth                int
	name, badge          string
	folder, open         bool
	tiles, draft         bool
	chosen, focused, cut bool
	hovered, renamed     bool
	mark                 mark
}

// lookOf says how a row looks.
func (t *Tree) lookOf(r row) look {
	m := t.model
	l := look{kind: r.kind, depth: r.depth, chosen: m.chosen[r.id], focused: t.focused && m.current == r.id}
	switch r.kind {
	case noteRow:
		l.name = r.note
	case trashRow:
		l.name = "Trash"
	default:
		n := m.nodes[r.id]
		l.name, l.badge = n.Name, m.badge(n)
		l.folder, l.open = n.Type == tree.Folder, m.isOpen(n.ID)
		l.tiles, l.draft = n.HasTiles, n.Draft || n.New
		l.cut = m.cut[n.ID]
		l.renamed = t.rename.id == n.ID
	}
	if t.drag.on && t.drag.over && r.id == t.drag.to.row && r.kind != noteRow {
		l.mark = welcome
		if t.drag.to.refusal != "" {
			l.mark = refused
		}
	}
	return l
}

// icon is the picture before the name.
func (l look) icon() fyne.Resource {
	switch {
	case l.kind == trashRow:
		return theme.DeleteIcon()
	case l.folder && l.open:
		return theme.FolderOpenIcon()
	case l.folder:
		return theme.FolderIcon()
	case l.draft:
		return theme.DocumentCreateIcon()
	case l.tiles:
		return theme.GridIcon()
	}
	return theme.FileIcon()
}

// rowView is the widget of a row. It is used again for other rows as the tree
// scrolls.
type rowView struct {
	widget.BaseWidget
	tree *Tree
	at   int // in the model's rows; -1 if it is not in use
	look look

	ground, frame *canvas.Rectangle
	arrow, icon   *widget.Icon
	name, badge   *widget.Label
}

func newRowView(t *Tree) *rowView {
	r := &rowView{
		tree: t, at: -1, ground: canvas.NewRectangle(nil), frame: canvas.NewRectangle(nil),
		arrow: widget.NewIcon(nil), icon: widget.NewIcon(nil), name: widget.NewLabel(""), badge: widget.NewLabel(""),
	}
	r.name.Truncation = fyne.TextTruncateEllipsis
	r.badge.Truncation = fyne.TextTruncateEllipsis
	r.badge.SizeName = theme.SizeNameCaptionText
	r.badge.Importance = widget.LowImportance
	r.badge.Alignment = fyne.TextAlignTrailing
	r.ground.CornerRadius, r.frame.CornerRadius = 3, 3
	r.ExtendBaseWidget(r)
	return r
}

// set makes the view show the row at a place.
func (r *rowView) set(at int, l look) {
	r.at = at
	l.hovered = r.look.hovered && r.at == at
	if l != r.look {
		r.look = l
		r.Refresh()
	}
}

func (r *rowView) id() string {
	if r.at < 0 || r.at >= len(r.tree.model.rows) {
		return ""
	}
	return r.tree.model.rows[r.at].id
}

func (r *rowView) node() (engine.Node, bool) {
	n, known := r.tree.model.nodes[r.id()]
	return n, known
}

// left is where the arrow begins.
func (r *rowView) left() float32 { return float32(r.look.depth)*indent + 4 }

// CreateRenderer is called by Fyne.
func (r *rowView) CreateRenderer() fyne.WidgetRenderer { return &rowRenderer{r} }

type rowRenderer struct{ *rowView }

// Layout is called by Fyne.
func (r *rowRenderer) Layout(size fyne.Size) {
	x := r.left()
	r.ground.Resize(size)
	r.frame.Resize(size)
	put(r.arrow, x, arrowSide)
	x += arrowSide + 2
	if r.look.kind == noteRow {
		x -= arrowSide
	}
	put(r.icon, x, iconSide)
	if r.look.kind != noteRow {
		x += iconSide
	}
	wide := float32(0)
	if r.look.badge != "" {
		wide = min(badgeRoom, fyne.MeasureText(r.look.badge, theme.Size(theme.SizeNameCaptionText), fyne.TextStyle{}).Width+2*theme.InnerPadding()+2, size.Width/2)
	}
	h := r.name.MinSize().Height
	r.name.Move(fyne.NewPos(x-2, (size.Height-h)/2))
	r.name.Resize(fyne.NewSize(max(size.Width-x-wide+8, 20), h))
	h = r.badge.MinSize().Height
	r.badge.Move(fyne.NewPos(size.Width-wide, (size.Height-h)/2))
	r.badge.Resize(fyne.NewSize(wide, h))
}

func put(o fyne.CanvasObject, x, side float32) {
	o.Move(fyne.NewPos(x, (rowHeight-side)/2))
	o.Resize(fyne.NewSquareSize(side))
}

// MinSize is called by Fyne.
func (r *rowRenderer) MinSize() fyne.Size { return fyne.NewSize(60, rowHeight) }

// Objects is called by Fyne.
func (r *rowRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ground, r.arrow, r.icon, r.name, r.badge, r.frame}
}

// Destroy is called by Fyne.
func (r *rowRenderer) Destroy() {}

// Refresh is called by Fyne.
func (r *rowRenderer) Refresh() {
	l := r.look
	r.paint(l)
	kit.SetShown(r.arrow, l.folder)
	kit.SetShown(r.icon, l.kind != noteRow)
	kit.SetShown(r.name, !l.renamed)
	kit.SetShown(r.badge, l.badge != "" && !l.renamed)
	if l.folder {
		r.arrow.SetResource(arrowIcon(l.open))
	}
	r.icon.SetResource(l.icon())
	r.name.Importance = widget.MediumImportance
	if l.cut || l.kind == noteRow {
		r.name.Importance = widget.LowImportance
	}
	r.name.TextStyle.Italic = l.kind == noteRow
	r.name.SetText(l.name)
	r.badge.SetText(l.badge)
	r.Layout(r.Size())
}

func arrowIcon(open bool) fyne.Resource {
	if open {
		return theme.MenuDropDownIcon()
	}
	return theme.MenuExpandIcon()
}

// paint colours ground and frame.
func (r *rowRenderer) paint(l look) {
	switch {
	case l.chosen:
		r.ground.FillColor = theme.Color(theme.ColorNameSelection)
	case l.hovered:
		r.ground.FillColor = theme.Color(theme.ColorNameHover)
	default:
		r.ground.FillColor = nil
	}
	r.frame.FillColor, r.frame.StrokeColor, r.frame.StrokeWidth = nil, nil, 0
	switch {
	case l.mark == refused:
		r.frame.StrokeColor, r.frame.StrokeWidth = theme.Color(theme.ColorNameError), 2
	case l.mark == welcome:
		r.frame.StrokeColor, r.frame.StrokeWidth = theme.Color(theme.ColorNameHyperlink), 2
	case l.focused:
		r.frame.StrokeColor, r.frame.StrokeWidth = theme.Color(theme.ColorNameHyperlink), 1
	}
	r.ground.Refresh()
	r.frame.Refresh()
}

// Tapped chooses the row, or opens and closes the folder by its arrow.
func (r *rowView) Tapped(e *fyne.PointEvent) {
	onArrow := r.look.folder && e.Position.X >= r.left() && e.Position.X < r.left()+arrowSide+2
	r.tree.tapped(r.id(), onArrow)
}

// TappedSecondary opens the menu of what is chosen.
func (r *rowView) TappedSecondary(e *fyne.PointEvent) { r.tree.askMenu(r.id(), e.AbsolutePosition) }

// MouseDown remembers the modifiers for the tap that follows.
func (r *rowView) MouseDown(e *desktop.MouseEvent) { r.tree.held = e.Modifier }

// MouseUp is called by Fyne.
func (r *rowView) MouseUp(*desktop.MouseEvent) {}

// MouseIn is called by Fyne.
func (r *rowView) MouseIn(*desktop.MouseEvent) { r.hover(true) }

// MouseMoved is called by Fyne.
func (r *rowView) MouseMoved(*desktop.MouseEvent) {}

// MouseOut is called by Fyne.
func (r *rowView) MouseOut() { r.hover(false) }

func (r *rowView) hover(on bool) {
	if r.look.hovered != on {
		r.look.hovered = on
		r.Refresh()
	}
	if n, known := r.node(); known && on && r.tree.OnHover != nil {
		r.tree.OnHover(n)
	}
}

// Dragged moves the row, and all that is chosen with it.
func (r *rowView) Dragged(e *fyne.DragEvent) { r.tree.dragged(r.id(), e.AbsolutePosition) }

// DragEnd lets go.
func (r *rowView) DragEnd() { r.tree.letGo() }
