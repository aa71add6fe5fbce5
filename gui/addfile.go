package gui

import (
	"context"
	"errors"
	"path/filepath"

	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// AddFile asks for a file that was fetched by hand, for computers that do not
// reach a source or that are offline.
func (c *commands) AddFile() {
	path := kit.NewEntry("")
	path.PlaceHolder = filepath.Join(homeFolder(), "Downloads", "gadm41_ITA_1.json.zip")
	text := widget.NewLabel("If a source cannot be reached from here, fetch its file elsewhere, with a browser, and add it.\n" +
		"Shapes tells by what is in it which source and country it is of, checks it as it checks\n" +
		"what it fetches itself, and keeps a copy. “Retry” or “Build tiles” then finds it.")
	c.fileDialog("Add a fetched file", addWord, path, text, func() { c.addFile(path.Text) })
}

// addWord is the button of the dialog for files that were fetched by hand.
const addWord = "Add"

func (c *commands) addFile(path string) {
	name := filepath.Base(path)
	c.say("Checking " + name)
	kit.Load(c.ctx, c.tasks, func(ctx context.Context) (engine.Fetched, error) {
		return c.engine.AddFile(ctx, path)
	}, func(f engine.Fetched, err error) {
		if err == nil {
			err = f.Err
		}
		if err == nil {
			c.say("Added " + name + ": " + f.Title)
			return
		}
		c.say(name + " was not added")
		kit.ShowProblem(c.window, kit.Problem{
			What: name + " was not added", Why: err.Error(),
			Kept: "The file stays as it is, and nothing of it was kept.", Next: addNext(err),
		}, c.app.Clipboard())
	}, nil)
}

// addNext says what to do about a file that was not added.
func addNext(err error) string {
	switch {
	case errors.Is(err, engine.ErrConsent):
		return "Make a shape of that source with this country and level, accept the licence there, and add the file again; or use the file by itself, as “Files of your own”."
	case errors.Is(err, engine.ErrUnknownFile):
		return "Leave the file as the source has it, with its own name. To build tiles of any other file, make a shape of “Files of your own”."
	}
	return "Fetch the file again, whole and unchanged, and add it once more."
}
