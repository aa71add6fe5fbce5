package engine

import (
	"fmt"

	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// unsettled is the error of a shape whose settings are not there.
func unsettled(name string) error {
	return fmt.Errorf("“%s”: %w: its settings are not there; run a check", name, tree.ErrDamaged)
}

// unpaired returns the shapes without settings and the folders with some, in
// the order of ids: each shape has exactly one record of settings. Settings of
// nodes that are gone are found by the classes of records.
func unpaired(tx *kv.Tx) (bare, odd []tree.Node, err error) {
	for n, err := range tree.Nodes().All(tx, nil) {
		if err != nil {
			return nil, nil, err
		}
		_, found, err := shape.Shapes().Get(tx, kv.Key(nil).Str(n.ID))
		switch {
		case err != nil:
			return nil, nil, err
		case n.Type == tree.Shape && !found:
			bare = append(bare, n)
		case n.Type != tree.Shape && found:
			odd = append(odd, n)
		}
	}
	return bare, odd, nil
}

// repairSettings makes right what unpaired finds. A shape without settings can
// neither be opened nor run, but may have tiles and runs: it gets the settings
// of a new one.
func (e *Engine) repairSettings(tx *kv.Tx) error {
	bare, odd, err := unpaired(tx)
	if err != nil {
		return err
	}
	for _, n := range bare {
		s := firstSettings(n.ID, e.now())
		if err := shape.Shapes().Put(tx, &s); err != nil {
			return err
		}
	}
	for _, n := range odd {
		if _, err := shape.Shapes().Delete(tx, kv.Key(nil).Str(n.ID)); err != nil {
			return err
		}
	}
	return nil
}
