package admin_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/shapes-desktop/shapes/core/model/admin"
)

// codes returns the codes of the first places of a list, at most n.
func codes(places []admin.Country, n int) []string {
	var out []string
	for _, c := range places[:min(n, len(places))] {
		out = append(out, c.Code)
	}
	return out
}

func TestSearchPutsTheBestFirst(t *testing.T) {
	w := world(t)
	for query, want := range map[string]string{
		// Codes before names, names before beginnings, those before the rest.
		"in":     "IND",
		"uk":     "GBR UKR",
		"niger":  "NER NGA",
		"guinea": "GIN GNQ GNB PNG",
		"samoa":  "WSM ASM",
		"congo":  "COG COD",
		"korea":  "KOR PRK",
		"china":  "CHN",
		"us":     "USA",
		"392":    "JPN",
		"zw":     "ZWE",
		// Other and former names.
		"Burma": "MMR", "Ivory Coast": "CIV", "Turkey": "TUR", "Türkiye": "TUR", "Swaziland": "SWZ",
		"DR Congo": "COD", "USA": "USA", "Holland": "NLD", "Great Britain": "GBR", "Macedonia": "MKD",
		"Czech Republic": "CZE", "Cabo Verde": "CPV", "East Timor": "TLS", "Holy See": "VAT",
		"Zaire": "COD", "Ceylon": "LKA", "Persia": "IRN", "Viet Nam": "VNM", "Kosova": "XKX",
		// Accents, case, width and punctuation.
		"cote d'ivoire": "CIV", "CÔTE D’IVOIRE": "CIV", "cote divoire": "CIV", "Cote d Ivoire": "CIV",
		"aland": "ALA", "reunion": "REU", "curacao": "CUW", "sao tome": "STP", "st kitts": "KNA",
		"guinea bissau": "GNB", "timor leste": "TLS", "u.s.a.": "USA", "trinidad & tobago": "TTO",
		"ｊａｐａｎ": "JPN", "azerbaycan": "AZE", "ozbekiston": "UZB", "foroyar": "FRO", "viet nam": "VNM",
		// Words in any order, and cut short.
		"korea south": "KOR", "congo dem rep": "COD", "bosnia herz": "BIH", "ivoire": "CIV",
		// Japanese: kanji, katakana of both widths, hiragana, other names.
		"日本": "JPN", "にほん": "JPN", "フランス": "FRA", "ふらんす": "FRA", "ｶﾅﾀﾞ": "CAN", "英国": "GBR",
		"米国": "USA", "アメリカ": "USA", "ビルマ": "MMR", "北キプロス": "CYN", "グルジア": "GEO",
		// Other scripts, with and without their points.
		"россия": "RUS", "ελλαδα": "GRC", "ΕΛΛΆΔΑ": "GRC", "مصر": "EGY", "عمان": "OMN",
		"ישראל": "ISR", "ไทย": "THA", "भारत": "IND", "대한민국": "KOR", "中国": "CHN", "台灣": "TWN",
		"საქართველო": "GEO", "հայաստան": "ARM", "ኢትዮጵያ": "ETH", "ایران": "IRN",
		// Nothing.
		"atlantis": "", "!?": "", "-99": "",
	} {
		expected := strings.Fields(want)
		found := w.Search(query)
		if got := codes(found, len(expected)); !slices.Equal(got, expected) {
			t.Errorf("Search(%q) begins with %v, expected %v", query, codes(found, 5), expected)
		}
		if want == "" && len(found) > 0 {
			t.Errorf("Search(%q) finds %v, expected nothing", query, codes(found, 5))
		}
	}
}

func TestSearchDoesNotJoinEndsOfWords(t *testing.T) {
	for _, c := range world(t).Search("sand") {
		if c.Code == "TCA" {
			t.Error(`"sand" finds the Turks and Caicos Islands`)
		}
	}
}

func TestSearchForNothingFindsAll(t *testing.T) {
	w := world(t)
	for _, query := range []string{"", " ", "\t\u3000"} {
		if got := w.Search(query); len(got) != len(w.All()) {
			t.Errorf("Search(%q) finds %d places of %d", query, len(got), len(w.All()))
		}
	}
}

// Whatever part of a name people begin with, however they write it, the place
// is among what is found, and a whole name puts it before all that only begin
// so.
func TestEveryNameFindsItsPlace(t *testing.T) {
	w := world(t)
	all := w.All()
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom(all).Draw(t, "place")
		name := rapid.SampledFrom(append([]string{c.Name, c.Local, c.Japanese}, c.Aliases...)).Draw(t, "name")
		write := rapid.SampledFrom([]func(string) string{strings.ToLower, strings.ToUpper, strings.Clone}).Draw(t, "case")
		runes := []rune(name)
		part := string(runes[:rapid.IntRange(1, len(runes)).Draw(t, "length")])
		found := w.Search(write(part))
		if !slices.ContainsFunc(found, func(f admin.Country) bool { return f.Code == c.Code }) {
			t.Fatalf("Search(%q) does not find %s, which is %q", write(part), c.Code, name)
		}
		if again := w.Search(write(part)); !slices.Equal(codes(found, len(found)), codes(again, len(again))) {
			t.Fatal("the same search finds another order")
		}
	})
}

func TestEveryCodeIsFoundFirst(t *testing.T) {
	w := world(t)
	for _, c := range w.All() {
		for _, code := range []string{c.Code, c.ISO2, c.Numeric, c.NaturalEarth, c.GeoBoundaries, c.GADM, c.OSM} {
			if code == "" {
				continue
			}
			if found := codes(w.Search(strings.ToLower(code)), 1); !slices.Equal(found, []string{c.Code}) {
				t.Errorf("Search(%q) begins with %v, expected %s", code, found, c.Code)
			}
			if p, ok := w.Find(code); !ok || p.Code != c.Code {
				t.Errorf("Find(%q) = %s, expected %s", code, p.Code, c.Code)
			}
		}
	}
}

func TestAllIsSortedAsAnIndex(t *testing.T) {
	all := world(t).All()
	place := map[string]int{}
	for i, c := range all {
		place[c.Code] = i
	}
	for _, pair := range []string{"AFG ALA", "ALA ALB", "COM CIV", "CIV HRV", "GIN GNB", "GNB GUY", "NER NGA", "PRT REU", "REU ROU", "SMR STP", "STP SAU", "TUN TUR", "TUR TKM"} {
		a, b, _ := strings.Cut(pair, " ")
		if place[a] >= place[b] {
			t.Errorf("%s comes after %s", a, b)
		}
	}
	all[0], all[1] = all[1], all[0]
	if world := world(t).All(); world[0].Code == all[0].Code {
		t.Error("the list is not the caller's own")
	}
}

func TestContinents(t *testing.T) {
	count := map[admin.Continent]int{}
	for _, c := range world(t).All() {
		count[c.Continent]++
	}
	for _, c := range admin.Continents() {
		if count[c] == 0 {
			t.Errorf("no place in %s", c)
		}
	}
	for code, want := range map[string]admin.Continent{
		"ATA": admin.Antarctica, "MUS": admin.Africa, "MDV": admin.Asia, "REU": admin.Africa,
		"RUS": admin.Europe, "TUR": admin.Asia, "GUF": admin.SouthAmerica, "USA": admin.NorthAmerica, "FJI": admin.Oceania,
	} {
		if c, _ := world(t).Get(code); c.Continent != want {
			t.Errorf("%s is in %s, expected %s", code, c.Continent, want)
		}
	}
}
