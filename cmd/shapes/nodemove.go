package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/shapes-desktop/shapes/core/engine"
)

func newNodeMv(v env) *cobra.Command {
	return &cobra.Command{
		Use:   "mv REF... FOLDER",
		Short: "Move nodes into a folder",
		Long: `mv moves nodes, with all that is below them, into FOLDER; / is the top. A name
that is taken there becomes "name (2)".`,
		Example: "  shapes node mv Italy France Europe\n  shapes node mv Europe/Italy /",
		Args:    atLeast(2, "a REF and a FOLDER"),
		RunE: func(c *cobra.Command, args []string) error {
			return v.withPlace(c, args, func(ctx context.Context, e *engine.Engine, nodes []engine.Node, to string) error {
				if err := e.Move(ctx, ids(nodes), to); err != nil {
					return unchanged(err)
				}
				for i, n := range nodes { // a name that was taken there is another now
					var err error
					if nodes[i], err = e.Node(ctx, n.ID); err != nil {
						return err
					}
				}
				v.tell("moved", nodes...)
				return nil
			})
		},
	}
}

func newNodeCp(v env) *cobra.Command {
	return &cobra.Command{
		Use:   "cp REF... FOLDER",
		Short: "Copy nodes into a folder",
		Long: `cp copies nodes, with all that is below them and their settings but not their
tiles, into FOLDER; / is the top. A name that is taken there becomes "name (2)".`,
		Args: atLeast(2, "a REF and a FOLDER"),
		RunE: func(c *cobra.Command, args []string) error {
			return v.withPlace(c, args, func(ctx context.Context, e *engine.Engine, nodes []engine.Node, to string) error {
				made, err := e.Copy(ctx, ids(nodes), to)
				if err != nil {
					return unchanged(err)
				}
				v.tell("made", made...)
				return nil
			})
		},
	}
}

// withPlace opens the data directory for a command on nodes and a folder.
func (v env) withPlace(c *cobra.Command, args []string, fn func(ctx context.Context, e *engine.Engine, nodes []engine.Node, to string) error) error {
	return v.withEngine(c, mustExist, func(ctx context.Context, e *engine.Engine) error {
		last := len(args) - 1
		to, err := folder(ctx, e, args[last])
		if err != nil {
			return err
		}
		nodes, err := find(ctx, e, args[:last])
		if err != nil {
			return err
		}
		return fn(ctx, e, nodes, to)
	})
}

func newNodeRename(v env) *cobra.Command {
	return &cobra.Command{
		Use:   "rename REF NAME",
		Short: "Give a node another name",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usagef("rename needs a REF and a NAME, got %d", len(args))
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			return v.withEngine(c, mustExist, func(ctx context.Context, e *engine.Engine) error {
				nodes, err := find(ctx, e, args[:1])
				if err != nil {
					return err
				}
				n, err := e.Rename(ctx, nodes[0].ID, args[1])
				if err != nil {
					return unchanged(err)
				}
				v.tell("renamed to", n)
				return nil
			})
		},
	}
}

func newNodeRevert(v env, name, short string, step func(*engine.Engine, context.Context) (string, error)) *cobra.Command {
	n := intFlag{1, 1, 100}
	c := &cobra.Command{
		Use: name, Short: short, Args: none,
		Long: short + ", those of the window as well, and say which.\nRuns and tiles are no changes of the tree.",
		RunE: func(c *cobra.Command, _ []string) error {
			return v.withEngine(c, mustExist, func(ctx context.Context, e *engine.Engine) error {
				for i := range n.value {
					what, err := step(e, ctx)
					if err != nil && i > 0 {
						return fmt.Errorf("%w; %d of %s were %sne", err, i, count(n.value, "change"), name)
					}
					if err != nil {
						return unchanged(err)
					}
					fmt.Fprintf(v.s.out, "%s: %s\n", name, oneRow(what))
				}
				return nil
			})
		},
	}
	c.Flags().VarP(&n, "number", "n", "how many changes, 1 to 100")
	return c
}
