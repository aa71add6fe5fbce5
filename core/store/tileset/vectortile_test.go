package tileset

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/klauspost/compress/gzip"
	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/geo/mvt"
	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/store/boltfile"
	bolt "go.etcd.io/bbolt"
)

// zipped is a tile with layer adm0 of two features.
func zipped(t testing.TB) (gz []byte, size int) {
	t.Helper()
	attrs := [][]feature.Attr{
		{{Key: "name", Value: feature.StringValue("Italy")}, {Key: "level", Value: feature.IntValue(0)}},
		{{Key: "name", Value: feature.StringValue("Malta")}, {Key: "level", Value: feature.IntValue(0)}},
	}
	d := mvt.NewDict()
	var tags [][]uint32
	for _, as := range attrs {
		tags = append(tags, d.Tags(nil, as))
	}
	var e mvt.Encoder
	e.BeginLayer("adm0", d)
	for i := range attrs {
		var cursor mvt.Coord
		e.Feature(uint64(i+1), mvt.Point, tags[i], mvt.AppendPoints(nil, &cursor, []mvt.Coord{{X: 1, Y: int32(i)}}))
	}
	e.EndLayer()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(e.Bytes()); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), len(e.Bytes())
}

func someFacts() Facts {
	return Facts{VisualQuality: 0.875, Source: "node-vectortile-z8-b3", Created: time.Date(2026, 11, 22, 8, 0, 0, 123456789, time.UTC)}
}

// buildFacts makes a file of two equal tiles: the first with facts, the second
// without.
func buildFacts(t testing.TB) string {
	t.Helper()
	gz, _ := zipped(t)
	path := filepath.Join(t.TempDir(), "node.db")
	b, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	err = errors.Join(
		b.PutWithFacts(tile.FromHilbert(0), gz, someFacts()),
		b.Put(tile.FromHilbert(1), gz),
		b.PutWithFacts(tile.FromHilbert(2), gz, Facts{VisualQuality: 1, Source: someFacts().Source}),
		b.PutWithFacts(tile.FromHilbert(3), gz, Facts{Created: time.Unix(-5, 0)}),
		b.Commit(sampleMeta()),
	)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestWhatIsKnownOfATile(t *testing.T) {
	gz, size := zipped(t)
	ts := open(t, buildFacts(t))
	id := tile.FromHilbert(0)
	got, found, err := ts.VectorTile(id, nil)
	if err != nil || !found {
		t.Fatal(found, err)
	}
	want := VectorTile{
		ID: id, Name: "0/0/0", Data: gz,
		Layers: []TileLayer{{
			Name: "adm0", Features: 2, Version: 2, Extent: 4096, Keys: []string{"name", "level"},
			Values: []feature.Value{feature.StringValue("Italy"), feature.IntValue(0), feature.StringValue("Malta")},
		}},
		TotalFeatures: 2, CompressedSize: len(gz), UncompressedSize: size,
		ETag: ETag(gz), Facts: someFacts(), HasFacts: true,
		PerformanceScore: 1 - float64(len(gz))/500_000,
	}
	if d := cmp.Diff(want, got, cmpopts.EquateComparable(feature.Value{})); d != "" {
		t.Error(d)
	}
	for h, want := range []Facts{someFacts(), {}, {VisualQuality: 1, Source: someFacts().Source, Created: time.Time{}}, {Created: time.Unix(-5, 0)}} {
		got, ok, err := ts.Facts(tile.FromHilbert(uint64(h)))
		if err != nil || ok != (h != 1) || got.VisualQuality != want.VisualQuality || got.Source != want.Source || !got.Created.Equal(want.Created) {
			t.Errorf("facts of %d: %+v, %v, %v", h, got, ok, err)
		}
	}
	if _, found, err := ts.VectorTile(tile.FromHilbert(9), nil); found || err != nil {
		t.Error(found, err)
	}
}

func TestETagsAreOfContent(t *testing.T) {
	ts := open(t, buildFacts(t))
	a, _, err := ts.VectorTile(tile.FromHilbert(0), nil)
	b, _, err2 := ts.VectorTile(tile.FromHilbert(1), nil)
	if errors.Join(err, err2) != nil || a.ETag != b.ETag || a.ETag == ETag([]byte("other")) {
		t.Error(a.ETag, b.ETag, err, err2)
	}
	if len(a.ETag) != 34 || a.ETag[0] != '"' || a.ETag[33] != '"' {
		t.Errorf("%s is no strong entity tag", a.ETag)
	}
}

func TestAHugeTilePerformsAtZero(t *testing.T) {
	for _, c := range []struct {
		bytes int
		least float64
	}{{100_000, 0.79}, {600_000, 0}} {
		d := mvt.NewDict()
		tags := d.Tags(nil, []feature.Attr{{Key: "long", Value: feature.StringValue(strings.Repeat("x", c.bytes))}})
		var e mvt.Encoder
		var cursor mvt.Coord
		e.BeginLayer("adm0", d)
		e.Feature(1, mvt.Point, tags, mvt.AppendPoints(nil, &cursor, []mvt.Coord{{X: 1, Y: 1}}))
		e.EndLayer()
		v := VectorTile{Data: stored(t, e.Bytes())}
		if err := v.describe(); err != nil || v.PerformanceScore < c.least || v.PerformanceScore > c.least+0.02 {
			t.Errorf("%d bytes: %v, %v", c.bytes, v.PerformanceScore, err)
		}
	}
}

// stored is gzip of data, not compressed.
func stored(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.NoCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWhatIsNoTile(t *testing.T) {
	for _, data := range [][]byte{[]byte("no tile"), stored(t, make([]byte, 10)), {0x1f, 0x8b, 1}} {
		path := filepath.Join(t.TempDir(), "node.db")
		b, err := Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(b.Put(tile.ID{}, data), b.Commit(Meta{})); err != nil {
			t.Fatal(err)
		}
		if _, _, err := open(t, path).VectorTile(tile.ID{}, nil); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "tile 0/0/0") {
			t.Errorf("%q: %v", data, err)
		}
	}
}

func TestFactsThatAreRefused(t *testing.T) {
	zero := 0.0
	for _, q := range []float64{-0.1, 1.1, zero / zero} {
		b, err := Create(filepath.Join(t.TempDir(), "node.db"))
		if err != nil {
			t.Fatal(err)
		}
		if err := b.PutWithFacts(tile.ID{}, []byte("x"), Facts{VisualQuality: q}); err == nil || !strings.Contains(err.Error(), "tile 0/0/0: quality") {
			t.Errorf("%v: %v", q, err)
		}
		if err := b.Abort(); err != nil {
			t.Error(err)
		}
	}
}

// format1 was written by the last version that knew no facts.
const format1 = "testdata/format1.db"

func TestFormat1IsRead(t *testing.T) {
	raw, err := os.ReadFile(format1)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "node.db")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := CheckFile(path); err != nil {
		t.Fatal(err)
	}
	ts := open(t, path)
	if ts.Count() != 21 || cmp.Diff(sampleMeta(), ts.Meta()) != "" {
		t.Error(ts.Count(), ts.Meta())
	}
	for h := range uint64(21) {
		gz, err := ts.Tile(tile.FromHilbert(h))
		if err != nil || !bytes.Equal(gz, content(h)) {
			t.Errorf("tile %d: %q, %v", h, gz, err)
		}
		if f, ok, err := ts.Facts(tile.FromHilbert(h)); ok || err != nil {
			t.Errorf("facts of %d: %v, %v", h, f, err)
		}
	}
}

func TestDamagedFactsAreFound(t *testing.T) {
	for name, do := range map[string]func(tx *bolt.Tx) error{
		"changed": func(tx *bolt.Tx) error {
			b := tx.Bucket([]byte(factsBucket))
			record := bytes.Clone(b.Get(keyOf(0)))
			record[9] ^= 1
			return b.Put(keyOf(0), record)
		},
		"source gone": func(tx *bolt.Tx) error { return tx.Bucket([]byte(sourcesBucket)).Delete(sourceKey(1)) },
		"short": func(tx *bolt.Tx) error {
			return tx.Bucket([]byte(factsBucket)).Put(keyOf(0), appendRecord(nil, keyOf(0), kindData, []byte{1}))
		},
	} {
		path := buildFacts(t)
		db, err := bolt.Open(path, 0o600, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(db.Update(do), db.Close()); err != nil {
			t.Fatal(err)
		}
		if err := CheckFile(path); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
		ts := open(t, path)
		if _, _, err := ts.Facts(tile.FromHilbert(0)); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s, read: %v", name, err)
		}
	}
}

func FuzzFacts(f *testing.F) {
	f.Add(appendFacts(nil, someFacts(), 7))
	f.Fuzz(func(t *testing.T, b []byte) {
		facts, n, err := openFacts(b)
		if err == nil && !bytes.Equal(appendFacts(nil, facts, n), b) {
			t.Errorf("%x came back as %x", b, appendFacts(nil, facts, n))
		}
	})
}

func FuzzRecord(f *testing.F) {
	f.Add([]byte("key"), appendRecord(nil, []byte("key"), kindData, []byte("content")))
	f.Fuzz(func(t *testing.T, key, record []byte) {
		kind, content, err := openRecord(key, record)
		if err == nil && !bytes.Equal(appendRecord(nil, key, kind, content), record) {
			t.Error("a record comes back as another")
		}
	})
}

func TestRemoveTakesAllOfIt(t *testing.T) {
	path := buildFacts(t)
	b, err := Create(path) // as if it were killed
	if err != nil {
		t.Fatal(err)
	}
	if err := b.db.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := verifier(t).OpenRequests(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(r.Note(tile.ID{}, time.Unix(1, 0)), r.Close()); err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 5 {
		t.Error(left)
	}
	if err := errors.Join(Remove(path), Remove(path)); err != nil {
		t.Error(err)
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 0 {
		t.Error(left)
	}
	if _, err := os.Stat(boltfile.Mark(path)); !os.IsNotExist(err) {
		t.Error(err)
	}
}
