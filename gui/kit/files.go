package kit

import (
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"
)

// ChooseFile lets a file be chosen whose name ends in one of extensions, which
// have a dot; no extensions are all files. chosen is called if one was, with
// its path, or with why the system did not give it.
func ChooseFile(w fyne.Window, extensions []string, chosen func(path string, err error)) {
	d := dialog.NewFileOpen(func(r fyne.URIReadCloser, err error) {
		if err != nil {
			chosen("", err)
			return
		}
		if r == nil {
			return
		}
		path := r.URI().Path()
		chosen(path, r.Close()) // only its name is wanted
	}, w)
	if len(extensions) > 0 {
		d.SetFilter(storage.NewExtensionFileFilter(extensions))
	}
	showFiles(w, d)
}

// ChooseFolder lets a folder be chosen, from the folder of a path on. chosen is
// called if one was.
func ChooseFolder(w fyne.Window, path string, chosen func(folder string)) {
	d := dialog.NewFolderOpen(func(u fyne.ListableURI, err error) {
		if err == nil && u != nil {
			chosen(u.Path())
		}
	}, w)
	if here, err := storage.ListerForURI(storage.NewFileURI(filepath.Dir(path))); err == nil {
		d.SetLocation(here)
	}
	showFiles(w, d)
}

// showFiles shows a file dialog that Escape closes, and nothing behind it. Fyne
// wants it shown before it is given a size.
func showFiles(w fyne.Window, d *dialog.FileDialog) {
	c := w.Canvas()
	before, focused := c.OnTypedKey(), c.Focused()
	open := true
	d.SetView(dialog.ListView)
	d.SetOnClosed(func() {
		if !open {
			return
		}
		open = false
		c.SetOnTypedKey(before)
		if focused != nil {
			c.Focus(focused)
		}
	})
	c.SetOnTypedKey(func(e *fyne.KeyEvent) {
		if e.Name == fyne.KeyEscape {
			d.Hide()
		}
	})
	d.Show()
	size := c.Size()
	d.Resize(fyne.NewSize(min(820, size.Width-60), min(600, size.Height-60)))
}
