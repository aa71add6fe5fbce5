package geoboundaries_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/acquire/source/geoboundaries"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

func bundled(t testing.TB) []geoboundaries.Matrix {
	t.Helper()
	matrices, err := geoboundaries.Bundled()
	if err != nil {
		t.Fatal(err)
	}
	return matrices
}

func offers(t testing.TB, p *geoboundaries.Provider, v shape.Variant) map[source.Cell]source.Offer {
	t.Helper()
	list, err := p.Offers(v)
	if err != nil {
		t.Fatal(err)
	}
	out := map[source.Cell]source.Offer{}
	for _, o := range list {
		out[o.Cell] = o
	}
	return out
}

// The figures of the API's answers of 20 February 2024. It had two records of
// Lebanon's level 1, that contradict each other.
func TestBundledMatrix(t *testing.T) {
	want := []struct {
		release           string
		layers, countries int
		levels            [6]int
	}{
		{geoboundaries.Open, 714, 232, [6]int{230, 198, 180, 81, 21, 4}},
		{geoboundaries.Humanitarian, 463, 142, [6]int{}},
		{geoboundaries.Authoritative, 93, 32, [6]int{}},
	}
	for i, m := range bundled(t) {
		countries, levels := map[string]bool{}, [6]int{}
		for _, l := range m.Layers {
			countries[l.Country] = true
			levels[l.Level]++
		}
		w := want[i]
		if m.Release != w.release || m.Date != "2024-02-20" || len(m.Layers) != w.layers || len(countries) != w.countries {
			t.Errorf("%s of %s: %d layers of %d countries, want %+v", m.Release, m.Date, len(m.Layers), len(countries), w)
		}
		if w.levels != [6]int{} && levels != w.levels {
			t.Errorf("%s: layers by level %v, want %v", m.Release, levels, w.levels)
		}
	}
}

func TestOffersOfGapsAndQuirks(t *testing.T) {
	p := geoboundaries.New(world(t))
	all := offers(t, p, shape.Variant{})
	if len(all) != 714 {
		t.Errorf("%d offers: a country of the matrix is not in model/admin", len(all))
	}
	for cell, want := range map[source.Cell]bool{
		{Country: "GLP", Level: 0}: true, {Country: "GLP", Level: 1}: false, {Country: "GLP", Level: 4}: true,
		{Country: "CAF", Level: 4}: false, {Country: "CAF", Level: 5}: true,
		{Country: "XKX", Level: 1}: true, {Country: "ESH", Level: 0}: false,
	} {
		if _, has := all[cell]; has != want {
			t.Errorf("%v: offered %v, want %v", cell, has, want)
		}
	}
	japan := all[source.Cell{Country: "JPN", Level: 1}]
	if japan.Title != "Prefectures" || japan.Units != 47 || japan.Vertices != 47*49522 || japan.Vintage != "2017" {
		t.Errorf("Japan's prefectures: %+v", japan)
	}
	if simple := offers(t, p, shape.Variant{Detail: geoboundaries.Simplified})[japan.Cell]; simple.Vertices != 0 || simple.Bytes == 0 || simple.Bytes > japan.Bytes/10 {
		t.Errorf("simplified: %d vertices, %d bytes of %d", simple.Vertices, simple.Bytes, japan.Bytes)
	}
	salb := offers(t, p, shape.Variant{Release: geoboundaries.Authoritative})[source.Cell{Country: "BDI", Level: 0}]
	if salb.Vintage != "2015-2021" || !salb.License.NonCommercial || !salb.License.Consent {
		t.Errorf("Burundi of UN SALB: %+v", salb)
	}
}

// The bundled copy is what the real answers say, record by record.
func TestBundledIsTheAnswer(t *testing.T) {
	needShared(t)
	for _, have := range bundled(t) {
		answer, err := os.ReadFile(filepath.Join(shared, "api/current", have.Release, "ALL/ALL/index.json"))
		if err != nil {
			t.Fatal(err)
		}
		live, err := geoboundaries.Live(have.Release, answer)
		if err != nil || len(live.Refused) > 0 {
			t.Fatalf("%s: error %v, refused %q", have.Release, err, live.Refused)
		}
		if live.Date < "2023-12-12" || live.Date > have.Date {
			t.Errorf("%s: newest build of %s", have.Release, live.Date)
		}
		if diff := cmp.Diff(live.Layers, have.Layers); diff != "" {
			t.Errorf("%s: go generate makes another file (-answer +bundled):\n%s", have.Release, diff)
		}
	}
}

// What files really weigh, as far as it is known.
func TestEstimates(t *testing.T) {
	p := geoboundaries.New(world(t))
	for _, f := range []struct {
		country string
		level   uint8
		detail  string
		bytes   int64
	}{
		{"FJI", 2, geoboundaries.Full, 1_357_011},
		{"LIE", 1, geoboundaries.Full, 184_678},
		{"MAR", 1, geoboundaries.Full, 1_736_640},
		{"LIE", 1, geoboundaries.Simplified, 15_395},
		{"GHA", 1, geoboundaries.Simplified, 269_469},
		{"CMR", 0, geoboundaries.Simplified, 51_958},
		{"CMR", 1, geoboundaries.Simplified, 145_602},
		{"CMR", 2, geoboundaries.Simplified, 198_155},
	} {
		got := offers(t, p, shape.Variant{Detail: f.detail})[source.Cell{Country: f.country, Level: f.level}].Bytes
		if got > 2*f.bytes || f.bytes > 2*got {
			t.Errorf("%s %d %s: about %d bytes, but it has %d", f.country, f.level, f.detail, got, f.bytes)
		}
	}
}

func TestWith(t *testing.T) {
	p := geoboundaries.New(world(t))
	vatican := source.Cell{Country: "VAT", Level: 1}
	m := geoboundaries.Matrix{Release: geoboundaries.Humanitarian, Date: "2026-09-01", Layers: []geoboundaries.Layer{
		{Country: "VAT", Level: 1, Units: 2, License: "Public Domain"}, {Country: "QQQ", Level: 0, Units: 1},
	}}
	fresh := p.With(m)
	humanitarian := shape.Variant{Release: geoboundaries.Humanitarian}
	if got := offers(t, fresh, humanitarian); len(got) != 1 || got[vatican].Units != 2 {
		t.Errorf("after With: %v", got)
	}
	if len(offers(t, p, humanitarian)) != 463 || len(offers(t, fresh, shape.Variant{})) != 714 {
		t.Error("With changed the provider that it was asked of, or another release")
	}
	for _, m := range []geoboundaries.Matrix{{Release: geoboundaries.Open}, {Release: "gbOther", Layers: m.Layers}, {}} {
		if got := offers(t, p.With(m), shape.Variant{}); len(got) != 714 {
			t.Errorf("With(%q): %d offers", m.Release, len(got))
		}
	}
}

func TestPackGivesTheSame(t *testing.T) {
	field := rapid.StringMatching(`[ -~é日]{0,20}`)
	layer := rapid.Custom(func(t *rapid.T) geoboundaries.Layer {
		return geoboundaries.Layer{
			Country: rapid.StringMatching(`[A-Z]{3}`).Draw(t, "country"), Level: rapid.Uint8Max(5).Draw(t, "level"),
			Vintage: field.Draw(t, "vintage"), Title: field.Draw(t, "title"), Source: field.Draw(t, "source"),
			License: field.Draw(t, "license"), LicenseDetail: field.Draw(t, "detail"), LicenseSource: field.Draw(t, "where"),
			Units: rapid.IntRange(0, 1e8).Draw(t, "units"), MeanVertices: rapid.IntRange(0, 1e9).Draw(t, "vertices"),
			PerimeterKM: rapid.IntRange(0, 1e9).Draw(t, "km"), Disputed: rapid.Bool().Draw(t, "disputed"),
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		in := []geoboundaries.Matrix{
			{Release: "a", Date: "2026-01-02", Layers: rapid.SliceOfN(layer, 1, 5).Draw(t, "a")},
			{Release: "b", Date: "2026-01-02", Layers: rapid.SliceOfN(layer, 1, 5).Draw(t, "b")},
		}
		packed, err := geoboundaries.Pack("2026-01-02", in)
		if err != nil {
			t.Fatal(err)
		}
		out, err := geoboundaries.Unpack(packed)
		if diff := cmp.Diff(in, out); err != nil || diff != "" {
			t.Fatalf("error %v\n%s", err, diff)
		}
		again, _ := geoboundaries.Pack("2026-01-02", out)
		if !slices.Equal(packed, again) {
			t.Fatal("the same matrices give other bytes")
		}
	})
}

func TestUnpackRefuses(t *testing.T) {
	good, err := geoboundaries.Pack("2026-01-02", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := geoboundaries.Unpack(good); err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string][]byte{"empty": nil, "cut": good[:len(good)-6], "text": []byte(strings.Repeat("x", 100))} {
		if _, err := geoboundaries.Unpack(bad); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func FuzzUnpack(f *testing.F) {
	packed, err := geoboundaries.Pack("2026-01-02", []geoboundaries.Matrix{{Release: "a", Layers: []geoboundaries.Layer{{Country: "JPN"}}}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(packed)
	f.Fuzz(func(t *testing.T, data []byte) {
		matrices, err := geoboundaries.Unpack(data)
		for _, m := range matrices {
			if err != nil || len(m.Layers) == 0 {
				t.Fatalf("error %v, but %d layers of %q", err, len(m.Layers), m.Release)
			}
		}
	})
}
