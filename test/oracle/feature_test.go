package oracle_test

import (
	"bytes"
	"context"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/shapes-desktop/shapes/core/acquire/ingest"
	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/geo/grid"
	"github.com/shapes-desktop/shapes/core/geo/simplify"
)

// ingested reads features as the program does.
func ingested(t *testing.T, name string, data []byte) (fs []feature.Feature) {
	t.Helper()
	sum, err := ingest.ReadBytes(context.Background(), name, data, ingest.Options{}, func(_ string, f feature.Feature) error {
		fs = append(fs, f)
		return nil
	})
	if err != nil || sum.Faults.Total() > 0 {
		t.Fatalf("%v, %d faults", err, sum.Faults.Total())
	}
	return fs
}

func equalValues() cmp.Option {
	return cmp.Comparer(func(a, b feature.Value) bool { return a == b })
}

// What is written as GeoJSON for inspection, ingest reads as it was.
func TestGeoJSONComesBackThroughIngest(t *testing.T) {
	want := units()
	want[1].Geometry[0][0][2] = orb.Point{1.000000001, 1 - 1e-9}
	var w feature.GeoJSONWriter
	var text []byte
	for _, f := range want {
		var err error
		if text, err = w.AppendFeature(text, f); err != nil {
			t.Fatal(err)
		}
	}
	if d := cmp.Diff(want, ingested(t, "units.geojson", w.AppendEnd(text)), equalValues()); d != "" {
		t.Error(d)
	}
}

// realFile is a file of real boundaries that lie beside the repository, where
// they do.
func realFile(t *testing.T) []feature.Feature {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "data", "bench", "ne_10m_admin_0_countries.geojson.gz")
	if _, err := os.Stat(path); err != nil {
		t.Skip("skipped: no real data beside the repository")
	}
	var fs []feature.Feature
	_, err := ingest.ReadFile(context.Background(), path, ingest.Options{}, func(_ string, f feature.Feature) error {
		fs = append(fs, f)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return fs
}

// Real borders come back to within half a unit of the ninth digit, from the
// collection and from GeoJSON to the bit.
func TestRealBordersComeBack(t *testing.T) {
	fs := realFile(t)
	w, err := feature.NewGeobufWriter(feature.GeobufPrecision)
	if err != nil {
		t.Fatal(err)
	}
	vertices := 0
	var geojson feature.GeoJSONWriter
	var text []byte
	for _, f := range fs {
		if err := w.Add(f); err != nil {
			t.Fatal(err)
		}
		if text, err = geojson.AppendFeature(text, f); err != nil {
			t.Fatal(err)
		}
		vertices += feature.MeasureOf(f.Geometry).Vertices
	}
	file := w.AppendTo(nil)
	text = geojson.AppendEnd(text)
	t.Logf("%d features, %d vertices: geobuf %d bytes, geojson %d", len(fs), vertices, len(file), len(text))
	again, err := feature.DecodeGeobuf(file, feature.GeobufLimits{}, func(f feature.Fault) { t.Error(f) })
	if err != nil || len(again) != len(fs) {
		t.Fatalf("%d features, %v", len(again), err)
	}
	for i := range fs {
		again[i].Index = fs[i].Index // ingest counts those without geometry too
		nearly(t, fs[i].Geometry, again[i].Geometry)
		again[i].Geometry = fs[i].Geometry
		if d := cmp.Diff(fs[i], again[i], equalValues()); d != "" {
			t.Fatalf("feature %d: %s", i, d)
		}
	}
	if d := cmp.Diff(fs, ingested(t, "again.geojson", bytes.Clone(text)), equalValues()); d != "" {
		t.Error(d[:min(len(d), 2000)])
	}
}

// nearly fails where a position is not within half a unit of the ninth digit.
func nearly(t *testing.T, want, got orb.MultiPolygon) {
	t.Helper()
	for i, poly := range want {
		for j, ring := range poly {
			for k, p := range ring {
				if q := got[i][j][k]; math.Abs(p[0]-q[0]) > 0.5001e-9 || math.Abs(p[1]-q[1]) > 0.5001e-9 {
					t.Fatalf("polygon %d ring %d position %d is %v, was %v", i, j, k, q, p)
				}
			}
		}
	}
}

// Two measures of quality, one by rows for any two areas, one by what is swept
// where vertices were dropped, agree on real borders: within 0.2 % of the area,
// which is what long borders differ by that are straight on the grid, or by
// longitude and latitude.
func TestRealQuality(t *testing.T) {
	var o feature.Overlay
	fs := realFile(t)
	for _, tolerance := range []float32{1 << 12, 1 << 15} { // 150 m and 1.2 km at the equator
		var worst, mean, n float64
		for _, f := range fs {
			if name, _ := f.Attr("adm0_a3"); name.String() == "ATA" {
				continue // reaches beyond the grid
			}
			swept, area, simple := simplified(f.Geometry, tolerance)
			c := o.Compare(f.Geometry, simple)
			rows, bound := c.Difference/c.Source, swept/area
			if rows > 1.05*bound+2e-3 {
				t.Errorf("%v: rows say %.5f, what was swept at most %.5f", f.Attrs[:3], rows, bound)
			}
			if b := math.Abs(bound - rows); bound < 0.5 {
				worst, mean, n = max(worst, b), mean+b, n+1
			}
		}
		t.Logf("tolerance %v: rows and swept differ by %.5f of a feature's area at most, %.6f in the mean", tolerance, worst, mean/n)
	}
}

// simplified drops vertices by their weight on the grid, and tells what was
// swept, of what area, in square units of the grid.
func simplified(mp orb.MultiPolygon, tolerance float32) (swept, area float64, simple orb.MultiPolygon) {
	var s feature.Sweep
	for _, poly := range mp {
		var kept orb.Polygon
		for i, r := range poly {
			pts := make([]grid.Point, len(r))
			for k, p := range r {
				pts[k] = grid.Project(p)
			}
			a := math.Abs(float64(grid.Area2(pts[:len(pts)-1]))) / 2
			if i > 0 {
				a = -a
			}
			area += a
			w := make([]float32, len(pts))
			simplify.DouglasPeucker.Weights(pts, w)
			s.Start(float64(pts[0].X), float64(pts[0].Y))
			ring := orb.Ring{r[0]}
			for k, p := range pts[1:] {
				if w[k+1] >= tolerance {
					s.Keep(float64(p.X), float64(p.Y))
					ring = append(ring, r[k+1])
				} else {
					s.Drop(float64(p.X), float64(p.Y))
				}
			}
			kept = append(kept, ring)
		}
		simple = append(simple, kept)
	}
	return s.Area(), area, simple
}
