package tileset

import (
	"context"
	"fmt"

	"github.com/shapes-desktop/shapes/core/geo/tile"
	bolt "go.etcd.io/bbolt"
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
	if err == nil {
		err = guard(path, func() error { return t.db.View(checkFacts) })
	}
	if err != nil {
		return t.damaged(err)
	}
	return nil
}

// checkFacts reads all facts and sources of a file, if it has any.
func checkFacts(tx *bolt.Tx) error {
	tiles, facts, sources := tx.Bucket([]byte(tilesBucket)), tx.Bucket([]byte(factsBucket)), tx.Bucket([]byte(sourcesBucket))
	if facts == nil || sources == nil {
		return nil
	}
	err := facts.ForEach(func(key, record []byte) error {
		if tiles.Get(key) == nil {
			return fmt.Errorf("%w: facts %x are of no tile", ErrDamaged, key)
		}
		_, _, err := readFacts(sources, key, record)
		return err
	})
	if err != nil {
		return err
	}
	return sources.ForEach(func(key, record []byte) error {
		_, _, err := openRecord(key, record)
		return err
	})
}
