package nodepage

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// SavePNG asks where to, and writes the map as it is shown.
func (p *Page) SavePNG() {
	write := p.Map.WritePNG()
	if p.phase != mapped || write == nil {
		p.host.Say("There is no map to save yet: build the tiles first")
		return
	}
	path := kit.NewEntry(filepath.Join(picturesFolder(), pngName(p.node)))
	kit.ShowDialog(p.host.Window, "Save the map as PNG", func(d *kit.Dialog) (fyne.CanvasObject, []*kit.Button, fyne.Focusable) {
		path.OnEscape = d.Close
		save := func() {
			d.Close()
			p.writePNG(path.Text, false, write)
		}
		path.OnSubmitted = func(string) { save() }
		browse := kit.NewButton("Browse…", theme.FolderOpenIcon(), func() { p.browse(path) })
		form := container.NewVBox(
			widget.NewLabel("The picture has the size and the resolution of the map in the window."),
			container.NewBorder(nil, nil, nil, browse, path),
		)
		return form, []*kit.Button{
			kit.NewButton("Cancel", nil, d.Close),
			kit.NewButton("Save", theme.DocumentSaveIcon(), save).Primary(),
		}, path
	}).Resize(fyne.NewSize(620, 10))
}

// browse lets a folder be chosen; the file's name stays.
func (p *Page) browse(path *kit.Entry) {
	kit.ChooseFolder(p.host.Window, path.Text, func(folder string) {
		path.SetText(filepath.Join(folder, filepath.Base(path.Text)))
	})
}

// picturesFolder is where pictures are usually kept, or the home folder.
func picturesFolder() string {
	home, err := os.UserHomeDir()
	if err != nil {
		return "."
	}
	if pictures := filepath.Join(home, "Pictures"); isFolder(pictures) {
		return pictures
	}
	return home
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

func (p *Page) writePNG(path string, replace bool, write pngWriter) {
	if filepath.Ext(path) == "" {
		path += ".png"
	}
	p.host.Say("Saving " + path)
	kit.Load(context.Background(), p.host.Tasks,
		func(ctx context.Context) (struct{}, error) { return struct{}{}, writeFile(ctx, path, replace, write) },
		func(_ struct{}, err error) { p.saved(path, write, err) }, nil)
}

func (p *Page) saved(path string, write pngWriter, err error) {
	switch {
	case errors.Is(err, errExists):
		p.host.Say("")
		kit.Ask(p.host.Window, "Replace the file?", path+" is there already.", "Replace", "Cancel",
			func() { p.writePNG(path, true, write) })
	case err != nil:
		p.host.Say("The map was not saved")
		kit.ShowProblem(p.host.Window, kit.Problem{
			What: "The map was not saved",
			Why:  err.Error(),
			Kept: "No file was changed.",
			Next: "Choose a folder that you may write to and that has room.",
		}, p.host.Clipboard)
	default:
		p.host.Say("Saved " + path)
	}
}
