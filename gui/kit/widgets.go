package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Button is a button that Enter presses too, and that passes Escape on.
type Button struct {
	widget.Button
	OnEscape func()
}

// NewButton makes a Button; icon may be nil.
func NewButton(text string, icon fyne.Resource, tapped func()) *Button {
	b := &Button{}
	b.Text, b.Icon, b.OnTapped = text, icon, tapped
	b.ExtendBaseWidget(b)
	return b
}

// Primary marks the one button of a screen that leads on, and returns it.
func (b *Button) Primary() *Button {
	b.Importance = widget.HighImportance
	return b
}

// Quiet makes a button without a frame, and returns it.
func (b *Button) Quiet() *Button {
	b.Importance = widget.LowImportance
	return b
}

// TypedKey adds Enter and Escape to the button's keys.
func (b *Button) TypedKey(e *fyne.KeyEvent) {
	switch {
	case e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter:
		b.Button.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	case e.Name == fyne.KeyEscape && b.OnEscape != nil:
		b.OnEscape()
	default:
		b.Button.TypedKey(e)
	}
}

// Entry is a text entry that passes Escape on.
type Entry struct {
	widget.Entry
	OnEscape func()
}

// NewEntry makes an Entry with a text in it.
func NewEntry(text string) *Entry {
	e := &Entry{}
	e.ExtendBaseWidget(e)
	e.SetText(text)
	return e
}

// AcceptsTab leaves the Tab key to the focus, also where there are many lines:
// else there would be no way out by keys.
func (e *Entry) AcceptsTab() bool { return false }

// TypedKey adds Escape to the entry's keys.
func (e *Entry) TypedKey(k *fyne.KeyEvent) {
	if k.Name == fyne.KeyEscape && e.OnEscape != nil {
		e.OnEscape()
		return
	}
	e.Entry.TypedKey(k)
}

// Muted makes a small label for what may be overlooked.
func Muted(text string) *widget.Label {
	l := widget.NewLabel(text)
	l.SizeName = theme.SizeNameCaptionText
	l.Importance = widget.LowImportance
	return l
}

// SetText gives a label a text, unless it has it already: that would only cost
// a drawing.
func SetText(l *widget.Label, text string) {
	if l.Text != text {
		l.SetText(text)
	}
}

// SetShown shows or hides an object, and reports whether that was a change:
// then what it stands in must be laid out anew.
func SetShown(o fyne.CanvasObject, shown bool) bool {
	if o.Visible() == shown {
		return false
	}
	if shown {
		o.Show()
	} else {
		o.Hide()
	}
	return true
}

// SetEnabled lets a widget be used or not, unless it is so already.
func SetEnabled(w fyne.Disableable, on bool) {
	switch {
	case on && w.Disabled():
		w.Enable()
	case !on && !w.Disabled():
		w.Disable()
	}
}
