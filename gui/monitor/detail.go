package monitor

import (
	"context"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/dustin/go-humanize"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// detail shows the chosen session. Its widgets are made once and only their
// values change.
type detail struct {
	content fyne.CanvasObject
	head    *fyne.Container
	page    *Page
	now     engine.Session // as it is shown
	epoch   context.CancelFunc
	ctx     context.Context // of the session that is shown

	icon    *widget.Icon
	name    *widget.Label
	state   *widget.Label
	reason  *widget.Label
	overall *widget.ProgressBar
	figures *widget.Label
	current *widget.Label
	panes   [4]*pane
	buttons buttons
	tabs    *tabs
	tasks   *taskView
	faults  *widget.Label
	runs    *runView
}

// pane is a stage: its name, which opens its tasks, its bar and its counts.
type pane struct {
	name    *kit.Button
	percent *widget.Label
	bar     *widget.ProgressBar
	counts  *widget.Label
}

func newDetail(p *Page) *detail {
	d := &detail{page: p, ctx: p.ctx, epoch: func() {}}
	d.icon = widget.NewIcon(theme.RadioButtonIcon())
	d.name = widget.NewLabelWithStyle("", fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	d.name.SizeName = theme.SizeNameSubHeadingText
	d.name.Truncation = fyne.TextTruncateEllipsis
	d.state, d.reason = widget.NewLabel(""), widget.NewLabel("")
	d.reason.Wrapping = fyne.TextWrapWord
	d.overall = widget.NewProgressBar()
	d.figures, d.current = kit.Muted(""), kit.Muted("")
	d.figures.Truncation, d.current.Truncation = fyne.TextTruncateEllipsis, fyne.TextTruncateEllipsis
	d.buttons = newButtons(d)
	d.tasks = newTaskView(d)
	d.faults = widget.NewLabel("")
	d.faults.Wrapping, d.faults.Selectable = fyne.TextWrapWord, true
	d.runs = newRunView(p.host, func(n int) { d.tabs.setTitle(2, runsTitle(n)) })
	d.tabs = newTabs([]string{"Tasks", "Faults", "Earlier runs"},
		d.tasks.content, container.NewVScroll(d.faults), d.runs.content)
	d.head = container.NewVBox(
		container.NewBorder(nil, nil, d.icon, container.NewCenter(d.state), d.name),
		d.reason, kit.Bar(d.overall), kit.Tight(d.figures, d.current), d.buttons.row, d.newPanes(), d.tabs.row)
	d.content = container.NewPadded(container.NewBorder(d.head, nil, nil, nil, d.tabs.stack))
	return d
}

func (d *detail) newPanes() fyne.CanvasObject {
	grid := container.NewGridWithColumns(4)
	for i, s := range stages() {
		p := &pane{percent: kit.Muted(""), counts: kit.Muted("")}
		p.counts.Truncation = fyne.TextTruncateEllipsis
		p.name = kit.NewButton(fmt.Sprintf("%d  %s", i+1, stageWord(s)), nil, func() { d.openStage(s) })
		p.name.Alignment = widget.ButtonAlignLeading
		bar, shown := kit.ThinBar()
		p.bar = bar
		d.panes[i] = p
		grid.Add(container.NewVBox(p.name, container.NewPadded(shown),
			container.NewBorder(nil, nil, nil, p.percent, p.counts)))
	}
	return grid
}

// show shows a session; if it is another one, its tasks and runs are read.
func (d *detail) show(s engine.Session) {
	before := d.now
	d.now = s
	if before.ID != s.ID {
		d.epoch()
		d.ctx, d.epoch = context.WithCancel(d.page.ctx)
		d.tasks.open()
		d.runs.load(d.ctx, s.Node, s.NodeName)
	} else if ended(s.Status) && !ended(before.Status) {
		d.runs.load(d.ctx, s.Node, s.NodeName)
	}
	setIcon(d.icon, s.Status, s.Failed)
	kit.SetText(d.name, s.NodeName)
	kit.SetText(d.state, standing(s))
	changed := d.showReason(why(s))
	setBar(d.overall, sessionShare(s))
	kit.SetText(d.figures, figures(s, d.page.host.Now()))
	kit.SetText(d.current, s.Current)
	changed = kit.SetShown(d.current, s.Current != "" && s.Status == session.Running) || changed
	changed = d.buttons.show(d.page.host.Window.Canvas(), s) || changed
	if changed {
		d.content.Refresh()
	}
	d.showPanes()
	d.showFaults()
}

// showReason says why it does not go on, and reports whether that takes another
// room than before.
func (d *detail) showReason(text string) bool {
	importance := widget.MediumImportance
	switch {
	case d.now.Status == session.Failed:
		importance = widget.DangerImportance
	case d.now.Status == session.Paused && (d.now.Reason != "" || d.now.Interrupted):
		importance = widget.WarningImportance
	}
	if d.reason.Importance != importance {
		d.reason.Importance = importance
		d.reason.Refresh()
	}
	changed := d.reason.Text != text
	kit.SetText(d.reason, text)
	return kit.SetShown(d.reason, text != "") || changed
}

// showPanes brings the stages in line with the session and with the tasks at
// the top.
func (d *detail) showPanes() {
	parents := map[session.Stage]*engine.Task{}
	for i, t := range d.tasks.outline.top() {
		parents[t.Stage] = &d.tasks.outline.top()[i]
	}
	for i, s := range stages() {
		done := share(d.now.Progress, s)
		if t := parents[s]; t != nil && t.FailedChildren+t.StoppedChildren > 0 {
			done = taskShare(*t)
		}
		if parents[s] == nil && d.now.Status == session.Completed {
			done = 1 // its tasks are cleared away, and their progress with them
		}
		setBar(d.panes[i].bar, done)
		kit.SetText(d.panes[i].percent, fmt.Sprintf("%.0f %%", 100*done))
		kit.SetText(d.panes[i].counts, stageCounts(parents[s], done))
	}
}

func (d *detail) showFaults() {
	n := sum(d.now.Faults)
	text := "No faults so far: nothing in the data had to be repaired or left out."
	title := "Faults"
	if n > 0 || len(d.now.Samples) > 0 {
		title = "Faults (" + humanize.Comma(int64(n)) + ")"
		text = "What was wrong with the data, repaired or left out, and some of it with its place:\n\n" +
			lines(faultLines(d.now.Faults, d.now.Samples))
	}
	kit.SetText(d.faults, text)
	d.tabs.setTitle(1, title)
}

// openStage opens the tasks of a stage.
func (d *detail) openStage(s session.Stage) {
	d.tabs.choose(0)
	for _, t := range d.tasks.outline.top() {
		if t.Stage == s {
			d.tasks.expand(t.ID, true)
			d.tasks.choose(t.ID)
			d.page.host.Window.Canvas().Focus(d.tasks.list)
			return
		}
	}
	d.page.say("This step has no tasks yet")
}

func (d *detail) close() { d.epoch() }
