package engine

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/shapes-desktop/shapes/core/model/admin"
)

// TestSampleIsInTable wants every country of the sample to have a name, and
// every name to be that which the other sources go by.
func TestSampleIsInTable(t *testing.T) {
	levels, err := sampleLevels(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	world, err := admin.World()
	if err != nil {
		t.Fatal(err)
	}
	for code := range levels {
		if _, ok := world.Get(code); !ok {
			t.Errorf("the sample has %s, which the table of countries does not", code)
		}
	}
	all := listed(world, levels)
	if len(all) != len(levels) {
		t.Errorf("%d countries of %d are listed", len(all), len(levels))
	}
	for _, want := range []Country{
		{"ALA", "Åland", "オーランド諸島", "Europe", []uint8{0, 1}},
		{"JPN", "Japan", "日本", "Asia", []uint8{0, 1}},
		{"TKL", "Tokelau", "トケラウ", "Oceania", []uint8{1}}, // part of New Zealand at level 0
	} {
		i := slices.IndexFunc(all, func(c Country) bool { return c.ISO3 == want.ISO3 })
		if i < 0 {
			t.Errorf("%s is not listed", want.ISO3)
		} else if diff := cmp.Diff(want, all[i]); diff != "" {
			t.Error(diff)
		}
	}
}

func TestCountriesAreReadOnce(t *testing.T) {
	e := openEngine(t, t.TempDir())
	a, err := e.Countries(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b, err := e.Countries(t.Context())
	if err != nil || len(a) == 0 || &a[0] != &b[0] {
		t.Errorf("read again: %d countries, then %d: %v", len(a), len(b), err)
	}
}
