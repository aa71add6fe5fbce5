package monitor

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/gui/kit"
)

func sessionStatus(r shape.RunSummary) session.Status { return session.Status(r.Status) }

// runView lists the finished runs of the session's node.
type runView struct {
	content fyne.CanvasObject
	detail  *detail
	runs    []shape.RunSummary
	list    *kit.List
	text    *widget.Label
}

func newRunView(d *detail) *runView {
	v := &runView{detail: d}
	v.list = kit.NewList(func() int { return len(v.runs) }, newRunRow, func(id int, o fyne.CanvasObject) {
		if id < len(v.runs) {
			v.updateRow(o.(*runRow), v.runs[id])
		}
	})
	v.list.OnChosen = func(id int) { kit.SetText(v.text, runDetails(v.runs[id])) }
	v.text = widget.NewLabel("")
	v.text.Wrapping, v.text.Selectable = fyne.TextWrapWord, true
	split := container.NewHSplit(v.list, container.NewVScroll(v.text))
	split.SetOffset(0.5)
	v.content = split
	return v
}

// load reads the runs of the node that is shown.
func (v *runView) load() {
	d := v.detail
	v.set(nil, "Reading …")
	d.page.loadRuns(d.ctx, d.now.Node, func(runs []shape.RunSummary, err error) {
		switch {
		case err != nil:
			d.page.log(err)
			v.set(nil, "The runs of this node cannot be read: "+err.Error()+"\nThey are kept; choose the run at the left again to try once more.")
		case len(runs) == 0:
			v.set(nil, "No run of "+d.now.NodeName+" has ended yet. When one has, what it came to stands here.")
		default:
			v.set(runs, "Choose a run to see more of it.")
		}
	})
}

func (v *runView) set(runs []shape.RunSummary, text string) {
	v.runs = runs
	v.list.Keep(-1)
	kit.SetText(v.text, text)
	title := "Earlier runs"
	if len(runs) > 0 {
		title = fmt.Sprintf("Earlier runs (%d)", len(runs))
	}
	v.detail.tabs.setTitle(2, title)
}

// runRow is a run: its headline and what it came to.
type runRow struct {
	widget.BaseWidget
	icon        *widget.Icon
	head, below *widget.Label
}

func newRunRow() fyne.CanvasObject {
	r := &runRow{icon: widget.NewIcon(statusIcon(session.Completed)), head: widget.NewLabel("run"), below: kit.Muted("run")}
	r.head.Truncation, r.below.Truncation = fyne.TextTruncateEllipsis, fyne.TextTruncateEllipsis
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer is called by Fyne.
func (r *runRow) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(kit.Tight(container.NewBorder(nil, nil, r.icon, nil, r.head), r.below))
}

func (v *runView) updateRow(r *runRow, run shape.RunSummary) {
	setIcon(r.icon, sessionStatus(run), 0)
	kit.SetText(r.head, runTitle(run, v.detail.page.host.Now()))
	kit.SetText(r.below, runFigures(run))
}
