package tree

import (
	"fmt"
	"slices"
	"time"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// Move puts nodes, with all below them, into a folder (Root is the top). Nodes
// that come along with another of them, or are there already, stay as they are.
// One whose name is taken there becomes "name (2)". It returns those that were
// moved. Errors: ErrNoNode, ErrNotFolder, ErrInTrash, ErrIntoItself,
// ErrTooDeep, *BusyError.
func (t *Tree) Move(tx *kv.Tx, ids []string, parent string) ([]Node, error) {
	in, err := openFolder(tx, parent)
	if err != nil {
		return nil, fmt.Errorf("move: %w", err)
	}
	list, err := t.movable(tx, ids)
	if err != nil {
		return nil, fmt.Errorf("move to %s: %w", in.name, err)
	}
	for i := range list {
		if err := fits(tx, &list[i], in); err != nil {
			return nil, fmt.Errorf("move %s to %s: %w", quote(list[i].Name), in.name, err)
		}
	}
	list = slices.DeleteFunc(list, func(n Node) bool { return n.Parent == parent })
	c := t.begin(tx)
	for i := range list {
		if list[i], err = c.relocate(&list[i], parent); err != nil {
			return nil, err
		}
	}
	return list, c.end(fmt.Sprintf("move %s to %s", some(list), in.name))
}

// movable returns the nodes of the visible tree that have the ids, without
// repetition and without those that lie below another of them, once nothing
// runs in them.
func (t *Tree) movable(tx *kv.Tx, ids []string) ([]Node, error) {
	chosen := map[string]bool{}
	for _, id := range ids {
		chosen[id] = true
	}
	var list []Node
	seen := map[string]bool{}
	for _, id := range ids {
		if seen[id] {
			continue
		}
		seen[id] = true
		n, _, err := visible(tx, id)
		if err != nil {
			return nil, err
		}
		if along, err := anyAbove(tx, n.Parent, chosen); err != nil {
			return nil, err
		} else if !along {
			list = append(list, n)
		}
	}
	return list, t.still(tx, chosen)
}

// anyAbove reports whether id or a folder above it is in the set.
func anyAbove(tx *kv.Tx, id string, set map[string]bool) (bool, error) {
	if isAnchor(id) {
		return false, nil
	}
	path, err := Path(tx, id)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(path, func(n Node) bool { return set[n.ID] }), nil
}

// still returns a *BusyError if something runs in or below one of the nodes.
// What runs is little, so that it is asked from there upwards.
func (t *Tree) still(tx *kv.Tx, ids map[string]bool) error {
	if t.Busy == nil {
		return nil
	}
	for _, b := range t.Busy() {
		n, there, err := Nodes().Get(tx, Key(b.ID))
		if err != nil {
			return err
		}
		if !there { // a new node that is only a working copy yet
			continue
		}
		if in, err := anyAbove(tx, b.ID, ids); err != nil {
			return err
		} else if in {
			return &BusyError{ID: b.ID, Name: n.Name, Reason: b.Reason}
		}
	}
	return nil
}

// fits returns why a node cannot be in a folder: ErrIntoItself or ErrTooDeep.
func fits(tx *kv.Tx, n *Node, in folder) error {
	if in.above[n.ID] {
		return ErrIntoItself
	}
	if room := MaxDepth - in.depth; height(tx, n, room+1) > room {
		return ErrTooDeep
	}
	return nil
}

// relocate puts a node into a folder of the visible tree, where its name may
// get a number.
func (c *command) relocate(old *Node, parent string) (Node, error) {
	n := *old
	var err error
	if n.Name, err = free(c.tx, parent, n.ID, n.Name); err != nil {
		return n, err
	}
	n.Parent, n.From, n.Deleted = parent, "", time.Time{}
	return n, c.put(old, &n)
}

// Delete moves nodes, with all below them, to the trash, and returns them as
// they are there. Errors: ErrNoNode, ErrInTrash, *BusyError.
func (t *Tree) Delete(tx *kv.Tx, ids []string) ([]Node, error) {
	list, err := t.movable(tx, ids)
	if err != nil {
		return nil, fmt.Errorf("delete: %w", err)
	}
	c := t.begin(tx)
	for i := range list {
		if list[i], err = c.discard(&list[i]); err != nil {
			return nil, fmt.Errorf("delete: %w", err)
		}
	}
	return list, c.end("delete " + some(list))
}

// discard puts a node into the trash.
func (c *command) discard(old *Node) (Node, error) {
	n := *old
	n.Parent, n.From, n.Deleted = Trash, old.Parent, c.now
	return n, c.put(old, &n)
}

// some writes one node's name, or how many there are, into a sentence.
func some(list []Node) string {
	if len(list) == 1 {
		return quote(list[0].Name)
	}
	return fmt.Sprintf("%d items", len(list))
}
