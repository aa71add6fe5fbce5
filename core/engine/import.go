package engine

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/core/publish/bundle"
	"github.com/shapes-desktop/shapes/core/store/atomicfile"
	"github.com/shapes-desktop/shapes/core/store/kv"
	"github.com/shapes-desktop/shapes/core/store/tileset"
)

// Import reads what Export wrote into a folder. Nothing comes in unless all of
// it can.
func (e *Engine) Import(ctx context.Context, path, parent string, p Policy) (Imported, error) {
	r, err := bundle.Open(path, bundle.DefaultLimits())
	if err != nil {
		return Imported{}, err
	}
	defer r.Close()
	in := incoming{e: e, r: r, ids: map[string]string{}, skip: map[string]bool{}}
	defer in.drop()
	if err := in.stageTiles(ctx); err != nil {
		return Imported{}, fmt.Errorf("import %s: %w", path, err)
	}
	out := Imported{Ignored: r.Ignored}
	tops, err := in.graft(parent, p, &out)
	if err != nil {
		return Imported{}, fmt.Errorf("import %s: %w", path, err)
	}
	e.reclaim(ctx)
	out.Nodes, err = e.nodesOf(ctx, tops)
	return out, err
}

// incoming is an archive on its way in.
type incoming struct {
	e      *Engine
	r      *bundle.Reader
	ids    map[string]string // new id of each node that comes in, by the archive's
	skip   map[string]bool
	temps  map[string]string // checked tile files, by the archive's id of the node
	placed []string          // tile files that have the names of their nodes
}

// stageTiles copies the tiles of the archive beside those of the nodes and
// checks them: they come from outside.
func (in *incoming) stageTiles(ctx context.Context) error {
	in.temps = map[string]string{}
	for _, n := range in.r.Nodes {
		if !n.Tiles {
			continue
		}
		if err := in.stage(ctx, n.ID); err != nil {
			return fmt.Errorf("tiles of %s: %w", n.Name, err)
		}
	}
	return nil
}

func (in *incoming) stage(ctx context.Context, node string) error {
	temp, err := atomicfile.Reserve(in.e.tileFile("import"))
	if err != nil {
		return err
	}
	in.temps[node] = temp
	f, err := os.OpenFile(temp, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	err = in.r.CopyTiles(f, node)
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	err = (tileset.Verifier{Exe: in.e.exe}).VerifyInChild(ctx, temp)
	if errors.Is(err, tileset.ErrDamaged) {
		return fmt.Errorf("they are damaged; nothing was imported; export them once more: %w", err)
	}
	if err != nil {
		return err
	}
	return atomicfile.Sync(temp) // here it keeps nobody waiting
}

// drop removes the tile files that were not put in place.
func (in *incoming) drop() {
	for _, temp := range in.temps {
		if err := os.Remove(temp); err != nil && !errors.Is(err, os.ErrNotExist) {
			in.e.log.Warn("remove tiles that were not imported", "error", err)
		}
	}
}

// graft brings nodes, settings and tiles in. The tiles get their names before the
// transaction ends: after a cut, those without a node go at the next start, while
// a node without its tiles would say nothing.
func (in *incoming) graft(parent string, p Policy, out *Imported) (tops []tree.Node, err error) {
	in.e.nameless.Lock()
	defer in.e.nameless.Unlock()
	err = in.e.core(func(tx *kv.Tx) error {
		g, err := in.plan(tx, parent, p, out)
		if err != nil {
			return err
		}
		made, err := in.e.tree.Graft(tx, g)
		if err != nil {
			return err
		}
		for _, n := range made {
			if n.Parent == parent {
				tops = append(tops, n)
			}
		}
		out.Made = len(made)
		if err := in.putShapes(tx); err != nil {
			return err
		}
		return in.placeTiles()
	})
	out.Tiles = len(in.placed)
	if err == nil {
		return tops, nil
	}
	for _, path := range in.placed {
		err = errors.Join(err, tileset.Remove(path))
	}
	return nil, err
}

// placeTiles gives the tile files the names of their nodes.
func (in *incoming) placeTiles() error {
	for _, node := range in.r.Nodes {
		temp := in.temps[node.ID]
		if temp == "" || in.skip[node.ID] {
			continue
		}
		to := in.e.tileFile(in.ids[node.ID])
		in.placed = append(in.placed, to)
		if err := atomicfile.Replace(temp, to); err != nil {
			return fmt.Errorf("tiles of %s: %w; nothing was imported", node.Name, err)
		}
		if err := tileset.Kind().MarkClean(to, to); err != nil {
			in.e.log.Info("mark imported tiles as checked", "error", err)
		}
	}
	return nil
}
