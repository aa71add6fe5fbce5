package ingest

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"pgregory.net/rapid"
)

// cells is a made-up area: squares of a small lattice, with margin around.
const side = 7

type cells [side][side]bool

func drawCells(t *rapid.T) (c cells) {
	for y := 1; y < side-1; y++ {
		for x := 1; x < side-1; x++ {
			c[y][x] = rapid.Bool().Draw(t, "cell")
		}
	}
	return c
}

// flood marks what hangs together with x, y: cells of the same kind, over
// corners too if corners is set.
func flood(x, y int, same func(x, y int) bool, corners bool, mark func(x, y int)) {
	seen := map[[2]int]bool{{x, y}: true}
	for queue := [][2]int{{x, y}}; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		mark(at[0], at[1])
		for dy := -1; dy <= 1; dy++ {
			for dx := -1; dx <= 1; dx++ {
				n := [2]int{at[0] + dx, at[1] + dy}
				if n[0] < 0 || n[1] < 0 || n[0] >= side || n[1] >= side || seen[n] || (dx != 0 && dy != 0 && !corners) || !same(n[0], n[1]) {
					continue
				}
				seen[n] = true
				queue = append(queue, n)
			}
		}
	}
}

// parts numbers the parts of the area that hang together, from 1.
func (c *cells) parts() (of [side][side]int, n int) {
	for y := range side {
		for x := range side {
			if c[y][x] && of[y][x] == 0 {
				n++
				flood(x, y, func(x, y int) bool { return c[y][x] }, false, func(x, y int) { of[y][x] = n })
			}
		}
	}
	return of, n
}

// borders are the sides of cells between area and none, with the role that a
// mapper would give them: outer towards the outside of the part they bound.
func (c *cells) borders() []testWay {
	of, n := c.parts()
	var outside [side*side + 1][side][side]bool
	for part := 1; part <= n; part++ {
		flood(0, 0, func(x, y int) bool { return of[y][x] != part }, true, func(x, y int) { outside[part][y][x] = true })
	}
	var ways []testWay
	add := func(ax, ay, bx, by int, p, q orb.Point) {
		if c[ay][ax] == c[by][bx] {
			return
		}
		if !c[ay][ax] {
			ax, ay, bx, by = bx, by, ax, ay
		}
		w := testWay{"inner", []orb.Point{p, q}}
		if outside[of[ay][ax]][by][bx] {
			w.role = "outer"
		}
		ways = append(ways, w)
	}
	for y := range side {
		for x := range side {
			here := orb.Point{float64(x), float64(y)}
			if x > 0 {
				add(x-1, y, x, y, here, orb.Point{float64(x), float64(y) + 1})
			}
			if y > 0 {
				add(x, y-1, x, y, here, orb.Point{float64(x) + 1, float64(y)})
			}
		}
	}
	return ways
}

// grow joins some of the ways at points where two of a role meet, as mappers
// do, and turns and shuffles them. None becomes a closed way that starts where
// others meet: such a one stands alone, and its role says what it is.
func grow(t *rapid.T, ways []testWay) []testWay {
	ways = rapid.Permutation(ways).Draw(t, "order")
	for i := range ways {
		if rapid.Bool().Draw(t, "turn") {
			ways[i].pts = []orb.Point{ways[i].pts[1], ways[i].pts[0]}
		}
	}
	meeting := map[string]int{}
	key := func(role string, p orb.Point) string { return fmt.Sprint(role, p) }
	for _, w := range ways {
		meeting[key(w.role, w.pts[0])]++
		meeting[key(w.role, w.pts[1])]++
	}
	for range rapid.IntRange(0, len(ways)).Draw(t, "joins") {
		i := rapid.IntRange(0, len(ways)-1).Draw(t, "first")
		first, role := ways[i].pts[0], ways[i].role
		end := ways[i].pts[len(ways[i].pts)-1]
		next := slices.IndexFunc(ways, func(w testWay) bool { return w.role == role && w.pts[0] == end })
		if meeting[key(role, end)] != 2 || next < 0 || next == i {
			continue
		}
		if p := ways[next].pts; p[len(p)-1] == first && meeting[key(role, first)] > 2 {
			continue
		}
		ways[i].pts = append(slices.Clone(ways[i].pts), ways[next].pts[1:]...)
		ways = slices.Delete(ways, next, next+1)
	}
	return ways
}

// checkCells holds mp to the area: each part one polygon, no ring touching
// itself, and what is covered just what should be.
func checkCells(t *rapid.T, c *cells, mp orb.MultiPolygon) {
	if _, n := c.parts(); len(mp) != n {
		t.Errorf("%d polygons for %d parts", len(mp), n)
	}
	for y := range side {
		for x := range side {
			if got := planar.MultiPolygonContains(mp, orb.Point{float64(x) + .5, float64(y) + .5}); got != c[y][x] {
				t.Errorf("cell %d,%d: covered %v", x, y, got)
			}
		}
	}
	for _, p := range mp {
		for _, r := range p {
			seen := map[orb.Point]bool{}
			for _, v := range r[1:] {
				if seen[v] {
					t.Errorf("a ring passes %v twice: %v", v, r)
				}
				seen[v] = true
			}
		}
	}
}

// apart writes a relation without geometry, and its ways and nodes, in any
// order.
func apart(t *rapid.T, ways []testWay) string {
	var elements, members []string
	nodes := map[orb.Point]bool{}
	id := func(p orb.Point) int { return int(p[0])*100 + int(p[1]) + 1 }
	for i, w := range ways {
		members = append(members, fmt.Sprintf(`{"type":"way","ref":%d,"role":%q}`, i+1, w.role))
		var refs []string
		for _, p := range w.pts {
			refs = append(refs, fmt.Sprint(id(p)))
			if !nodes[p] {
				elements = append(elements, fmt.Sprintf(`{"type":"node","id":%d,"lat":%v,"lon":%v}`, id(p), p[1], p[0]))
			}
			nodes[p] = true
		}
		elements = append(elements, fmt.Sprintf(`{"type":"way","id":%d,"nodes":[%s]}`, i+1, strings.Join(refs, ",")))
	}
	elements = append(elements, fmt.Sprintf(`{"type":"relation","id":1,"members":[%s],"tags":{%s}}`, strings.Join(members, ","), adminTags))
	return answer(rapid.Permutation(elements).Draw(t, "elements")...)
}

// TestOverpassCells: however an area is cut into ways, and however an answer
// gives them, it comes out as it was, without a fault.
func TestOverpassCells(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawCells(t)
		ways := c.borders()
		if len(ways) == 0 {
			return
		}
		ways = grow(t, ways)
		for _, text := range []string{answer(relation(1, adminTags, ways)), apart(t, ways)} {
			r, err := tryRead("a.json", []byte(text), Options{})
			if err != nil || len(r.features) != 1 || r.sum.Faults.Total() != 0 {
				t.Fatalf("%v, faults %s: %s", err, faultCounts(&r.sum.Faults), text)
			}
			checkGeometry(t, r.features[0].Geometry)
			checkCells(t, &c, r.features[0].Geometry)
		}
	})
}

// TestOverpassOpenCells: with one way gone the relation is incomplete, never a
// guess.
func TestOverpassOpenCells(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawCells(t)
		ways := c.borders()
		if len(ways) == 0 {
			return
		}
		ways = grow(t, ways)
		i := rapid.IntRange(0, len(ways)-1).Draw(t, "gone")
		if p := ways[i].pts; p[0] == p[len(p)-1] {
			return // without a closed way all is sound, but smaller
		}
		ways = append(ways[:i], ways[i+1:]...)
		r, err := tryRead("a.json", []byte(answer(relation(1, adminTags, ways))), Options{})
		if err == nil || len(r.features) > 0 || faultCounts(&r.sum.Faults) != "incomplete-relation 1" {
			t.Fatalf("%v, faults %s", err, faultCounts(&r.sum.Faults))
		}
	})
}

// TestLatLon: the short way of reading points and the careful one agree.
func TestLatLon(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		blank := func() string { return rapid.SampledFrom([]string{"", " ", "\n  "}).Draw(t, "blank") }
		p := orb.Point{rapid.Float64Range(-180, 180).Draw(t, "lon"), rapid.Float64Range(-90, 90).Draw(t, "lat")}
		names, values := [2]string{"lat", "lon"}, [2]float64{p[1], p[0]}
		if rapid.Bool().Draw(t, "turned") {
			names, values = [2]string{"lon", "lat"}, [2]float64{p[0], p[1]}
		}
		text := fmt.Sprintf("{%s%q%s:%s%v%s,%s%q:%v%s}", blank(), names[0], blank(), blank(), values[0], blank(), blank(), names[1], values[1], blank())
		j := &jsonReader{scanner: newScanner(strings.NewReader(text), DefaultLimits()), c: newCollector(Options{}, source{}, discard)}
		got, ok, err := j.latLon()
		if err != nil || !ok || math.Abs(got[0]-p[0]) > 0 || math.Abs(got[1]-p[1]) > 0 {
			t.Fatalf("%s is read as %v, %v, %v", text, got, ok, err)
		}
	})
}
