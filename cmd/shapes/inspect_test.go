package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/geo/mvt"
	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/store/tileset"
)

// squareTile is a tile with one square feature.
func squareTile() []byte {
	d := mvt.NewDict()
	tags := d.Tags(nil, []feature.Attr{{Key: "name", Value: feature.StringValue("Sq")}, {Key: "n", Value: feature.IntValue(4)}})
	var cursor mvt.Coord
	ring := mvt.AppendRing(nil, &cursor, []mvt.Coord{{X: 0, Y: 0}, {X: 8, Y: 0}, {X: 8, Y: 8}, {X: 0, Y: 8}})
	var e mvt.Encoder
	e.Reset()
	e.BeginLayer("adm0", d)
	e.Feature(7, mvt.Polygon, tags, ring)
	e.EndLayer()
	return bytes.Clone(e.Bytes())
}

func gzipped(t *testing.T, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const squareJSON = `{"layers":[{"name":"adm0","version":2,"extent":4096,"features":[` +
	`{"id":7,"type":"Polygon","geometry":[[[0,0],[8,0],[8,8],[0,8],[0,0]]],"properties":{"name":"Sq","n":4}}]}]}`

// sameJSON compares values, not the order of keys or spaces.
func sameJSON(t *testing.T, want, got string) {
	t.Helper()
	var a, b any
	if err := json.Unmarshal([]byte(want), &a); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(got), &b); err != nil {
		t.Fatalf("%v in %q", err, got)
	}
	if d := cmp.Diff(a, b); d != "" {
		t.Errorf("JSON (-want +got):\n%s", d)
	}
}

func TestInspectTileFile(t *testing.T) {
	for name, data := range map[string][]byte{
		"a.mvt": squareTile(), "a.pbf": gzipped(t, squareTile()), "a.mvt.gz": gzipped(t, squareTile()),
	} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		code, out, errs := shapes(t, &fakeEngine{}, "inspect", path, "--json")
		if code != 0 {
			t.Fatalf("%s: exit %d: %s", name, code, errs)
		}
		sameJSON(t, squareJSON, out)
		_, out, _ = shapes(t, &fakeEngine{}, "inspect", path)
		if !strings.Contains(out, "layer adm0: version 2, extent 4096, 1 feature\n") ||
			!strings.Contains(out, `7  Polygon, 1 part, 4 vertices  name="Sq" n="4"`) {
			t.Errorf("%s: said\n%s", name, out)
		}
	}
}

func TestInspectBadTile(t *testing.T) {
	good := squareTile()
	for name, data := range map[string][]byte{
		"cut.mvt":     good[:len(good)-3],
		"garbage.mvt": []byte("<html>not found</html>"),
		"gzip.mvt":    gzipped(t, good)[:30],
	} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{{"inspect", path}, {"inspect", path, "--json"}} {
			code, out, errs := shapes(t, &fakeEngine{}, args...)
			if code != 1 || out != "" || strings.Count(errs, "\n") != 1 || !strings.Contains(errs, path) {
				t.Errorf("%s: exit %d, stdout %q, stderr %q", name, code, out, errs)
			}
		}
	}
	if code, _, errs := shapes(t, &fakeEngine{}, "inspect", "testdata/no.mvt"); code != 1 || !strings.Contains(errs, "no.mvt") {
		t.Errorf("missing file: exit %d: %s", code, errs)
	}
}

func TestInspectTileOfArchive(t *testing.T) {
	path := existing(t, "a.pmtiles")
	eng := &fakeEngine{tiles: map[tile.ID][]byte{{Z: 1, X: 1, Y: 0}: gzipped(t, squareTile())}, meta: tileset.Meta{MaxZoom: 3}}
	code, out, errs := shapes(t, eng, "inspect", path, "--tile", "1/1/0", "--json")
	if code != 0 {
		t.Fatalf("exit %d: %s", code, errs)
	}
	sameJSON(t, squareJSON, out)
	code, _, errs = shapes(t, eng, "inspect", path, "--tile", "1/0/0")
	if code != 1 || !strings.Contains(errs, "has no tile 1/0/0 (its zooms are 0 to 3)") {
		t.Errorf("exit %d: %s", code, errs)
	}
	eng.tiles[tile.ID{}] = []byte{0xff}
	code, _, errs = shapes(t, eng, "inspect", path, "--tile", "0/0/0")
	if code != 1 || !strings.Contains(errs, "tile 0/0/0 of "+path) {
		t.Errorf("exit %d: %s", code, errs)
	}
}

func someMeta() tileset.Meta {
	return tileset.Meta{
		Name: "World", Generator: "Shapes Desktop 1", MaxZoom: 6, Bounds: [4]float64{-180, -85, 180, 83.5},
		Center: [3]float64{0, 20, 1},
		Layers: []tileset.VectorLayer{{ID: "adm0", MaxZoom: 6, Fields: map[string]string{"name": "String", "code": "String"}}},
		Extra:  map[string]string{"small": "3"},
	}
}

func TestInspectMeta(t *testing.T) {
	path := existing(t, "a.pmtiles")
	_, out, _ := shapes(t, &fakeEngine{meta: someMeta()}, "inspect", path)
	want := strings.Join([]string{
		"name        World",
		"generator   Shapes Desktop 1",
		"zooms       0 to 6",
		"bounds      -180,-85,180,83.5",
		"center      0,20,1",
		"layer       adm0, zooms 0 to 6",
		"              code: String",
		"              name: String",
		"small       3",
		"",
	}, "\n")
	if d := cmp.Diff(want, out); d != "" {
		t.Errorf("metadata (-want +got):\n%s", d)
	}
	_, out, _ = shapes(t, &fakeEngine{meta: someMeta()}, "inspect", path, "--json")
	var got tileset.Meta
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(someMeta(), got); d != "" {
		t.Errorf("metadata as JSON (-want +got):\n%s", d)
	}
}
