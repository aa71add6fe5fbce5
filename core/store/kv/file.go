package kv

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/shapes-desktop/shapes/core/store/boltfile"
	bolt "go.etcd.io/bbolt"
)

// Kind describes database files to the child process that checks them.
func Kind() boltfile.Kind {
	return boltfile.Kind{
		Word: "database", Noun: "database", Version: fileFormat,
		Advice:  "restore its backup or begin with an empty one",
		Damaged: ErrDamaged, Newer: ErrNewer, Busy: ErrBusy, Check: CheckFile,
	}
}

// Verifier checks database files in a child process, which a damaged file may
// crash or hang instead of the program.
type Verifier boltfile.Verifier

// Verify returns nil if the file is sound: at once if it has not changed since
// it was closed or checked, else after a check in a child process. Errors:
// ErrDamaged, ErrNewer, ErrBusy, those of the file system and of starting the
// child, and ctx's.
func (v Verifier) Verify(ctx context.Context, path string) error {
	return boltfile.Verifier(v).Verify(ctx, Kind(), path)
}

// VerifyInChild checks the file in a child process, whatever is known of it.
func (v Verifier) VerifyInChild(ctx context.Context, path string) error {
	return boltfile.Verifier(v).VerifyInChild(ctx, Kind(), path)
}

// VerifyOpen checks, in a child process, a copy of a database that is in use.
// It needs room for the copy, in the folder of temporary files.
func (v Verifier) VerifyOpen(ctx context.Context, db *DB) error {
	dir, err := os.MkdirTemp("", "shapes-check-")
	if err != nil {
		return fmt.Errorf("check %s: %w", db.path, err)
	}
	defer os.RemoveAll(dir)
	temp := filepath.Join(dir, filepath.Base(db.path))
	err = db.Backup(temp)
	if err == nil {
		err = v.VerifyInChild(ctx, temp)
	}
	if err != nil {
		return fmt.Errorf("check %s by a copy of it: %w", db.path, err)
	}
	return nil
}

// CheckFile reads a database to its last byte: pages, checksums, and by the
// tallies that nothing is lost and nothing back that was deleted. It needs no
// schema: whether indexes are in step is what DB.Check tells. It can hang or
// end the program if the file is damaged: it is what the child process of a
// Verifier runs.
func CheckFile(path string) error {
	if err := Kind().CheckHeader(path); err != nil {
		return err
	}
	db := &DB{path: path}
	if err := db.openBolt(true); err != nil {
		return err
	}
	err := Kind().Guard(path, func() error {
		return db.bolt.View(func(b *bolt.Tx) error {
			if err := Kind().CheckPages(b); err != nil {
				return err
			}
			return (&Tx{bolt: b, db: db, buckets: map[string]*bucket{}}).checkEntries()
		})
	})
	if err != nil && !errors.Is(err, ErrNewer) {
		err = damaged(path, err)
	}
	return errors.Join(err, db.let())
}

// checkEntries reads every entry of the file.
func (tx *Tx) checkEntries() error {
	format, err := tx.metaNumber(formatKey)
	if err != nil {
		return err
	}
	if format > fileFormat {
		return newer(tx.db.path, "format", format, fileFormat)
	}
	names, err := tx.names()
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := tx.checkBucket(name); err != nil {
			return err
		}
	}
	return tx.checkTallies(names)
}

func (tx *Tx) checkBucket(name string) error {
	b, err := tx.bucket(name)
	if err != nil {
		return err
	}
	_, _, isIndex := strings.Cut(name, ".")
	var is tally
	err = b.bolt.ForEach(func(key, value []byte) (err error) {
		is.add(value, 1)
		if isIndex {
			_, err = b.recordKey(key, value)
		} else {
			_, err = b.open(key, value)
		}
		return err
	})
	if err != nil || name == metaBucket {
		return err
	}
	want, err := tx.tallyOf(name)
	if err == nil && is != want {
		err = fmt.Errorf("%w: %s has %d entries and should have %d, or others", ErrDamaged, name, is.entries, want.entries)
	}
	return err
}

// checkTallies compares what is tallied with the buckets that there are.
func (tx *Tx) checkTallies(names []string) error {
	there := map[string]bool{}
	for _, n := range names {
		there[n] = true
	}
	meta, err := tx.bucket(metaBucket)
	if err != nil {
		return err
	}
	return meta.bolt.ForEach(func(key, _ []byte) error {
		if name, ok := strings.CutPrefix(string(key), tallyPrefix); ok && !there[name] {
			return fmt.Errorf("%w: table %s is gone", ErrDamaged, name)
		}
		return nil
	})
}
