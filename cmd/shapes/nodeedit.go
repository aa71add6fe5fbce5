package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/tree"
)

// editFlags are the flags of node edit beside those of a recipe.
type editFlags struct {
	*recipeFlags
	name             string
	goOn, discard    bool
	renamed, told    bool // --name and --description were given
	changes, ongoing bool // some field was given; the edit is a draft's
}

func newNodeEdit(v env) *cobra.Command {
	f := &editFlags{recipeFlags: newRecipeFlags()}
	c := &cobra.Command{
		Use:   "edit REF",
		Short: "Change a shape's settings, or finish or discard its draft",
		Long: `edit changes a shape as the flags say and finishes: the new settings count from
the next run on. With --draft they are kept as a draft instead, which --continue
goes on with and --discard throws away. Tiles stay as they are. Of a folder the
name and the description can be changed.`,
		Example: `  shapes node edit Europe/Italy --set vectorTiles.maxzoom=10 --select ITA:0-3
  shapes node edit Europe/Italy --file new.zip=adm1 --draft
  shapes node edit Europe/Italy --continue`,
		Args: exactly("REF"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := f.check(c); err != nil {
				return err
			}
			return v.withEngine(c, mustExist, func(ctx context.Context, e *engine.Engine) error {
				n, err := e.Find(ctx, args[0])
				if err != nil {
					return found(err)
				}
				if n.Type == tree.Folder {
					return editFolder(ctx, v, e, n, f, c)
				}
				return editShape(ctx, v, e, n, f, c)
			})
		},
	}
	fs := c.Flags()
	fs.SortFlags = false
	fs.StringVar(&f.name, "name", "", "another `NAME`")
	f.register(c)
	fs.BoolVar(&f.goOn, "continue", false, "go on with the draft: apply the flags to it and finish")
	fs.BoolVar(&f.discard, "discard", false, "throw the draft away")
	return c
}

func (f *editFlags) check(c *cobra.Command) error {
	f.renamed, f.told = c.Flags().Changed("name"), c.Flags().Changed("description")
	f.changes = f.renamed || f.told || f.given(c)
	switch {
	case f.discard && (f.goOn || f.draft || f.changes):
		return usagef("--discard: throws the draft away; give no other flag")
	case !f.discard && !f.goOn && !f.changes:
		return usagef("edit needs something to change (--name, --description, --source, --file, --select, --set), --continue or --discard")
	}
	return nil
}

func editFolder(ctx context.Context, v env, e *engine.Engine, n engine.Node, f *editFlags, c *cobra.Command) (err error) {
	if f.given(c) || f.draft || f.goOn || f.discard {
		return usagef("“%s” is a folder: only --name and --description can be changed", n.Name)
	}
	if f.renamed {
		if n, err = e.Rename(ctx, n.ID, f.name); err != nil {
			return unchanged(err)
		}
	}
	if f.told {
		if n, err = e.Describe(ctx, n.ID, f.description); err != nil {
			return err
		}
	}
	v.tell("changed", n)
	return nil
}

func editShape(ctx context.Context, v env, e *engine.Engine, n engine.Node, f *editFlags, c *cobra.Command) error {
	switch {
	case f.discard && !n.Draft:
		return fmt.Errorf("“%s” has no draft to discard; nothing was changed", n.Name)
	case f.discard:
		if err := e.Discard(ctx, n.ID); err != nil {
			return err
		}
		v.tell("discarded the draft of", n)
		return nil
	case f.goOn && !n.Draft:
		return fmt.Errorf("“%s” has no draft to go on with; leave out --continue", n.Name)
	case !f.goOn && n.Draft:
		return fmt.Errorf("“%s” has a draft: add --continue to go on with it, or throw it away with --discard first; nothing was changed", n.Name)
	}
	ed, err := e.Edit(ctx, n.ID)
	if err != nil {
		return unchanged(err)
	}
	f.ongoing = n.Draft
	if f.renamed {
		ed.Name = f.name
	}
	if f.told {
		ed.Description = f.description
	}
	if err := f.apply(c, ed.Shape); err != nil {
		return f.giveUp(ctx, e, n, err)
	}
	if err := f.consent(ctx, e, ed.Shape); err != nil {
		return f.giveUp(ctx, e, n, err)
	}
	if f.changes {
		if err := e.Change(ctx, &ed); err != nil {
			return f.giveUp(ctx, e, n, err)
		}
	}
	if f.draft {
		if err := e.KeepDraft(ctx, n.ID); err != nil {
			return err
		}
		v.tell("kept as a draft", n)
		return nil
	}
	done, err := e.Finish(ctx, n.ID)
	if err != nil {
		return f.giveUp(ctx, e, n, fmt.Errorf("%w%s", err, acceptHint(ed.Shape)))
	}
	v.tell("changed", done)
	return nil
}

// giveUp ends an edit that cannot be finished: a draft stays one, what was
// begun now goes.
func (f *editFlags) giveUp(ctx context.Context, e *engine.Engine, n engine.Node, cause error) error {
	ctx = context.WithoutCancel(ctx) // an interruption must not leave the edit open
	if f.ongoing {
		return errors.Join(fmt.Errorf("%w; the draft is kept", while("finish “"+n.Name+"”", cause)), e.KeepDraft(ctx, n.ID))
	}
	return errors.Join(unchanged(while("edit “"+n.Name+"”", cause)), e.Discard(ctx, n.ID))
}
