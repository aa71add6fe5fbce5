package engine

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/model/shape"
)

// relation is one of OpenStreetMap whose outline is a square.
func relation(id int, tags string, x, y, side float64) string {
	var points []string
	for _, at := range [][2]float64{{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}} {
		points = append(points, fmt.Sprintf(`{"lat":%g,"lon":%g}`, y+at[1]*side, x+at[0]*side))
	}
	return fmt.Sprintf(`{"type":"relation","id":%d,"members":[{"type":"way","ref":%d,"role":"outer","geometry":[%s]}],`+
		`"tags":{"type":"boundary","boundary":"administrative",%s}}`, id, 10*id, strings.Join(points, ","), tags)
}

// TestForeignUnits: where the country was fetched too, units outside of it are
// left out and told; a code of the country's own counts for more.
func TestForeignUnits(t *testing.T) {
	answers := map[uint8][]string{
		0: {relation(1, `"admin_level":"2","ISO3166-1":"LI","name":"Liechtenstein"`, 8, 47, 4)},
		1: {
			relation(2, `"admin_level":"6","name":"Within"`, 9, 48, 1),
			relation(3, `"admin_level":"6","name":"Beside"`, 12, 47, 2),
			relation(4, `"admin_level":"6","name":"Far","ISO3166-2":"LI-01"`, 16, 47, 1),
		},
	}
	for _, c := range []struct {
		levels         []uint8
		features, gone int
	}{{[]uint8{0, 1}, 4, 1}, {[]uint8{1}, 3, 0}} {
		e := openFetching(t, newHosts(t))
		terms, _ := shape.TermsOf(shape.OpenStreetMap)
		if _, err := e.Accept(terms); err != nil {
			t.Fatal(err)
		}
		for _, level := range c.levels {
			text := `{"version":0.6,"generator":"Overpass API (made up)","osm3s":{"timestamp_osm_base":"2026-03-04T05:06:07Z"},"elements":[` +
				strings.Join(answers[level], ",") + `]}`
			path := filepath.Join(t.TempDir(), "answer.json")
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := e.TakeFile(t.Context(), FetchOrder{Source: shape.OpenStreetMap, Selection: shape.Selection{"LIE": {level}}}, path); err != nil {
				t.Fatal(err)
			}
		}
		_, s := runFetched(t, e, NewShape{Name: "LIE", Source: shape.OpenStreetMap, Selection: shape.Selection{"LIE": c.levels}})
		if s.Status != completed || s.Faults[string(faultForeign)] != c.gone {
			t.Errorf("levels %v: %s %s, faults %v %q", c.levels, s.Status, s.Reason, s.Faults, s.Samples)
		}
		if c.gone > 0 && !strings.Contains(strings.Join(s.Samples, "\n"), "Beside lies outside of LIE") {
			t.Errorf("told: %q", s.Samples)
		}
		if s.Features != c.features {
			t.Errorf("levels %v: %d features", c.levels, s.Features)
		}
	}
}
