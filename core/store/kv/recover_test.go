package kv

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/shapes-desktop/shapes/core/store/boltfile"
)

// names lists a folder.
func names(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var ns []string
	for _, e := range entries {
		ns = append(ns, e.Name())
	}
	return strings.Join(ns, " ")
}

// spoil makes a closed database one that cannot be opened.
func spoil(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b = b[:len(b)/2]
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return b
}

func TestADamagedDatabaseIsRestored(t *testing.T) {
	ctx, v := context.Background(), verifier(t)
	dir := t.TempDir()
	path := filepath.Join(dir, "garden.db")
	o := Options{Backup: true}
	db, err := v.Open(ctx, path, garden(), o)
	if err != nil {
		t.Fatal(err)
	}
	put(t, db, animal{ID: 1, Name: "cat"})
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	bad := spoil(t, path)
	_, err = v.Open(ctx, path, garden(), o)
	var u *UnusableError
	if !errors.As(err, &u) || !errors.Is(err, ErrDamaged) || u.Backup.IsZero() || u.BackupErr != nil || u.Path != path {
		t.Fatalf("%v", err)
	}
	if !strings.Contains(err.Error(), "sound backup of "+u.Backup.Format("2 January 2006")) {
		t.Error(err)
	}
	now := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	kept, err := v.Restore(ctx, path, now)
	if err != nil || kept != path+".damaged-20261122-080000" {
		t.Fatal(kept, err)
	}
	if b, err := os.ReadFile(kept); err != nil || !bytes.Equal(b, bad) {
		t.Error("the damaged file is not as it was", err)
	}
	if db, err = v.Open(ctx, path, garden(), o); err != nil {
		t.Fatal(err)
	}
	view(t, db, func(tx *Tx) error {
		if got := ids(t, animals().All(tx, nil)); fmt.Sprint(got) != "[1]" {
			t.Error(got)
		}
		return nil
	})
	if err := db.Close(); err != nil {
		t.Error(err)
	}
	if got := names(t, dir); got != "garden.db garden.db.backup garden.db.backup.clean garden.db.clean garden.db.damaged-20261122-080000" {
		t.Error(got)
	}
}

func TestBeginningEmptyKeepsEverything(t *testing.T) {
	ctx, v := context.Background(), verifier(t)
	dir := t.TempDir()
	path := filepath.Join(dir, "garden.db")
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, want := range []string{
		"garden.db.backup-20260102-030405 garden.db.damaged-20260102-030405",
		"garden.db.backup-20260102-030405 garden.db.backup-20260102-030405-2 garden.db.damaged-20260102-030405 garden.db.damaged-20260102-030405-2",
	} {
		db, err := v.Open(ctx, path, garden(), Options{Backup: true})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		spoil(t, path)
		if kept, err := SetAside(path, now); err != nil || len(kept) != 2 {
			t.Fatal(kept, err)
		}
		if got := strings.ReplaceAll(names(t, dir), "garden.db.clean ", ""); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if kept, err := SetAside(path, now); err != nil || kept != nil {
		t.Error(kept, err)
	}
}

func TestWhatIsUnusable(t *testing.T) {
	ctx, v := context.Background(), verifier(t)
	newerGarden := Schema{Name: "garden", Version: 2, Tables: garden().Tables, Migrations: []func(*Tx) error{func(*Tx) error { return nil }}}
	make := func(t *testing.T, s Schema, o Options) string {
		path := filepath.Join(t.TempDir(), "garden.db")
		db, err := Open(path, s, o)
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, c := range []struct {
		name   string
		path   func(t *testing.T) string
		is     error
		say    string
		backup bool
	}{
		{"newer", func(t *testing.T) string { return make(t, newerGarden, Options{}) }, ErrNewer, "version 2, this one knows 1); update the program (there is no sound backup)", false},
		{"newer, as is the backup", func(t *testing.T) string { return make(t, newerGarden, Options{Backup: true}) }, ErrNewer, "there is no sound backup", false},
		{"of another name", func(t *testing.T) string { return make(t, Schema{Name: "house", Version: 1}, Options{}) }, ErrDamaged, `it holds "house", not "garden"`, false},
		{"missing, with a backup", func(t *testing.T) string {
			path := make(t, garden(), Options{Backup: true})
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			return path
		}, ErrMissing, "sound backup of", true},
		{"damaged, as is the backup", func(t *testing.T) string {
			path := make(t, garden(), Options{Backup: true})
			spoil(t, path)
			spoil(t, BackupPath(path))
			return path
		}, ErrDamaged, "no sound backup", false},
		{"empty", func(t *testing.T) string {
			path := filepath.Join(t.TempDir(), "garden.db")
			if err := os.WriteFile(path, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			return path
		}, ErrDamaged, "cut off at 0 bytes", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := c.path(t)
			before, _ := os.ReadFile(path)
			_, err := v.Open(ctx, path, garden(), Options{Backup: true})
			var u *UnusableError
			if !errors.As(err, &u) || !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.say) || u.Backup.IsZero() == c.backup {
				t.Errorf("%v", err)
			}
			if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
				t.Error("the file was changed")
			}
		})
	}
}

// A backup that is not sound is not restored, and nothing is changed.
func TestARefusedRestore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "garden.db")
	db := open(t, path, Options{Backup: true})
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	spoil(t, path)
	spoil(t, BackupPath(path))
	before := names(t, filepath.Dir(path))
	for _, is := range []error{ErrDamaged, os.ErrNotExist} {
		kept, err := verifier(t).Restore(context.Background(), path, time.Now())
		if !errors.Is(err, is) || kept != "" || names(t, filepath.Dir(path)) != before {
			t.Errorf("kept %q, %v; left %s", kept, err, names(t, filepath.Dir(path)))
		}
		if err := os.Remove(BackupPath(path)); err != nil && is == ErrDamaged {
			t.Fatal(err)
		}
		before = names(t, filepath.Dir(path))
	}
}

// Ready changes nothing, not even a file of an older version.
func TestReady(t *testing.T) {
	ctx, v := context.Background(), verifier(t)
	path := copyGolden(t)
	before := readFile(t, path)
	for _, s := range []Schema{gardenV2(), {Name: "garden", Version: 1}} {
		if err := v.Ready(ctx, path, s); err != nil {
			t.Error(err)
		}
	}
	if !bytes.Equal(before, readFile(t, path)) {
		t.Error("it was changed")
	}
	none := filepath.Join(t.TempDir(), "none.db")
	if err := v.Ready(ctx, none, garden()); err != nil || !missing(none) {
		t.Error(err)
	}
}

// A database in use is checked by a copy.
func TestVerifyOpen(t *testing.T) {
	ctx, v := context.Background(), verifier(t)
	db := fresh(t)
	put(t, db, animal{ID: 1, Name: "cat"})
	if err := v.VerifyOpen(ctx, db); err != nil {
		t.Error(err)
	}
	tamper(t, db, "animals", Key(nil).Uint(1), func(value []byte) { value[len(value)-1] ^= 1 })
	if err := v.VerifyOpen(ctx, db); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), db.Path()) {
		t.Error(err)
	}
}

func TestABusyDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "garden.db")
	open(t, path, Options{})
	for name, o := range map[string]Options{"writing": {}, "reading": {ReadOnly: true}} {
		if _, err := Open(path, garden(), o); !errors.Is(err, ErrBusy) {
			t.Errorf("for %s: %v", name, err)
		}
	}
	if err := verifier(t).VerifyInChild(context.Background(), path); !errors.Is(err, ErrBusy) {
		t.Error(err)
	}
}

// The list of free pages is only needed for writing: damage in it must be told
// before, also where a file has kept the size and time of a sound one.
func TestADamagedListOfFreePagesIsTold(t *testing.T) {
	ctx, v := context.Background(), verifier(t)
	path := filepath.Join(t.TempDir(), "garden.db")
	db, err := v.Open(ctx, path, garden(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	put(t, db, animal{ID: 1, Name: "cat"})
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const flags, freelist = 8, 0x10 // of a page's header
	hit := 0
	for at := 0; at < len(b); at += boltfile.PageSize {
		if b[at+flags] == freelist {
			clear(b[at : at+boltfile.PageSize])
			hit++
		}
	}
	info, err := os.Stat(path)
	if err = errors.Join(err, os.WriteFile(path, b, 0o600), os.Chtimes(path, info.ModTime(), info.ModTime())); err != nil || hit == 0 {
		t.Fatal(hit, err)
	}
	if !Kind().IsClean(path) {
		t.Fatal("the file is known to have changed: this test tells nothing")
	}
	var u *UnusableError
	if err := v.Ready(ctx, path, garden()); !errors.As(err, &u) || !errors.Is(err, ErrDamaged) {
		t.Errorf("ready: %v", err)
	}
}
