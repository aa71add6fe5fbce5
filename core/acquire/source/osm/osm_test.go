package osm_test

import (
	"context"
	"errors"
	"flag"
	"io/fs"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/shapes-desktop/shapes/core/acquire/ingest"
	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/acquire/source/osm"
	"github.com/shapes-desktop/shapes/core/acquire/source/sourcetest"
	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/model/admin"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

var update = flag.Bool("update", false, "write the golden file anew")

func provider(t testing.TB) (*osm.Provider, *admin.Table) {
	t.Helper()
	world, err := admin.World()
	if err != nil {
		t.Fatal(err)
	}
	p, err := osm.New(world)
	if err != nil {
		t.Fatal(err)
	}
	return p, world
}

// read returns the features of an answer.
func read(t testing.TB, path string) []feature.Feature {
	t.Helper()
	var out []feature.Feature
	_, err := ingest.ReadFile(context.Background(), path, ingest.Options{}, func(_ string, f feature.Feature) error {
		out = append(out, f)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestProvider(t *testing.T) {
	p, world := provider(t)
	c := sourcetest.Case{Provider: p, World: world, Hosts: osm.Hosts(), Golden: "testdata/units.golden", Update: *update}
	for _, s := range []struct {
		file  string
		cell  source.Cell
		units int
	}{
		{"JPN-4", source.Cell{Country: "JPN", Level: 1}, 6}, // two of them abroad
		{"LIE-2", source.Cell{Country: "LIE", Level: 0}, 2}, // one abroad
		{"FRA-4", source.Cell{Country: "FRA", Level: 1}, 4}, // two abroad
		{"PRI-4", source.Cell{Country: "PRI", Level: 0}, 1},
		{"GUF-7", source.Cell{Country: "GUF", Level: 1}, 2},
		{"BES-4", source.Cell{Country: "BES", Level: 0}, 1},
	} {
		c.Samples = append(c.Samples, sourcetest.Sample{
			Name: s.file, Cells: []source.Cell{s.cell}, Layer: s.file, Units: s.units,
			Features: read(t, filepath.Join("testdata", s.file+".json")),
		})
	}
	sourcetest.Run(t, c)
}

// What is abroad is not wanted.
func TestForeignUnits(t *testing.T) {
	p, _ := provider(t)
	for file, want := range map[string]string{
		"JPN-4": "r101 r102 r103 r106",
		"LIE-2": "r201",
		"FRA-4": "r301 r302",
		"PRI-4": "r401",
		"GUF-7": "r501 r502",
		"BES-4": "r601",
	} {
		country, level, _ := strings.Cut(file, "-")
		cell := source.Cell{Country: country, Level: map[string]uint8{"JPN": 1, "FRA": 1, "GUF": 1}[country]}
		requests, err := p.Plan(shape.Variant{}, []source.Cell{cell})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range read(t, filepath.Join("testdata", file+".json")) {
			if u, ok := p.Normalise(&requests[0], file, &f); ok && requests[0].Wanted(u.Cell) {
				got = append(got, u.Code)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s at admin_level %s: %q are wanted, want %q", country, level, got, want)
		}
	}
}

func TestOffers(t *testing.T) {
	p, _ := provider(t)
	offers, err := p.Offers(shape.Variant{})
	if err != nil {
		t.Fatal(err)
	}
	titles := map[source.Cell]string{}
	for _, o := range offers {
		titles[o.Cell] = o.Title
	}
	for cell, want := range map[source.Cell]string{
		{Country: "JPN", Level: 0}: "admin_level 2 · country",
		{Country: "JPN", Level: 1}: "admin_level 4 · prefecture",
		{Country: "JPN", Level: 3}: "admin_level 8 · ward",
		{Country: "JPN", Level: 4}: "",
		{Country: "FRA", Level: 2}: "admin_level 6 · department",
		{Country: "LIE", Level: 1}: "admin_level 6 · state",
		{Country: "LIE", Level: 2}: "admin_level 8 · city",
		{Country: "SMR", Level: 1}: "admin_level 8 · city",
		{Country: "ABW", Level: 0}: "admin_level 3 · country",
		{Country: "XKX", Level: 0}: "country",
		{Country: "ESP", Level: 5}: "admin_level 9 · city district",
	} {
		if got := titles[cell]; got != want {
			t.Errorf("%v is %q, want %q", cell, got, want)
		}
	}
}

// The questions are what the server's manual says, one a cell.
func TestQueries(t *testing.T) {
	p, _ := provider(t)
	for cell, want := range map[source.Cell]string{
		{Country: "LIE", Level: 2}: `[out:json][timeout:180][maxsize:536870912];
area["ISO3166-1"="LI"]["admin_level"="2"]["boundary"="administrative"]->.c;
relation["boundary"="administrative"]["admin_level"="8"](area.c);
out geom;`,
		{Country: "LIE", Level: 0}: `[out:json][timeout:180][maxsize:536870912];
relation["boundary"="administrative"]["admin_level"="2"]["ISO3166-1"="LI"]->.c;
if (c.count(relations) == 0) {
  (
    relation["boundary"="administrative"]["ISO3166-1"="LI"];
    relation["boundary"="administrative"]["ISO3166-1:alpha2"="LI"];
  )->.c;
}
.c out geom;`,
		{Country: "PRI", Level: 1}: `[out:json][timeout:180][maxsize:536870912];
(
  area["ISO3166-1"="PR"]["boundary"="administrative"];
  area["ISO3166-1:alpha2"="PR"]["boundary"="administrative"];
)->.c;
relation["boundary"="administrative"]["admin_level"="6"](area.c);
out geom;`,
	} {
		requests, err := p.Plan(shape.Variant{}, []source.Cell{cell})
		if err != nil || len(requests) != 1 {
			t.Fatalf("%v: %d requests, %v", cell, len(requests), err)
		}
		form, err := url.ParseQuery(requests[0].Form)
		if got := form.Get("data"); err != nil || len(form) != 1 || got != want || requests[0].URL != osm.Endpoint() {
			t.Errorf("%v asks %s:\n%s\nwant\n%s", cell, requests[0].URL, got, want)
		}
	}
}

func TestOutline(t *testing.T) {
	square := func(x, y, side float64) orb.Ring {
		return orb.Ring{{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}, {x, y}}
	}
	backwards := func(r orb.Ring) orb.Ring { r.Reverse(); return r }
	country := orb.MultiPolygon{{square(0, 0, 10), backwards(square(4, 4, 2))}, {square(20, 0, 5)}}
	horseshoe := orb.Ring{{0, 0}, {9, 0}, {9, 9}, {8, 9}, {8, 1}, {2, 1}, {2, 9}, {0, 9}, {0, 0}}
	for name, c := range map[string]struct {
		unit orb.MultiPolygon
		want bool
	}{
		"a unit of it":              {orb.MultiPolygon{{square(1, 1, 2)}}, true},
		"of its island":             {orb.MultiPolygon{{square(20, 0, 5)}}, true},
		"the same outline":          {country, true},
		"a neighbour":               {orb.MultiPolygon{{square(10, 0, 5)}}, false},
		"in its enclave":            {orb.MultiPolygon{{square(4, 4, 2)}}, false},
		"its island is the smaller": {orb.MultiPolygon{{square(1, 1, 1)}, {square(12, 0, 3)}}, false},
		"bent":                      {orb.MultiPolygon{{horseshoe}}, true},
		"around an enclave":         {orb.MultiPolygon{{square(3, 3, 4), backwards(square(4, 4, 2))}}, true},
		"nothing":                   {nil, false},
		"no polygon":                {orb.MultiPolygon{{}}, false},
		"a line":                    {orb.MultiPolygon{{{{1, 1}, {2, 2}, {1, 1}}}}, false},
	} {
		if got := osm.NewOutline(country).Holds(c.unit); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if osm.NewOutline(nil).Holds(country) {
		t.Error("inside of nothing")
	}
}

// An outline with many edges is asked band by band, with the same answers.
func TestOutlineOfManyEdges(t *testing.T) {
	const n = 20_000
	ring := make(orb.Ring, 0, n+1)
	for i := range n {
		a, r := 2*math.Pi*float64(i)/n, 10.0
		if i%2 == 1 {
			r = 9.9
		}
		ring = append(ring, orb.Point{r * math.Cos(a), r * math.Sin(a)})
	}
	ring = append(ring, ring[0])
	o := osm.NewOutline(orb.MultiPolygon{{ring}})
	rapid.Check(t, func(t *rapid.T) {
		a, r := rapid.Float64Range(0, 7).Draw(t, "direction"), rapid.Float64Range(0, 14).Draw(t, "distance")
		if r > 9.8 && r < 10.1 {
			return
		}
		x, y, d := r*math.Cos(a), r*math.Sin(a), 0.001
		unit := orb.MultiPolygon{{{{x - d, y - d}, {x + d, y - d}, {x + d, y + d}, {x - d, y + d}, {x - d, y - d}}}}
		if got := o.Holds(unit); got != (r < 10) {
			t.Fatalf("%v from the middle: %v", r, got)
		}
	})
}

// Real answers become what they are.
func TestSamples(t *testing.T) {
	p, _ := provider(t)
	for _, c := range []struct {
		file string
		cell source.Cell
		want source.Unit
	}{
		{"tokyodo", source.Cell{Country: "JPN", Level: 1}, source.Unit{Name: "東京都", NameEn: "Tokyo", NameLocal: "東京都", ISO2: "JP", ISO3: "JPN", ISO31662: "JP-13", Code: "r1543125", Vintage: "2019-01-19"}},
		{"herne", source.Cell{Country: "DEU", Level: 3}, source.Unit{Name: "Herne", NameLocal: "Herne", ISO2: "DE", ISO3: "DEU", Code: "r62396", Vintage: "2019-01-09"}},
		{"hebei", source.Cell{Country: "CHN", Level: 1}, source.Unit{Name: "河北省", NameEn: "Hebei", NameLocal: "河北省", ISO2: "CN", ISO3: "CHN", ISO31662: "CN-13", Code: "r912998", Vintage: "2019-01-19"}},
		{"zhucheng", source.Cell{Country: "CHN", Level: 3}, source.Unit{Name: "诸城市 (Zhucheng)", NameEn: "Zhucheng City", NameLocal: "诸城市", ISO2: "CN", ISO3: "CHN", Code: "r3468769", Vintage: "2019-01-19"}},
	} {
		path := filepath.Join("../../../../../shared/data/sources/osm", "overpass-"+c.file+".json")
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			t.Skipf("no shared data at %s", path)
		}
		requests, err := p.Plan(shape.Variant{}, []source.Cell{c.cell})
		if err != nil {
			t.Fatal(err)
		}
		c.want.Cell, c.want.Adm0A3, c.want.Source = c.cell, c.cell.Country, shape.OpenStreetMap
		for _, f := range read(t, path) {
			if got, ok := p.Normalise(&requests[0], "", &f); !ok || got != c.want {
				t.Errorf("%s: %+v\nwant %+v", c.file, got, c.want)
			}
		}
	}
}
