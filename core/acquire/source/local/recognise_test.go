package local

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/shapes-desktop/shapes/core/acquire/ingest"
	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

func TestRecognise(t *testing.T) {
	for _, c := range []struct {
		name string
		keys []string
		want shape.Source
	}{
		{"ne_10m_admin_0_countries.zip", []string{"featurecla", "ADM0_A3", "NAME"}, shape.NaturalEarth},
		{"provinces.geojson", []string{"adm1_code", "name", "adm0_a3"}, shape.NaturalEarth},
		{"NE_world.geojson", []string{"adm0_a3", "name"}, shape.NaturalEarth},
		{"world.geojson", []string{"adm0_a3", "name", "code", "adm_level"}, shape.Local},
		{"geoBoundaries-CMR-ADM1.geojson", []string{"shapeName", "shapeID"}, shape.GeoBoundaries},
		{"morocco.geojson", []string{"shapeName1", "shapeISO", "shapeID", "shapeGroup", "shapeType"}, shape.GeoBoundaries},
		{"gadm41_JPN_1.json", []string{"GID_1", "GID_0", "COUNTRY", "NAME_1"}, shape.GADM},
		{"japan.gpkg", []string{"gid_0", "name_0"}, shape.GADM},
		{"gadm.json", []string{"name"}, shape.Local},
		{"export.geojson", []string{"@id", "admin_level", "name"}, shape.OpenStreetMap},
		{"interpreter.json", []string{"boundary", "admin_level", "type"}, shape.OpenStreetMap},
		{"mine.geojson", []string{"admin_level", "name"}, shape.Local},
		{"", nil, shape.Local},
	} {
		if got, ok := Recognise(c.name, c.keys); got != c.want || ok != (c.want != shape.Local) {
			t.Errorf("%s with %q is of %s (%v), not %s", c.name, c.keys, got, ok, c.want)
		}
	}
}

// Files as the sources gave them out are told by their attributes alone.
func TestRecogniseRealFiles(t *testing.T) {
	const dir = "../../../../../shared/data/sources/"
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		t.Skip("no real files of the sources here")
	}
	for pattern, want := range map[string]shape.Source{
		"naturalearth/ne_110m_admin_0_countries.v5.1.0.zip": shape.NaturalEarth,
		"naturalearth/*countries.json":                      shape.NaturalEarth, "naturalearth/*provinces.json": shape.NaturalEarth,
		"naturalearth/*.geojson":     shape.NaturalEarth,
		"geoboundaries/geo*.geojson": shape.GeoBoundaries,
	} {
		files, err := filepath.Glob(dir + pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, error %v", pattern, len(files), err)
		}
		for _, path := range files {
			if got, _ := Recognise("", firstKeys(t, path)); got != want {
				t.Errorf("%s is of %q, not %q", filepath.Base(path), got, want)
			}
		}
	}
}

// firstKeys are the attributes of the file's first feature.
func firstKeys(t *testing.T, path string) []string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	enough := errors.New("enough")
	var keys []string
	_, err = ingest.ReadBytes(t.Context(), filepath.Base(path), data, ingest.Options{}, func(_ string, f feature.Feature) error {
		for _, a := range f.Attrs {
			keys = append(keys, a.Key)
		}
		return enough
	})
	if !errors.Is(err, enough) {
		t.Fatalf("%s: %v", path, err)
	}
	return keys
}

func FuzzRecognise(f *testing.F) {
	f.Add("ne_x", "ADM0_A3")
	f.Add("gadm41_IND_1.json", "GID_0")
	f.Fuzz(func(t *testing.T, name, key string) {
		if s, ok := Recognise(name, []string{key}); ok == (s == shape.Local) {
			t.Errorf("%q with %q is %q, %v", name, key, s, ok)
		}
	})
}
