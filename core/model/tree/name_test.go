package tree

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestNames(t *testing.T) {
	for name, want := range map[string]string{
		" Italy ": "Italy", "Sa\u0303o": "São", "日本": "日本", "Washington D.C.": "Washington D.C.", "می\u200cخواهم": "می\u200cخواهم",
		strings.Repeat("é", 255): strings.Repeat("é", 255), strings.Repeat("e\u0301", 255): strings.Repeat("é", 255),
	} {
		if got, err := CleanName(name); err != nil || got != want {
			t.Errorf("%q: %q, %v", name, got, err)
		}
	}
	for name, say := range map[string]string{
		"": "empty", " \t\n ": "empty", strings.Repeat("é", 256): "the most is 255", ".": "another", "..": "another",
		"a/b": "'/'", `a\b`: `'\\'`, "a:b": "':'", "a\x00b": "U+0000", "a\u202eb": "U+202E", "a\u2028b": "U+2028", "\xff": "UTF-8",
		"a<": "none of", "a>": "none of", `"`: "none of", "|": "none of", "?": "none of", "*": "none of",
	} {
		_, err := CleanName(name)
		var bad *NameError
		if !errors.As(err, &bad) || bad.Field != "name" || !strings.Contains(err.Error(), say) {
			t.Errorf("%q: %v, want %q", name, err, say)
		}
	}
	if _, err := CleanDescription(strings.Repeat("x", MaxDescription+1)); err == nil {
		t.Error("a description without end was taken")
	}
}

func TestNamesThatAreTheSame(t *testing.T) {
	for _, c := range []struct {
		a, b        string
		same, found bool // as siblings; when searched
	}{
		{"Italy", "ITALY", true, true},
		{"São", "Sa\u0303o", true, true},
		{"São", "SÃO", true, true},
		{"São", "Sao", false, true},
		{"Łódź", "lodz", false, true},
		{"Sør-Trøndelag", "sor–trondelag", false, true},
		{"Côte d’Ivoire", "cote d'ivoire", false, true},
		{"Straße", "STRASSE", true, true},
		{"ΣΊΣΥΦΟΣ", "σίσυφος", true, true},
		{"İstanbul", "istanbul", false, true},
		{"Ｔｏｋｙｏ", "tokyo", false, true},
		{"ハハ", "パパ", false, false},
		{"कि", "क", false, false},
		{"Level 1", "Level 01", false, false},
	} {
		if got := Fold(c.a) == Fold(c.b); got != c.same {
			t.Errorf("%q and %q as siblings: the same is %t", c.a, c.b, got)
		}
		if got := Plain(c.a) == Plain(c.b); got != c.found {
			t.Errorf("%q and %q when searched: the same is %t", c.a, c.b, got)
		}
	}
}

func TestFoldingIsSettled(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "name")
		if f := Fold(s); Fold(f) != f || Fold(norm.NFD.String(s)) != f || Plain(f) != Plain(s) {
			t.Fatalf("%q folds to %q, that to %q; plain %q and %q", s, f, Fold(f), Plain(s), Plain(f))
		}
	})
}

func TestSortingCounts(t *testing.T) {
	list := []string{"Level 10", "level 2", "Level 02", "Level 1", "Level", "Level 1b", "Ålesund", "Zürich", "aland", "10", "9", strings.Repeat("9", 300), "1" + strings.Repeat("0", 300)}
	slices.SortStableFunc(list, func(a, b string) int { return strings.Compare(sortKey(Plain(a)), sortKey(Plain(b))) })
	want := []string{"9", "10", strings.Repeat("9", 300), "1" + strings.Repeat("0", 300), "aland", "Ålesund", "Level", "Level 1", "Level 1b", "level 2", "Level 02", "Level 10", "Zürich"}
	if diff := cmp.Diff(want, list); diff != "" {
		t.Error(diff)
	}
}

func TestFreeNames(t *testing.T) {
	held := []string{"a", "a (2)", "b (2)", "c (0)", strings.Repeat("x", 255), "d (2)(2)"}
	for name, want := range map[string]string{
		"z": "z", "a": "a (3)", "a (2)": "a (3)", "b (2)": "b (3)", "c (0)": "c (0) (2)", "d (2)(2)": "d (2)(2) (2)",
		strings.Repeat("x", 255): strings.Repeat("x", 251) + " (2)",
	} {
		got, err := FreeName(name, func(n string) (bool, error) { return slices.Contains(held, n), nil })
		if err != nil || got != want {
			t.Errorf("%q: %q, want %q (%v)", name, got, want, err)
		}
	}
}

// Both cases of Cherokee fold to one, and folding again changes nothing.
func TestCherokeeFoldsToOneCase(t *testing.T) {
	for _, s := range []string{"Ꭰ", "ꭰ", "Ᏸ", "ᏸ", "ꮿ", "Ꮿ"} {
		if f := Fold(s); Fold(f) != f || Plain(s) != Plain(f) {
			t.Errorf("%q folds to %q, that to %q", s, f, Fold(f))
		}
	}
	if Fold("Ꭰ") != Fold("ꭰ") || Fold("Ᏸ") != Fold("ᏸ") {
		t.Error("the cases of Cherokee differ")
	}
}
