package kit

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Dialog is a modal dialog that Escape closes wherever the focus is.
type Dialog struct {
	inner   dialog.Dialog
	canvas  fyne.Canvas
	row     *fyne.Container // of the buttons
	overlay fyne.CanvasObject
	before  func(*fyne.KeyEvent)
	open    bool

	// OnEscape, if set, is called by Escape instead of Close: for dialogs that
	// ask before they go.
	OnEscape func()
	// OnClosed is called once, however the dialog was closed.
	OnClosed func()
}

// ShowDialog opens a dialog. makeContent gets the dialog, so that buttons can close
// it, and returns the content, the buttons (the
// last is the primary one), and what gets the focus, which may be nil.
func ShowDialog(w fyne.Window, title string, makeContent func(*Dialog) (fyne.CanvasObject, []*Button, fyne.Focusable)) *Dialog {
	d := &Dialog{canvas: w.Canvas(), open: true}
	content, buttons, focus := makeContent(d)
	row := container.NewHBox(layout.NewSpacer())
	d.row = row
	for _, b := range buttons {
		if b.OnEscape == nil {
			b.OnEscape = d.Escape
		}
		row.Add(b)
	}
	d.inner = dialog.NewCustomWithoutButtons(title, container.NewBorder(nil, container.NewPadded(row), nil, nil, content), w)
	d.inner.SetOnClosed(d.closed)
	d.before = d.canvas.OnTypedKey()
	d.canvas.SetOnTypedKey(func(e *fyne.KeyEvent) {
		if e.Name == fyne.KeyEscape {
			d.Escape()
		}
	})
	d.inner.Show()
	d.overlay = d.canvas.Overlays().Top()
	if focus == nil && len(buttons) > 0 {
		focus = buttons[len(buttons)-1]
	}
	if focus != nil {
		d.canvas.Focus(focus)
	}
	return d
}

// Escape does what the key does.
func (d *Dialog) Escape() {
	if d.OnEscape != nil {
		d.OnEscape()
		return
	}
	d.Close()
}

// Close closes the dialog; a second call does nothing.
func (d *Dialog) Close() {
	if d.open {
		d.inner.Hide()
	}
}

// Relayout is called after buttons were shown or hidden.
func (d *Dialog) Relayout() { d.row.Refresh() }

// Resize sets the dialog's size.
func (d *Dialog) Resize(size fyne.Size) {
	d.inner.Resize(size)
	if d.overlay != nil {
		d.overlay.Refresh() // Fyne centres a dialog when it opens only
	}
}

func (d *Dialog) closed() {
	if !d.open {
		return
	}
	d.open = false
	d.canvas.SetOnTypedKey(d.before)
	if d.OnClosed != nil {
		d.OnClosed()
	}
}

// Problem is what a person is told of a failed operation. Empty lines are
// left out.
type Problem struct {
	What string // failed, as a title
	Why  string // the error, with the place
	Kept string // what is still as it was
	Next string // what to do
}

// Details is the problem as text for the clipboard.
func (p Problem) Details() string {
	var b strings.Builder
	for _, line := range []string{p.What, Sentence(p.Why), p.Kept, p.Next} {
		if line != "" {
			b.WriteString(line + "\n")
		}
	}
	return b.String()
}

// ShowProblem tells of a failed operation.
func ShowProblem(w fyne.Window, p Problem, clipboard fyne.Clipboard) *Dialog {
	d := ShowDialog(w, p.What, func(d *Dialog) (fyne.CanvasObject, []*Button, fyne.Focusable) {
		box := container.NewVBox()
		for i, text := range []string{Sentence(p.Why), p.Kept, p.Next} {
			if text == "" {
				continue
			}
			l := widget.NewLabel(text)
			l.Wrapping = fyne.TextWrapWord
			l.Selectable = i == 0
			box.Add(l)
		}
		body := container.NewBorder(nil, nil, container.NewVBox(widget.NewIcon(theme.ErrorIcon())), nil, box)
		return body, []*Button{
			NewButton("Copy details", theme.ContentCopyIcon(), func() { clipboard.SetContent(p.Details()) }),
			NewButton("Close", nil, d.Close).Primary(),
		}, nil
	})
	d.Resize(fyne.NewSize(520, 10))
	return d
}

// Ask asks a question with one way on and one way back. yes is called when the
// way on is taken, which Enter does.
func Ask(w fyne.Window, title, text, yesWord, noWord string, yes func()) *Dialog {
	return ask(w, title, text, yesWord, noWord, yes, false)
}

// AskLoss is Ask where the way on loses something for good: Enter takes the way
// back.
func AskLoss(w fyne.Window, title, text, yesWord, noWord string, yes func()) *Dialog {
	return ask(w, title, text, yesWord, noWord, yes, true)
}

func ask(w fyne.Window, title, text, yesWord, noWord string, yes func(), loss bool) *Dialog {
	d := ShowDialog(w, title, func(d *Dialog) (fyne.CanvasObject, []*Button, fyne.Focusable) {
		l := widget.NewLabel(text)
		l.Wrapping = fyne.TextWrapWord
		back, on := NewButton(noWord, nil, d.Close), NewButton(yesWord, nil, func() { d.Close(); yes() })
		if !loss {
			return l, []*Button{back, on.Primary()}, nil
		}
		on.Importance = widget.DangerImportance
		return l, []*Button{back, on}, back
	})
	d.Resize(fyne.NewSize(460, 10))
	return d
}
