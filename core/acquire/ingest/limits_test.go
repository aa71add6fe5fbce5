package ingest

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/geo/feature"
)

type entry struct {
	name string
	data []byte
}

func zipped(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range entries {
		f, err := w.Create(e.name)
		if err == nil {
			_, err = f.Write(e.data)
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

func zippedText(t testing.TB, name, text string) []byte {
	return zipped(t, entry{name, []byte(text)})
}

// TestLimits exceeds each limit by a little, and stays within it by a little.
func TestLimits(t *testing.T) {
	two := collection(feat(`{"text":"0123456789"}`), feat(`{}`))
	nested := func(n int) string {
		return `{"type":"FeatureCollection","x":` + strings.Repeat("[", n) + strings.Repeat("]", n) + `,"features":[` + feat(`{}`) + `]}`
	}
	groups := func(n int) string {
		return strings.Repeat(`{"type":"GeometryCollection","geometries":[`, n) + `{"type":"Polygon","coordinates":` + squareText + `}` + strings.Repeat(`]}`, n)
	}
	long := collection(feat(`{}`)) + strings.Repeat(" ", ratioFloor)
	tests := []struct {
		name      string
		data      string
		tight, ok Limits
		want      string
	}{
		{"features", two, Limits{Features: 1}, Limits{Features: 2}, "more than 1 features (layer a, feature 1)"},
		{"vertices", two, Limits{Vertices: 9}, Limits{Vertices: 10}, "more than 9 vertices (layer a, feature 1)"},
		{"vertices of one", two, Limits{VerticesPerFeature: 4}, Limits{VerticesPerFeature: 5}, "more than 4 vertices in one feature (layer a, feature 0)"},
		{"depth", nested(20), Limits{Depth: 20}, Limits{Depth: 21}, "more than 20 levels of nesting (at byte "},
		{"depth of collections", groups(10), Limits{Depth: 20}, Limits{Depth: 30}, "more than 20 levels of nesting (at byte "},
		{"text", two, Limits{TextBytes: 8}, Limits{TextBytes: 20}, "more than 8 bytes of text (at byte "},
		{"bytes", two, Limits{Bytes: 100}, Limits{Bytes: int64(len(two))}, "more than 100 decompressed bytes (at byte "},
		{"bytes of gzip", gzipped(two), Limits{Bytes: 100}, Limits{Bytes: int64(len(two))}, "more than 100 decompressed bytes (at byte "},
		{"bytes of zip", string(zippedText(t, "a.json", two)), Limits{Bytes: 100}, Limits{Bytes: int64(len(two))}, fmt.Sprintf("more than 100 decompressed bytes (a.json declares %d)", len(two))},
		{"gzip ratio", gzipped(long), Limits{}, Limits{ZipRatio: 5000}, "more than 250 times expansion on decompressing (at byte "},
		{"zip ratio", string(zippedText(t, "a.json", long)), Limits{}, Limits{ZipRatio: 5000}, "more than 250 times expansion on decompressing (a.json declares "},
		{"zip entries", string(zipped(t, entry{"a.json", []byte(two)}, entry{"b.txt", nil}, entry{"c.txt", nil})), Limits{ZipEntries: 2}, Limits{ZipEntries: 3}, "more than 2 members of a zip archive (it has 3)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := tryRead("a.json", []byte(tt.data), Options{Limits: tt.tight})
			var limit *LimitError
			if !errors.As(err, &limit) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
			if _, err := tryRead("a.json", []byte(tt.data), Options{Limits: tt.ok}); err != nil {
				t.Errorf("within the limit: %v", err)
			}
		})
	}
}

// bomb is a zip archive whose one member is n zeros, without the zeros ever
// being held: each block of 64 KiB deflates to the same bytes.
func bomb(t testing.TB, path string, n int64) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := zip.NewWriter(f)
	m, err := w.Create("a.geojson")
	if err == nil {
		_, err = io.CopyN(m, zeros{}, n)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// TestZipBomb: a member that declares 10 GB is refused by its declaration, one
// that lies about its size by what comes out.
func TestZipBomb(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bomb.zip")
	bomb(t, path, 32<<20)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	declare := func(size uint32) []byte {
		b := bytes.Clone(data)
		at := bytes.LastIndex(b, []byte("PK\x01\x02"))
		binary.LittleEndian.PutUint32(b[at+24:], size)
		return b
	}
	for _, tt := range []struct {
		name, want string
		data       []byte
	}{
		{"honest", "times expansion on decompressing (a.geojson declares 33554432 bytes from ", data},
		{"declares 4 GB", "times expansion on decompressing (a.geojson declares 4294967294 bytes from ", declare(1<<32 - 2)},
		{"declares little", "cut short or malformed", declare(1000)},
	} {
		_, err := tryRead("bomb.zip", tt.data, Options{})
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want %q", tt.name, err, tt.want)
		}
	}
	_, err = tryRead("bomb.zip", declare(1<<32-2), Options{Limits: Limits{ZipRatio: 1 << 40, Bytes: 1 << 20}})
	if err == nil || !strings.Contains(err.Error(), "more than 1048576 decompressed bytes") {
		t.Errorf("error %v", err)
	}
}

// TestBadInput: each kind of unusable file has one line that says what is
// wrong, where, and what to do.
func TestBadInput(t *testing.T) {
	whole := collection(feat(`{}`), feat(`{}`), feat(`{}`))
	cut := whole[:len(whole)-60]
	packed := gzipped(whole)
	archive := string(zippedText(t, "a.json", whole))
	flipped := []byte(packed)
	flipped[len(flipped)/2] ^= 0xff
	metres := `{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[500000,4649776],[500100,4649776],[500100,4649876],[500000,4649776]]]}}`
	tests := []struct {
		name, data string
		is         error
		want       string
	}{
		{"empty", "", ErrFormat, "the file is empty"},
		{"blank", " \n ", ErrFormat, "nothing but blanks"},
		{"the word None", "None", ErrFormat, `it begins with "None"`},
		{"HTML", "<!DOCTYPE html><html><body>404", ErrFormat, "an HTML page"},
		{"HTML after a mark", "\ufeff\n<HTML>", ErrFormat, "an HTML page"},
		{"XML", `<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>`, ErrFormat, "a server's XML error message"},
		{"KML", `<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2">`, ErrFormat, "it is KML"},
		{"FlatGeobuf", "fgb\x03fgb\x00", ErrFormat, "it is FlatGeobuf"},
		{"LFS pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 15395\n", ErrFormat, "a Git LFS pointer"},
		{"UTF-16", "\xff\xfe{\x00", ErrFormat, "UTF-16"},
		{"list", "[1,2]", ErrFormat, "a JSON list"},
		{"other JSON", `{"a":1}`, ErrFormat, `neither GeoJSON nor TopoJSON`},
		{"Overpass", `{"version":0.6,"elements":[]}`, ErrNoFeatures, "the Overpass answer is empty"},
		{"HTML in gzip", gzipped("<html>"), ErrFormat, "inside the gzip file: not a boundary file that can be read: it is an HTML page"},
		{"gzip in gzip", gzipped(packed), ErrFormat, "the gzip file holds gzip data"},
		{"truncated JSON", cut, ErrDamaged, fmt.Sprintf("ends early, at byte %d (last whole feature: 1)", len(cut))},
		{"truncated in the first feature", whole[:60], ErrDamaged, "at byte 60 (no feature was whole)"},
		{"truncated after a number", whole[:strings.Index(whole, "[[[0,0],[1")+10], ErrDamaged, "ends early"},
		{"truncated gzip", packed[:len(packed)-20], ErrDamaged, "the gzip data ends early, at stored byte "},
		{"damaged gzip", string(flipped), ErrDamaged, "bad gzip data near stored byte "},
		{"truncated zip", archive[:len(archive)-30], ErrDamaged, "the zip archive is cut short or malformed"},
		{"bad JSON", strings.Replace(whole, `"type"`, `"type`, 3), ErrDamaged, "at byte "},
		{"comma missing", strings.Replace(whole, `},{"type":"Feature"`, `}{"type":"Feature"`, 1), ErrDamaged, "'{' where ',' or ']' should be at byte "},
		{"something follows", whole + "x", ErrDamaged, "last whole feature: 2"},
		{"feature is a number", collection("7"), ErrDamaged, "feature 0 is not an object"},
		{"no features", `{"type":"FeatureCollection"}`, ErrDamaged, `without "features"`},
		{"zero features", collection(), ErrNoFeatures, "holds no features"},
		{"points only", `{"type":"Point","coordinates":[1,2]}`, ErrNoFeatures, "none of the 1 features has a usable polygon (not-polygon 1)"},
		{"NaN only", `{"type":"Polygon","coordinates":[[[0,0],[NaN,1],[1,1],[0,0]]]}`, ErrNoFeatures, "bad-coordinate 1"},
		{"metres", metres, ErrProjection, "1 of 1 rings are not in degrees (first: 500000, 4649776)"},
		{"swapped", `{"type":"Polygon","coordinates":[[[35,139],[36,139],[36,140],[35,139]]]}`, ErrProjection, "swapped"},
		{"unknown crs", `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::2056"}},"features":[]}`, ErrProjection, "EPSG:2056"},
		{"crs at the end", `{"type":"FeatureCollection","features":[` + feat(`{}`) + `],"crs":{"properties":{"name":"EPSG:3857"}}}`, ErrProjection, "comes after the features"},
		{"empty zip", string(zipped(t)), ErrFormat, "holds no boundary file"},
		{"zip of text", string(zippedText(t, "readme.txt", "x")), ErrFormat, "holds no boundary file (readme.txt)"},
		{"zip of two", string(zipped(t, entry{"a.json", nil}, entry{"b.json", nil})), ErrFormat, "holds 2 boundary files (a.json, b.json)"},
		{"zip of HTML", string(zippedText(t, "a.json", "<html>")), ErrFormat, "a.json: inside the zip archive"},
		{"bad SQLite", "SQLite format 3\x00" + strings.Repeat("x", 2000), ErrDamaged, "the GeoPackage cannot be read"},
		{"short shapefile", "\x00\x00\x27\x0a", ErrDamaged, "ends early, at byte 4"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := tryRead("a.json", []byte(tt.data), Options{})
			if !errors.Is(err, tt.is) || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("error %v\nwant %v: %q", err, tt.is, tt.want)
			}
			if text := err.Error(); strings.Contains(text, "\n") || !strings.HasPrefix(text, "read a.json: ") {
				t.Errorf("not one line that names the file: %q", text)
			}
		})
	}
}

func TestBadPath(t *testing.T) {
	dir := t.TempDir()
	secret := filepath.Join(dir, "secret.json")
	if err := os.WriteFile(secret, []byte(collection(feat(`{}`))), 0o000); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		dir:                             "it is a folder",
		filepath.Join(dir, "none.json"): "no such file",
		secret:                          "permission denied",
	} {
		if path == secret && os.Geteuid() == 0 {
			continue // root may read it all the same
		}
		_, err := ReadFile(context.Background(), path, Options{}, discard)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Count(err.Error(), path) != 1 {
			t.Errorf("%s: error %v, want %q", path, err, want)
		}
	}
}

// TestZipBombOf10GB: a real one, of 10 GB of zeros in 10 MB, is refused by
// what it declares without a byte of it being unpacked.
func TestZipBombOf10GB(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bomb.zip")
	const size = 10 << 30
	bomb10GB(t, path, size)
	_, err := ReadFile(t.Context(), path, Options{}, func(string, feature.Feature) error { return nil })
	var limit *LimitError
	if !errors.As(err, &limit) || !strings.Contains(err.Error(), fmt.Sprintf("a.geojson declares %d", int64(size))) {
		t.Errorf("error %v", err)
	}
	// One that would pass by its size is refused by what it expands to.
	_, err = ReadFile(t.Context(), path, Options{Limits: Limits{Bytes: size}}, func(string, feature.Feature) error { return nil })
	if err == nil || !strings.Contains(err.Error(), "more than 250 times expansion on decompressing (a.geojson declares ") {
		t.Errorf("error %v", err)
	}
}

// bomb10GB writes a zip archive with a member of size zeros (a multiple of
// 16 MiB) in moments: one block of them is deflated, and its bytes repeated.
func bomb10GB(t *testing.T, path string, size int64) {
	t.Helper()
	const block = 16 << 20
	var packed bytes.Buffer
	fw, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.CopyN(fw, zeros{}, block)
	if err = errors.Join(err, fw.Flush()); err != nil { // ends on a whole byte, so that blocks can follow each other
		t.Fatal(err)
	}
	part := bytes.Clone(packed.Bytes())
	packed.Reset()
	if err := fw.Close(); err != nil { // an empty last block
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	zw := zip.NewWriter(f)
	n := size / block
	m, err := zw.CreateRaw(&zip.FileHeader{
		Name: "a.geojson", Method: zip.Deflate, UncompressedSize64: uint64(size),
		CompressedSize64: uint64(n)*uint64(len(part)) + uint64(packed.Len()),
	}) // without a checksum: nobody gets to the end of it
	for range n {
		if err == nil {
			_, err = m.Write(part)
		}
	}
	if err == nil {
		_, err = m.Write(packed.Bytes())
	}
	if err = errors.Join(err, zw.Close()); err != nil {
		t.Fatal(err)
	}
}
