package tile

import (
	"math/rand/v2"

	"pgregory.net/rapid"

	"github.com/shapes-desktop/shapes/core/geo/grid"
	"github.com/shapes-desktop/shapes/core/geo/ring"
	"github.com/shapes-desktop/shapes/core/geo/snap"
)

// shape is a polygon at a zoom, with vertices where it crosses the sides of
// tiles.
type shape struct {
	zoom   uint8
	margin int32
	chains grid.Chains // closed, interior on the left
}

// drawShape makes a polygon of random halves of the cells of a crooked
// lattice, so that it has holes, islands, parts that touch in a point, and
// often edges along the sides of tiles. The lattice may be the world.
//
//	·──·──·
//	│╲ │ ╲│
//	·──·──·
//	│╲ │ ╲│
//	·──·──·
func drawShape(t *rapid.T) *shape {
	s := &shape{zoom: rapid.Uint8Range(0, 2).Draw(t, "zoom"), margin: rapid.SampledFrom([]int32{0, 1, 80, 256}).Draw(t, "margin")}
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 9))
	world := int32(Extent) << s.zoom
	n := rapid.Int32Range(1, 7).Draw(t, "n")
	cell := rapid.SampledFrom([]int32{8, 128, 1024, Extent}).Draw(t, "cell")
	cell = min(cell, world/8)
	jitter := rapid.SampledFrom([]int32{0, cell / 8, cell / 3}).Draw(t, "jitter")
	at := func() int32 { return rng.Int32N((world-n*cell)/cell+1) * cell }
	origin := grid.Point{X: at(), Y: at()}
	bent := func(k, from int32) int32 {
		v := from + k*cell
		if jitter > 0 && rng.IntN(3) > 0 {
			v += rng.Int32N(2*jitter) - jitter
		}
		return max(0, min(world, v))
	}
	var vertex []grid.Point
	for y := range n + 1 {
		for x := range n + 1 {
			vertex = append(vertex, grid.Point{X: bent(x, origin.X), Y: bent(y, origin.Y)})
		}
	}
	density := rapid.SampledFrom([]float64{0.3, 0.6, 1}).Draw(t, "density")
	var edges []ring.Edge
	for i := range n * n {
		a := i/n*(n+1) + i%n
		b, c, d := a+1, a+n+2, a+n+1
		for _, half := range [2][3]int32{{a, b, c}, {a, c, d}} {
			if rng.Float64() < density {
				for k := range half {
					edges = append(edges, ring.Edge{A: vertex[half[k]], B: vertex[half[(k+1)%3]]})
				}
			}
		}
	}
	s.outline(edges)
	return s
}

// outline sets the chains to the border of what the edges bound.
func (s *shape) outline(edges []ring.Edge) {
	var b ring.Builder
	var in grid.Chains
	in.Reset()
	for _, r := range b.Build(edges, grid.Point{}) {
		in.Pts = append(append(in.Pts, r...), r[0])
		in.End()
	}
	var r snap.Rounder
	r.Round(&in, 0, snap.Lines{Step: Extent, Margin: s.margin, Count: 1 << s.zoom}, &s.chains)
}

// clippedArea2 is twice the area of the rings within the box, by Sutherland
// and Hodgman's algorithm (1974): nothing of it is ours. ok tells that no edge
// passed a side of the box aslant between its vertices, so that it is exact.
func clippedArea2(c *grid.Chains, box grid.Box) (area int64, ok bool) {
	ok = true
	for i := range c.Len() {
		r := c.At(i)[1:]
		for side := range 4 {
			var out []grid.Point
			for j, q := range r {
				p := r[(j+len(r)-1)%len(r)]
				a, b := inside(p, box, side), inside(q, box, side)
				if a < 0 && b > 0 || a > 0 && b < 0 {
					// What the clip itself has drawn runs along the axes.
					ok = ok && (p.X == q.X || p.Y == q.Y)
					at := q // moved back along the axis, by as much as it is beyond
					at.X -= b * step(q.X-p.X) * step(b-a)
					at.Y -= b * step(q.Y-p.Y) * step(b-a)
					out = append(out, at)
				}
				if b >= 0 {
					out = append(out, q)
				}
			}
			r = out
		}
		for j, p := range r {
			q := r[(j+1)%len(r)]
			area += int64(p.X)*int64(q.Y) - int64(q.X)*int64(p.Y)
		}
	}
	return area, ok
}

// inside is how far p lies within one of the four sides of the box.
func inside(p grid.Point, box grid.Box, side int) int32 {
	return [4]int32{p.X - box.MinX, box.MaxX - p.X, p.Y - box.MinY, box.MaxY - p.Y}[side]
}

func step(v int32) int32 {
	switch {
	case v < 0:
		return -1
	case v > 0:
		return 1
	}
	return 0
}
