package pipeline

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/paulmach/orb"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/geo/grid"
	"github.com/shapes-desktop/shapes/core/geo/ring"
)

// lattice makes random planar subdivisions of two levels: an n × n lattice of
// jittered cells with crooked sides, each cell given to a unit or to the sea.
// Units have holes, enclaves, islands and parts that touch in a point; countries
// are groups of units.
//
//	·──·──·──·       0 0 1 1      unit of each cell; 0, 1 make country A,
//	│  ╲  │  │       0 2 2 ~      2 country B, ~ is the sea
//	·──·──·──·
type lattice struct {
	rng      *rand.Rand
	n        int
	sides    int // pieces that each side of a cell is made of
	origin   orb.Point
	cell     float64 // degrees
	units    int
	unitOf   []int // of each cell, -1 for the sea
	vertices []orb.Point
}

func newLattice(seed uint64, n, units, sides int, origin orb.Point, cell float64, sea float64) *lattice {
	l := &lattice{rng: rand.New(rand.NewPCG(seed, 7)), n: n, sides: sides, origin: origin, cell: cell, units: units}
	for range n * n {
		u := l.rng.IntN(units)
		if l.rng.Float64() < sea {
			u = -1
		}
		l.unitOf = append(l.unitOf, u)
	}
	for y := 0; y <= n; y++ {
		for x := 0; x <= n; x++ {
			jitter := func() float64 { return (l.rng.Float64() - 0.5) * 0.4 }
			l.vertices = append(l.vertices, orb.Point{
				origin[0] + (float64(x)+jitter())*cell, origin[1] + (float64(y)+jitter())*cell,
			})
		}
	}
	return l
}

// side returns the points from lattice vertex a to b without b, the same ones
// whichever way it is walked.
func (l *lattice) side(a, b int) []orb.Point {
	lo, hi := min(a, b), max(a, b)
	r := rand.New(rand.NewPCG(uint64(lo), uint64(hi)))
	p, q := l.vertices[lo], l.vertices[hi]
	pts := []orb.Point{p}
	for i := 1; i < l.sides; i++ {
		t := float64(i) / float64(l.sides)
		off := (r.Float64() - 0.5) * 0.2 * math.Sin(t*math.Pi)
		pts = append(pts, orb.Point{
			p[0] + t*(q[0]-p[0]) - off*(q[1]-p[1]), p[1] + t*(q[1]-p[1]) + off*(q[0]-p[0]),
		})
	}
	pts = append(pts, q)
	if a > b {
		for i, j := 0, len(pts)-1; i < j; i, j = i+1, j-1 {
			pts[i], pts[j] = pts[j], pts[i]
		}
	}
	return pts[:len(pts)-1]
}

// area returns the polygons of all cells for which in is true.
func (l *lattice) area(in func(unit int) bool) orb.MultiPolygon {
	var edges []ring.Edge // on the lattice's own integer plane
	at := func(x, y int) grid.Point { return grid.Point{X: int32(x), Y: int32(y)} }
	for y := range l.n {
		for x := range l.n {
			if u := l.unitOf[y*l.n+x]; u >= 0 && in(u) {
				c := [4]grid.Point{at(x, y), at(x+1, y), at(x+1, y+1), at(x, y+1)}
				for i := range c {
					edges = append(edges, ring.Edge{A: c[i], B: c[(i+1)%4]})
				}
			}
		}
	}
	var b ring.Builder
	var mp orb.MultiPolygon
	for _, r := range b.Build(edges, grid.Point{}) {
		var out orb.Ring
		for i, p := range r {
			q := r[(i+1)%len(r)]
			out = append(out, l.side(int(p.Y)*(l.n+1)+int(p.X), int(q.Y)*(l.n+1)+int(q.X))...)
		}
		out = append(out, out[0])
		if grid.Area2(r) > 0 {
			mp = append(mp, orb.Polygon{out})
		} else {
			mp[len(mp)-1] = append(mp[len(mp)-1], out)
		}
	}
	return mp
}

// country is the group that a unit belongs to.
func country(unit int) int { return unit / 3 }

// features returns the units, and the countries they make.
func (l *lattice) features() (units, countries []feature.Feature) {
	make1 := func(i int, mp orb.MultiPolygon) feature.Feature {
		return feature.Feature{ID: uint64(i + 1), Geometry: mp, Attrs: []feature.Attr{
			{Key: "name", Value: feature.StringValue(fmt.Sprint(i))},
		}}
	}
	for u := range l.units {
		if mp := l.area(func(v int) bool { return v == u }); len(mp) > 0 {
			units = append(units, make1(u, mp))
		}
	}
	for c := 0; c <= country(l.units-1); c++ {
		if mp := l.area(func(v int) bool { return country(v) == c }); len(mp) > 0 {
			countries = append(countries, make1(c, mp))
		}
	}
	return units, countries
}

// disguise turns rings, starts them elsewhere and orders parts anew: what
// another source would have done to the same area.
func (l *lattice) disguise(fs []feature.Feature) []feature.Feature {
	out := make([]feature.Feature, len(fs))
	for i, f := range fs {
		g := f.Geometry.Clone()
		l.rng.Shuffle(len(g), func(i, j int) { g[i], g[j] = g[j], g[i] })
		for _, poly := range g {
			for k, r := range poly {
				n := len(r) - 1
				s := l.rng.IntN(n)
				turned := append(append(orb.Ring{}, r[s:n]...), r[:s+1]...)
				if l.rng.IntN(2) == 0 {
					turned.Reverse()
				}
				poly[k] = turned
			}
		}
		f.Geometry = g
		out[len(fs)-1-i] = f
	}
	return out
}
