package sample_test

import (
	"slices"
	"testing"

	"github.com/shapes-desktop/shapes/resources/sample"
)

// steps is the grid of the sample: around the world.
const steps = 1 << 20

type point [2]int

// positions turns the relative positions of TopoJSON into grid positions.
func positions(topo topology) [][]point {
	arcs := make([][]point, len(topo.Arcs))
	for i, arc := range topo.Arcs {
		at := point{}
		for _, d := range arc {
			at = point{at[0] + d[0], at[1] + d[1]}
			arcs[i] = append(arcs[i], at)
		}
	}
	return arcs
}

// ring joins the arcs of a loop; the second result tells whether they meet
// end to start all around.
func ring(arcs [][]point, loop []int) ([]point, bool) {
	var r []point
	meet := true
	for _, a := range loop {
		arc := arcs[max(a, ^a)]
		if a < 0 {
			arc = slices.Clone(arc)
			slices.Reverse(arc)
		}
		if len(r) > 0 {
			meet = meet && r[len(r)-1] == arc[0]
			arc = arc[1:]
		}
		r = append(r, arc...)
	}
	return r, meet && r[0] == r[len(r)-1]
}

// doubleArea is twice the signed area, exact.
func doubleArea(r []point) int {
	sum := 0
	for i := 1; i < len(r); i++ {
		sum += r[i-1][0]*r[i][1] - r[i][0]*r[i-1][1]
	}
	return sum
}

func TestTransformCoversTheWorldExactly(t *testing.T) {
	tr := load(t).Transform
	for i, want := range [2]float64{180, 90} {
		if got := tr.Translate[i] + tr.Scale[i]*(2*want*steps/360); got != want || tr.Translate[i] != -want {
			t.Errorf("axis %d runs from %v to %v, want ±%v", i, tr.Translate[i], got, want)
		}
	}
}

// Rings are closed, pass no vertex twice and have an area; outer rings run
// clockwise and holes counter-clockwise, as in the source.
func TestRings(t *testing.T) {
	topo := load(t)
	arcs := positions(topo)
	for layer, object := range topo.Objects {
		for _, g := range object.Geometries {
			for _, polygon := range g.Arcs {
				for i, loop := range polygon {
					r, closed := ring(arcs, loop)
					if !closed || !simpleVertices(r) {
						t.Errorf("%s %s: a ring at %v is open or passes a vertex twice", layer, g.text("code"), r[0])
					}
					if area := doubleArea(r); (i == 0) != (area < 0) || area == 0 {
						t.Errorf("%s %s: ring %d at %v has area %d", layer, g.text("code"), i, r[0], area)
					}
				}
			}
		}
	}
}

// simpleVertices reports whether the closed ring r is on the grid and passes
// no vertex twice.
func simpleVertices(r []point) bool {
	seen := map[point]bool{}
	for _, p := range r[1:] {
		if seen[p] || p[0] < 0 || p[0] > steps || p[1] < 0 || p[1] > steps/2 {
			return false
		}
		seen[p] = true
	}
	return len(r) > 3
}

// A border stands once: each arc has at most one unit on each side, and none
// is without.
func TestUnitsShareBorders(t *testing.T) {
	topo := load(t)
	sides := map[int]string{} // by signed arc
	for _, g := range topo.Objects[sample.LayerUnits].Geometries {
		for _, polygon := range g.Arcs {
			for _, a := range slices.Concat(polygon...) {
				if other, taken := sides[a]; taken {
					t.Errorf("%s and %s lie on the same side of arc %d", other, g.text("code"), a)
				}
				sides[a] = g.text("code")
			}
		}
	}
	for a := range topo.Arcs {
		if sides[a] == "" && sides[^a] == "" {
			t.Errorf("arc %d bounds nothing", a)
		}
	}
}

// A country is exactly the union of its units: the same arcs but those
// between two of them, the same area to the grid unit.
func TestCountriesAreTheUnionOfTheirUnits(t *testing.T) {
	topo := load(t)
	arcs := positions(topo)
	outlines, areas := map[string]map[int]bool{}, map[string]int{}
	add := func(country string, g geometry, sign int) {
		if outlines[country] == nil {
			outlines[country] = map[int]bool{}
		}
		for _, polygon := range g.Arcs {
			for _, loop := range polygon {
				r, _ := ring(arcs, loop)
				areas[country] += sign * doubleArea(r)
				if sign > 0 {
					continue
				}
				for _, a := range loop {
					outlines[country][a] = true
				}
			}
		}
	}
	for _, g := range topo.Objects[sample.LayerUnits].Geometries {
		add(g.text("adm0_a3"), g, -1)
	}
	for _, g := range topo.Objects[sample.LayerCountries].Geometries {
		code := g.text("code")
		add(code, g, +1)
		if areas[code] != 0 {
			t.Errorf("%s: area differs from its units' by %d half grid units", code, areas[code])
		}
		count := 0
		for _, polygon := range g.Arcs {
			for _, a := range slices.Concat(polygon...) {
				count++
				if !outlines[code][a] || outlines[code][^a] {
					t.Errorf("%s: arc %d is not on the outside of its units", code, a)
				}
			}
		}
		if want := outside(outlines[code]); count != want {
			t.Errorf("%s: %d arcs, want the %d on the outside of its units", code, count, want)
		}
	}
}

func outside(arcs map[int]bool) int {
	n := 0
	for a := range arcs {
		if !arcs[^a] {
			n++
		}
	}
	return n
}
