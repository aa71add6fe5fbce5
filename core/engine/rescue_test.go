package engine

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/shapes-desktop/shapes/core/model/tree"
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
