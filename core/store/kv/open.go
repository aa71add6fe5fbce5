package kv

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"time"

	"github.com/shapes-desktop/shapes/core/store/atomicfile"
	bolt "go.etcd.io/bbolt"
)

// Schema is what a database holds.
type Schema struct {
	// Name of the database for people, such as "core".
	Name string
	// Version of the schema, from 1. Files of older versions are migrated.
	Version int
	Tables  []Tabled
	// Migrations[i] turns version i+1 into i+2, in the transaction that records
	// the new version. Buckets of new tables exist by then.
	Migrations []func(tx *Tx) error
}

// Options of Open.
type Options struct {
	// NoSync leaves syncing to Sync: for what can be made again.
	NoSync bool
	// ReadOnly opens an existing file without changing it.
	ReadOnly bool
}

// DB is an open database. It is safe for concurrent use; one transaction
// writes at a time.
type DB struct {
	name   string
	path   string
	bolt   *bolt.DB
	codec  codec
	tables []Tabled
}

const (
	metaBucket = "meta"
	schemaKey  = "schema" // eight bytes, big-endian
	// lockTimeout is how long Open waits for another process.
	lockTimeout = time.Second
)

// Open opens the database file at path, makes it if it is not there, and
// migrates it if an older version of the program wrote it. Errors: ErrDamaged,
// ErrNewer, ErrBusy, and those of the file system. A file of unknown past must
// be checked first, see Verifier: some kinds of damage end the process.
func Open(path string, s Schema, o Options) (*DB, error) {
	c, err := newCodec()
	if err != nil {
		return nil, err
	}
	db := &DB{name: s.Name, path: path, codec: c, tables: s.Tables}
	err = db.guard(func() (err error) {
		db.bolt, err = bolt.Open(path, 0o600, &bolt.Options{
			Timeout: lockTimeout, FreelistType: bolt.FreelistMapType, NoSync: o.NoSync, ReadOnly: o.ReadOnly,
		})
		switch {
		case errors.Is(err, bolt.ErrTimeout):
			return fmt.Errorf("open %s: %w", path, ErrBusy)
		case err != nil && (errors.Is(err, os.ErrNotExist) || errors.Is(err, os.ErrPermission)):
			return atomicfile.Explain("open "+path, err)
		case errors.Is(err, bolt.ErrInvalid), errors.Is(err, bolt.ErrChecksum), errors.Is(err, bolt.ErrVersionMismatch):
			return fmt.Errorf("open %s: %w (%w)", path, ErrDamaged, err)
		case err != nil:
			return atomicfile.Explain("open "+path, err)
		}
		if o.ReadOnly {
			return db.View(func(tx *Tx) error { return db.prepare(tx, s) })
		}
		return db.Update(func(tx *Tx) error { return db.prepare(tx, s) })
	})
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// prepare compares the version, makes what is missing and migrates.
func (db *DB) prepare(tx *Tx, s Schema) error {
	have := s.Version
	meta := tx.bolt.Bucket([]byte(metaBucket))
	if meta != nil {
		raw := meta.Get([]byte(schemaKey))
		if len(raw) != 8 {
			return fmt.Errorf("open %s: %w: no version", db.path, ErrDamaged)
		}
		have = int(binary.BigEndian.Uint64(raw))
	}
	switch {
	case have > s.Version:
		return fmt.Errorf("open %s: %w (version %d, this one knows %d)", db.path, ErrNewer, have, s.Version)
	case have < 1:
		return fmt.Errorf("open %s: %w: version %d", db.path, ErrDamaged, have)
	case !tx.Writable() && have < s.Version:
		return fmt.Errorf("open %s: version %d must be migrated first", db.path, have)
	case !tx.Writable():
		return nil
	}
	meta, err := tx.bolt.CreateBucketIfNotExists([]byte(metaBucket))
	if err != nil {
		return err
	}
	for _, t := range s.Tables {
		for _, name := range t.buckets() {
			if _, err := tx.bolt.CreateBucketIfNotExists([]byte(name)); err != nil {
				return fmt.Errorf("make table %s: %w", name, err)
			}
		}
	}
	for v := have; v < s.Version; v++ {
		if err := s.Migrations[v-1](tx); err != nil {
			return fmt.Errorf("migrate %s from version %d to %d: %w", db.path, v, v+1, err)
		}
	}
	return meta.Put([]byte(schemaKey), binary.BigEndian.AppendUint64(nil, uint64(s.Version)))
}

// Path returns the file's name.
func (db *DB) Path() string { return db.path }

// Sync makes durable what NoSync has left to the system.
func (db *DB) Sync() error { return atomicfile.Explain("write "+db.path, db.bolt.Sync()) }

// Close lets go of the file, after the transactions that are under way.
func (db *DB) Close() error {
	if db.bolt == nil {
		return nil
	}
	return atomicfile.Explain("close "+db.path, db.bolt.Close())
}

// guard turns a crash of the database library on a damaged page into an
// error. A panic that is not one of its own or of the memory map goes on.
func (db *DB) guard(fn func() error) (err error) {
	old := debug.SetPanicOnFault(true)
	defer debug.SetPanicOnFault(old)
	return fn()
}
