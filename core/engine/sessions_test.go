package engine

import (
	"bytes"
	"context"
	"log/slog"
	"path/filepath"
	"testing"

	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/model/tree"
)

func openEngine(t *testing.T, dir string) *Engine {
	t.Helper()
	e, err := Open(t.Context(), dir, slog.New(slog.NewTextHandler(t.Output(), nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

// allTiles reads every tile of a tileset.
func allTiles(t *testing.T, tiles Tiles) map[tile.ID][]byte {
	t.Helper()
	defer tiles.Close()
	out := map[tile.ID][]byte{}
	m := tiles.Meta()
	for z := m.MinZoom; z <= m.MaxZoom; z++ {
		for x := range uint32(1) << z {
			for y := range uint32(1) << z {
				id := tile.ID{Z: z, X: x, Y: y}
				data, err := tiles.Tile(t.Context(), id)
				if err != nil {
					t.Fatal(err)
				}
				if data != nil {
					out[id] = data
				}
			}
		}
	}
	return out
}

// newShape makes a shape of a file and returns its node.
func newShape(t *testing.T, e *Engine, name, path string) Node {
	t.Helper()
	ed, err := e.New(t.Context(), tree.Root, NewShape{Name: name, Source: shape.Local, Files: []shape.File{{Path: path}}})
	if err != nil {
		t.Fatal(err)
	}
	ed.Shape.Config.VectorTiles.MaxZoom = 6
	if err := e.Change(t.Context(), &ed); err != nil {
		t.Fatal(err)
	}
	n, err := e.Finish(t.Context(), ed.Node)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestSessionMakesTheTilesOfABuild(t *testing.T) {
	dir := t.TempDir()
	in := write(t, dir, "squares.geojson", twoSquares)
	e := openEngine(t, filepath.Join(dir, "data"))
	n := newShape(t, e, "Squares", in)
	s, err := e.Start(t.Context(), n.ID)
	if err != nil {
		t.Fatal(err)
	}
	if s, err = e.Wait(context.Background(), s.ID); err != nil || s.Status != session.Completed {
		t.Fatalf("%s %q %v", s.Status, s.Reason, err)
	}
	tiles, err := e.OpenNode(t.Context(), n.ID)
	if err != nil {
		t.Fatal(err)
	}
	got := allTiles(t, tiles)

	out := filepath.Join(dir, "a.pmtiles")
	if _, err := Build(t.Context(), Recipe{Inputs: []Input{{Path: in}}, Out: out, MaxZoom: 6}, nil); err != nil {
		t.Fatal(err)
	}
	if tiles, err = OpenTiles(t.Context(), out); err != nil {
		t.Fatal(err)
	}
	want := allTiles(t, tiles)
	if len(got) != len(want) || len(got) == 0 {
		t.Fatalf("%d tiles, want %d", len(got), len(want))
	}
	for id, data := range want {
		if !bytes.Equal(got[id], data) {
			t.Errorf("tile %v differs", id)
		}
	}
	runs, err := e.Runs(t.Context(), n.ID)
	if err != nil || len(runs) != 1 || runs[0].Tiles != len(want) || runs[0].Status != "completed" {
		t.Errorf("%+v, %v", runs, err)
	}
}
