package tree

import (
	"fmt"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// Graft is a number of nodes that come into the tree as one step.
type Graft struct {
	What   string // for people: import 3 items
	Parent string // folder that takes what stands at the top of Nodes
	// Nodes, each after the folder it lies in: its Parent is the ID of one before
	// it, or "" if it stands at the top. IDs that are "" are made.
	Nodes []New
	// Trash are nodes that they replace: they are moved to the trash first.
	Trash []string
}

// Graft makes nodes. A name that is taken becomes "name (2)". It returns the
// new nodes in the order of g.Nodes. Errors are those of Create, for any of
// them, and those of Delete.
func (t *Tree) Graft(tx *kv.Tx, g Graft) ([]Node, error) {
	in, err := openFolder(tx, g.Parent)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", g.What, err)
	}
	c := t.begin(tx)
	old, err := t.movable(tx, g.Trash)
	if err != nil {
		return nil, fmt.Errorf("%s: replace: %w", g.What, err)
	}
	for i := range old {
		if in.above[old[i].ID] {
			return nil, fmt.Errorf("%s: replace %s: %w", g.What, quote(old[i].Name), ErrIntoItself)
		}
		if _, err := c.discard(&old[i]); err != nil {
			return nil, fmt.Errorf("%s: replace: %w", g.What, err)
		}
	}
	made := make([]Node, 0, len(g.Nodes))
	depths := map[string]int{} // of new folders
	for _, n := range g.Nodes {
		node, err := t.grow(c, in, n, depths)
		if err != nil {
			return nil, fmt.Errorf("%s: create %s %s: %w", g.What, n.Type, quote(n.Name), err)
		}
		made = append(made, node)
	}
	return made, c.end(g.What)
}

// grow makes one node of a graft.
func (t *Tree) grow(c *command, in folder, n New, depths map[string]int) (Node, error) {
	top, depth := n.Parent == "", in.depth
	if top {
		n.Parent = in.id
	} else {
		var ok bool
		if depth, ok = depths[n.Parent]; !ok {
			return Node{}, fmt.Errorf("its parent %q is no folder that comes before it: %w", n.Parent, ErrNotFolder)
		}
	}
	if depth >= MaxDepth {
		return Node{}, ErrTooDeep
	}
	node, err := t.fresh(c.tx, n)
	if err != nil {
		return Node{}, err
	}
	if node.Type == Folder {
		depths[node.ID] = depth + 1
	}
	if node.Name, err = free(c.tx, node.Parent, node.ID, node.Name); err != nil {
		return Node{}, err
	}
	return node, c.create(&node, top)
}

// Copies is what Copy has made.
type Copies struct {
	Tops []Node // the copies of the nodes that were given
	// IDs are those of the copies of all nodes, by the original's id.
	IDs map[string]string
}

// Copy makes copies of nodes with all below them in a folder (Root is the
// top); one whose name is taken there becomes "name (2)". A folder may be
// copied into itself: the copy holds what was there before. The records of
// other packages are the caller's to copy. Errors: ErrNoNode, ErrInTrash,
// ErrNotFolder, ErrTooDeep.
func (t *Tree) Copy(tx *kv.Tx, ids []string, parent string) (Copies, error) {
	in, err := openFolder(tx, parent)
	if err != nil {
		return Copies{}, fmt.Errorf("copy: %w", err)
	}
	calm := *t // reading pulls the ground from nobody
	calm.Busy = nil
	list, err := calm.movable(tx, ids)
	if err != nil {
		return Copies{}, fmt.Errorf("copy to %s: %w", in.name, err)
	}
	out := Copies{IDs: map[string]string{}}
	g := Graft{What: fmt.Sprintf("copy %s to %s", some(list), in.name), Parent: parent}
	add := func(n Node, parent string) {
		id := t.NewID()
		out.IDs[n.ID] = id
		g.Nodes = append(g.Nodes, New{ID: id, Parent: parent, Type: n.Type, Name: n.Name, Description: n.Description})
	}
	for _, n := range list {
		add(n, "")
		for d, err := range Descendants(tx, n.ID) {
			if err != nil {
				return Copies{}, fmt.Errorf("copy %s: %w", quote(n.Name), err)
			}
			add(d, out.IDs[d.Parent])
		}
	}
	made, err := t.Graft(tx, g)
	for _, n := range made {
		if n.Parent == parent {
			out.Tops = append(out.Tops, n)
		}
	}
	return out, err
}
