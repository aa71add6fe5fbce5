// Package kv keeps typed records in bbolt files: a table is a bucket of
// records and one bucket for each of its indexes, all changed in the same
// transaction. It knows no word of what the records mean.
package kv

import (
	"errors"
	"fmt"

	bolt "go.etcd.io/bbolt"
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
)

// Tx is a transaction. Nothing that is read in it needs it afterwards: records
// are decoded into memory of their own.
type Tx struct {
	bolt *bolt.Tx
	// OnCommit hooks run after the transaction has become durable.
	db *DB
}

// OnCommit has fn called once the transaction is durable; not if it fails.
func (tx *Tx) OnCommit(fn func()) { tx.bolt.OnCommit(fn) }

// Writable reports whether the transaction may change records.
func (tx *Tx) Writable() bool { return tx.bolt.Writable() }

// View runs fn on the state of now. fn must not write, and must not start a
// transaction of the same database.
func (db *DB) View(fn func(tx *Tx) error) error {
	return db.guard(func() error {
		return db.bolt.View(func(tx *bolt.Tx) error { return fn(&Tx{tx, db}) })
	})
}

// Update runs fn and makes all its changes durable at once, or none if fn or
// the disk gives an error. fn must not start a transaction of its own.
func (db *DB) Update(fn func(tx *Tx) error) error {
	return db.guard(func() error {
		return db.bolt.Update(func(tx *bolt.Tx) error { return fn(&Tx{tx, db}) })
	})
}

// bucket returns the bucket of a table or index.
func (tx *Tx) bucket(name string) (*bolt.Bucket, error) {
	b := tx.bolt.Bucket([]byte(name))
	if b == nil {
		return nil, fmt.Errorf("%s in %s: %w", name, tx.db.name, ErrNoTable)
	}
	return b, nil
}
