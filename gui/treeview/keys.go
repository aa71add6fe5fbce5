package treeview

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// typed are the letters of a type-ahead.
type typed struct {
	text string
	when time.Time
}

// typeAhead is how long letters belong together.
const typeAhead = time.Second

// FocusGained is called by Fyne.
func (t *Tree) FocusGained() {
	t.focused = true
	if t.model.current == "" {
		t.model.keep(0, 0)
	}
	t.place()
}

// FocusLost is called by Fyne.
func (t *Tree) FocusLost() {
	t.focused, t.shift = false, false
	t.place()
}

// KeyDown notes Shift, which TypedKey does not tell.
func (t *Tree) KeyDown(e *fyne.KeyEvent) {
	if e.Name == desktop.KeyShiftLeft || e.Name == desktop.KeyShiftRight {
		t.shift = true
	}
}

// KeyUp notes that Shift was let go.
func (t *Tree) KeyUp(e *fyne.KeyEvent) {
	if e.Name == desktop.KeyShiftLeft || e.Name == desktop.KeyShiftRight {
		t.shift = false
	}
}

// TypedRune goes to the next row whose name begins with what is typed.
func (t *Tree) TypedRune(r rune) {
	now := t.host.Now()
	if now.Sub(t.typed.when) > typeAhead {
		t.typed.text = ""
	}
	t.typed.when = now
	if t.typed.text == "" && r == ' ' {
		return // Space alone is a key
	}
	t.typed.text += string(r)
	search := t.typed.text
	if same(search) {
		search = string(r)
	}
	if id := t.model.find(search, t.model.current); id != "" {
		t.Choose(id)
	}
}

// same reports whether a text is one letter again and again: that goes from
// one name that begins with it to the next.
func same(text string) bool {
	runes := []rune(text)
	for _, r := range runes {
		if r != runes[0] {
			return false
		}
	}
	return true
}

// TypedKey moves, opens, renames and deletes.
func (t *Tree) TypedKey(e *fyne.KeyEvent) {
	page := max(int(t.scroll.Size().Height/rowHeight)-1, 1)
	switch e.Name {
	case fyne.KeyUp:
		t.goTo(t.model.step(-1))
	case fyne.KeyDown:
		t.goTo(t.model.step(1))
	case fyne.KeyPageUp:
		t.goTo(t.model.step(-page))
	case fyne.KeyPageDown:
		t.goTo(t.model.step(page))
	case fyne.KeyHome:
		t.goTo(t.model.step(-len(t.model.rows)))
	case fyne.KeyEnd:
		t.goTo(t.model.step(len(t.model.rows)))
	case fyne.KeyLeft:
		t.left()
	case fyne.KeyRight:
		t.right()
	default:
		t.commandKey(e.Name)
	}
}

func (t *Tree) commandKey(key fyne.KeyName) {
	switch key {
	case fyne.KeyReturn, fyne.KeyEnter:
		t.activate(t.model.current)
	case fyne.KeySpace:
		if t.typed.text == "" && t.model.isFolder(t.model.current) {
			t.activate(t.model.current)
		}
	case fyne.KeyF2:
		t.Rename()
	case fyne.KeyDelete, fyne.KeyBackspace:
		if t.OnDelete != nil && len(t.model.chosen) > 0 {
			t.OnDelete()
		}
	case fyne.KeyEscape:
		t.escape()
	case desktop.KeyMenu:
		if i, seen := t.model.at[t.model.current]; seen && t.OnMenu != nil {
			at := fyne.CurrentApp().Driver().AbsolutePositionForObject(t)
			t.OnMenu(at.AddXY(24, float32(i+1)*rowHeight-t.scroll.Offset.Y))
		}
	}
}

// goTo moves the keys' place; with Shift held the choice grows or shrinks to
// it.
func (t *Tree) goTo(id string) {
	t.typed.text = ""
	if t.shift {
		t.model.extend(id)
	} else {
		t.model.choose(id)
	}
	t.chosenChanged(true)
}

// left closes an open folder, or goes up to the folder a node is in.
func (t *Tree) left() {
	id := t.model.current
	if t.model.isOpen(id) {
		t.setOpen(id, false)
		return
	}
	if parent := t.model.nodes[id].Parent; parent != "" {
		t.goTo(parent)
	}
}

// right opens a folder, or goes down to its first row.
func (t *Tree) right() {
	id := t.model.current
	switch {
	case !t.model.isFolder(id):
	case !t.model.isOpen(id):
		t.setOpen(id, true)
	case len(t.model.folder(id).children) > 0:
		t.goTo(t.model.folder(id).children[0])
	}
}

// escape ends the innermost thing that can be ended.
func (t *Tree) escape() {
	switch {
	case t.drag.on:
		t.drag.stop(t)
	case len(t.model.chosen) > 1:
		t.model.choose(t.model.current)
		t.chosenChanged(false)
	case t.OnEscape != nil:
		t.OnEscape()
	}
}
