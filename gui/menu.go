package gui

import (
	"fmt"
	"net/url"
	"runtime"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/gui/kit"
	"github.com/shapes-desktop/shapes/resources/icon"
)

// homePage is where the program lives.
const homePage = "https://github.com/shapes-desktop/shapes"

// menu makes the main menu. Every global shortcut is in it: only those work
// whatever has the focus.
func (w *Window) menu() *fyne.MainMenu {
	c := w.commands
	quit := item("Quit", fyne.KeyQ, w.askToClose)
	quit.IsQuit = true
	file := fyne.NewMenu("File",
		item("New shape", fyne.KeyN, w.calm(c.NewShape)),
		shifted("New folder", fyne.KeyN, w.calm(c.NewFolder)),
		fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem("Import…", c.Import),
		fyne.NewMenuItem("Add a fetched file…", c.AddFile),
		item("Export…", fyne.KeyE, w.calm(c.Export)),
		item("Save map as PNG…", fyne.KeyS, w.calm(w.page.SavePNG)),
		fyne.NewMenuItemSeparator(),
		item("Build tiles", fyne.KeyB, w.calm(c.Run)),
		fyne.NewMenuItemSeparator(),
		quit,
	)
	themes := fyne.NewMenuItem("Theme", nil)
	themes.ChildMenu = fyne.NewMenu("Theme",
		w.modeItem("Like the desktop", kit.Auto), w.modeItem("Light", kit.Light), w.modeItem("Dark", kit.Dark))
	view := fyne.NewMenu("View",
		item("Sessions", fyne.KeyJ, w.calm(w.toggleSessions)),
		fyne.NewMenuItem("Earlier runs…", c.Runs),
		fyne.NewMenuItem("Trash", func() { w.panel.tree.Choose(tree.Trash) }),
		fyne.NewMenuItemSeparator(),
		item("Zoom in", fyne.KeyPlus, func() { w.page.Map.ZoomBy(1) }),
		item("Zoom out", fyne.KeyMinus, func() { w.page.Map.ZoomBy(-1) }),
		item("Whole map", fyne.Key0, w.page.Map.ShowAll),
		fyne.NewMenuItemSeparator(),
		themes,
	)
	help := fyne.NewMenu("Help",
		fyne.NewMenuItem("Keys and mouse", w.showKeys),
		fyne.NewMenuItem("Licences", w.showLicences),
		fyne.NewMenuItem("About Shapes Desktop", w.showAbout),
	)
	return fyne.NewMainMenu(file, w.editMenu(), view, help)
}

// item makes a menu item with a Ctrl (on macOS: Command) shortcut.
func item(label string, key fyne.KeyName, run func()) *fyne.MenuItem {
	i := fyne.NewMenuItem(label, run)
	i.Shortcut = &desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault}
	return i
}

func (w *Window) modeItem(label string, m kit.Mode) *fyne.MenuItem {
	i := fyne.NewMenuItem(label, func() { w.setMode(m) })
	i.Checked = w.settings.mode == m
	return i
}

// keyHelp is the help on keys and mouse, in rows of two.
func keyHelp() [][2]string {
	return [][2]string{
		{"In the tree", ""},
		{"Arrows, Home, End, Page Up, Page Down", "move; left and right close and open folders"},
		{"Letters", "go to the next name that begins with them"},
		{"Shift + arrows, Ctrl or Shift + click", "choose several"},
		{"Enter, double click", "open"},
		{"F2, Delete", "rename, delete (to the trash)"},
		{"Ctrl+X  C  V  D", "cut, copy, paste, duplicate"},
		{"Ctrl+Z, Ctrl+Y or Ctrl+Shift+Z", "undo, redo"},
		{"Drag onto a folder", "move it there; Escape lets go"},
		{"Ctrl+N, Ctrl+Shift+N", "new shape, new folder"},
		{"Ctrl+F", "search; Enter goes there, Escape leaves"},
		{"Ctrl+J", "sessions"},
		{"On the map", ""},
		{"Drag", "move the map"},
		{"Wheel", "zoom about the pointer"},
		{"Double click", "zoom in (right button: out)"},
		{"Shift + drag", "zoom to a box"},
		{"Click", "attributes of the unit; Escape lets go"},
		{"Arrows", "move the map"},
		{"+  −  0", "zoom in, out, whole map"},
		{"Tab", "to the next of tree, buttons and map"},
		{"Ctrl+S", "save the map as PNG"},
		{"Ctrl+B", "build the tiles"},
		{"Ctrl+Q", "quit"},
	}
}

func (w *Window) showKeys() {
	kit.ShowDialog(w.Window, "Keys and mouse", func(d *kit.Dialog) (fyne.CanvasObject, []*kit.Button, fyne.Focusable) {
		grid := container.New(&pairLayout{})
		for _, row := range keyHelp() {
			grid.Add(widget.NewLabelWithStyle(row[0], fyne.TextAlignTrailing, fyne.TextStyle{Bold: true}))
			grid.Add(widget.NewLabel(row[1]))
		}
		return grid, []*kit.Button{kit.NewButton("Close", nil, d.Close).Primary()}, nil
	})
}

// pairLayout puts objects in two columns, as wide as they need.
type pairLayout struct{}

func (pairLayout) columns(objects []fyne.CanvasObject) (left, right, row float32) {
	for i, o := range objects {
		m := o.MinSize()
		row = max(row, m.Height-6)
		if i%2 == 0 {
			left = max(left, m.Width)
		} else {
			right = max(right, m.Width)
		}
	}
	return left, right, row
}

// Layout is called by Fyne.
func (p *pairLayout) Layout(objects []fyne.CanvasObject, _ fyne.Size) {
	left, right, row := p.columns(objects)
	for i, o := range objects {
		y := float32(i/2) * row
		if i%2 == 0 {
			o.Move(fyne.NewPos(0, y))
			o.Resize(fyne.NewSize(left, row))
		} else {
			o.Move(fyne.NewPos(left, y))
			o.Resize(fyne.NewSize(right, row))
		}
	}
}

// MinSize is called by Fyne.
func (p *pairLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	left, right, row := p.columns(objects)
	return fyne.NewSize(left+right, row*float32((len(objects)+1)/2)+8)
}

func (w *Window) showLicences() {
	d := kit.ShowDialog(w.Window, "Licences", func(d *kit.Dialog) (fyne.CanvasObject, []*kit.Button, fyne.Focusable) {
		text := widget.NewLabel(w.opt.Notices)
		text.Wrapping = fyne.TextWrapWord
		text.SizeName = theme.SizeNameCaptionText
		return container.NewVScroll(text), []*kit.Button{
			kit.NewButton("Copy", theme.ContentCopyIcon(), func() { w.opt.App.Clipboard().SetContent(w.opt.Notices) }),
			kit.NewButton("Close", nil, d.Close).Primary(),
		}, nil
	})
	d.Resize(fyne.NewSize(700, 520))
}

func (w *Window) showAbout() {
	kit.ShowDialog(w.Window, "About", func(d *kit.Dialog) (fyne.CanvasObject, []*kit.Button, fyne.Focusable) {
		logo := canvas.NewImageFromResource(fyne.NewStaticResource("icon.png", icon.PNG()))
		logo.SetMinSize(fyne.NewSquareSize(72))
		logo.FillMode = canvas.ImageFillContain
		title := widget.NewLabelWithStyle("Shapes Desktop "+w.opt.Version, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
		text := widget.NewLabel(aboutText(w.opt))
		text.Selectable = true
		box := container.NewVBox(title, text)
		if u, err := url.Parse(homePage); err == nil {
			box.Add(widget.NewHyperlink(homePage, u))
		}
		return container.NewBorder(nil, nil, container.NewVBox(logo), nil, box), []*kit.Button{
			kit.NewButton("Licences…", nil, func() { d.Close(); w.showLicences() }),
			kit.NewButton("Close", nil, d.Close).Primary(),
		}, nil
	})
}

// aboutText is what the About dialog tells.
func aboutText(o Options) string {
	return fmt.Sprintf("Administrative boundaries into vector tiles, on your own machine.\n"+
		"MIT licence. Map data: Natural Earth, public domain.\n"+
		"%s, %s/%s\n\nData: %s\nLog: %s", runtime.Version(), runtime.GOOS, runtime.GOARCH, o.DataDir, o.LogFile)
}
