package admin

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNear(t *testing.T) {
	w, err := World()
	if err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{
		"Germny": "DEU", "germnay": "DEU", "Jpan": "JPN", "swizerland": "CHE", "Phillipines": "PHL", "Khazakstan": "KAZ",
		"Österreihc": "AUT", "Hertzegovina": "BIH", "Lichtenstein": "LIE",
	} {
		if got := w.Near(query); len(got) == 0 || got[0].Code != want || len(got) > maxNear {
			t.Errorf("%s: %v", query, got)
		}
	}
	for _, query := range []string{"", " ", "x", "qq", "atlantis is a place", strings.Repeat("germany", 10)} {
		if got := w.Near(query); len(got) > 0 {
			t.Errorf("%q: %v", query, got)
		}
	}
}

// One slip anywhere in a name is forgiven.
func TestNearAfterASlip(t *testing.T) {
	w, err := World()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		p := rapid.SampledFrom(w.places).Draw(rt, "place")
		word := []rune(p.names[0].key)
		if len(word) < 6 || len(word) >= maxMissing {
			rt.Skip("too short, or long")
		}
		at := rapid.IntRange(0, len(word)-2).Draw(rt, "at")
		switch rapid.IntRange(0, 3).Draw(rt, "slip") {
		case 0:
			word = slices.Delete(word, at, at+1)
		case 1:
			word = slices.Insert(word, at, 'q')
		case 2:
			word[at] = 'q'
		default:
			word[at], word[at+1] = word[at+1], word[at]
		}
		if off := p.names[0].off(word, 3); off > 1 {
			rt.Errorf("%s is %d off %s", string(word), off, p.Name)
		}
	})
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"abc", "abc", 0},
		{"abc", "acb", 1},
		{"abc", "ab", 1},
		{"ab", "abc", 1},
		{"abc", "axc", 1},
		{"abcd", "badc", 2},
		{"abc", "xyz", 3},
		{"", "ab", 2},
		{"日本", "日木", 1},
	} {
		if got := distance([]rune(c.a), []rune(c.b), 3); got != c.want {
			t.Errorf("%q, %q: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}
