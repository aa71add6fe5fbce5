package gui

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// bundleExt is how the name of a file with exported nodes ends.
const bundleExt = ".zip"

// Export asks where to, and writes what is chosen into one file.
func (c *commands) Export() {
	nodes := c.topmost()
	if len(nodes) == 0 {
		c.say("Choose what to export in the tree")
		return
	}
	path := kit.NewEntry(filepath.Join(homeFolder(), bundleName(nodes)))
	tiles := widget.NewCheck("With the tiles, so that they need not be built again", nil)
	tiles.SetChecked(true)
	c.fileDialog("Export "+nameThem(nodes), "Export", path, kit.Marks(tiles), func() { c.export(nodes, path.Text, tiles.Checked) })
}

func (c *commands) export(nodes []engine.Node, path string, tiles bool) {
	if filepath.Ext(path) == "" {
		path += bundleExt
	}
	what := nameThem(nodes)
	with := func(o engine.ExportOptions) {
		c.say("Exporting " + what)
		c.do(what+" "+was(nodes)+" not exported", func(ctx context.Context) error {
			return c.engine.Export(ctx, idsOf(nodes), path, o)
		}, func() { c.say("Exported " + what + " to " + path) })
	}
	write := func() {
		kit.Load(c.ctx, c.tasks, func(ctx context.Context) (bool, error) {
			return tiles && c.engine.Restricted(ctx, idsOf(nodes)) != nil, nil
		}, func(restricted bool, _ error) {
			if !restricted {
				with(engine.ExportOptions{Tiles: tiles})
				return
			}
			kit.AskLoss(c.window, "Keep the file to yourself?",
				"Tiles in it are made of boundaries that may not be given to others (GADM: non-commercial use only, no redistribution).",
				"Export for myself", "Cancel", func() { with(engine.ExportOptions{Tiles: true, Own: true}) })
		}, nil)
	}
	kit.Load(c.ctx, c.tasks, func(context.Context) (bool, error) {
		_, err := os.Lstat(path)
		return err == nil, nil
	}, func(there bool, _ error) {
		if !there {
			write()
			return
		}
		kit.Ask(c.window, "Replace the file?", path+" is there already.", "Replace", "Cancel", write)
	}, nil)
}

// Import asks for a file with exported nodes and takes it into the folder of
// what is chosen.
func (c *commands) Import() {
	parent := c.tree.Folder()
	path := kit.NewEntry("")
	path.PlaceHolder = filepath.Join(homeFolder(), "exported"+bundleExt)
	policy := widget.NewRadioGroup(policyWords(), nil)
	policy.SetSelected(policyWords()[0])
	body := container.NewVBox(widget.NewLabel("What comes in goes to "+c.folderName(parent)+". Where a name is taken there:"), kit.Marks(policy))
	c.fileDialog("Import", "Import", path, body, func() { c.importFile(path.Text, parent, policyOf(policy.Selected)) })
}

// policyWords are the policies for people, in the order of policyOf.
func policyWords() []string {
	return []string{"Give the new one another name", "Leave the new one out", "Move the old one to the trash"}
}

func policyOf(words string) engine.Policy {
	switch words {
	case policyWords()[1]:
		return engine.Skip
	case policyWords()[2]:
		return engine.Replace
	}
	return engine.Rename
}

func (c *commands) importFile(path, parent string, p engine.Policy) {
	c.say("Importing " + path)
	type result struct {
		engine.Imported
		way []engine.Node
	}
	act(c, path+" was not imported", func(ctx context.Context) (result, error) {
		in, err := c.engine.Import(ctx, path, parent, p)
		if err != nil || len(in.Nodes) == 0 {
			return result{Imported: in}, err
		}
		way, err := c.engine.PathOf(ctx, in.Nodes[0].ID)
		return result{in, way}, err
	}, func(r result) {
		c.say(importedWords(r.Imported))
		c.tree.Reveal(r.way, nil)
	})
}

// importedWords says what an import did.
func importedWords(in engine.Imported) string {
	text := "Imported " + countNodes(in.Made)
	add := func(n int, words string) {
		if n > 0 {
			text += fmt.Sprintf(", %d %s", n, words)
		}
	}
	add(in.Tiles, "with tiles")
	add(in.Renamed, "renamed")
	add(in.Skipped, "left out")
	add(in.Replaced, "moved to the trash for them")
	return text
}

// fileDialog asks for a file's path, with something else below it.
func (c *commands) fileDialog(title, word string, path *kit.Entry, below fyne.CanvasObject, yes func()) {
	kit.ShowDialog(c.window, title, func(d *kit.Dialog) (fyne.CanvasObject, []*kit.Button, fyne.Focusable) {
		path.OnEscape = d.Close
		run := func() {
			if strings.TrimSpace(path.Text) == "" {
				return
			}
			d.Close()
			yes()
		}
		path.OnSubmitted = func(string) { run() }
		browse := kit.NewButton("Browse…", theme.FolderOpenIcon(), func() { c.browse(path, word) })
		return container.NewVBox(container.NewBorder(nil, nil, nil, browse, path), below), []*kit.Button{
			kit.NewButton("Cancel", nil, d.Close),
			kit.NewButton(word, nil, run).Primary(),
		}, path
	}).Resize(fyne.NewSize(620, 10))
}

// browse lets a file be chosen to read, or a folder to write into.
func (c *commands) browse(path *kit.Entry, word string) {
	extensions := []string{bundleExt}
	switch word {
	case addWord:
		extensions = nil // whatever the sources have
	case "Import":
	default:
		kit.ChooseFolder(c.window, path.Text, func(folder string) {
			path.SetText(filepath.Join(folder, filepath.Base(path.Text)))
		})
		return
	}
	kit.ChooseFile(c.window, extensions, func(chosen string, err error) {
		if err != nil {
			c.refused("The file could not be opened", err)
			return
		}
		path.SetText(chosen)
	})
}

// bundleName proposes a file name for exported nodes. Names of nodes have no
// characters that file systems refuse.
func bundleName(nodes []engine.Node) string {
	if len(nodes) == 1 {
		return strings.Trim(nodes[0].Name, " .") + bundleExt
	}
	return "shapes" + bundleExt
}

func homeFolder() string {
	home, err := os.UserHomeDir()
	if err != nil {
		return "."
	}
	return home
}
