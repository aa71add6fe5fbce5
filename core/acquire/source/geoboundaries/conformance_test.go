package geoboundaries_test

import (
	"context"
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/shapes-desktop/shapes/core/acquire/ingest"
	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/acquire/source/geoboundaries"
	"github.com/shapes-desktop/shapes/core/acquire/source/sourcetest"
	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/model/admin"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

var update = flag.Bool("update", false, "write the golden files anew")

func world(t testing.TB) *admin.Table {
	t.Helper()
	w, err := admin.World()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func suite(t *testing.T, golden string, samples []sourcetest.Sample) {
	w := world(t)
	sourcetest.Run(t, sourcetest.Case{
		Provider: geoboundaries.New(w), World: w, Hosts: geoboundaries.Hosts(),
		Samples: samples, Golden: golden, Update: *update,
	})
}

func sample(t *testing.T, path, country string, level uint8, detail string) sourcetest.Sample {
	t.Helper()
	s := sourcetest.Sample{
		Name: filepath.Base(path), Variant: shape.Variant{Detail: detail}, Units: -1,
		Cells: []source.Cell{{Country: country, Level: level}},
	}
	_, err := ingest.ReadFile(context.Background(), path, ingest.Options{}, func(layer string, f feature.Feature) error {
		s.Layer = layer
		s.Features = append(s.Features, f)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestFixtures(t *testing.T) {
	var samples []sourcetest.Sample
	for _, f := range []struct {
		country string
		level   uint8
	}{{"CMR", 0}, {"ITA", 3}, {"MAR", 2}, {"THA", 1}, {"TUR", 1}, {"XKX", 0}, {"XKX", 1}} {
		name := "geoBoundaries-" + f.country + "-ADM" + string('0'+rune(f.level)) + ".geojson"
		samples = append(samples, sample(t, filepath.Join("testdata", name), f.country, f.level, ""))
	}
	suite(t, "testdata/fixture.golden", samples)
}

// shared is where the real answers and layers are, beside the repository.
const shared = "../../../../../shared/data/sources/geoboundaries"

func needShared(t testing.TB) {
	t.Helper()
	if _, err := os.Stat(shared); errors.Is(err, fs.ErrNotExist) {
		t.Skip("the real answers of geoBoundaries are not there: " + shared)
	}
}

func TestRealLayers(t *testing.T) {
	needShared(t)
	var samples []sourcetest.Sample
	for _, f := range []struct {
		file, country string
		level         uint8
		detail        string
	}{
		{"geoBoundaries-CMR-ADM0_simplified.geojson", "CMR", 0, geoboundaries.Simplified},
		{"geoBoundaries-CMR-ADM1_simplified.geojson", "CMR", 1, geoboundaries.Simplified},
		{"geoBoundaries-CMR-ADM2_simplified.geojson", "CMR", 2, geoboundaries.Simplified},
		{"geoBoundaries-GHA-ADM1_simplified.geojson", "GHA", 1, geoboundaries.Simplified},
		{"geoBoundaries-HTI-ADM1.rounded.geojson", "HTI", 1, ""},
		{"geoBoundaries-HTI-ADM2.rounded.geojson", "HTI", 2, ""},
		{"geoBoundaries-HTI-ADM3.rounded.geojson", "HTI", 3, ""},
		// Most of its names are under another key: units without a name.
		{"geoBoundaries-MAR-ADM1.geojson", "MAR", 1, ""},
	} {
		samples = append(samples, sample(t, filepath.Join(shared, f.file), f.country, f.level, f.detail))
	}
	suite(t, "testdata/layers.golden", samples)
}
