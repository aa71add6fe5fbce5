package engine

import (
	"context"
	"errors"
	"time"

	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// Recent is a shape of the tree, and when it came to be as it is.
type Recent struct {
	Found
	Created time.Time
	Updated time.Time // of its settings, last
	Version uint64    // of its settings
}

// RecentShapes returns the shapes whose settings were changed last, or with
// created those that were made last, the latest first, at most limit. What is
// in the trash is not among them.
func (e *Engine) RecentShapes(ctx context.Context, created bool, limit int) ([]Recent, error) {
	var shapes []shape.Shape
	if limit <= 0 {
		return nil, nil
	}
	err := e.coreView(func(tx *kv.Tx) error {
		all := shape.LastChanged(tx)
		if created {
			all = shape.LastCreated(tx)
		}
		for s, err := range all {
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				return err
			}
			top, err := tree.Place(tx, s.Node)
			if errors.Is(err, tree.ErrNoNode) || err == nil && top != tree.Root {
				continue
			}
			if err != nil {
				return err
			}
			if shapes = append(shapes, s); len(shapes) == limit {
				break
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return e.recent(ctx, shapes)
}

func (e *Engine) recent(ctx context.Context, shapes []shape.Shape) ([]Recent, error) {
	out := make([]Recent, 0, len(shapes))
	for _, s := range shapes {
		n, err := e.Node(ctx, s.Node)
		if errors.Is(err, ErrNoNode) { // deleted meanwhile
			continue
		}
		if err != nil {
			return nil, err
		}
		r := Recent{Found: Found{Node: n}, Created: s.Created, Updated: s.Updated, Version: s.Version}
		if err := e.coreView(func(tx *kv.Tx) (err error) {
			r.Path, err = pathText(tx, n.Parent)
			return err
		}); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}
