package monitor

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/dustin/go-humanize"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// taskLine is a row of the tree of tasks.
type taskLine struct {
	widget.BaseWidget
	cells *taskCells
	box   *fyne.Container
	turn  *turner
	icon  *widget.Icon
	name  *widget.Label
	note  *widget.Label
	state *widget.Label
	shown fyne.CanvasObject // the bar
	bar   *widget.ProgressBar
	time  *widget.Label
}

func newTaskRow() fyne.CanvasObject {
	r := &taskLine{cells: &taskCells{}, turn: newTurner(), icon: widget.NewIcon(theme.RadioButtonIcon())}
	r.name, r.note, r.state, r.time = widget.NewLabel("task"), kit.Muted("note"), kit.Muted("state"), kit.Muted("time")
	r.name.Truncation, r.note.Truncation = fyne.TextTruncateEllipsis, fyne.TextTruncateEllipsis
	r.time.Alignment = fyne.TextAlignTrailing
	r.bar, r.shown = kit.ThinBar()
	r.box = container.New(r.cells, r.turn, r.icon, r.name, r.note, r.state, r.shown, r.time)
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer is called by Fyne.
func (r *taskLine) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.box) }

func updateTaskRow(o fyne.CanvasObject, row outlineRow, v *taskView) {
	r := o.(*taskLine)
	task := row.kind == taskRow
	kit.SetShown(r.icon, task)
	kit.SetShown(r.shown, task)
	kit.SetShown(r.turn, task && row.task.Children > 0)
	if !task {
		kit.SetText(r.name, restWord(row, v.detail.now.Status))
		for _, l := range []*widget.Label{r.note, r.state, r.time} {
			kit.SetText(l, "")
		}
		r.setDepth(row.depth, true)
		return
	}
	t := row.task
	r.turn.set(row.open, func() { v.expand(t.ID, !row.open) })
	t.Status = standingOf(t.Status, v.detail.now.Status)
	setIcon(r.icon, t.Status, t.FailedChildren)
	kit.SetText(r.name, taskName(t))
	setInk(r.note, t.Status == session.Failed)
	kit.SetText(r.note, firstLine(taskNote(t)))
	kit.SetText(r.state, statusWord(t.Status))
	kit.SetText(r.time, taskTime(t, v.detail.page.host.Now()))
	setBar(r.bar, taskShare(t))
	r.setDepth(row.depth, false)
}

// setDepth indents the row; whole gives all of it to the name.
func (r *taskLine) setDepth(depth int, whole bool) {
	if now := (taskCells{depth, whole}); *r.cells != now {
		*r.cells = now
		r.box.Refresh()
	}
}

// restWord is the text of a row that stands for tasks that are not loaded.
func restWord(row outlineRow, s session.Status) string {
	switch {
	case row.kind == errorRow && ended(s):
		return "The tasks of a run that has ended are cleared away; what it came to is under “Earlier runs”."
	case row.kind == errorRow:
		return "The tasks cannot be read; press Enter to try again: " + row.err.Error()
	case row.kind == waitingRow:
		return "Reading …"
	case row.left > 0:
		return fmt.Sprintf("Show %s more (%s are not shown)",
			humanize.Comma(int64(min(row.left, pageSize))), humanize.Comma(int64(row.left)))
	}
	return "Show more"
}

// setInk writes a label in the colour of errors or of captions.
func setInk(l *widget.Label, bad bool) {
	importance := widget.LowImportance
	if bad {
		importance = widget.DangerImportance
	}
	if l.Importance != importance {
		l.Importance = importance
		l.Refresh()
	}
}

// taskCells lays a row's cells in columns.
type taskCells struct {
	depth int
	whole bool // the row has a name only
}

// The widths of the columns; name and note share the rest.
const (
	stepWidth  = 20
	iconWidth  = 20
	stateWidth = 84
	barWidth   = 110
	timeWidth  = 92
)

// Layout is called by Fyne.
func (c *taskCells) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	x := float32(c.depth)*stepWidth + 2
	rest := max(0, size.Width-x-stepWidth-iconWidth-stateWidth-barWidth-timeWidth)
	for i, w := range []float32{stepWidth, iconWidth, rest * 0.45, rest * 0.55, stateWidth, barWidth, timeWidth} {
		o := objects[i]
		h := size.Height
		if c.whole && i == 2 {
			w = size.Width - x
		}
		o.Move(fyne.NewPos(x, 0))
		o.Resize(fyne.NewSize(w, h))
		x += w
	}
}

// MinSize is called by Fyne.
func (c *taskCells) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(stepWidth+iconWidth+stateWidth+barWidth+timeWidth+120, objects[2].MinSize().Height)
}

// turner is the sign before a task that opens it.
type turner struct {
	widget.Icon
	turn func()
}

func newTurner() *turner {
	t := &turner{}
	t.ExtendBaseWidget(t)
	t.SetResource(theme.MenuExpandIcon())
	return t
}

func (t *turner) set(open bool, turn func()) {
	t.turn = turn
	icon := theme.MenuExpandIcon()
	if open {
		icon = theme.MenuDropDownIcon()
	}
	if t.Resource.Name() != icon.Name() {
		t.SetResource(icon)
	}
}

// Tapped opens or closes the task.
func (t *turner) Tapped(*fyne.PointEvent) {
	if t.turn != nil {
		t.turn()
	}
}
