package gui

import (
	"context"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// askToClose closes the window, after a question if sessions run.
func (w *Window) askToClose() {
	names := w.follower.running()
	if len(names) == 0 {
		w.shut()
		return
	}
	if w.closing {
		return // it is asked already
	}
	w.closing = true
	d := kit.ShowDialog(w.Window, closeTitle(names), func(d *kit.Dialog) (fyne.CanvasObject, []*kit.Button, fyne.Focusable) {
		text := widget.NewLabel(closeText(names))
		text.Wrapping = fyne.TextWrapWord
		return text, []*kit.Button{
			kit.NewButton("Go on working", nil, d.Close),
			kit.NewButton("Cancel and quit", nil, func() { d.Close(); w.cancelAndShut() }),
			kit.NewButton("Pause and quit", nil, func() { d.Close(); w.shut() }).Primary(),
		}, nil
	})
	d.OnClosed = func() { w.closing = false }
	d.Resize(fyne.NewSize(500, 10))
}

func closeTitle(names []string) string {
	if len(names) == 1 {
		return "“" + names[0] + "” is being built"
	}
	return fmt.Sprintf("%d shapes are being built", len(names))
}

// closeText says what each way out does to the sessions that run.
func closeText(names []string) string {
	it := "it"
	if len(names) > 1 {
		it = "them"
	}
	return "Pause keeps what is done: the next start asks whether to go on with " + it + ".\n" +
		"Cancel throws away what is done so far.\n" +
		"Either way the tiles that were there before stay as they are."
}

// cancelAndShut cancels the sessions that run, then closes the window. A
// session that cannot be cancelled keeps the window open.
func (w *Window) cancelAndShut() {
	ids := w.follower.runningIDs()
	kit.Load(w.ctx, w.opt.Tasks, func(ctx context.Context) (struct{}, error) {
		for _, id := range ids {
			s, err := w.opt.Engine.Session(ctx, id)
			if err == nil && active(s.Status) {
				err = w.opt.Engine.Cancel(ctx, id, "")
			}
			if err != nil {
				return struct{}{}, err
			}
		}
		return struct{}{}, nil
	}, func(_ struct{}, err error) {
		if err != nil {
			w.commands.refused("Not all sessions were cancelled", err)
			return
		}
		w.shut()
	}, nil)
}
