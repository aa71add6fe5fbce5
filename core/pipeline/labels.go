package pipeline

import (
	"github.com/shapes-desktop/shapes/core/geo/grid"
	"github.com/shapes-desktop/shapes/core/geo/label"
	"github.com/shapes-desktop/shapes/core/geo/mvt"
	"github.com/shapes-desktop/shapes/core/geo/ring"
	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/geo/topology"
)

// LabelSuffix makes the name of a layer's label layer.
const LabelSuffix = "_label"

// Label asks for a layer with one point for each unit of the named polygon
// layer, at its pole of inaccessibility, with the unit's id and attributes.
func (u *Units) Label(layer string) {
	if l := u.layerNamed(layer); l != nil {
		l.labels = true
	}
}

// labelZoom is the zoom whose shapes labels are placed by: fine enough for a
// town, coarse enough to be quick.
const labelZoom = 5

// labelPoint is where a unit's name goes, in world grid units.
type labelPoint struct {
	layer, unit int32
	at          grid.Point
}

// placeLabels finds the label points of all layers that ask for them.
func placeLabels(u *Units, a *arrangement, cfg Config, stop func() bool) []labelPoint {
	wanted := false
	for _, l := range u.layers {
		wanted = wanted || l.labels
	}
	if !wanted {
		return nil
	}
	var z zoomer
	zoom := min(labelZoom, cfg.MaxZoom)
	za := z.zoom(a, zoom, cfg, stop)
	if za == nil {
		return nil
	}
	cutter := tile.NewCutter(uint8(zoom), int32(cfg.Buffer))
	var out []labelPoint
	for i := range a.world.Polys {
		p := &a.world.Polys[i]
		if !u.layers[p.Layer].labels {
			continue
		}
		at := a.world.Arcs.At(int(arcOf(p.Arcs[0])))[0] // on the border, if all is too small
		shift := uint(grid.Bits) - a.world.Bits
		if za.area2[i] > 0 {
			za.border(cutter, a.world, int32(i), za.patches[int32(i)])
			at, _ = label.Pole(largest(cutter.Whole()), 1)
			shift = uint(grid.Bits - gridBits - zoom)
		}
		out = append(out, labelPoint{p.Layer, p.Feature, grid.Point{X: at.X << shift, Y: at.Y << shift}})
	}
	return out
}

func arcOf(signed int32) int32 {
	a, _ := topology.Index(signed)
	return a
}

// largest returns the exterior of greatest area and its holes.
func largest(rings []ring.Ring) []ring.Ring {
	from, to, area := 0, 0, int64(-1)
	for i := 0; i < len(rings); {
		j := i + 1
		for j < len(rings) && grid.Area2(rings[j]) < 0 {
			j++
		}
		if a := grid.Area2(rings[i]); a > area {
			from, to, area = i, j, a
		}
		i = j
	}
	return rings[from:to]
}

// labelPieces returns the label points as pieces of a zoom's tiles. A point in
// the margin of a tile is left to the tile it is in, so that it is drawn once.
func labelPieces(u *Units, labels []labelPoint, zoom, chunk int) (pieces []piece, data []byte) {
	shift := uint(grid.Bits - gridBits - zoom)
	for _, l := range labels {
		x, y := l.at.X>>shift, l.at.Y>>shift
		last := int32(1)<<zoom - 1
		tx, ty := min(x/tile.Extent, last), min(y/tile.Extent, last)
		from := len(data)
		var cursor mvt.Coord
		data = mvt.AppendPoints(data, &cursor, []mvt.Coord{{X: x - tx*tile.Extent, Y: y - ty*tile.Extent}})
		pieces = append(pieces, piece{
			tile:  tile.ID{Z: uint8(zoom), X: uint32(tx), Y: uint32(ty)}.Hilbert(),
			layer: l.layer + int32(len(u.layers)), unit: l.unit, chunk: int32(chunk),
			offset: uint32(from), length: uint32(len(data) - from),
		})
	}
	return pieces, data
}
