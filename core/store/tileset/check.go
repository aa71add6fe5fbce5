package tileset

import (
	"context"
	"fmt"

	"github.com/shapes-desktop/shapes/core/geo/tile"
)

// CheckFile reads a tile file to its last byte: pages, order of keys,
// checksums, links and count. It can hang or end the program if the file is
// damaged: it is what the child process of a Verifier runs.
func CheckFile(path string) error {
	t, err := Open(path)
	if err != nil {
		return err
	}
	defer t.Close()
	err = guard(path, func() error { return t.db.View(Kind().CheckPages) })
	if err != nil {
		return t.damaged(err)
	}
	n := 0
	last := int64(-1)
	err = t.Each(context.Background(), func(id tile.ID, gz []byte) error {
		n++
		h := int64(id.Hilbert())
		if h <= last {
			return fmt.Errorf("%w: tile %v out of order", ErrDamaged, id)
		}
		last = h
		return nil
	})
	if err == nil && n != t.count {
		err = fmt.Errorf("%w: %d tiles of %d", ErrDamaged, n, t.count)
	}
	if err != nil {
		return t.damaged(err)
	}
	return nil
}
