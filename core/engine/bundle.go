package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/shapes-desktop/shapes/core/model/draft"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/core/publish/bundle"
	"github.com/shapes-desktop/shapes/core/store/kv"
	"github.com/shapes-desktop/shapes/core/store/tileset"
)

// ExportOptions says what an export holds.
type ExportOptions struct {
	Tiles bool
	// Own: the file stays with who makes it, so that tiles may be in it that must
	// not be given to others.
	Own bool
}

// ErrNoSharing: the licence does not allow that tiles are given to others.
var ErrNoSharing = errors.New("its licence does not allow giving it to others")

// Export writes subtrees with their settings, and their tiles if wanted, as
// one file that Import reads. ErrDraft if one of ids is only a draft;
// ErrNoSharing if tiles would go along that must not be shared; tileset.ErrDamaged
// if they are not sound: no import would take them.
func (e *Engine) Export(ctx context.Context, ids []string, path string, o ExportOptions) error {
	if err := e.ephView(func(tx *kv.Tx) error {
		for _, id := range ids {
			if err := draft.Usable(tx, id, "exported"); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return err
	}
	m, err := e.manifest(ctx, ids, o)
	if err == nil {
		err = e.soundTiles(ctx, m.Nodes)
	}
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return bundle.Write(ctx, path, m, func(node string) (io.ReadCloser, error) { return os.Open(e.tileFile(node)) })
}

// soundTiles returns tileset.ErrDamaged if tiles that are to be exported are not
// as they were made.
func (e *Engine) soundTiles(ctx context.Context, nodes []bundle.Node) error {
	v := tileset.Verifier{Exe: e.exe}
	for _, n := range nodes {
		if !n.Tiles {
			continue
		}
		if err := v.Verify(ctx, e.tileFile(n.ID)); err != nil {
			return fmt.Errorf("tiles of “%s”: %w", n.Name, err)
		}
	}
	return nil
}

// Restricted returns ErrNoSharing, with the node that is in the way, if tiles
// of subtrees must not be given to others.
func (e *Engine) Restricted(ctx context.Context, ids []string) error {
	_, err := e.manifest(ctx, ids, ExportOptions{Tiles: true})
	if errors.Is(err, ErrNoSharing) {
		return err
	}
	return nil
}

// Untiled returns the shapes of subtrees that have no tiles an export could take.
func (e *Engine) Untiled(ctx context.Context, ids []string) ([]tree.Node, error) {
	m, err := e.manifest(ctx, ids, ExportOptions{Tiles: true, Own: true})
	var out []tree.Node
	for _, n := range m.Nodes {
		if n.Shape != nil && !n.Tiles {
			out = append(out, tree.Node{ID: n.ID, Parent: n.Parent, Type: n.Type, Name: n.Name})
		}
	}
	return out, err
}

// manifest lists what an export holds.
func (e *Engine) manifest(ctx context.Context, ids []string, o ExportOptions) (bundle.Manifest, error) {
	m := bundle.Manifest{Generator: Generator, Created: e.now()}
	err := e.coreView(func(tx *kv.Tx) error {
		seen := map[string]bool{}
		add := func(n tree.Node, parent string) error {
			if seen[n.ID] {
				return nil
			}
			seen[n.ID] = true
			b := bundle.Node{
				ID: n.ID, Parent: parent, Type: n.Type, Name: n.Name, Description: n.Description,
				Created: n.Created, Updated: n.Updated,
			}
			if n.Type == tree.Shape {
				s, ok, err := shape.Shapes().Get(tx, kv.Key(nil).Str(n.ID))
				if err == nil && !ok {
					err = unsettled(n.Name)
				}
				if err != nil {
					return err
				}
				b.Shape = &s
				_, statErr := os.Stat(e.tileFile(n.ID))
				b.Tiles = o.Tiles && statErr == nil
				if b.Tiles && !o.Own {
					if err := e.shareable(ctx, tx, &s); err != nil {
						return fmt.Errorf("tiles of “%s”: %w", n.Name, err)
					}
				}
			}
			m.Nodes = append(m.Nodes, b)
			return nil
		}
		for _, id := range ids {
			n, err := tree.Get(tx, id)
			if err != nil {
				return err
			}
			if err := add(n, ""); err != nil {
				return err
			}
			for d, err := range tree.Descendants(tx, id) {
				if err == nil {
					err = add(d, d.Parent)
				}
				if err != nil {
					return err
				}
			}
		}
		return ctx.Err()
	})
	return m, err
}

// plan decides what comes in under which name.
func (in *incoming) plan(tx *kv.Tx, parent string, p Policy, out *Imported) (tree.Graft, error) {
	g := tree.Graft{Parent: parent}
	held, err := tree.Children(tx, parent, nil, 0)
	if err != nil {
		return g, err
	}
	var siblings []bundle.Sibling
	for _, n := range held {
		siblings = append(siblings, bundle.Sibling{ID: n.ID, Name: n.Name})
	}
	var names []string
	for _, n := range in.r.Nodes {
		if n.Parent == "" {
			names = append(names, n.Name)
		}
	}
	decisions, err := bundle.Plan(siblings, names, bundle.Policy(p))
	if err != nil {
		return g, fmt.Errorf("%w: %w", err, ErrUsage)
	}
	top := 0
	for _, n := range in.r.Nodes {
		name := n.Name
		if n.Parent == "" {
			d := decisions[top]
			top++
			name = d.Name
			switch {
			case d.Skip:
				in.skip[n.ID] = true
				out.Skipped++
			case d.Replaces != "":
				g.Trash = append(g.Trash, d.Replaces)
				out.Replaced++
			case d.Renamed:
				out.Renamed++
			}
		}
		if in.skip[n.ID] || in.skip[n.Parent] {
			in.skip[n.ID] = true
			continue
		}
		in.ids[n.ID] = newID()
		g.Nodes = append(g.Nodes, tree.New{ID: in.ids[n.ID], Parent: in.ids[n.Parent], Type: n.Type, Name: name, Description: n.Description})
	}
	g.What = fmt.Sprintf("import %d items", len(g.Nodes))
	return g, nil
}

// putShapes stores the settings of what comes in.
func (in *incoming) putShapes(tx *kv.Tx) error {
	now := in.e.now()
	var shapes []shape.Shape
	for _, n := range in.r.Nodes {
		if n.Shape == nil || in.skip[n.ID] {
			continue
		}
		s := n.Shape.Clone()
		if s.License != nil && s.License.Who != UserName() {
			s.License = nil // what another has accepted binds nobody here: it is asked for before anything is fetched
		}
		s.Node, s.Created, s.Updated, s.Version = in.ids[n.ID], now, now, 1
		shapes = append(shapes, *s)
	}
	return shape.Shapes().PutAll(tx, shapes)
}
