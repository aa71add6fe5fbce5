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
	s := scion{tree: t, c: c, in: in, depths: map[string]int{}, ids: map[string]bool{}, names: map[string]bool{}}
	made := make([]Node, 0, len(g.Nodes))
	for _, n := range g.Nodes {
		node, err := s.grow(n)
		if err != nil {
			return nil, fmt.Errorf("%s: create %s %s: %w", g.What, n.Type, quote(n.Name), err)
		}
		made = append(made, node)
	}
	// At once, since one by one each would take a search among all before it.
	if err := Nodes().PutAll(tx, made); err != nil {
		return nil, fmt.Errorf("%s: %w", g.What, err)
	}
	return made, c.end(g.What)
}

// scion is a graft whose nodes are not stored yet.
type scion struct {
	tree   *Tree
	c      *command
	in     folder
	depths map[string]int  // of new folders
	ids    map[string]bool // of new nodes
	names  map[string]bool // of new nodes, with their parents
}

// grow makes one node, but does not store it.
func (s *scion) grow(n New) (Node, error) {
	top, depth := n.Parent == "", s.in.depth
	if top {
		n.Parent = s.in.id
	} else {
		var ok bool
		if depth, ok = s.depths[n.Parent]; !ok {
			return Node{}, fmt.Errorf("its parent %q is no folder that comes before it: %w", n.Parent, ErrNotFolder)
		}
	}
	if depth >= MaxDepth {
		return Node{}, ErrTooDeep
	}
	node, err := s.tree.fresh(s.c.tx, n)
	if err == nil && s.ids[node.ID] {
		err = fmt.Errorf("id %q: %w", node.ID, ErrExists)
	}
	if err != nil {
		return Node{}, err
	}
	s.ids[node.ID] = true
	if node.Type == Folder {
		s.depths[node.ID] = depth + 1
	}
	if node.Name, err = s.free(&node, top); err != nil {
		return Node{}, err
	}
	s.names[spotOf(node.Parent, node.Name)] = true
	s.c.note(&node, top)
	return node, nil
}

// free returns the name for a new node, which may get a number. Only at the top
// are there siblings that are stored.
func (s *scion) free(n *Node, top bool) (string, error) {
	return FreeName(n.Name, func(name string) (bool, error) {
		if s.names[spotOf(n.Parent, name)] || !top {
			return s.names[spotOf(n.Parent, name)], nil
		}
		by, err := holder(s.c.tx, n.Parent, name)
		return by != "", err
	})
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
