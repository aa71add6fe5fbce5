package oracle_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/shapes-desktop/shapes/core/acquire/ingest"
	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// osmAnswers are Overpass answers to compare on: our fixtures, and the real ones
// of the shared data where they are at hand.
func osmAnswers(t *testing.T, dir string) []string {
	t.Helper()
	var out []string
	for _, pattern := range []string{"../../core/acquire/source/osm/testdata/*.json", "../../../shared/data/sources/osm/overpass-*.json"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, filepath.Join(dir, filepath.Base(name)))
			write(t, out[len(out)-1], data)
		}
	}
	return out
}

// osmMember is what osmtogeojson makes of an element.
type osmMember struct {
	ID         string
	Properties struct {
		Tags    map[string]string
		Tainted bool
	}
	Geometry shape
}

// What we make of relations, the npm package osmtogeojson makes too, ring by
// ring. Where more than two ways of a role meet in a point it joins them as
// they come, so that a ring may touch itself; such a ring is cut there before
// it is compared.
func TestOverpassAgainstOsmtogeojson(t *testing.T) {
	need(t, "node", "node_modules")
	files := osmAnswers(t, t.TempDir())
	t.Log(run(t, "node", append([]string{"osmtogeojson.mjs"}, files...)...))
	compared := 0
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			var theirs struct{ Features []osmMember }
			read(t, file+".geojson", &theirs)
			ours, sum := relations(t, file)
			for _, m := range theirs.Features {
				f, ok := ours[m.ID]
				switch {
				case !ok && m.Properties.Tainted, !strings.HasPrefix(m.ID, "relation/"), !strings.HasSuffix(m.Geometry.Type, "Polygon"):
					continue // what they flag we leave out; places and lines we do not draw
				case !ok:
					t.Errorf("%s is missing here; faults: %v", m.ID, sum.Faults.Examples(feature.FaultIncomplete))
					continue
				case m.Properties.Tainted:
					t.Errorf("%s is drawn here, though they say that parts are missing", m.ID)
				}
				compared++
				if d := gocmp.Diff(simpleRings(m.Geometry.area(t)), simpleRings(f.Geometry)); d != "" {
					t.Errorf("%s: other rings (- theirs, + ours)\n%.2000s", m.ID, d)
				}
				for k, v := range m.Properties.Tags {
					if got, _ := f.Attr(k); got != feature.StringValue(v) {
						t.Errorf("%s: tag %s is %q, theirs %q", m.ID, k, got, v)
					}
				}
			}
		})
	}
	if compared < 10 {
		t.Errorf("only %d relations were compared", compared)
	}
	t.Logf("%d relations have the same rings", compared)
}

// relations reads an answer with our reader.
func relations(t *testing.T, file string) (map[string]feature.Feature, ingest.Summary) {
	t.Helper()
	out := map[string]feature.Feature{}
	sum, err := ingest.ReadFile(context.Background(), file, ingest.Options{}, func(_ string, f feature.Feature) error {
		id, _ := f.Attr("@id")
		out[id.String()] = f
		return nil
	})
	if err != nil {
		t.Log(err)
	}
	return out, sum
}

// simpleRings are the rings of mp as text, each begun at its least vertex and
// counter-clockwise, cut where it touches itself, in order.
func simpleRings(mp orb.MultiPolygon) []string {
	var out []string
	for _, poly := range mp {
		for _, r := range poly {
			var path []orb.Point
			at := map[orb.Point]int{}
			for _, p := range r {
				if from, seen := at[p]; seen {
					out = append(out, ringText(path[from:]))
					for _, gone := range path[from:] {
						delete(at, gone)
					}
					path = path[:from]
				}
				at[p] = len(path)
				path = append(path, p)
			}
		}
	}
	slices.Sort(out)
	return out
}

func ringText(r []orb.Point) string {
	r = slices.Clone(r)
	area := 0.0
	for i, p := range r {
		q := r[(i+1)%len(r)]
		area += (p[0]-r[0][0])*(q[1]-r[0][1]) - (q[0]-r[0][0])*(p[1]-r[0][1])
	}
	if area < 0 {
		slices.Reverse(r)
	}
	least := 0
	for i, p := range r {
		if c := cmp.Or(cmp.Compare(p[0], r[least][0]), cmp.Compare(p[1], r[least][1])); c < 0 {
			least = i
		}
	}
	text, _ := json.Marshal(append(r[least:len(r):len(r)], r[:least]...))
	return fmt.Sprintf("%.3g %s", math.Abs(area), text)
}
