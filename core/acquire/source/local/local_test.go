package local

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/shapes-desktop/shapes/core/acquire/ingest"
	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/acquire/source/sourcetest"
	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/model/admin"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

func newProvider(t testing.TB) (*Provider, *admin.Table) {
	t.Helper()
	world, err := admin.World()
	if err != nil {
		t.Fatal(err)
	}
	p, err := New(world)
	if err != nil {
		t.Fatal(err)
	}
	return p, world
}

func attrs(pairs ...string) []feature.Attr {
	var out []feature.Attr
	for i := 0; i+1 < len(pairs); i += 2 {
		out = append(out, feature.Attr{Key: pairs[i], Value: feature.StringValue(pairs[i+1])})
	}
	return out
}

func TestConformance(t *testing.T) {
	p, world := newProvider(t)
	sourcetest.Run(t, sourcetest.Case{
		Provider: p, World: world, NoOffers: true,
		Samples: []sourcetest.Sample{{
			Name: "a file", Layer: "wards", Cells: []source.Cell{{Country: "JPN", Level: 2}}, Units: -1,
			Features: []feature.Feature{
				{Attrs: attrs("name", "Shibuya", "code", "13113", "iso_3166_2", "JP-13", "adm_level", "2", "shapeISO", "-99")},
				{Index: 1, Attrs: attrs("label", "Minato", "id", "13103", "iso_a2", "JP", "parent_code", "13", "type", "NA")},
				{Index: 2, Attrs: attrs("title", "Elsewhere", "shapeGroup", "XKX", "shapeType", "ADM1", "disputed", "true")},
				{Index: 3},
			},
		}},
	})
}

func TestNothingIsOffered(t *testing.T) {
	p, _ := newProvider(t)
	offers, err := p.Offers(shape.Variant{})
	if len(offers) > 0 || err != nil {
		t.Errorf("%v, %v", offers, err)
	}
	if got, err := p.Plan(shape.Variant{}, []source.Cell{{Country: "JPN"}}); !errors.Is(err, source.ErrNotOffered) || len(got) > 0 {
		t.Errorf("%v, %v", got, err)
	}
}

// What the program wrote itself comes back as it was.
func TestCommonSchemaComesBack(t *testing.T) {
	p, _ := newProvider(t)
	want := source.Unit{
		Cell: source.Cell{Country: "JPN", Level: 1}, Name: "Tōkyō", NameEn: "Tokyo", NameLocal: "東京都", ISO2: "JP", ISO3: "JPN",
		ISO31662: "JP-13", Code: "JPN-1860", Parent: "JPN", Adm0A3: "JPN", Type: "To", TypeEn: "Metropolis",
		Source: shape.Local, Vintage: "5.1", Disputed: true,
	}
	got, ok := p.Normalise(&source.Request{}, "adm1", &feature.Feature{Attrs: want.Attrs()})
	if diff := cmp.Diff(want, got); diff != "" || !ok {
		t.Error(diff)
	}
}

// What the feature says counts before what the request says.
func TestCell(t *testing.T) {
	p, _ := newProvider(t)
	one := source.Request{Cells: []source.Cell{{Country: "FRA", Level: 3}}}
	for _, c := range []struct {
		r    source.Request
		f    []feature.Attr
		want source.Cell
	}{
		{one, nil, source.Cell{Country: "FRA", Level: 3}},
		{one, attrs("adm0_a3", "SDS", "adm_level", "1"), source.Cell{Country: "SSD", Level: 1}},
		{one, attrs("admin_level", "8", "adm_level", "9", "iso_a3", "-99"), source.Cell{Country: "FRA", Level: 3}},
		{source.Request{}, attrs("country", "Japan"), source.Cell{}},
		{source.Request{Cells: []source.Cell{{Country: "nowhere", Level: 200}}}, nil, source.Cell{Level: shape.MaxLevel}},
	} {
		if u, _ := p.Normalise(&c.r, "", &feature.Feature{Attrs: c.f}); u.Cell != c.want {
			t.Errorf("%v, %v: %v, want %v", c.r.Cells, c.f, u.Cell, c.want)
		}
	}
}

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
	if _, err := os.Stat(dir); err != nil {
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
