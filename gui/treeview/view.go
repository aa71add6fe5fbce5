package treeview

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/engine"
)

// Tree lists the nodes. It adds to Fyne's tree the keys that people expect.
type Tree struct {
	widget.Tree

	// OnOpen is told the node that was chosen, by pointer or key.
	OnOpen func(engine.Node)

	model  model
	chosen string
}

// New makes an empty Tree.
func New() *Tree {
	t := &Tree{model: newModel(nil)}
	t.ChildUIDs = func(id string) []string { return t.model.children[id] }
	t.IsBranch = func(id string) bool { return id == "" || len(t.model.children[id]) > 0 }
	t.CreateNode = func(bool) fyne.CanvasObject { return newRow() }
	t.UpdateNode = func(id string, _ bool, o fyne.CanvasObject) { updateRow(o, t.model.nodes[id]) }
	t.OnSelected = t.selected
	t.ExtendBaseWidget(t)
	return t
}

func newRow() fyne.CanvasObject {
	label := widget.NewLabel("")
	label.Truncation = fyne.TextTruncateEllipsis
	return container.NewBorder(nil, nil, widget.NewIcon(theme.FileIcon()), nil, label)
}

func updateRow(o fyne.CanvasObject, n engine.Node) {
	row := o.(*fyne.Container)
	row.Objects[0].(*widget.Label).SetText(n.Name)
	icon := theme.FileIcon()
	if n.HasTiles {
		icon = theme.GridIcon()
	}
	row.Objects[1].(*widget.Icon).SetResource(icon)
}

// SetNodes replaces the nodes. The chosen one stays chosen if it is still
// there; else the first one is.
func (t *Tree) SetNodes(nodes []engine.Node) {
	t.model = newModel(nodes)
	t.Refresh()
	if _, still := t.model.nodes[t.chosen]; !still {
		t.chosen = ""
		if first := t.model.first(); first != "" {
			t.Select(first)
		}
	}
}

// Chosen returns the chosen node as it was given last, if there is one.
func (t *Tree) Chosen() (engine.Node, bool) {
	n, ok := t.model.nodes[t.chosen]
	return n, ok
}

func (t *Tree) selected(id string) {
	if id == t.chosen {
		return
	}
	t.chosen = id
	if n, ok := t.model.nodes[id]; ok && t.OnOpen != nil {
		t.OnOpen(n)
	}
}

// TypedKey adds Home, End, Page Up, Page Down and Enter to the tree's keys.
func (t *Tree) TypedKey(e *fyne.KeyEvent) {
	const page = 10
	switch e.Name {
	case fyne.KeyHome:
		t.Select(t.model.first())
	case fyne.KeyEnd:
		t.Select(t.model.step("", len(t.model.nodes)))
	case fyne.KeyPageUp:
		t.Select(t.model.step(t.chosen, -page))
	case fyne.KeyPageDown:
		t.Select(t.model.step(t.chosen, page))
	case fyne.KeyReturn, fyne.KeyEnter:
		t.Tree.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	default:
		t.Tree.TypedKey(e)
	}
}
