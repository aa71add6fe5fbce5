package kv

import (
	"errors"
	"fmt"
	"os"

	"github.com/shapes-desktop/shapes/core/store/atomicfile"
	"github.com/shapes-desktop/shapes/core/store/boltfile"
	bolt "go.etcd.io/bbolt"
)

// compactBatch bounds the transactions of Compact, in bytes.
const compactBatch = 16 << 20

// Compact writes the database anew without its free pages, which the library
// keeps for ever, and puts the new file in its place. Transactions wait until
// it is done. It needs room for the data once more. After an error the
// database is as it was; if it could not be opened again it is closed.
func (db *DB) Compact() error {
	db.mu.Lock()
	defer db.mu.Unlock()
	if err := db.usable(); err != nil {
		return err
	}
	if db.options.ReadOnly {
		return fmt.Errorf("compact %s: it was opened for reading only", db.path)
	}
	temp, err := db.compacted()
	if err != nil {
		return db.explainCompact(err)
	}
	if err := db.let(); err != nil {
		return errors.Join(db.explainCompact(err), os.Remove(temp))
	}
	err = atomicfile.ReplacePrivate(temp, db.path)
	return errors.Join(db.explainCompact(err), db.openBolt(false))
}

// compacted returns the name of a checked, temporary copy without free pages.
func (db *DB) compacted() (temp string, err error) {
	if temp, err = atomicfile.Reserve(db.path); err != nil {
		return "", err
	}
	err = Kind().Guard(db.path, func() error {
		to, err := bolt.Open(temp, 0o600, db.boltOptions(true, false))
		if err != nil {
			return err
		}
		return errors.Join(bolt.Compact(to, db.bolt, compactBatch), to.Close())
	})
	if err == nil {
		err = boltfile.Trim(temp)
	}
	if err == nil {
		err = CheckFile(temp) // just written: it cannot hang
	}
	if err != nil {
		return "", errors.Join(err, os.Remove(temp))
	}
	return temp, nil
}

func (db *DB) explainCompact(err error) error {
	if atomicfile.DiskFull(err) {
		return fmt.Errorf("compact %s: %w; it is as it was (%w)", db.path, ErrFull, err)
	}
	return atomicfile.Explain("compact "+db.path, err)
}
