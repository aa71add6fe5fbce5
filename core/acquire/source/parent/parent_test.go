package parent

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// box is a rectangle as a ring.
func box(west, south, east, north float64) orb.Ring {
	return orb.Ring{{west, south}, {east, south}, {east, north}, {west, north}, {west, south}}
}

// unit is an area of one polygon.
func unit(rings ...orb.Ring) orb.MultiPolygon { return orb.MultiPolygon{rings} }

func parts(of ...orb.MultiPolygon) (all orb.MultiPolygon) {
	for _, mp := range of {
		all = append(all, mp...)
	}
	return all
}

func TestFind(t *testing.T) {
	land := unit(box(0, 0, 10, 10))
	east := unit(box(10, 0, 20, 10))
	ring := unit(box(0, 0, 10, 10), box(4, 4, 6, 6)) // with a hole
	filler := unit(box(4, 4, 6, 6))
	nan := unit(orb.Ring{{math.NaN(), 0}, {1, math.NaN()}, {1, 1}, {math.NaN(), 0}})
	// A bay: the middle of a child's box may lie in the sea.
	horseshoe := unit(orb.Ring{{0, 0}, {10, 0}, {10, 10}, {8, 10}, {8, 2}, {2, 2}, {2, 10}, {0, 10}, {0, 0}})

	tests := []struct {
		name    string
		child   orb.MultiPolygon
		parents []orb.MultiPolygon
		want    int
	}{
		{"inside", unit(box(11, 1, 12, 2)), []orb.MultiPolygon{land, east}, 1},
		{"the whole parent", east, []orb.MultiPolygon{land, east}, 1},
		{"at the border", unit(box(9, 0, 10, 1)), []orb.MultiPolygon{east, land}, 1},
		{"an enclave belongs to what fills the hole", unit(box(4.5, 4.5, 5, 5)), []orb.MultiPolygon{ring, filler}, 1},
		{"the filler itself", filler, []orb.MultiPolygon{ring, filler}, 1},
		{"an enclave whose filler is not there", filler, []orb.MultiPolygon{ring}, none},
		{"part of one", unit(box(4, 4, 4.1, 4.1)), []orb.MultiPolygon{ring}, none},
		{"a child around an enclave", unit(box(3, 3, 7, 7), box(4, 4, 6, 6)), []orb.MultiPolygon{filler, ring}, 1},
		{"a child that has not cut the enclave out", unit(box(2, 2, 8, 8)), []orb.MultiPolygon{filler, ring}, 1},
		{"a parent on top of another", unit(box(4.5, 4.5, 5, 5)), []orb.MultiPolygon{land, filler}, 1},
		{"the same parent twice", unit(box(1, 1, 2, 2)), []orb.MultiPolygon{east, land, land}, 1},
		{"a horseshoe", horseshoe, []orb.MultiPolygon{unit(box(2, 2, 8, 10)), unit(box(0, 0, 10, 10), box(2, 2, 8, 10))}, 1},
		{"across two: the larger part", unit(box(7, 1, 11, 2)), []orb.MultiPolygon{east, land}, 1},
		{"across two: the middle is in the lesser", // thin to the west, wide to the east
			unit(orb.Ring{{0, 4}, {9, 4.9}, {10, 0}, {14, 0}, {14, 10}, {10, 10}, {9, 5.1}, {0, 6}, {0, 4}}), []orb.MultiPolygon{land, east}, 1},
		{"drawn over the coast", unit(box(-.5, 1, 1, 2)), []orb.MultiPolygon{east, land}, 1},
		{"mostly in the sea", unit(box(-2, 1, 1, 2)), []orb.MultiPolygon{east, land}, 1},
		{"a neighbour with a sliver in common", unit(box(-5, 0, .1, 10)), []orb.MultiPolygon{land}, none},
		{"an islet off the coast", unit(box(-.15, 1, -.14, 1.01)), []orb.MultiPolygon{east, land}, 1},
		{"an islet between two", unit(box(10.05, 1, 10.06, 1.01)), []orb.MultiPolygon{land, unit(box(10.15, 0, 20, 10))}, 0},
		{"an islet as far from both", unit(box(-.1, -.2, .1, -.1)), []orb.MultiPolygon{east, unit(box(-10, 0, 0, 10)), land}, 1},
		{"an islet too far off", unit(box(-.35, 1, -.25, 1.01)), []orb.MultiPolygon{east, land}, none},
		{"degrees of longitude are short up north", unit(box(-.35, 70, -.34, 70.01)), []orb.MultiPolygon{unit(box(0, 65, 10, 75))}, 0},
		{"an islet beyond the antimeridian", unit(box(-179.95, 1, -179.94, 1.01)), []orb.MultiPolygon{land, unit(box(170, 0, 179.9, 10))}, 1},
		{"and back", unit(box(179.94, 1, 179.95, 1.01)), []orb.MultiPolygon{land, unit(box(-179.9, 0, -170, 10))}, 1},
		{
			"across the antimeridian",
			parts(unit(box(178, 1, 180, 2)), unit(box(-180, 1, -179, 2))),
			[]orb.MultiPolygon{land, parts(unit(box(170, 0, 180, 10)), unit(box(-180, 0, -175, 10)))},
			1,
		},
		{
			"the smaller side of it decides nothing",
			parts(unit(box(178, 1, 180, 2)), unit(box(-180, 1, -179, 2))),
			[]orb.MultiPolygon{unit(box(-180, 0, -175, 10)), unit(box(170, 0, 180, 10))},
			1,
		},
		{"at the pole", unit(box(-180, -90, -170, -80)), []orb.MultiPolygon{land, unit(box(-180, -90, 180, -60))}, 1},
		{"polygons of a parent that overlap", unit(box(4, 4, 6, 6)), []orb.MultiPolygon{parts(unit(box(0, 0, 7, 10)), unit(box(3, 0, 10, 10)))}, 0},
		{"a hole covered by another polygon of the parent", filler, []orb.MultiPolygon{parts(ring, filler)}, 0},
		{"no parents", land, nil, none},
		{"nothing", nil, []orb.MultiPolygon{land}, none},
		{"no rings", orb.MultiPolygon{{}, {{}}}, []orb.MultiPolygon{land}, none},
		{"no area", unit(orb.Ring{{1, 1}, {2, 1}, {1, 1}}), []orb.MultiPolygon{east, land}, 1},
		{"not numbers", nan, []orb.MultiPolygon{land}, none},
		{"parents without area", unit(box(1, 1, 2, 2)), []orb.MultiPolygon{nil, {{}}, nan, unit(orb.Ring{{1, 1}}), land}, 4},
		{"far away", unit(box(100, 50, 101, 51)), []orb.MultiPolygon{land, east}, none},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Find([]orb.MultiPolygon{tt.child}, tt.parents); !slices.Equal(got, []int{tt.want}) {
				t.Errorf("%v, want %d", got, tt.want)
			}
		})
	}
}

func TestFindOfNothing(t *testing.T) {
	if got := Find(nil, []orb.MultiPolygon{nil}); len(got) != 0 {
		t.Errorf("%v", got)
	}
}

// division is a rectangle cut again and again: units at two levels, and what
// lies in what.
type division struct {
	children, parents []orb.MultiPolygon
	of                []int
}

// cut divides a box into units by lines at random places, some of them with an
// enclave, which makes a hole in the unit around it.
func cut(r *rand.Rand, b orb.Bound, depth int) []orb.MultiPolygon {
	wide, high := b.Max[0]-b.Min[0], b.Max[1]-b.Min[1]
	if depth == 0 {
		whole := box(b.Min[0], b.Min[1], b.Max[0], b.Max[1])
		if r.IntN(4) > 0 {
			return []orb.MultiPolygon{unit(whole)}
		}
		hole := box(b.Min[0]+wide*.4, b.Min[1]+high*.4, b.Max[0]-wide*.4, b.Max[1]-high*.4)
		within := hole.Clone()
		hole.Reverse()
		return []orb.MultiPolygon{unit(whole, hole), unit(within)}
	}
	one, two := b, b
	at := .3 + .4*r.Float64()
	if wide > high {
		one.Max[0] = b.Min[0] + at*wide
		two.Min[0] = one.Max[0]
	} else {
		one.Max[1] = b.Min[1] + at*high
		two.Min[1] = one.Max[1]
	}
	return append(cut(r, one, depth-1), cut(r, two, depth-1)...)
}

// divide cuts the world twice: into parents, and these into children; parents
// with a hole are cut around it.
func divide(r *rand.Rand, first, second int) division {
	var d division
	for _, p := range cut(r, orb.Bound{Min: orb.Point{-180, -90}, Max: orb.Point{180, 90}}, first) {
		for _, whole := range pieces(p) {
			for _, c := range cut(r, whole, second) {
				d.children = append(d.children, c)
				d.of = append(d.of, len(d.parents))
			}
		}
		d.parents = append(d.parents, p)
	}
	return d
}

// pieces covers a rectangle, with or without a rectangular hole, by boxes.
func pieces(p orb.MultiPolygon) []orb.Bound {
	b := p[0][0].Bound()
	if len(p[0]) == 1 {
		return []orb.Bound{b}
	}
	h := p[0][1].Bound()
	return []orb.Bound{
		{Min: b.Min, Max: orb.Point{b.Max[0], h.Min[1]}},
		{Min: orb.Point{b.Min[0], h.Max[1]}, Max: b.Max},
		{Min: orb.Point{b.Min[0], h.Min[1]}, Max: orb.Point{h.Min[0], h.Max[1]}},
		{Min: orb.Point{h.Max[0], h.Min[1]}, Max: orb.Point{b.Max[0], h.Max[1]}},
	}
}

// Every child of a random division lies in the parent that it was cut from.
func TestDivisions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		d := divide(r, rapid.IntRange(0, 6).Draw(t, "parents"), rapid.IntRange(0, 4).Draw(t, "children"))
		if diff := cmp.Diff(d.of, Find(d.children, d.parents)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// It is so too if the two levels are drawn in different detail: each vertex of
// the children shaken by a tenth of what they measure.
func TestDivisionsInOtherDetail(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 2))
		d := divide(r, 4, 3)
		for _, c := range d.children {
			b := c.Bound()
			shake := .1 * min(b.Max[0]-b.Min[0], b.Max[1]-b.Min[1])
			for _, ring := range c[0] {
				for i := range ring[:len(ring)-1] {
					ring[i][0] += shake * (r.Float64() - .5)
					ring[i][1] += shake * (r.Float64() - .5)
				}
				ring[len(ring)-1] = ring[0]
			}
		}
		if diff := cmp.Diff(d.of, Find(d.children, d.parents)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// blob is a random star around a place, with islets.
func blob(r *rand.Rand) orb.MultiPolygon {
	var mp orb.MultiPolygon
	for range 1 + r.IntN(3) {
		at := orb.Point{-10 + 20*r.Float64(), -10 + 20*r.Float64()}
		size := math.Exp(-4 + 6*r.Float64())
		var ring orb.Ring
		for k := range 12 {
			sin, cos := math.Sincos(float64(k) * math.Pi / 6)
			far := size * (.3 + r.Float64())
			ring = append(ring, orb.Point{at[0] + far*cos, at[1] + far*sin})
		}
		mp = append(mp, orb.Polygon{append(ring, ring[0])})
	}
	return mp
}

// The answer does not depend on the order of parents or children, where rings
// start, or how they are wound.
func TestOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 3))
		var children, parents []orb.MultiPolygon
		for range 20 {
			children, parents = append(children, blob(r)), append(parents, blob(r))
		}
		want := Find(children, parents)
		order, mixed := r.Perm(len(parents)), make([]orb.MultiPolygon, len(parents))
		for i, k := range order {
			mixed[k] = turned(r, parents[i])
		}
		moved, shuffled := r.Perm(len(children)), make([]orb.MultiPolygon, len(children))
		for i, k := range moved {
			shuffled[k] = children[i]
		}
		got := Find(shuffled, mixed)
		for i := range children {
			wanted := want[i]
			if wanted != none {
				wanted = order[wanted]
			}
			if got[moved[i]] != wanted {
				t.Fatalf("child %d: parent %d, which is %d after mixing, but found is %d", i, want[i], wanted, got[moved[i]])
			}
		}
	})
}

// turned starts every ring elsewhere, and turns some around.
func turned(r *rand.Rand, mp orb.MultiPolygon) orb.MultiPolygon {
	out := mp.Clone()
	for _, poly := range out {
		for k, ring := range poly {
			at := r.IntN(len(ring) - 1)
			poly[k] = append(append(orb.Ring{}, ring[at:len(ring)-1]...), ring[:at+1]...)
			if r.IntN(2) == 0 {
				poly[k].Reverse()
			}
		}
	}
	return out
}

// The bands give the same answers as looking at every edge.
func TestBands(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 4))
		mp := blob(r)
		a := newArea(mp)
		for range 50 {
			p := orb.Point{-12 + 24*r.Float64(), -12 + 24*r.Float64()}
			if r.IntN(3) == 0 { // at the height of a vertex
				p[1] = mp[0][0][r.IntN(12)][1]
			}
			in := false
			for _, poly := range mp {
				var s scanner
				for _, span := range s.polygon(poly, p[1]) {
					in = in || span.west <= p[0] && p[0] < span.east
				}
			}
			if got := a.where(p) == inside; got != in {
				t.Fatalf("%v inside: %v, want %v", p, got, in)
			}
		}
	})
}

// A border that goes up and down over all its height would stand in every
// band: there must be fewer of them then, not more memory.
func TestBandsAreBounded(t *testing.T) {
	const n = 20000
	ring := orb.Ring{{0, -1}}
	for i := range n {
		ring = append(ring, orb.Point{float64(i) / n, float64(i % 2)})
	}
	ring = append(ring, orb.Point{1, -1}, ring[0])
	a := newArea(unit(ring))
	if len(a.edges) > 3*len(ring) || len(a.start) > len(ring) {
		t.Errorf("%d edges are kept as %d in %d bands", len(ring), len(a.edges), len(a.start)-1)
	}
}
