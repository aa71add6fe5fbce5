package admin_test

import (
	"strings"
	"testing"

	"golang.org/x/text/language"

	"github.com/shapes-desktop/shapes/core/model/admin"
)

func world(t testing.TB) *admin.Table {
	t.Helper()
	w, err := admin.World()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// isoEntries is how many entries ISO 3166-1 has.
const isoEntries = 249

func TestEveryEntryOfISOOnce(t *testing.T) {
	alpha3, alpha2, numbers := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, c := range world(t).All() {
		if c.ISO3 == "" {
			continue
		}
		alpha3[c.ISO3], alpha2[c.ISO2], numbers[c.Numeric] = true, true, true
	}
	if len(alpha3) != isoEntries || len(alpha2) != isoEntries || len(numbers) != isoEntries {
		t.Errorf("%d alpha-3, %d alpha-2 and %d numeric codes, expected %d of each", len(alpha3), len(alpha2), len(numbers), isoEntries)
	}
}

// The codes are compared with another table of them, that of x/text.
func TestISOCodesBelongTogether(t *testing.T) {
	for _, c := range world(t).All() {
		if c.ISO3 == "" {
			continue
		}
		region, err := language.ParseRegion(c.ISO2)
		if err != nil {
			t.Errorf("%s: %v", c.Code, err)
			continue
		}
		if got := region.ISO3(); got != c.ISO3 {
			t.Errorf("%s is %s, the table has %s", c.ISO2, got, c.ISO3)
		}
		if number, err := language.ParseRegion(c.Numeric); err != nil || number != region {
			t.Errorf("%s is not the number of %s (%v, %v)", c.Numeric, c.Code, number, err)
		}
	}
}

// What has no code of ISO, and why it is there.
func TestPlacesThatISOHasNot(t *testing.T) {
	want := strings.Fields("ATC BJN BRI BRT CLP CNM CSI CYN ESB IOA KAB KAS PGA SCR SER SOL SPI USG WSB " + // Natural Earth
		"XAD XCA XKX XPI Z01 Z02 Z03 Z04 Z05 Z06 Z07 Z08 Z09") // GADM and, for Kosovo, all
	w := world(t)
	left := map[string]bool{}
	for _, c := range w.All() {
		if c.ISO3 == "" {
			left[c.Code] = true
		}
	}
	for _, code := range want {
		if !left[code] {
			t.Errorf("%s is missing, or has a code of ISO", code)
		}
		delete(left, code)
	}
	if len(left) > 0 {
		t.Errorf("unexpected: %v", left)
	}
}

func TestCodesOfTheSources(t *testing.T) {
	for _, c := range []struct{ code, ne, gb, gadm, osm, within string }{
		{"XKX", "KOS", "XKX", "XKO", "XK", ""},
		{"SSD", "SDS", "SSD", "SSD", "SS", ""},
		{"PSE", "PSX", "PSE", "PSE", "PS", ""},
		{"ESH", "SAH", "", "ESH", "EH", "MAR"},
		{"CYN", "CYN", "", "ZNC", "", "CYP"},
		{"ALA", "ALD", "", "ALA", "AX", "FIN"},
		{"FRA", "FRA", "FRA", "FRA", "FR", ""}, // -99 as Natural Earth's ISO code
		{"NOR", "NOR", "NOR", "NOR", "NO", ""}, // -99
		{"TWN", "TWN", "TWN", "TWN", "TW", ""}, // CN-TW
		{"HKG", "HKG", "", "", "HK", "CHN"},
		{"MAC", "MAC", "", "", "MO", "CHN"},
		{"SOL", "SOL", "", "", "", "SOM"},
		{"WSB", "WSB", "", "", "", "XAD"},
		{"ESB", "ESB", "", "", "", "XAD"},
		{"XAD", "", "", "XAD", "", ""},
		{"PGA", "PGA", "", "XSP", "", ""},
		{"CLP", "CLP", "", "XCL", "", "FRA"},
		{"XCA", "", "", "XCA", "", ""},
		{"Z06", "", "", "Z06", "", "PAK"},
		{"GLP", "", "GLP", "GLP", "GP", "FRA"},
	} {
		p, ok := world(t).Get(c.code)
		if !ok {
			t.Errorf("no place %s", c.code)
			continue
		}
		got := [...]string{p.NaturalEarth, p.GeoBoundaries, p.GADM, p.OSM, p.Within}
		if want := [...]string{c.ne, c.gb, c.gadm, c.osm, c.within}; got != want {
			t.Errorf("%s: Natural Earth, geoBoundaries, GADM, OSM, within = %q, expected %q", c.code, got, want)
		}
	}
}

func TestFindTakesAnyCode(t *testing.T) {
	for code, want := range map[string]string{
		"XKO": "XKX", "XKX": "XKX", "KOS": "XKX", "XK": "XKX", "xk": "XKX", " kos ": "XKX",
		"SSD": "SSD", "SDS": "SSD", "ss": "SSD", "728": "SSD",
		"PSE": "PSE", "psx": "PSE", "275": "PSE",
		"ESH": "ESH", "SAH": "ESH", "EH": "ESH",
		"ZNC": "CYN", "CYN": "CYN",
		"ALA": "ALA", "ALD": "ALA", "ax": "ALA",
		"jpn": "JPN", "ＪＰ": "JPN", "392": "JPN", "3９2": "JPN",
		"4": "AFG", "04": "AFG", "004": "AFG",
		"z01": "Z01", "xad": "XAD",
	} {
		if p, ok := world(t).Find(code); !ok || p.Code != want {
			t.Errorf("Find(%q) = %q, %v, expected %s", code, p.Code, ok, want)
		}
	}
	for _, code := range []string{"", " ", "-99", "CN-TW", "UK", "ZZZ", "0", "0004", "Japan"} {
		if p, ok := world(t).Find(code); ok {
			t.Errorf("Find(%q) = %s, expected nothing", code, p.Code)
		}
	}
}

func TestOfAnswersForOneSourceOnly(t *testing.T) {
	w := world(t)
	for _, c := range w.All() {
		for _, s := range []admin.Coding{admin.NaturalEarth, admin.GeoBoundaries, admin.GADM, admin.OSM} {
			if code := c.In(s); code != "" {
				if p, ok := w.Of(s, code); !ok || p.Code != c.Code {
					t.Errorf("%s of %s is %q, expected %s", code, s, p.Code, c.Code)
				}
			}
		}
	}
	for _, c := range []struct {
		s    admin.Coding
		code string
	}{
		{admin.GADM, "KOS"},
		{admin.NaturalEarth, "XKX"},
		{admin.GeoBoundaries, "ESH"},
		{admin.GADM, "HKG"},
		{admin.NaturalEarth, "SSD"},
		{admin.OSM, "JPN"},
		{admin.GADM, ""},
		{admin.Coding(99), "JPN"},
	} {
		if p, ok := w.Of(c.s, c.code); ok {
			t.Errorf("%s knows %q as %s, expected nothing", c.s, c.code, p.Code)
		}
	}
	if c, _ := w.Get("JPN"); c.In(admin.Coding(99)) != "" || admin.Coding(99).String() != "unknown" {
		t.Error("a source that is not there has a code or a name")
	}
}
