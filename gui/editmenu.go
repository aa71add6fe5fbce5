package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// editMenu makes the Edit menu. Its shortcuts come before any entry's own, so
// each goes on to the text that has the focus, if one has it.
func (w *Window) editMenu() *fyne.Menu {
	c := w.commands
	clipboard := w.opt.App.Clipboard()
	undo := w.textOr(undoLabel("Undo", c.undo.Undo), &fyne.ShortcutUndo{}, c.Undo)
	undo.Disabled = c.undo.Undo == ""
	redo := w.textOr(undoLabel("Redo", c.undo.Redo), &fyne.ShortcutRedo{}, c.Redo)
	redo.Disabled = c.undo.Redo == ""
	return fyne.NewMenu("Edit",
		undo, redo,
		fyne.NewMenuItemSeparator(),
		w.textOr("Cut", &fyne.ShortcutCut{Clipboard: clipboard}, c.Cut),
		w.textOr("Copy", &fyne.ShortcutCopy{Clipboard: clipboard}, c.Copy),
		w.textOr("Paste", &fyne.ShortcutPaste{Clipboard: clipboard}, c.Paste),
		item("Duplicate", fyne.KeyD, w.calm(c.Duplicate)),
		fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem("Edit shape…", c.Edit),
		fyne.NewMenuItem("Rename", w.panel.tree.Rename),
		fyne.NewMenuItem("Delete", c.Delete),
		w.textOr("Choose all", &fyne.ShortcutSelectAll{}, w.panel.tree.ChooseAll),
		fyne.NewMenuItemSeparator(),
		item("Find", fyne.KeyF, w.calm(w.find)),
	)
}

// textOr makes an item whose shortcut belongs to the text that has the focus,
// and else to the tree.
func (w *Window) textOr(label string, s fyne.Shortcut, run func()) *fyne.MenuItem {
	i := fyne.NewMenuItem(label, func() {
		if text, ok := w.Canvas().Focused().(fyne.Shortcutable); ok {
			text.TypedShortcut(s)
			return
		}
		w.calm(run)()
	})
	i.Shortcut = s
	return i
}

// calm makes a command wait for the end of a dialog: it does nothing while one
// is open, since menu shortcuts reach through it.
func (w *Window) calm(run func()) func() {
	return func() {
		if w.Canvas().Overlays().Top() == nil {
			run()
		}
	}
}

// addShortcuts adds the second shortcut of redo, which no menu item can have.
// An entry with the focus gets it first, as it should.
func (w *Window) addShortcuts() {
	again := &desktop.CustomShortcut{KeyName: fyne.KeyZ, Modifier: fyne.KeyModifierShortcutDefault | fyne.KeyModifierShift}
	w.Canvas().AddShortcut(again, func(fyne.Shortcut) { w.calm(w.commands.Redo)() })
}

// shifted makes a menu item with a Ctrl+Shift shortcut.
func shifted(label string, key fyne.KeyName, run func()) *fyne.MenuItem {
	i := fyne.NewMenuItem(label, run)
	i.Shortcut = &desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault | fyne.KeyModifierShift}
	return i
}

// find puts the cursor into the search field.
func (w *Window) find() {
	w.Canvas().Focus(w.panel.finder.Field)
	w.panel.finder.Field.TypedShortcut(&fyne.ShortcutSelectAll{})
}

// showUndo shows in menu and toolbar what undo and redo would do.
func (w *Window) showUndo() {
	w.panel.showUndo(w.commands.undo)
	w.SetMainMenu(w.menu())
}
