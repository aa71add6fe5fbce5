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
	unit := float64(int64(1) << shift)
	var last grid.Point // the tile of the vertex before: mostly that of the next too
	var most float32
	note := func(p grid.Point, away float32) {
		t := grid.Point{X: p.X >> shift / tile.Extent, Y: p.Y >> shift / tile.Extent}
		if t != last {
			last, most = t, d[t]
		}
		if away > most {
			most = away
			d[t] = away
		}
	}
	for i := range arcs.Len() {
		full, k := arcs.At(i), kept.At(i)
		at := 0 // in full
		for j := range k {
			a := rounded(k[j], shift)
			note(k[j], float32(math.Hypot(a.x-float64(k[j].X)/unit, a.y-float64(k[j].Y)/unit)))
			if j == 0 {
				at = 1
				continue
			}
			from := rounded(k[j-1], shift)
			for ; at < len(full) && full[at] != k[j]; at++ {
				note(full[at], float32(distance(spot{float64(full[at].X) / unit, float64(full[at].Y) / unit}, from, a)))
			}
			at++
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

// distance from p to the segment a b.
func distance(p, a, b spot) float64 {
	dx, dy := b.x-a.x, b.y-a.y
	t := 0.0
	if l := dx*dx + dy*dy; l > 0 {
		t = min(1, max(0, ((p.x-a.x)*dx+(p.y-a.y)*dy)/l))
	}
	return math.Hypot(p.x-a.x-t*dx, p.y-a.y-t*dy)
}
