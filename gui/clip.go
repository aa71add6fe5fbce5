package gui

import (
	"context"

	"github.com/shapes-desktop/shapes/core/engine"
)

// clip is what was cut or copied, until it is pasted.
type clip struct {
	nodes []engine.Node
	cut   bool
}

// Cut marks what is chosen to be moved by Paste.
func (c *commands) Cut() { c.take(true) }

// Copy marks what is chosen to be copied by Paste.
func (c *commands) Copy() { c.take(false) }

func (c *commands) take(cut bool) {
	nodes := c.topmost()
	if len(nodes) == 0 {
		c.say("Choose what to cut or copy in the tree")
		return
	}
	c.clip = clip{nodes, cut}
	word := "Copied "
	if cut {
		word = "Cut "
		c.tree.SetCut(idsOf(nodes))
	} else {
		c.tree.SetCut(nil)
	}
	c.say(word + nameThem(nodes) + "; Paste puts " + it(nodes) + " into the chosen folder")
}

// Paste puts what was cut or copied into the folder of what is chosen. What
// was copied can be pasted again.
func (c *commands) Paste() {
	if len(c.clip.nodes) == 0 {
		c.say("Nothing was cut or copied")
		return
	}
	nodes, parent := c.clip.nodes, c.tree.Folder()
	if c.clip.cut {
		c.moveTo(nodes, parent, func() { c.dropClip() })
		return
	}
	c.copyTo(nodes, parent)
}

// dropClip forgets what was cut or copied.
func (c *commands) dropClip() bool {
	had := len(c.clip.nodes) > 0
	c.clip = clip{}
	c.tree.SetCut(nil)
	return had
}

func (c *commands) copyTo(nodes []engine.Node, parent string) {
	what, where := nameThem(nodes), c.folderName(parent)
	act(c, what+" "+was(nodes)+" not copied", func(ctx context.Context) ([]engine.Node, error) {
		return c.copyAndFind(ctx, idsOf(nodes), parent)
	}, func(path []engine.Node) {
		c.tree.Reveal(path, nil)
		c.say("Copied " + what + " to " + where)
	})
}

// copyAndFind copies nodes and returns the way to the first copy.
func (c *commands) copyAndFind(ctx context.Context, ids []string, parent string) ([]engine.Node, error) {
	made, err := c.engine.Copy(ctx, ids, parent)
	if err != nil || len(made) == 0 {
		return nil, err
	}
	return c.engine.PathOf(ctx, made[0].ID)
}

// Duplicate copies what is chosen beside itself.
func (c *commands) Duplicate() {
	nodes := c.topmost()
	if len(nodes) == 0 {
		c.say("Choose what to duplicate in the tree")
		return
	}
	what := nameThem(nodes)
	act(c, what+" "+was(nodes)+" not duplicated", func(ctx context.Context) ([]engine.Node, error) {
		var first []engine.Node
		for _, group := range byParent(nodes) {
			path, err := c.copyAndFind(ctx, idsOf(group), group[0].Parent)
			if err != nil {
				return nil, err
			}
			if first == nil {
				first = path
			}
		}
		return first, nil
	}, func(path []engine.Node) {
		c.tree.Reveal(path, nil)
		c.say("Duplicated " + what)
	})
}

// byParent groups nodes by the folder they are in, in their order.
func byParent(nodes []engine.Node) [][]engine.Node {
	var groups [][]engine.Node
	at := map[string]int{}
	for _, n := range nodes {
		i, known := at[n.Parent]
		if !known {
			i = len(groups)
			at[n.Parent] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], n)
	}
	return groups
}
