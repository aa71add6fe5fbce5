package archive

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/klauspost/compress/gzip"
	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/store/tileset"
)

// carrier is one way to keep a tileset. All pass the same suite.
type carrier struct {
	name   string
	file   string
	create func(path string) (Writer, error)
	open   func(path string) (Reader, error)
	plain  bool // tiles come back uncompressed
}

func carriers() []carrier {
	node := func(path string) (Writer, error) { return tileset.Create(path) }
	openNode := func(path string) (Reader, error) {
		t, err := tileset.Open(path)
		if err != nil {
			return nil, err
		}
		return FromTileset(t), nil
	}
	return []carrier{
		{"pmtiles", "a b#?%.pmtiles", Create, Open, false},
		{"mbtiles", "a b#?%.mbtiles", Create, Open, false},
		{"folder", "a b#%", Create, Open, true},
		{"node", "node.db", node, openNode, false},
	}
}

// forEach runs a test for each carrier, with a path in an empty folder.
func forEach(t *testing.T, test func(t *testing.T, c carrier, path string)) {
	for _, c := range carriers() {
		t.Run(c.name, func(t *testing.T) { test(t, c, filepath.Join(t.TempDir(), c.file)) })
	}
}

func sampleMeta() tileset.Meta {
	return tileset.Meta{
		Name: "Länder & Inseln", Description: "test", Attribution: `<a href="https://example.org">A & B</a>`,
		Generator: "shapes 1", MinZoom: 0, MaxZoom: 7,
		Bounds: [4]float64{-179.5, -60.25, 180, 83.6}, Center: [3]float64{11.25, 47.5, 3},
		Layers: []tileset.VectorLayer{
			{ID: "adm0", Description: "countries", MaxZoom: 7, Fields: map[string]string{"name": "String", "area": "Number", "disputed": "Boolean"}},
			{ID: "adm1", MinZoom: 2, MaxZoom: 7, Fields: map[string]string{}},
		},
		Extra: map[string]string{"small_units": "3", "aaa": "1"},
	}
}

// gz makes a gzipped tile of some text, cheaply.
func gz(t testing.TB, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	zw, err := gzip.NewWriterLevel(&b, gzip.StatelessCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := zw.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sampleTiles is a tileset with runs of equal tiles, equal tiles apart, and
// gaps.
func sampleTiles(t testing.TB) (ids []tile.ID, data map[tile.ID][]byte) {
	data = map[tile.ID][]byte{}
	sea := gz(t, "sea")
	for h := uint64(0); h < 1500; h++ {
		id := tile.FromHilbert(h)
		switch {
		case h%50 < 20:
			data[id] = sea
		case h%7 == 0:
			continue
		default:
			data[id] = gz(t, fmt.Sprint("tile ", h))
		}
		ids = append(ids, id)
	}
	return ids, data
}

func writeAll(t testing.TB, create func(string) (Writer, error), path string, m tileset.Meta, ids []tile.ID, data map[tile.ID][]byte) {
	t.Helper()
	w, err := create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	for _, id := range ids {
		if err := w.Put(id, data[id]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Commit(m); err != nil {
		t.Fatal(err)
	}
	if err := w.Abort(); err != nil {
		t.Errorf("Abort after Commit: %v", err)
	}
}

func openArchive(t testing.TB, c carrier, path string) Reader {
	t.Helper()
	r, err := c.open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// stored is what c gives back for a tile.
func stored(t testing.TB, c carrier, b []byte) []byte {
	if !c.plain {
		return b
	}
	raw, err := ungzip(b, maxTile)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	ids, data := sampleTiles(t)
	ctx := context.Background()
	forEach(t, func(t *testing.T, c carrier, path string) {
		writeAll(t, c.create, path, sampleMeta(), ids, data)
		r := openArchive(t, c, path)
		near := cmpopts.EquateApprox(0, 1e-7)
		if d := cmp.Diff(sampleMeta(), r.Meta(), near, cmpopts.EquateEmpty()); d != "" {
			t.Error(d)
		}
		n := 0
		err := r.Each(ctx, func(id tile.ID, b []byte) error {
			if n >= len(ids) || id != ids[n] || !bytes.Equal(b, stored(t, c, data[id])) {
				return fmt.Errorf("tile %d is %v", n, id)
			}
			n++
			return nil
		})
		if err != nil || n != len(ids) {
			t.Errorf("%d tiles of %d, %v", n, len(ids), err)
		}
		for h := uint64(0); h < 1600; h++ {
			id := tile.FromHilbert(h)
			got, err := r.Tile(ctx, id)
			want, ok := data[id]
			if err != nil || (got != nil) != ok || ok && !bytes.Equal(got, stored(t, c, want)) {
				t.Fatalf("tile %v: %q, %v", id, got, err)
			}
		}
		for _, id := range []tile.ID{{Z: 31, X: 1 << 30}, {Z: 1, X: 5}, {Z: 32}} {
			if got, err := r.Tile(ctx, id); got != nil || err != nil {
				t.Errorf("tile %v: %q, %v", id, got, err)
			}
		}
		if left, _ := os.ReadDir(filepath.Dir(path)); c.name != "node" && len(left) != 1 {
			t.Errorf("beside the archive: %v", left)
		}
	})
}

// bytesOf is the content of a file or of all files of a folder.
func bytesOf(t *testing.T, path string) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(p)
		rel, _ := filepath.Rel(path, p)
		fmt.Fprintf(&all, "%s %q\n", rel, b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

func TestTheSameTilesGiveTheSameBytes(t *testing.T) {
	ids, data := sampleTiles(t)
	forEach(t, func(t *testing.T, c carrier, path string) {
		writeAll(t, c.create, path, sampleMeta(), ids, data)
		first := bytesOf(t, path)
		writeAll(t, c.create, path, sampleMeta(), ids, data) // over the first
		if bytesOf(t, path) != first {
			t.Error("the second time the bytes differ")
		}
	})
}

func TestWhatPutRefuses(t *testing.T) {
	for _, bad := range []struct {
		name string
		ids  []tile.ID
		data []byte
		say  string
		node bool
	}{
		{"order", []tile.ID{{Z: 1, X: 0, Y: 1}, {Z: 1}}, gz(t, "x"), "tile 1/0/0: it comes after a later one", true},
		{"twice", []tile.ID{{Z: 1}, {Z: 1}}, gz(t, "x"), "tile 1/0/0: it comes after a later one", true},
		{"address", []tile.ID{{Z: 1, X: 2}}, gz(t, "x"), "tile 1/2/0: no such address", true},
		{"plain", []tile.ID{{}}, []byte("plain"), "tile 0/0/0: it is not gzipped", false},
		{"empty", []tile.ID{{}}, nil, "tile 0/0/0: it is", true},
		{"none", nil, nil, "there are none", false},
	} {
		forEach(t, func(t *testing.T, c carrier, path string) {
			if c.name == "node" && !bad.node {
				return
			}
			w, err := c.create(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, id := range bad.ids {
				err = w.Put(id, bad.data)
			}
			if len(bad.ids) > 0 && (err == nil || !strings.Contains(err.Error(), bad.say)) {
				t.Errorf("%s: Put: %v", bad.name, err)
			}
			if err := w.Commit(sampleMeta()); err == nil || !strings.Contains(err.Error(), bad.say) {
				t.Errorf("%s: Commit: %v", bad.name, err)
			}
			if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 0 {
				t.Errorf("%s: left %v", bad.name, left)
			}
		})
	}
}

func TestAnAbortedArchiveLeavesTheOldOne(t *testing.T) {
	ids, data := sampleTiles(t)
	forEach(t, func(t *testing.T, c carrier, path string) {
		writeAll(t, c.create, path, sampleMeta(), ids, data)
		before, err := os.ReadDir(filepath.Dir(path))
		if err != nil {
			t.Fatal(err)
		}
		w, err := c.create(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(w.Put(tile.ID{}, gz(t, "new")), w.Abort(), w.Abort()); err != nil {
			t.Fatal(err)
		}
		if w.Put(tile.ID{Z: 1}, gz(t, "x")) == nil || w.Commit(sampleMeta()) == nil {
			t.Error("an aborted archive goes on")
		}
		after, err := os.ReadDir(filepath.Dir(path))
		if err != nil || len(after) != len(before) {
			t.Errorf("left %v, %v", after, err)
		}
		got, err := openArchive(t, c, path).Tile(context.Background(), ids[0])
		if err != nil || !bytes.Equal(got, stored(t, c, data[ids[0]])) {
			t.Error("the old archive has changed", err)
		}
	})
}

func TestWhereNothingCanBeWritten(t *testing.T) {
	forEach(t, func(t *testing.T, c carrier, path string) {
		if _, err := c.create(filepath.Join(path, "no", c.file)); err == nil || !strings.Contains(err.Error(), "folder does not exist") {
			t.Errorf("no folder: %v", err)
		}
		busy := filepath.Join(t.TempDir(), c.file)
		if err := os.MkdirAll(filepath.Join(busy, "photos"), 0o755); err != nil {
			t.Fatal(err)
		}
		if _, err := c.create(busy); err == nil || !strings.Contains(err.Error(), "choose another name") {
			t.Errorf("foreign folder: %v", err)
		}
		if _, err := os.Stat(filepath.Join(busy, "photos")); err != nil {
			t.Error(err)
		}
	})
}

func TestEachStops(t *testing.T) {
	ids, data := sampleTiles(t)
	forEach(t, func(t *testing.T, c carrier, path string) {
		writeAll(t, c.create, path, sampleMeta(), ids, data)
		r := openArchive(t, c, path)
		ctx, cancel := context.WithCancel(context.Background())
		n := 0
		err := r.Each(ctx, func(tile.ID, []byte) error {
			if n++; n == 3 {
				cancel()
			}
			return nil
		})
		if n != 3 || !errors.Is(err, context.Canceled) {
			t.Errorf("%d tiles, %v", n, err)
		}
		if _, err := r.Tile(ctx, ids[0]); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		stop := errors.New("stop")
		if err := r.Each(context.Background(), func(tile.ID, []byte) error { return stop }); !errors.Is(err, stop) {
			t.Error(err)
		}
	})
}

func TestManyMayReadAtOnce(t *testing.T) {
	ids, data := sampleTiles(t)
	forEach(t, func(t *testing.T, c carrier, path string) {
		writeAll(t, c.create, path, sampleMeta(), ids, data)
		r := openArchive(t, c, path)
		var wg sync.WaitGroup
		for worker := range 4 {
			wg.Go(func() {
				for i := worker; i < len(ids); i += 5 {
					got, err := r.Tile(context.Background(), ids[i])
					if err != nil || !bytes.Equal(got, stored(t, c, data[ids[i]])) {
						t.Errorf("tile %v: %v", ids[i], err)
					}
				}
			})
		}
		wg.Wait()
	})
}

func TestMetadataOutsideTheWorldIsBroughtIn(t *testing.T) {
	forEach(t, func(t *testing.T, c carrier, path string) {
		if c.name == "node" {
			return // keeps what it is given
		}
		m := tileset.Meta{MinZoom: 2, MaxZoom: 4, Bounds: [4]float64{-200, -90, 200, 90}, Center: [3]float64{math.NaN(), 0, 9.6}}
		writeAll(t, c.create, path, m, []tile.ID{{Z: 2}}, map[tile.ID][]byte{{Z: 2}: gz(t, "x")})
		got := openArchive(t, c, path).Meta()
		near := cmpopts.EquateApprox(0, 1e-6)
		if d := cmp.Diff([4]float64{-180, -maxLatitude, 180, maxLatitude}, got.Bounds, near); d != "" {
			t.Error(d)
		}
		if got.Center != [3]float64{-180, 0, 4} {
			t.Error(got.Center)
		}
	})
}

func TestFurtherEntriesMustNotHideStandardOnes(t *testing.T) {
	forEach(t, func(t *testing.T, c carrier, path string) {
		if c.name == "node" {
			return
		}
		w, err := c.create(path)
		if err != nil {
			t.Fatal(err)
		}
		m := sampleMeta()
		m.Extra = map[string]string{"bounds": "everywhere"}
		err = errors.Join(w.Put(tile.ID{}, gz(t, "x")), w.Commit(m))
		if err == nil || !strings.Contains(err.Error(), `"bounds"`) {
			t.Error(err)
		}
		if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 0 {
			t.Errorf("left %v", left)
		}
	})
}
