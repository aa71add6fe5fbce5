package gui

import (
	"context"
	"errors"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// RescueOptions are what the window before the main one is made of.
type RescueOptions struct {
	App   fyne.App
	Tasks *kit.Tasks
	Dir   string // the data directory
	Err   error  // why the engine did not open it
	// Rescue makes way for another start and names the files that it kept.
	Rescue func(context.Context, engine.Way) (kept []string, err error)
	// Open tries again. It is called off the window's goroutine.
	Open func(context.Context) error
	// Opened is called on the window's goroutine once Open has succeeded; this
	// window goes then. news, if any, is what people should know afterwards.
	Opened func(news string)
}

// Rescue is the small window that stands before the main one where the data
// directory cannot be opened. It says why, and offers the ways on.
type Rescue struct {
	fyne.Window

	opt     RescueOptions
	ctx     context.Context //nolint:containedctx // the window's life
	end     context.CancelFunc
	title   *widget.Label
	texts   *fyne.Container
	buttons *fyne.Container
}

// NewRescue makes the window. The caller shows it.
func NewRescue(opt RescueOptions) *Rescue {
	r := &Rescue{opt: opt}
	r.ctx, r.end = context.WithCancel(context.Background())
	opt.App.Settings().SetTheme(kit.NewTheme(loadSettings(opt.App.Preferences()).mode))
	r.Window = opt.App.NewWindow("Shapes Desktop")
	r.title = widget.NewLabelWithStyle("", fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	r.title.SizeName = theme.SizeNameSubHeadingText
	r.title.Wrapping = fyne.TextWrapWord
	r.texts, r.buttons = container.NewVBox(), container.NewHBox()
	sign := container.NewVBox(container.NewPadded(widget.NewIcon(theme.WarningIcon())))
	body := container.NewVScroll(container.NewVBox(r.title, r.texts))
	foot := container.NewPadded(container.NewBorder(nil, nil, nil, r.buttons))
	r.SetContent(container.NewPadded(container.NewBorder(nil, foot, sign, nil, body)))
	r.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) {
		if e.Name == fyne.KeyEscape {
			r.quit()
		}
	})
	r.SetCloseIntercept(r.quit)
	r.Resize(fyne.NewSize(640, rescueHeight(opt.Err)))
	r.CenterOnScreen()
	r.tell(opt.Err)
	return r
}

// rescueHeight is less where there is less to say.
func rescueHeight(err error) float32 {
	var u *engine.Unusable
	if errors.As(err, &u) {
		return 360
	}
	return 240
}

// tell shows what stands in the way, and the ways on.
func (r *Rescue) tell(err error) {
	p := stopped(err, r.opt.Dir)
	r.title.SetText(p.What)
	r.texts.RemoveAll()
	for _, text := range []string{p.Why, p.Kept, p.Next} {
		if text == "" {
			continue
		}
		l := widget.NewLabel(text)
		l.Wrapping = fyne.TextWrapWord
		l.Selectable = true
		r.texts.Add(l)
	}
	var u *engine.Unusable
	if errors.As(err, &u) { // for who is asked for help
		l := kit.Muted(u.Err.Error())
		l.Wrapping, l.Selectable = fyne.TextWrapWord, true
		r.texts.Add(l)
		p.Why += "\n" + u.Err.Error()
	}
	r.offer(p, r.ways(err))
}

// keptText says where the files are that gave way.
func keptText(kept []string) string {
	if len(kept) == 0 {
		return ""
	}
	return "What gave way is kept as " + strings.Join(kept, " and ")
}

// offer puts the ways on in the row of buttons; the last is the one that leads
// on best.
func (r *Rescue) offer(p kit.Problem, ways []*kit.Button) {
	r.buttons.RemoveAll()
	r.buttons.Add(kit.NewButton("Copy details", theme.ContentCopyIcon(), func() { r.opt.App.Clipboard().SetContent(p.Details()) }).Quiet())
	for _, b := range ways {
		b.OnEscape = r.quit
		r.buttons.Add(b)
	}
	last := ways[len(ways)-1].Primary()
	r.buttons.Refresh()
	r.Canvas().Focus(last)
}

// ways are the buttons for an error.
func (r *Rescue) ways(err error) []*kit.Button {
	quit := kit.NewButton("Quit", nil, r.quit)
	again := kit.NewButton("Try again", theme.ViewRefreshIcon(), func() { r.open(nil) })
	var u *engine.Unusable
	if !errors.As(err, &u) {
		return []*kit.Button{quit, again}
	}
	empty := kit.NewButton("Begin empty", nil, func() { r.rescue(engine.Empty) })
	if u.Backup.IsZero() {
		return []*kit.Button{empty, quit}
	}
	backup := kit.NewButton("Restore the backup of "+u.Backup.Local().Format("2 Jan, 15:04"), nil, func() { r.rescue(engine.FromBackup) })
	if u.Newer() {
		return []*kit.Button{backup, empty, quit} // the newer program is the better way
	}
	return []*kit.Button{quit, empty, backup}
}

// rescue takes a way, then opens.
func (r *Rescue) rescue(way engine.Way) {
	r.wait()
	kit.Load(r.ctx, r.opt.Tasks, func(ctx context.Context) ([]string, error) {
		return r.opt.Rescue(ctx, way)
	}, func(kept []string, err error) {
		if err != nil {
			r.tell(err)
			return
		}
		r.open(kept)
	}, nil)
}

// open tries to open once more; kept are the files that gave way.
func (r *Rescue) open(kept []string) {
	r.wait()
	kit.Load(r.ctx, r.opt.Tasks, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, r.opt.Open(ctx)
	}, func(_ struct{}, err error) {
		if err != nil {
			r.tell(err)
			return
		}
		r.opt.Opened(keptText(kept))
		r.end()
		r.Close()
	}, nil)
}

// wait shows that something is being done: no button may be pressed twice.
func (r *Rescue) wait() {
	for _, o := range r.buttons.Objects {
		if b, ok := o.(*kit.Button); ok {
			b.Disable()
		}
	}
}

func (r *Rescue) quit() {
	r.end()
	r.opt.App.Quit()
}

// stopped says in plain words why the data directory was not opened.
func stopped(err error, dir string) kit.Problem {
	var u *engine.Unusable
	switch {
	case errors.Is(err, engine.ErrBusy):
		return kit.Problem{
			What: "Shapes Desktop is open already",
			Why:  sentence(err.Error()) + ".",
			Next: "Go on in the window that is open, or close it and try again.",
		}
	case !errors.As(err, &u):
		return kit.Problem{
			What: "The data directory cannot be opened",
			Why:  sentence(err.Error()) + ".",
			Kept: "Nothing was changed in " + dir + ".",
			Next: "Mend what stands in the way, then try again.",
		}
	}
	p := kit.Problem{
		What: "Your shapes cannot be opened",
		Why:  "The file " + u.Path + ", which holds your tree of shapes, is damaged.",
		Kept: "Nothing was changed, and the damaged file is kept under another name whatever you choose here.",
		Next: waysOn(u),
	}
	switch {
	case u.Newer():
		p.What = "Your shapes were made by a newer version of this program"
		p.Why = "This version cannot read the file " + u.Path + ", which holds your tree of shapes."
		p.Kept = "Nothing was changed, and that file is kept under another name whatever you choose here."
	case u.Missing():
		p.Why = "The file " + u.Path + ", which held your tree of shapes, is not there any more."
		p.Kept = "Nothing was changed."
	}
	return p
}

// waysOn says what each way comes to.
func waysOn(u *engine.Unusable) string {
	var b strings.Builder
	switch {
	case u.Newer():
		b.WriteString("Best quit and start the newer version. ")
	case u.Backup.IsZero() && u.BackupErr != nil:
		b.WriteString("There is a backup, but it cannot be used: " + u.BackupErr.Error() + ". ")
	case u.Backup.IsZero():
		b.WriteString("There is no backup. ")
	}
	if !u.Backup.IsZero() {
		b.WriteString("The backup holds the tree as it was when the program was closed on " +
			u.Backup.Local().Format("2 January 2006 at 15:04") + "; what was changed since is not in it. ")
	}
	b.WriteString("Beginning empty makes a new tree beside the old files in " + filepath.Dir(u.Path) +
		"; tiles are kept there too. Quitting leaves all as it is.")
	return b.String()
}
