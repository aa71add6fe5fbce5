package oracle_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/shapes-desktop/shapes/core/geo/tile"
)

// pmtilesList is what pmtiles-read.mjs compares an archive with.
type pmtilesList struct {
	Header   map[string]any    `json:"header"`
	Metadata map[string]any    `json:"metadata"`
	Tiles    map[string]string `json:"tiles"`
	Absent   []string          `json:"absent"`
}

func TestPMTilesInTheNPMReader(t *testing.T) {
	need(t, "node", "node_modules")
	m := worldMeta()
	list := pmtilesList{
		Header: map[string]any{
			"specVersion": 3, "clustered": true, "internalCompression": 2, "tileCompression": 2, "tileType": 1,
			"minZoom": 0, "maxZoom": worldMaxZoom, "minLon": -180, "maxLon": 180, "minLat": m.Bounds[1], "maxLat": m.Bounds[3],
			"centerZoom": 1, "centerLon": 0, "centerLat": 0, "numAddressedTiles": 1365,
		},
		Metadata: map[string]any{
			"name": m.Name, "description": m.Description, "attribution": m.Attribution, "generator": m.Generator,
			"type": "overlay", "version": "1.0.0", "units": "16", "vector_layers": m.Layers,
		},
		Tiles:  map[string]string{},
		Absent: []string{fmt.Sprintf("%d/0/0", worldMaxZoom+1)},
	}
	ids, plain := world()
	for i, id := range ids {
		list.Tiles[id.String()] = fmt.Sprintf("%x", sha256.Sum256(plain[i]))
	}
	text, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	listFile := filepath.Join(t.TempDir(), "list.json")
	if err := os.WriteFile(listFile, text, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Log(run(t, "node", "pmtiles-read.mjs", writeWorld(t, "world.pmtiles"), listFile))
}

func TestPMTilesInMapLibre(t *testing.T) {
	need(t, "node", "node_modules", "chromium")
	t.Log(run(t, "node", "maplibre.mjs", writeWorld(t, "world.pmtiles"), worldLayer, strconv.Itoa(worldUnits)))
}

func TestMBTilesInGDAL(t *testing.T) {
	need(t, "ogrinfo")
	// GDAL reads the deepest zoom and counts what lies in each of its tiles.
	t.Log(run(t, "./gdal.sh", writeWorld(t, "world.mbtiles"), worldLayer, countAt(t, worldMaxZoom)))
}

func TestFolderInGDAL(t *testing.T) {
	need(t, "ogrinfo")
	dir := writeWorld(t, "world")
	for z := range worldMaxZoom + 1 {
		t.Log(z, run(t, "./gdal.sh", filepath.Join(dir, strconv.Itoa(z)), worldLayer, countAt(t, z)))
	}
	t.Log(run(t, "./gdal.sh", filepath.Join(dir, "0", "0", "0.pbf"), worldLayer, strconv.Itoa(worldUnits)))
}

// countAt is how many features GDAL counts at a zoom: one for each square and
// tile that share ground, as it leaves out what lies in the margin only.
func countAt(t *testing.T, z int) string {
	t.Helper()
	n := 0
	for h := (tile.ID{Z: uint8(z)}).Hilbert(); h < (tile.ID{Z: uint8(z) + 1}).Hilbert(); h++ {
		n += max(1, worldUnits>>(2*z))
	}
	return strconv.Itoa(n)
}
