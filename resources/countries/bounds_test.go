package countries_test

import (
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/resources/countries"
	"github.com/shapes-desktop/shapes/resources/sample"
)

const boundsNote = `# Where countries and territories lie: the smallest whole degrees around each, of
# the bundled sample (Natural Earth 5.1, 1:10m, public domain). West of a place
# that crosses the meridian of 180 degrees is larger than east. Made by
#   go test ./resources/countries -run TestBounds -args update
code	west	south	east	north
`

// TestBoundsAreThoseOfTheSample makes the table anew, and compares it with the
// one that is there; the word update writes it.
func TestBoundsAreThoseOfTheSample(t *testing.T) {
	update := slices.Contains(flag.Args(), "update")
	got := boundsNote + table(t)
	if update {
		if err := os.WriteFile(countries.BoundsName, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != countries.Bounds() {
		t.Errorf("%s is not made of this sample; its first lines say how to make it anew", countries.BoundsName)
	}
}

// topology is what is read of the sample.
type topology struct {
	Transform struct{ Scale, Translate [2]float64 }
	Arcs      [][][2]float64
	Objects   map[string]struct {
		Geometries []struct {
			Type       string
			Arcs       json.RawMessage
			Properties map[string]any
		}
	}
}

func table(t *testing.T) string {
	t.Helper()
	r, err := sample.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var world topology
	if err := json.NewDecoder(r).Decode(&world); err != nil {
		t.Fatal(err)
	}
	codes := byNaturalEarth()
	var lines []string
	for _, g := range world.Objects[sample.LayerCountries].Geometries {
		code, ok := codes[fmt.Sprint(g.Properties["adm0_a3"])]
		if !ok {
			t.Fatalf("no place has the code %v", g.Properties["adm0_a3"])
		}
		lines = append(lines, code+"\t"+world.bounds(t, g.Type, g.Arcs)+"\n")
	}
	slices.Sort(lines)
	return strings.Join(lines, "")
}

// byNaturalEarth returns the keys of the places by their ADM0_A3.
func byNaturalEarth() map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(countries.TSV()) {
		if cells := strings.Split(line, "\t"); len(cells) > 8 && cells[8] != "" {
			out[cells[8]] = cells[0]
		}
	}
	return out
}

// bounds returns the four degrees of a geometry.
func (w *topology) bounds(t *testing.T, kind string, arcs json.RawMessage) string {
	t.Helper()
	var parts [][][]int
	if kind == "Polygon" {
		parts = make([][][]int, 1)
		if err := json.Unmarshal(arcs, &parts[0]); err != nil {
			t.Fatal(err)
		}
	} else if err := json.Unmarshal(arcs, &parts); err != nil {
		t.Fatal(err)
	}
	south, north := math.Inf(1), math.Inf(-1)
	var spans [][2]float64 // of longitude, by part
	for _, rings := range parts {
		west, east := math.Inf(1), math.Inf(-1)
		for _, ring := range rings {
			for _, arc := range ring {
				for _, p := range w.points(arc) {
					west, east = min(west, p[0]), max(east, p[0])
					south, north = min(south, p[1]), max(north, p[1])
				}
			}
		}
		spans = append(spans, [2]float64{west, east})
	}
	west, east := around(spans)
	return fmt.Sprintf("%.0f\t%.0f\t%.0f\t%.0f", math.Floor(west), math.Floor(south), math.Ceil(east), math.Ceil(north))
}

// points returns the course of an arc in degrees; the direction does not matter.
func (w *topology) points(arc int) [][2]float64 {
	if arc < 0 {
		arc = ^arc
	}
	var x, y float64
	var out [][2]float64
	for _, d := range w.Arcs[arc] {
		x, y = x+d[0], y+d[1]
		out = append(out, [2]float64{
			x*w.Transform.Scale[0] + w.Transform.Translate[0],
			y*w.Transform.Scale[1] + w.Transform.Translate[1],
		})
	}
	return out
}

// around returns the ends of the shortest stretch of the circle that has all the
// spans in it: what is left of the circle is their widest gap.
func around(spans [][2]float64) (west, east float64) {
	slices.SortFunc(spans, func(a, b [2]float64) int { return cmp.Compare(a[0], b[0]) })
	first, end := spans[0][0], spans[0][1]
	west, east = first, end
	widest := -1.0
	for _, s := range spans[1:] {
		if gap := s[0] - end; gap > widest {
			widest, west, east = gap, s[0], end
		}
		end = max(end, s[1])
	}
	if last := first + 360 - end; last >= widest {
		return first, end
	}
	return west, east
}
