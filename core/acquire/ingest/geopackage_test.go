package ingest

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// gpkgBlob is a geometry as a GeoPackage stores it, with an envelope.
func gpkgBlob(t testing.TB, g orb.Geometry) []byte {
	t.Helper()
	b := append([]byte{'G', 'P', 0, 1 | 1<<1, 0xe6, 0x10, 0, 0}, make([]byte, 32)...)
	return append(b, wkb.MustMarshal(g)...)
}

// makeGeoPackage writes a database of the statements given, after the tables
// that every GeoPackage has.
func makeGeoPackage(t testing.TB, statements ...any) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "set #1%.gpkg")
	db, err := sql.Open("sqlite", path) // a plain path may hold anything
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	run := func(query string, args ...any) {
		if _, err := db.Exec(query, args...); err != nil {
			t.Fatalf("%v in %s", err, query)
		}
	}
	run(`CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT, organization_coordsys_id INTEGER, definition TEXT)`)
	run(`CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT, srs_id INTEGER)`)
	run(`CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER)`)
	for i := 0; i < len(statements); {
		query := statements[i].(string)
		n := strings.Count(query, "?")
		run(query, statements[i+1:i+1+n]...)
		i += n + 1
	}
	return path
}

func register(table string, srs int) []any {
	return []any{
		`INSERT INTO gpkg_contents VALUES (?, 'features', ?)`, table, srs,
		`INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?)`, table, srs,
	}
}

func readPath(path string, opt Options) (result, error) {
	var r result
	sum, err := ReadFile(context.Background(), path, opt, func(layer string, f feature.Feature) error {
		r.layers = append(r.layers, layer)
		r.features = append(r.features, f)
		return nil
	})
	r.sum = sum
	return r, err
}

func TestGeoPackage(t *testing.T) {
	one := orb.Polygon{square(0, 0, 1)}
	statements := append(register("units", 4326),
		`CREATE TABLE units (fid INTEGER PRIMARY KEY, geom BLOB, "na""me" TEXT, pop INTEGER, rate REAL, ok BOOLEAN, day DATE, at DATETIME, raw BLOB)`,
		`INSERT INTO units VALUES (7, ?, 'Zürich', 12, 1.5, 1, '2026-09-30', '2026-09-30T01:02:03Z', x'00')`, gpkgBlob(t, one),
		`INSERT INTO units VALUES (8, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)`,
		`INSERT INTO units VALUES (9, ?, NULL, NULL, NULL, 0, NULL, NULL, NULL)`, gpkgBlob(t, orb.Collection{orb.MultiPolygon{one}, orb.Point{1, 2}}),
		`INSERT INTO units VALUES (10, ?, NULL, NULL, NULL, NULL, NULL, NULL, NULL)`, gpkgBlob(t, orb.LineString{{0, 0}, {1, 1}}),
		`INSERT INTO units VALUES (11, ?, NULL, NULL, NULL, NULL, NULL, NULL, NULL)`, gpkgBlob(t, one)[:60],
		`INSERT INTO units VALUES (12, ?, NULL, NULL, NULL, NULL, NULL, NULL, NULL)`, []byte{'G', 'P', 0, 1 | gpkgEmpty, 0, 0, 0, 0},
	)
	path := makeGeoPackage(t, statements...)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	read := map[string]func() (result, error){
		"file":   func() (result, error) { return readPath(path, Options{}) },
		"memory": func() (result, error) { return tryRead("set #1%.gpkg", data, Options{}) },
		"zip": func() (result, error) {
			return tryRead("set #1%.gpkg.zip", zipped(t, entry{"../../etc/x.gpkg", data}), Options{})
		},
	}
	for name, read := range read {
		t.Run(name, func(t *testing.T) {
			r, err := read()
			if err != nil {
				t.Fatal(err)
			}
			want := []feature.Feature{
				{ID: 7, Geometry: orb.MultiPolygon{one}, Attrs: []feature.Attr{
					{Key: `na"me`, Value: feature.StringValue("Zürich")},
					{Key: "pop", Value: feature.IntValue(12)},
					{Key: "rate", Value: feature.FloatValue(1.5)},
					{Key: "ok", Value: feature.BoolValue(true)},
					{Key: "day", Value: feature.StringValue("2026-09-30")},
					{Key: "at", Value: feature.StringValue("2026-09-30T01:02:03Z")},
				}},
				{ID: 9, Index: 2, Geometry: orb.MultiPolygon{one}, Attrs: []feature.Attr{{Key: "ok", Value: feature.BoolValue(false)}}},
			}
			if diff := cmp.Diff(want, r.features, cmp.Comparer(func(a, b feature.Value) bool { return a == b })); diff != "" {
				t.Error(diff)
			}
			if got := faultCounts(&r.sum.Faults); got != "bad-attribute 1, bad-coordinate 1, empty-feature 1, not-polygon 2, null-geometry 2" {
				t.Errorf("faults %s", got)
			}
			if r.sum.Features != 6 || r.layers[0] != "set #1%" || r.sum.Format != "GeoPackage" {
				t.Errorf("%d features, layer %q, %s", r.sum.Features, r.layers[0], r.sum.Format)
			}
		})
	}
	if left, _ := filepath.Glob(filepath.Join(os.TempDir(), "shapes-ingest-*")); len(left) > 0 {
		t.Errorf("temporary files left: %v", left)
	}
}

func TestGeoPackageLayers(t *testing.T) {
	statements := append(register("b", 4326), register("a", 3857)...)
	statements = append(statements,
		`INSERT INTO gpkg_spatial_ref_sys VALUES ('web', 3857, 'EPSG', 3857, 'PROJCS["WGS 84 / Pseudo-Mercator",GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Mercator_1SP"],UNIT["metre",1]]')`,
		`CREATE TABLE a (id INTEGER PRIMARY KEY, geom BLOB)`,
		`CREATE TABLE b (geom BLOB, id TEXT)`,
		`INSERT INTO a VALUES (1, ?)`, gpkgBlob(t, orb.Polygon{square(0, 0, 1113194.9079327357)}),
		`INSERT INTO b VALUES (?, 'B')`, gpkgBlob(t, orb.Polygon{square(0, 0, 1)}),
	)
	r, err := readPath(makeGeoPackage(t, statements...), Options{Layer: "x"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"b", "a"}, r.layers); diff != "" {
		t.Error(diff)
	}
	if b := r.features[1].Geometry.Bound(); b.Max[0] < 9.999999 || b.Max[0] > 10.000001 {
		t.Errorf("projected bounds %v", b)
	}
}

func TestBadGeoPackage(t *testing.T) {
	whole := makeGeoPackage(t, append(register("a", 4326), `CREATE TABLE a (id INTEGER PRIMARY KEY, geom BLOB, x TEXT)`,
		`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < 2000) INSERT INTO a SELECT i, ?, hex(zeroblob(100)) FROM n`,
		gpkgBlob(t, orb.Polygon{square(0, 0, 1)}))...)
	data, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	cut := filepath.Join(t.TempDir(), "cut.gpkg")
	if err := os.WriteFile(cut, data[:len(data)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	wal := makeGeoPackage(t, register("a", 4326)...)
	if err := os.WriteFile(wal+"-wal", []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		path string
		is   error
		want string
	}{
		"truncated":      {cut, ErrDamaged, "the GeoPackage cannot be read"},
		"no layers":      {makeGeoPackage(t), ErrFormat, "no feature tables"},
		"missing table":  {makeGeoPackage(t, register("gone", 4326)...), ErrDamaged, "no such table"},
		"unknown srs":    {makeGeoPackage(t, append(register("a", 9999), `CREATE TABLE a (geom BLOB)`)...), ErrProjection, "system 9999, which the file does not define"},
		"undefined":      {makeGeoPackage(t, append(register("a", -1), `CREATE TABLE a (geom BLOB)`)...), ErrProjection, "srs -1"},
		"open elsewhere": {wal, ErrDamaged, "close the program that has it open"},
	} {
		_, err := readPath(tt.path, Options{})
		if !errors.Is(err, tt.is) || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error %v, want %v: %q", name, err, tt.is, tt.want)
		}
	}
}

// TestWKBForms reads a square in every numbering of Z and M, both byte orders.
func TestWKBForms(t *testing.T) {
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		for code, extra := range map[uint32]int{3: 0, 1003: 1, 2003: 1, 3003: 2, 1<<31 | 3: 1, 1<<30 | 3: 1, 3<<30 | 3: 2} {
			b := []byte{0}
			if order == binary.AppendByteOrder(binary.LittleEndian) {
				b[0] = 1
			}
			b = order.AppendUint32(b, code)
			b = order.AppendUint32(b, 1)
			b = order.AppendUint32(b, 5)
			for _, p := range square(0, 0, 1) {
				b = order.AppendUint64(b, bitsOf(p[0]))
				b = order.AppendUint64(b, bitsOf(p[1]))
				for range extra {
					b = order.AppendUint64(b, bitsOf(99))
				}
			}
			c := newCollector(Options{}, source{}, discard)
			w := wkbReader{c: c, b: b}
			if err := w.geometry(0); err != nil || len(w.b) != 0 {
				t.Fatalf("type %d: %v, %d bytes left", code, err, len(w.b))
			}
			if diff := cmp.Diff([]orb.Point(square(0, 0, 1)), c.shape.pts); diff != "" {
				t.Errorf("type %d: %s", code, diff)
			}
		}
	}
}
