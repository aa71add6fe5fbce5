package gui

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/dustin/go-humanize"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// pages is the right of the window: one of its pages is in front.
type pages struct {
	content *fyne.Container
	front   fyne.CanvasObject
}

// newPages makes pages; the first is in front.
func newPages(all ...fyne.CanvasObject) *pages {
	p := &pages{content: container.NewStack(all...)}
	p.show(all[0])
	return p
}

// add puts another page behind those there are.
func (p *pages) add(o fyne.CanvasObject) {
	o.Hide()
	p.content.Add(o)
}

// show puts a page in front.
func (p *pages) show(front fyne.CanvasObject) {
	p.front = front
	for _, o := range p.content.Objects {
		kit.SetShown(o, o == front)
	}
}

// folderPage is the page of a folder, of several nodes that are chosen
// together, and of the tree as long as it is empty.
type folderPage struct {
	content fyne.CanvasObject
	icon    *widget.Icon
	title   *widget.Label
	text    *widget.Label
	note    *widget.Label

	shape, folder, rename, delete *kit.Button
}

func newFolderPage(c *commands, rename func()) *folderPage {
	f := &folderPage{icon: widget.NewIcon(theme.FolderOpenIcon())}
	f.title = widget.NewLabelWithStyle("", fyne.TextAlignCenter, fyne.TextStyle{Bold: true})
	f.title.SizeName = theme.SizeNameSubHeadingText
	f.title.Wrapping = fyne.TextWrapWord
	f.text = widget.NewLabelWithStyle("", fyne.TextAlignCenter, fyne.TextStyle{})
	f.text.Wrapping = fyne.TextWrapWord
	f.note = kit.Muted("")
	f.note.Alignment = fyne.TextAlignCenter
	f.shape = kit.NewButton("New shape", theme.ContentAddIcon(), c.NewShape).Primary()
	f.folder = kit.NewButton("New folder", theme.FolderNewIcon(), c.NewFolder)
	f.rename = kit.NewButton("Rename", theme.DocumentCreateIcon(), rename)
	f.delete = kit.NewButton("Delete", theme.DeleteIcon(), c.Delete)
	picture := container.NewGridWrap(fyne.NewSquareSize(40), f.icon)
	buttons := container.NewCenter(container.NewHBox(f.folder, f.rename, f.delete, f.shape))
	f.content = container.NewCenter(container.New(kit.ColumnLayout(460),
		container.NewVBox(container.NewCenter(picture), f.title, f.text, f.note, buttons)))
	return f
}

// showFolder shows a folder.
func (f *folderPage) showFolder(n engine.Node) {
	f.icon.SetResource(theme.FolderOpenIcon())
	kit.SetText(f.title, n.Name)
	kit.SetText(f.text, n.Description)
	kit.SetText(f.note, holds(n.Children))
	f.buttons(true, true)
}

// holds says how many nodes a folder holds.
func holds(n int) string {
	switch n {
	case 0:
		return "Empty: new shapes and folders are made here, or drag some onto it"
	case 1:
		return "Holds 1 node"
	}
	return "Holds " + humanize.Comma(int64(n)) + " nodes"
}

// showMany shows that several nodes are chosen.
func (f *folderPage) showMany(nodes []engine.Node) {
	shapes, bytes := 0, int64(0)
	for _, n := range nodes {
		if n.Type == tree.Shape {
			shapes++
			bytes += n.Bytes
		}
	}
	f.icon.SetResource(theme.ContentCopyIcon())
	kit.SetText(f.title, fmt.Sprintf("%s nodes are chosen", humanize.Comma(int64(len(nodes)))))
	kit.SetText(f.text, "Drag them onto a folder, cut or copy them, or delete them together.")
	kit.SetText(f.note, fmt.Sprintf("%d of them shapes, %s on disk", shapes, kit.Bytes(bytes)))
	f.buttons(false, true)
}

// showNothing shows that there is nothing, or nothing chosen.
func (f *folderPage) showNothing() {
	f.icon.SetResource(theme.GridIcon())
	kit.SetText(f.title, "Nothing is chosen")
	kit.SetText(f.text, "A shape is a choice of countries and levels that becomes vector tiles, on this computer. "+
		"Choose one in the tree, or make a new one.")
	kit.SetText(f.note, "")
	f.buttons(true, false)
}

func (f *folderPage) buttons(make, node bool) {
	kit.SetShown(f.text, f.text.Text != "")
	kit.SetShown(f.note, f.note.Text != "")
	kit.SetShown(f.shape, make)
	kit.SetShown(f.folder, make)
	kit.SetShown(f.rename, node && make)
	kit.SetShown(f.delete, node)
}
