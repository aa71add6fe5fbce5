package engine

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/adrg/xdg"

	"github.com/shapes-desktop/shapes/core/model/draft"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// DataDir returns the platform's folder for the data of programs: the data
// directory of window and command where none is named.
func DataDir() string { return filepath.Join(xdg.DataHome, "shapes-desktop") }

// Settings returns the settings of a shape as they were finished last; of a
// draft that is not in the tree yet, as they are now. The caller owns them.
// Errors: ErrNoNode, ErrNotShape.
func (e *Engine) Settings(ctx context.Context, id string) (*shape.Shape, error) {
	n, err := e.Node(ctx, id)
	if err != nil {
		return nil, err
	}
	if n.New {
		var w draft.WorkingCopy
		err := e.ephView(func(tx *kv.Tx) (err error) {
			w, err = draft.Get(tx, id)
			return err
		})
		return w.Shape, err
	}
	var s shape.Shape
	var ok bool
	err = e.coreView(func(tx *kv.Tx) (err error) {
		s, ok, err = shape.Shapes().Get(tx, kv.Key(nil).Str(id))
		return err
	})
	switch {
	case err == nil && n.Type != tree.Shape:
		err = fmt.Errorf("settings of %s: %w", n.Name, ErrNotShape)
	case err == nil && !ok:
		err = unsettled(n.Name)
	}
	return &s, err
}
