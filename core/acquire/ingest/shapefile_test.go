package ingest

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// shp writes a .shp whose records are the given polygons, each its rings as
// they are; nil is a null shape.
func shp(records ...[]orb.Ring) []byte {
	var body bytes.Buffer
	for i, rings := range records {
		var rec bytes.Buffer
		le := func(v any) { binary.Write(&rec, binary.LittleEndian, v) }
		if rings == nil {
			le(int32(0))
		} else {
			points := 0
			le(int32(5))
			le([4]float64{})
			le(int32(len(rings)))
			for _, r := range rings {
				points += len(r)
			}
			le(int32(points))
			points = 0
			for _, r := range rings {
				le(int32(points))
				points += len(r)
			}
			for _, r := range rings {
				for _, p := range r {
					le([2]float64(p))
				}
			}
		}
		binary.Write(&body, binary.BigEndian, [2]int32{int32(i + 1), int32(rec.Len() / 2)})
		body.Write(rec.Bytes())
	}
	head := make([]byte, 100)
	binary.BigEndian.PutUint32(head, 9994)
	binary.BigEndian.PutUint32(head[24:], uint32(100+body.Len())/2)
	binary.LittleEndian.PutUint32(head[28:], 1000)
	binary.LittleEndian.PutUint32(head[32:], 5)
	return append(head, body.Bytes()...)
}

type column struct {
	name string
	kind byte
	size int
}

// dbf writes a table; cells are padded with blanks.
func dbf(language byte, columns []column, rows ...[]string) []byte {
	size := 1
	for _, c := range columns {
		size += c.size
	}
	b := make([]byte, 32)
	b[0] = 3
	binary.LittleEndian.PutUint32(b[4:], uint32(len(rows)))
	binary.LittleEndian.PutUint16(b[8:], uint16(33+32*len(columns)))
	binary.LittleEndian.PutUint16(b[10:], uint16(size))
	b[29] = language
	for _, c := range columns {
		d := make([]byte, 32)
		copy(d[:11], c.name)
		d[11], d[16] = c.kind, byte(c.size)
		b = append(b, d...)
	}
	b = append(b, '\r')
	for _, row := range rows {
		mark := byte(' ')
		if row == nil {
			row, mark = make([]string, len(columns)), '*'
		}
		b = append(b, mark)
		for i, c := range columns {
			cell := bytes.Repeat([]byte(" "), c.size)
			copy(cell, row[i])
			b = append(b, cell...)
		}
	}
	return append(b, 0x1a)
}

func clockwise(r orb.Ring) orb.Ring { return reversed(r) }

func names(n int) (columns []column, rows [][]string) {
	for i := range n {
		rows = append(rows, []string{string(rune('a' + i))})
	}
	return []column{{"NAME", 'C', 4}}, rows
}

func readZipped(t *testing.T, entries ...entry) (result, error) {
	t.Helper()
	r, err := tryRead("set.zip", zipped(t, entries...), Options{})
	for _, f := range r.features {
		checkGeometry(t, f.Geometry)
	}
	return r, err
}

func TestShapefileRings(t *testing.T) {
	outer, hole := clockwise(square(0, 0, 10)), square(2, 2, 2)
	island := clockwise(square(2.5, 2.5, 1)) // in the hole
	pond := square(2.6, 2.6, 0.5)            // in the island
	far := clockwise(square(50, 50, 1))
	orphan := square(-20, -20, 1)
	tests := []struct {
		name  string
		rings []orb.Ring
		want  []int // rings of each polygon
		codes string
	}{
		{"one", []orb.Ring{outer}, []int{1}, ""},
		{"two", []orb.Ring{outer, far}, []int{1, 1}, ""},
		{"hole", []orb.Ring{outer, hole}, []int{2}, ""},
		{"hole first", []orb.Ring{hole, far, outer}, []int{1, 2}, ""},
		{"island in the hole", []orb.Ring{pond, island, hole, outer}, []int{2, 2}, ""},
		{"orphan", []orb.Ring{outer, orphan}, []int{1, 1}, "winding 1"},
		{"wound the other way", []orb.Ring{square(0, 0, 1)}, []int{1}, "winding 1"},
		{"unclosed", []orb.Ring{outer[:4]}, []int{1}, "unclosed-ring 1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := readZipped(t, entry{"a/b.shp", shp(tt.rings)}, entry{"a/b.dbf", dbf(0, nil, []string{})})
			if err != nil {
				t.Fatal(err)
			}
			var got []int
			for _, poly := range r.features[0].Geometry {
				got = append(got, len(poly))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			if codes := faultCounts(&r.sum.Faults); codes != tt.codes {
				t.Errorf("faults %q, want %q", codes, tt.codes)
			}
		})
	}
}

func TestTable(t *testing.T) {
	columns := []column{{"NAME", 'C', 12}, {"COUNT", 'N', 8}, {"RATE", 'F', 12}, {"OK", 'L', 1}, {"DAY", 'D', 8}, {"MEMO", 'M', 10}}
	ring := []orb.Ring{clockwise(square(0, 0, 1))}
	r, err := readZipped(t,
		entry{"__MACOSX/a/._b.shp", []byte("litter")},
		entry{"a/", nil},
		entry{"a/B.SHP", shp(ring, ring, nil, ring, ring)},
		entry{"a/B.dbf", dbf(0, columns,
			[]string{"Zürich", "12", "1.5", "T", "20260930", ""},
			[]string{"", "****", "1e3", "?", "", ""},
			[]string{"null", "", "", "", "", ""},
			nil,
			[]string{"last", "x", "nan", "n", "0", "5"},
		)})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range r.features {
		line := ""
		for _, a := range f.Attrs {
			line += a.Key + "=" + a.Value.String() + " "
		}
		got = append(got, line)
	}
	want := []string{"NAME=Zürich COUNT=12 RATE=1.5 OK=true DAY=2026-09-30 ", "RATE=1000 ", "NAME=last OK=false "}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if codes := faultCounts(&r.sum.Faults); codes != "bad-attribute 3, null-geometry 1" || r.sum.Features != 4 {
		t.Errorf("faults %q of %d features; a deleted row is not a record", codes, r.sum.Features)
	}
}

func TestCodePages(t *testing.T) {
	columns := []column{{"NAME", 'C', 16}}
	ring := []orb.Ring{clockwise(square(0, 0, 1))}
	tests := []struct {
		cpg      string
		language byte
		bytes    string
		want     string
		faults   int
	}{
		{"UTF-8", 0, "Zürich", "Zürich", 0},
		{"\ufeffutf8\r\n", 0x57, "東京", "東京", 0},
		{"65001", 0, "Zürich", "Zürich", 0},
		{"UTF-8", 0, "Z\xfcrich", "Z\uFFFDrich", 1},
		{"", 0, "Zürich", "Zürich", 0},
		{"", 0, "Z\xfcrich", "Zürich", 0},
		{"", 0x57, "Z\xfcrich", "Zürich", 0},
		{"", 0x03, "Z\xfcrich", "Zürich", 0},
		{"", 0x02, "Z\x81rich", "Zürich", 0},
		{"", 0xc9, "\xcc\xee\xf1\xea\xe2\xe0", "Москва", 0},
		{"", 0x13, "\x93\x8c\x8b\x9e", "東京", 0},
		{"CP932", 0, "\x93\x8c\x8b\x9e", "東京", 0},
		{"Shift_JIS", 0, "\x93\x8c\x8b\x9e", "東京", 0},
		{"ANSI 1251", 0, "\xcc\xee\xf1\xea\xe2\xe0", "Москва", 0},
		{"1252", 0, "Z\xfcrich", "Zürich", 0},
		{"ISO-8859-2", 0, "\xa3\xf3d\xbc", "Łódź", 0},
		{"88592", 0, "\xa3\xf3d\xbc", "Łódź", 0},
		{"OEM 866", 0, "\x8c\xae\xe1\xaa\xa2\xa0", "Москва", 0},
		{"GBK", 0, "\xb1\xb1\xbe\xa9", "北京", 0},
		{"Klingon", 0, "Z\xfcrich", "Zürich", 1},
	}
	for _, tt := range tests {
		entries := []entry{{"b.shp", shp(ring)}, {"b.dbf", dbf(tt.language, columns, []string{tt.bytes})}}
		if tt.cpg != "" {
			entries = append(entries, entry{"b.CPG", []byte(tt.cpg)})
		}
		r, err := readZipped(t, entries...)
		if err != nil {
			t.Fatal(err)
		}
		if v, _ := r.features[0].Attr("NAME"); v.String() != tt.want || r.sum.Faults.Count(feature.FaultText) != tt.faults {
			t.Errorf("cpg %q, language %#x: %q with %d faults, want %q with %d", tt.cpg, tt.language, v, r.sum.Faults.Count(feature.FaultText), tt.want, tt.faults)
		}
	}
}

func TestShapefileSets(t *testing.T) {
	ring := []orb.Ring{clockwise(square(0, 0, 1))}
	columns, rows := names(1)
	table := dbf(0, columns, rows...)
	good := []entry{{"b.shp", shp(ring)}, {"b.dbf", table}}
	t.Run("two layers", func(t *testing.T) {
		r, err := readZipped(t, append(good, entry{"x/a.shp", shp(ring)}, entry{"x/a.dbf", table}, entry{"y/a.shp", shp(ring)}, entry{"y/a.dbf", table})...)
		if diff := cmp.Diff([]string{"b", "a", "a-2"}, r.sum.Layers); diff != "" || err != nil {
			t.Error(diff, err)
		}
	})
	t.Run("no table", func(t *testing.T) {
		r, err := readZipped(t, good[0])
		if err != nil || r.sum.Faults.Count(feature.FaultAttribute) != 1 || r.layers[0] != "set" {
			t.Error(err, faultCounts(&r.sum.Faults), r.layers)
		}
	})
	t.Run("short table", func(t *testing.T) {
		r, err := readZipped(t, entry{"b.shp", shp(ring, ring)}, good[1])
		if err != nil || r.sum.Faults.Count(feature.FaultAttribute) != 1 || len(r.features) != 2 {
			t.Error(err, faultCounts(&r.sum.Faults))
		}
	})
	for name, tt := range map[string]struct {
		entries []entry
		is      error
		want    string
	}{
		"truncated shp":  {[]entry{{"b.shp", shp(ring)[:150]}, good[1]}, ErrDamaged, "b.shp ends early, at byte 150 (no feature was whole)"},
		"truncated dbf":  {[]entry{{"b.shp", shp(ring, ring)}, {"b.dbf", dbf(0, columns, []string{"a"}, []string{"b"})[:66]}}, ErrDamaged, "b.dbf ends early, in row 0 of 2"},
		"absurd counts":  {[]entry{{"b.shp", corrupt(shp(ring), 100+8+36, 0xff, 0xff, 0xff, 0x0f)}, good[1]}, ErrDamaged, "points in"},
		"record type":    {[]entry{{"b.shp", corrupt(shp(ring), 108, 99)}, good[1]}, ErrDamaged, "unknown type 99"},
		"ring start":     {[]entry{{"b.shp", corrupt(shp(ring), 152, 9)}, good[1]}, ErrDamaged, "begins at point 9 of 5"},
		"not a shp":      {[]entry{{"b.shp", bytes.Repeat([]byte("x"), 200)}, good[1]}, ErrFormat, "file code"},
		"projection":     {append(good, entry{"b.prj", []byte(`PROJCS["CH1903+_LV95",GEOGCS["g",DATUM["D",SPHEROID["GRS_1980",6378137,298.257222101]],PRIMEM["Greenwich",0],UNIT["Degree",0.0174532925199433]],PROJECTION["Hotine_Oblique_Mercator_Azimuth_Center"],UNIT["Meter",1]]`)}), ErrProjection, `"CH1903+_LV95" (projection Hotine_Oblique_Mercator_Azimuth_Center)`},
		"datum":          {append(good, entry{"b.prj", []byte(`GEOGCS["GCS_Tokyo",DATUM["D_Tokyo",SPHEROID["Bessel_1841",6377397.155,299.1528128]],PRIMEM["Greenwich",0],UNIT["Degree",0.0174532925199433]]`)}), ErrProjection, "the shift of datum D_Tokyo to WGS 84 is not known"},
		"damaged prj":    {append(good, entry{"b.prj", []byte(`GEOGCS["x`)}), ErrProjection, "near character"},
		"metres, no prj": {[]entry{{"b.shp", corrupt(shp(ring), 52, 0, 0, 0, 0, 0, 0, 0x1e, 0x41)}, good[1]}, ErrProjection, "has no .prj"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readZipped(t, tt.entries...)
			if !errors.Is(err, tt.is) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %v: %q", err, tt.is, tt.want)
			}
		})
	}
}

func corrupt(b []byte, at int, with ...byte) []byte {
	copy(b[at:], with)
	return b
}

// TestBareShapefile reads a .shp with its siblings in mixed case.
func TestBareShapefile(t *testing.T) {
	dir := t.TempDir()
	columns, rows := names(1)
	for name, data := range map[string][]byte{
		"b.shp": shp([]orb.Ring{clockwise(square(0, 0, 1))}), "b.DBF": dbf(0, columns, rows...),
		"b.prj": []byte(`GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]`),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	n := 0
	sum, err := ReadFile(context.Background(), filepath.Join(dir, "b.shp"), Options{}, func(layer string, f feature.Feature) error {
		n++
		if v, _ := f.Attr("NAME"); v.String() != "a" || layer != "b" {
			t.Errorf("layer %q, name %q", layer, v)
		}
		return nil
	})
	if err != nil || n != 1 || sum.Format != "shapefile" || sum.Faults.Total() != 0 {
		t.Errorf("%d features, %s, error %v, faults %s", n, sum.Format, err, faultCounts(&sum.Faults))
	}
}

// TestCrossingShapefile: rings over ±180 keep their roles.
func TestCrossingShapefile(t *testing.T) {
	outer := clockwise(orb.Ring{{170, 0}, {-170, 0}, {-170, 10}, {170, 10}, {170, 0}})
	r, err := readZipped(t, entry{"b.shp", shp([]orb.Ring{outer, square(171, 1, 1)})})
	if err != nil || math.Abs(area(r.features[0].Geometry)-199) > 1e-9 {
		t.Errorf("%v, error %v", r.features, err)
	}
}
