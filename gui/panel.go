package gui

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/gui/kit"
	"github.com/shapes-desktop/shapes/gui/treeview"
)

// panel is the left of the window: toolbar, search, and the tree or the hits.
type panel struct {
	content fyne.CanvasObject
	tree    *treeview.Tree
	finder  *treeview.Finder

	undo, redo, delete *kit.Button
	sessions           *kit.Button
}

// newPanel makes the panel around a tree.
func newPanel(w *Window, t *treeview.Tree) *panel {
	p := &panel{tree: t, finder: treeview.NewFinder(w.opt.Tasks, w.opt.Engine)}
	c := w.commands
	tool := func(icon fyne.Resource, run func()) *kit.Button {
		b := kit.NewButton("", icon, run).Quiet()
		b.OnEscape = w.focusTree
		return b
	}
	p.undo, p.redo = tool(theme.ContentUndoIcon(), c.Undo), tool(theme.ContentRedoIcon(), c.Redo)
	p.delete = tool(theme.DeleteIcon(), c.Delete)
	p.sessions = tool(theme.ListIcon(), w.toggleSessions)
	// Pictures alone, close together: the tree is narrow, and the menus have the words.
	bar := container.New(layout.NewCustomPaddedHBoxLayout(0), tool(theme.ContentAddIcon(), c.NewShape),
		tool(theme.FolderNewIcon(), c.NewFolder), p.delete, p.undo, p.redo, p.sessions)
	p.finder.OnShown = func(on bool) { kit.SetShown(p.tree, !on) }
	p.finder.OnLeave = w.focusTree
	p.finder.OnGo = func(hit engine.Found) { w.goTo(hit.Node.ID) }
	head := container.NewVBox(bar, p.finder.Field, widget.NewSeparator())
	p.content = container.NewBorder(head, nil, nil, nil, container.NewStack(t, p.finder.Hits))
	p.showUndo(engine.UndoState{})
	return p
}

// showUndo enables what can be done.
func (p *panel) showUndo(u engine.UndoState) {
	enable(p.undo, u.Undo != "")
	enable(p.redo, u.Redo != "")
}

// showRunning says on the button of the sessions how many run.
func (p *panel) showRunning(n int) {
	text := ""
	if n > 0 {
		text = strconv.Itoa(n)
	}
	if p.sessions.Text != text {
		p.sessions.SetText(text)
	}
}

// showChosen enables what can be done with what is chosen.
func (p *panel) showChosen(nodes []engine.Node) { enable(p.delete, len(nodes) > 0) }

func enable(b *kit.Button, on bool) {
	if on {
		b.Enable()
	} else {
		b.Disable()
	}
}

// contextMenu is the menu of what is chosen in the tree.
func (w *Window) contextMenu() *fyne.Menu {
	c := w.commands
	nodes := w.panel.tree.Chosen()
	if w.panel.tree.TrashChosen() {
		return fyne.NewMenu("", fyne.NewMenuItem("Open", w.openTrash), fyne.NewMenuItem("Empty trash…", w.trash.askEmpty))
	}
	one := len(nodes) == 1
	shape := one && nodes[0].Type == tree.Shape
	plain := len(nodes) > 0
	for _, n := range nodes {
		plain = plain && !n.New
	}
	items := []*fyne.MenuItem{
		able("Open", one, w.openChosen),
		fyne.NewMenuItem("New shape", c.NewShape),
		fyne.NewMenuItem("New folder", c.NewFolder),
		fyne.NewMenuItemSeparator(),
		able(editWord(nodes), shape, c.Edit),
		able("Rename", one, w.panel.tree.Rename),
		fyne.NewMenuItemSeparator(),
		able("Cut", plain, c.Cut),
		able("Copy", plain, c.Copy),
		able("Paste", len(c.clip.nodes) > 0, c.Paste),
		able("Duplicate", plain, c.Duplicate),
		fyne.NewMenuItemSeparator(),
		able("Build tiles", shape && plain && nodes[0].Session == "", c.Run),
	}
	if shape && nodes[0].Session != "" {
		items = append(items, fyne.NewMenuItem("Stop the session…", func() { w.askStop(nodes[0]) }))
	}
	items = append(items,
		able("Earlier runs…", shape && !nodes[0].New, c.Runs),
		able("Export…", plain, c.Export),
		fyne.NewMenuItem("Import…", c.Import),
		fyne.NewMenuItemSeparator(),
		able(deleteWord(nodes), len(nodes) > 0, c.Delete),
	)
	return fyne.NewMenu("", items...)
}

// able makes a menu item that is grey where it cannot be.
func able(label string, can bool, run func()) *fyne.MenuItem {
	i := fyne.NewMenuItem(label, run)
	i.Disabled = !can
	return i
}

// editWord says that an edit goes on where there is a draft.
func editWord(nodes []engine.Node) string {
	if len(nodes) == 1 && (nodes[0].Draft || nodes[0].New) {
		return "Continue editing…"
	}
	return "Edit…"
}

// deleteWord says that a draft is discarded: it has no place in the trash.
func deleteWord(nodes []engine.Node) string {
	if len(nodes) == 1 && nodes[0].New {
		return "Discard draft…"
	}
	return "Delete"
}
