package geoboundaries_test

import (
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/acquire/source/geoboundaries"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

// planned is the request for one cell.
func planned(t testing.TB, v shape.Variant, country string, level uint8) source.Request {
	t.Helper()
	requests, err := withGardens(t).Plan(v, []source.Cell{{Country: country, Level: level}})
	if err != nil || len(requests) != 1 {
		t.Fatalf("%d requests, error %v", len(requests), err)
	}
	return requests[0]
}

// withGardens is a provider whose open release has the made-up layer, and Kosovo.
func withGardens(t testing.TB) *geoboundaries.Provider {
	t.Helper()
	kosovo := gardens()
	kosovo.Country, kosovo.Level, kosovo.Disputed = "XKX", 0, true
	return geoboundaries.New(world(t)).With(geoboundaries.Matrix{
		Release: geoboundaries.Open, Layers: []geoboundaries.Layer{gardens(), kosovo},
	})
}

func TestPlanAsksTheAPI(t *testing.T) {
	r := planned(t, shape.Variant{}, "VAT", 1)
	if r.URL != "https://www.geoboundaries.org/api/current/gbOpen/VAT/ADM1/" || r.Name != "geoBoundaries-gbOpen-VAT-ADM1.json" ||
		!slices.Equal(r.Others, []string{"https://github.com/wmgeolab/gbWeb/raw/57dcd431/api/current/gbOpen/VAT/ADM1/index.json"}) ||
		r.Expect.Format != source.JSON || r.Expect.Units != 0 || r.Expect.Max == 0 || r.Follow == nil {
		t.Errorf("%+v", r)
	}
}

func TestFollow(t *testing.T) {
	const dir = "https://github.com/wmgeolab/geoBoundaries/raw/9469f09/releaseData/gbOpen/VAT/ADM1/"
	for _, c := range []struct {
		name, detail, answer, url, file string
	}{
		{"full", "", recordOf(), dir + "geoBoundaries-VAT-ADM1.geojson", "geoBoundaries-VAT-ADM1.geojson"},
		{"list", "", "[" + recordOf() + "]", dir + "geoBoundaries-VAT-ADM1.geojson", "geoBoundaries-VAT-ADM1.geojson"},
		{"simplified", geoboundaries.Simplified, recordOf(), dir + "geoBoundaries-VAT-ADM1_simplified.geojson", "geoBoundaries-VAT-ADM1_simplified.geojson"},
		{"new builds", "", recordOf(dir, "https://www.geoboundaries-dev.org/data/x/", ".geojson", ".geojson#top"), "https://www.geoboundaries-dev.org/data/x/geoBoundaries-VAT-ADM1.geojson", "geoBoundaries-VAT-ADM1.geojson"},
	} {
		v := shape.Variant{Detail: c.detail}
		r, err := planned(t, v, "VAT", 1).Follow([]byte(c.answer))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if r.URL != c.url || r.Name != c.file || r.Variant != v || r.Follow != nil || r.Source != shape.GeoBoundaries ||
			r.Expect.Format != source.GeoJSON || r.Expect.Units != 2 || r.Expect.Max < 1<<20 ||
			!slices.Equal(r.Expect.Keys, []string{"shapeName", "shapeID", "shapeGroup", "shapeType"}) ||
			!r.Wanted(source.Cell{Country: "VAT", Level: 1}) || r.Vintage != "2021" || r.License.Name != "Public domain" || !slices.Equal(r.Sources, []string{"The gardener"}) {
			t.Errorf("%s: %+v", c.name, r)
		}
	}
}

// The file that the large store has under its full name is asked next.
func TestOtherAddresses(t *testing.T) {
	ask := planned(t, shape.Variant{}, "VAT", 1)
	for commit, want := range map[string][]string{
		"9469f09":   {"https://media.githubusercontent.com/media/wmgeolab/geoBoundaries/9469f09592ced973a3448cf66b6100b741b64c0d/releaseData/gbOpen/VAT/ADM1/geoBoundaries-VAT-ADM1.geojson"},
		"abcdef0":   {"https://media.githubusercontent.com/media/wmgeolab/geoBoundaries/abcdef0/releaseData/gbOpen/VAT/ADM1/geoBoundaries-VAT-ADM1.geojson"},
		"no commit": nil,
	} {
		r, err := ask.Follow([]byte(recordOf("9469f09", commit)))
		if err != nil || !slices.Equal(r.Others, want) {
			t.Errorf("%s: %q, error %v", commit, r.Others, err)
		}
	}
}

// The record counts, not what was known before: licence, year, sources.
func TestFollowTakesTheRecordsLicense(t *testing.T) {
	r, err := planned(t, shape.Variant{}, "VAT", 1).Follow([]byte(recordOf("Public Domain", "Etalab Open License 2.0", `"2021"`, `"2026"`, "The gardener", "Another")))
	if err != nil || r.License.Name != "Etalab 2.0" || r.Vintage != "2026" || !slices.Equal(r.Sources, []string{"Another"}) ||
		!strings.HasSuffix(r.License.Attribution, " | Another") {
		t.Errorf("error %v, %+v", err, r)
	}
}

// Where records contradict each other no number of units can be expected.
func TestFollowOfContradictions(t *testing.T) {
	r, err := planned(t, shape.Variant{}, "VAT", 1).Follow([]byte("[" + recordOf() + "," + recordOf(`"2"`, `"3"`) + "]"))
	if err != nil || r.Expect.Units != 0 || r.Expect.Max != 0 {
		t.Errorf("error %v, expects %+v", err, r.Expect)
	}
	kosovo, err := planned(t, shape.Variant{}, "XKX", 0).Follow([]byte(recordOf(`"VAT"`, `"XKX"`, `"ADM1"`, `"ADM0"`)))
	if err != nil || kosovo.Expect.Units != 0 {
		t.Errorf("error %v, expects %+v", err, kosovo.Expect)
	}
}

func TestFollowRefuses(t *testing.T) {
	ask := planned(t, shape.Variant{}, "VAT", 1)
	full := "https://github.com/wmgeolab/geoBoundaries/raw/9469f09/releaseData/gbOpen/VAT/ADM1/geoBoundaries-VAT-ADM1.geojson"
	for name, c := range map[string]struct{ answer, want string }{
		"nothing":         {"", "empty"},
		"no layer":        {"[]", "nothing there"},
		"web page":        {"<html>", "web page"},
		"other country":   {recordOf(`"VAT"`, `"ITA"`), "something else"},
		"other level":     {recordOf(`"ADM1"`, `"ADM2"`), "something else"},
		"no address":      {recordOf(full, "nan"), "does not say where"},
		"plain http":      {recordOf(full, "http://github.com/x.geojson"), "no plain https"},
		"other host":      {recordOf(full, "https://github.com.evil.example/x.geojson"), "not known to keep"},
		"loopback":        {recordOf(full, "https://127.0.0.1/x.geojson"), "not known to keep"},
		"a user":          {recordOf(full, "https://github.com@evil.example/x.geojson"), "no plain https"},
		"a port":          {recordOf(full, "https://github.com:8443/x.geojson"), "no plain https"},
		"a file":          {recordOf(full, "file:///etc/passwd"), "no plain https"},
		"no scheme":       {recordOf(full, "github.com/x.geojson"), "no plain https"},
		"too large":       {recordOf() + strings.Repeat(" ", 300<<10), "more than"},
		"endless address": {recordOf(full, "https://github.com/"+strings.Repeat("x", 3000)), "no plain https"},
	} {
		r, err := ask.Follow([]byte(c.answer))
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "level 1 of VAT") || len(err.Error()) > 400 || r.URL != "" {
			t.Errorf("%s: follows to %q, error %v; want one of %q", name, r.URL, err, c.want)
		}
		if errors.Is(err, source.ErrNotOffered) != (name == "no layer") {
			t.Errorf("%s: ErrNotOffered is told by %v", name, err)
		}
	}
}

// Without the API: the address that the matrix has, and what it knows.
func TestDirect(t *testing.T) {
	p := geoboundaries.New(world(t))
	cells := []source.Cell{{Country: "XKX", Level: 1}, {Country: "JPN", Level: 1}, {Country: "XKX", Level: 1}, {Country: "LBN", Level: 1}}
	requests, err := p.Direct(shape.Variant{Detail: geoboundaries.Simplified}, cells)
	if err != nil || len(requests) != 3 {
		t.Fatalf("%d requests, error %v", len(requests), err)
	}
	japan, lebanon := requests[0], requests[1]
	if japan.URL != "https://github.com/wmgeolab/geoBoundaries/raw/9469f09/releaseData/gbOpen/JPN/ADM1/geoBoundaries-JPN-ADM1_simplified.geojson" ||
		len(japan.Others) != 1 || japan.Expect.Units != 47 || japan.License.Name != "ODbL 1.0" || japan.Follow != nil {
		t.Errorf("%+v", japan)
	}
	if lebanon.Expect.Units != 0 {
		t.Errorf("records of Lebanon contradict each other, but %d units are expected", lebanon.Expect.Units)
	}
	for _, r := range requests {
		if u, err := url.Parse(r.URL); err != nil || !slices.Contains(geoboundaries.Hosts(), u.Host) {
			t.Errorf("%s: error %v", r.URL, err)
		}
	}
	elsewhere := gardens()
	elsewhere.Commit = ""
	moved := p.With(geoboundaries.Matrix{Release: geoboundaries.Open, Layers: []geoboundaries.Layer{elsewhere}})
	if _, err := moved.Direct(shape.Variant{}, []source.Cell{{Country: "VAT", Level: 1}}); !errors.Is(err, source.ErrNotOffered) {
		t.Errorf("a layer that is elsewhere: %v", err)
	}
}

func TestNotOfferedSaysWhatIs(t *testing.T) {
	p := geoboundaries.New(world(t))
	for _, c := range []struct {
		cell source.Cell
		want string
	}{
		{source.Cell{Country: "GLP", Level: 1}, "geoBoundaries (gbOpen) has no level 1 of GLP, but 0, 4: "},
		{source.Cell{Country: "ESH", Level: 0}, `geoBoundaries (gbOpen) has nothing of "ESH": `},
	} {
		if _, err := p.Plan(shape.Variant{}, []source.Cell{c.cell}); !errors.Is(err, source.ErrNotOffered) || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%v: %v; want %q", c.cell, err, c.want)
		}
	}
}

// The real records lead where the matrix says too.
func TestFollowRealRecords(t *testing.T) {
	needShared(t)
	p := geoboundaries.New(world(t))
	for _, c := range []source.Cell{{Country: "JPN", Level: 1}, {Country: "SMR", Level: 0}, {Country: "LIE", Level: 1}, {Country: "FJI", Level: 2}, {Country: "AND", Level: 1}, {Country: "ATA", Level: 0}} {
		for _, detail := range []string{geoboundaries.Full, geoboundaries.Simplified} {
			v := shape.Variant{Detail: detail}
			asked, err := p.Plan(v, []source.Cell{c})
			if err != nil {
				t.Fatal(err)
			}
			direct, err := p.Direct(v, []source.Cell{c})
			if err != nil {
				t.Fatal(err)
			}
			path := strings.TrimPrefix(asked[0].URL, "https://www.geoboundaries.org/")
			answer, err := os.ReadFile(filepath.Join(shared, path, "index.json"))
			if err != nil {
				t.Fatal(err)
			}
			got, err := asked[0].Follow(answer)
			if err != nil || got.URL != direct[0].URL || got.License != direct[0].License || got.Expect.Units != direct[0].Expect.Units || got.Vintage != direct[0].Vintage {
				t.Errorf("%v: error %v\n got %+v\nwant %+v", c, err, got, direct[0])
			}
		}
	}
}

// No answer leads to another server, or asks for the impossible.
func FuzzFollow(f *testing.F) {
	f.Add([]byte(recordOf()), true)
	f.Add([]byte("["+recordOf()+"]"), false)
	f.Add([]byte(recordOf("github.com", "raw.githubusercontent.com")), false)
	f.Add([]byte(recordOf(`"2"`, `1e8`, `"214.0"`, `1e9`)), false)
	full := planned(f, shape.Variant{}, "VAT", 1)
	simple := planned(f, shape.Variant{Detail: geoboundaries.Simplified}, "VAT", 1)
	f.Fuzz(func(t *testing.T, answer []byte, simplified bool) {
		ask := full
		if simplified {
			ask = simple
		}
		r, err := ask.Follow(answer)
		if err != nil {
			return
		}
		for _, address := range append([]string{r.URL}, r.Others...) {
			u, err := url.Parse(address)
			if err != nil || u.Scheme != "https" || !slices.Contains(geoboundaries.Hosts(), u.Host) || u.User != nil {
				t.Fatalf("it leads to %q (%v)", address, err)
			}
		}
		if r.Expect.Units < 0 || r.Expect.Max < 0 || r.License.Name == "" || len(r.Cells) != 1 || filepath.Base(r.Name) != r.Name {
			t.Fatalf("%+v", r)
		}
	})
}
