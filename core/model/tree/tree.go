package tree

import (
	"fmt"
	"time"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// MaxDepth is how deep folders nest: a node at the top has depth 1.
const MaxDepth = 100

// Tree carries out commands on the tree that a core database keeps. Its
// methods work in the transaction they are given, and read the tree as it is
// there. A Tree holds no state of its own and is safe for concurrent use.
type Tree struct {
	// Now returns the time that records are stamped with.
	Now func() time.Time
	// NewID returns an id that no node ever had: a UUID version 7.
	NewID func() string
	// Busy returns the nodes in which something runs that a move or a deletion
	// would pull the ground from, in any order; nil if there are none.
	Busy func() []Engaged
	// Apply puts back an Image of another package: it changes the record of kind
	// and id from one state to the other. It returns ErrChanged and does nothing
	// if the record is not in the first. Nil if no package keeps images.
	Apply func(tx *kv.Tx, kind, id string, from, to []byte) error
}

// Engaged is a node that may not be moved or deleted now.
type Engaged struct {
	ID     string
	Reason string // for people: "a run is in progress; stop it first"
}

// Tables returns the tables that a core database needs for the tree.
func Tables() []kv.Tabled { return []kv.Tabled{Nodes(), Steps(), Changes()} }

// isAnchor tells the parents that are no nodes.
func isAnchor(id string) bool { return id == Root || id == Trash || id == Undone }

// Get returns the node with the id, wherever it is; ErrNoNode if there is none.
func Get(tx *kv.Tx, id string) (Node, error) {
	n, ok, err := Nodes().Get(tx, Key(id))
	if err == nil && !ok {
		err = fmt.Errorf("node %q: %w", id, ErrNoNode)
	}
	return n, err
}

// Path returns the nodes from the one right below Root, Trash or Undone to the
// one with the id, which comes last.
func Path(tx *kv.Tx, id string) ([]Node, error) {
	n, err := Get(tx, id)
	if err != nil {
		return nil, err
	}
	path := []Node{n}
	for !isAnchor(n.Parent) {
		// Beside the levels that commands allow, a level of slack for each step
		// that an older version may have made; more is a ring.
		if len(path) > 2*MaxDepth {
			return nil, fmt.Errorf("path of %s: %w: its folders make a ring", quote(path[0].Name), ErrDamaged)
		}
		if n, err = Get(tx, n.Parent); err != nil {
			return nil, fmt.Errorf("path of %s: %w: %w", quote(path[0].Name), ErrDamaged, err)
		}
		path = append(path, n)
	}
	for i, j := 0, len(path)-1; i < j; i, j = i+1, j-1 {
		path[i], path[j] = path[j], path[i]
	}
	return path, nil
}

// Place returns where a node stands in the end: Root, Trash or Undone.
func Place(tx *kv.Tx, id string) (string, error) {
	path, err := Path(tx, id)
	if err != nil {
		return "", err
	}
	return path[0].Parent, nil
}

// visible returns the node with the id and its depth; ErrInTrash if it is not
// in the tree that people see.
func visible(tx *kv.Tx, id string) (n Node, depth int, err error) {
	path, err := Path(tx, id)
	if err != nil {
		return Node{}, 0, err
	}
	n = path[len(path)-1]
	switch path[0].Parent {
	case Trash:
		return n, 0, fmt.Errorf("%s: %w", quote(n.Name), ErrInTrash)
	case Undone:
		return n, 0, fmt.Errorf("%s: %w", quote(n.Name), ErrNoNode)
	}
	return n, len(path), nil
}

// folder is a place in the visible tree that nodes may be put into.
type folder struct {
	id    string
	name  string // for people
	depth int    // of the folder itself; 0 for the top
	above map[string]bool
}

// openFolder returns the folder with the id, or the top.
func openFolder(tx *kv.Tx, id string) (folder, error) {
	if id == Root {
		return folder{name: "the top"}, nil
	}
	if isAnchor(id) {
		return folder{}, fmt.Errorf("%q: %w", id, ErrNotFolder)
	}
	n, depth, err := visible(tx, id)
	if err != nil {
		return folder{}, err
	}
	if n.Type != Folder {
		return folder{}, fmt.Errorf("%s: %w", quote(n.Name), ErrNotFolder)
	}
	path, err := Path(tx, id)
	if err != nil {
		return folder{}, err
	}
	f := folder{id: id, name: quote(n.Name), depth: depth, above: map[string]bool{}}
	for _, p := range path {
		f.above[p.ID] = true
	}
	return f, nil
}

// holder returns the id of the child of parent that has the name, whatever its
// type, "" if none.
func holder(tx *kv.Tx, parent, name string) (string, error) {
	for _, t := range []Type{Folder, Shape} {
		for key, err := range Nodes().KeysBy(tx, ByParent, place(parent, t, name)) {
			return idOf(key), err
		}
	}
	return "", nil
}

// idOf undoes Key.
func idOf(key []byte) string {
	if len(key) < 2 {
		return ""
	}
	return string(key[:len(key)-2])
}

// free returns the name for a node in a folder: its own, or "name (2)" if it
// is another's.
func free(tx *kv.Tx, parent, id, name string) (string, error) {
	return FreeName(name, func(name string) (bool, error) {
		by, err := holder(tx, parent, name)
		return by != "" && by != id, err
	})
}
