package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/model/tree"
)

func newNodeNew(v env) *cobra.Command {
	f := newRecipeFlags()
	var folderOnly, parents bool
	c := &cobra.Command{
		Use:   "new PATH",
		Short: "Make a shape, or a folder",
		Long: `new makes the shape PATH (Europe/Italy): a recipe of vector tiles, which shapes run
carries out. Without --source it is of the bundled world, with --file of files.
With --folder it makes a folder. The folders on the way must be there, unless
--parents makes them. It writes what it made, with the id.`,
		Example: `  shapes node new World --set vectorTiles.maxzoom=4
  shapes node new Europe/Italy --parents --select ITA:0-1
  shapes node new Towns --file regions.zip=adm1 --file comuni.geojson=adm3`,
		Args: exactly("PATH"),
		RunE: func(c *cobra.Command, args []string) error {
			if folderOnly && (f.draft || f.given(c)) {
				return usagef("--folder: a folder has no settings; leave out --source, --file, --select, --set and --draft")
			}
			// All that can be refused without the tree is refused before it is touched.
			s := shape.New("")
			if err := f.apply(c, s); err != nil {
				return err
			}
			if err := s.Validate(); err != nil && !folderOnly && !f.draft {
				return usagef("%w; nothing was made%s", err, acceptHint(s))
			}
			way, err := names(args[0])
			if err != nil {
				return err
			}
			return v.withEngine(c, mayMake, func(ctx context.Context, e *engine.Engine) error {
				m := maker{v: v, e: e, parents: parents}
				if folderOnly {
					return m.folder(ctx, way, f.description)
				}
				return m.shape(ctx, way, s, f)
			})
		},
	}
	c.Flags().SortFlags = false
	f.register(c)
	c.Flags().BoolVar(&folderOnly, "folder", false, "make a folder")
	c.Flags().BoolVarP(&parents, "parents", "p", false, "make the folders on the way that are missing")
	return c
}

// names splits a path and checks each name.
func names(path string) ([]string, error) {
	var out []string
	for part := range strings.SplitSeq(strings.Trim(path, "/"), "/") {
		name, err := tree.CleanName(part)
		if err != nil {
			return nil, usagef("path %q: %w", path, err)
		}
		out = append(out, name)
	}
	return out, nil
}

// maker makes nodes.
type maker struct {
	v       env
	e       *engine.Engine
	parents bool
	made    []engine.Node // folders
}

// parent returns the folder in which the last name of a way is to be. What is
// missing is found before the first folder is made.
func (m *maker) parent(ctx context.Context, way []string) (string, error) {
	at := tree.Root
	for i, name := range way[:len(way)-1] {
		path := strings.Join(way[:i+1], "/")
		n, err := m.child(ctx, at, name)
		switch {
		case err == nil && n.Type != tree.Folder:
			return "", fmt.Errorf("“%s”: %w; nothing was made", path, tree.ErrNotFolder)
		case errors.Is(err, engine.ErrNoNode) && m.parents:
			if n, err = m.e.CreateFolder(ctx, at, name); err == nil {
				m.made = append(m.made, n)
			}
		case errors.Is(err, engine.ErrNoNode):
			return "", fmt.Errorf("there is no folder “%s”; nothing was made (--parents makes it)", path)
		}
		if err != nil {
			return "", err
		}
		at = n.ID
	}
	return at, nil
}

// child returns the finished node of that name in a folder.
func (m *maker) child(ctx context.Context, parent, name string) (engine.Node, error) {
	nodes, err := m.e.Children(ctx, parent)
	for _, n := range nodes {
		if !n.New && tree.Fold(n.Name) == tree.Fold(name) {
			return n, nil
		}
	}
	if err == nil {
		err = engine.ErrNoNode
	}
	return engine.Node{}, err
}

// undo takes back the folders that were made for what then failed.
func (m *maker) undo(ctx context.Context, cause error) error {
	var errs []error
	for range m.made {
		if _, err := m.e.Undo(ctx); err != nil {
			errs = append(errs, fmt.Errorf("take back the folders: %w", err))
			break
		}
	}
	return errors.Join(append([]error{cause}, errs...)...)
}

func (m *maker) folder(ctx context.Context, way []string, description string) error {
	at, err := m.parent(ctx, way)
	if err != nil {
		return err
	}
	n, err := m.e.CreateFolder(ctx, at, way[len(way)-1])
	if err != nil {
		return unchanged(m.undo(ctx, err))
	}
	if description != "" {
		if n, err = m.e.Describe(ctx, n.ID, description); err != nil {
			return err
		}
	}
	m.v.tell("made", append(m.made, n)...)
	return nil
}

func (m *maker) shape(ctx context.Context, way []string, s *shape.Shape, f *recipeFlags) error {
	path, name := strings.Join(way, "/"), way[len(way)-1]
	at, err := m.parent(ctx, way)
	if err != nil {
		return err
	}
	if _, err := m.child(ctx, at, name); err == nil {
		return unchanged(m.undo(ctx, fmt.Errorf("make “%s”: %w", path, tree.ErrTaken)))
	}
	if err := f.consent(ctx, m.e, s); err != nil {
		return unchanged(m.undo(ctx, fmt.Errorf("make “%s”: %w", path, err)))
	}
	ed, err := m.e.New(ctx, at, engine.NewShape{
		Name: name, Description: f.description, Source: s.Source, Variant: s.Variant, Files: s.Files, License: s.License,
		Selection: s.Selection, Config: &s.Config,
	})
	if err != nil {
		return unchanged(m.undo(ctx, fmt.Errorf("make “%s”: %w", path, err)))
	}
	if f.draft {
		if err := m.e.KeepDraft(ctx, ed.Node); err != nil {
			return err
		}
		m.v.tell("made", m.made...)
		n, err := m.e.Node(ctx, ed.Node)
		m.v.tell("kept as a draft", n)
		return err
	}
	n, err := m.e.Finish(ctx, ed.Node)
	if err != nil {
		err = errors.Join(fmt.Errorf("make “%s”: %w", path, err), m.e.Discard(ctx, ed.Node))
		return unchanged(m.undo(ctx, err))
	}
	m.v.tell("made", append(m.made, n)...)
	return nil
}
