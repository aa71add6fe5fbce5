package nodepage

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// lastRun is what is known of the last run of a node that has ended.
type lastRun struct {
	summary shape.RunSummary // without Session if there was none
	session engine.Session   // of it, as long as it can be tried again; else without ID
}

// readLast reads what the last run of a node came to.
func readLast(ctx context.Context, e Engine, node string) (lastRun, error) {
	var last lastRun
	runs, err := e.Runs(ctx, node)
	if err != nil || len(runs) == 0 {
		return last, err
	}
	last.summary = runs[0]
	s, err := e.Session(ctx, node)
	if err == nil && s.Node == node && s.ID == last.summary.Session {
		last.session = s
	}
	if errors.Is(err, engine.ErrNoSession) {
		err = nil // it went well and was cleared away, or is too old
	}
	return last, err
}

// lack says what the last run did not do, "" if all of it went well or it was
// cancelled, which whoever did it knows.
func lack(last lastRun, now time.Time) string {
	r := last.summary
	failed := r.Tasks["failed"]
	when := moment(r.Ended.Local(), now.Local())
	switch {
	case r.Session == "":
		return ""
	case session.Status(r.Status) == session.Failed:
		return "The last run (" + when + ") failed: " + capitalLess(r.Reason)
	case session.Status(r.Status) != session.Completed || failed == 0:
		return ""
	}
	text := "Not all that was chosen is in these tiles: " + fmt.Sprintf("%d tasks of the last run failed", failed)
	if failed == 1 {
		text = "Not all that was chosen is in these tiles: 1 task of the last run failed"
	}
	if first := notRead(r.Samples); first != "" {
		text += ", " + first
	}
	return text + "."
}

// notReadCode begins the sample of an input that could not be read.
const notReadCode = "not-read: "

// notRead names the first input that is missing, without its address.
func notRead(samples []string) string {
	for _, s := range samples {
		if s, ok := strings.CutPrefix(s, notReadCode); ok {
			name, _, _ := strings.Cut(strings.TrimPrefix(s, "Fetch "), ": ")
			return name
		}
	}
	return ""
}

// capitalLess is a sentence as it goes on after a colon, without its last mark.
func capitalLess(s string) string {
	if s == "" {
		return "why is in “See why”"
	}
	return strings.TrimRight(s, ".") + "."
}

// runNote is the line that tells of a last run that went not well, with what can
// be done.
type runNote struct {
	content fyne.CanvasObject
	text    *widget.Label
	retry   *kit.Button
}

func newRunNote(retry, why func()) *runNote {
	n := &runNote{text: widget.NewLabel(""), retry: kit.NewButton("Retry", theme.MediaReplayIcon(), retry)}
	n.text.Truncation = fyne.TextTruncateEllipsis
	icon := container.NewPadded(widget.NewIcon(theme.NewWarningThemedResource(theme.WarningIcon())))
	buttons := container.NewHBox(n.retry, kit.NewButton("See why", theme.InfoIcon(), why))
	n.content = container.NewBorder(nil, nil, icon, buttons, n.text)
	n.content.Hide()
	return n
}

// set shows a text, or nothing, and reports whether that takes another room.
func (n *runNote) set(text string, retry bool) bool {
	kit.SetText(n.text, text)
	changed := kit.SetShown(n.retry, retry)
	return kit.SetShown(n.content, text != "") || changed
}

// loadLast reads anew what the last run came to, and tells of it.
func (p *Page) loadLast() {
	id := p.node.ID
	kit.Load(context.Background(), p.host.Tasks,
		func(ctx context.Context) (lastRun, error) { return readLast(ctx, p.host.Engine, id) },
		func(last lastRun, err error) {
			if p.node.ID != id {
				return
			}
			p.log(err)
			p.showLast(last)
		}, nil)
}

func (p *Page) showLast(last lastRun) {
	p.last = last
	text := lack(last, time.Now())
	changed := p.note.set(text, last.session.CanRetry)
	if changed {
		p.Content.Refresh()
	}
}

// retryLast tries again what failed in the last run.
func (p *Page) retryLast() {
	id := p.last.session.ID
	if id == "" || p.run != nil {
		return
	}
	p.host.Say("Trying again what failed")
	kit.Load(context.Background(), p.host.Tasks,
		func(ctx context.Context) (struct{}, error) { return struct{}{}, p.host.Engine.Retry(ctx, id, "") },
		func(_ struct{}, err error) {
			if err != nil {
				p.refused("What failed cannot be tried again", err)
			}
		}, nil) // how it goes on is heard of from the session
}

// seeWhy shows the last run, or what is left of it.
func (p *Page) seeWhy() {
	if p.host.SeeRun != nil && p.node.ID != "" {
		p.host.SeeRun(p.node, p.last.session.ID)
	}
}
