package engine

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/shapes-desktop/shapes/core/model/session"
)

// A session of the world's countries makes the tiles that a build makes.
func TestSessionOfRealFile(t *testing.T) {
	path, err := filepath.Abs(filepath.Join("..", "..", "..", "shared", "data", "bench", "ne_10m_admin_0_countries.geojson.gz"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Skip("the shared data folder is not here")
	}
	dir := t.TempDir()
	e := openEngine(t, filepath.Join(dir, "data"))
	n := newShape(t, e, "Countries", path)
	runTo(t, e, n.ID, session.Completed)
	out := filepath.Join(dir, "a.pmtiles")
	if _, err := Build(t.Context(), Recipe{Inputs: []Input{{Path: path}}, Out: out, MaxZoom: 6}, nil); err != nil {
		t.Fatal(err)
	}
	tiles, err := OpenTiles(t.Context(), out)
	if err != nil {
		t.Fatal(err)
	}
	same(t, tilesOf(t, e, n.ID), allTiles(t, tiles))
}

// So it does of the bundled sample, whose two layers share a file.
func TestSessionOfTheSample(t *testing.T) {
	dir := t.TempDir()
	e := openEngine(t, filepath.Join(dir, "data"))
	ed, err := e.Edit(t.Context(), SampleNode)
	if err != nil {
		t.Fatal(err)
	}
	ed.Shape.Config.VectorTiles.MaxZoom = 2
	if err := e.Change(t.Context(), &ed); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Finish(t.Context(), SampleNode); err != nil {
		t.Fatal(err)
	}
	runTo(t, e, SampleNode, session.Completed)
	out := filepath.Join(dir, "a.pmtiles")
	if _, err := Build(t.Context(), Recipe{Inputs: []Input{{Path: Sample}}, Out: out, MaxZoom: 2}, nil); err != nil {
		t.Fatal(err)
	}
	tiles, err := OpenTiles(t.Context(), out)
	if err != nil {
		t.Fatal(err)
	}
	same(t, tilesOf(t, e, SampleNode), allTiles(t, tiles))
}
