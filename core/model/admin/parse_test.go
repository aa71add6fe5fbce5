package admin

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/shapes-desktop/shapes/resources/countries"
)

const (
	japan  = "JPN\tJPN\tJP\t392\tJapan\t日本\t日本\tAsia\tJPN\tJPN\tJPN\tJP\t\tNippon|Nihon"
	kosovo = "XKX\t\t\t\tKosovo\tKosovë\tコソボ\tEurope\tKOS\tXKX\tXKO\tXK\t\t"
)

// text is a table of these lines.
func text(lines ...string) string {
	return "# a note\n" + columns + "\n" + strings.Join(lines, "\n") + "\n"
}

func TestParseReadsWhatIsThere(t *testing.T) {
	rows, err := parse(text(japan, kosovo))
	if err != nil || len(rows) != 2 {
		t.Fatal(rows, err)
	}
	j, k := rows[0], rows[1]
	if j.Code != "JPN" || j.ISO2 != "JP" || j.Numeric != "392" || j.Local != "日本" || len(j.Aliases) != 2 || j.Aliases[1] != "Nihon" {
		t.Errorf("Japan is %+v", j)
	}
	if k.ISO3 != "" || k.NaturalEarth != "KOS" || k.GeoBoundaries != "XKX" || k.GADM != "XKO" || k.OSM != "XK" || k.Aliases != nil {
		t.Errorf("Kosovo is %+v", k)
	}
}

func TestDamagedTablesAreRefused(t *testing.T) {
	swap := func(from, to string) string { return text(strings.Replace(japan, from, to, 1), kosovo) }
	for what, c := range map[string]struct{ text, reason string }{
		"empty":            {"", "empty"},
		"notes only":       {"# a\n", "empty"},
		"header only":      {columns + "\n", "empty"},
		"other columns":    {"code\tname\n" + japan, "line 1: the columns are"},
		"not UTF-8":        {text(japan + "\xff"), "not UTF-8"},
		"cells missing":    {text("JPN\tJPN"), "line 3: 2 cells, expected 14"},
		"a blank line":     {text(japan, "", kosovo), "line 4: 1 cells"},
		"not sorted":       {text(kosovo, japan), "line 4: JPN comes after XKX"},
		"twice":            {text(japan, japan), "JPN comes after JPN"},
		"carriage returns": {text(japan + "\r"), "space around"},
		"space":            {swap("\tJapan", "\t Japan"), "space around"},
		"bad code":         {swap("JPN\t", "jpn\t"), "no code of a place"},
		"half of ISO":      {swap("392", ""), "some ISO codes"},
		"other alpha-3":    {swap("JPN\tJPN", "JPN\tJPX"), "not of the right form"},
		"number":           {swap("392", "39A"), "not of the right form"},
		"continent":        {swap("Asia", "Pangaea"), `no continent "Pangaea"`},
		"source":           {swap("Asia\tJPN", "Asia\t-99"), `"-99" is no source's code`},
		"tag":              {swap("\tJP\t\t", "\tJPN\t\t"), "no tag"},
		"no name":          {swap("\tJapan", "\t"), "no name"},
		"empty alias":      {swap("Nippon|", "Nippon||"), "no name"},
		"alias with space": {swap("Nippon|", "Nippon |"), "no name"},
	} {
		if _, err := parse(c.text); err == nil || !strings.Contains(err.Error(), c.reason) {
			t.Errorf("%s: %v, expected %q", what, err, c.reason)
		}
	}
}

func TestContradictionsAreRefused(t *testing.T) {
	place := func(code, gadm, within string) Country {
		return Country{Code: code, Name: code, Local: code, Japanese: code, GADM: gadm, Within: within}
	}
	for what, c := range map[string]struct {
		rows   []Country
		reason string
	}{
		"a code for two": {[]Country{place("AAA", "BBB", ""), place("BBB", "", "")}, "the code BBB stands for AAA and for BBB"},
		"within nowhere": {[]Country{place("AAA", "", "ZZZ")}, `"ZZZ", which is not in the table`},
		"marks alone":    {[]Country{{Code: "AAA", Name: "A", Local: "A", Japanese: "A", Aliases: []string{"ʻ?"}}}, "a name without a letter"},
		"within itself":  {[]Country{place("AAA", "", "BBB"), place("BBB", "", "AAA")}, "within itself"},
	} {
		if _, err := newTable(c.rows); err == nil || !strings.Contains(err.Error(), c.reason) {
			t.Errorf("%s: %v, expected %q", what, err, c.reason)
		}
	}
}

func TestNoAliasIsSaidTwice(t *testing.T) {
	rows, err := parse(countries.TSV())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range rows {
		seen := map[string]bool{c.Name: true, c.Local: true, c.Japanese: true}
		for _, a := range c.Aliases {
			if seen[a] {
				t.Errorf("%s: %q again", c.Code, a)
			}
			seen[a] = true
		}
	}
}

func TestFold(t *testing.T) {
	for s, want := range map[string]string{
		"Côte d’Ivoire": "cote d ivoire", "Åland": "aland", "GUINEA-BISSAU": "guinea bissau", "Trinidad & Tobago": "trinidad and tobago",
		"Færøerne": "faeroerne", "Łódź": "lodz", "Straße": "strasse", "Việt Nam": "viet nam", "Oʻzbekiston": "o zbekiston",
		"ガーナ": "がーな", "ｶﾞｰﾅ": "がーな", "がーな": "がーな", "アンティグア・バーブーダ": "あんてぃぐあ ばーぶーだ", "대한민국": "대한민국",
		"عُمان": "عمان", "ایران": "ايران", "Ελλάς": "ελλασ", "Йемен": "иемен", "भारत": "भारत", "": "", " - ": "",
	} {
		if got := fold(s).sortKey(); got != want {
			t.Errorf("fold(%q) = %q, expected %q", s, got, want)
		}
	}
}

// Folding what is folded changes nothing, whatever it was.
func TestFoldIsStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		once := fold(rapid.String().Draw(t, "text"))
		if twice := fold(once.sortKey()); twice.sortKey() != once.sortKey() {
			t.Fatalf("%q becomes %q", once.sortKey(), twice.sortKey())
		}
	})
}

// A table that is read is one in which each place is found by its code, and a
// damaged one is an error, never a panic.
func FuzzParse(f *testing.F) {
	f.Add(text(japan, kosovo))
	f.Add(text(japan))
	f.Add(countries.TSV())
	f.Add("# \n\n")
	f.Fuzz(func(t *testing.T, s string) {
		rows, err := parse(s)
		if err != nil {
			return
		}
		w, err := newTable(rows)
		if err != nil {
			return
		}
		for _, c := range rows {
			if got, ok := w.Find(c.Code); !ok || got.Code != c.Code {
				t.Fatalf("%s is not found", c.Code)
			}
			if len(w.Search(c.Name)) == 0 {
				t.Fatalf("%q finds nothing", c.Name)
			}
		}
	})
}

// No query, however odd, makes Search panic, or find a place twice.
func FuzzSearch(f *testing.F) {
	w, err := World()
	if err != nil {
		f.Fatal(err)
	}
	for _, q := range []string{"", "congo", "ｶﾞ", "\xff\xfe", "ʻ", "&", "대한"} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, q string) {
		seen := map[string]bool{}
		for _, c := range w.Search(q) {
			if seen[c.Code] {
				t.Fatalf("%q finds %s twice", q, c.Code)
			}
			seen[c.Code] = true
		}
	})
}
