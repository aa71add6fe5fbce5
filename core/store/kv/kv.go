// Package kv keeps typed records in bbolt files: a table is a bucket of
// records and one bucket for each of its indexes, all changed in the same
// transaction. It knows no word of what the records mean.
package kv

import (
	"errors"
	"fmt"

	"github.com/shapes-desktop/shapes/core/store/atomicfile"
	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// Errors that callers tell apart with errors.Is.
var (
	// ErrDamaged: the file, or a record in it, is not as it was written.
	ErrDamaged = errors.New("the database is damaged")
	// ErrNewer: a later version of the program wrote the file.
	ErrNewer = errors.New("the database was written by a newer version of this program")
	// ErrBusy: another process has the file open.
	ErrBusy = errors.New("the database is in use by another process")
	// ErrNoTable: the table is not kept in this database.
	ErrNoTable = errors.New("no such table in this database")
	// ErrFull: the disk has no room for a change. Nothing of the change was
	// stored, all that was stored before is kept, and the database can be used
	// on.
	ErrFull = errors.New("the disk is full")
	// ErrClosed: the database was closed.
	ErrClosed = errors.New("the database is closed")
)

// Tx is a transaction, for one goroutine. Nothing that is read in it needs it
// afterwards: records are decoded into memory of their own.
type Tx struct {
	bolt    *bolt.Tx
	db      *DB
	buckets map[string]*bucket
	changes int // so far, for walks to notice
	hooks   []func()
	err     error // what a loop has met that could not return it
}

// OnCommit has fn called once the transaction is durable; not if it fails.
// The transaction is over by then: fn may start one.
func (tx *Tx) OnCommit(fn func()) { tx.hooks = append(tx.hooks, fn) }

// Writable reports whether the transaction may change records.
func (tx *Tx) Writable() bool { return tx.bolt.Writable() }

// View runs fn on the state of now. fn must not write, and must not start a
// transaction of the same database.
func (db *DB) View(fn func(tx *Tx) error) error {
	_, err := db.run(fn, func(b *bolt.DB, f func(*bolt.Tx) error) error { return b.View(f) })
	return err
}

// Update runs fn and makes all its changes durable at once, or none if fn
// gives an error or panics, or if the disk fails. If there are none, nothing is
// written. fn must not start a transaction of its own.
func (db *DB) Update(fn func(tx *Tx) error) error {
	hooks, err := db.run(fn, func(b *bolt.DB, f func(*bolt.Tx) error) error { return b.Update(f) })
	if err != nil {
		return err
	}
	for _, hook := range hooks {
		hook()
	}
	return nil
}

// run runs fn in a transaction that begin starts and ends. Damage that makes
// the library crash closes the database to further use: its locks may be held
// for ever.
func (db *DB) run(fn func(tx *Tx) error, begin func(*bolt.DB, func(*bolt.Tx) error) error) (hooks []func(), err error) {
	db.mu.RLock()
	defer db.mu.RUnlock()
	if err := db.usable(); err != nil {
		return nil, err
	}
	var own error // fn's, not the library's
	crashed := true
	err = Kind().Guard(db.path, func() error {
		err := begin(db.bolt, func(b *bolt.Tx) error {
			tx := &Tx{bolt: b, db: db, buckets: map[string]*bucket{}}
			if own = fn(tx); own == nil {
				own = tx.finish()
			}
			hooks = tx.hooks
			if own == nil && tx.changes == 0 {
				return errUnchanged
			}
			return own
		})
		crashed = false
		return err
	})
	if err == errUnchanged { //nolint:errorlint // it is never wrapped
		return hooks, nil
	}
	switch {
	case crashed:
		db.broken.Store(&err)
		return nil, err
	case err == nil:
		db.changed.Store(true)
		return hooks, nil
	case own != nil:
		return nil, err
	}
	return nil, db.explain(err)
}

// errUnchanged ends a transaction that has changed nothing, which need not be
// written.
var errUnchanged = errors.New("nothing has changed")

// usable returns why the database cannot be used, nil if it can.
func (db *DB) usable() error {
	if err := db.broken.Load(); err != nil {
		return *err
	}
	if db.bolt == nil {
		return fmt.Errorf("use %s: %w", db.path, ErrClosed)
	}
	return nil
}

// explain puts in words why the library could not begin or end a transaction.
func (db *DB) explain(err error) error {
	switch {
	case atomicfile.DiskFull(err):
		return fmt.Errorf("write %s: %w; free some space and try again: all that was stored before is kept (%w)", db.path, ErrFull, err)
	case errors.Is(err, bolterrors.ErrDatabaseReadOnly):
		return fmt.Errorf("write %s: it was opened for reading only", db.path)
	}
	return atomicfile.Explain("write "+db.path, err)
}

// finish is the end of a transaction in which nothing went wrong so far.
func (tx *Tx) finish() error {
	if tx.err != nil || !tx.Writable() {
		return tx.err
	}
	return tx.saveTallies()
}
