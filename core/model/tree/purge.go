package tree

import (
	"fmt"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// Purge deletes nodes of the trash for good, with all below them, and returns
// the ids of all that are gone, so that the caller can delete what belongs to
// them in the same transaction or after it. It cannot be undone: steps that are
// about them are dropped from the undo journal, and so is what could be redone.
// Errors: ErrNoNode, ErrNotInTrash, *BusyError.
func (t *Tree) Purge(tx *kv.Tx, ids []string) ([]string, error) {
	for _, id := range ids {
		if err := inTrash(tx, id); err != nil {
			return nil, fmt.Errorf("delete for good: %w", err)
		}
	}
	gone, err := t.purge(tx, ids)
	if err != nil {
		return nil, fmt.Errorf("delete for good: %w", err)
	}
	return gone, nil
}

// EmptyTrash purges all that is in the trash.
func (t *Tree) EmptyTrash(tx *kv.Tx) ([]string, error) {
	nodes, err := Children(tx, Trash, nil, 0)
	if err != nil {
		return nil, fmt.Errorf("empty the trash: %w", err)
	}
	ids := make([]string, len(nodes))
	for i, n := range nodes {
		ids[i] = n.ID
	}
	gone, err := t.purge(tx, ids)
	if err != nil {
		return nil, fmt.Errorf("empty the trash: %w", err)
	}
	return gone, nil
}

func (t *Tree) purge(tx *kv.Tx, ids []string) ([]string, error) {
	var gone []string
	set := map[string]bool{}
	for _, id := range ids {
		if set[id] {
			continue
		}
		set[id], gone = true, append(gone, id)
		for n, err := range Descendants(tx, id) {
			if err != nil {
				return nil, err
			}
			set[n.ID], gone = true, append(gone, n.ID)
		}
	}
	if len(gone) == 0 {
		return nil, nil
	}
	if err := t.still(tx, set); err != nil {
		return nil, err
	}
	if err := forget(tx, set); err != nil {
		return nil, err
	}
	return gone, remove(tx, gone)
}

func remove(tx *kv.Tx, ids []string) error {
	for _, id := range ids {
		if _, err := Nodes().Delete(tx, Key(id)); err != nil {
			return err
		}
	}
	return nil
}

// forget drops the steps that are about nodes that are going. A step that is
// about others too cannot be taken back by half; those before it began from
// what it would have led back to, and go with it.
func forget(tx *kv.Tx, gone map[string]bool) error {
	steps, err := allSteps(tx)
	if err != nil {
		return err
	}
	if steps, err = dropUndone(tx, steps); err != nil {
		return err
	}
	older := false
	for i := len(steps) - 1; i >= 0; i-- {
		drop := older
		if !drop {
			if drop, older, err = concerns(tx, steps[i].Seq, gone); err != nil {
				return err
			}
		}
		if drop {
			if err := dropStep(tx, steps[i].Seq); err != nil {
				return err
			}
		}
	}
	return nil
}

// concerns reports whether a step is about nodes that are going, or moved one
// from or to a folder that is going, and whether it is about others too.
func concerns(tx *kv.Tx, seq uint64, gone map[string]bool) (some, others bool, err error) {
	for ch, err := range Changes().All(tx, kv.Key(nil).Uint(seq)) {
		if err != nil {
			return false, false, err
		}
		switch {
		case gone[ch.ID]:
			some = true
		case ch.Before != nil && (gone[ch.Before.Parent] || gone[ch.After.Parent]):
			return true, true, nil
		default:
			others = true
		}
	}
	return some, some && others, nil
}

// Reclaim deletes for good what no step can bring back any more: nodes that
// were made and undone before other commands followed. It returns their ids,
// as Purge does, at most about limit of them, and whether there are more. The
// caller does it once a command is done, so that no command has to wait for it.
func (t *Tree) Reclaim(tx *kv.Tx, limit int) (gone []string, more bool, err error) {
	kept, err := redoable(tx)
	if err != nil {
		return nil, false, fmt.Errorf("clear what was undone: %w", err)
	}
	tops, err := Children(tx, Undone, nil, 0)
	if err != nil {
		return nil, false, fmt.Errorf("clear what was undone: %w", err)
	}
	for _, top := range tops {
		if kept[top.ID] {
			continue
		}
		if gone, more, err = leaves(tx, top.ID, gone, limit); err != nil {
			return nil, false, fmt.Errorf("clear what was undone: %w", err)
		}
		if more {
			break
		}
	}
	return gone, more, remove(tx, gone)
}

// leaves appends the ids at and below a node, each after what it holds, until
// there are limit: what is left is a tree still.
func leaves(tx *kv.Tx, id string, gone []string, limit int) ([]string, bool, error) {
	for n, err := range Nodes().By(tx, ByParent, kv.Key(nil).Str(id)) {
		if err != nil {
			return nil, false, err
		}
		var more bool
		if gone, more, err = leaves(tx, n.ID, gone, limit); err != nil || more {
			return gone, more, err
		}
	}
	if len(gone) >= limit {
		return gone, true, nil
	}
	return append(gone, id), false, nil
}

// redoable returns the ids of the nodes that steps which were undone are about.
func redoable(tx *kv.Tx) (map[string]bool, error) {
	steps, err := allSteps(tx)
	if err != nil {
		return nil, err
	}
	ids := map[string]bool{}
	for _, s := range steps[countDone(steps):] {
		for ch, err := range Changes().All(tx, kv.Key(nil).Uint(s.Seq)) {
			if err != nil {
				return nil, err
			}
			ids[ch.ID] = true
		}
	}
	return ids, nil
}
