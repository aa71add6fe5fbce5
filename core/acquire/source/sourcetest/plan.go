package sourcetest

import (
	"errors"
	"path"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

// testPlan: a plan of everything, in each variant.
func testPlan(t *testing.T, c Case) {
	for _, v := range variants(c.Provider) {
		cells := cellsOf(offersOf(t, c, v))
		requests := planOf(t, c, v, cells)
		checkPlan(t, c, v, cells, requests)
		for _, r := range requests {
			checkRequest(t, c, v, r)
		}
		slices.Reverse(cells)
		if again := planOf(t, c, v, cells); !slices.Equal(addresses(again), addresses(requests)) {
			t.Errorf("variant %+v: the plan depends on the order in which cells are named", v)
		}
	}
	if got, err := c.Provider.Plan(shape.Variant{}, nil); err != nil || len(got) > 0 {
		t.Errorf("the plan of no cell is %d requests, error %v", len(got), err)
	}
}

// testPlanOfSome: whichever cells are asked for, those and no others are
// planned, even if one is named twice.
func testPlanOfSome(t *testing.T, c Case) {
	offered := cellsOf(offersOf(t, c, shape.Variant{}))
	rapid.Check(t, func(t *rapid.T) {
		cells := rapid.SliceOfN(rapid.SampledFrom(offered), 1, 20).Draw(t, "cells")
		requests, err := c.Provider.Plan(shape.Variant{}, cells)
		if err != nil {
			t.Fatal(err)
		}
		checkPlan(t, c, shape.Variant{}, cells, requests)
	})
}

// failer is what testing.T and rapid.T share.
type failer interface {
	Helper()
	Errorf(format string, args ...any)
}

// checkPlan: the requests serve exactly the cells, each in one request only,
// and no address is asked twice.
func checkPlan(t failer, c Case, v shape.Variant, cells []source.Cell, requests []source.Request) {
	t.Helper()
	var served []source.Cell
	seen := map[string]bool{}
	for i, a := range addresses(requests) {
		if seen[a] {
			t.Errorf("%+v: %q is asked twice", v, a)
		}
		seen[a] = true
		if !slices.IsSortedFunc(requests[i].Cells, compareCells) || len(requests[i].Cells) == 0 {
			t.Errorf("%+v: %q serves %v: sorted, and at least one, it must be", v, a, requests[i].Cells)
		}
		served = append(served, requests[i].Cells...)
	}
	slices.SortFunc(served, compareCells)
	want := slices.Clone(cells)
	slices.SortFunc(want, compareCells)
	if want = slices.Compact(want); !slices.Equal(served, want) {
		t.Errorf("%+v: the plan serves %v, not %v", v, served, want)
	}
}

func checkRequest(t *testing.T, c Case, v shape.Variant, r source.Request) {
	t.Helper()
	checkAddress(t, r.Name, r.URL, c.Hosts)
	for _, other := range r.Others {
		checkAddress(t, r.Name, other, c.Hosts)
		if other == r.URL {
			t.Errorf("%s: its other address is its own", r.Name)
		}
	}
	if r.Name == "" || path.Base(r.Name) != r.Name || strings.ContainsAny(r.Name, `\:*?"<>|%`) || strings.HasPrefix(r.Name, ".") {
		t.Errorf("%q is no plain file name", r.Name)
	}
	if about := c.Provider.About(); r.Source != about.Source {
		t.Errorf("%s: of source %q, not %q", r.Name, r.Source, about.Source)
	}
	if r.Variant != v {
		t.Errorf("%s: of variant %+v, not %+v", r.Name, r.Variant, v)
	}
	switch r.Expect.Format {
	case source.JSON, source.GeoJSON, source.Zip, source.Answer:
	default:
		t.Errorf("%s: no format %q is known", r.Name, r.Expect.Format)
	}
	if r.Expect.Units < 0 || r.Expect.Size < 0 || r.Expect.Max < 0 {
		t.Errorf("%s: negative numbers: %+v", r.Name, r.Expect)
	}
	for _, m := range r.Expect.Marks {
		if m.Value == "" || len(m.Keys) == 0 || slices.Contains(m.Keys, "") {
			t.Errorf("%s: the mark %+v tells nothing", r.Name, m)
		}
	}
	checkLicense(t, r.Name, r.License)
}

// testRefusals: what the source does not have is refused by the right error,
// and nothing else is planned instead.
func testRefusals(t *testing.T, c Case) {
	offered := cellsOf(offersOf(t, c, shape.Variant{}))
	for _, bad := range []source.Cell{{Country: "", Level: 0}, {Country: "ZZZ", Level: 0}, {Country: offered[0].Country, Level: shape.MaxLevel + 1}, {Country: "../", Level: 0}} {
		got, err := c.Provider.Plan(shape.Variant{}, []source.Cell{offered[0], bad})
		if !errors.Is(err, source.ErrNotOffered) || len(got) > 0 {
			t.Errorf("%v: %d requests, error %v; want ErrNotOffered", bad, len(got), err)
		}
	}
	for _, choice := range c.Provider.About().Choices {
		var v shape.Variant
		v.Set(choice.Key, "no such value")
		if got, err := c.Provider.Offers(v); !errors.Is(err, source.ErrVariant) || len(got) > 0 {
			t.Errorf("%+v: %d offers, error %v; want ErrVariant", v, len(got), err)
		}
		if got, err := c.Provider.Plan(v, offered[:1]); !errors.Is(err, source.ErrVariant) || len(got) > 0 {
			t.Errorf("%+v: %d requests, error %v; want ErrVariant", v, len(got), err)
		}
	}
}

func planOf(t testing.TB, c Case, v shape.Variant, cells []source.Cell) []source.Request {
	t.Helper()
	requests, err := c.Provider.Plan(v, cells)
	if err != nil {
		t.Fatalf("plan of %+v: %v", v, err)
	}
	return requests
}

// addresses are what is asked, by a line each.
func addresses(requests []source.Request) []string {
	var out []string
	for _, r := range requests {
		out = append(out, r.URL+" "+r.Form)
	}
	return out
}
