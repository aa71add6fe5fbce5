package draft

import (
	"fmt"
	"iter"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// Get returns the edit of a node, open or a draft, from the ephemeral
// database; ErrNoEdit if there is none.
func Get(eph *kv.Tx, node string) (WorkingCopy, error) {
	w, found, err := Copies().Get(eph, key(node))
	if err == nil && !found {
		err = fmt.Errorf("node %q: %w", node, ErrNoEdit)
	}
	return w, err
}

// List returns all edits, open and drafts, by node.
func List(eph *kv.Tx) ([]WorkingCopy, error) { return collect(Copies().All(eph, nil)) }

// Under returns the edits of nodes that are to be in a folder.
func Under(eph *kv.Tx, parent string) ([]WorkingCopy, error) {
	return collect(Copies().By(eph, "parent", kv.Key(nil).Str(parent)))
}

func collect(copies iter.Seq2[WorkingCopy, error]) ([]WorkingCopy, error) {
	var all []WorkingCopy
	for w, err := range copies {
		if err != nil {
			return all, fmt.Errorf("list edits: %w", err)
		}
		all = append(all, w)
	}
	return all, nil
}

// Usable refuses what a node to be cannot have done to it; what says it for
// people: "run", "exported", "referred to". A draft of a node that is in the
// tree is no obstacle: its finished settings are used. The error is an
// ErrDraft.
func Usable(eph *kv.Tx, node, what string) error {
	w, found, err := Copies().Get(eph, key(node))
	if err != nil || !found || !w.New {
		return err
	}
	return fmt.Errorf("“%s” has not been finished and cannot be %s: %w; continue it and finish first", w.Name, what, ErrDraft)
}
