package kit

import (
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

// tapWord presses the button of that word in the overlay in front.
func tapWord(t *testing.T, w fyne.Window, word string) {
	t.Helper()
	for _, o := range test.LaidOutObjects(w.Canvas().Overlays().Top()) {
		if b, ok := o.(*widget.Button); ok && b.Text == word {
			test.Tap(b)
			return
		}
	}
	t.Fatalf("no button %q", word)
}

func TestFilesAreChosenInAWindowOfAnySize(t *testing.T) {
	test.NewTempApp(t)
	for _, size := range []fyne.Size{fyne.NewSize(300, 200), fyne.NewSize(1280, 800)} {
		w := test.NewTempWindow(t, widget.NewLabel("behind"))
		w.Resize(size)
		ChooseFile(w, []string{".geojson"}, func(path string, err error) { t.Errorf("chosen %q, %v", path, err) })
		tapWord(t, w, "Cancel")
		ChooseFolder(w, filepath.Join(t.TempDir(), "a.zip"), func(folder string) { t.Errorf("chosen %q", folder) })
		tapWord(t, w, "Cancel")
		if w.Canvas().Overlays().Top() != nil {
			t.Error("a dialog stays")
		}
	}
}

// Escape closes the file dialog and leaves the one behind it open.
func TestEscapeClosesOnlyTheFileDialog(t *testing.T) {
	test.NewTempApp(t)
	w := test.NewTempWindow(t, widget.NewLabel("behind"))
	w.Resize(fyne.NewSize(900, 700))
	behind := Ask(w, "Title", "Text", "Yes", "No", func() {})
	ChooseFile(w, nil, func(string, error) { t.Error("chosen") })
	w.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if w.Canvas().Overlays().Top() != behind.overlay || !behind.open {
		t.Error("the dialog behind is not in front again")
	}
	if b, ok := w.Canvas().Focused().(*Button); !ok || b.Text != "Yes" {
		t.Errorf("the focus is not back but on %T", w.Canvas().Focused())
	}
	w.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if behind.open {
		t.Error("Escape does not close the dialog behind afterwards")
	}
}

func TestChosenFolderIsTold(t *testing.T) {
	test.NewTempApp(t)
	w := test.NewTempWindow(t, widget.NewLabel("behind"))
	w.Resize(fyne.NewSize(900, 700))
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "x"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	got := ""
	ChooseFolder(w, filepath.Join(dir, "a.zip"), func(folder string) { got = folder })
	tapWord(t, w, "Open")
	if got != dir {
		t.Errorf("chosen %q, want %q", got, dir)
	}
}
