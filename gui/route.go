package gui

import (
	"context"

	"fyne.io/fyne/v2"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// chosen shows the page of what was chosen in the tree.
func (w *Window) chosen(nodes []engine.Node, trash bool) {
	w.panel.showChosen(nodes)
	if trash {
		w.openTrash()
		return
	}
	w.showChosen(nodes)
}

// news shows what is known anew of what is chosen. A page that was opened
// beside the tree stays in front.
func (w *Window) news(nodes []engine.Node, trash bool) {
	w.panel.showChosen(nodes)
	switch {
	case trash || w.pages.front == w.trash.content:
		w.trash.load()
	case w.monitor != nil && w.pages.front == w.monitor.Content:
	default:
		w.showChosen(nodes)
	}
}

func (w *Window) showChosen(nodes []engine.Node) {
	switch {
	case len(nodes) == 0:
		w.folder.showNothing()
	case len(nodes) > 1:
		w.folder.showMany(nodes)
	case nodes[0].Type == tree.Folder:
		w.folder.showFolder(nodes[0])
	default:
		w.pages.show(w.page.Content)
		kit.SetText(w.where, w.mapAt)
		w.page.Open(nodes[0])
		return
	}
	w.pages.show(w.folder.content)
	w.where.SetText("")
}

// openChosen opens what is chosen: a folder in the tree, a shape's page with
// the focus on it.
func (w *Window) openChosen() {
	n, known := w.panel.tree.Current()
	switch {
	case !known:
	case n.Type == tree.Folder:
		w.panel.tree.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	case n.New:
		w.commands.Edit()
	default:
		w.showChosen([]engine.Node{n})
		w.Canvas().Focus(w.page.Map)
	}
}

// openTrash shows the trash's page.
func (w *Window) openTrash() {
	w.pages.show(w.trash.content)
	w.where.SetText("")
	w.trash.load()
}

// toggleSessions shows the page of sessions, or goes back from it.
func (w *Window) toggleSessions() {
	if w.monitor != nil && w.pages.front == w.monitor.Content {
		w.chosen(w.panel.tree.Chosen(), w.panel.tree.TrashChosen())
		w.focusTree()
		return
	}
	w.openSessions("")
	w.monitor.Focus()
}

// askStop asks before a session is stopped from the tree.
func (w *Window) askStop(n engine.Node) {
	kit.Ask(w.Window, "Stop the session of “"+n.Name+"”?", "The tiles there were before the session are kept; what it has done so far is not.",
		"Stop", "Let it run", func() { w.commands.stop(n.ID, n.Name) })
}

// goTo chooses a node in the tree, wherever it is.
func (w *Window) goTo(id string) {
	kit.Load(w.ctx, w.opt.Tasks, func(ctx context.Context) ([]engine.Node, error) {
		return w.opt.Engine.PathOf(ctx, id)
	}, func(path []engine.Node, err error) {
		if err != nil {
			w.commands.refused("That node cannot be shown", err)
			return
		}
		w.panel.tree.Reveal(path, w.focusTree)
	}, nil)
}

// changed lists the nodes anew, and asks what undo would do.
func (w *Window) changed() {
	w.panel.tree.Reload()
	w.commands.loadUndo()
	if w.pages.front == w.trash.content {
		w.trash.load()
	}
}

// listFault tells of a folder that cannot be listed; its row says so too.
func (w *Window) listFault(folder engine.Node, err error) {
	what := "The nodes cannot be listed"
	if folder.ID != "" {
		what = "“" + folder.Name + "” cannot be listed"
	}
	w.log(err)
	w.say(what)
	if w.Canvas().Overlays().Top() != nil {
		return // one dialog tells enough
	}
	kit.ShowProblem(w.Window, kit.Problem{
		What: what,
		Why:  err.Error(),
		Kept: "Nothing was changed in " + w.opt.DataDir + ".",
		Next: "Look whether that folder can be read, then start the program again.",
	}, w.opt.App.Clipboard())
}

func (w *Window) focusTree() { w.Canvas().Focus(w.panel.tree) }
