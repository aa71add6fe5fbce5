package shapeform

import (
	"testing"

	"github.com/shapes-desktop/shapes/core/model/shape"
	"pgregory.net/rapid"
)

func rowsOf(m *matrix, from, to int) []*row {
	byCode := map[string]*row{}
	for _, r := range m.rows {
		byCode[r.ISO3] = r
	}
	var out []*row
	for _, c := range countries()[from:to] {
		out = append(out, byCode[c.ISO3])
	}
	return out
}

func TestSearchOfCountries(t *testing.T) {
	m := newMatrix(countries())
	for _, tt := range []struct{ text, first string }{
		{"jap", "JPN"}, {"JPN", "JPN"}, {"日本", "JPN"}, {"ivoire", "CIV"}, {" italy ", "ITA"}, {"saba", "BES"}, {"", "BES"},
	} {
		m.search(tt.text)
		if len(m.found) == 0 || m.found[0].ISO3 != tt.first {
			t.Errorf("%q finds %d", tt.text, len(m.found))
		}
	}
	if m.search("atlantis"); len(m.found) != 0 {
		t.Errorf("%d are found", len(m.found))
	}
}

// Any marks set and cleared in any order: the selection holds exactly what a
// plain table of marks holds, is valid unless all is clear, and is the empty
// one when all is set.
func TestMarksAreTheSelection(t *testing.T) {
	all := countries()[:5]
	m := newMatrix(all)
	rapid.Check(t, func(t *rapid.T) {
		marks := map[string][2]bool{}
		for _, c := range all {
			marks[c.ISO3] = [2]bool{true, true}
		}
		var s shape.Selection
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			on, level := rapid.Bool().Draw(t, "on"), rapid.IntRange(0, 1).Draw(t, "level")
			some := rowsOf(m, 0, len(all))
			if rapid.IntRange(0, 3).Draw(t, "one") > 0 {
				i := rapid.IntRange(0, len(all)-1).Draw(t, "country")
				some = rowsOf(m, i, i+1)
			}
			s = m.choose(s, some, uint8(level), on)
			for _, c := range some {
				row := marks[c.ISO3]
				row[level] = on
				marks[c.ISO3] = row
			}
			set := 0
			for _, c := range all {
				for l, want := range marks[c.ISO3] {
					if s.Has(c.ISO3, uint8(l)) != want {
						t.Fatalf("%s level %d in %s: %v", c.ISO3, l, s, !want)
					}
					if want {
						set++
					}
				}
			}
			if s.Everything() != (set == 2*len(all)) || s.Empty() != (set == 0) {
				t.Fatalf("%d of %d marks are %q", set, 2*len(all), s)
			}
		}
	})
}

// What a command chose and the list does not show is kept.
func TestUnknownCountriesAreKept(t *testing.T) {
	m := newMatrix(countries()[:2])
	s := m.choose(shape.Selection{"ZZZ": {0}, "JPN": {0}}, rowsOf(m, 0, 1), 0, false)
	if !s.Has("ZZZ", 0) || s.Has("JPN", 0) {
		t.Errorf("selection %s", s)
	}
}
