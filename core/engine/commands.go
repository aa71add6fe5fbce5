package engine

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/shapes-desktop/shapes/core/model/draft"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// change runs a command on the tree and returns the node it is about.
func (e *Engine) change(ctx context.Context, fn func(tx *kv.Tx) (tree.Node, error)) (Node, error) {
	var n tree.Node
	err := e.core(func(tx *kv.Tx) (err error) {
		n, err = fn(tx)
		return err
	})
	if err != nil {
		return Node{}, err
	}
	e.reclaim(ctx)
	return e.Node(ctx, n.ID)
}

// reclaimAtOnce is how many nodes that nothing can bring back are deleted
// after a command; the rest waits for upkeep.
const reclaimAtOnce = 100

// reclaim deletes what an undo took back and no redo can bring again.
func (e *Engine) reclaim(ctx context.Context) (more bool) {
	var gone []string
	err := e.core(func(tx *kv.Tx) (err error) {
		gone, more, err = e.tree.Reclaim(tx, reclaimAtOnce)
		return err
	})
	if err == nil && len(gone) > 0 {
		_, err = e.m.NodesPurged(ctx, gone, nil)
	}
	if err != nil {
		e.log.Error("clear what was undone", "error", err)
	}
	return more && err == nil
}

// CreateFolder makes a folder.
func (e *Engine) CreateFolder(ctx context.Context, parent, name string) (Node, error) {
	return e.change(ctx, func(tx *kv.Tx) (tree.Node, error) {
		return e.tree.Create(tx, tree.New{Parent: parent, Type: tree.Folder, Name: name})
	})
}

// Rename gives a node, or the draft of one, another name.
func (e *Engine) Rename(ctx context.Context, id, name string) (Node, error) {
	if done, err := e.changeDraft(id, func(w *draft.WorkingCopy) error {
		clean, err := tree.CleanName(name)
		w.Name = clean
		return err
	}); done || err != nil {
		if err != nil {
			return Node{}, err
		}
		return e.Node(ctx, id)
	}
	return e.change(ctx, func(tx *kv.Tx) (tree.Node, error) { return e.tree.Rename(tx, id, 0, name) })
}

// changeDraft changes the working copy of a node that is not in the tree yet,
// and reports whether there is one.
func (e *Engine) changeDraft(id string, fn func(w *draft.WorkingCopy) error) (done bool, err error) {
	err = e.eph(func(tx *kv.Tx) error {
		w, ok, err := draft.Copies().Get(tx, kv.Key(nil).Str(id))
		if err != nil || !ok || !w.New {
			return err
		}
		done = true
		if err := fn(&w); err != nil {
			return err
		}
		w.Updated = e.now()
		return draft.Copies().Put(tx, &w)
	})
	return done, err
}

// Describe gives a node another description.
func (e *Engine) Describe(ctx context.Context, id, text string) (Node, error) {
	return e.change(ctx, func(tx *kv.Tx) (tree.Node, error) { return e.tree.Describe(tx, id, 0, text) })
}

// parted returns which of ids are drafts of nodes to be, and which are nodes.
func (e *Engine) parted(ids []string) (drafts, nodes []string, err error) {
	a, err := e.look()
	for _, id := range ids {
		if a.copies[id].New {
			drafts = append(drafts, id)
		} else {
			nodes = append(nodes, id)
		}
	}
	return drafts, nodes, err
}

// Move moves nodes into a folder; one whose name is taken there becomes
// "name (2)". Errors: tree.ErrIntoItself, tree.ErrTooDeep, ErrRunning and the
// like; nothing is moved then.
func (e *Engine) Move(ctx context.Context, ids []string, parent string) error {
	if err := e.command(); err != nil { // no session may begin meanwhile
		return err
	}
	defer e.commands.Unlock()
	drafts, nodes, err := e.parted(ids)
	if err != nil {
		return err
	}
	if len(nodes) > 0 {
		err = e.core(func(tx *kv.Tx) error {
			_, err := e.tree.Move(tx, nodes, parent)
			return err
		})
		if err != nil {
			return err
		}
		e.reclaim(ctx)
	}
	if len(drafts) == 0 {
		return nil
	}
	if parent != tree.Root {
		if n, err := e.Node(ctx, parent); err != nil || n.Type != tree.Folder {
			return fmt.Errorf("move a draft: %w", cmp.Or(err, tree.ErrNotFolder))
		}
	}
	return e.eph(func(tx *kv.Tx) error {
		for _, id := range drafts {
			if err := draft.Move(tx, id, parent, e.now()); err != nil {
				return err
			}
		}
		return nil
	})
}

// Copy makes copies of nodes, with all below them and their settings, but
// without tiles and runs.
func (e *Engine) Copy(ctx context.Context, ids []string, parent string) ([]Node, error) {
	drafts, _, err := e.parted(ids)
	if err == nil && len(drafts) > 0 {
		err = fmt.Errorf("copy: %w; finish it first", ErrDraft)
	}
	if err != nil {
		return nil, err
	}
	var tops []tree.Node
	err = e.core(func(tx *kv.Tx) error {
		made, err := e.tree.Copy(tx, ids, parent)
		if err != nil {
			return err
		}
		tops = made.Tops
		for _, old := range slices.Sorted(maps.Keys(made.IDs)) {
			if err := e.copyShape(tx, old, made.IDs[old]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	e.reclaim(ctx)
	return e.nodesOf(ctx, tops)
}

// copyShape gives node the settings of another one, if that is a shape.
func (e *Engine) copyShape(tx *kv.Tx, old, node string) error {
	s, ok, err := shape.Shapes().Get(tx, kv.Key(nil).Str(old))
	if err != nil || !ok {
		return err
	}
	c := s.Clone()
	c.Node, c.Created, c.Updated, c.Version, c.Session, c.SourceData = node, e.now(), e.now(), 1, "", nil
	if err := shape.Relate(tx, c, e.now()); err != nil {
		return err
	}
	return shape.Shapes().Put(tx, c)
}

func (e *Engine) nodesOf(ctx context.Context, nodes []tree.Node) ([]Node, error) {
	out := make([]Node, 0, len(nodes))
	for _, n := range nodes {
		node, err := e.Node(ctx, n.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, node)
	}
	return out, nil
}

// Delete moves nodes to the trash, and discards drafts of nodes to be: they
// have no place there.
func (e *Engine) Delete(ctx context.Context, ids []string) error {
	if err := e.command(); err != nil { // no session may begin meanwhile
		return err
	}
	defer e.commands.Unlock()
	drafts, nodes, err := e.parted(ids)
	if err != nil {
		return err
	}
	if len(nodes) > 0 {
		if err := e.core(func(tx *kv.Tx) error {
			_, err := e.tree.Delete(tx, nodes)
			return err
		}); err != nil {
			return err
		}
		e.reclaim(ctx)
	}
	for _, id := range drafts {
		if err := e.Discard(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// Restore brings nodes back from the trash to where they were, or to the top.
func (e *Engine) Restore(ctx context.Context, ids []string) ([]Node, error) {
	var nodes []tree.Node
	if err := e.core(func(tx *kv.Tx) (err error) {
		nodes, err = e.tree.Restore(tx, ids)
		return err
	}); err != nil {
		return nil, err
	}
	e.reclaim(ctx)
	return e.nodesOf(ctx, nodes)
}

// Undo takes back the last command and says which.
func (e *Engine) Undo(ctx context.Context) (string, error) { return e.revert(ctx, e.tree.Undo) }

// Redo does again what was undone last and says what.
func (e *Engine) Redo(ctx context.Context) (string, error) { return e.revert(ctx, e.tree.Redo) }

func (e *Engine) revert(ctx context.Context, fn func(tx *kv.Tx) (tree.Reverted, error)) (string, error) {
	if err := e.command(); err != nil { // no session may begin meanwhile
		return "", err
	}
	defer e.commands.Unlock()
	var r tree.Reverted
	err := e.core(func(tx *kv.Tx) (err error) {
		r, err = fn(tx)
		return err
	})
	return r.What, cmp.Or(err, ctx.Err())
}

// UndoState says what Undo and Redo would do.
func (e *Engine) UndoState(context.Context) (UndoState, error) {
	var s UndoState
	err := e.coreView(func(tx *kv.Tx) (err error) {
		s.Undo, s.Redo, err = tree.History(tx)
		return err
	})
	return s, err
}

// engaged names the nodes in which a session is under way.
func (e *Engine) engaged() []tree.Engaged {
	a, err := e.look()
	if err != nil {
		e.log.Error("look for sessions", "error", err)
		return nil
	}
	var out []tree.Engaged
	for node, st := range a.sessions {
		if st == session.Running || st == session.Pending {
			out = append(out, tree.Engaged{ID: node, Reason: "a session runs here; stop it first"})
		}
	}
	slices.SortFunc(out, func(a, b tree.Engaged) int { return strings.Compare(a.ID, b.ID) })
	return out
}
