package kv

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/shapes-desktop/shapes/core/store/atomicfile"
	bolt "go.etcd.io/bbolt"
)

// BackupPath returns where the automatic backup of a database stands.
func BackupPath(path string) string { return path + ".backup" }

// Backup writes the state of now to path, whole or not at all, in place of
// what was there. The database stays in use. Its date is the file's.
func (db *DB) Backup(path string) error {
	db.mu.RLock()
	defer db.mu.RUnlock()
	if err := db.usable(); err != nil {
		return err
	}
	return db.backup(path)
}

func (db *DB) backup(path string) error {
	f, err := atomicfile.Create(path)
	if err != nil {
		return err
	}
	to := &keepError{to: f}
	err = Kind().Guard(db.path, func() error {
		return db.bolt.View(func(tx *bolt.Tx) error {
			_, err := tx.WriteTo(to)
			return err
		})
	})
	if to.err != nil {
		err = to.err
	}
	if err == nil {
		err = Kind().CheckHeader(f.Name())
	}
	if err != nil {
		return errors.Join(db.explainBackup(path, err), f.Abort())
	}
	if err := f.Close(); err != nil {
		return errors.Join(db.explainBackup(path, err), os.Remove(f.Name()))
	}
	if err := atomicfile.ReplacePrivate(f.Name(), path); err != nil {
		return db.explainBackup(path, err)
	}
	_ = Kind().MarkClean(path, path) // without it a check takes longer, that is all
	return nil
}

// keepError keeps the error of a writer, of which the library passes on only
// the text.
type keepError struct {
	to  io.Writer
	err error
}

func (k *keepError) Write(p []byte) (int, error) {
	n, err := k.to.Write(p)
	if err != nil {
		k.err = err
	}
	return n, err
}

func (db *DB) explainBackup(path string, err error) error {
	if atomicfile.DiskFull(err) {
		return fmt.Errorf("back up %s: %w; the earlier backup is kept (%w)", db.path, ErrFull, err)
	}
	return atomicfile.Explain("back up "+db.path+" to "+path, err)
}

// needsBackup reports whether the automatic backup is not that of now.
func (db *DB) needsBackup() bool {
	_, err := os.Stat(BackupPath(db.path))
	return err != nil || db.changed.Load()
}
