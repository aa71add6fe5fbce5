package geoboundaries_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/acquire/source/geoboundaries"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

// recordOf is a record in the form of the API, made up; fields may be replaced.
func recordOf(replace ...string) string {
	r := strings.NewReplacer(replace...)
	return r.Replace(`{"boundaryID": "VAT-ADM1-1", "boundaryName": "Vatican", "boundaryISO": "VAT", "boundaryYearRepresented": "2021",
 "boundaryType": "ADM1", "boundaryCanonical": "Gardens", "boundarySource": "The gardener", "boundaryLicense": "Public Domain",
 "licenseDetail": "nan", "licenseSource": "gardens.example/terms", "boundarySourceURL": "gardens.example", "sourceDataUpdateDate": "Thu Jan 19 07:31:04 2023",
 "buildDate": "Dec 12, 2023", "Continent": "Europe", "admUnitCount": "2", "meanVertices": "214.0", "meanPerimeterLengthKM": "46.85703954450985",
 "gjDownloadURL": "https://github.com/wmgeolab/geoBoundaries/raw/9469f09/releaseData/gbOpen/VAT/ADM1/geoBoundaries-VAT-ADM1.geojson",
 "simplifiedGeometryGeoJSON": "https://github.com/wmgeolab/geoBoundaries/raw/9469f09/releaseData/gbOpen/VAT/ADM1/geoBoundaries-VAT-ADM1_simplified.geojson"}`)
}

func gardens() geoboundaries.Layer {
	return geoboundaries.Layer{
		Country: "VAT", Level: 1, Vintage: "2021", Title: "Gardens", Units: 2, MeanVertices: 214, PerimeterKM: 94,
		License: "Public Domain", LicenseSource: "gardens.example/terms", Source: "The gardener", Updated: "2023-01-19", Commit: "9469f09",
	}
}

// Every field may be of another type than documented, or stand for nothing.
func TestLiveForms(t *testing.T) {
	with := func(change func(*geoboundaries.Layer)) geoboundaries.Layer {
		l := gardens()
		change(&l)
		return l
	}
	for name, c := range map[string]struct {
		answer string
		want   geoboundaries.Layer
	}{
		"list":    {"[" + recordOf() + "]", gardens()},
		"object":  {" \n" + recordOf(), gardens()},
		"numbers": {"[" + recordOf(`"2"`, `2`, `"214.0"`, `214.4`) + "]", gardens()},
		"nan and empty": {"[" + recordOf(`"2"`, `"nan"`, `"214.0"`, `""`, `"Gardens"`, `"Unknown"`, `"The gardener"`, `null`, `"Public Domain"`, `""`) + "]", with(func(l *geoboundaries.Layer) {
			l.Units, l.MeanVertices, l.PerimeterKM, l.Title, l.Source, l.License = 0, 0, 0, "", "", ""
		})},
		"impossible numbers": {"[" + recordOf(`"2"`, `"-2"`, `"214.0"`, `"1e300"`) + "]", with(func(l *geoboundaries.Layer) { l.Units, l.MeanVertices, l.PerimeterKM = 0, 0, 0 })},
		"years":              {"[" + recordOf(`"2021"`, `"09-09-2017 to 24-08-2020"`) + "]", with(func(l *geoboundaries.Layer) { l.Vintage = "2017-2020" })},
		"one year":           {"[" + recordOf(`"2021"`, `"01-01-2015 to 11-01-2015"`) + "]", with(func(l *geoboundaries.Layer) { l.Vintage = "2015" })},
		"other years":        {"[" + recordOf(`"2021"`, `"spring to autumn"`) + "]", with(func(l *geoboundaries.Layer) { l.Vintage = "spring to autumn" })},
		"markup":             {"[" + recordOf(`The gardener`, `Land &amp; Water\u0000\tOffice`) + "]", with(func(l *geoboundaries.Layer) { l.Source = "Land & Water Office" })},
		"elsewhere":          {"[" + recordOf(`https://github.com/wmgeolab/geoBoundaries/raw/9469f09`, `https://www.geoboundaries-dev.org/data`) + "]", with(func(l *geoboundaries.Layer) { l.Commit = "" })},
		"level 0":            {"[" + recordOf(`"ADM1"`, `"ADM0"`) + "]", with(func(l *geoboundaries.Layer) { l.Level, l.Title = 0, "" })},
		"more fields":        {"[" + recordOf(`"Continent": "Europe"`, `"new": {"a": [1, {"b": null}]}, "Continent": 7`) + "]", gardens()},
	} {
		m, err := geoboundaries.Live(geoboundaries.Open, []byte(c.answer))
		if err != nil || len(m.Refused) > 0 || m.Date != "2023-12-12" {
			t.Errorf("%s: error %v, refused %q, date %q", name, err, m.Refused, m.Date)
			continue
		}
		if diff := cmp.Diff([]geoboundaries.Layer{c.want}, m.Layers); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestLiveRefuses(t *testing.T) {
	for name, c := range map[string]struct{ answer, want string }{
		"nothing":         {"", "empty"},
		"space":           {" \n ", "empty"},
		"no record":       {"[]", "nothing there"},
		"web page":        {"\n<!DOCTYPE html><title>404 Not Found</title>", "web page"},
		"None":            {"None", "form"},
		"text":            {`"nan"`, "form"},
		"number":          {`7`, "form"},
		"cut":             {"[" + recordOf()[:200], "form"},
		"cut after":       {"[" + recordOf(), "form"},
		"two answers":     {"[" + recordOf() + "] [" + recordOf() + "]", "form"},
		"bare nan":        {"[" + recordOf(`"2"`, `nan`) + "]", "form"},
		"nothing usable":  {`[{}, null]`, "no layer that can be used"},
		"records of text": {`["a"]`, "form"},
		"too many":        {"[" + strings.Repeat("{},", 50_001) + "{}]", "more than"},
		"too large":       {"[" + strings.Repeat(" ", 33<<20) + "]", "more than"},
	} {
		m, err := geoboundaries.Live(geoboundaries.Open, []byte(c.answer))
		if err == nil || !strings.Contains(err.Error(), c.want) || len(m.Layers) > 0 {
			t.Errorf("%s: %d layers, error %v; want one of %q", name, len(m.Layers), err, c.want)
		}
	}
	if _, err := geoboundaries.Live("gbOther", []byte("["+recordOf()+"]")); !errors.Is(err, source.ErrVariant) {
		t.Errorf("another release: %v", err)
	}
}

// What cannot be used is told, and the rest is used.
func TestLiveTellsOfBadRecords(t *testing.T) {
	m, err := geoboundaries.Live(geoboundaries.Open, []byte("["+strings.Join([]string{
		recordOf(), `{}`, recordOf(`"VAT"`, `"va"`), recordOf(`"ADM1"`, `"ADM9"`), recordOf(`"ADM1"`, `"adm1"`), recordOf(`"VAT"`, `["VAT"]`), `null`,
		recordOf(`"VAT"`, `"../"`),
	}, ",")+"]"))
	if err != nil || len(m.Layers) != 1 || len(m.Refused) != 7 {
		t.Fatalf("error %v, %d layers, refused %q", err, len(m.Layers), m.Refused)
	}
	if want := `record 4: "VAT" at "ADM9" is no country at a level`; m.Refused[2] != want {
		t.Errorf("%q, want %q", m.Refused[2], want)
	}
}

// Two records of a layer: the newest counts, its numbers as a hint only.
func TestLiveRecordsThatContradict(t *testing.T) {
	newer := recordOf(`"2021"`, `"2023"`, `"2"`, `"3"`)
	for _, answer := range []string{recordOf() + "," + newer, newer + "," + recordOf()} {
		m, err := geoboundaries.Live(geoboundaries.Open, []byte("["+answer+"]"))
		if err != nil || len(m.Layers) != 1 || m.Layers[0].Vintage != "2023" || m.Layers[0].Units != 3 || !m.Layers[0].Disputed {
			t.Errorf("error %v, layers %+v", err, m.Layers)
		}
	}
	m, err := geoboundaries.Live(geoboundaries.Open, []byte("["+newer+","+newer+"]"))
	if err != nil || len(m.Layers) != 1 || m.Layers[0].Disputed {
		t.Errorf("the same twice is no contradiction: error %v, layers %+v", err, m.Layers)
	}
}

func TestMatrixRequest(t *testing.T) {
	r, err := geoboundaries.MatrixRequest(geoboundaries.Humanitarian)
	if err != nil || r.URL != "https://www.geoboundaries.org/api/current/gbHumanitarian/ALL/ALL/" ||
		r.Source != shape.GeoBoundaries || r.Expect.Format != source.JSON || r.Expect.Max == 0 {
		t.Errorf("error %v, request %+v", err, r)
	}
	if _, err := geoboundaries.MatrixRequest("../"); !errors.Is(err, source.ErrVariant) {
		t.Errorf("another release: %v", err)
	}
}

// Whatever the API answers, what is taken from it can be offered and packed.
func FuzzLive(f *testing.F) {
	for _, s := range []string{"[" + recordOf() + "]", recordOf(), "[]", "<html>", "[{}]", `[{"boundaryISO":"JPN","boundaryType":"ADM1","admUnitCount":1e9}]`} {
		f.Add([]byte(s))
	}
	p := geoboundaries.New(world(f))
	f.Fuzz(func(t *testing.T, answer []byte) {
		m, err := geoboundaries.Live(geoboundaries.Open, answer)
		if err != nil {
			return
		}
		if len(m.Layers) == 0 {
			t.Fatal("no error, and no layer")
		}
		packed, err := geoboundaries.Pack("2026-01-02", []geoboundaries.Matrix{m})
		if err != nil {
			t.Fatal(err)
		}
		again, err := geoboundaries.Unpack(packed)
		if err != nil || cmp.Diff(m.Layers, again[0].Layers) != "" {
			t.Fatalf("it cannot be packed: %v", err)
		}
		for cell, o := range offers(t, p.With(m), shape.Variant{Detail: geoboundaries.Simplified}) {
			if o.Units < 0 || o.Bytes < 0 || o.License.Name == "" || o.License.Text == "" {
				t.Fatalf("%v: %+v", cell, o)
			}
		}
	})
}
