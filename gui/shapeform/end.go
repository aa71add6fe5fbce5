package shapeform

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// Finish validates all steps and shows what is wrong; else it commits, after
// showing what changed if the shape is in the tree already.
func (f *Form) Finish() {
	if f.busy {
		return
	}
	ok := true
	for _, s := range f.model.steps() {
		ok = f.model.touchStep(s) && ok
	}
	changes := f.model.changes()
	switch {
	case !ok:
		f.showFirstBad()
	case f.model.edit.New:
		f.commit()
	case len(changes) == 0 && len(f.model.before()) == 0:
		f.say("Nothing was changed")
		f.discard()
	default:
		f.askToSave(changes)
	}
}

// askToSave shows what changed before it is committed.
func (f *Form) askToSave(changes []string) {
	text := strings.Join(changes, "\n")
	if before := f.model.before(); len(before) > 0 {
		text += "\nChanged in the draft before: " + strings.Join(before, ", ")
	}
	list := widget.NewLabel(strings.TrimSpace(text))
	list.Wrapping = fyne.TextWrapWord
	d := kit.ShowDialog(f.host.Window, "Save these changes?", func(d *kit.Dialog) (fyne.CanvasObject, []*kit.Button, fyne.Focusable) {
		return container.NewVScroll(list), []*kit.Button{
			kit.NewButton("Go on editing", nil, d.Close),
			kit.NewButton("Save", nil, func() { d.Close(); f.commit() }).Primary(),
		}, nil
	})
	d.Resize(fyne.NewSize(560, 320))
}

// commit ends the edit by committing it.
func (f *Form) commit() {
	node := engine.Node{}
	f.end(true, func(ctx context.Context) (err error) {
		node, err = f.host.Engine.Finish(ctx, f.model.edit.Node)
		return err
	}, func(err error) {
		if err == nil {
			f.close(Finished, node, "Saved "+node.Name)
			return
		}
		if f.model.refuse(err) {
			f.showFirstBad()
			return
		}
		f.problem("The shape could not be saved", err)
	})
}

// Leave closes the form; if something was changed it asks what becomes of it.
func (f *Form) Leave() {
	switch {
	case f.busy:
	case f.model.changed():
		f.askToLeave()
	case len(f.model.start.Changes) > 0 || f.model.start.Draft:
		f.keep() // a draft that was only looked at stays one
	default:
		f.discard()
	}
}

// askToLeave asks what becomes of the changes.
func (f *Form) askToLeave() {
	text := "The changes since you opened it have not been saved. As a draft they wait in the tree, " +
		"and you can go on another time; the shape itself stays as it is until then."
	lost := "Discard the changes"
	if f.model.edit.New {
		text = "The shape is not finished. As a draft it waits in the tree, and you can go on another time."
		lost = "Discard the shape"
	}
	label := widget.NewLabel(text)
	label.Wrapping = fyne.TextWrapWord
	d := kit.ShowDialog(f.host.Window, "What becomes of your changes?", func(d *kit.Dialog) (fyne.CanvasObject, []*kit.Button, fyne.Focusable) {
		return label, []*kit.Button{
			kit.NewButton(lost, nil, func() { d.Close(); f.discard() }),
			kit.NewButton("Go on editing", nil, d.Close),
			kit.NewButton("Keep as draft", nil, func() { d.Close(); f.keep() }).Primary(),
		}, nil
	})
	d.Resize(fyne.NewSize(560, 10))
}

// keep ends the edit as a draft.
func (f *Form) keep() {
	f.end(true, func(ctx context.Context) error { return f.host.Engine.KeepDraft(ctx, f.model.edit.Node) }, func(err error) {
		if err != nil {
			f.problem("The draft could not be kept", err)
			return
		}
		f.close(Kept, engine.Node{ID: f.model.edit.Node, Name: f.model.edit.Name}, "Kept as a draft")
	})
}

// discard throws the edit away.
func (f *Form) discard() {
	f.end(false, func(ctx context.Context) error { return f.host.Engine.Discard(ctx, f.model.edit.Node) }, func(err error) {
		if err != nil {
			f.problem("The changes could not be discarded", err)
			return
		}
		f.close(Discarded, engine.Node{}, "")
	})
}

// end has the writer end the edit; until it has, nothing else may.
func (f *Form) end(save bool, finish func(context.Context) error, after func(error)) {
	f.busy = true
	f.showButtons()
	f.writer.end(save, finish, func(err error) {
		f.busy = false
		f.showButtons()
		after(err)
	})
}

func (f *Form) close(how End, node engine.Node, said string) {
	f.dialog.Close()
	if said != "" {
		f.say(said)
	}
	if f.host.Done != nil {
		f.host.Done(how, node)
	}
}

// showFirstBad leads to the first step with something wrong.
func (f *Form) showFirstBad() {
	if s, ok := f.model.firstBad(); ok {
		f.model.show(s)
	}
	f.showStep()
}

func (f *Form) problem(what string, err error) {
	f.log(err)
	kit.ShowProblem(f.host.Window, kit.Problem{
		What: what, Why: err.Error(),
		Kept: "The form is still open, with all you have entered.",
		Next: "If it says what to mend, mend that first; then try again.",
	}, f.host.Clipboard)
}
