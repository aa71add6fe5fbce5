package geoboundaries_test

import (
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/acquire/source/geoboundaries"
	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

// normalised is the unit of a layer's feature with these attributes.
func normalised(p *geoboundaries.Provider, cells []source.Cell, attrs ...string) (source.Unit, bool) {
	f := feature.Feature{Index: 4}
	for i := 0; i+1 < len(attrs); i += 2 {
		f.Attrs = append(f.Attrs, feature.Attr{Key: attrs[i], Value: feature.StringValue(attrs[i+1])})
	}
	return p.Normalise(&source.Request{Source: shape.GeoBoundaries, Cells: cells, Vintage: "2021"}, "layer", &f)
}

func TestNames(t *testing.T) {
	p := geoboundaries.New(world(t))
	for _, c := range []struct{ country, in, name, local string }{
		{"MAR", "Province de Khémisset إقليم الخميسات", "Province de Khémisset", "إقليم الخميسات"},
		{"MAR", "إقليم الخميسات - Province de Khémisset", "Province de Khémisset", "إقليم الخميسات"},
		{"MAR", "Tanger (طنجة)", "Tanger", "طنجة"},
		{"JPN", "Tokyo 東京", "Tokyo", "東京"},
		{"GRC", "Κρήτη/Crete", "Crete", "Κρήτη"},
		{"JPN", "埼玉県", "埼玉県", "埼玉県"},
		{"BGR", "Район II", "Район II", ""},
		{"JPN", "A 区", "A 区", ""},
		{"MAR", "إقليمIIII", "إقليمIIII", ""},
		{"KAZ", "Алматы Almaty қаласы", "Алматы Almaty қаласы", ""},
		{"BRA", "RIO GRANDE DO SUL", "Rio Grande do Sul", ""},
		{"PHL", "REGION IV-A (CALABARZON)", "Region IV-A (Calabarzon)", ""},
		{"IND", "NCT OF DELHI", "NCT of Delhi", ""},
		{"USA", "DC", "DC", ""},
		{"ITA", "VALLE D'AOSTA-L'AQUILA", "Valle d'Aosta-L'Aquila", ""},
		{"TUR", "DİYARBAKIR", "Diyarbakır", ""},
		{"RUS", "МОСКОВСКАЯ ОБЛАСТЬ", "Московская Область", "Московская Область"},
		{"GBR", "Kingston upon Hull, City of", "Kingston upon Hull, City of", ""},
		{"THA", "Nan", "Nan", ""},
		{"ITA", "None", "None", ""},
		{"FRA", "None", "", ""},
		{"FRA", "nan", "", ""},
		{"FRA", "  Le\t\u200bHavre\u0000 ", "Le Havre", ""},
	} {
		u, ok := normalised(p, nil, "shapeName", c.in, "shapeGroup", c.country, "shapeType", "ADM3", "shapeID", "1B2")
		if !ok || u.Name != c.name || u.NameLocal != c.local || u.NameEn != "" {
			t.Errorf("%s %q: name %q, local %q, English %q; want %q, %q", c.country, c.in, u.Name, u.NameLocal, u.NameEn, c.name, c.local)
		}
	}
}

func TestCodes(t *testing.T) {
	p := geoboundaries.New(world(t))
	for in, want := range map[string]string{
		"GH-WN": "GH-WN", "FR-20R": "FR-20R", "TH-10": "TH-10", "": "", "None": "", "nan": "", "ADM1": "", "GHA": "", "gh-wn": "", "GH-": "", "GH-WNXX": "", "GHA-WN": "", "-99-X": "",
	} {
		u, ok := normalised(p, nil, "shapeName", "x", "shapeISO", in, "shapeGroup", "GHA", "shapeType", "ADM1", "shapeID", "1B2")
		if !ok || u.ISO31662 != want || u.Code != "1B2" || u.ISO2 != "GH" || u.ISO3 != "GHA" || u.Adm0A3 != "GHA" || u.Vintage != "2021" || u.Parent != "" {
			t.Errorf("%q: %+v, want %q", in, u, want)
		}
	}
}

// Where a feature does not say where it is, the request of one cell does.
func TestPlace(t *testing.T) {
	p := geoboundaries.New(world(t))
	one := []source.Cell{{Country: "XKX", Level: 1}}
	for _, c := range []struct {
		name  string
		cells []source.Cell
		attrs []string
		want  source.Cell
		ok    bool
	}{
		{"its own", nil, []string{"shapeGroup", "JPN", "shapeType", "ADM2"}, source.Cell{Country: "JPN", Level: 2}, true},
		{"its own, though another was asked for", one, []string{"shapeGroup", "JPN", "shapeType", "ADM2"}, source.Cell{Country: "JPN", Level: 2}, true},
		{"the request's", one, nil, source.Cell{Country: "XKX", Level: 1}, true},
		{"no country", nil, []string{"shapeType", "ADM2"}, source.Cell{}, false},
		{"unknown country", nil, []string{"shapeGroup", "QQQ", "shapeType", "ADM2"}, source.Cell{}, false},
		{"no level", nil, []string{"shapeGroup", "JPN", "shapeType", "ADM6"}, source.Cell{}, false},
		{"two cells", append(one, source.Cell{Country: "XKX", Level: 2}), []string{"shapeGroup", "XKX"}, source.Cell{}, false},
	} {
		if u, ok := normalised(p, c.cells, c.attrs...); ok != c.ok || u.Cell != c.want {
			t.Errorf("%s: %v, %v; want %v, %v", c.name, u.Cell, ok, c.want, c.ok)
		}
	}
	if u, _ := normalised(p, one); u.Code != "XKX-ADM1-5" {
		t.Errorf("without an id the code is %q", u.Code)
	}
}

// A name loses nothing but signs and capitals, and is the same when read again.
func TestNamesKeepTheirLetters(t *testing.T) {
	p := geoboundaries.New(world(t))
	words := rapid.SampledFrom([]string{
		"Province", "DE", "de", "إقليم", "الخميسات", "東京", "II", "ABC", "L'ORIENTAL", "Κρήτη", "(", ")", "-", "/", "SÃO", "x", "7", "،",
	})
	letters := func(s string) string {
		return strings.Map(func(r rune) rune {
			if !unicode.IsLetter(r) {
				return -1
			}
			return unicode.ToLower(r)
		}, s)
	}
	count := func(s string) map[rune]int {
		out := map[rune]int{}
		for _, r := range letters(s) {
			out[r]++
		}
		return out
	}
	rapid.Check(t, func(t *rapid.T) {
		in := strings.Join(rapid.SliceOfN(words, 1, 7).Draw(t, "words"), rapid.SampledFrom([]string{" ", ""}).Draw(t, "between"))
		attrs := []string{"shapeName", in, "shapeGroup", "MAR", "shapeType", "ADM2", "shapeID", "1"}
		u, _ := normalised(p, nil, attrs...)
		both := u.Name
		if u.NameLocal != u.Name {
			both += u.NameLocal
		}
		got, want := count(both), count(in)
		for r, n := range want {
			if got[r] != n {
				t.Fatalf("%q became %q and %q", in, u.Name, u.NameLocal)
			}
		}
		attrs[1] = u.Name
		if again, _ := normalised(p, nil, attrs...); again.Name != u.Name {
			t.Fatalf("%q became %q, and that %q", in, u.Name, again.Name)
		}
	})
}
