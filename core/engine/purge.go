package engine

import (
	"context"
	"fmt"

	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// Purge deletes nodes in the trash for good, with all that is theirs: working
// copies, sessions, buffers, tiles and references.
func (e *Engine) Purge(ctx context.Context, ids []string) error {
	_, err := e.purge(ctx, ids)
	return err
}

// EmptyTrash purges all that is in the trash, and says how many nodes.
func (e *Engine) EmptyTrash(ctx context.Context) (int, error) {
	var ids []string
	if err := e.coreView(func(tx *kv.Tx) error {
		nodes, err := tree.Children(tx, tree.Trash, nil, 0)
		for _, n := range nodes {
			ids = append(ids, n.ID)
		}
		return err
	}); err != nil || len(ids) == 0 {
		return 0, err
	}
	return e.purge(ctx, ids)
}

func (e *Engine) purge(ctx context.Context, ids []string) (int, error) {
	if err := e.command(); err != nil {
		return 0, err
	}
	defer e.commands.Unlock()
	var all []string
	if err := e.coreView(func(tx *kv.Tx) error {
		for _, id := range ids {
			all = append(all, id)
			for n, err := range tree.Descendants(tx, id) {
				if err != nil {
					return err
				}
				all = append(all, n.ID)
			}
		}
		return nil
	}); err != nil {
		return 0, err
	}
	if err := e.endSessions(ctx, all); err != nil {
		return 0, err
	}
	_, err := e.m.NodesPurged(ctx, all, func(tx *kv.Tx) error {
		_, err := e.tree.Purge(tx, ids)
		return err
	})
	if err != nil {
		return 0, err
	}
	return len(all), nil
}

// endSessions cancels the paused sessions of nodes that are to go. One that
// runs keeps its node from going.
func (e *Engine) endSessions(ctx context.Context, nodes []string) error {
	a, err := e.look()
	if err != nil {
		return err
	}
	for _, id := range nodes {
		if st := a.sessions[id]; st == session.Running || st == session.Pending {
			return fmt.Errorf("delete for good: %w: a session runs in it; stop it first. Nothing was deleted", ErrRunning)
		}
	}
	for _, id := range nodes {
		if a.sessions[id] != session.Paused {
			continue
		}
		s, err := e.Session(ctx, id)
		if err != nil {
			return err
		}
		if err := e.cancel(ctx, s.ID, id, ""); err != nil {
			return err
		}
	}
	return nil
}
