package engine

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// What is sound does not give way to an older backup, nor to nothing.
func TestASoundDatabaseIsNotRescued(t *testing.T) {
	dir := t.TempDir()
	e := openEngine(t, dir)
	if _, err := e.CreateFolder(t.Context(), tree.Root, "Kept"); err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	for _, way := range []Way{FromBackup, Empty} {
		if kept, err := Rescue(t.Context(), dir, way); !errors.Is(err, ErrSound) || len(kept) > 0 {
			t.Errorf("%s: %v, %v", way, kept, err)
		}
	}
	if aside, _ := filepath.Glob(filepath.Join(dir, "*-2*")); len(aside) > 0 {
		t.Errorf("set aside: %v", aside)
	}
	e = openEngine(t, dir)
	if n, err := e.Find(t.Context(), "Kept"); err != nil || n.Name != "Kept" {
		t.Error(n, err)
	}
}

// Damage that no quick look finds is damage all the same.
func TestHiddenDamageIsRescued(t *testing.T) {
	dir := t.TempDir()
	e, err := Open(t.Context(), dir, slog.New(slog.DiscardHandler))
	if err == nil {
		_, err = e.CreateFolder(t.Context(), tree.Root, "Kept for long")
	}
	if err == nil {
		err = e.Close()
	}
	path := filepath.Join(dir, coreFile)
	info, statErr := os.Stat(path)
	b, readErr := os.ReadFile(path)
	if err = errors.Join(err, statErr, readErr); err != nil {
		t.Fatal(err)
	}
	for i := range b {
		if string(b[i:min(len(b), i+8)]) == "Kept for" {
			b[i] = 'k'
		}
	}
	if err := errors.Join(os.WriteFile(path, b, 0o600), os.Chtimes(path, info.ModTime(), info.ModTime())); err != nil {
		t.Fatal(err)
	}
	if kept, err := Rescue(t.Context(), dir, FromBackup); err != nil || len(kept) != 1 {
		t.Errorf("%v, %v", kept, err)
	}
}

// newer makes a database one that a later version has written.
func newer(t *testing.T, dir, file string) {
	t.Helper()
	s := kv.Schema{Name: file, Version: 2, Migrations: []func(*kv.Tx) error{func(*kv.Tx) error { return nil }}}
	db, err := kv.Open(filepath.Join(dir, file), s, kv.Options{})
	if err == nil {
		err = db.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
}

// What a later version has written is left alone, and a sound core database
// does not give way for the sake of the other one.
func TestNewerDatabasesAreLeftAlone(t *testing.T) {
	for _, file := range []string{coreFile, ephemeralFile} {
		dir := t.TempDir()
		if err := openEngine(t, dir).Close(); err != nil {
			t.Fatal(err)
		}
		newer(t, dir, file)
		before, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			t.Fatal(err)
		}
		_, err = Open(t.Context(), dir, slog.New(slog.DiscardHandler))
		var u *Unusable
		if unusable := errors.As(err, &u); !errors.Is(err, kv.ErrNewer) || unusable != (file == coreFile) || unusable && !u.Newer() {
			t.Errorf("%s: %v", file, err)
		}
		if !strings.Contains(err.Error(), "update the program") {
			t.Errorf("%s: %v", file, err)
		}
		after, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil || !bytes.Equal(before, after) {
			t.Errorf("%s was changed: %v", file, err)
		}
		kept, err := Rescue(t.Context(), dir, FromBackup)
		if rescued := err == nil && len(kept) == 1; rescued != (file == coreFile) {
			t.Errorf("rescue where %s is newer: %v, %v", file, kept, err)
		}
	}
}

// The note about a damaged database of unfinished work says what was done, not
// what to do about another.
func TestDamagedUnfinishedWorkIsTold(t *testing.T) {
	dir := t.TempDir()
	if err := openEngine(t, dir).Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, ephemeralFile), make([]byte, 20_000), 0o600); err != nil {
		t.Fatal(err)
	}
	told := openEngine(t, dir).Recovery(t.Context()).Damaged
	if len(told) != 1 || !strings.Contains(told[0], "kept as "+ephemeralFile) || strings.Contains(told[0], "restore its backup") {
		t.Errorf("told %q", told)
	}
}
