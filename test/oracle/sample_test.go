package oracle_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/geo/mvt"
	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/publish/archive"
	"github.com/shapes-desktop/shapes/resources/sample"
)

// TestTheSampleInOtherPrograms builds the bundled sample as a user does, copies
// it into the other archives, and opens each elsewhere.
func TestTheSampleInOtherPrograms(t *testing.T) {
	need(t, "node", "node_modules", "chromium", "ogrinfo")
	dir := t.TempDir()
	pmtiles := filepath.Join(dir, "sample.pmtiles")
	r := engine.Recipe{Inputs: []engine.Input{{Path: engine.Sample}}, Out: pmtiles, MaxZoom: 2}
	if _, err := engine.Build(context.Background(), r, nil); err != nil {
		t.Fatal(err)
	}
	mbtiles, folder := filepath.Join(dir, "sample.mbtiles"), filepath.Join(dir, "sample")
	copyTiles(t, pmtiles, mbtiles)
	copyTiles(t, mbtiles, folder)

	list := listOf(t, mbtiles) // another container: the tiles must be the same
	text, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	listFile := filepath.Join(dir, "list.json")
	if err := os.WriteFile(listFile, text, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Log("pmtiles:", run(t, "node", "pmtiles-read.mjs", pmtiles, listFile))
	t.Log("maplibre:", run(t, "node", "maplibre.mjs", pmtiles, sample.LayerCountries, "200+"))
	t.Log("gdal mbtiles:", run(t, "./gdal.sh", mbtiles, sample.LayerCountries, "250+"))
	t.Log("gdal folder:", run(t, "./gdal.sh", filepath.Join(folder, "0"), sample.LayerCountries, "150+"))
	if d := len(listOf(t, folder).Tiles) - len(list.Tiles); d != 0 {
		t.Errorf("the folder has %d tiles more than the MBTiles", d)
	}
}

// copyTiles writes the tiles of one archive into another.
func copyTiles(t *testing.T, from, to string) {
	t.Helper()
	r, err := archive.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	w, err := archive.Create(to)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	if err := r.Each(context.Background(), w.Put); err != nil {
		t.Fatal(err)
	}
	if err := w.Commit(r.Meta()); err != nil {
		t.Fatal(err)
	}
}

// listOf reads all tiles of an archive.
func listOf(t *testing.T, path string) pmtilesList {
	t.Helper()
	r, err := archive.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	list := pmtilesList{Header: map[string]any{"specVersion": 3}, Tiles: map[string]string{}}
	err = r.Each(context.Background(), func(id tile.ID, data []byte) error {
		plain, err := mvt.Gunzip(data, 64<<20)
		list.Tiles[id.String()] = fmt.Sprintf("%x", sha256.Sum256(plain))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}
