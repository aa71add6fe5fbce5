package gadm

import (
	"flag"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/shapes-desktop/shapes/core/acquire/ingest"
	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/acquire/source/sourcetest"
	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/model/admin"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

var update = flag.Bool("update", false, "write the golden file anew")

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

// samples reads all files of testdata: the names say which cells they are of.
func samples(t *testing.T, world *admin.Table) []sourcetest.Sample {
	t.Helper()
	files, err := filepath.Glob("testdata/gadm41_*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, error %v", len(files), err)
	}
	slices.Sort(files)
	var out []sourcetest.Sample
	for _, path := range files {
		parts := strings.Split(strings.TrimSuffix(filepath.Base(path), ".json"), "_")
		c, ok := world.Of(admin.GADM, parts[1])
		if !ok {
			t.Fatalf("%s: of no country", path)
		}
		s := sourcetest.Sample{Name: filepath.Base(path), Cells: []source.Cell{{Country: c.Code, Level: parts[2][0] - '0'}}, Units: -1}
		if _, err := ingest.ReadFile(t.Context(), path, ingest.Options{}, func(layer string, f feature.Feature) error {
			s.Layer, s.Features = layer, append(s.Features, f)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	return out
}

func TestConformance(t *testing.T) {
	p, world := newProvider(t)
	sourcetest.Run(t, sourcetest.Case{
		Provider: p, World: world, Hosts: Hosts(), Samples: samples(t, world),
		Golden: "testdata/units.golden", Update: *update,
	})
}

// The table is that of the site: how many areas have how many levels.
func TestTable(t *testing.T) {
	p, _ := newProvider(t)
	var got [shape.Levels]int
	for _, a := range p.areas {
		got[a.deepest]++
	}
	if want := [...]int{24, 59, 102, 48, 21, 0}; got != want {
		t.Errorf("areas by deepest level: %v, want %v", got, want)
	}
}

// Level 0 is asked plain and the others zipped, with the other form as second
// address; the file has GADM's code, not ours.
func TestAddresses(t *testing.T) {
	p, _ := newProvider(t)
	const dir = "https://geodata.ucdavis.edu/gadm/gadm4.1/json/"
	requests, err := p.Plan(shape.Variant{}, []source.Cell{{Country: "XKX", Level: 1}, {Country: "JPN"}, {Country: "JPN", Level: 2}})
	if err != nil {
		t.Fatal(err)
	}
	want := [][2]string{
		{dir + "gadm41_JPN_0.json", dir + "gadm41_JPN_0.json.zip"},
		{dir + "gadm41_JPN_2.json.zip", dir + "gadm41_JPN_2.json"},
		{dir + "gadm41_XKO_1.json.zip", dir + "gadm41_XKO_1.json"},
	}
	for i, r := range requests {
		if r.URL != want[i][0] || r.Others[0] != want[i][1] {
			t.Errorf("request %d: %s, then %s", i, r.URL, r.Others[0])
		}
	}
}

// Nothing may be fetched without consent, nor given to others.
func TestLicense(t *testing.T) {
	p, _ := newProvider(t)
	offers, err := p.Offers(shape.Variant{})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range offers {
		if l := o.License; !l.Consent || !l.NoSharing || !l.NonCommercial || l.ShareAlike {
			t.Fatalf("%v: %+v", o.Cell, l)
		}
	}
}

func TestParted(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "Nan": "Nan", "AmnatCharoen": "Amnat Charoen", "HồChíMinh": "Hồ Chí Minh", "Chungcheongbuk-do": "Chungcheongbuk-do",
		"PhraNakhonSiAyutthaya": "Phra Nakhon Si Ayutthaya", "Amnat Charoen": "Amnat Charoen", "HIV": "HIV", "Vu\u0303ngTa\u0300u": "Vu\u0303ng Ta\u0300u",
	} {
		if got := parted(in); got != want {
			t.Errorf("%q becomes %q, not %q", in, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "text")
		once := parted(s)
		if parted(once) != once || squashed(once) != squashed(s) {
			t.Errorf("%q becomes %q, then %q", s, once, parted(once))
		}
	})
}

// A disputed area is of the country whose file it is in, by the request, by the
// name of the file, or by who holds it.
func TestDisputed(t *testing.T) {
	p, _ := newProvider(t)
	f := feature.Feature{Attrs: []feature.Attr{{Key: "GID_0", Value: feature.StringValue("Z03")}, {Key: "COUNTRY", Value: feature.StringValue("China")}}}
	for _, c := range []struct {
		r     source.Request
		layer string
		want  string
	}{
		{source.Request{Cells: []source.Cell{{Country: "IND"}, {Country: "IND", Level: 1}}}, "gadm41_CHN_0", "IND"},
		{source.Request{Cells: []source.Cell{{Country: "CHN"}, {Country: "IND"}}}, "gadm41_IND_0", "IND"},
		{source.Request{Name: "gadm41_PAK.gpkg"}, "ADM_ADM_0", "PAK"},
		{source.Request{}, "layer", "CHN"},
	} {
		u, ok := p.Normalise(&c.r, c.layer, &f)
		if !ok || u.Country != c.want || !u.Disputed || u.Adm0A3 != "Z03" || u.ISO3 != "" {
			t.Errorf("%+v, %q: %+v, %v", c.r, c.layer, u, ok)
		}
	}
}

// The text of the level above in the native name's column is not the unit's.
func TestNativeNameOfTheLevelAbove(t *testing.T) {
	p, _ := newProvider(t)
	f := feature.Feature{}
	for _, kv := range [][2]string{{"GID_0", "JPN"}, {"GID_1", "JPN.1_1"}, {"GID_2", "JPN.1.1_1"}, {"NAME_2", "Agui"}, {"NL_NAME_1", "愛知県"}, {"NL_NAME_2", "愛知県"}} {
		f.Attrs = append(f.Attrs, feature.Attr{Key: kv[0], Value: feature.StringValue(kv[1])})
	}
	if u, ok := p.Normalise(&source.Request{}, "", &f); !ok || u.NameLocal != "" || u.Parent != "JPN.1_1" {
		t.Errorf("%+v, %v", u, ok)
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"NA", " N~A ", "a|b", "\xff", "?", "Karas\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := clean(s)
		if clean(once) != once || strings.TrimSpace(once) != once {
			t.Errorf("%q becomes %q, then %q", s, once, clean(once))
		}
		for _, part := range list(s) {
			if part == "" || strings.Contains(part, "|") {
				t.Errorf("%q has the part %q", s, part)
			}
		}
	})
}
