package collect

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/model/admin"
)

func places(t testing.TB) *admin.Table {
	t.Helper()
	w, err := admin.World()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestWhatLiesElsewhere(t *testing.T) {
	japan, fiji := source.Bounds(places(t).Bounds("JPN")), source.Bounds(places(t).Bounds("FJI"))
	features := func(geometries ...string) string {
		var all []string
		for _, g := range geometries {
			all = append(all, `{"type":"Feature","properties":{},"geometry":{`+g+`}}`)
		}
		return `{"type":"FeatureCollection","features":[` + strings.Join(all, ",") + `]}`
	}
	ring := func(lon, lat float64) string {
		return fmt.Sprintf(`"type":"Polygon","bbox":[139,35,140,36],"coordinates":[[[%g,%g],[%g,%g],[%g,%g],[%g,%g]]]`,
			lon, lat, lon, lat+0.5, lon+0.5, lat, lon, lat)
	}
	square := func(lon, lat float64) string { return features(ring(lon, lat)) }
	overpass := func(lon, lat float64) string {
		return answerOf("", strings.ReplaceAll(relation, `{"lat":1,"lon":2}`, fmt.Sprintf(`null,{"lon":%g,"lat":%g},{"lat":%g,"lon":%g}`, lon, lat, lat, lon)))
	}
	for name, c := range map[string]struct {
		text string
		near source.Bounds
		want Reason
	}{
		"there":               {square(139, 35), japan, ""},
		"nearly":              {square(159, 35), japan, ""},
		"swapped":             {square(35, 139), japan, Foreign},
		"another country":     {square(-70, -30), japan, Foreign},
		"not known where":     {square(-70, -30), source.Bounds{}, ""},
		"east of 180":         {square(-179, -17), fiji, ""},
		"west of 180":         {square(178, -17), fiji, ""},
		"past 180":            {square(181, -17), fiji, ""},
		"opposite of 180":     {square(0, -17), fiji, Foreign},
		"part of it far away": {features(ring(-70, -30), ring(139, 35)), japan, ""},
		"no coordinates":      {features(`"type":"GeometryCollection","geometries":[]`), japan, ""},
		"numbers of any kind": {features(`"coordinates":[[1e999,35],[1],[],"x",null,{"a":[139,35]},[-1e999]],"type":"Polygon"`), japan, ""},
		"nested too deeply":   {features(`"coordinates":` + strings.Repeat("[", 100) + strings.Repeat("]", 100)), japan, Bound},
		"cut":                 {square(139, 35)[:130], japan, Cut},
		"of Overpass":         {overpass(139, 35), japan, ""},
		"Overpass, elsewhere": {overpass(35, 139), japan, Foreign},
	} {
		e := source.Expect{Format: source.GeoJSON, Near: c.near}
		if strings.Contains(c.text, "Overpass") {
			e.Format = source.Answer
		}
		err := inspectBytes(t, []byte(c.text), e, Limits{})
		if got := reasonOfFlaw(t, err); got != c.want {
			t.Errorf("%s: %q (%v), want %q", name, got, err, c.want)
		}
		if e.Format == source.GeoJSON && c.want != Cut {
			e.Format, e.Member = source.Zip, "x.json"
			if got := reasonOfFlaw(t, inspectBytes(t, zipped(t, "x.json", c.text), e, Limits{})); got != c.want {
				t.Errorf("%s, zipped: %q, want %q", name, got, c.want)
			}
		}
	}
}

// A layer that lies elsewhere, though it bears the right marks, is not kept.
func TestALayerFromElsewhereIsNotKept(t *testing.T) {
	b := newBench(t)
	b.fake.put(layerURL, layer("XYZ", 2)) // in the Gulf of Guinea
	o := Order{Request: layerRequest()}
	o.Request.Expect.Near = source.Bounds(places(t).Bounds("JPN"))
	_, _, err := b.Get(t.Context(), o)
	if ReasonOf(err) != Foreign || !strings.Contains(err.Error(), "elsewhere") {
		t.Error(err)
	}
	b.sound(t, 0)
	b.noPartials(t)
}

const realData = "../../../../shared/data/sources/"

// No real layer is refused, and each is where it is taken for that of a country
// at the other end of the world.
func TestRealLayersLieWhereTheyShould(t *testing.T) {
	if _, err := os.Stat(realData); errors.Is(err, fs.ErrNotExist) {
		t.Skip("skipped: the real answers are not here (../shared/data)")
	}
	w := places(t)
	for name, code := range map[string]string{
		"geoboundaries/geoBoundaries-CMR-*": "CMR", "geoboundaries/geoBoundaries-GHA-*": "GHA",
		"geoboundaries/geoBoundaries-HTI-*": "HTI", "geoboundaries/geoBoundaries-MAR-*": "MAR",
		"osm/overpass-hebei.json": "CHN", "osm/overpass-zhucheng.json": "CHN", "osm/overpass-herne.json": "DEU",
		"osm/overpass-tokyodo.json": "JPN", "osm/overpass-osm2geojson-issue-35.json": "NLD",
	} {
		files, err := filepath.Glob(realData + name)
		if err != nil || len(files) == 0 {
			t.Errorf("%s: %v", name, err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			e := source.Expect{Format: source.GeoJSON, Near: source.Bounds(w.Bounds(code))}
			if strings.HasPrefix(name, "osm/") {
				e.Format = source.Answer
			}
			if err := inspectBytes(t, data, e, Limits{}); err != nil {
				t.Errorf("%s: %v", file, err)
			}
			e.Near = source.Bounds(w.Bounds("NZL"))
			if got := reasonOfFlaw(t, inspectBytes(t, data, e, Limits{})); got != Foreign {
				t.Errorf("%s passes as New Zealand", file)
			}
		}
	}
}

// Every unit of Natural Earth by itself lies where its country does, of all
// scales and versions that are at hand.
func TestRealUnitsLieWhereTheyShould(t *testing.T) {
	files, err := filepath.Glob(realData + "naturalearth/*_admin_[01]_*json")
	if err != nil || len(files) == 0 {
		t.Skip("skipped: the real answers are not here (../shared/data)")
	}
	w, units := places(t), 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var layer struct {
			Features []struct {
				Properties map[string]any
				Geometry   json.RawMessage
			}
		}
		if err := json.Unmarshal(data, &layer); err != nil {
			t.Fatal(err)
		}
		for i, f := range layer.Features {
			code, ok := f.Properties["ADM0_A3"].(string)
			if !ok {
				code, ok = f.Properties["adm0_a3"].(string)
			}
			c, known := w.Of(admin.NaturalEarth, code)
			if !ok || !known {
				continue // disputed areas
			}
			text := fmt.Sprintf(`{"type":"FeatureCollection","features":[{"type":"Feature","geometry":%s}]}`, f.Geometry)
			if err := inspectBytes(t, []byte(text), source.Expect{Format: source.GeoJSON, Near: source.Bounds(w.Bounds(c.Code))}, Limits{}); err != nil {
				t.Errorf("%s, feature %d of %s: %v", filepath.Base(file), i, c.Name, err)
			}
			units++
		}
	}
	if units < 500 {
		t.Errorf("%d units only", units)
	}
}
