package shapeform

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// fileList is the files of one's own, each with the name of its layer.
type fileList struct {
	content *fyne.Container
	form    *Form
	rows    *fyne.Container
	shown   []shape.File // what rows was made of, without layers
	path    *kit.Entry
	bad     map[string]string // why a path cannot be read
}

func newFileList(f *Form) *fileList {
	l := &fileList{form: f, rows: container.NewVBox(), bad: map[string]string{}}
	l.path = f.newEntry("", nil)
	l.path.SetPlaceHolder("Path of a file")
	l.path.OnSubmitted = func(text string) { l.add(text) }
	add := kit.NewButton("Add", theme.ContentAddIcon(), func() { l.add(l.path.Text) })
	browse := kit.NewButton("Browse…", theme.FolderOpenIcon(), l.browse)
	add.OnEscape, browse.OnEscape = f.Leave, f.Leave
	l.content = container.NewVBox(l.rows, container.NewBorder(nil, nil, nil, container.NewHBox(add, browse), l.path))
	return l
}

// browse lets a file be chosen.
func (l *fileList) browse() {
	kinds := []string{".geojson", ".json", ".topojson", ".shp", ".zip", ".gpkg", ".gz"}
	kit.ChooseFile(l.form.host.Window, kinds, func(path string, err error) {
		if err != nil {
			l.form.problem("The file could not be opened", err)
			return
		}
		l.add(path)
	})
}

// add puts a file at the end, and looks in the background whether it is there.
func (l *fileList) add(path string) {
	if path == "" {
		return
	}
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	s := l.form.model.edit.Shape
	s.Files = append(s.Files, shape.File{Path: path})
	l.path.SetText("")
	l.form.model.touch("files")
	l.form.model.touch(fmt.Sprintf("files[%d]", len(s.Files)-1))
	l.form.changed()
	kit.Load(l.form.writer.ctx, l.form.host.Tasks,
		func(context.Context) (struct{}, error) { return struct{}{}, readable(path) },
		func(_ struct{}, err error) {
			delete(l.bad, path)
			if err != nil {
				l.bad[path] = err.Error()
			}
			l.shown = nil // make the rows anew
			l.form.show()
		}, nil)
}

// readable says why a file cannot be read, if it cannot.
func readable(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		err = fmt.Errorf("%s is a folder: choose a file in it", path)
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return err
}

// remove takes a file away, and its button with it: the path has the focus
// next.
func (l *fileList) remove(i int) {
	s := l.form.model.edit.Shape
	if i >= len(s.Files) {
		return
	}
	l.form.host.Window.Canvas().Focus(l.path)
	s.Files = slices.Delete(slices.Clone(s.Files), i, i+1)
	l.form.model.touch("files")
	l.form.changed()
}

// show makes the rows anew if the files are others than before, and reports
// whether they were.
func (l *fileList) show() bool {
	files := l.form.model.edit.Shape.Files
	paths := make([]shape.File, len(files))
	for i, f := range files {
		paths[i] = shape.File{Path: f.Path}
	}
	if l.shown != nil && slices.Equal(paths, l.shown) {
		return false
	}
	l.shown = paths
	l.rows.RemoveAll()
	for i, f := range files {
		l.rows.Add(l.row(i, f))
	}
	return true
}

func (l *fileList) row(i int, f shape.File) fyne.CanvasObject {
	name := widget.NewLabel(filepath.Base(f.Path))
	name.Truncation = fyne.TextTruncateEllipsis
	where := kit.Muted(filepath.Dir(f.Path))
	where.Truncation = fyne.TextTruncateEllipsis
	layer := l.form.newEntry(f.Layer, func(text string) {
		l.form.model.edit.Shape.Files[i].Layer = text
		l.form.model.touch(fmt.Sprintf("files[%d]", i))
		l.form.changed()
	})
	layer.SetPlaceHolder("layer: its own")
	remove := kit.NewButton("", theme.DeleteIcon(), func() { l.remove(i) }).Quiet()
	remove.OnEscape = l.form.Leave
	lines := kit.Tight(name, where)
	if why := l.bad[f.Path]; why != "" {
		bad := widget.NewLabel(kit.Sentence("It cannot be read now: " + why))
		bad.Importance, bad.Wrapping = widget.WarningImportance, fyne.TextWrapWord
		lines.Add(bad)
	}
	right := container.NewHBox(container.NewGridWrap(fyne.NewSize(160, layer.MinSize().Height), layer), remove)
	return container.NewBorder(nil, nil, nil, container.NewVBox(right), lines)
}
