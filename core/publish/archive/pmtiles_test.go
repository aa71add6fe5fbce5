package archive

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/store/tileset"
	"pgregory.net/rapid"
)

func TestDirectoryRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var want []pmEntry
		id, end := uint64(0), uint64(0)
		for range rapid.IntRange(0, 50).Draw(t, "n") {
			e := pmEntry{
				id:     id + rapid.Uint64Range(0, 1<<40).Draw(t, "gap"),
				run:    rapid.Uint32Range(1, 1000).Draw(t, "run"),
				length: rapid.Uint32Range(1, 1<<20).Draw(t, "length"),
				offset: end,
			}
			if rapid.Bool().Draw(t, "apart") {
				e.offset = rapid.Uint64Range(0, 1<<50).Draw(t, "offset")
			}
			id, end = e.id+uint64(e.run), e.offset+uint64(e.length)
			want = append(want, e)
		}
		got, err := decodeDirectory(encodeDirectory(want))
		if err != nil || len(got) != len(want) {
			t.Fatal(err, got)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("entry %d: %v, want %v", i, got[i], want[i])
			}
		}
	})
}

func TestRunsAndContentsAreCounted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.pmtiles")
	a, b := gz(t, "a"), gz(t, "bb")
	data := map[tile.ID][]byte{}
	var ids []tile.ID
	for h, d := range [][]byte{a, a, a, b, a, nil, a, b} {
		if d != nil {
			ids = append(ids, tile.FromHilbert(uint64(h)))
			data[tile.FromHilbert(uint64(h))] = d
		}
	}
	writeAll(t, Create, path, tileset.Meta{MaxZoom: 2}, ids, data)
	r, err := openPMTiles(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	h := r.header
	if h.addressed != 7 || h.entries != 5 || h.contents != 2 || !h.clustered || h.dataLength != uint64(len(a)+len(b)) {
		t.Errorf("%+v", h)
	}
}

// manyTiles writes n tiles that do not join to runs, so that the root
// directory cannot hold them.
func manyTiles(t testing.TB, n int) string {
	path := filepath.Join(t.TempDir(), "many.pmtiles")
	w, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	g := gz(t, "x")
	r := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		g = binary.LittleEndian.AppendUint32(g[:10], uint32(i)) // lengths and bytes differ
		g = append(g, make([]byte, r.IntN(300))...)
		if err := w.Put(tile.FromHilbert(uint64(i)*3+r.Uint64N(3)), g); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Commit(tileset.Meta{MaxZoom: 12}); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestManyTilesGoToLeafDirectories(t *testing.T) {
	const n = 60000
	r, err := openPMTiles(manyTiles(t, n))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	h := r.header
	if h.leafLength == 0 || h.rootOffset+h.rootLength > pmtilesRoot {
		t.Fatalf("root %d bytes, leaves %d bytes", h.rootLength, h.leafLength)
	}
	seen := 0
	err = r.Each(context.Background(), func(id tile.ID, b []byte) error {
		if seen%997 == 0 {
			got, err := r.Tile(context.Background(), id)
			if err != nil || !bytes.Equal(got, b) {
				t.Errorf("tile %v: %v", id, err)
			}
		}
		seen++
		return nil
	})
	if err != nil || seen != n {
		t.Errorf("%d tiles, %v", seen, err)
	}
	if got, err := r.Tile(context.Background(), tile.FromHilbert(1<<20)); got != nil || err != nil {
		t.Errorf("beyond the last: %d bytes, %v", len(got), err)
	}
}

// hostile makes an archive of a root directory, leaf directories and data,
// nothing compressed.
func hostile(root, leaves, data []byte, change func(*pmHeader)) []byte {
	h := pmHeader{internalCompression: compressionNone, tileCompression: compressionNone, tileType: tileTypeMVT, maxZoom: 5}
	h.rootOffset, h.rootLength = pmtilesHeader, uint64(len(root))
	h.leafOffset, h.leafLength = h.rootOffset+h.rootLength, uint64(len(leaves))
	h.dataOffset, h.dataLength = h.leafOffset+h.leafLength, uint64(len(data))
	if change != nil {
		change(&h)
	}
	return bytes.Join([][]byte{h.bytes(), root, leaves, data}, nil)
}

// visit opens bytes as an archive and reads all of it.
func visit(b []byte) error {
	r, err := readPMTiles(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	_, err = r.Tile(ctx, tile.ID{Z: 2, X: 1, Y: 1})
	n := 0
	return errors.Join(err, r.Each(ctx, func(tile.ID, []byte) error {
		if n++; n > 1000 {
			return errTest
		}
		return nil
	}))
}

var errTest = errors.New("enough")

func TestHostileArchivesAreRefused(t *testing.T) {
	one := encodeDirectory([]pmEntry{{id: 0, run: 1, length: 1}})
	self := encodeDirectory([]pmEntry{{id: 0, length: 5}})
	bomb, err := compress(make([]byte, maxDirectory+1))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		b    []byte
		say  string
	}{
		{"header cut", hostile(one, nil, []byte{1}, nil)[:100], "cut off in the header"},
		{"section past the end", hostile(one, nil, []byte{1}, func(h *pmHeader) { h.dataLength++ }), "tile data at byte"},
		{"offset overflow", hostile(one, nil, []byte{1}, func(h *pmHeader) { h.leafOffset = 1<<64 - 1; h.leafLength = 2 }), "leaf directories at byte"},
		{"internal compression", hostile(one, nil, []byte{1}, func(h *pmHeader) { h.internalCompression = 3 }), "method 3"},
		{"tile compression", hostile(one, nil, []byte{1}, func(h *pmHeader) { h.tileCompression = 4 }), "method 4"},
		{"images", hostile(one, nil, []byte{1}, func(h *pmHeader) { h.tileType = 2 }), "not vector tiles"},
		{"zooms", hostile(one, nil, []byte{1}, func(h *pmHeader) { h.minZoom = 9 }), "zooms 9 to 5"},
		{"huge count", hostile(binary.AppendUvarint(nil, 1<<60), nil, nil, nil), "entry count"},
		{"cut directory", hostile(one[:4], nil, []byte{1}, nil), "cut off"},
		{"tile outside data", hostile(one, nil, nil, nil), "outside the tile data"},
		{"leaf outside section", hostile(self, nil, nil, nil), "outside its section"},
		{"leaf that is itself", hostile(self, self, nil, nil), "nested deeper"},
		{"empty leaf", hostile(encodeDirectory([]pmEntry{{id: 0, length: 1}}), []byte{0}, nil, nil), "is empty"},
		{"ids beyond the zoom", hostile(encodeDirectory([]pmEntry{{id: 1 << 40, run: 1, length: 1}}), nil, []byte{1}, nil), "beyond zoom 5"},
		{"endless run", hostile(encodeDirectory([]pmEntry{{id: 9, run: 1<<32 - 1, length: 1}}), nil, []byte{1}, nil), "beyond zoom 5"},
		{"overlapping runs", hostile(encodeDirectory([]pmEntry{{id: 1, run: 5, length: 1}, {id: 3, run: 1, length: 1}}), nil, []byte{1}, nil), "reaches it"},
		{"directory bomb", hostile(bomb, nil, nil, func(h *pmHeader) { h.internalCompression = compressionGzip }), "more than the"},
		{"metadata", hostile(one, []byte("<html>"), []byte{1}, func(h *pmHeader) { h.metaOffset, h.metaLength, h.leafLength = h.leafOffset, 6, 0 }), "not a JSON object"},
	} {
		if err := visit(c.b); err == nil || !strings.Contains(err.Error(), c.say) || !errors.Is(err, ErrFormat) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestALeafReadTwiceIsRefused(t *testing.T) {
	leaf := encodeDirectory([]pmEntry{{id: 5, run: 1, length: 1}})
	root := encodeDirectory([]pmEntry{{id: 5, length: uint32(len(leaf))}, {id: 6, length: uint32(len(leaf))}})
	if err := visit(hostile(root, leaf, []byte{1}, nil)); err == nil || !strings.Contains(err.Error(), "out of order") {
		t.Error(err)
	}
}

func FuzzPMTiles(f *testing.F) {
	path := filepath.Join(f.TempDir(), "a.pmtiles")
	writeAll(f, Create, path, sampleMeta(), []tile.ID{{}, {Z: 1}, {Z: 2, X: 1, Y: 1}},
		map[tile.ID][]byte{{}: gz(f, "a"), {Z: 1}: gz(f, "a"), {Z: 2, X: 1, Y: 1}: gz(f, "b")})
	b, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add(hostile(encodeDirectory([]pmEntry{{id: 0, length: 5}}), encodeDirectory([]pmEntry{{id: 0, run: 7, length: 2}}), []byte{1, 2}, nil))
	f.Fuzz(func(t *testing.T, b []byte) { _ = visit(b) })
}

func FuzzDirectory(f *testing.F) {
	f.Add(encodeDirectory([]pmEntry{{id: 1, run: 2, length: 3, offset: 4}, {id: 9, length: 1, offset: 7}}))
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := decodeDirectory(b)
		if err != nil {
			return
		}
		again, err := decodeDirectory(encodeDirectory(d))
		if err != nil || !cmp.Equal(len(d), len(again)) {
			t.Fatal(err)
		}
		for i := range d {
			if d[i] != again[i] {
				t.Fatal(i, d[i], again[i])
			}
		}
	})
}
