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
	"github.com/shapes-desktop/shapes/gui/monitor"
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
	News    string // what the status bar says first
}

// Window is the main window.
type Window struct {
	fyne.Window

	opt      Options
	settings settings
	ctx      context.Context //nolint:containedctx // the window's life
	end      context.CancelFunc

	commands *commands
	panel    *panel
	pages    *pages
	page     *nodepage.Page
	folder   *folderPage
	trash    *trashPage
	monitor  *monitor.Page // nil until it is opened first
	follower *follower

	split   *container.Split
	said    *widget.Label // status bar, left
	where   *widget.Label // status bar, right
	mapAt   string        // what it says of the map
	closed  bool
	closing bool // the question before it is open
}

// New makes the main window and begins to load the nodes. The caller shows it.
func New(opt Options) *Window {
	w := &Window{opt: opt, settings: loadSettings(opt.App.Preferences())}
	w.ctx, w.end = context.WithCancel(context.Background())
	opt.App.Settings().SetTheme(kit.NewTheme(w.settings.mode))
	w.Window = opt.App.NewWindow("Shapes Desktop")
	w.SetMaster()
	w.said, w.where = kit.Muted(""), kit.Muted("")
	w.said.Truncation = fyne.TextTruncateEllipsis
	w.where.Alignment = fyne.TextAlignTrailing

	w.makePages()
	w.split = container.NewHSplit(w.panel.content, w.pages.content)
	w.split.SetOffset(w.settings.split)
	status := container.NewVBox(widget.NewSeparator(), container.NewBorder(nil, nil, nil, w.where, w.said))
	w.SetContent(container.NewBorder(nil, status, nil, nil, w.split))
	w.SetMainMenu(w.menu())
	w.addShortcuts()
	w.Resize(fyne.NewSize(w.settings.width, w.settings.height))
	w.SetCloseIntercept(w.askToClose)
	w.Canvas().SetOnTypedKey(w.typedKey)
	opt.App.Settings().AddListener(func(fyne.Settings) { w.page.SetLook(w.look()) })
	w.say(opt.News)
	w.changed()
	w.askRecovery()
	return w
}

// makePages makes the tree with its commands, and the pages beside it.
func (w *Window) makePages() {
	w.page = nodepage.New(nodepage.Host{
		Window: w.Window, Clipboard: w.opt.App.Clipboard(), Tasks: w.opt.Tasks, Engine: w.opt.Engine, Fonts: w.opt.Fonts,
		Say:     w.say,
		Status:  w.mapMoved,
		Edit:    func() { w.commands.Edit() },
		Changed: w.changed,
		Log:     w.log,
		SeeRun:  w.seeRun,
	}, w.look())
	w.page.SetLanguage, w.page.SetMode = w.setLanguage, w.setMode
	w.page.ShowMode(w.settings.mode)

	t := treeview.New(treeview.Host{Tasks: w.opt.Tasks, Engine: w.opt.Engine})
	w.commands = &commands{
		ctx: w.ctx, window: w.Window, app: w.opt.App, tasks: w.opt.Tasks, engine: w.opt.Engine, tree: t,
		say: w.say, changed: w.changed, openForm: w.openForm, started: w.started, openRuns: w.openRuns, undoShown: w.showUndo,
	}
	w.connect(t)
	w.panel = newPanel(w, t)
	w.folder = newFolderPage(w.commands, t.Rename)
	w.trash = newTrashPage(w.commands)
	w.folder.showNothing()
	w.pages = newPages(w.page.Content, w.folder.content, w.trash.content)
	w.pages.show(w.folder.content)
	w.follower = follow(w)
}

// connect gives the tree's wishes to the commands.
func (w *Window) connect(t *treeview.Tree) {
	c := w.commands
	t.OnChosen = w.chosen
	t.OnNews = w.news
	t.OnOpen = func(engine.Node) { w.openChosen() }
	t.OnMenu = func(at fyne.Position) { widget.ShowPopUpMenuAtPosition(w.contextMenu(), w.Canvas(), at) }
	t.OnRename = c.rename
	t.OnDelete = c.Delete
	t.OnMove = c.move
	t.OnSay = w.say
	t.OnEscape = func() {
		if c.dropClip() {
			w.say("")
		}
	}
	t.OnFault = w.listFault
}

func (w *Window) say(text string) { w.said.SetText(text) }

// mapMoved shows where the map is, as long as it is in front.
func (w *Window) mapMoved(s mapview.Status) {
	w.mapAt = s.Text()
	if w.pages != nil && w.pages.front == w.page.Content {
		kit.SetText(w.where, w.mapAt)
	}
}

func (w *Window) log(err error) { w.opt.Log.Warn("window", "error", err) }

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

// typedKey gets the keys when nothing has the focus: they are the map's where
// it is shown. On other pages the first key says where the next will go.
func (w *Window) typedKey(e *fyne.KeyEvent) {
	switch {
	case w.pages.front == w.page.Content:
		w.page.Map.TypedKey(e)
	case w.monitor != nil && w.pages.front == w.monitor.Content:
		w.monitor.Focus()
	default:
		w.focusTree()
	}
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
func (w *Window) Release() {
	w.end()
	w.follower.stop()
	w.panel.tree.Close()
	w.panel.finder.Close()
	if w.monitor != nil {
		w.monitor.Close()
	}
	w.page.Close()
}
