package engine

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/core/publish/bundle"
	"github.com/shapes-desktop/shapes/core/store/tileset"
)

// Tiles and nodes come in together: where a tile file cannot be put in place,
// nothing is imported and nothing is left.
func TestAnImportIsAllOrNothing(t *testing.T) {
	e, node, want := undisturbed(t)
	path := filepath.Join(t.TempDir(), "grid.zip")
	if err := e.Export(t.Context(), []string{node}, path, ExportOptions{Tiles: true}); err != nil {
		t.Fatal(err)
	}
	list := func() (nodes []Node, files []string) {
		nodes, err := e.Children(t.Context(), tree.Root)
		if err != nil {
			t.Fatal(err)
		}
		files, err = filepath.Glob(filepath.Join(e.dir, "tiles", "*"))
		if err != nil {
			t.Fatal(err)
		}
		hidden, err := filepath.Glob(filepath.Join(e.dir, "tiles", ".*"))
		if err != nil {
			t.Fatal(err)
		}
		return nodes, append(files, hidden...)
	}
	nodes, files := list()
	now := e.now
	e.now = func() time.Time { // asked in the transaction: the staged tiles are there, and go
		staged, _ := filepath.Glob(filepath.Join(e.dir, "tiles", ".import.db.*.tmp"))
		for _, f := range staged {
			_ = os.Remove(f)
		}
		return now()
	}
	_, err := e.Import(t.Context(), path, tree.Root, Rename)
	e.now = now
	if !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "nothing was imported") {
		t.Fatalf("%v", err)
	}
	if n, f := list(); len(n) != len(nodes) || len(f) != len(files) {
		t.Errorf("left %d nodes of %d, %v of %v", len(n), len(nodes), f, files)
	}
	if _, err := e.UndoState(t.Context()); err != nil {
		t.Error(err)
	}
	got, err := e.Import(t.Context(), path, tree.Root, Rename)
	if err != nil || got.Tiles != 1 || len(got.Nodes) != 1 {
		t.Fatalf("%+v, %v", got, err)
	}
	same(t, tilesOf(t, e, got.Nodes[0].ID), want)
}

// A cut between the names of the tiles and the end of the transaction leaves
// files without a node, which go at the next start.
func TestTilesOfAnImportThatWasCutGo(t *testing.T) {
	e, node, _ := undisturbed(t)
	dir, stray := e.dir, e.tileFile(newID())
	b, err := os.ReadFile(e.tileFile(node))
	if err = errors.Join(err, os.WriteFile(stray, b, 0o600), e.Close()); err != nil {
		t.Fatal(err)
	}
	e = openEngine(t, dir)
	if _, err := os.Stat(stray); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("tiles of no node stay: %v", err)
	}
	if _, err := os.Stat(e.tileFile(node)); err != nil {
		t.Error(err)
	}
}

// Damaged tiles are not exported, and those of an export that was damaged on its
// way say so of the file that was to be imported.
func TestDamagedTilesAreNotImported(t *testing.T) {
	e, node, _ := undisturbed(t)
	b, err := os.ReadFile(e.tileFile(node))
	if err != nil {
		t.Fatal(err)
	}
	clear(b[len(b)/2 : len(b)/2+3000])
	if err := os.WriteFile(e.tileFile(node), b, 0o600); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "grid.zip")
	err = e.Export(t.Context(), []string{node}, path, ExportOptions{Tiles: true})
	if _, statErr := os.Stat(path); !errors.Is(err, tileset.ErrDamaged) || !strings.Contains(err.Error(), "build the tiles again") || statErr == nil {
		t.Errorf("export: %v, and the file: %v", err, statErr)
	}
	m, err := e.manifest(t.Context(), []string{node}, ExportOptions{Tiles: true})
	if err == nil {
		err = bundle.Write(t.Context(), path, m, func(node string) (io.ReadCloser, error) { return os.Open(e.tileFile(node)) })
	}
	if err != nil {
		t.Fatal(err)
	}
	_, err = e.Import(t.Context(), path, tree.Root, Rename)
	if err == nil || !strings.Contains(err.Error(), "nothing was imported") || !strings.Contains(err.Error(), path) {
		t.Errorf("%v", err)
	}
}
