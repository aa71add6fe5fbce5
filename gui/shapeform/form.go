package shapeform

import (
	"context"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// Form is an open form. Its methods are called on the window's goroutine.
type Form struct {
	host   Host
	model  *model
	writer *writer
	cancel context.CancelFunc
	dialog *kit.Dialog
	busy   bool // the edit is being ended
	closed bool

	nav    *navigation
	pages  map[shape.Step]*page
	body   *fyne.Container
	fields []*field
	sight  *selectionView
	status *widget.Label

	leave, back, next, finish *kit.Button
}

// page is what is shown of a step.
type page struct {
	content *fyne.Container
	head    *widget.Label // what is wrong with the step
	first   fyne.Focusable
	show    func() // brings the widgets in line with the model; may be nil
}

// Open shows the form of an edit.
func Open(h Host, e engine.Edit) *Form {
	if h.Now == nil {
		h.Now = time.Now
	}
	f := &Form{host: h, model: newModel(e), pages: map[shape.Step]*page{}}
	ctx, cancel := context.WithCancel(context.Background())
	f.cancel = cancel
	f.writer = newWriter(ctx, h.Tasks, h.Engine, func() engine.Edit { return clone(f.model.edit) }, f.wrote)
	f.status = kit.Muted("")
	f.status.Truncation = fyne.TextTruncateEllipsis
	title := "Change " + cut(e.Name)
	if e.New {
		title = "New shape"
	}
	f.dialog = kit.ShowDialog(h.Window, title, func(*kit.Dialog) (fyne.CanvasObject, []*kit.Button, fyne.Focusable) {
		return f.build(ctx), f.makeButtons(), nil
	})
	f.dialog.OnEscape = f.Leave
	f.dialog.OnClosed = f.gone
	size := h.Window.Canvas().Size()
	f.dialog.Resize(fyne.NewSize(min(1040, size.Width*0.95), min(760, size.Height*0.94)))
	f.wantWorld()
	f.showStep()
	return f
}

// build makes the pages, once; later only their values change.
func (f *Form) build(ctx context.Context) fyne.CanvasObject {
	f.nav = newNavigation(f)
	f.pages[shape.StepName] = f.namePage()
	f.pages[shape.StepSource] = f.sourcePage(ctx)
	f.pages[shape.StepLicense] = f.licensePage()
	f.pages[shape.StepProcessing] = f.processingPage()
	f.pages[shape.StepSelection] = f.selectionPage()
	f.body = container.NewStack()
	for s := range shape.Step(shape.StepCount) {
		f.body.Add(f.pages[s].content)
	}
	left := container.NewBorder(nil, nil, nil, widget.NewSeparator(), f.nav.content)
	// In this order, Tab leads from the last field to the buttons.
	return container.New(layout.NewBorderLayout(nil, f.status, left, nil), left, container.NewPadded(f.body), f.status)
}

// newPage puts a step's words above its content.
func (f *Form) newPage(s shape.Step, content fyne.CanvasObject) *page {
	title := widget.NewLabelWithStyle(stepWord(s), fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	title.SizeName = theme.SizeNameSubHeadingText
	p := &page{head: widget.NewLabel("")}
	p.head.Wrapping, p.head.Importance = fyne.TextWrapWord, widget.DangerImportance
	p.head.Hide()
	top := container.NewVBox(kit.Tight(title, kit.Muted(stepHelp(s))), p.head)
	p.content = container.NewBorder(top, nil, nil, nil, content)
	return p
}

func (f *Form) makeButtons() []*kit.Button {
	f.leave = kit.NewButton("Close", nil, f.Leave)
	f.back = kit.NewButton("Back", theme.NavigateBackIcon(), func() { f.model.move(-1); f.stepped() })
	f.next = kit.NewButton("Next", theme.NavigateNextIcon(), f.goOn)
	f.next.IconPlacement = widget.ButtonIconTrailingText
	word := "Save"
	if f.model.edit.New {
		word = "Create"
	}
	f.finish = kit.NewButton(word, theme.ConfirmIcon(), f.Finish).Primary()
	return []*kit.Button{f.leave, f.back, f.next, f.finish}
}

// goOn leads to the next step, if nothing is wrong with this one.
func (f *Form) goOn() {
	if !f.model.touchStep(f.model.step()) {
		f.show()
		f.focus()
		return
	}
	f.model.move(1)
	f.stepped()
}

// goTo shows a step that was chosen at the left.
func (f *Form) goTo(s shape.Step) {
	if f.model.open(s) {
		f.model.show(s)
		f.stepped()
	}
}

// stepped is called when another step is to be shown.
func (f *Form) stepped() {
	f.writer.changed()
	f.showStep()
}

// changed is called after each change of the model by the user.
func (f *Form) changed() {
	f.writer.changed()
	f.wantWorld()
	f.show()
}

func (f *Form) showStep() {
	f.show()
	f.focus()
}

func (f *Form) focus() {
	if first := f.pages[f.model.step()].first; first != nil && !f.closed {
		f.host.Window.Canvas().Focus(first)
		if e, ok := first.(*kit.Entry); ok && f.model.edit.New { // what it proposes is to be written over
			e.TypedShortcut(&fyne.ShortcutSelectAll{})
		}
	}
}

// show brings all widgets in line with the model.
func (f *Form) show() {
	now := f.model.step()
	for s, p := range f.pages {
		kit.SetShown(p.content, s == now)
	}
	p := f.pages[now]
	if p.show != nil {
		p.show()
	}
	changed := f.showHead(p)
	for _, field := range f.fields {
		if field.step == now {
			changed = field.showProblem(f.model.problem(field.name, now)) || changed
		}
	}
	if changed {
		p.content.Refresh()
	}
	f.nav.show()
	f.showButtons()
}

// showHead tells of what is wrong with the step and has no field to say it at.
func (f *Form) showHead(p *page) bool {
	var lines []string
	for _, wrong := range f.model.problems(f.model.step()) {
		if !slices.ContainsFunc(f.fields, func(x *field) bool { return x.name == wrong.field }) {
			lines = append(lines, wrong.text)
		}
	}
	text := strings.Join(lines, "\n")
	changed := p.head.Text != text
	kit.SetText(p.head, text)
	return kit.SetShown(p.head, text != "") || changed
}

func (f *Form) showButtons() {
	creating := f.model.edit.New
	steps := f.model.steps()
	changed := kit.SetShown(f.back, creating && f.model.step() != steps[0])
	changed = kit.SetShown(f.next, creating && !f.model.last()) || changed
	changed = kit.SetShown(f.finish, !creating || f.model.last()) || changed
	for _, b := range []*kit.Button{f.leave, f.back, f.next, f.finish} {
		kit.SetEnabled(b, !f.busy)
	}
	if changed && f.dialog != nil {
		f.dialog.Relayout()
	}
}

// wrote is called after each write of the working copy.
func (f *Form) wrote(e engine.Edit, err error) {
	if f.closed {
		return
	}
	if err != nil {
		f.log(err)
		f.status.Importance = widget.DangerImportance
		f.status.SetText("Your changes are in this form but could not be kept: " + err.Error() + ". They are tried again with the next change.")
		return
	}
	w := &f.model.edit.WorkingCopy
	w.Changes, w.Dirty, w.Updated, w.Accessed = e.Changes, e.Dirty, e.Updated, e.Accessed
	w.NodeVersion, w.ShapeVersion = e.NodeVersion, e.ShapeVersion
	f.status.Importance = widget.LowImportance
	f.status.SetText("Your changes are kept as you make them · " + f.host.Now().Format("15:04:05"))
}

// gone is called when the dialog has closed.
func (f *Form) gone() {
	f.closed = true
	f.writer.pace.Stop()
	f.cancel()
}

func (f *Form) log(err error) {
	if err != nil && f.host.Log != nil {
		f.host.Log(err)
	}
}

func (f *Form) say(text string) {
	if f.host.Say != nil {
		f.host.Say(text)
	}
}
