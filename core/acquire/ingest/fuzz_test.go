package ingest

import (
	"bytes"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/paulmach/orb"
)

func bitsOf(f float64) uint64 { return math.Float64bits(f) }

// tightLimits keep a fuzzer's inputs cheap.
func tightLimits() Limits {
	return Limits{Bytes: 1 << 20, Features: 1000, Vertices: 10000, VerticesPerFeature: 5000, Depth: 32, TextBytes: 1 << 16, ZipEntries: 20, ZipRatio: 100}
}

// fuzzRead reads data; whatever it is, what comes out must be normalised and
// the same the second time.
func fuzzRead(t *testing.T, name string, data []byte) {
	first, err := tryRead(name, data, Options{Limits: tightLimits()})
	for _, f := range first.features {
		checkGeometry(t, f.Geometry)
		seen := map[string]bool{}
		for _, a := range f.Attrs {
			if seen[a.Key] {
				t.Errorf("key %q twice", a.Key)
			}
			seen[a.Key] = true
		}
	}
	again, err2 := tryRead(name, data, Options{Limits: tightLimits()})
	if (err == nil) != (err2 == nil) || len(first.features) != len(again.features) || faultCounts(&first.sum.Faults) != faultCounts(&again.sum.Faults) {
		t.Errorf("read twice: %v and %v", err, err2)
	}
}

func FuzzGeoJSON(f *testing.F) {
	f.Add([]byte(collection(feat(`{"a":[1,{"b":null}],"c":"\u00e9\ud83d\ude00"}`), `{"type":"Feature","geometry":null}`)))
	f.Add([]byte(`{"type":"Polygon","coordinates":[[[175,0],[-175,0],[-175,10],[175,10.5e-1]]]}`))
	f.Add([]byte(`{"type":"Polygon","coordinates":[[[179,80],[-60,80],[60,80,5]],[[190,NaN],[1]]]}`))
	f.Add([]byte("\x1e" + feat(`{}`) + "\n\x1e" + feat(`{"id":1}`)))
	f.Fuzz(func(t *testing.T, data []byte) { fuzzRead(t, "a.json", data) })
}

func FuzzTopoJSON(f *testing.F) {
	f.Add([]byte(`{"type":"Topology","objects":{"s":` + squares + `},` + plainArcs + `}`))
	f.Add([]byte(`{` + quantised + `,"type":"Topology","objects":{"s":` + squares + `}}`))
	f.Fuzz(func(t *testing.T, data []byte) { fuzzRead(t, "a.json", data) })
}

func FuzzShapefile(f *testing.F) {
	columns, rows := names(2)
	f.Add(shp([]orb.Ring{clockwise(square(0, 0, 9)), square(1, 1, 1)}, nil), dbf(0, columns, rows...), `GEOGCS["x"]`, "UTF-8")
	f.Fuzz(func(t *testing.T, shp, table []byte, prj, cpg string) {
		set := shapefileSet{name: "a.shp", open: func(ext string) (io.ReadCloser, error) {
			return io.NopCloser(bytes.NewReader(map[string][]byte{".shp": shp, ".dbf": table, ".prj": []byte(prj), ".cpg": []byte(cpg)}[ext])), nil
		}}
		c := newCollector(Options{Limits: tightLimits()}, source{name: "a.shp"}, discard)
		c.singleLayer()
		if err := readShapefile(c, set); err == nil && c.inLayer != c.sum.Features {
			t.Errorf("%d records, %d features", c.inLayer, c.sum.Features)
		}
	})
}

func FuzzTable(f *testing.F) {
	columns, rows := names(3)
	f.Add(dbf(0x57, columns, rows...), "")
	f.Fuzz(func(t *testing.T, data []byte, page string) {
		c := newCollector(Options{Limits: tightLimits()}, source{name: "a.shp"}, discard)
		table, err := newTable(c, bytes.NewReader(data), "a.dbf", page)
		for n := 0; err == nil && n < 100; n++ {
			_, _, err = table.row()
		}
	})
}

func FuzzWKT(f *testing.F) {
	for _, c := range projectionCases() {
		f.Add(c.wkt)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if project, err := wktProjection(text); err == nil && project != nil {
			project(orb.Point{500000, 4649776})
		}
	})
}

func FuzzGeoPackageGeometry(f *testing.F) {
	f.Add(gpkgBlob(f, orb.MultiPolygon{{square(0, 0, 1)}}))
	f.Add(gpkgBlob(f, orb.Collection{orb.Point{1, 2}, orb.Polygon{square(0, 0, 1)}}))
	f.Fuzz(func(t *testing.T, data []byte) {
		c := newCollector(Options{Limits: tightLimits()}, source{}, discard)
		w := wkbReader{c: c, b: data}
		if err := w.geoPackage(); err == nil {
			_ = c.emit(0, nil)
		}
	})
}

// FuzzValue compares our reading of JSON with a strict decoder's: what that
// accepts, ours does, with the same meaning.
func FuzzValue(f *testing.F) {
	f.Add(` {"a":[1,-2.5e3,true,null,"x\u00e9\n"],"b":{}} `)
	f.Fuzz(func(t *testing.T, text string) {
		limits := DefaultLimits()
		limits.Depth = 20000
		got, err := newScanner(strings.NewReader(text+" "), limits).compact(nil)
		want := jsontext.Value(text)
		strict := jsontext.AllowDuplicateNames(true)
		if !want.IsValid(strict) {
			return
		}
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		ours := jsontext.Value(got)
		if ours.Canonicalize(strict) != nil || want.Canonicalize(strict) != nil {
			return // numbers beyond float64
		}
		if !bytes.Equal(ours, want) {
			t.Errorf("%q is read as %s", text, ours)
		}
	})
}
