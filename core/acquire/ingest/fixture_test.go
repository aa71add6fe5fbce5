package ingest

import (
	"context"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/shapes-desktop/shapes/core/geo/feature"
)

func readOK(t *testing.T, path string) result {
	t.Helper()
	r, err := readPath(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.features {
		checkGeometry(t, f.Geometry)
	}
	return r
}

// canonical is f with each ring begun at its least vertex, without id.
func canonical(f feature.Feature) feature.Feature {
	f.ID = 0
	mp := f.Geometry.Clone()
	for _, poly := range mp {
		for i, r := range poly {
			least := 0
			for k, p := range r {
				if x, y := math.Round(1e6*(p[0]-r[least][0])), p[1]-r[least][1]; x < 0 || (x == 0 && y < 0) {
					least = k
				}
			}
			turned := append(append(orb.Ring{}, r[least:len(r)-1]...), r[:least+1]...)
			if least == 0 {
				turned = r
			}
			poly[i] = turned
		}
	}
	f.Geometry = mp
	return f
}

// near tells whether a and b have the same vertices within tolerance degrees.
func near(a, b orb.MultiPolygon, tolerance float64) bool {
	same := len(a) == len(b)
	for i := 0; same && i < len(a); i++ {
		same = len(a[i]) == len(b[i])
		for j := 0; same && j < len(a[i]); j++ {
			same = len(a[i][j]) == len(b[i][j])
			for k := 0; same && k < len(a[i][j]); k++ {
				p, q := a[i][j][k], b[i][j][k]
				same = math.Abs(p[0]-q[0]) <= tolerance && math.Abs(p[1]-q[1]) <= tolerance
			}
		}
	}
	return same
}

// sameFeatures compares two readings of the same data; coordinates may differ
// by the tolerance (degrees).
func sameFeatures(t *testing.T, want, got result, tolerance float64) {
	t.Helper()
	if len(want.features) != len(got.features) {
		t.Fatalf("%d features, want %d", len(got.features), len(want.features))
	}
	for i := range want.features {
		diff := cmp.Diff(canonical(want.features[i]), canonical(got.features[i]),
			cmp.Comparer(func(a, b feature.Value) bool { return a == b }),
			cmp.Comparer(func(a, b orb.MultiPolygon) bool { return near(a, b, tolerance) }))
		if diff != "" {
			t.Fatalf("feature %d: %s", i, diff)
		}
	}
}

// TestFixtures: one data set in every format gives the same features.
func TestFixtures(t *testing.T) {
	want := readOK(t, "testdata/units.geojson")
	if len(want.features) != 3 || want.sum.Faults.Total() != 0 || area(want.features[1].Geometry) != 3 {
		t.Fatalf("%v", want.features)
	}
	for _, name := range []string{"units-shp.zip", "units-gpkg.zip", "units-rs.geojsons"} {
		t.Run(name, func(t *testing.T) { sameFeatures(t, want, readOK(t, filepath.Join("testdata", name)), 0) })
	}
}

// TestAgainstGDAL converts files by GDAL into the other formats and systems
// and reads them back.
func TestAgainstGDAL(t *testing.T) {
	ogr2ogr, err := exec.LookPath("ogr2ogr")
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatal("ogr2ogr (GDAL) is not installed, and CI must compare with it")
	}
	if err != nil {
		t.Skip("ogr2ogr (GDAL) is not installed")
	}
	convert := func(t *testing.T, to, from string, args ...string) string {
		t.Helper()
		to = filepath.Join(t.TempDir(), to)
		cmd := exec.CommandContext(context.Background(), ogr2ogr, append(args, to, from)...)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("ogr2ogr: %v %s", err, out)
		}
		return to
	}
	const from = "testdata/units.geojson"
	want := readOK(t, from)
	tests := []struct {
		name, to  string
		args      []string
		tolerance float64
	}{
		{"shapefile", "u.shp", []string{"-lco", "ENCODING=UTF-8"}, 0},
		{"shapefile with Z", "u.shp", []string{"-dim", "XYZ", "-lco", "ENCODING=UTF-8"}, 0},
		{"shapefile in Shift JIS", "u.shp", []string{"-sql", "SELECT code FROM units", "-lco", "ENCODING=CP932"}, 0},
		{"shapefile in UTM", "u.shp", []string{"-t_srs", "EPSG:32633", "-lco", "ENCODING=UTF-8"}, 1e-8},
		{"shapefile in web Mercator", "u.shp", []string{"-t_srs", "EPSG:3857", "-lco", "ENCODING=UTF-8"}, 1e-8},
		{"shapefile in Lambert equal area", "u.shp", []string{"-t_srs", "EPSG:3035", "-lco", "ENCODING=UTF-8"}, 2e-8},
		{"shapefile in Lambert conformal", "u.shp", []string{"-t_srs", "EPSG:2154", "-lco", "ENCODING=UTF-8"}, 1e-8},
		{"shapefile in Albers", "u.shp", []string{"-t_srs", "+proj=aea +lat_1=40 +lat_2=50 +lon_0=10 +lat_0=30 +datum=WGS84", "-lco", "ENCODING=UTF-8"}, 1e-8},
		{"GeoPackage", "u.gpkg", nil, 0},
		{"GeoPackage with ZM", "u.gpkg", []string{"-dim", "XYZM"}, 0},
		{"GeoPackage in UTM", "u.gpkg", []string{"-t_srs", "EPSG:32633"}, 1e-8},
		{"GeoPackage in old Gauss-Krüger", "u.gpkg", []string{"-t_srs", "+proj=tmerc +lat_0=0 +lon_0=12 +k=1 +x_0=4500000 +ellps=bessel +towgs84=598.1,73.7,418.2,0.202,0.045,-2.455,6.7"}, 1e-7},
		{"GeoJSON in web Mercator", "u.geojson", []string{"-t_srs", "EPSG:3857"}, 1e-8},
		{"lines", "u.geojsonl", []string{"-f", "GeoJSONSeq"}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := readOK(t, convert(t, tt.to, from, tt.args...))
			want := want
			if tt.name == "shapefile in Shift JIS" { // not all its texts fit into that page
				want.features = append([]feature.Feature(nil), want.features...)
				for i := range want.features {
					want.features[i].Attrs = want.features[i].Attrs[1:2]
				}
			}
			sameFeatures(t, want, got, tt.tolerance)
		})
	}
}
