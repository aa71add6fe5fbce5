package gui

import (
	"context"
	"log/slog"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/publish/preview"
	"github.com/shapes-desktop/shapes/gui/kit"
	"github.com/shapes-desktop/shapes/gui/mapview"
	"github.com/shapes-desktop/shapes/gui/nodepage"
	"github.com/shapes-desktop/shapes/gui/treeview"
)

// Options are what a Window is made of.
type Options struct {
	App     fyne.App
	Engine  Engine
	Fonts   *preview.Fonts
	Tasks   *kit.Tasks
	Log     *slog.Logger
	Version string
	DataDir string
	LogFile string
	Notices string // the licences of what the program includes
}

// Window is the main window.
type Window struct {
	fyne.Window

	opt      Options
	settings settings
	tree     *treeview.Tree
	page     *nodepage.Page
	split    *container.Split
	said     *widget.Label // status bar, left
	where    *widget.Label // status bar, right
	closed   bool
}

// New makes the main window and begins to load the nodes. The caller shows it.
func New(opt Options) *Window {
	w := &Window{opt: opt, settings: loadSettings(opt.App.Preferences())}
	opt.App.Settings().SetTheme(kit.NewTheme(w.settings.mode))
	w.Window = opt.App.NewWindow("Shapes Desktop")
	w.SetMaster()
	w.said, w.where = kit.Muted(""), kit.Muted("")
	w.said.Truncation = fyne.TextTruncateEllipsis
	w.where.Alignment = fyne.TextAlignTrailing

	w.page = nodepage.New(nodepage.Host{
		Window: w.Window, Clipboard: opt.App.Clipboard(), Tasks: opt.Tasks, Engine: opt.Engine, Fonts: opt.Fonts,
		Say:     w.say,
		Status:  func(s mapview.Status) { w.where.SetText(s.Text()) },
		Changed: w.loadNodes,
		Log:     func(err error) { opt.Log.Warn("window", "error", err) },
	}, w.look())
	w.page.SetLanguage, w.page.SetMode = w.setLanguage, w.setMode
	w.page.ShowMode(w.settings.mode)
	w.tree = treeview.New()
	w.tree.OnOpen = w.page.Open

	w.split = container.NewHSplit(w.tree, w.page.Content)
	w.split.SetOffset(w.settings.split)
	status := container.NewVBox(widget.NewSeparator(), container.NewBorder(nil, nil, nil, w.where, w.said))
	w.SetContent(container.NewBorder(nil, status, nil, nil, w.split))
	w.SetMainMenu(w.menu())
	w.Resize(fyne.NewSize(w.settings.width, w.settings.height))
	w.SetCloseIntercept(w.askToClose)
	w.Canvas().SetOnTypedKey(w.typedKey)
	opt.App.Settings().AddListener(func(fyne.Settings) { w.page.SetLook(w.look()) })
	w.loadNodes()
	return w
}

func (w *Window) say(text string) { w.said.SetText(text) }

// loadNodes lists the nodes anew.
func (w *Window) loadNodes() {
	kit.Load(context.Background(), w.opt.Tasks, w.opt.Engine.Nodes, func(nodes []engine.Node, err error) {
		if err != nil {
			kit.ShowProblem(w.Window, kit.Problem{
				What: "The nodes cannot be listed",
				Why:  err.Error(),
				Kept: "Nothing was changed in " + w.opt.DataDir + ".",
				Next: "Look whether that folder can be read, then start the program again.",
			}, w.opt.App.Clipboard())
			return
		}
		w.showNodes(nodes)
	}, nil)
}

// showNodes fills the tree. A node that is chosen anew opens its page; for the
// one that was chosen before, what is known of it may have changed.
func (w *Window) showNodes(nodes []engine.Node) {
	before, _ := w.tree.Chosen()
	w.tree.SetNodes(nodes)
	if now, ok := w.tree.Chosen(); ok && now.ID == before.ID {
		w.page.Open(now)
	}
}

// look is how the map is to be drawn in the theme and language of now.
func (w *Window) look() mapview.Look {
	v := w.settings.mode.Variant(w.opt.App.Settings().ThemeVariant())
	return mapview.Look{Dark: v == theme.VariantDark, Language: w.settings.language}
}

func (w *Window) setLanguage(l preview.Language) {
	if l == w.settings.language {
		return
	}
	w.settings.language = l
	w.settings.save(w.opt.App.Preferences())
	w.page.SetLook(w.look())
}

func (w *Window) setMode(m kit.Mode) {
	if m == w.settings.mode {
		return
	}
	w.settings.mode = m
	w.settings.save(w.opt.App.Preferences())
	w.opt.App.Settings().SetTheme(kit.NewTheme(m))
	w.page.SetLook(w.look())
	w.page.ShowMode(m)
	w.SetMainMenu(w.menu())
}

// typedKey gets the keys when nothing has the focus: they are the map's.
func (w *Window) typedKey(e *fyne.KeyEvent) { w.page.Map.TypedKey(e) }

// askToClose closes the window, after a question if a build runs.
func (w *Window) askToClose() {
	if !w.page.Building() {
		w.shut()
		return
	}
	kit.Ask(w.Window, "A build is running", "Quitting stops it. The tiles stay as they were before the build.",
		"Stop and quit", "Keep building", w.shut)
}

// shut remembers the window and closes it.
func (w *Window) shut() {
	if w.closed {
		return
	}
	w.closed = true
	size := w.Canvas().Size()
	w.settings.width, w.settings.height, w.settings.split = size.Width, size.Height, w.split.Offset
	w.settings.save(w.opt.App.Preferences())
	w.Release()
	w.Close()
}

// Release tells all background work of the window to end. It may be called
// twice, and after the window has gone.
func (w *Window) Release() { w.page.Close() }
