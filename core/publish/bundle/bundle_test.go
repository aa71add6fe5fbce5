package bundle

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"pgregory.net/rapid"
)

func day(d int) time.Time { return time.Date(2026, 11, d, 8, 30, 0, 0, time.UTC) }

// settings draws settings with every field of the format.
func settings(t *rapid.T) *shape.Shape {
	s := &shape.Shape{Config: shape.Defaults()}
	s.SetSource(shape.Sample)
	c := &s.Config
	c.Download.Concurrency = rapid.IntRange(1, 16).Draw(t, "downloads")
	c.Download.Timeout = time.Duration(rapid.IntRange(1, 3600).Draw(t, "timeout")) * time.Second
	c.Download.RetryDelay = time.Duration(rapid.IntRange(0, 300_000).Draw(t, "delay")) * time.Millisecond
	c.Download.Keep, c.Download.Originals = rapid.Bool().Draw(t, "keep"), rapid.Bool().Draw(t, "originals")
	c.Simplify1.Algorithm = rapid.SampledFrom([]shape.Algorithm{shape.DouglasPeucker, shape.Visvalingam}).Draw(t, "algorithm")
	if rapid.Bool().Draw(t, "drop") {
		c.VectorTiles.Small = "drop"
		c.Simplify1.MinArea = rapid.Float64Range(0, 1<<24).Draw(t, "area")
	}
	c.Simplify2.Tolerance = rapid.Float64Range(0, 64).Draw(t, "tolerance")
	c.VectorTiles.Buffer = rapid.IntRange(0, 256).Draw(t, "buffer")
	if rapid.Bool().Draw(t, "zooms") {
		c.VectorTiles.MinZoom, c.VectorTiles.MaxZoom = map[uint8]uint8{0: 2, 1: 2, 2: 2, 3: 2, 4: 2, 5: 2}, 8
	}
	c.KeepIntermediates = rapid.Bool().Draw(t, "intermediates")
	if rapid.Bool().Draw(t, "local") {
		s.SetSource(shape.Local)
		s.Files = []shape.File{{Path: "/home/me/Länder.geojson", Layer: "adm0"}, {Path: `C:\data\b.shp`}}
	}
	if rapid.Bool().Draw(t, "selected") {
		s.Selection = shape.Selection{"JPN": {0, 1}, "ITA": {2}}
	}
	if rapid.Bool().Draw(t, "accepted") {
		s.License = &shape.Consent{Source: s.Source, Name: "CC0", Text: "“all”\n<b>", URL: "https://example.org", Who: "me", When: day(1)}
	}
	s.Style = shape.Style{Fill: "#ff8800", Width: rapid.Float64Range(0, 64).Draw(t, "width"), Opacity: 0.5}
	s.Metadata = shape.Metadata{Title: rapid.SampledFrom([]string{"", "Italy & more"}).Draw(t, "title"), Attribution: `<a href="x">&copy; x</a>`, Tags: []string{"a", "ü"}}
	s.Variant.Scale, s.Variant.Release = rapid.SampledFrom([]string{"", "50m"}).Draw(t, "scale"), rapid.SampledFrom([]string{"", "gbOpen"}).Draw(t, "release")
	s.ClearCache = rapid.Bool().Draw(t, "clear")
	return s
}

func content(t *rapid.T) Manifest {
	m := Manifest{Generator: "shapes 1.2.3", Created: day(22)}
	folders := []string{""}
	for i := range rapid.IntRange(0, 12).Draw(t, "nodes") {
		n := Node{
			ID: fmt.Sprintf("0190-%d", i), Parent: rapid.SampledFrom(folders).Draw(t, "parent"), Type: tree.Folder,
			Name: fmt.Sprintf("Länder %d 日本", i), Created: day(1), Updated: day(2).Add(time.Nanosecond),
		}
		if rapid.Bool().Draw(t, "shape") {
			n.Type, n.Shape, n.Description = tree.Shape, settings(t), "two\nlines"
			n.Tiles = rapid.Bool().Draw(t, "tiles")
		} else {
			folders = append(folders, n.ID)
		}
		m.Nodes = append(m.Nodes, n)
	}
	return m
}

// tilesOf stands for the tileset of a node.
func tilesOf(node string) (io.ReadCloser, error) {
	return io.NopCloser(strings.NewReader("tiles of " + node)), nil
}

func packed(t testing.TB, m Manifest) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteTo(context.Background(), &b, m, tilesOf); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		m := content(rt)
		data := packed(t, m)
		if !bytes.Equal(data, packed(t, m)) {
			rt.Fatal("the same content gave other bytes")
		}
		r, err := NewReader(bytes.NewReader(data), int64(len(data)), DefaultLimits())
		if err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(m, r.Manifest); diff != "" || len(r.Ignored) > 0 {
			rt.Fatalf("read otherwise (-written +read):\n%s\nignored: %v", diff, r.Ignored)
		}
		for _, n := range m.Nodes {
			var b strings.Builder
			err := r.CopyTiles(&b, n.ID)
			if n.Tiles && (err != nil || b.String() != "tiles of "+n.ID) {
				rt.Fatalf("tiles of %s: %q, %v", n.ID, b.String(), err)
			}
			if !n.Tiles && !errors.Is(err, ErrNoTiles) {
				rt.Fatalf("tiles of %s, which has none: %v", n.ID, err)
			}
		}
	})
}

func sample() Manifest {
	s := &shape.Shape{Config: shape.Defaults()}
	s.SetSource(shape.Sample)
	return Manifest{Generator: "shapes 1.2.3", Created: day(22), Nodes: []Node{
		{ID: "f", Type: tree.Folder, Name: "Europe", Created: day(1), Updated: day(1)},
		{ID: "s", Parent: "f", Type: tree.Shape, Name: "Italy", Created: day(1), Updated: day(1), Shape: s, Tiles: true},
	}}
}

func TestAFileAppearsWholeOrNotAtAll(t *testing.T) {
	path := filepath.Join(t.TempDir(), "europe"+Extension)
	broken := errors.New("the tileset cannot be read")
	err := Write(context.Background(), path, sample(), func(string) (io.ReadCloser, error) { return nil, broken })
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), "Italy") {
		t.Errorf("broken tiles: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := Write(ctx, path, sample(), tilesOf); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if list, err := os.ReadDir(filepath.Dir(path)); err != nil || len(list) > 0 {
		t.Errorf("left behind: %v, %v", list, err)
	}
	if err := Write(context.Background(), path, sample(), tilesOf); err != nil {
		t.Fatal(err)
	}
	r, err := Open(path, DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(sample(), r.Manifest); diff != "" {
		t.Error(diff)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if _, err := Open(filepath.Dir(path), DefaultLimits()); !errors.Is(err, ErrFormat) {
		t.Errorf("a folder: %v", err)
	}
	if _, err := Open(path+".no", DefaultLimits()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

// entry is an entry of an archive made by hand.
type entry struct{ name, text string }

func pack(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range entries {
		f, err := w.Create(e.name)
		if err == nil {
			_, err = io.WriteString(f, e.text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// parts returns the entries of the sample archive.
func parts(t testing.TB) []entry {
	t.Helper()
	data := packed(t, sample())
	zr, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var list []entry
	for _, f := range zr.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err = errors.Join(err, r.Close()); err != nil {
			t.Fatal(err)
		}
		list = append(list, entry{f.Name, string(text)})
	}
	return list
}

// with returns the sample archive with one text in an entry replaced.
func with(t testing.TB, name, old, text string) []byte {
	t.Helper()
	list := parts(t)
	for i, e := range list {
		if e.name == name {
			if !strings.Contains(e.text, old) {
				t.Fatalf("%s does not hold %q:\n%s", name, old, e.text)
			}
			list[i].text = strings.Replace(e.text, old, text, 1)
		}
	}
	return pack(t, list...)
}

func TestBadArchivesAreRefusedInPlainWords(t *testing.T) {
	whole := packed(t, sample())
	list := parts(t)
	few := DefaultLimits()
	few.Entries, few.Nodes = 100, 100
	flip := bytes.Clone(whole)
	flip[bytes.Index(flip, []byte(manifestEntry))+len(manifestEntry)+40] ^= 0x40
	for _, c := range []struct {
		name string
		data []byte
		want error
		say  string
	}{
		{"nothing", nil, ErrFormat, "no zip archive"},
		{"text", []byte("hello"), ErrFormat, "no zip archive"},
		{"cut", whole[:len(whole)-30], ErrDamaged, "cut short"},
		{"bits", flip, ErrDamaged, manifestEntry},
		{"another zip", pack(t, entry{"a.txt", "x"}), ErrFormat, "has no manifest.json"},
		{"another manifest", pack(t, entry{manifestEntry, `{"format":"x"}`}), ErrFormat, manifestEntry},
		{"no JSON", pack(t, entry{manifestEntry, `{`}), ErrDamaged, manifestEntry},
		{"newer", with(t, manifestEntry, `"version": 1`, `"version": 2, "more": 3`), ErrNewer, "its format is 2, this one knows 1"},
		{"version 0", with(t, manifestEntry, `"version": 1`, `"version": 0`), ErrDamaged, "version 0"},
		{"unknown field", with(t, manifestEntry, `"generator"`, `"generatr"`), ErrDamaged, "generatr"},
		{"field twice", with(t, manifestEntry, `"version": 1`, `"version": 1, "version": 1`), ErrDamaged, "duplicate"},
		{"bad id", with(t, manifestEntry, `"id": "f"`, `"id": "../f"`), ErrDamaged, "letters, digits"},
		{"id twice", with(t, manifestEntry, `"id": "s"`, `"id": "f"`), ErrDamaged, "has its id"},
		{"parent", with(t, manifestEntry, `"parent": "f"`, `"parent": "s"`), ErrDamaged, "no folder that comes before"},
		{"year", with(t, manifestEntry, `"created": "2026-11-01T08:30:00Z"`, `"created": "9999-12-31T23:00:00-05:00"`), ErrDamaged, "year"},
		{"type", with(t, manifestEntry, `"type": "folder"`, `"type": "file"`), ErrDamaged, `"file"`},
		{"name", with(t, manifestEntry, `"Europe"`, `"Eu/rope"`), ErrDamaged, "none of"},
		{"space", with(t, manifestEntry, `"Europe"`, `" Europe"`), ErrDamaged, "white space"},
		{"name twice", with(t, manifestEntry, `"nodes": [`, `"nodes": [{"id":"g","type":"folder","name":"EUROPE","created":"2026-01-01T00:00:00Z","updated":"2026-01-01T00:00:00Z"},`), ErrDamaged, "has its name"},
		{"no recipe", pack(t, list[0], list[2]), ErrDamaged, "recipe/s.json"},
		{"no tiles", pack(t, list[0], list[1]), ErrDamaged, "tiles/s.db"},
		{"entry twice", pack(t, append(list, list[1])...), ErrDamaged, "twice"},
		{"traversal", pack(t, append(list, entry{"recipe/../../x", ""})...), ErrDamaged, "leads out"},
		{"absolute", pack(t, append(list, entry{"/etc/x", ""})...), ErrDamaged, "leads out"},
		{"drive", pack(t, append(list, entry{`C:\x`, ""})...), ErrDamaged, "leads out"},
		{"recipe no JSON", with(t, "recipe/s.json", `{`, `[`), ErrDamaged, "recipe/s.json"},
		{"recipe field", with(t, "recipe/s.json", `"tolerance": 2`, `"tolerance": 900`), ErrDamaged, "olerance"},
		{"recipe unknown", with(t, "recipe/s.json", `"tolerance"`, `"tollerance"`), ErrDamaged, "tollerance"},
		{"recipe source", with(t, "recipe/s.json", `"sample"`, `"moon"`), ErrDamaged, "moon"},
		{"recipe timeout", with(t, "recipe/s.json", `"timeout": "`, `"timeout": "x`), ErrDamaged, "config.download.timeout"},
		{"bomb", with(t, manifestEntry, `"generator": "`, `"generator": "`+strings.Repeat(" ", 8<<20)), ErrLimit, "grow"},
		{"entries", pack(t, append(list, manyEntries(200)...)...), ErrLimit, "203 entries, the most is 100"},
	} {
		_, err := NewReader(bytes.NewReader(c.data), int64(len(c.data)), few)
		if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.say) {
			t.Errorf("%s: %v\nwant: %v, %q", c.name, err, c.want, c.say)
		}
	}
}

func manyEntries(n int) (list []entry) {
	for i := range n {
		list = append(list, entry{fmt.Sprintf("extra/%d", i), ""})
	}
	return list
}

func TestEachLimitHolds(t *testing.T) {
	data := packed(t, sample())
	for name, set := range map[string]func(*Limits){
		"entries":  func(l *Limits) { l.Entries = 2 },
		"nodes":    func(l *Limits) { l.Nodes = 1 },
		"manifest": func(l *Limits) { l.Manifest = 100 },
		"recipe":   func(l *Limits) { l.Recipe = 100 },
		"recipes":  func(l *Limits) { l.Recipes = 100 },
		"tiles":    func(l *Limits) { l.Tiles = 5 },
		"all":      func(l *Limits) { l.AllTiles = 5 },
	} {
		l := DefaultLimits()
		set(&l)
		if _, err := NewReader(bytes.NewReader(data), int64(len(data)), l); !errors.Is(err, ErrLimit) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestUnknownEntriesAreNamedAndIgnored(t *testing.T) {
	data := pack(t, append(parts(t), entry{"README.txt", "x"}, entry{"recipe/f.json", "no recipe"})...)
	r, err := NewReader(bytes.NewReader(data), int64(len(data)), DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"README.txt", "recipe/f.json"}, r.Ignored); diff != "" {
		t.Error(diff)
	}
}

func TestDamagedTilesAreToldFromAFullDisk(t *testing.T) {
	data := packed(t, sample())
	data[bytes.Index(data, []byte("tiles of s"))]++
	r, err := NewReader(bytes.NewReader(data), int64(len(data)), DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	if err := r.CopyTiles(io.Discard, "s"); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "tiles/s.db") {
		t.Errorf("damaged: %v", err)
	}
	full := errors.New("the disk is full")
	if err := r.CopyTiles(failing{full}, "s"); err != full {
		t.Errorf("full disk: %v", err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func TestTheWriterRefusesWhatNoReaderTakes(t *testing.T) {
	for name, change := range map[string]func(m *Manifest){
		"order":    func(m *Manifest) { m.Nodes[0], m.Nodes[1] = m.Nodes[1], m.Nodes[0] },
		"settings": func(m *Manifest) { m.Nodes[1].Shape = nil },
		"folder":   func(m *Manifest) { m.Nodes[0].Shape = m.Nodes[1].Shape },
		"id":       func(m *Manifest) { m.Nodes[0].ID = "" },
		"range":    func(m *Manifest) { m.Nodes[1].Shape.Config.VectorTiles.Buffer = 1000 },
	} {
		m := sample()
		change(&m)
		if err := WriteTo(context.Background(), io.Discard, m, tilesOf); err == nil {
			t.Errorf("%s: was written", name)
		}
	}
}
