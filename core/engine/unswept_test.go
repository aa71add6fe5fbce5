package engine

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A dry run of a sweep tells what the sweep then does, and opening for it has
// deleted nothing before.
func TestADryRunTellsWhatASweepDoes(t *testing.T) {
	dir := t.TempDir()
	e := openEngine(t, dir)
	strays := []string{e.tileFile(newID()), filepath.Join(dir, "scratch", newID(), "buffers.db")}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	for _, s := range strays {
		if err := errors.Join(os.MkdirAll(filepath.Dir(s), 0o700), os.WriteFile(s, make([]byte, 100), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	there := func() (n int) {
		for _, s := range strays {
			if _, err := os.Stat(s); err == nil {
				n++
			}
		}
		return n
	}
	e, err := OpenUnswept(t.Context(), dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}()
	dry, err := e.Sweep(t.Context(), true)
	if err != nil || there() != len(strays) || len(dry.Rows) != len(strays) {
		t.Fatalf("%+v, %v; %d of %d files are there", dry, err, there(), len(strays))
	}
	wet, err := e.Sweep(t.Context(), false)
	if err != nil || there() != 0 {
		t.Fatal(err, there())
	}
	if len(wet.Rows) < len(dry.Rows) {
		t.Fatalf("%+v", wet)
	}
	if d := cmp.Diff(dry.Rows, wet.Rows[:len(dry.Rows)]); d != "" { // free pages come after
		t.Error(d)
	}
}
