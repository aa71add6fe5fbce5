package monitor

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// taskView is the tree of tasks and, below it, the chosen task. Only what was
// opened is read, a page at a time; what is in sight is read again as the
// session goes on.
type taskView struct {
	content fyne.CanvasObject
	detail  *detail
	outline *outline
	rows    []outlineRow
	list    *kit.List
	chosen  string // id of the chosen task
	reading bool   // pages are being read again

	about  *widget.Label
	cancel *kit.Button
	retry  *kit.Button
	copy   *kit.Button
}

func newTaskView(d *detail) *taskView {
	v := &taskView{detail: d, outline: newOutline()}
	v.list = kit.NewList(func() int { return len(v.rows) }, newTaskRow, func(id int, o fyne.CanvasObject) {
		if id < len(v.rows) {
			updateTaskRow(o, v.rows[id], v)
		}
	})
	v.list.HideSeparators = true
	v.list.OnChosen = v.chose
	v.list.OnKey = v.key
	v.list.OnMenu = func(_ int, at fyne.Position) { v.menu(at) }
	v.about = widget.NewLabel("")
	v.about.Wrapping, v.about.Selectable = fyne.TextWrapWord, true
	v.cancel = kit.NewButton("Cancel task", theme.CancelIcon(), v.cancelTask)
	v.retry = kit.NewButton("Retry task", theme.MediaReplayIcon(), v.retryTask)
	v.copy = kit.NewButton("Copy details", theme.ContentCopyIcon(), v.copyTask)
	about := container.NewVScroll(v.about) // of one height, so that the list does not jump
	about.SetMinSize(fyne.NewSize(10, 76))
	strip := container.NewBorder(widget.NewSeparator(), container.NewHBox(v.retry, v.cancel, v.copy), nil, nil, about)
	v.content = container.NewBorder(nil, strip, nil, nil, v.list)
	v.show()
	return v
}

// open begins with the tasks of another session.
func (v *taskView) open() {
	v.outline, v.chosen, v.reading = newOutline(), "", false
	v.list.ScrollToTop()
	v.load(v.outline.next(""))
}

// load reads a page that the outline asks for.
func (v *taskView) load(p page, needed bool) {
	v.show()
	if !needed {
		return
	}
	id, o := v.detail.now.ID, v.outline
	kit.Load(v.detail.ctx, v.detail.page.host.Tasks,
		func(ctx context.Context) ([]engine.Task, error) {
			return v.detail.page.host.Engine.Tasks(ctx, id, p.parent, p.after, p.limit)
		},
		func(tasks []engine.Task, err error) {
			v.detail.page.log(err)
			o.put(p, tasks, err)
			v.show()
			if p.parent == "" {
				v.detail.showPanes()
			}
			if o == v.outline && p.start == 0 {
				v.openFailed(tasks)
			}
		}, nil)
}

// openFailed opens what a run that has ended could not do, and chooses it, so
// that people read the reason without having to look for it.
func (v *taskView) openFailed(tasks []engine.Task) {
	if v.chosen != "" || !ended(v.detail.now.Status) {
		return
	}
	for _, t := range tasks {
		switch {
		case t.FailedChildren > 0:
			v.expand(t.ID, true)
			return
		case t.Status == session.Failed:
			v.chosen = t.ID
			v.show()
			return
		}
	}
}

// reread reads again what is in sight.
func (v *taskView) reread() {
	if v.reading || v.detail.ctx.Err() != nil {
		return
	}
	first, end := v.list.InSight()
	if !v.content.Visible() {
		first, end = 0, 0 // the stages only
	}
	id, o, pages := v.detail.now.ID, v.outline, v.outline.shown(v.rows, first, end)
	v.reading = true
	kit.Load(v.detail.ctx, v.detail.page.host.Tasks,
		func(ctx context.Context) (got [][]engine.Task, err error) {
			for _, p := range pages {
				tasks, err := v.detail.page.host.Engine.Tasks(ctx, id, p.parent, p.after, p.limit)
				if err != nil {
					return got, err
				}
				got = append(got, tasks)
			}
			return got, nil
		},
		func(got [][]engine.Task, err error) {
			v.reading = false
			v.detail.page.log(err)
			for i, tasks := range got {
				o.refresh(pages[i], tasks)
			}
			v.show()
			v.detail.showPanes()
		}, nil)
}

// show brings the list in line with the outline.
func (v *taskView) show() {
	v.rows = v.outline.rows()
	v.list.Keep(indexOf(v.rows, v.chosen))
	v.showChosen()
}

// expand opens or closes a task.
func (v *taskView) expand(id string, open bool) { v.load(v.outline.setOpen(id, open)) }

// choose chooses a task, if it is shown.
func (v *taskView) choose(id string) { v.list.Choose(indexOf(v.rows, id)) }

// chose is called when a row is chosen.
func (v *taskView) chose(id int) {
	r := v.rows[id]
	switch r.kind {
	case taskRow:
		v.chosen = r.task.ID
		v.showChosen()
	case moreRow, errorRow:
		v.load(v.outline.next(r.parent))
	}
}

// key adds the keys of a tree: right opens, left closes or goes up, space and
// enter turn.
func (v *taskView) key(k fyne.KeyName) bool {
	i := v.list.Chosen()
	if i < 0 || i >= len(v.rows) || v.rows[i].kind != taskRow {
		return false
	}
	r := v.rows[i]
	switch k {
	case fyne.KeyRight:
		if r.task.Children > 0 && !r.open {
			v.expand(r.task.ID, true)
		}
	case fyne.KeyLeft:
		if r.open {
			v.expand(r.task.ID, false)
		} else {
			v.choose(r.parent)
		}
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		if r.task.Children > 0 {
			v.expand(r.task.ID, !r.open)
		}
	case desktop.KeyMenu:
		v.menu(fyne.CurrentApp().Driver().AbsolutePositionForObject(v.list))
	default:
		return false
	}
	return true
}

// task returns the chosen task, if it is still shown.
func (v *taskView) task() (engine.Task, bool) {
	if i := indexOf(v.rows, v.chosen); i >= 0 {
		return v.rows[i].task, true
	}
	return engine.Task{}, false
}

// showChosen shows what the chosen task is and what can be done to it.
func (v *taskView) showChosen() {
	t, ok := v.task()
	text := "Choose a task to see more of it."
	switch {
	case ok:
		shown := t
		shown.Status = standingOf(t.Status, v.detail.now.Status)
		text = taskAbout(shown)
	case len(v.rows) == 0 && ended(v.detail.now.Status):
		text = "The run has ended, and its tasks are cleared away. What it came to stands under Earlier runs."
	case len(v.rows) == 0:
		text = "This run has no tasks yet."
	}
	kit.SetText(v.about, text)
	kit.SetEnabled(v.cancel, ok && mayCancel(v.detail.now, t))
	kit.SetEnabled(v.retry, ok && mayRetry(v.detail.now, t))
	kit.SetEnabled(v.copy, ok)
}
