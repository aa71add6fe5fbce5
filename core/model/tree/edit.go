package tree

import (
	"bytes"
	"fmt"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// New is a node to be made.
type New struct {
	ID          string // "": one is made
	Parent      string // folder; Root for the top
	Type        Type
	Name        string
	Description string
}

// Create makes a node. Errors: *NameError, ErrTaken, ErrExists, ErrTooDeep,
// and those of the parent (ErrNoNode, ErrNotFolder, ErrInTrash).
func (t *Tree) Create(tx *kv.Tx, n New) (Node, error) {
	fail := func(err error) (Node, error) {
		return Node{}, fmt.Errorf("create %s %s: %w", n.Type, quote(n.Name), err)
	}
	in, err := openFolder(tx, n.Parent)
	if err != nil {
		return fail(err)
	}
	if in.depth >= MaxDepth {
		return fail(ErrTooDeep)
	}
	node, err := t.fresh(tx, n)
	if err != nil {
		return fail(err)
	}
	if err := nameFree(tx, in, "", node.Name); err != nil {
		return fail(err)
	}
	c := t.begin(tx)
	if err := c.create(&node); err != nil {
		return fail(err)
	}
	return node, c.end(fmt.Sprintf("create %s", quote(node.Name)))
}

// fresh checks the fields of a node to be made, but not its place.
func (t *Tree) fresh(tx *kv.Tx, n New) (Node, error) {
	name, err := CleanName(n.Name)
	if err != nil {
		return Node{}, err
	}
	text, err := CleanDescription(n.Description)
	if err != nil {
		return Node{}, err
	}
	if n.Type != Folder && n.Type != Shape {
		return Node{}, fmt.Errorf("type %q: it must be %q or %q", n.Type, Folder, Shape)
	}
	if n.ID == "" {
		n.ID = t.NewID()
	}
	if isAnchor(n.ID) {
		return Node{}, fmt.Errorf("id %q: %w", n.ID, ErrExists)
	}
	if _, there, err := Nodes().Get(tx, Key(n.ID)); err != nil || there {
		if err == nil {
			err = fmt.Errorf("id %q: %w", n.ID, ErrExists)
		}
		return Node{}, err
	}
	return Node{ID: n.ID, Parent: n.Parent, Type: n.Type, Name: name, Description: text}, nil
}

// nameFree returns ErrTaken if another node than id has the name in a folder.
func nameFree(tx *kv.Tx, in folder, id, name string) error {
	by, err := holder(tx, in.id, name)
	if err != nil || by == "" || by == id {
		return err
	}
	return fmt.Errorf("%s in %s: %w", quote(name), in.name, ErrTaken)
}

// Edit is a change of what a node says of itself, and of what other packages
// keep for it, undone as one.
type Edit struct {
	// Version of the node that was read; 0 if any will do.
	Version     uint64
	Name        string
	Description string
	// Images are the changes of other packages' records, which the caller makes
	// in the same transaction.
	Images []Image
}

// Rename gives a node another name. version is the one that was read, 0 if any
// will do. Errors: *NameError, ErrTaken, ErrNoNode, ErrInTrash, *VersionError.
func (t *Tree) Rename(tx *kv.Tx, id string, version uint64, name string) (Node, error) {
	n, _, err := visible(tx, id)
	if err != nil {
		return Node{}, fmt.Errorf("rename: %w", err)
	}
	return t.edit(tx, id, Edit{Version: version, Name: name, Description: n.Description}, "rename")
}

// Describe gives a node another description. version and errors are as those
// of Rename.
func (t *Tree) Describe(tx *kv.Tx, id string, version uint64, text string) (Node, error) {
	n, _, err := visible(tx, id)
	if err != nil {
		return Node{}, fmt.Errorf("describe: %w", err)
	}
	return t.edit(tx, id, Edit{Version: version, Name: n.Name, Description: text}, "describe")
}

// Edit changes name and description and notes the images with them. Errors are
// those of Rename. Without any difference nothing is noted.
func (t *Tree) Edit(tx *kv.Tx, id string, e Edit) (Node, error) { return t.edit(tx, id, e, "edit") }

func (t *Tree) edit(tx *kv.Tx, id string, e Edit, verb string) (Node, error) {
	old, _, err := visible(tx, id)
	if err != nil {
		return Node{}, fmt.Errorf("%s: %w", verb, err)
	}
	n, err := edited(tx, &old, e)
	if err != nil {
		return Node{}, fmt.Errorf("%s %s: %w", verb, quote(old.Name), err)
	}
	what := verb + " " + quote(old.Name)
	if n.Name != old.Name {
		what += " to " + quote(n.Name)
	}
	c := t.begin(tx)
	if n != old {
		if err := c.put(&old, &n); err != nil {
			return Node{}, err
		}
	}
	for _, im := range e.Images {
		if !bytes.Equal(im.From, im.To) {
			c.image(im)
		}
	}
	return n, c.end(what)
}

// edited returns the node as it is to become.
func edited(tx *kv.Tx, old *Node, e Edit) (Node, error) {
	n := *old
	if e.Version != 0 && e.Version != n.Version {
		return n, &VersionError{ID: n.ID, Name: n.Name, Want: e.Version, Have: n.Version}
	}
	var err error
	if n.Name, err = CleanName(e.Name); err != nil {
		return n, err
	}
	if n.Description, err = CleanDescription(e.Description); err != nil {
		return n, err
	}
	in, err := openFolder(tx, n.Parent)
	if err != nil {
		return n, err
	}
	return n, nameFree(tx, in, n.ID, n.Name)
}

// Record notes changes that other packages make in the same transaction as a
// step of their own.
func (t *Tree) Record(tx *kv.Tx, what string, images ...Image) error {
	c := t.begin(tx)
	for _, im := range images {
		c.image(im)
	}
	return c.end(what)
}
