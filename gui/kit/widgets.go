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
	OnFocus  func() // is told that the keys are here now; may be nil
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

// FocusGained is called by Fyne.
func (b *Button) FocusGained() {
	b.Button.FocusGained()
	if b.OnFocus != nil {
		b.OnFocus()
	}
}

// TypedKey adds Enter and Escape to the button's keys.
func (b *Button) TypedKey(e *fyne.KeyEvent) {
	switch {
	case e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter || e.Name == fyne.KeySpace:
		b.press()
	case e.Name == fyne.KeyEscape && b.OnEscape != nil:
		b.OnEscape()
	default:
		b.Button.TypedKey(e)
	}
}

// press does what a tap does, but keeps the focus: Fyne's tap drops it, and
// Tab would begin anew at the first widget of the window. What the button does
// may give it to another.
func (b *Button) press() {
	if b.Disabled() {
		return
	}
	act := b.OnTapped
	b.OnTapped = func() {
		b.OnTapped = act
		if c := fyne.CurrentApp().Driver().CanvasForObject(b); c != nil {
			if c.Focus(b); c.Focused() != fyne.Focusable(b) {
				return // it is hidden or gone: the keys came here by mistake
			}
		}
		if act != nil {
			act()
		}
	}
	b.Tapped(nil)
}

// Check is a check mark that passes Escape on.
type Check struct {
	widget.Check
	OnEscape func()
}

// NewCheck makes a Check; changed may be nil.
func NewCheck(text string, changed func(bool)) *Check {
	c := &Check{}
	c.Text, c.OnChanged = text, changed
	c.ExtendBaseWidget(c)
	return c
}

// TypedKey adds Escape to the mark's keys.
func (c *Check) TypedKey(e *fyne.KeyEvent) {
	if !escaped(e, c.OnEscape) {
		c.Check.TypedKey(e)
	}
}

// Select is a choice among some that passes Escape on.
type Select struct {
	widget.Select
	OnEscape func()
	OnFocus  func() // is told that the keys are here now; may be nil
}

// NewSelect makes a Select; changed may be nil.
func NewSelect(options []string, changed func(string)) *Select {
	s := &Select{}
	s.Options, s.OnChanged = options, changed
	s.ExtendBaseWidget(s)
	return s
}

// FocusGained is called by Fyne.
func (s *Select) FocusGained() {
	s.Select.FocusGained()
	if s.OnFocus != nil {
		s.OnFocus()
	}
}

// TypedKey adds Escape to the choice's keys.
func (s *Select) TypedKey(e *fyne.KeyEvent) {
	if !escaped(e, s.OnEscape) {
		s.Select.TypedKey(e)
	}
}

// Link is a hyperlink that passes Escape on.
type Link struct {
	widget.Hyperlink
	OnEscape func()
}

// NewLink makes a Link without an address.
func NewLink() *Link {
	l := &Link{}
	l.ExtendBaseWidget(l)
	return l
}

// TypedKey adds Escape to the link's keys.
func (l *Link) TypedKey(e *fyne.KeyEvent) {
	if !escaped(e, l.OnEscape) {
		l.Hyperlink.TypedKey(e)
	}
}

// escaped passes Escape on, and reports whether it was that.
func escaped(e *fyne.KeyEvent, on func()) bool {
	if e.Name != fyne.KeyEscape || on == nil {
		return false
	}
	on()
	return true
}

// Entry is a text entry that passes Escape on.
type Entry struct {
	widget.Entry
	OnEscape func()
	// OnKey may take keys before the entry does, and says whether it did.
	OnKey func(fyne.KeyName) bool
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
	if !escaped(k, e.OnEscape) && (e.OnKey == nil || !e.OnKey(k.Name)) {
		e.Entry.TypedKey(k)
	}
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
