package engine

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/shapes-desktop/shapes/core/model/draft"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// Find returns the node that ref names: its id, its path ("Europe/Italy"), or
// its name if that is unique. Drafts of nodes to be are found as nodes are.
// Errors: ErrNoNode, ErrAmbiguous with the paths.
func (e *Engine) Find(ctx context.Context, ref string) (Node, error) {
	if n, err := e.Node(ctx, ref); err == nil {
		return n, nil
	}
	a, err := e.look()
	if err != nil {
		return Node{}, err
	}
	var id string
	err = e.coreView(func(tx *kv.Tx) (err error) {
		if n, err := tree.Find(tx, ref); err == nil {
			id = n.ID
			return nil
		}
		id, err = soNamed(tx, ref, a)
		return err
	})
	if err != nil {
		return Node{}, err
	}
	return e.Node(ctx, id)
}

// maxNamed bounds how many nodes of one name are listed.
const maxNamed = 10

// pathed is a node, or a draft of one to be, that a name may mean.
type pathed struct{ id, path string }

// soNamed returns the id of what has ref for its name; or of the draft that has
// it for its path, which the tree does not know.
func soNamed(tx *kv.Tx, ref string, a around) (string, error) {
	nodes, err := tree.Named(tx, ref, maxNamed)
	if err != nil {
		return "", err
	}
	var all []pathed
	for _, n := range nodes {
		way, err := pathText(tx, n.ID)
		if err != nil {
			return "", err
		}
		all = append(all, pathed{n.ID, slashed(way)})
	}
	folded := tree.Fold(strings.Trim(ref, "/"))
	var there []pathed // drafts at just that path: more than one may be
	for _, d := range draftsToBe(tx, a) {
		if tree.Fold(d.path) == folded {
			there = append(there, d)
		}
		if tree.Fold(d.path[strings.LastIndexByte(d.path, '/')+1:]) == folded {
			all = append(all, pathed{d.id, d.path + " (a draft, " + d.id + ")"})
		}
	}
	switch {
	case len(there) == 1:
		return there[0].id, nil
	case len(there) > 1:
		return "", fmt.Errorf("“%s”: %w: drafts %s and %s; give one of these ids", ref, ErrAmbiguous, there[0].id, there[1].id)
	case len(all) == 1:
		return all[0].id, nil
	case len(all) == 0:
		return "", fmt.Errorf("“%s”: %w", ref, ErrNoNode)
	}
	var paths []string
	for _, p := range all {
		paths = append(paths, p.path)
	}
	return "", fmt.Errorf("“%s”: %w: %s; give one of these, or an id", ref, ErrAmbiguous, strings.Join(paths, ", "))
}

// draftsToBe lists the drafts of nodes that the tree does not know yet, by
// path. One whose folder has gone stands at the top.
func draftsToBe(tx *kv.Tx, a around) []pathed {
	var out []pathed
	for _, w := range a.copies {
		if w.New {
			out = append(out, pathed{w.Node, draftPath(tx, w)})
		}
	}
	slices.SortFunc(out, func(a, b pathed) int { return cmp.Or(cmp.Compare(a.path, b.path), cmp.Compare(a.id, b.id)) })
	return out
}

func draftPath(tx *kv.Tx, w draft.WorkingCopy) string {
	if way, err := pathText(tx, w.Parent); err == nil && way != "" {
		return slashed(way) + "/" + w.Name
	}
	return w.Name
}

// slashed writes a path as people give it: pathText sets it wider, to be read.
func slashed(way string) string { return strings.ReplaceAll(way, " / ", "/") }
