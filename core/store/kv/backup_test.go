package kv

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shapes-desktop/shapes/core/store/boltfile"
)

// The backup of a database in use is its state of one moment.
func TestBackup(t *testing.T) {
	db := fresh(t)
	put(t, db, animal{ID: 1})
	path := filepath.Join(t.TempDir(), "copy.db")
	if err := db.Backup(path); err != nil {
		t.Fatal(err)
	}
	put(t, db, animal{ID: 2})
	if err := CheckFile(path); err != nil {
		t.Fatal(err)
	}
	copied := open(t, path, Options{})
	sound(t, copied)
	view(t, copied, func(tx *Tx) error {
		if got := ids(t, animals().All(tx, nil)); fmt.Sprint(got) != "[1]" {
			t.Error(got)
		}
		return nil
	})
	if err := db.Backup(filepath.Join(t.TempDir(), "none", "copy.db")); err == nil || !strings.Contains(err.Error(), "the folder does not exist") {
		t.Error(err)
	}
}

// The automatic backup is made anew only where something has changed.
func TestBackupOnClose(t *testing.T) {
	path := filepath.Join(t.TempDir(), "garden.db")
	when := func() time.Time {
		info, err := os.Stat(BackupPath(path))
		if err != nil {
			t.Fatal(err)
		}
		return info.ModTime()
	}
	for n, change := range []bool{true, false, true} {
		db, err := Open(path, garden(), Options{Backup: true})
		if err != nil {
			t.Fatal(err)
		}
		if n > 0 {
			long := time.Unix(1000, 0)
			if err := os.Chtimes(BackupPath(path), long, long); err != nil {
				t.Fatal(err)
			}
		}
		if change {
			put(t, db, animal{ID: uint64(n)})
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if anew := when().Unix() != 1000; anew != change {
			t.Errorf("closing %d: made anew %v", n, anew)
		}
	}
}

func TestCompact(t *testing.T) {
	db := fresh(t)
	for n := range 30 {
		update(t, db, func(tx *Tx) error {
			for i := range uint64(40) {
				a := animal{ID: uint64(n)*40 + i, Name: "x", Note: make([]byte, 2000)}
				if err := animals().Put(tx, &a); err != nil {
					return err
				}
			}
			return nil
		})
	}
	update(t, db, func(tx *Tx) error {
		n, err := animals().DeleteAll(tx, nil)
		if n != 1200 {
			t.Errorf("deleted %d", n)
		}
		return errors.Join(err, animals().Put(tx, &animal{ID: 7, Name: "last"}))
	})
	before, err := db.Stats()
	if err != nil || !before.MostlyFree() || before.Tables[0] != (TableStats{"animals", 1}) {
		t.Errorf("%+v, %v", before, err)
	}
	if err := db.Compact(); err != nil {
		t.Fatal(err)
	}
	after, err := db.Stats()
	if err != nil || after.MostlyFree() || after.File*20 > before.File || !slices.Equal(after.Tables, before.Tables) {
		t.Errorf("%+v, %v", after, err)
	}
	sound(t, db)
	put(t, db, animal{ID: 8})
	if left := names(t, filepath.Dir(db.Path())); left != "garden.db" {
		t.Error("left", left)
	}
}

func TestCleanFilesNeedNoChild(t *testing.T) {
	ctx := context.Background()
	nobody := Verifier{Exe: filepath.Join(t.TempDir(), "no such program")}
	path := grown(t, Options{})
	if err := nobody.Verify(ctx, path); err != nil {
		t.Errorf("just closed: %v", err)
	}
	db := open(t, path, Options{})
	if _, err := os.Stat(boltfile.Mark(path)); !os.IsNotExist(err) {
		t.Error("the mark stays while the database is in use")
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := boltfile.Unmark(path); err != nil {
		t.Fatal(err)
	}
	if err := nobody.Verify(ctx, path); err == nil || errors.Is(err, ErrDamaged) {
		t.Errorf("not closed, and no child to be had: %v", err)
	}
	if err := verifier(t).Verify(ctx, path); err != nil {
		t.Error(err)
	}
	if err := nobody.Verify(ctx, path); err != nil {
		t.Errorf("checked: %v", err)
	}
}
