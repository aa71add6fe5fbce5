package gui

import (
	"context"
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/gui/kit"
	"github.com/shapes-desktop/shapes/gui/treeview"
)

// commands are what can be done to nodes, from the menu, the toolbar, the
// context menu and the keys alike. Its methods belong to the window's
// goroutine; the engine is called off it.
type commands struct {
	ctx    context.Context // ends with the window
	window fyne.Window
	app    fyne.App
	tasks  *kit.Tasks
	engine Engine
	tree   *treeview.Tree
	say    func(string)
	// changed is called when the nodes may have changed.
	changed func()
	// openForm shows the form of an edit.
	openForm func(engine.Edit)
	// started is called when a session has begun.
	started func(engine.Session)
	// openRuns shows what the last runs of a node came to.
	openRuns func(engine.Node)

	clip clip
	undo engine.UndoState
	// undoShown is called when the words of undo and redo have changed.
	undoShown func()
}

// act runs a command in the background, then shows what became of it. what
// says the refusal: "“Italy” was not moved".
func act[T any](c *commands, what string, run func(context.Context) (T, error), done func(T)) {
	kit.Load(c.ctx, c.tasks, run, func(v T, err error) {
		if err != nil {
			c.refused(what, err)
		} else if done != nil {
			done(v)
		}
		c.changed()
	}, nil)
}

// do is act for a command without a result.
func (c *commands) do(what string, run func(context.Context) error, done func()) {
	act(c, what, func(ctx context.Context) (struct{}, error) { return struct{}{}, run(ctx) },
		func(struct{}) {
			if done != nil {
				done()
			}
		})
}

// refused tells of a refusal; where a session stands in the way, it offers to
// stop it.
func (c *commands) refused(what string, err error) {
	c.say(what)
	p := refusal(what, err)
	id, name, busy := stopsWhat(err)
	if !busy {
		kit.ShowProblem(c.window, p, c.app.Clipboard())
		return
	}
	kit.Ask(c.window, what, p.Why+"\n\n"+p.Kept+" Stopping keeps the tiles there were before the session.",
		"Stop the session", "Let it run", func() { c.stop(id, name) })
}

// NewFolder makes a folder beside or in what is chosen and lets it be named.
func (c *commands) NewFolder() {
	parent := c.tree.Folder()
	act(c, "No folder was made", func(ctx context.Context) ([]engine.Node, error) {
		name, err := c.freeName(ctx, parent, "New folder")
		if err != nil {
			return nil, err
		}
		n, err := c.engine.CreateFolder(ctx, parent, name)
		if err != nil {
			return nil, err
		}
		return c.engine.PathOf(ctx, n.ID)
	}, func(path []engine.Node) {
		if len(path) > 0 {
			c.tree.Reveal(path, c.tree.Rename)
			c.say("Made a folder")
		}
	})
}

// freeName is name, or "name (2)" where a node of the folder has it.
func (c *commands) freeName(ctx context.Context, parent, name string) (string, error) {
	siblings, err := c.engine.Children(ctx, parent)
	if err != nil {
		return "", err
	}
	taken := make(map[string]bool, len(siblings))
	for _, s := range siblings {
		taken[tree.Fold(s.Name)] = true
	}
	return tree.FreeName(name, func(n string) (bool, error) { return taken[tree.Fold(n)], nil })
}

// NewShape begins a new shape in the folder of what is chosen.
func (c *commands) NewShape() {
	parent := c.tree.Folder()
	act(c, "No shape was begun", func(ctx context.Context) (engine.Edit, error) {
		name, err := c.freeName(ctx, parent, "New shape")
		if err != nil {
			return engine.Edit{}, err
		}
		return c.engine.New(ctx, parent, engine.NewShape{Name: name})
	}, c.openForm)
}

// Edit opens the form of the chosen shape; a folder is renamed instead.
func (c *commands) Edit() {
	n, known := c.tree.Current()
	switch {
	case !known:
		c.say("Choose a shape to edit")
	case n.Type == tree.Folder:
		c.tree.Rename()
	default:
		c.edit(n.ID, n.Name)
	}
}

func (c *commands) edit(id, name string) {
	act(c, "“"+name+"” cannot be edited now", func(ctx context.Context) (engine.Edit, error) {
		return c.engine.Edit(ctx, id)
	}, c.openForm)
}

// rename gives a node a new name; done is told what came of it, for the row.
func (c *commands) rename(n engine.Node, name string, done func(error)) {
	kit.Load(c.ctx, c.tasks, func(ctx context.Context) (engine.Node, error) {
		return c.engine.Rename(ctx, n.ID, name)
	}, func(now engine.Node, err error) {
		done(renameFault(err))
		if err == nil {
			c.say(fmt.Sprintf("Renamed “%s” to “%s”", n.Name, now.Name))
			c.changed()
		}
	}, nil)
}

// Delete moves what is chosen to the trash. What is a draft only is asked for:
// it has no place in the trash.
func (c *commands) Delete() {
	var drafts, rest []engine.Node
	for _, n := range c.topmost() {
		if n.New {
			drafts = append(drafts, n)
		} else {
			rest = append(rest, n)
		}
	}
	if len(rest) > 0 {
		c.moveToTrash(rest)
	}
	if len(drafts) > 0 {
		c.askDiscard(drafts)
	}
}

// topmost are the chosen nodes that are not below another chosen one.
func (c *commands) topmost() []engine.Node {
	var nodes []engine.Node
	for _, id := range c.tree.Topmost() {
		if n, known := c.tree.Node(id); known {
			nodes = append(nodes, n)
		}
	}
	return nodes
}

func (c *commands) moveToTrash(nodes []engine.Node) {
	what := nameThem(nodes)
	c.do(what+" "+was(nodes)+" not deleted", func(ctx context.Context) error { return c.engine.Delete(ctx, idsOf(nodes)) },
		func() { c.say("Moved " + what + " to the trash; Undo takes " + it(nodes) + " back") })
}

func (c *commands) askDiscard(drafts []engine.Node) {
	what := nameThem(drafts)
	kit.AskLoss(c.window, "Discard "+what+"?", "A draft does not go to the trash: what was filled in is lost.",
		"Discard", "Keep", func() {
			c.do(what+" "+was(drafts)+" not discarded", func(ctx context.Context) error {
				for _, n := range drafts {
					if err := c.engine.Discard(ctx, n.ID); err != nil {
						return err
					}
				}
				return nil
			}, func() { c.say("Discarded " + what) })
		})
}

// move is a drop of nodes on a folder, or on the trash.
func (c *commands) move(ids []string, parent string) {
	var nodes []engine.Node
	for _, id := range ids {
		if n, known := c.tree.Node(id); known {
			nodes = append(nodes, n)
		}
	}
	if parent == tree.Trash {
		c.moveToTrash(nodes)
		return
	}
	c.moveTo(nodes, parent, nil)
}

// moveTo moves nodes to a folder; moved, which may be nil, is called once they
// are there.
func (c *commands) moveTo(nodes []engine.Node, parent string, moved func()) {
	what, where := nameThem(nodes), c.folderName(parent)
	c.do(what+" "+was(nodes)+" not moved", func(ctx context.Context) error {
		return c.engine.Move(ctx, idsOf(nodes), parent)
	}, func() {
		c.say("Moved " + what + " to " + where)
		if moved != nil {
			moved()
		}
	})
}

// folderName names a folder for people.
func (c *commands) folderName(id string) string {
	if n, known := c.tree.Node(id); known {
		return "“" + n.Name + "”"
	}
	return "the top"
}

func idsOf(nodes []engine.Node) []string {
	ids := make([]string, len(nodes))
	for i, n := range nodes {
		ids[i] = n.ID
	}
	return ids
}

// nameThem names up to two nodes, or says how many there are.
func nameThem(nodes []engine.Node) string {
	if len(nodes) > 2 {
		return fmt.Sprintf("%d nodes", len(nodes))
	}
	names := make([]string, len(nodes))
	for i, n := range nodes {
		names[i] = "“" + n.Name + "”"
	}
	return strings.Join(names, " and ")
}

func was(nodes []engine.Node) string {
	if len(nodes) == 1 {
		return "was"
	}
	return "were"
}

func it(nodes []engine.Node) string {
	if len(nodes) == 1 {
		return "it"
	}
	return "them"
}
