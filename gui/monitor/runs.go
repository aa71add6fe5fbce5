package monitor

import (
	"context"
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/gui/kit"
)

func sessionStatus(r shape.RunSummary) session.Status { return session.Status(r.Status) }

// runView lists the finished runs of a node: in a tab of a session's page, and
// in a dialog of its own.
type runView struct {
	content fyne.CanvasObject
	host    Host
	titled  func(runs int) // told how many runs there are
	runs    []shape.RunSummary
	list    *kit.List
	text    *widget.Label
}

func newRunView(h Host, titled func(runs int)) *runView {
	v := &runView{host: h, titled: titled}
	v.list = kit.NewList(func() int { return len(v.runs) }, newRunRow, func(id int, o fyne.CanvasObject) {
		if id < len(v.runs) {
			updateRunRow(o.(*runRow), v.runs[id], h.Now())
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

// ShowRuns opens a dialog with what the last runs of a node came to. It is there
// for nodes of which nothing runs, too.
func ShowRuns(ctx context.Context, h Host, node, name string) *kit.Dialog {
	if h.Now == nil {
		h.Now = time.Now
	}
	v := newRunView(h, func(int) {})
	d := kit.ShowDialog(h.Window, "Earlier runs of “"+name+"”", func(d *kit.Dialog) (fyne.CanvasObject, []*kit.Button, fyne.Focusable) {
		v.list.OnKey = func(k fyne.KeyName) bool {
			if k == fyne.KeyEscape {
				d.Close()
			}
			return k == fyne.KeyEscape
		}
		return v.content, []*kit.Button{kit.NewButton("Close", nil, d.Close).Primary()}, nil
	})
	d.Resize(fyne.NewSize(860, 460))
	v.load(ctx, node, name)
	return d
}

// load reads the runs of a node.
func (v *runView) load(ctx context.Context, node, name string) {
	v.set(nil, "Reading …")
	kit.Load(ctx, v.host.Tasks, func(ctx context.Context) ([]shape.RunSummary, error) {
		return v.host.Engine.Runs(ctx, node)
	}, func(runs []shape.RunSummary, err error) {
		switch {
		case err != nil:
			if v.host.Log != nil {
				v.host.Log(err)
			}
			v.set(nil, "The runs of this node cannot be read: "+err.Error()+"\nThey are kept; look again later, or start the program anew.")
		case len(runs) == 0:
			v.set(nil, "No run of "+name+" has ended yet. When one has, what it came to stands here.")
		default:
			v.set(runs, "")
			v.list.Choose(0)
		}
	}, nil)
}

func (v *runView) set(runs []shape.RunSummary, text string) {
	v.runs = runs
	v.list.Keep(-1)
	kit.SetText(v.text, text)
	v.titled(len(runs))
}

// runsTitle is the title of the tab of earlier runs.
func runsTitle(n int) string {
	if n == 0 {
		return "Earlier runs"
	}
	return fmt.Sprintf("Earlier runs (%d)", n)
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

func updateRunRow(r *runRow, run shape.RunSummary, now time.Time) {
	setIcon(r.icon, sessionStatus(run), run.Tasks["failed"])
	kit.SetText(r.head, runTitle(run, now))
	kit.SetText(r.below, runFigures(run))
}
