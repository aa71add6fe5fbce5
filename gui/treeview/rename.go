package treeview

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// renaming is a rename in place. There is one entry; it lies above its row and
// scrolls with it.
type renaming struct {
	id    string // "" if none is under way
	busy  bool   // the engine is asked
	entry *nameEntry
	fault *fyne.Container // why the name cannot be, below the entry
	text  *widget.Label
}

// nameEntry is an entry that tells when it loses the focus.
type nameEntry struct {
	kit.Entry
	lost func()
}

// FocusLost is called by Fyne.
func (e *nameEntry) FocusLost() {
	e.Entry.FocusLost()
	e.lost()
}

func (r *renaming) make(t *Tree) {
	r.entry = &nameEntry{}
	r.entry.ExtendBaseWidget(r.entry)
	r.entry.OnEscape = func() { t.endRename(true) }
	r.entry.OnSubmitted = func(string) { t.submitRename(true) }
	r.entry.OnChanged = func(string) { r.fault.Hide() }
	r.entry.lost = func() { t.leaveRename() }
	r.text = widget.NewLabel("")
	r.text.Wrapping = fyne.TextWrapWord
	r.text.Importance = widget.DangerImportance
	ground := canvas.NewRectangle(theme.Color(theme.ColorNameOverlayBackground))
	ground.CornerRadius, ground.StrokeWidth = 4, 1
	ground.StrokeColor = theme.Color(theme.ColorNameError)
	r.fault = container.NewStack(ground, r.text)
	r.entry.Hide()
	r.fault.Hide()
	t.area.Add(r.entry)
	t.area.Add(r.fault)
}

// place puts the entry on its row, and the fault below it, or above where
// there is no room below.
func (r *renaming) place(t *Tree, width float32) {
	i, seen := t.model.at[r.id]
	if r.id == "" || !seen {
		return
	}
	x := float32(t.model.rows[i].depth)*indent + 4 + arrowSide + iconSide
	y := float32(i) * rowHeight
	h := r.entry.MinSize().Height
	r.entry.Move(fyne.NewPos(x, y+(rowHeight-h)/2))
	r.entry.Resize(fyne.NewSize(max(width-x-4, 80), h))
	wide := max(width-16, 100)
	r.fault.Resize(fyne.NewSize(wide, r.fault.Size().Height))
	high := r.text.MinSize().Height
	below := y + rowHeight + 4
	if below+high > t.scroll.Offset.Y+t.scroll.Size().Height && y-high-4 >= 0 {
		below = y - high - 4
	}
	r.fault.Move(fyne.NewPos(8, below))
	r.fault.Resize(fyne.NewSize(wide, high))
}

// Rename lets the name of the current node be edited in its row.
func (t *Tree) Rename() {
	n, known := t.Current()
	if !known || t.OnRename == nil {
		return
	}
	t.model.choose(n.ID)
	t.showRow(n.ID)
	t.rename.id, t.rename.busy = n.ID, false
	t.rename.entry.SetText(n.Name)
	t.rename.fault.Hide()
	t.rename.entry.Enable()
	t.rename.entry.Show()
	t.place()
	if c := fyne.CurrentApp().Driver().CanvasForObject(t); c != nil {
		c.Focus(t.rename.entry)
		t.rename.entry.TypedShortcut(&fyne.ShortcutSelectAll{})
	}
}

// submitRename asks for the new name; focus says whether the tree gets the
// focus afterwards.
func (t *Tree) submitRename(focus bool) {
	r := &t.rename
	n, known := t.model.nodes[r.id]
	switch {
	case r.id == "" || r.busy:
		return
	case !known || r.entry.Text == n.Name:
		t.endRename(focus)
		return
	}
	r.busy = true
	id := r.id
	t.OnRename(n, r.entry.Text, func(err error) {
		if r.id != id {
			return // another rename has begun since
		}
		r.busy = false
		if err == nil {
			t.endRename(focus)
			return
		}
		t.showRenameFault(err)
	})
}

// showRenameFault says at the row why a name cannot be. The entry keeps what
// was typed, and the focus.
func (t *Tree) showRenameFault(err error) {
	t.rename.text.SetText(err.Error())
	t.rename.fault.Show()
	t.place()
	if c := fyne.CurrentApp().Driver().CanvasForObject(t); c != nil {
		c.Focus(t.rename.entry)
	}
}

// leaveRename is a click elsewhere: what was typed counts, unless it has been
// refused already.
func (t *Tree) leaveRename() {
	switch {
	case t.rename.id == "" || t.rename.busy:
	case t.rename.fault.Visible():
		t.endRename(false)
	default:
		t.submitRename(false)
	}
}

// endRename takes the entry away.
func (t *Tree) endRename(focus bool) {
	t.rename.id, t.rename.busy = "", false
	t.rename.entry.Hide()
	t.rename.fault.Hide()
	t.place()
	if focus {
		t.focus()
	}
}
