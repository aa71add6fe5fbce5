package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/tree"
)

func newNodeRm(v env) *cobra.Command {
	var purge bool
	c := &cobra.Command{
		Use:   "rm REF...",
		Short: "Move nodes to the trash, or delete them for good",
		Long: `rm moves nodes, with all that is below them, to the trash. With --purge they are
deleted for good, with tiles, drafts and sessions; REF may lie in the trash
already (by id or name). That cannot be undone. Drafts of new shapes are always
deleted for good.`,
		Args: atLeast(1, "a REF"),
		RunE: func(c *cobra.Command, args []string) error {
			return v.withEngine(c, mustExist, func(ctx context.Context, e *engine.Engine) error {
				if purge {
					return v.purge(ctx, e, args)
				}
				nodes, err := find(ctx, e, args)
				if err != nil {
					return err
				}
				if err := e.Delete(ctx, ids(nodes)); err != nil {
					return unchanged(err)
				}
				for _, n := range nodes {
					if n.New {
						v.tell("discarded the draft", n)
					} else {
						v.tell("moved to the trash", n)
					}
				}
				return nil
			})
		},
	}
	c.Flags().BoolVar(&purge, "purge", false, "delete for good")
	return c
}

// purge deletes nodes for good, by way of the trash where they are not there
// yet.
func (v env) purge(ctx context.Context, e *engine.Engine, refs []string) error {
	var all, visible, gone []engine.Node
	for _, ref := range refs {
		n, err := e.Find(ctx, ref)
		if errors.Is(err, engine.ErrNoNode) || err == nil && n.Parent == tree.Trash {
			n, err = inTrash(ctx, e, ref)
		} else if err == nil {
			visible = append(visible, n)
		}
		if err != nil {
			return found(err)
		}
		all = append(all, n)
		if !n.New { // a draft goes with Delete
			gone = append(gone, n)
		}
	}
	if len(visible) > 0 {
		if err := e.Delete(ctx, ids(visible)); err != nil {
			return unchanged(err)
		}
	}
	if len(gone) > 0 {
		if err := e.Purge(ctx, ids(gone)); err != nil {
			return fmt.Errorf("%w; the nodes are in the trash", err)
		}
	}
	v.tell("deleted for good", all...)
	return nil
}

// inTrash returns the node in the trash that has the id or name.
func inTrash(ctx context.Context, e *engine.Engine, ref string) (engine.Node, error) {
	nodes, err := e.Children(ctx, tree.Trash)
	if err != nil {
		return engine.Node{}, err
	}
	var hits []engine.Node
	for _, n := range nodes {
		if n.ID == ref {
			return n, nil
		}
		if tree.Fold(n.Name) == tree.Fold(ref) {
			hits = append(hits, n)
		}
	}
	switch len(hits) {
	case 0:
		return engine.Node{}, fmt.Errorf("“%s”: %w, in the trash neither", ref, engine.ErrNoNode)
	case 1:
		return hits[0], nil
	}
	return engine.Node{}, fmt.Errorf("“%s”: %w in the trash; name it by id: %s", ref, engine.ErrAmbiguous, strings.Join(ids(hits), ", "))
}

func newNodeRestore(v env) *cobra.Command {
	return &cobra.Command{
		Use:   "restore REF...",
		Short: "Bring nodes back from the trash",
		Long: `restore brings nodes (by id or name, as node ls --trash shows them) back to where
they were, or to the top if that folder is gone. A name that is taken becomes
"name (2)".`,
		Args: atLeast(1, "a REF"),
		RunE: func(c *cobra.Command, args []string) error {
			return v.withEngine(c, mustExist, func(ctx context.Context, e *engine.Engine) error {
				var nodes []engine.Node
				for _, ref := range args {
					n, err := inTrash(ctx, e, ref)
					if err != nil {
						return found(err)
					}
					nodes = append(nodes, n)
				}
				back, err := e.Restore(ctx, ids(nodes))
				if err != nil {
					return unchanged(err)
				}
				v.tell("restored", back...)
				return nil
			})
		},
	}
}

func newNodeEmptyTrash(v env) *cobra.Command {
	return &cobra.Command{
		Use:   "empty-trash",
		Short: "Delete for good what is in the trash",
		Args:  none,
		RunE: func(c *cobra.Command, _ []string) error {
			return v.withEngine(c, mustExist, func(ctx context.Context, e *engine.Engine) error {
				n, err := e.EmptyTrash(ctx)
				if err != nil {
					return fmt.Errorf("empty the trash: %w", err)
				}
				fmt.Fprintf(v.s.out, "deleted %s for good\n", count(n, "node"))
				return nil
			})
		},
	}
}
