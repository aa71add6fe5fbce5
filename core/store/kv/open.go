package kv

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/shapes-desktop/shapes/core/store/atomicfile"
	"github.com/shapes-desktop/shapes/core/store/boltfile"
	bolt "go.etcd.io/bbolt"
)

// Options of Open.
type Options struct {
	// NoSync leaves syncing to Sync: for what can be made again.
	NoSync bool
	// Reserve is how many bytes of addresses are set aside for the file to grow
	// into: until they are used up, growing costs no copies of what is being
	// written. It takes neither memory nor room on the disk, and is left alone
	// where it would.
	Reserve int
	// ReadOnly opens an existing file without changing it.
	ReadOnly bool
	// Backup has Close keep a copy of the database beside it, see BackupPath.
	Backup bool
}

// DB is an open database. It is safe for concurrent use; one transaction
// writes at a time.
type DB struct {
	name    string
	path    string
	schema  Schema
	options Options
	codec   codec

	mu      sync.RWMutex // for writing: bolt is being replaced
	bolt    *bolt.DB     // nil once closed
	changed atomic.Bool  // since it was opened
	broken  atomic.Pointer[error]
}

const (
	// lockTimeout is how long Open waits for another process.
	lockTimeout = time.Second
	// closeTimeout is how long Close waits for a library that has crashed.
	closeTimeout = 2 * time.Second
)

// Open opens the database file at path, makes it if it is not there, and
// migrates it if an older version of the program wrote it. Errors: ErrDamaged,
// ErrNewer, ErrBusy, ErrFull, and those of the file system. A file that is
// damaged or newer is not changed. A file of unknown past must be checked
// first, see Verifier: some kinds of damage end the process.
func Open(path string, s Schema, o Options) (*DB, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	c, err := newCodec()
	if err != nil {
		return nil, err
	}
	db := &DB{name: s.Name, path: path, schema: s, options: o, codec: c}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) && !o.ReadOnly {
		if err := db.create(); err != nil {
			return nil, db.explain(err)
		}
	}
	if err := db.open(); err != nil {
		return nil, errors.Join(err, db.let())
	}
	return db, nil
}

// create makes an empty database under a temporary name and renames it: the
// library's own first pages are not safe from a power cut.
func (db *DB) create() error {
	temp, err := atomicfile.Reserve(db.path)
	if err != nil {
		return err
	}
	made := &DB{name: db.name, path: temp, schema: db.schema, codec: db.codec}
	made.bolt, err = bolt.Open(temp, 0o600, made.boltOptions(true, false))
	if err == nil {
		err = errors.Join(made.Update(made.prepare), made.let())
	}
	if err != nil {
		return errors.Join(err, os.Remove(temp))
	}
	return atomicfile.ReplacePrivate(temp, db.path)
}

func (db *DB) boltOptions(noSync, readOnly bool) *bolt.Options {
	o := &bolt.Options{
		Timeout: lockTimeout, FreelistType: bolt.FreelistMapType, PageSize: boltfile.PageSize,
		NoSync: noSync, ReadOnly: readOnly,
		PreLoadFreelist: true, // the look before writing is to find what writing would stumble over
	}
	if !readOnly && runtime.GOOS != "windows" && math.MaxInt > math.MaxInt32 { // there, the file itself would grow; or addresses are few
		o.InitialMmapSize = db.options.Reserve
	}
	return o
}

// open opens an existing file, first for reading only: nothing is changed
// before it is known that it may be.
func (db *DB) open() error {
	if err := Kind().CheckHeader(db.path); err != nil {
		return err
	}
	if err := db.openBolt(true); err != nil {
		return err
	}
	stale := false
	err := db.View(func(tx *Tx) (err error) {
		stale, err = db.stale(tx)
		return err
	})
	if err != nil || db.options.ReadOnly {
		if err == nil && stale {
			err = fmt.Errorf("open %s: it must first be opened for writing once, to bring it up to version %d", db.path, db.schema.Version)
		}
		return err
	}
	if err := db.let(); err != nil {
		return err
	}
	if err := boltfile.Unmark(db.path); err != nil {
		return err
	}
	if err := db.openBolt(false); err != nil {
		return err
	}
	db.tidy()
	if stale {
		return db.Update(db.prepare)
	}
	return nil
}

// tidy removes what killed processes have left beside the database, which is
// locked by now. What cannot be removed does no harm.
func (db *DB) tidy() {
	for _, of := range []string{db.path, BackupPath(db.path), boltfile.Mark(db.path), boltfile.Mark(BackupPath(db.path))} {
		left, err := atomicfile.Leftovers(of)
		if err != nil {
			return
		}
		for _, l := range left {
			_ = os.Remove(l)
		}
	}
}

func (db *DB) openBolt(readOnly bool) error {
	return Kind().Guard(db.path, func() error {
		b, err := bolt.Open(db.path, 0o600, db.boltOptions(db.options.NoSync, readOnly))
		if err != nil {
			return Kind().OpenError(db.path, err)
		}
		db.bolt = b
		return nil
	})
}

// Path returns the file's name.
func (db *DB) Path() string { return db.path }

// Sync makes durable what NoSync has left to the system.
func (db *DB) Sync() error {
	db.mu.RLock()
	defer db.mu.RUnlock()
	if err := db.usable(); err != nil {
		return err
	}
	if err := db.bolt.Sync(); err != nil {
		return db.explain(err)
	}
	return nil
}

// Close lets go of the file, after the transactions that are under way, and
// notes that it is sound. Closing again does nothing. If the backup of
// Options.Backup fails, the database is closed all the same.
func (db *DB) Close() error {
	db.mu.Lock()
	defer db.mu.Unlock()
	if db.bolt == nil {
		return nil
	}
	var errs []error
	mark := !db.options.ReadOnly && db.broken.Load() == nil
	if mark && db.options.NoSync {
		if err := db.bolt.Sync(); err != nil {
			errs, mark = append(errs, db.explain(err)), false
		}
	}
	if mark && db.options.Backup && db.needsBackup() {
		errs = append(errs, db.backup(BackupPath(db.path)))
	}
	if err := db.let(); err != nil {
		errs, mark = append(errs, err), false
	}
	if mark {
		// Where no mark can be written the next start checks the file: slower, and
		// no reason to call a database damaged that is sound.
		_ = Kind().MarkClean(db.path, db.path)
	}
	return errors.Join(errs...)
}

// let closes the file. A crash of the library may have left its locks held, so
// that it would wait for ever: then the file stays open until the process ends.
func (db *DB) let() error {
	b := db.bolt
	if b == nil {
		return nil
	}
	db.bolt = nil
	if db.broken.Load() == nil {
		return atomicfile.Explain("close "+db.path, b.Close())
	}
	closed := make(chan error, 1)
	go func() { closed <- Kind().Guard(db.path, b.Close) }()
	select {
	case err := <-closed:
		return atomicfile.Explain("close "+db.path, err)
	case <-time.After(closeTimeout):
		return fmt.Errorf("close %s: %w and could not be closed; it is let go of when the program ends", db.path, ErrDamaged)
	}
}
