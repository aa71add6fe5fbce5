package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/shapes-desktop/shapes/core/model/draft"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/core/store/kv"
	"github.com/shapes-desktop/shapes/resources/sample"
)

// around is what lies outside the tree and shows in its rows.
type around struct {
	copies   map[string]draft.WorkingCopy
	sessions map[string]session.Status // of those that have not ended, by node
	tiles    map[string]bool           // nodes with a tile file; nil: look one by one
}

// look gathers what shows beside the nodes. There are few edits and sessions,
// however many nodes there are.
func (e *Engine) look() (around, error) {
	a := around{copies: map[string]draft.WorkingCopy{}, sessions: map[string]session.Status{}}
	err := e.ephView(func(tx *kv.Tx) error {
		all, err := draft.List(tx)
		if err != nil {
			return err
		}
		for _, w := range all {
			a.copies[w.Node] = w
		}
		for _, st := range []session.Status{session.Pending, session.Running, session.Paused} {
			for s, err := range session.Sessions().By(tx, "status", kv.Key(nil).Str(string(st))) {
				if err != nil {
					return err
				}
				a.sessions[s.Node] = s.Status
			}
		}
		return nil
	})
	return a, err
}

// row returns a node as screens see it, without what takes reading its shape.
func (e *Engine) row(tx *kv.Tx, n tree.Node, a around) Node {
	r := Node{
		ID: n.ID, Parent: n.Parent, Type: n.Type, Name: n.Name, Description: n.Description, Version: n.Version,
		Deleted: n.Deleted, Session: a.sessions[n.ID],
	}
	if w, ok := a.copies[n.ID]; ok {
		r.Draft = w.Draft
	}
	if n.Type == tree.Folder {
		r.Children = tree.Count(tx, n.ID)
		for _, w := range a.copies {
			if w.New && w.Parent == n.ID {
				r.Children++
			}
		}
	} else if a.tiles == nil || a.tiles[n.ID] {
		if info, err := os.Stat(e.tileFile(n.ID)); err == nil {
			r.HasTiles, r.Built, r.Bytes = true, info.ModTime(), info.Size()
		}
	}
	if n.Parent == tree.Trash {
		r.From = "the top"
		if names, err := pathText(tx, n.From); err == nil && names != "" {
			r.From = names
		}
	}
	return r
}

// rowOfDraft returns the row of a node that is a draft only.
func rowOfDraft(w draft.WorkingCopy) Node {
	return Node{
		ID: w.Node, Parent: w.Parent, Type: tree.Shape, Name: w.Name, Description: w.Description,
		Draft: true, New: true,
	}
}

// manyRows is from how many rows on the folder of tiles is read whole.
const manyRows = 50

// Children returns what a folder holds: folders first, then by name; drafts of
// nodes to be come last. parent may be tree.Root and tree.Trash.
func (e *Engine) Children(ctx context.Context, parent string) ([]Node, error) {
	a, err := e.look()
	if err != nil {
		return nil, err
	}
	var out []Node
	err = e.coreView(func(tx *kv.Tx) error {
		if parent != tree.Root && parent != tree.Trash {
			if _, err := tree.Get(tx, parent); err != nil {
				return err
			}
		}
		nodes, err := tree.Children(tx, parent, nil, 0)
		if err != nil {
			return err
		}
		if len(nodes) > manyRows {
			if a.tiles, err = e.withTiles(); err != nil {
				return err
			}
		}
		out = make([]Node, 0, len(nodes))
		for _, n := range nodes {
			out = append(out, e.row(tx, n, a))
		}
		return ctx.Err()
	})
	var drafts []Node
	for _, w := range a.copies {
		if w.New && w.Parent == parent {
			drafts = append(drafts, rowOfDraft(w))
		}
	}
	slices.SortFunc(drafts, func(a, b Node) int {
		return cmp.Or(cmp.Compare(tree.Fold(a.Name), tree.Fold(b.Name)), cmp.Compare(a.ID, b.ID))
	})
	return append(out, drafts...), err
}

func (e *Engine) withTiles() (map[string]bool, error) {
	ids, err := tileFiles{filepath.Join(e.dir, "tiles")}.Nodes()
	if err != nil {
		return nil, err
	}
	out := make(map[string]bool, len(ids))
	for _, id := range ids {
		out[id] = true
	}
	return out, nil
}

// Node returns a node with all that is known of it; ErrNoNode.
func (e *Engine) Node(ctx context.Context, id string) (Node, error) {
	a, err := e.look()
	if err != nil {
		return Node{}, err
	}
	var out Node
	err = e.coreView(func(tx *kv.Tx) error {
		n, err := tree.Get(tx, id)
		if errors.Is(err, tree.ErrNoNode) {
			if w, ok := a.copies[id]; ok && w.New {
				out = rowOfDraft(w)
				return nil
			}
		}
		if err != nil {
			return err
		}
		if place, err := tree.Place(tx, id); err != nil || place == tree.Undone {
			return cmp.Or(err, fmt.Errorf("node %q: %w", id, ErrNoNode))
		}
		out = e.row(tx, n, a)
		if n.Type != tree.Shape {
			return nil
		}
		s, ok, err := shape.Shapes().Get(tx, kv.Key(nil).Str(id))
		if err != nil || !ok {
			return err
		}
		out.Source, out.License = sourceText(&s), licenseText(&s)
		runs, err := shape.ListSummaries(tx, id)
		if err != nil {
			return err
		}
		for _, r := range runs {
			if r.Tiles > 0 {
				out.MaxZoom = r.MaxZoom
				break
			}
		}
		return nil
	})
	if err != nil {
		return Node{}, err
	}
	return out, ctx.Err()
}

// sourceText says where a shape's boundaries come from.
func sourceText(s *shape.Shape) string {
	switch s.Source {
	case shape.Sample:
		return sample.Vintage
	case shape.Local:
		var names []string
		for _, f := range s.Files {
			names = append(names, baseName(f.Path))
		}
		if len(names) > 3 {
			names = append(names[:3], fmt.Sprintf("and %d more", len(names)-3))
		}
		return strings.Join(names, ", ")
	}
	return string(s.Source)
}

func baseName(path string) string { return path[strings.LastIndexAny(path, `/\`)+1:] }

func licenseText(s *shape.Shape) string {
	if s.License != nil {
		return s.License.Name
	}
	if s.Source == shape.Sample {
		return sample.License
	}
	return ""
}

// PathOf returns the nodes from the top to the one with the id, which is last.
func (e *Engine) PathOf(_ context.Context, id string) ([]Node, error) {
	a, err := e.look()
	if err != nil {
		return nil, err
	}
	var out []Node
	err = e.coreView(func(tx *kv.Tx) error {
		at := id
		w, isDraft := a.copies[id]
		if isDraft = isDraft && w.New; isDraft {
			at = w.Parent
		}
		if at != tree.Root {
			path, err := tree.Path(tx, at)
			if err != nil {
				return err
			}
			for _, n := range path {
				out = append(out, e.row(tx, n, a))
			}
		}
		if isDraft {
			out = append(out, rowOfDraft(w))
		}
		return nil
	})
	return out, err
}

// pathText names a folder by its path: "Europe / North"; "" at the top.
func pathText(tx *kv.Tx, id string) (string, error) {
	if id == tree.Root || id == tree.Trash || id == tree.Undone {
		return "", nil
	}
	path, err := tree.Path(tx, id)
	if err != nil {
		return "", err
	}
	names := make([]string, len(path))
	for i, n := range path {
		names[i] = n.Name
	}
	return strings.Join(names, " / "), nil
}

// Search returns the nodes whose names hold text, the best first.
func (e *Engine) Search(_ context.Context, text string, limit int) ([]Found, error) {
	a, err := e.look()
	if err != nil {
		return nil, err
	}
	var out []Found
	err = e.coreView(func(tx *kv.Tx) error {
		hits, err := tree.Search(tx, text, limit)
		if err != nil {
			return err
		}
		for _, h := range hits {
			where, err := pathText(tx, h.Node.Parent)
			if err != nil {
				return err
			}
			out = append(out, Found{e.row(tx, h.Node, a), where})
		}
		return nil
	})
	return out, err
}
