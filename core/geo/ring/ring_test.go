package ring

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/shapes-desktop/shapes/core/geo/grid"
)

// Whatever area the edges bound, the polygons are its connected parts: each
// exterior with all its holes and no others, no ring through a point twice, no
// two rings across each other, not a unit of area more or less.
func TestPolygonsAreTheConnectedParts(t *testing.T) {
	var b Builder // one for all: memory of earlier builds must not show
	rapid.Check(t, func(t *rapid.T) {
		l := drawTriangles(t)
		rings := b.Build(l.edges(), grid.Point{})
		want := l.areas()
		seen := map[int]bool{}
		for len(rings) > 0 {
			n := 1
			for n < len(rings) && grid.Area2(rings[n]) < 0 {
				n++
			}
			part, area, err := l.polygon(rings[:n])
			if err != nil {
				t.Fatal(err)
			}
			if seen[part] {
				t.Fatalf("part %d is in two polygons", part)
			}
			if seen[part] = true; area != want[part] {
				t.Fatalf("part %d covers %d/2, want %d/2", part, area, want[part])
			}
			rings = rings[n:]
		}
		if len(seen) != len(want) {
			t.Fatalf("%d polygons for %d parts", len(seen), len(want))
		}
	})
}

// polygon checks an exterior and its holes and returns the part that they
// bound and twice its area.
func (l *triangles) polygon(rings []Ring) (part int, area int64, err error) {
	part = -1
	for i, r := range rings {
		a := grid.Area2(r)
		if (a > 0) != (i == 0) {
			return 0, 0, fmt.Errorf("ring %d of a polygon has area %d/2", i, a)
		}
		area += a
		passed := map[grid.Point]bool{}
		for j, p := range r {
			if passed[p] {
				return 0, 0, fmt.Errorf("a ring passes %v twice", p)
			}
			passed[p] = true
			owner, ok := l.owner[Edge{p, r[(j+1)%len(r)]}]
			if !ok {
				return 0, 0, fmt.Errorf("nothing is left of %v–%v", p, r[(j+1)%len(r)])
			}
			if part < 0 {
				part = l.part[owner]
			}
			if part != l.part[owner] {
				return 0, 0, fmt.Errorf("a polygon bounds parts %d and %d", part, l.part[owner])
			}
		}
	}
	return part, area, nil
}

// No ring goes over to the other side of another where they touch.
func TestRingsTouchButDoNotCross(t *testing.T) {
	var b Builder
	rapid.Check(t, func(t *rapid.T) {
		l := drawTriangles(t)
		spokes := map[grid.Point][]spoke{}
		for i, r := range b.Build(l.edges(), grid.Point{}) {
			for j, p := range r {
				prev, next := r[(j+len(r)-1)%len(r)], r[(j+1)%len(r)]
				spokes[p] = append(spokes[p], spoke{angle(p, prev), i}, spoke{angle(p, next), i})
			}
		}
		for p, around := range spokes {
			slices.SortFunc(around, func(a, b spoke) int { return cmp.Compare(a.angle, b.angle) })
			var open []int // rings entered and not left, going round
			for _, s := range around {
				if n := len(open); n > 0 && open[n-1] == s.ring {
					open = open[:n-1]
				} else {
					open = append(open, s.ring)
				}
			}
			if len(open) > 0 {
				t.Fatalf("rings %v cross at %v", open, p)
			}
		}
	})
}

// spoke is an edge of a ring at a vertex.
type spoke struct {
	angle float64
	ring  int
}

func angle(from, to grid.Point) float64 {
	return math.Atan2(float64(to.Y-from.Y), float64(to.X-from.X))
}

// The rings do not depend on where the tile begins, and are the same whatever
// was built before.
func TestOriginAndReuse(t *testing.T) {
	var used Builder
	rapid.Check(t, func(t *rapid.T) {
		edges := drawTriangles(t).edges()
		origin := grid.Point{X: rapid.Int32Range(-5000, 5000).Draw(t, "x"), Y: rapid.Int32Range(-5000, 5000).Draw(t, "y")}
		var fresh Builder
		want := fresh.Build(edges, grid.Point{})
		got := used.Build(edges, origin)
		if len(got) != len(want) {
			t.Fatalf("%d rings, want %d", len(got), len(want))
		}
		for i, r := range want {
			for j, p := range r {
				if q := got[i][j]; q.X != p.X-origin.X || q.Y != p.Y-origin.Y {
					t.Fatalf("ring %d point %d is %v, want %v less %v", i, j, q, p, origin)
				}
			}
		}
	})
}

func path(xy ...int32) []Edge {
	var out []Edge
	for i := 0; i+3 < len(xy); i += 2 {
		out = append(out, Edge{grid.Point{X: xy[i], Y: xy[i+1]}, grid.Point{X: xy[i+2], Y: xy[i+3]}})
	}
	return out
}

func TestDrawnCases(t *testing.T) {
	for _, c := range []struct {
		name  string
		edges []Edge
		areas []int64 // twice the area of each ring, in order
	}{
		{"nothing", nil, nil},
		// a──b   an edge walked there and back bounds nothing
		{"there and back", path(0, 0, 4, 0, 0, 0), nil},
		// ┌──┐
		// └──┘──   a square with a spike
		{"spike", path(0, 0, 4, 0, 8, 0, 4, 0, 4, 4, 0, 4, 0, 0), []int64{32}},
		// ┌─┐
		// └─X─┐    two squares that touch in a corner, walked as one
		//   └─┘
		{"pinch", path(0, 0, 4, 0, 4, 4, 8, 4, 8, 8, 4, 8, 4, 4, 0, 4, 0, 0), []int64{32, 32}},
		// ┌───┐
		// │ ╱╲│    a hole that touches its exterior in a point
		// └─╲╱┘
		{"hole in the corner", path(0, 0, 8, 0, 8, 8, 0, 8, 0, 0, 2, 4, 4, 2, 0, 0), []int64{128, -12}},
		// two squares with a side in common become one ring
		{"shared side", append(path(0, 0, 4, 0, 4, 4, 0, 4, 0, 0), path(4, 0, 8, 0, 8, 4, 4, 4, 4, 0)...), []int64{64}},
		// an island in a lake in an island: holes follow their own exterior
		{
			"nested", slices.Concat(
				path(0, 0, 20, 0, 20, 20, 0, 20, 0, 0), path(4, 4, 4, 16, 16, 16, 16, 4, 4, 4),
				path(6, 6, 14, 6, 14, 14, 6, 14, 6, 6), path(8, 8, 8, 12, 12, 12, 12, 8, 8, 8)),
			[]int64{800, -288, 128, -32},
		},
		// a hole without an exterior is no polygon
		{"hole alone", path(0, 0, 0, 4, 4, 4, 4, 0, 0, 0), nil},
	} {
		var b Builder
		var got []int64
		for _, r := range b.Build(c.edges, grid.Point{}) {
			got = append(got, grid.Area2(r))
		}
		if !slices.Equal(got, c.areas) {
			t.Errorf("%s: areas %v/2, want %v/2", c.name, got, c.areas)
		}
	}
}

// locate against a ring drawn by hand, whose corners make rays pass vertices.
//
//	0 ┌─────┐
//	  │ ┌─┐ │
//	4 │ │ │ │
//	8 └─┘ └─┘
func TestLocate(t *testing.T) {
	r := Ring{{X: 0, Y: 0}, {X: 12, Y: 0}, {X: 12, Y: 8}, {X: 8, Y: 8}, {X: 8, Y: 4}, {X: 4, Y: 4}, {X: 4, Y: 8}, {X: 0, Y: 8}}
	in := func(x, y int32) int { // 1 inside, 0 on the border, -1 outside
		switch {
		case x < 0 || x > 12 || y < 0 || y > 8 || x > 4 && x < 8 && y > 4:
			return -1
		case x == 0 || x == 12 || y == 0 || y == 8 || (x == 4 || x == 8) && y >= 4 || y == 4 && x > 4 && x < 8:
			return 0
		}
		return 1
	}
	for x := int32(-1); x <= 13; x++ {
		for y := int32(-1); y <= 9; y++ {
			p := grid.Point{X: x, Y: y}
			back := slices.Clone(r)
			slices.Reverse(back)
			if got := locate(p, r); got != in(x, y) || locate(p, back) != got {
				t.Errorf("%v: %d, want %d", p, got, in(x, y))
			}
		}
	}
}

func TestWithin(t *testing.T) {
	out := Ring{{X: 0, Y: 0}, {X: 8, Y: 0}, {X: 8, Y: 8}, {X: 0, Y: 8}}
	for _, c := range []struct {
		in   Ring
		want bool
	}{
		{Ring{{X: 2, Y: 2}, {X: 4, Y: 2}, {X: 4, Y: 4}}, true},
		{Ring{{X: 0, Y: 0}, {X: 4, Y: 2}, {X: 2, Y: 4}}, true}, // touches a corner
		{Ring{{X: 8, Y: 8}, {X: 9, Y: 8}, {X: 9, Y: 9}}, false},
		{Ring{{X: 20, Y: 2}, {X: 24, Y: 2}, {X: 24, Y: 4}}, false},
		{Ring{{X: 4, Y: 0}, {X: 8, Y: 4}, {X: 4, Y: 8}, {X: 0, Y: 4}}, true}, // all on the border
	} {
		if got := Within(c.in, out); got != c.want {
			t.Errorf("%v: %v", c.in, got)
		}
	}
}
