package naturalearth

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/acquire/ingest"
	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/acquire/source/sourcetest"
	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/model/admin"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

var update = flag.Bool("update", false, "write the golden files anew")

// shared is where real files are, if there are any.
const shared = "../../../../../shared/data/sources/naturalearth/"

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

func read(t testing.TB, path string) []feature.Feature {
	t.Helper()
	var out []feature.Feature
	if _, err := ingest.ReadFile(t.Context(), path, ingest.Options{}, func(_ string, f feature.Feature) error {
		out = append(out, f)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestConformance(t *testing.T) {
	p, world := newProvider(t)
	sourcetest.Run(t, sourcetest.Case{
		Provider: p, World: world, Hosts: Hosts(), Golden: "testdata/units.golden", Update: *update,
		Samples: []sourcetest.Sample{
			{Name: "countries", Cells: []source.Cell{{Country: "FRA"}}, Features: read(t, "testdata/countries.geojson"), Units: -1},
			{Name: "provinces", Cells: []source.Cell{{Country: "JPN", Level: 1}}, Features: read(t, "testdata/provinces.geojson"), Units: -1},
		},
	})
}

// The real layers, as far as they are here, become units without exception.
func TestRealLayers(t *testing.T) {
	if _, err := os.Stat(shared); errors.Is(err, fs.ErrNotExist) {
		t.Skip("no real files of Natural Earth here")
	}
	p, world := newProvider(t)
	sample := func(name, file string, scale string, country string, level uint8) sourcetest.Sample {
		return sourcetest.Sample{
			Name: name, Variant: shape.Variant{Scale: scale}, Cells: []source.Cell{{Country: country, Level: level}},
			Features: read(t, filepath.Join(shared, file)), Units: -1,
		}
	}
	sourcetest.Run(t, sourcetest.Case{
		Provider: p, World: world, Hosts: Hosts(), Golden: "testdata/real.golden", Update: *update,
		Samples: []sourcetest.Sample{
			sample("10m countries", "ne_10m_admin_0_countries_subset.geojson", "", "FRA", 0),
			sample("10m provinces", "ne_10m_admin_1_subset_JPN_FJI_VAT_SMR_ITA_LSO_ATA_MCO_THA_KWT.geojson", "", "JPN", 1),
			sample("110m countries", "ne_110m_admin_0_countries.v5.1.0.zip", hundredTen, "FRA", 0),
			sample("110m countries, packed again", "ne_110m_admin_0_countries.v5.1.1.rezipped-macosx.zip", hundredTen, "FRA", 0),
			sample("110m states, older", "ne_110m_admin_1_states_provinces.json", hundredTen, "USA", 1),
			sample("50m provinces, older", "ne_50m_admin_1_states_provinces.json", fifty, "USA", 1),
		},
	})
}

// Each area of the real 1:110m layer is offered, and no other; and the keys
// that are expected are there.
func TestRealLayerIsWhatIsOffered(t *testing.T) {
	if _, err := os.Stat(shared); errors.Is(err, fs.ErrNotExist) {
		t.Skip("no real files of Natural Earth here")
	}
	p, _ := newProvider(t)
	v := shape.Variant{Scale: hundredTen}
	offers, err := p.Offers(v)
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for _, o := range offers {
		if o.Level == 0 {
			want = append(want, o.Country)
		}
	}
	requests, err := p.Plan(v, []source.Cell{{Country: "FRA"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range read(t, shared+"ne_110m_admin_0_countries.v5.1.0.zip") {
		for _, key := range requests[0].Expect.Keys {
			if _, ok := f.Attr(key); !ok {
				t.Fatalf("feature %d has no %s", f.Index, key)
			}
		}
		if u, ok := p.Normalise(&requests[0], "", &f); ok {
			got = append(got, u.Country)
		}
	}
	if slices.Sort(got); !slices.Equal(got, want) {
		t.Errorf("the layer has\n%v, offered are\n%v", got, want)
	}
}

func TestTables(t *testing.T) {
	p, _ := newProvider(t)
	for scale, want := range map[string]int{ten: 258, fifty: 242, hundredTen: 177} {
		if got := len(p.areas[scale]); got != want {
			t.Errorf("%d areas at %s, not %d", got, scale, want)
		}
	}
	units, nine := 0, 0
	for _, a := range p.areas[ten] {
		units += a.units
	}
	for _, a := range p.areas[fifty] {
		if a.admin1 {
			nine++
		}
	}
	if units != 4596 || nine != 9 || len(p.views) != 33 {
		t.Errorf("%d units at 10m, %d countries with units at 50m, %d views", units, nine, len(p.views))
	}
	known := func(code string) bool {
		return slices.ContainsFunc(p.views, func(v view) bool { return v.code == code && v.title != "" })
	}
	for _, a := range p.areas[ten] {
		for _, code := range a.unseen {
			if !known(code) {
				t.Errorf("%s is unseen in %q, which is no view", a.code, code)
			}
		}
	}
	for _, list := range []string{only10m, all110m, units50m, units110m, notACountry} {
		for _, item := range strings.Fields(list) {
			if code, _, _ := strings.Cut(item, ":"); !listed(units10m, code) {
				t.Errorf("%q is in a table, but not at 10m", code)
			}
		}
	}
}

// One download serves all countries of a layer, at the address of the scale
// and the view.
func TestPlan(t *testing.T) {
	p, _ := newProvider(t)
	for _, c := range []struct {
		v     shape.Variant
		cells []source.Cell
		want  []string
	}{
		{shape.Variant{}, []source.Cell{{Country: "JPN", Level: 1}, {Country: "FRA"}, {Country: "JPN"}}, []string{"10m_cultural/ne_10m_admin_0_countries.zip", "10m_cultural/ne_10m_admin_1_states_provinces.zip"}},
		{shape.Variant{Scale: "50m"}, []source.Cell{{Country: "BRA", Level: 1}}, []string{"50m_cultural/ne_50m_admin_1_states_provinces.zip"}},
		{shape.Variant{Worldview: "jpn"}, []source.Cell{{Country: "JPN"}, {Country: "JPN", Level: 1}}, []string{"10m_cultural/ne_10m_admin_0_countries_jpn.zip", "10m_cultural/ne_10m_admin_1_states_provinces.zip"}},
	} {
		requests, err := p.Plan(c.v, c.cells)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range requests {
			got = append(got, strings.TrimPrefix(r.URL, "https://naturalearth.s3.amazonaws.com/"))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%+v: %q, want %q", c.v, got, c.want)
		}
	}
}

func TestViews(t *testing.T) {
	p, _ := newProvider(t)
	for _, v := range []shape.Variant{{Scale: "50m", Worldview: "chn"}, {Worldview: "CHN"}, {Worldview: "xyz"}, {Scale: "10"}} {
		if _, err := p.Offers(v); err == nil {
			t.Errorf("%+v is accepted", v)
		}
	}
	for view, want := range map[string]bool{"": true, "jpn": true, "chn": false, "rus": true} {
		offers, err := p.Offers(shape.Variant{Worldview: view})
		if err != nil {
			t.Fatal(err)
		}
		if got := slices.ContainsFunc(offers, func(o source.Offer) bool { return o.Country == "TWN" && o.Level == 0 }); got != want {
			t.Errorf("view %q offers Taiwan: %v", view, got)
		}
	}
}

// Keys are found in upper and lower case, and -99 is none as a number too.
func TestCaseAndNumbers(t *testing.T) {
	p, _ := newProvider(t)
	for _, f := range []feature.Feature{
		{Attrs: []feature.Attr{{Key: "adm0_a3", Value: feature.StringValue("FRA")}, {Key: "iso_a2", Value: feature.IntValue(-99)}, {Key: "name_long", Value: feature.IntValue(-99)}, {Key: "admin", Value: feature.StringValue("France  ")}}},
		{Attrs: []feature.Attr{{Key: "ADM0_A3", Value: feature.FloatValue(-99)}, {Key: "ISO_A3_EH", Value: feature.StringValue("FRA")}, {Key: "NAME", Value: feature.StringValue("France")}}},
		{Attrs: []feature.Attr{{Key: "Iso_A2", Value: feature.StringValue("FR")}, {Key: "Name", Value: feature.StringValue("France")}}},
	} {
		u, ok := p.Normalise(&source.Request{}, "", &f)
		if !ok || u.Country != "FRA" || u.ISO2 != "FR" || u.ISO3 != "FRA" || u.Name != "France" {
			t.Errorf("%v becomes %+v, %v", f.Attrs, u, ok)
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"-99", " XK-X02~", "a|b", "\xff", "-99.0 ", "PH-MNL", "Karas\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := clean(s)
		if clean(once) != once || strings.TrimSpace(once) != once || strings.Contains(once, "~") {
			t.Errorf("%q becomes %q, then %q", s, once, clean(once))
		}
		if code := source.ISO31662(s); code != "" && code != s {
			t.Errorf("%q becomes the code %q", s, code)
		}
		if strings.Contains(first(s), "|") {
			t.Errorf("%q has the first part %q", s, first(s))
		}
	})
}
