package gui

import (
	"context"
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/dustin/go-humanize"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// trashPage lists what was deleted: restore it, or delete it for good.
type trashPage struct {
	content fyne.CanvasObject

	c       *commands
	nodes   []engine.Node
	list    *kit.List
	note    *widget.Label
	restore *kit.Button
	purge   *kit.Button
	empty   *kit.Button
}

func newTrashPage(c *commands) *trashPage {
	t := &trashPage{c: c}
	title := widget.NewLabelWithStyle("Trash", fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	title.SizeName = theme.SizeNameSubHeadingText
	t.note = kit.Muted("")
	t.restore = kit.NewButton("Restore", theme.ContentUndoIcon(), t.doRestore).Primary()
	t.purge = kit.NewButton("Delete for good…", theme.DeleteIcon(), t.askPurge)
	t.empty = kit.NewButton("Empty trash…", theme.ContentClearIcon(), t.askEmpty)
	t.list = kit.NewList(func() int { return len(t.nodes) }, newTrashRow, func(i int, o fyne.CanvasObject) {
		if i < len(t.nodes) {
			showTrashRow(o, t.nodes[i])
		}
	})
	t.list.OnChosen = func(int) { t.showButtons() }
	t.list.OnKey = t.key
	t.list.OnMenu = func(_ int, at fyne.Position) {
		widget.ShowPopUpMenuAtPosition(fyne.NewMenu("",
			fyne.NewMenuItem("Restore", t.doRestore), fyne.NewMenuItem("Delete for good…", t.askPurge)), c.window.Canvas(), at)
	}
	buttons := container.NewHBox(t.restore, t.purge, t.empty)
	head := container.NewVBox(container.NewBorder(nil, nil, title, buttons), t.note, widget.NewSeparator())
	t.content = container.NewPadded(container.NewBorder(head, nil, nil, nil, t.list))
	t.show(nil, nil)
	return t
}

func newTrashRow() fyne.CanvasObject {
	name, from := widget.NewLabel(""), kit.Muted("")
	name.Truncation, from.Truncation = fyne.TextTruncateEllipsis, fyne.TextTruncateEllipsis
	return container.NewBorder(nil, nil, widget.NewIcon(theme.FileIcon()), nil, container.NewGridWithColumns(2, name, from))
}

func showTrashRow(o fyne.CanvasObject, n engine.Node) {
	box := o.(*fyne.Container)
	cells := box.Objects[0].(*fyne.Container)
	kit.SetText(cells.Objects[0].(*widget.Label), n.Name)
	kit.SetText(cells.Objects[1].(*widget.Label), trashLine(n))
	icon := theme.FileIcon()
	switch {
	case n.Type == tree.Folder:
		icon = theme.FolderIcon()
	case n.HasTiles:
		icon = theme.GridIcon()
	}
	box.Objects[1].(*widget.Icon).SetResource(icon)
}

// trashLine says where a node was, when it was deleted and how big it is.
func trashLine(n engine.Node) string {
	from := n.From
	if from == "" {
		from = "the top"
	}
	line := "from " + from
	if !n.Deleted.IsZero() {
		line += ", deleted " + n.Deleted.Local().Format("2 Jan 2006 15:04")
	}
	if n.Type == tree.Folder && n.Children > 0 {
		line += fmt.Sprintf(", %s in it", humanize.Comma(int64(n.Children)))
	}
	if n.Bytes > 0 {
		line += ", " + kit.Bytes(n.Bytes) + " on disk"
	}
	return line
}

// load lists the trash anew.
func (t *trashPage) load() {
	kit.Load(t.c.ctx, t.c.tasks, func(ctx context.Context) ([]engine.Node, error) {
		return t.c.engine.Children(ctx, tree.Trash)
	}, t.show, nil)
}

// show takes the list; the chosen node stays chosen if it is still there.
func (t *trashPage) show(nodes []engine.Node, err error) {
	before, _ := t.chosen()
	if err != nil {
		t.note.SetText("The trash cannot be listed: " + err.Error())
		return
	}
	t.nodes = nodes
	at := -1
	for i, n := range nodes {
		if n.ID == before.ID {
			at = i
		}
	}
	t.list.Keep(at)
	if len(nodes) == 0 {
		t.note.SetText("The trash is empty. What is deleted comes here first and can be restored.")
	} else {
		t.note.SetText(fmt.Sprintf("%s here. They are kept until you delete them for good.", countNodes(len(nodes))))
	}
	t.showButtons()
}

func countNodes(n int) string {
	if n == 1 {
		return "1 node"
	}
	return humanize.Comma(int64(n)) + " nodes"
}

func (t *trashPage) showButtons() {
	_, any := t.chosen()
	enable(t.restore, any)
	enable(t.purge, any)
	enable(t.empty, len(t.nodes) > 0)
}

func (t *trashPage) chosen() (engine.Node, bool) {
	if t.list == nil {
		return engine.Node{}, false
	}
	if i := t.list.Chosen(); i >= 0 && i < len(t.nodes) {
		return t.nodes[i], true
	}
	return engine.Node{}, false
}

func (t *trashPage) key(key fyne.KeyName) bool {
	switch key {
	case fyne.KeyReturn, fyne.KeyEnter:
		t.doRestore()
	case fyne.KeyDelete:
		t.askPurge()
	case fyne.KeyEscape:
		t.c.window.Canvas().Focus(t.c.tree)
	default:
		return false
	}
	return true
}

func (t *trashPage) doRestore() {
	n, any := t.chosen()
	if !any {
		return
	}
	act(t.c, "“"+n.Name+"” was not restored", func(ctx context.Context) ([]engine.Node, error) {
		back, err := t.c.engine.Restore(ctx, []string{n.ID})
		if err != nil || len(back) == 0 {
			return nil, err
		}
		return t.c.engine.PathOf(ctx, back[0].ID)
	}, func(path []engine.Node) { t.c.say(restoredWords(n, path)) })
}

// restoredWords says where a node is again, and under which name.
func restoredWords(n engine.Node, path []engine.Node) string {
	if len(path) == 0 {
		return "Restored “" + n.Name + "”"
	}
	names := make([]string, len(path))
	for i, p := range path {
		names[i] = p.Name
	}
	last := len(names) - 1
	words := "Restored “" + names[last] + "”"
	if last > 0 {
		words += " to " + strings.Join(names[:last], " / ")
	} else {
		words += " to the top"
	}
	if names[last] != n.Name {
		words += ": its name was taken there"
	}
	return words
}

func (t *trashPage) askPurge() {
	n, any := t.chosen()
	if !any {
		return
	}
	kit.AskLoss(t.c.window, "Delete “"+n.Name+"” for good?", goesForGood([]engine.Node{n}), "Delete for good", "Keep", func() {
		t.c.do("“"+n.Name+"” was not deleted", func(ctx context.Context) error { return t.c.engine.Purge(ctx, []string{n.ID}) },
			func() { t.c.say("Deleted “" + n.Name + "” for good") })
	})
}

func (t *trashPage) askEmpty() {
	kit.Load(t.c.ctx, t.c.tasks, func(ctx context.Context) ([]engine.Node, error) {
		return t.c.engine.Children(ctx, tree.Trash)
	}, func(nodes []engine.Node, err error) {
		switch {
		case err != nil:
			t.c.refused("The trash cannot be listed", err)
		case len(nodes) == 0:
			t.c.say("The trash is empty already")
		default:
			kit.AskLoss(t.c.window, "Empty the trash?", goesForGood(nodes), "Empty trash", "Keep", t.doEmpty)
		}
	}, nil)
}

func (t *trashPage) doEmpty() {
	act(t.c, "The trash was not emptied", t.c.engine.EmptyTrash, func(n int) {
		t.c.say("Deleted " + countNodes(n) + " for good")
	})
}

// goesForGood says what deleting for good takes with it.
func goesForGood(nodes []engine.Node) string {
	const most = 5
	names, below, bytes := []string{}, 0, int64(0)
	for i, n := range nodes {
		if i < most {
			names = append(names, "“"+n.Name+"”")
		}
		below += n.Children
		bytes += n.Bytes
	}
	text := strings.Join(names, ", ")
	if more := len(nodes) - most; more > 0 {
		text += fmt.Sprintf(" and %s more", humanize.Comma(int64(more)))
	}
	if below > 0 {
		text += ", with all that is in their folders"
	}
	text += ". Settings, drafts and tiles go"
	if bytes > 0 {
		text += " (" + kit.Bytes(bytes) + " on disk)"
	}
	return text + "; files that you exported stay. This cannot be undone."
}
