package tree

import (
	"fmt"
	"slices"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// Reverted tells what an Undo or Redo has changed.
type Reverted struct {
	What  string   // the step, for people
	Nodes []string // ids of the nodes that it was about, in order, each once
}

// History returns what Undo and Redo would do next, for people; "" if there is
// nothing.
func History(tx *kv.Tx) (undo, redo string, err error) {
	steps, err := allSteps(tx)
	if err != nil {
		return "", "", err
	}
	done := countDone(steps)
	if done > 0 {
		undo = steps[done-1].What
	}
	if done < len(steps) {
		redo = steps[done].What
	}
	return undo, redo, nil
}

// countDone returns how many steps, from the oldest, are not undone.
func countDone(steps []Step) int {
	n := slices.IndexFunc(steps, func(s Step) bool { return s.Undone })
	if n < 0 {
		return len(steps)
	}
	return n
}

// Undo takes back the last step that is not undone. Whatever hangs on a node
// that was made is hidden with it and comes back with Redo. Errors: ErrNothing,
// ErrChanged (somebody changed what the step changed in another way),
// *BusyError. Nothing is changed then.
func (t *Tree) Undo(tx *kv.Tx) (Reverted, error) { return t.revert(tx, true) }

// Redo does again the step that was undone last. Errors are those of Undo.
func (t *Tree) Redo(tx *kv.Tx) (Reverted, error) { return t.revert(tx, false) }

func (t *Tree) revert(tx *kv.Tx, undo bool) (Reverted, error) {
	steps, err := allSteps(tx)
	if err != nil {
		return Reverted{}, err
	}
	at, verb := countDone(steps), "redo"
	if undo {
		at, verb = at-1, "undo"
	}
	if at < 0 || at == len(steps) {
		return Reverted{}, nothingError{verb}
	}
	step := steps[at]
	fail := func(err error) (Reverted, error) {
		return Reverted{}, fmt.Errorf("%s: %s: %w", verb, step.What, err)
	}
	changes, err := changesOf(tx, step.Seq)
	if err != nil {
		return fail(err)
	}
	if undo {
		slices.Reverse(changes)
		for i, ch := range changes {
			changes[i].Before, changes[i].After, changes[i].From, changes[i].To = ch.After, ch.Before, ch.To, ch.From
		}
	}
	ids, err := t.apply(tx, changes)
	if err != nil {
		return fail(err)
	}
	step.Undone = undo
	return Reverted{What: step.What, Nodes: ids}, Steps().Put(tx, &step)
}

// apply makes changes: each record must be as it is said to be before.
func (t *Tree) apply(tx *kv.Tx, changes []Change) ([]string, error) {
	if err := t.applicable(tx, changes); err != nil {
		return nil, err
	}
	var ids []string
	seen := map[string]bool{}
	c := t.begin(tx)
	for _, ch := range changes {
		if !seen[ch.ID] {
			seen[ch.ID] = true
			ids = append(ids, ch.ID)
		}
		if ch.Before != nil {
			if err := c.become(ch.ID, ch.After); err != nil {
				return nil, err
			}
			continue
		}
		if t.Apply == nil {
			return nil, fmt.Errorf("nobody puts back records of kind %q", ch.Kind)
		}
		if err := t.Apply(tx, ch.Kind, ch.ID, ch.From, ch.To); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// applicable checks, before anything is changed, that the nodes are as the
// changes expect them and nothing runs in those that go elsewhere.
func (t *Tree) applicable(tx *kv.Tx, changes []Change) error {
	moved := map[string]bool{}
	for _, ch := range changes {
		if ch.Before == nil {
			continue
		}
		n, there, err := Nodes().Get(tx, Key(ch.ID))
		if err != nil {
			return err
		}
		if !there || !n.same(ch.Before) {
			return fmt.Errorf("%s: %w", quote(ch.Before.Name), ErrChanged)
		}
		if ch.Before.Parent != ch.After.Parent {
			moved[ch.ID] = true
		}
	}
	return t.still(tx, moved)
}

// same reports whether two images of a node differ in nothing but version and
// times: an undo brings back what a node was, and is a new version of it.
func (n *Node) same(m *Node) bool {
	return n.Parent == m.Parent && n.Type == m.Type && n.Name == m.Name && n.Description == m.Description &&
		n.From == m.From && n.Deleted.Equal(m.Deleted)
}

// become gives a node the state of an image. Steps are taken back in order, so
// that the place it goes to is as it was; that it really is costs little to
// make sure of.
func (c *command) become(id string, image *Node) error {
	old, err := Get(c.tx, id)
	if err != nil {
		return err
	}
	n := old
	n.Parent, n.Name, n.Description, n.From, n.Deleted = image.Parent, image.Name, image.Description, image.From, image.Deleted
	if n.Parent != Trash && n.Parent != Undone {
		in, err := openFolder(c.tx, n.Parent)
		if err == nil && in.above[id] {
			err = ErrIntoItself
		}
		if err == nil {
			err = nameFree(c.tx, in, id, n.Name)
		}
		if err != nil {
			return fmt.Errorf("%w: %w", ErrChanged, err)
		}
	}
	return c.put(&old, &n)
}
