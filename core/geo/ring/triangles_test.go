package ring

import (
	"math/rand/v2"

	"pgregory.net/rapid"

	"github.com/shapes-desktop/shapes/core/geo/grid"
)

// triangles is a random area: some triangles of a crooked lattice, in which
// eight of them meet at every other vertex.
//
//	·──·──·
//	│╲ │ ╱│
//	·──·──·
//	│╱ │ ╲│
//	·──·──·
type triangles struct {
	rng    *rand.Rand
	n      int
	vertex []grid.Point
	corner [][3]grid.Point // of each triangle taken, interior on the left
	part   []int           // of each triangle: those that share a side are one
	owner  map[Edge]int    // side of a triangle → the triangle on its left
}

func drawTriangles(t *rapid.T) *triangles {
	l := &triangles{
		rng: rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 3)),
		n:   rapid.IntRange(1, 9).Draw(t, "n"), owner: map[Edge]int{},
	}
	for y := range l.n + 1 {
		for x := range l.n + 1 {
			l.vertex = append(l.vertex, grid.Point{X: int32(100*x) + l.rng.Int32N(40), Y: int32(100*y) + l.rng.Int32N(40)})
		}
	}
	density := rapid.SampledFrom([]float64{0.3, 0.5, 0.7, 0.9}).Draw(t, "density")
	for y := range l.n {
		for x := range l.n {
			a, b, c, d := l.at(x, y), l.at(x+1, y), l.at(x+1, y+1), l.at(x, y+1)
			pair := [2][3]grid.Point{{a, b, c}, {a, c, d}}
			if (x+y)%2 == 1 {
				pair = [2][3]grid.Point{{a, b, d}, {b, c, d}}
			}
			for _, corner := range pair {
				if l.rng.Float64() < density {
					l.take(corner)
				}
			}
		}
	}
	l.join()
	return l
}

func (l *triangles) at(x, y int) grid.Point { return l.vertex[y*(l.n+1)+x] }

func (l *triangles) take(corner [3]grid.Point) {
	if grid.Area2(corner[:]) < 0 {
		panic("the lattice is folded")
	}
	for i := range corner {
		l.owner[Edge{corner[i], corner[(i+1)%3]}] = len(l.corner)
	}
	l.part = append(l.part, len(l.corner))
	l.corner = append(l.corner, corner)
}

// join gives triangles that share a side the same part.
func (l *triangles) join() {
	for changed := true; changed; {
		changed = false
		for e, i := range l.owner {
			if j, ok := l.owner[Edge{e.B, e.A}]; ok && l.part[j] != l.part[i] {
				least := min(l.part[i], l.part[j])
				l.part[i], l.part[j], changed = least, least, true
			}
		}
	}
}

// edges returns the sides of all triangles in random order, with ways walked
// there and back and edges that go nowhere among them.
func (l *triangles) edges() []Edge {
	var out []Edge
	for _, c := range l.corner {
		for i := range c {
			out = append(out, Edge{c[i], c[(i+1)%3]})
		}
	}
	for range l.rng.IntN(10) {
		a, b := l.vertex[l.rng.IntN(len(l.vertex))], l.vertex[l.rng.IntN(len(l.vertex))]
		for range 1 + l.rng.IntN(2) {
			out = append(out, Edge{a, b}, Edge{b, a})
		}
		out = append(out, Edge{a, a})
	}
	l.rng.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// areas returns twice the area of each part.
func (l *triangles) areas() map[int]int64 {
	out := map[int]int64{}
	for i, c := range l.corner {
		out[l.part[i]] += grid.Area2(c[:])
	}
	return out
}
