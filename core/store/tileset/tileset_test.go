package tileset

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/store/boltfile"
	"github.com/shapes-desktop/shapes/core/store/kv"
	bolt "go.etcd.io/bbolt"
	"pgregory.net/rapid"
)

// TestMain lets the test program be the child process that checks files.
func TestMain(m *testing.M) {
	if boltfile.IsCheckChild(os.Args) {
		os.Exit(boltfile.RunCheckChild(os.Args, os.Stdout, Kind(), kv.Kind()))
	}
	os.Exit(m.Run())
}

func sampleMeta() Meta {
	return Meta{
		Name: "Test", Attribution: "<a href=\"x\">x</a>", MaxZoom: 5,
		Bounds: [4]float64{-180, -85, 180, 85}, Center: [3]float64{10, 20, 3},
		Layers: []VectorLayer{{ID: "adm0", MaxZoom: 5, Fields: map[string]string{"name": "String", "area": "Number"}}},
		Extra:  map[string]string{"b": "2", "a": "1"},
	}
}

// content is some bytes for tile number h; every third tile is the same.
func content(h uint64) []byte {
	if h%3 == 0 {
		return bytes.Repeat([]byte("sea"), 20)
	}
	return bytes.Repeat([]byte(fmt.Sprintf("tile %d ", h)), int(h%200)+1)
}

// buildSample makes a tile file of n tiles and returns its path.
func buildSample(t testing.TB, n uint64) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "node.db")
	b, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Abort()
	for h := range n {
		if err := b.Put(tile.FromHilbert(h), content(h)); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Commit(sampleMeta()); err != nil {
		t.Fatal(err)
	}
	return path
}

func open(t testing.TB, path string) *Tileset {
	t.Helper()
	ts, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ts.Close() })
	return ts
}

func TestWhatIsBuiltCanBeRead(t *testing.T) {
	const n = 20000 // more than two batches
	path := buildSample(t, n)
	ts := open(t, path)
	if d := cmp.Diff(sampleMeta(), ts.Meta()); d != "" {
		t.Error(d)
	}
	if ts.Count() != n {
		t.Errorf("%d tiles", ts.Count())
	}
	next := uint64(0)
	err := ts.Each(context.Background(), func(id tile.ID, gz []byte) error {
		if id.Hilbert() != next || !bytes.Equal(gz, content(next)) {
			return fmt.Errorf("tile %d came as %v with %d bytes", next, id, len(gz))
		}
		next++
		return nil
	})
	if err != nil || next != n {
		t.Errorf("%d tiles, %v", next, err)
	}
	for _, id := range []tile.ID{tile.FromHilbert(n), {Z: 31, X: 1, Y: 1}, {Z: 1, X: 2, Y: 0}} {
		if gz, err := ts.Tile(id); gz != nil || err != nil {
			t.Errorf("tile %v: %d bytes, %v", id, len(gz), err)
		}
	}
	if err := CheckFile(path); err != nil {
		t.Error(err)
	}
}

func TestAgainstAMap(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		path := filepath.Join(dir, "node.db")
		want := map[tile.ID][]byte{}
		b, err := Create(path)
		if err != nil {
			t.Fatal(err)
		}
		defer b.Abort()
		h := uint64(0)
		for _, step := range rapid.SliceOf(rapid.Uint64Range(1, 1<<40)).Draw(t, "steps") {
			h += step
			id := tile.FromHilbert(h)
			want[id] = rapid.SliceOfN(rapid.Byte(), 1, 3).Draw(t, "gz")
			if err := b.Put(id, want[id]); err != nil {
				t.Fatal(err)
			}
		}
		if err := b.Commit(Meta{}); err != nil {
			t.Fatal(err)
		}
		ts, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer ts.Close()
		got := map[tile.ID][]byte{}
		err = ts.Each(context.Background(), func(id tile.ID, gz []byte) error {
			got[id] = gz
			return nil
		})
		if d := cmp.Diff(want, got); err != nil || d != "" {
			t.Fatal(err, d)
		}
		for id := range want {
			if gz, err := ts.Tile(id); err != nil || !bytes.Equal(gz, want[id]) {
				t.Fatal(id, gz, err)
			}
		}
	})
}

func TestEqualTilesAreStoredOnce(t *testing.T) {
	size := func(same bool) int64 {
		path := filepath.Join(t.TempDir(), "node.db")
		b, err := Create(path)
		if err != nil {
			t.Fatal(err)
		}
		for h := range uint64(1000) {
			gz := bytes.Repeat([]byte{1}, 1000)
			if !same {
				gz[0], gz[1] = byte(h), byte(h>>8)
			}
			if err := b.Put(tile.FromHilbert(h), gz); err != nil {
				t.Fatal(err)
			}
		}
		if err := b.Commit(Meta{}); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	if one, all := size(true), size(false); one*5 > all {
		t.Errorf("1000 equal tiles take %d bytes, different ones %d", one, all)
	}
}

func TestTheSameTilesGiveTheSameBytes(t *testing.T) {
	a, err := os.ReadFile(buildSample(t, 3000))
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(buildSample(t, 3000))
	if err != nil || !bytes.Equal(a, b) {
		t.Error("files differ", err)
	}
}

func TestWhatPutRefuses(t *testing.T) {
	z1 := func(x, y uint32) tile.ID { return tile.ID{Z: 1, X: x, Y: y} }
	for _, c := range []struct {
		name string
		ids  []tile.ID
		gz   string
		say  string
	}{
		{"order", []tile.ID{z1(0, 1), z1(0, 0)}, "x", "tile 1/0/0: it comes after a later one"},
		{"twice", []tile.ID{z1(0, 0), z1(0, 0)}, "x", "tile 1/0/0: it comes after a later one"},
		{"address", []tile.ID{z1(2, 0)}, "x", "tile 1/2/0: no such address"},
		{"empty", []tile.ID{z1(0, 0)}, "", "tile 1/0/0: it is empty"},
	} {
		dir := t.TempDir()
		b, err := Create(filepath.Join(dir, "node.db"))
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range c.ids {
			err = b.Put(id, []byte(c.gz))
		}
		if err == nil || !strings.Contains(err.Error(), c.say) {
			t.Errorf("%s: %v", c.name, err)
		}
		if err := b.Commit(Meta{}); err == nil || !strings.Contains(err.Error(), c.say) {
			t.Errorf("%s: Commit after it: %v", c.name, err)
		}
		if left, _ := os.ReadDir(dir); len(left) != 0 {
			t.Errorf("%s: left %v", c.name, left)
		}
	}
}

func TestAnAbortedBuildLeavesTheOldTiles(t *testing.T) {
	path := buildSample(t, 10)
	b, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Put(tile.ID{}, []byte("new")); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(b.Abort(), b.Abort()); err != nil {
		t.Fatal(err)
	}
	if b.Put(tile.ID{Z: 1}, []byte("x")) == nil || b.Commit(Meta{}) == nil {
		t.Error("an aborted build goes on")
	}
	if gz, err := open(t, path).Tile(tile.ID{}); err != nil || !bytes.Equal(gz, content(0)) {
		t.Error(gz, err)
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(left) != 2 { // the file and its mark
		t.Error(left, err)
	}
}

func TestReadersKeepTheOldTilesOverASwap(t *testing.T) {
	path := buildSample(t, 10)
	old := open(t, path)
	b, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(b.Put(tile.ID{}, []byte("new")), b.Commit(Meta{})); err != nil {
		t.Fatal(err)
	}
	if gz, err := old.Tile(tile.ID{}); err != nil || !bytes.Equal(gz, content(0)) {
		t.Error("old reader:", gz, err)
	}
	if gz, err := open(t, path).Tile(tile.ID{}); err != nil || string(gz) != "new" {
		t.Error("new reader:", gz, err)
	}
}

func TestANewerFileIsRefusedInPlainWords(t *testing.T) {
	path := buildSample(t, 10)
	db, err := bolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bolt.Tx) error {
		return tx.Bucket([]byte(metaBucket)).Put([]byte(formatKey), []byte{format + 1})
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	for name, open := range map[string]func() error{
		"Open":   func() error { _, err := Open(path); return err },
		"Verify": func() error { return verifier(t).Verify(context.Background(), path) },
	} {
		if err := open(); !errors.Is(err, ErrNewer) || !strings.Contains(err.Error(), "update the program") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEachStops(t *testing.T) {
	ts := open(t, buildSample(t, 10))
	ctx, cancel := context.WithCancel(context.Background())
	n := 0
	err := ts.Each(ctx, func(tile.ID, []byte) error {
		if n++; n == 3 {
			cancel()
		}
		return nil
	})
	if n != 3 || !errors.Is(err, context.Canceled) {
		t.Errorf("%d tiles, %v", n, err)
	}
	stop := errors.New("stop")
	if err := ts.Each(context.Background(), func(tile.ID, []byte) error { return stop }); !errors.Is(err, stop) {
		t.Error(err)
	}
}

func TestAClosedTilesetGivesErrors(t *testing.T) {
	ts := open(t, buildSample(t, 10))
	if err := errors.Join(ts.Close(), ts.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := ts.Tile(tile.ID{}); err == nil {
		t.Error("a closed tileset gives tiles")
	}
}

func TestRemove(t *testing.T) {
	path := buildSample(t, 1)
	if err := errors.Join(Remove(path), Remove(path)); err != nil {
		t.Error(err)
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 0 {
		t.Error(left)
	}
}
