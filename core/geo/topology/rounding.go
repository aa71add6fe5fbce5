package topology

import (
	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/geo/grid"
)

// Rounding is what becomes of a polygon if its vertices are rounded to a coarser
// grid, and nothing else.
type Rounding struct {
	Layer, Feature int32
	// Area is the area then, in square units of that grid.
	Area float64
	// Quality is 1 − the ground that the border sweeps ÷ the area before, both in
	// the plane of the world grid; 0 if there was no area.
	Quality float64
}

// Rounding returns for each polygon, in the order of Add, what rounding it to a
// grid coarser by shift bits does. It is to be asked before Build.
func (b *Builder) Rounding(shift uint) []Rounding {
	out := make([]Rounding, 0, len(b.keys))
	var sweep feature.Sweep
	var after, before int64 // twice the area
	end := func() {
		k := b.keys[len(out)]
		r := Rounding{Layer: k[0], Feature: k[1], Area: float64(after) / 2}
		if before > 0 {
			r.Quality = feature.Quality(2*sweep.Area(), float64(before))
		}
		out = append(out, r)
		after, before = 0, 0
		sweep.Reset()
	}
	for i, info := range b.info {
		for len(out) < int(info.poly) {
			end()
		}
		x, y := roundRing(b.rings.At(i), shift, &sweep)
		if info.hole == (x > 0) { // the exterior counts, holes are taken off
			x = -x
		}
		if info.hole == (y > 0) {
			y = -y
		}
		after += x
		before += y
	}
	for len(out) < len(b.keys) {
		end()
	}
	return out
}

// roundRing tells sweep how a closed ring is rounded. It returns twice its area
// after that, in units of the coarser grid, and before, in those of the world's.
func roundRing(ring []grid.Point, shift uint, sweep *feature.Sweep) (after, before int64) {
	half := int32(1) << shift >> 1
	var p, q grid.Point // the vertex before, and where it is then
	for i, g := range ring {
		r := grid.Point{X: (g.X + half) >> shift, Y: (g.Y + half) >> shift}
		x, y := float64(r.X<<shift), float64(r.Y<<shift)
		if i == 0 {
			sweep.Start(x, y)
			sweep.Drop(float64(g.X), float64(g.Y))
		} else {
			sweep.Move(float64(g.X), float64(g.Y), x, y)
			after += int64(q.X)*int64(r.Y) - int64(r.X)*int64(q.Y)
			before += int64(p.X)*int64(g.Y) - int64(g.X)*int64(p.Y)
		}
		p, q = g, r
	}
	return after, before
}
