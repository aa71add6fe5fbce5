package sourcetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

// testUnits: what samples become is of the common schema, and no two units of
// a file are the same.
func testUnits(t *testing.T, c Case) {
	for _, s := range c.Samples {
		t.Run(s.Name, func(t *testing.T) {
			units := unitsOf(t, c, s)
			if want := s.Units; want >= 0 && len(units) != want || want < 0 && len(units) != len(s.Features) {
				t.Errorf("%d of %d features are units, not %d", len(units), len(s.Features), want)
			}
			byID, byCode := map[uint64]string{}, map[string]string{}
			for _, u := range units {
				checkUnit(t, c, u)
				code := fmt.Sprint(u.Level, " ", u.Code)
				if was, taken := byCode[code]; taken {
					t.Errorf("%q and %q have the same code %q", was, u.Name, code)
				}
				if was, taken := byID[u.ID()]; taken {
					t.Errorf("%q and %q have the same id", was, u.Name)
				}
				byID[u.ID()], byCode[code] = u.Name, u.Name
			}
		})
	}
}

// requestOf is what the sample is the answer to.
func requestOf(t testing.TB, c Case, s Sample) source.Request {
	t.Helper()
	requests := planOf(t, c, s.Variant, s.Cells)
	if len(requests) != 1 {
		t.Fatalf("sample %s: its cells need %d requests; it can answer one only", s.Name, len(requests))
	}
	return requests[0]
}

func unitsOf(t testing.TB, c Case, s Sample) []source.Unit {
	t.Helper()
	r := requestOf(t, c, s)
	var units []source.Unit
	for i := range s.Features {
		f := &s.Features[i]
		before := slices.Clone(f.Attrs)
		if u, ok := c.Provider.Normalise(&r, s.Layer, f); ok {
			units = append(units, u)
		}
		if !slices.Equal(before, f.Attrs) {
			t.Fatalf("sample %s: Normalise changed feature %d", s.Name, i)
		}
	}
	return units
}

// checkUnit: every text is fit to be read, and codes are codes.
func checkUnit(t failer, c Case, u source.Unit) {
	t.Helper()
	name := fmt.Sprintf("%s:%d %q", u.Country, u.Level, u.Code)
	if _, known := c.World.Get(u.Country); !known {
		t.Errorf("%s: model/admin does not know the country", name)
	}
	if u.Level > shape.MaxLevel || u.Code == "" || u.Source != c.Provider.About().Source {
		t.Errorf("%s: level %d, code %q, source %q", name, u.Level, u.Code, u.Source)
	}
	if u.Parent == u.Code || u.Level == 0 && u.Parent != "" {
		t.Errorf("%s: its parent is %q", name, u.Parent)
	}
	if !upper(u.ISO2, 2) || !upper(u.ISO3, 3) || !iso31662(u.ISO31662) {
		t.Errorf("%s: the ISO codes are %q, %q and %q", name, u.ISO2, u.ISO3, u.ISO31662)
	}
	for _, part := range [][2]string{
		{"Name", u.Name},
		{"NameEn", u.NameEn},
		{"NameLocal", u.NameLocal},
		{"Code", u.Code},
		{"Parent", u.Parent},
		{"Adm0A3", u.Adm0A3},
		{"Type", u.Type},
		{"TypeEn", u.TypeEn},
		{"Vintage", u.Vintage},
	} {
		checkText(t, name, part[0], part[1])
	}
	if id := u.ID(); id == 0 || id >= 1<<53 {
		t.Errorf("%s: id %d", name, id)
	}
}

// upper reports whether s is n capital letters, or nothing.
func upper(s string, n int) bool {
	return s == "" || len(s) == n && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// iso31662 reports whether s has the form of a code of ISO 3166-2, or is
// nothing.
func iso31662(s string) bool {
	country, unit, parted := strings.Cut(s, "-")
	return s == "" || parted && upper(country, 2) && country != "" && len(unit) >= 1 && len(unit) <= 3 &&
		strings.Trim(unit, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}

// placeholder reports texts that stand for no text in one source or another.
// "Nan" is a province of Thailand, and "None" a place in Italy.
func placeholder(s string) bool {
	return slices.Contains([]string{"-99", "NA", "nan", "NaN", "N/A", "null", "<Null>"}, s) || strings.Contains(s, "~")
}

func checkText(t failer, name, what, s string) {
	t.Helper()
	switch {
	case placeholder(s):
		t.Errorf("%s: %s is %q, which stands for nothing", name, what, s)
	case strings.TrimSpace(s) != s || !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl):
		t.Errorf("%s: %s is %q, which is not clean", name, what, s)
	}
}

// testNasty: whatever a file holds under the source's names, no unit of it is
// worse than none. Panics fail the test by themselves.
func testNasty(t *testing.T, c Case) {
	for _, s := range c.Samples {
		r := requestOf(t, c, s)
		rapid.Check(t, func(t *rapid.T) {
			f := spoilt(t, s.Features)
			if u, ok := c.Provider.Normalise(&r, s.Layer, &f); ok {
				checkUnit(t, c, u)
			}
		})
	}
}

// spoilt is a feature of the sample with some attributes gone and some changed.
func spoilt(t *rapid.T, features []feature.Feature) feature.Feature {
	f := rapid.SampledFrom(features).Draw(t, "feature")
	f.Attrs = slices.Clone(f.Attrs)
	for range rapid.IntRange(0, 6).Draw(t, "changes") {
		if n := len(f.Attrs); n > 0 {
			i := rapid.IntRange(0, n-1).Draw(t, "attribute")
			f.Attrs[i].Value = nastyValue().Draw(t, "value")
		}
	}
	if rapid.Bool().Draw(t, "cut") {
		f.Attrs = f.Attrs[:rapid.IntRange(0, len(f.Attrs)).Draw(t, "kept")]
	}
	return f
}

func nastyValue() *rapid.Generator[feature.Value] {
	return rapid.OneOf(
		rapid.Map(rapid.SampledFrom([]string{
			"", "-99", " -99 ", "NA", "nan", "~", "XK-X02~", "-99-X11~", " ", "\x00", "\n a \t b", "?", "Z09", "JPN", "jpn", "JP", "CN-TW",
			"None", "..", "a|b|", "|", "\xff\xfe", "1.0", "JPN.1_1", "JPN.1.2.3.4.5.6.7_1", ".", "_", "NaN", "<Null>", "\u200b", "ADM1", "adm9",
		}), feature.StringValue),
		rapid.Map(rapid.String(), feature.StringValue),
		rapid.Map(rapid.Int64(), feature.IntValue),
		rapid.Map(rapid.Float64(), feature.FloatValue),
		rapid.Map(rapid.Bool(), feature.BoolValue),
	)
}
