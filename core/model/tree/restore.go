package tree

import (
	"errors"
	"fmt"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// Restore brings nodes back from the trash, with all below them: to where they
// were, or to the top if that is gone, in the trash itself, or so deep by now
// that they do not fit. One whose name is taken there becomes "name (2)". It
// returns them as they are then, a folder before what was in it. Errors: ErrNoNode,
// ErrNotInTrash.
func (t *Tree) Restore(tx *kv.Tx, ids []string) ([]Node, error) {
	r := restoring{c: t.begin(tx), wanted: map[string]bool{}}
	for _, id := range ids {
		if err := inTrash(tx, id); err != nil {
			return nil, fmt.Errorf("restore: %w", err)
		}
		r.wanted[id] = true
	}
	for _, id := range ids {
		if err := r.restore(id); err != nil {
			return nil, fmt.Errorf("restore: %w", err)
		}
	}
	list := make([]Node, 0, len(ids))
	for _, ch := range r.c.changes {
		list = append(list, *ch.After)
	}
	return list, r.c.end("restore " + some(list))
}

// inTrash returns an error unless the node with the id was deleted itself.
func inTrash(tx *kv.Tx, id string) error {
	n, err := Get(tx, id)
	if err == nil && n.Parent != Trash {
		err = fmt.Errorf("%s: %w", quote(n.Name), ErrNotInTrash)
	}
	return err
}

// restoring is a Restore under way.
type restoring struct {
	c      *command
	wanted map[string]bool // and not restored yet
}

// restore brings back one node, after the deleted folder that it was in if
// that is wanted too.
func (r *restoring) restore(id string) error {
	if !r.wanted[id] {
		return nil
	}
	delete(r.wanted, id)
	n, err := Get(r.c.tx, id)
	if err != nil {
		return err
	}
	if err := r.restoreAbove(n.From); err != nil {
		return err
	}
	to, err := r.target(&n)
	if err != nil {
		return err
	}
	_, err = r.c.relocate(&n, to)
	return err
}

// restoreAbove restores the deleted folder in which id lies, if it is wanted.
func (r *restoring) restoreAbove(id string) error {
	if isAnchor(id) {
		return nil
	}
	path, err := Path(r.c.tx, id)
	if errors.Is(err, ErrNoNode) && !errors.Is(err, ErrDamaged) {
		return nil
	}
	if err != nil {
		return err
	}
	return r.restore(path[0].ID)
}

// target returns where a node of the trash goes.
func (r *restoring) target(n *Node) (string, error) {
	in, err := openFolder(r.c.tx, n.From)
	if err == nil {
		err = fits(r.c.tx, n, in)
	}
	switch {
	case err == nil:
		return n.From, nil
	case errors.Is(err, ErrDamaged):
		return "", err
	case errors.Is(err, ErrNoNode), errors.Is(err, ErrInTrash), errors.Is(err, ErrNotFolder),
		errors.Is(err, ErrTooDeep), errors.Is(err, ErrIntoItself):
		return Root, nil
	}
	return "", err
}
