package archive

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/store/tileset"
)

// makeSQLite makes a database as another program would.
func makeSQLite(t *testing.T, path, script string, args ...any) {
	t.Helper()
	db, err := openSQLite(path, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(script, args...); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

const plainTiles = `CREATE TABLE tiles (zoom_level integer, tile_column integer, tile_row integer, tile_data blob);
INSERT INTO tiles VALUES (3, 1, 6, x'1f8b08'), (2, 3, 0, 'text'), (4, 0, 0, NULL);`

func TestMBTilesOfOthers(t *testing.T) {
	for _, c := range []struct {
		name, script string
		want         tileset.Meta
	}{
		{"no metadata table", plainTiles, tileset.Meta{
			Name: "x", MinZoom: 2, MaxZoom: 4,
			Bounds: [4]float64{-180, -maxLatitude, 180, maxLatitude}, Center: [3]float64{0, 0, 0},
		}},
		{
			"odd values", plainTiles + `CREATE TABLE metadata (name, value);
			INSERT INTO metadata VALUES ('name', 'N'), ('minzoom', 2), ('maxzoom', 'deep'), ('bounds', '1, 2,3,4'), ('center', 'x'),
			('json', '{"vector_layers":[{"id":"a","minzoom":1.0,"maxzoom":"z","fields":{"k":"String","n":7}},{"id":5}]}'), (NULL, NULL), ('own', 'yes')`,
			tileset.Meta{
				Name: "N", MinZoom: 2, MaxZoom: 4, Bounds: [4]float64{1, 2, 3, 4}, Center: [3]float64{2, 3, 2},
				Layers: []tileset.VectorLayer{{ID: "a", MinZoom: 1, Fields: map[string]string{"k": "String", "n": ""}}, {Fields: map[string]string{}}},
				Extra:  map[string]string{"own": "yes", "": ""},
			},
		},
	} {
		path := filepath.Join(t.TempDir(), "x.mbtiles")
		makeSQLite(t, path, c.script)
		r, err := Open(path)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if d := cmp.Diff(c.want, r.Meta()); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
		var ids []string
		err = r.Each(context.Background(), func(id tile.ID, b []byte) error {
			ids = append(ids, id.String()+string(b))
			return nil
		})
		if d := cmp.Diff([]string{"2/3/3text", "3/1/1\x1f\x8b\x08"}, ids); err != nil || d != "" {
			t.Errorf("%s: %v %s", c.name, err, d)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
		if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
			t.Errorf("%s: left %v", c.name, left)
		}
	}
}

func TestFilesThatAreNone(t *testing.T) {
	dir := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	images := filepath.Join(dir, "png.mbtiles")
	makeSQLite(t, images, plainTiles+`CREATE TABLE metadata (name, value); INSERT INTO metadata VALUES ('format', 'png')`)
	other := filepath.Join(dir, "other.gpkg")
	makeSQLite(t, other, `CREATE TABLE cats (name)`)
	broken := filepath.Join(dir, "broken.mbtiles")
	makeSQLite(t, broken, plainTiles+`CREATE TABLE metadata (name, value); INSERT INTO metadata VALUES ('json', '<html>')`)
	strange := filepath.Join(dir, "strange.mbtiles")
	makeSQLite(t, strange, plainTiles+`INSERT INTO tiles VALUES (1, 7, 0, x'00')`)
	for _, c := range []struct{ path, say string }{
		{file("empty.pmtiles", ""), "the file is empty"},
		{file("page.pmtiles", "<!doctype html><html>"), `it begins with "<!doctype html>`},
		{file("short.pmtiles", "PMTiles\x03"), "cut off in the header at 8 bytes"},
		{file("old.pmtiles", "PMTiles\x02"+strings.Repeat("\x00", 200)), "PMTiles version 2"},
		{file("cut.mbtiles", "SQLite format 3\x00 and no more"), "not a database"},
		{images, "png images"},
		{other, "without a table or view named tiles"},
		{broken, "metadata is not JSON"},
		{strange, "tile in column 7"},
		{filepath.Dir(file("docs/a.txt", "x")), "no folders named after zooms"},
		{filepath.Dir(filepath.Dir(file("nothing/3/a.txt", "x"))), "no tiles named"},
		{filepath.Dir(filepath.Dir(filepath.Dir(file("bad/0/0/0.pbf", "x")))), ""},
	} {
		r, err := Open(c.path)
		if err == nil {
			err = r.Each(context.Background(), func(tile.ID, []byte) error { return nil })
			r.Close()
		}
		if c.say == "" {
			if err != nil {
				t.Errorf("%s: %v", c.path, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), c.say) || !strings.Contains(err.Error(), filepath.Base(c.path)) || !errors.Is(err, ErrFormat) {
			t.Errorf("%s: %v, want %q", c.path, err, c.say)
		}
	}
	if _, err := Open(filepath.Join(dir, "none")); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

func TestDamagedMBTilesGiveErrors(t *testing.T) {
	ids, data := sampleTiles(t)
	path := filepath.Join(t.TempDir(), "a.mbtiles")
	writeAll(t, Create, path, sampleMeta(), ids, data)
	sound, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for at := 100; at < len(sound); at += len(sound) / 40 {
		for name, b := range map[string][]byte{
			"cut":    sound[:at],
			"zeroed": append(append(bytes.Clone(sound[:at]), make([]byte, min(4096, len(sound)-at))...), sound[min(len(sound), at+4096):]...),
		} {
			if err := os.WriteFile(path, b, 0o600); err != nil {
				t.Fatal(err)
			}
			r, err := Open(path)
			if err != nil {
				continue
			}
			_ = r.Each(context.Background(), func(tile.ID, []byte) error { return nil }) // no crash, no hang
			if err := r.Close(); err != nil {
				t.Errorf("%s at %d: %v", name, at, err)
			}
		}
	}
}

func TestFoldersOfOthers(t *testing.T) {
	for _, c := range []struct{ ext, meta string }{
		{".pbf", ""},
		{".mvt", `{"name":"N","minzoom":1,"bounds":[1,2,3,4],"vector_layers":[{"id":"a"}],"odd":{"x":1},"none":null}`},
		{".pbf.gz", `{"name":"N","json":"{\"vector_layers\":[{\"id\":\"a\"}]}"}`},
	} {
		dir := filepath.Join(t.TempDir(), "tiles")
		for _, name := range []string{"1/0/1", "1/0/0", "1/9/0", "0/0/0", "1/0/00"} {
			p := filepath.Join(dir, filepath.FromSlash(name)+c.ext)
			if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(p, []byte(name), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if c.meta != "" {
			if err := os.WriteFile(filepath.Join(dir, folderMeta), []byte(c.meta), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		r, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		err = r.Each(context.Background(), func(id tile.ID, b []byte) error {
			got = append(got, string(b))
			return nil
		})
		if d := cmp.Diff([]string{"0/0/0", "1/0/0", "1/0/1"}, got); err != nil || d != "" {
			t.Errorf("%s: %v %s", c.ext, err, d)
		}
		m := r.Meta()
		if m.MaxZoom != 1 || c.meta != "" && (m.Name != "N" || len(m.Layers) != 1) || c.meta == "" && m.Name != "tiles" {
			t.Errorf("%s: %+v", c.ext, m)
		}
		if _, err := Create(dir); err == nil || !strings.Contains(err.Error(), "left alone") {
			t.Errorf("%s: a folder of others may be replaced: %v", c.ext, err)
		}
	}
}

func TestAFolderOfOursWithAForeignFileIsLeftAlone(t *testing.T) {
	for _, name := range []string{"notes.txt", "0/notes.txt", "0/0/notes.txt", "0/0/0/0.pbf", "0/x/0.pbf"} {
		dir := filepath.Join(t.TempDir(), "tiles")
		writeAll(t, Create, dir, sampleMeta(), []tile.ID{{}, {Z: 1}}, map[tile.ID][]byte{{}: gz(t, "a"), {Z: 1}: gz(t, "b")})
		if w, err := Create(dir); err != nil {
			t.Fatal(err)
		} else if err := w.Abort(); err != nil {
			t.Fatal(err)
		}
		p := filepath.Join(dir, filepath.FromSlash(name))
		if strings.HasPrefix(name, "0/0/0/") {
			if err := os.Remove(filepath.Join(dir, "0", "0", "0.pbf")); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Create(dir); err == nil || !strings.Contains(err.Error(), "left alone") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
