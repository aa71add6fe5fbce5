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

// sourceCard is a source to choose.
type sourceCard struct {
	source shape.Source
	button *kit.Button
}

// sourcePage is the step of where boundaries come from: a card for each source
// that works.
func (f *Form) sourcePage() *page {
	cards := []*sourceCard{}
	box := container.NewVBox()
	for _, c := range []struct {
		source      shape.Source
		word, about string
	}{
		{shape.Sample, "The bundled world", "Countries and their first-level units, from Natural Earth at 1:10m. It is in the program: no network, no waiting. Public domain."},
		{shape.Local, "Files of your own", "GeoJSON, TopoJSON, Shapefile (.shp, or a .zip of it) or GeoPackage. Files stay where they are; they are read when the tiles are built."},
	} {
		b := kit.NewButton(c.word, theme.RadioButtonIcon(), func() { f.setSource(c.source) })
		b.Alignment, b.OnEscape = widget.ButtonAlignLeading, f.Leave
		about := kit.Muted(c.about)
		about.Wrapping = fyne.TextWrapWord
		cards = append(cards, &sourceCard{c.source, b})
		box.Add(container.NewVBox(b, about))
	}
	files := newFileList(f)
	field := f.newField(shape.StepSource, "files", "Files", "A file's layers keep their own names, unless you give one.", files.content)
	box.Add(field.row)
	p := f.newPage(shape.StepSource, container.NewVScroll(box))
	p.first = cards[0].button
	p.show = func() {
		for _, c := range cards {
			icon, importance := theme.RadioButtonIcon(), widget.MediumImportance
			if c.source == f.model.edit.Shape.Source {
				icon, importance = theme.RadioButtonCheckedIcon(), widget.HighImportance
				p.first = c.button
			}
			if c.button.Icon.Name() != icon.Name() || c.button.Importance != importance {
				c.button.Icon, c.button.Importance = icon, importance
				c.button.Refresh()
			}
		}
		local := f.model.edit.Shape.Source == shape.Local
		changed := files.show()
		if kit.SetShown(field.row, local) || changed {
			box.Refresh()
		}
	}
	return p
}

func (f *Form) setSource(s shape.Source) {
	f.model.edit.Shape.SetSource(s)
	f.model.touch("source")
	f.changed()
}

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
		bad := widget.NewLabel("It cannot be read now: " + why)
		bad.Importance, bad.Wrapping = widget.WarningImportance, fyne.TextWrapWord
		lines.Add(bad)
	}
	right := container.NewHBox(container.NewGridWrap(fyne.NewSize(160, layer.MinSize().Height), layer), remove)
	return container.NewBorder(nil, nil, nil, container.NewVBox(right), lines)
}
