package gui

import (
	"context"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// recovery is the one question at the start, when the program ended last time
// with something unfinished. Nothing is lost by closing it: drafts stay in the
// tree, sessions stay paused.
type recovery struct {
	c      *commands
	dialog *kit.Dialog
	left   int // questions without an answer
}

// askRecovery asks what is to become of what was left unfinished, if anything
// was.
func (w *Window) askRecovery() {
	kit.Load(w.ctx, w.opt.Tasks, func(ctx context.Context) (engine.Recovery, error) {
		return w.opt.Engine.Recovery(ctx), nil
	}, func(r engine.Recovery, _ error) {
		if len(r.Drafts)+len(r.Sessions)+len(r.Damaged) > 0 {
			showRecovery(w.commands, r)
		}
	}, nil)
}

// recoveryTitle is calm where nothing is damaged.
func recoveryTitle(r engine.Recovery) string {
	if len(r.Damaged) > 0 {
		return "Some data was damaged"
	}
	return "Go on where you left off?"
}

func showRecovery(c *commands, r engine.Recovery) *recovery {
	q := &recovery{c: c, left: len(r.Drafts) + len(r.Sessions)}
	box := container.NewVBox()
	for _, text := range r.Damaged {
		l := widget.NewLabel(text)
		l.Wrapping = fyne.TextWrapWord
		l.Selectable = true
		box.Add(l)
	}
	if len(r.Drafts) > 0 {
		box.Add(heading("Edits that were open. They are kept as drafts:"))
	}
	for _, n := range r.Drafts {
		box.Add(q.draft(n))
	}
	if len(r.Sessions) > 0 {
		box.Add(heading("Sessions that were interrupted. They are paused; what they have done is kept:"))
	}
	for _, s := range r.Sessions {
		box.Add(q.session(s))
	}
	q.dialog = kit.ShowDialog(c.window, recoveryTitle(r), func(d *kit.Dialog) (fyne.CanvasObject, []*kit.Button, fyne.Focusable) {
		return container.NewVScroll(box), []*kit.Button{kit.NewButton(q.closeWord(), nil, d.Close)}, nil
	})
	rows := float32(len(box.Objects))
	q.dialog.Resize(fyne.NewSize(620, min(150+42*rows, 520)))
	return q
}

func heading(text string) fyne.CanvasObject {
	l := kit.Muted(text)
	l.Wrapping = fyne.TextWrapWord
	return l
}

func (q *recovery) closeWord() string {
	if q.left == 0 {
		return "Close"
	}
	return "Later"
}

// draft is the row of a draft.
func (q *recovery) draft(n engine.Node) fyne.CanvasObject {
	return q.row(n.Name, "", []answer{
		{"Continue", "", func(told func(error)) {
			q.dialog.Close()
			q.c.edit(n.ID, n.Name)
			told(nil)
		}},
		{"Keep", "kept as a draft", func(told func(error)) {
			q.run(told, func(ctx context.Context) error { return q.c.engine.KeepDraft(ctx, n.ID) })
		}},
		{"Discard", "discarded", func(told func(error)) {
			q.run(told, func(ctx context.Context) error { return q.c.engine.Discard(ctx, n.ID) })
		}},
	})
}

// session is the row of a session.
func (q *recovery) session(s engine.Session) fyne.CanvasObject {
	return q.row(s.NodeName, percentDone(s.Progress.Overall)+" done", []answer{
		{"Resume", "goes on", func(told func(error)) {
			q.run(told, func(ctx context.Context) error { return q.c.engine.Resume(ctx, s.ID) })
		}},
		{"Discard", "discarded; the tiles there were before are kept", func(told func(error)) {
			q.run(told, func(ctx context.Context) error { return q.c.engine.Cancel(ctx, s.ID, "") })
		}},
	})
}

func percentDone(p float64) string { return fmt.Sprintf("%d %%", int(min(max(p, 0), 100))) }

// answer is a button of a row: what it says, what stands there afterwards, and
// what it does.
type answer struct {
	word, done string
	run        func(told func(error))
}

// run runs an answer in the background.
func (q *recovery) run(told func(error), f func(context.Context) error) {
	kit.Load(q.c.ctx, q.c.tasks, func(ctx context.Context) (struct{}, error) { return struct{}{}, f(ctx) },
		func(_ struct{}, err error) {
			told(err)
			q.c.changed()
		}, nil)
}

// answered counts an answer; after the last one there is nothing left to ask.
func (q *recovery) answered(name, done string) {
	if done != "" {
		q.c.say("“" + name + "”: " + done)
	}
	if q.left--; q.left == 0 {
		q.dialog.Close()
	}
}

// row makes the row of a question. Discard asks again in its place, since it
// cannot be undone.
func (q *recovery) row(name, stands string, answers []answer) fyne.CanvasObject {
	label := widget.NewLabel(name)
	if stands != "" {
		label.SetText(name + ", " + stands)
	}
	label.Truncation = fyne.TextTruncateEllipsis
	said := kit.Muted("")
	buttons := container.NewHBox()
	for _, a := range answers {
		b := kit.NewButton(a.word, nil, nil)
		sure := a.word != "Discard"
		b.OnEscape = func() { q.dialog.Close() }
		b.OnTapped = func() {
			if !sure {
				sure = true
				b.SetText("Really discard")
				return
			}
			buttons.Hide()
			a.run(func(err error) {
				if err != nil {
					buttons.Show()
					said.Hide()
					q.c.refused("“"+name+"”: "+a.word+" failed", err)
					return
				}
				said.SetText(a.done)
				said.Show()
				q.answered(name, a.done)
			})
		}
		buttons.Add(b)
	}
	said.Hide()
	return container.NewBorder(nil, nil, nil, container.NewHBox(said, buttons), label)
}
