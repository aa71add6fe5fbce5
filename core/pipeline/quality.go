package pipeline

import (
	"math"

	"github.com/shapes-desktop/shapes/core/geo/grid"
	"github.com/shapes-desktop/shapes/core/geo/tile"
)

// deviations holds, for each tile of a zoom in which a vertex of full detail
// lies away from the line that is drawn, by how much at most: tile units.
type deviations map[grid.Point]float32

// pixelUnits is how many tile units a pixel of a 256-pixel tile has.
const pixelUnits = tile.Extent / 256

// quality is 1 − deviation in pixels, capped at 4, ÷ 4.
func (d deviations) quality(id tile.ID) float64 {
	px := float64(d[grid.Point{X: int32(id.X), Y: int32(id.Y)}]) / pixelUnits
	return 1 - min(px, 4)/4
}

// deviate measures how far the vertices of all arcs lie from what is drawn of
// them: the chords between the kept vertices, rounded to the zoom's grid. Snap
// rounding may bend a chord by up to half a unit more. kept is arcs with some
// vertices left out; shift is what the zoom's grid is coarser by.
func deviate(arcs, kept *grid.Chains, shift uint) deviations {
	d := deviations{}
	unit := 1 / float64(int64(1)<<shift)
	var last grid.Point // the tile of the vertex before: mostly that of the next too
	var most float64
	note := func(p grid.Point, square float64) {
		t := grid.Point{X: p.X >> shift / tile.Extent, Y: p.Y >> shift / tile.Extent}
		if t != last {
			last, most = t, float64(d[t])*float64(d[t])
		}
		if square > most {
			most = square
			d[t] = float32(math.Sqrt(square))
		}
	}
	for i := range arcs.Len() {
		full, k := arcs.At(i), kept.At(i)
		at := 1 // in full
		var from spot
		for j, p := range k {
			to := rounded(p, shift)
			dx, dy := to.x-float64(p.X)*unit, to.y-float64(p.Y)*unit
			note(p, dx*dx+dy*dy)
			if j > 0 {
				for ; at < len(full) && full[at] != p; at++ {
					q := full[at]
					note(q, squared(spot{float64(q.X) * unit, float64(q.Y) * unit}, from, to))
				}
				at++
			}
			from = to
		}
	}
	return d
}

type spot struct{ x, y float64 }

// rounded is p on the zoom's grid.
func rounded(p grid.Point, shift uint) spot {
	half := int64(1) << shift >> 1
	return spot{float64((int64(p.X) + half) >> shift), float64((int64(p.Y) + half) >> shift)}
}

// squared is the square of the distance from p to the segment a b.
func squared(p, a, b spot) float64 {
	dx, dy := b.x-a.x, b.y-a.y
	px, py := p.x-a.x, p.y-a.y
	if l := dx*dx + dy*dy; l > 0 {
		t := min(1, max(0, (px*dx+py*dy)/l))
		px, py = px-t*dx, py-t*dy
	}
	return px*px + py*py
}

// Rounded measures how true a unit is to its source where the arrangement has
// only rounded its vertices: 1 − the ground that its border has swept ÷ its area,
// both in the plane of the grid. It reports false where borders were also cut or
// rebuilt, which shows in the area.
func (s *Steps) Rounded(layer, unit int) (quality float64, ok bool) {
	i := s.polyOf[layer][unit]
	if i < 0 {
		return 0, true
	}
	r := s.rounding[layer][unit]
	return r.Quality, r.Area == s.arr.world.Polys[i].Area
}
