package monitor

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// buttons are what the chosen session may be told.
type buttons struct {
	row     fyne.CanvasObject
	pause   *kit.Button
	resume  *kit.Button
	retry   *kit.Button
	cancel  *kit.Button
	discard *kit.Button
	copy    *kit.Button
	open    *kit.Button
}

func newButtons(d *detail) buttons {
	b := buttons{
		pause:   kit.NewButton("Pause", theme.MediaPauseIcon(), d.pause),
		resume:  kit.NewButton("Resume", theme.MediaPlayIcon(), d.resume).Primary(),
		retry:   kit.NewButton("Retry failed", theme.MediaReplayIcon(), d.retryFailed),
		cancel:  kit.NewButton("Cancel", theme.CancelIcon(), d.askToCancel),
		discard: kit.NewButton("Discard", theme.DeleteIcon(), d.askToDiscard),
		copy:    kit.NewButton("Copy details", theme.ContentCopyIcon(), d.copyDetails),
		open:    kit.NewButton("Show its page", theme.GridIcon(), d.openNode),
	}
	b.row = container.NewHBox(b.pause, b.resume, b.retry, b.cancel, b.discard, b.copy, b.open)
	return b
}

// show shows what can be done now, and reports whether that was a change.
func (b buttons) show(c fyne.Canvas, s engine.Session) bool {
	changed := false
	had := c.Focused() == fyne.Focusable(b.pause) || c.Focused() == fyne.Focusable(b.resume)
	changed = kit.SetShown(b.pause, s.CanPause) || changed
	changed = kit.SetShown(b.resume, s.CanResume) || changed
	changed = kit.SetShown(b.retry, s.CanRetry && s.Failed > 0) || changed
	changed = kit.SetShown(b.cancel, s.CanCancel && s.Status != session.Paused) || changed
	changed = kit.SetShown(b.discard, s.CanCancel && s.Status == session.Paused) || changed
	if changed && had { // one stands where the other was
		c.Focus(b.pause)
		c.Focus(b.resume)
	}
	return changed
}

// mayCancel reports whether a task and what is below it can be cancelled.
func mayCancel(s engine.Session, t engine.Task) bool { return s.CanCancel && !ended(t.Status) }

// mayRetry reports whether a task or some below it can be tried again.
func mayRetry(s engine.Session, t engine.Task) bool {
	return s.CanRetry && (t.Status == session.Failed || t.Status == session.Cancelled ||
		t.Status == session.Skipped || t.FailedChildren > 0 || t.StoppedChildren > 0)
}

func (d *detail) pause() {
	id := d.now.ID
	d.do("The run of "+d.now.NodeName+" could not be paused", "It is pausing: what is finished is kept",
		func(ctx context.Context) error { return d.page.host.Engine.Pause(ctx, id) })
}

func (d *detail) resume() {
	id := d.now.ID
	d.do("The run of "+d.now.NodeName+" could not go on", "It goes on where it was",
		func(ctx context.Context) error { return d.page.host.Engine.Resume(ctx, id) })
}

func (d *detail) retryFailed() {
	id := d.now.ID
	d.do("The failed tasks could not be tried again", "The failed tasks are tried again",
		func(ctx context.Context) error { return d.page.host.Engine.Retry(ctx, id, "") })
}

func (d *detail) askToCancel() {
	s := d.now
	kit.Ask(d.page.host.Window, "Cancel the run?",
		"What it has done so far is given up. The tiles that "+s.NodeName+" had before are kept as they are.",
		"Cancel the run", "Let it run", func() { d.cancelSession(s.ID, "The run was cancelled") })
}

func (d *detail) askToDiscard() {
	s := d.now
	kit.AskLoss(d.page.host.Window, "Discard the unfinished run?",
		"What it has done so far is given up, and cannot be resumed. The tiles that "+s.NodeName+
			" had before are kept as they are.",
		"Discard", "Keep it", func() { d.cancelSession(s.ID, "The unfinished run was discarded") })
}

func (d *detail) cancelSession(id, done string) {
	d.do("The run could not be cancelled", done,
		func(ctx context.Context) error { return d.page.host.Engine.Cancel(ctx, id, "") })
}

func (d *detail) openNode() {
	if d.page.host.OpenNode != nil {
		d.page.host.OpenNode(d.now.Node)
	}
}

func (d *detail) copyDetails() {
	d.page.host.Clipboard.SetContent(sessionDetails(d.now))
	d.page.say("The details are on the clipboard")
}

// menu opens the menu of the chosen session.
func (d *detail) menu(at fyne.Position) {
	var items []*fyne.MenuItem
	for _, b := range []*kit.Button{
		d.buttons.pause, d.buttons.resume, d.buttons.retry, d.buttons.cancel,
		d.buttons.discard, d.buttons.copy, d.buttons.open,
	} {
		if b.Visible() {
			items = append(items, item(b))
		}
	}
	widget.ShowPopUpMenuAtPosition(fyne.NewMenu("", items...), d.page.host.Window.Canvas(), at)
}

// item is a button as an entry of a menu.
func item(b *kit.Button) *fyne.MenuItem {
	i := fyne.NewMenuItem(b.Text, b.OnTapped)
	i.Icon, i.Disabled = b.Icon, b.Disabled()
	return i
}

// do has the engine do something in the background and tells how it went.
func (d *detail) do(failed, done string, act func(context.Context) error) {
	p := d.page
	kit.Load(p.ctx, p.host.Tasks, func(ctx context.Context) (struct{}, error) { return struct{}{}, act(ctx) },
		func(_ struct{}, err error) {
			if err != nil {
				p.log(err)
				kit.ShowProblem(p.host.Window, kit.Problem{
					What: failed, Why: err.Error(),
					Kept: "The run is as it was before; nothing was lost.",
					Next: "Look at how the run stands now and try again.",
				}, p.host.Clipboard)
			} else {
				p.say(done)
			}
			p.Refresh()
			p.reread.Call()
		}, nil)
}

func (v *taskView) cancelTask() {
	if t, ok := v.task(); ok && mayCancel(v.detail.now, t) {
		id := v.detail.now.ID
		v.detail.do("The task could not be cancelled", taskName(t)+" was cancelled; what needs it is left out",
			func(ctx context.Context) error { return v.detail.page.host.Engine.Cancel(ctx, id, t.ID) })
	}
}

func (v *taskView) retryTask() {
	if t, ok := v.task(); ok && mayRetry(v.detail.now, t) {
		id := v.detail.now.ID
		v.detail.do("The task could not be tried again", taskName(t)+" is tried again",
			func(ctx context.Context) error { return v.detail.page.host.Engine.Retry(ctx, id, t.ID) })
	}
}

func (v *taskView) copyTask() {
	if t, ok := v.task(); ok {
		v.detail.page.host.Clipboard.SetContent(taskDetails(t))
		v.detail.page.say("The details are on the clipboard")
	}
}

// menu opens the menu of the chosen task.
func (v *taskView) menu(at fyne.Position) {
	if _, ok := v.task(); !ok {
		return
	}
	widget.ShowPopUpMenuAtPosition(fyne.NewMenu("", item(v.retry), item(v.cancel), item(v.copy)),
		v.detail.page.host.Window.Canvas(), at)
}
