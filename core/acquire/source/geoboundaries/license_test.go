package geoboundaries_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/acquire/source/geoboundaries"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

// One layer of each licence that layers of 2024 have.
func TestLicenses(t *testing.T) {
	p := geoboundaries.New(world(t))
	open := offers(t, p, shape.Variant{})
	for _, c := range []struct {
		country string
		level   uint8
		want    string // name, flags
	}{
		{"JPN", 1, "ODbL 1.0 alike consent"},
		{"JPN", 0, "CC BY 4.0"},
		{"ABW", 0, "CC BY 4.0"},
		{"AFG", 1, "Public domain"},
		{"CAF", 5, "CC BY 3.0 IGO"},
		{"XKX", 0, "CC BY-SA 2.0 alike consent"},
		{"BGD", 0, "CC0 1.0"},
		{"IND", 1, "CC BY 2.5 IN"},
		{"FRA", 1, "Etalab 2.0"},
		{"FRA", 5, "ODC-By 1.0"},
		{"OMN", 2, "Other: Direct Permission alike consent"},
		{"POL", 0, "Other: Humanitarian alike consent"},
		{"GBR", 2, "OGL 3.0"},
		{"CHE", 0, "swisstopo consent"},
		{"DEU", 3, "DL-DE BY 2.0"},
		{"CAN", 1, "OGL Canada 2.0"},
		{"CHN", 2, "PDDL 1.0"},
		{"ESP", 2, "INE Spain alike consent"},
		{"KOR", 3, "KOGL Type 1"},
		{"SGP", 2, "Singapore Open Data 1.0"},
		{"TWN", 0, "Pixabay consent"},
	} {
		o := open[source.Cell{Country: c.country, Level: c.level}]
		if got := flags(o.License); got != c.want {
			t.Errorf("%s:%d is %q, want %q", c.country, c.level, got, c.want)
		}
	}
}

func flags(l source.License) string {
	out := l.Name
	for _, f := range []struct {
		set  bool
		name string
	}{{l.ShareAlike, "alike"}, {l.NoSharing, "unshared"}, {l.NonCommercial, "non-commercial"}, {l.Consent, "consent"}} {
		if f.set {
			out += " " + f.name
		}
	}
	return out
}

// Some layers of the UN's are GADM's by origin, under a licence that says
// nothing of it.
func TestLayersFromGADM(t *testing.T) {
	angola := offers(t, geoboundaries.New(world(t)), shape.Variant{Release: geoboundaries.Humanitarian})[source.Cell{Country: "AGO", Level: 0}]
	if flags(angola.License) != "CC BY 3.0 IGO consent" || !strings.Contains(angola.License.Text, "GADM") {
		t.Errorf("%q: %s", flags(angola.License), angola.License.Text)
	}
}

// Every licence of the bundled matrix is known by its own words, and 148 of 232
// areas have more than one.
func TestLicensesByLayer(t *testing.T) {
	texts, share := map[string]bool{}, 0
	byCountry := map[string]map[string]bool{}
	for _, l := range bundled(t)[0].Layers {
		texts[l.License] = true
		if strings.Contains(l.License, "ShareAlike") || strings.Contains(l.License, "Open Database") {
			share++
		}
		if byCountry[l.Country] == nil {
			byCountry[l.Country] = map[string]bool{}
		}
		byCountry[l.Country][l.License] = true
	}
	differ := 0
	for _, licenses := range byCountry {
		if len(licenses) > 1 {
			differ++
		}
	}
	if len(texts) != 25 || share != 273 || differ != 148 || len(byCountry) != 232 {
		t.Errorf("%d texts, %d share-alike, %d of %d areas differ between levels", len(texts), share, differ, len(byCountry))
	}
	p := geoboundaries.New(world(t))
	for _, release := range []string{geoboundaries.Open, geoboundaries.Humanitarian, geoboundaries.Authoritative} {
		for cell, o := range offers(t, p, shape.Variant{Release: release}) {
			if o.License.NoSharing {
				t.Errorf("%s %v: the licence %q is not known", release, cell, o.License.Name)
			}
			if o.License.Original == "" && o.License.Name != "Public domain" {
				t.Errorf("%s %v: the words of %q are lost", release, cell, o.License.Name)
			}
		}
	}
}

func TestUnknownLicense(t *testing.T) {
	layer := geoboundaries.Layer{Country: "VAT", Level: 1, License: "Beerware 42", LicenseDetail: "ask at the bar", Source: "A <b>&</b> B, C"}
	l := licenseOf(t, layer)
	if flags(l) != "Other: Beerware 42 unshared consent" || l.Original != "Beerware 42; ask at the bar" || !strings.Contains(l.Text, "does not know") {
		t.Errorf("an unknown licence is %q, with the words %q: %s", flags(l), l.Original, l.Text)
	}
	if want := ` | A &lt;b&gt;&amp;&lt;/b&gt; B, C`; !strings.HasSuffix(l.Attribution, want) {
		t.Errorf("credit %q, want it to end in %q", l.Attribution, want)
	}
	layer.License, layer.LicenseDetail = "", ""
	if got := flags(licenseOf(t, layer)); got != "Other: not stated unshared consent" {
		t.Errorf("a layer without a licence has %q", got)
	}
	// Case and spaces are no other licence.
	layer.License = " public  DOMAIN"
	if got := flags(licenseOf(t, layer)); got != "Public domain" {
		t.Errorf("%q is %q", layer.License, got)
	}
}

func licenseOf(t *testing.T, l geoboundaries.Layer) source.License {
	t.Helper()
	p := geoboundaries.New(world(t)).With(geoboundaries.Matrix{Release: geoboundaries.Open, Layers: []geoboundaries.Layer{l}})
	return offers(t, p, shape.Variant{})[source.Cell{Country: l.Country, Level: l.Level}].License
}

func TestCredits(t *testing.T) {
	const (
		gb  = `<a href="https://www.geoboundaries.org">geoBoundaries</a>`
		osm = `<a href="https://www.openstreetmap.org/copyright">&copy; OpenStreetMap contributors</a>`
	)
	for _, c := range []struct{ license, where, source, want string }{
		{"Public Domain", "", "Natural Earth", gb + " | Natural Earth"},
		{"Public Domain", "", "geoBoundaries", gb},
		{"Public Domain", "", "", gb},
		{"Open Data Commons Open Database License 1.0", "", "Statistics Belgium", gb + " | Statistics Belgium | " + osm},
		{"Creative Commons Attribution-ShareAlike 2.0", "", "Open Street Map", gb + " | Open Street Map | " + osm},
		{"Creative Commons Attribution-ShareAlike 2.0", "www.openstreetmap.org/copyright", "X", gb + " | X | " + osm},
	} {
		l := licenseOf(t, geoboundaries.Layer{Country: "VAT", License: c.license, LicenseSource: c.where, Source: c.source})
		if l.Attribution != c.want {
			t.Errorf("%+v:\n got %s\nwant %s", c, l.Attribution, c.want)
		}
	}
}

func TestWhereALicenseIsStated(t *testing.T) {
	for where, want := range map[string]string{
		"nlftp.mlit.go.jp/ksj/other/agreement.html#agree-01": "https://nlftp.mlit.go.jp/ksj/other/agreement.html",
		"commons.wikimedia.org/wiki/File":                    "https://www.geoboundaries.org",
		"Data https":                                         "https://www.geoboundaries.org",
		"a\"b.example/":                                      "https://www.geoboundaries.org",
		"localhost/x":                                        "https://www.geoboundaries.org",
		"user@host.example/":                                 "https://www.geoboundaries.org",
		"":                                                   "https://www.geoboundaries.org",
	} {
		l := licenseOf(t, geoboundaries.Layer{Country: "VAT", License: "Public Domain", LicenseSource: where})
		if l.URL != want || strings.Contains(l.Text, "Stated at") != (want != "https://www.geoboundaries.org") {
			t.Errorf("%q: address %q, text %q", where, l.URL, l.Text)
		}
	}
}

// Nothing depends on the order of a map.
func TestOffersAreTheSameEveryTime(t *testing.T) {
	p := geoboundaries.New(world(t))
	a, errA := p.Offers(shape.Variant{})
	b, errB := geoboundaries.New(world(t)).Offers(shape.Variant{})
	if errA != nil || errB != nil || !slices.EqualFunc(a, b, func(x, y source.Offer) bool { return fmt.Sprint(x) == fmt.Sprint(y) }) {
		t.Error("two providers offer different things")
	}
}

// TestShareableByName: the name alone tells what the licence allows.
func TestShareableByName(t *testing.T) {
	p := geoboundaries.New(world(t))
	for _, release := range []string{geoboundaries.Open, geoboundaries.Humanitarian, geoboundaries.Authoritative} {
		offers, err := p.Offers(shape.Variant{Release: release})
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range offers {
			if p.Shareable(o.License.Name) == o.License.NoSharing {
				t.Errorf("%s: %s", release, o.License.Name)
			}
		}
	}
	for _, name := range []string{"", "Other: not stated", "Other: Ask the king", "GADM: non-commercial"} {
		if p.Shareable(name) {
			t.Errorf("%q may be given to others", name)
		}
	}
}
