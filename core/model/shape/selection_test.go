package shape_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"pgregory.net/rapid"
)

// world is all countries of the tests; XXX is never named in a selection.
func world() []string { return list("AUT", "ITA", "JPN", "XXX") }

// drawSelection makes any selection, canonical or not.
func drawSelection(t *rapid.T, name string) shape.Selection {
	iso3 := rapid.SampledFrom(list("AUT", "ITA", "JPN", shape.All))
	levels := rapid.SliceOfN(rapid.Uint8Range(0, shape.MaxLevel), 0, 8)
	return shape.Selection(rapid.MapOfN(iso3, levels, 0, 4).Draw(t, name))
}

// cells is what a selection wants, cell by cell: the plain model.
func cells(s shape.Selection) map[string]bool {
	wanted := map[string]bool{}
	for _, iso3 := range world() {
		for level := range uint8(shape.Levels) {
			if s.Has(iso3, level) {
				wanted[fmt.Sprint(iso3, level)] = true
			}
		}
	}
	return wanted
}

func sameCells(t *rapid.T, what string, got shape.Selection, want func(cell string) bool) {
	t.Helper()
	have := cells(got)
	for cell := range cells(nil) {
		if have[cell] != want(cell) {
			t.Fatalf("%s: %v has %s: %v", what, got, cell, have[cell])
		}
	}
}

func TestSetOperationsCellByCell(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawSelection(t, "a"), drawSelection(t, "b")
		x, y := cells(a), cells(b)
		was := fmt.Sprint(a, b)
		sameCells(t, "canonical", a.Canonical(), func(c string) bool { return x[c] })
		sameCells(t, "union", shape.Union(a, b), func(c string) bool { return x[c] || y[c] })
		sameCells(t, "minus", shape.Minus(a, b, world()), func(c string) bool { return x[c] && !y[c] })
		sameCells(t, "expand", a.Expand(world()), func(c string) bool { return x[c] })
		sameCells(t, "with", a.With("ITA", 2), func(c string) bool { return x[c] || c == "ITA2" })
		sameCells(t, "without", a.Without("ITA", 2, world()), func(c string) bool { return x[c] && c != "ITA2" })
		sameCells(t, "without everywhere", a.Without(shape.All, 2, world()), func(c string) bool { return x[c] && !strings.HasSuffix(c, "2") })
		if fmt.Sprint(a, b) != was {
			t.Fatal("an operand was changed")
		}
	})
}

func TestCanonicalIsOneForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawSelection(t, "a"), drawSelection(t, "b")
		same := a.Everything() == b.Everything() && cmp.Equal(cells(a), cells(b))
		if a.Everything() != b.Everything() {
			return // everything that is named is less than everything
		}
		if a.Equal(b) != same || cmp.Equal(a.Canonical(), b.Canonical()) != same {
			t.Fatalf("%v and %v: equal %v, want %v", a, b, a.Equal(b), same)
		}
		if !cmp.Equal(a.Canonical(), a.Canonical().Canonical()) {
			t.Fatal("not stable")
		}
		if len(a) > 0 && !a.Empty() {
			s := shape.Shape{Selection: a.Canonical()}
			if err := s.ValidateStep(shape.StepSelection); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestViews(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSelection(t, "s")
		countries := world()
		state := s.CheckboxState(countries)
		x := cells(s)
		selected := map[string]bool{}
		var levels [shape.Levels]bool
		for i, iso3 := range countries {
			for level, checked := range state[i] {
				if checked != x[fmt.Sprint(iso3, level)] {
					t.Fatal(s, iso3, level)
				}
				selected[iso3] = selected[iso3] || checked
				levels[level] = levels[level] || checked
			}
		}
		got := s.SelectedCountries(countries)
		if want := slices.DeleteFunc(world(), func(c string) bool { return !selected[c] }); !slices.Equal(got, want) {
			t.Fatal(got, want)
		}
		if s.AdminLevels(countries) != levels {
			t.Fatal(s, levels)
		}
		if s.Empty() != (len(x) == 0) {
			t.Fatal("empty", s)
		}
	})
}

func TestParseSelection(t *testing.T) {
	for text, want := range map[string]string{
		"":                      "everything",
		"Everything":            "everything",
		" nothing ":             "nothing",
		"*":                     "*",
		"*:*":                   "*",
		"JPN:0-1,ITA:*,*:1":     "*:1,ITA:0+2-5,JPN:0",
		"jpn : 0 - 1 , ita":     "ITA,JPN:0-1",
		"JPN:3,JPN:1,JPN:2":     "JPN:1-3",
		"JPN:0+2+4-5":           "JPN:0+2+4-5",
		"JPN:5-5":               "JPN:5",
		"JPN:0-5":               "JPN",
		"ITA:1,*:1":             "*:1",
		"JPN:0+0+0,AUT:0-1+1-2": "AUT:0-2,JPN:0",
	} {
		s, err := shape.ParseSelection(text)
		if err != nil || s.String() != want {
			t.Errorf("%q: %v, %v; want %s", text, s, err, want)
		}
	}
}

func TestParseSelectionRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"JP":                                  `"JP" at byte 0: a country is three letters`,
		"JPN,":                                `"" at byte 4: a country`,
		"JPN:0,Italy:1":                       `"Italy:1" at byte 6: a country`,
		"JPN:":                                "levels are 0 to 5",
		"JPN:6":                               "levels are 0 to 5",
		"JPN:2-1":                             "levels are 0 to 5",
		"JPN:1-":                              "levels are 0 to 5",
		"JPN:-1":                              "levels are 0 to 5",
		"JPN:1+":                              "levels are 0 to 5",
		"JPN:0:1":                             "levels are 0 to 5",
		"JÖN:1":                               "a country",
		"nothing,JPN":                         "a country",
		strings.Repeat("JPN,", 1<<14) + "JPN": "bytes, more than",
	} {
		if s, err := shape.ParseSelection(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v, %v; want %q", text, s, err, want)
		}
	}
}

func TestSelectionTextRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSelection(t, "s")
		again, err := shape.ParseSelection(s.String())
		if err != nil || !cmp.Equal(s.Canonical(), again) {
			t.Fatal(s, again, err)
		}
	})
}

func TestSelectionValidation(t *testing.T) {
	for _, c := range []struct {
		s    shape.Selection
		want []string // fields
	}{
		{nil, nil},
		{shape.Selection{}, nil},
		{shape.Selection{"JPN": {0, 5}, "*": {1}}, nil},
		{shape.Nothing(), list("selection")},
		{shape.Selection{"JPN": nil}, list("selection")},
		{shape.Selection{"JPN": nil, "ITA": {0}}, list("selection.JPN")},
		{shape.Selection{"JPN": {6}, "jpn": {0}, "JAPAN": {0}, "J1N": {0}}, list("selection.J1N", "selection.JAPAN", "selection.JPN", "selection.jpn")},
		{shape.Selection{"JPN": {1, 0}}, list("selection.JPN")},
		{shape.Selection{"JPN": {1, 1}}, list("selection.JPN")},
		{shape.Selection{"": {1}}, list("selection.")},
	} {
		s := shape.Shape{Selection: c.s}
		var got []string
		for _, f := range shape.InvalidFields(s.ValidateStep(shape.StepSelection)) {
			got = append(got, f.Field)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%v: %v, want %v", map[string][]uint8(c.s), got, c.want)
		}
	}
}

func FuzzParseSelection(f *testing.F) {
	for _, s := range list("", "everything", "nothing", "*", "JPN:0-1,ITA:*,*:1", "jpn : 0+2", "JPN:6", ":,:", "JPN:0-1-2") {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := shape.ParseSelection(text)
		if err != nil {
			return
		}
		again, err := shape.ParseSelection(s.String())
		if err != nil || !cmp.Equal(s, again) {
			t.Fatalf("%q is %s, which reads as %v: %v", text, s, again, err)
		}
	})
}
