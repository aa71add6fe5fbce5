package preview

import (
	"cmp"
	"math"
	"slices"

	"github.com/shapes-desktop/shapes/core/geo/tile"
)

// Placement is a tile of the world and the box it takes on the map, in points.
// Boxes of neighbours share their edges exactly, on whole device pixels.
type Placement struct {
	ID             tile.ID
	Copy           int // which copy of the world: 0, or the times it is wrapped east
	X0, Y0, X1, Y1 float64
}

// TileZoom is the zoom whose tile pictures fit the viewport best: they are
// drawn between 0.71 and 1.41 times their size.
func (v Viewport) TileZoom() uint8 {
	z := math.Round(v.Zoom + math.Log2(v.scale()))
	return uint8(min(max(z, 0), MaxZoom))
}

// Place returns the box of a tile on the map in a copy of the world.
func (v Viewport) Place(id tile.ID, worldCopy int) Placement {
	n := math.Exp2(float64(id.Z))
	x, y := float64(id.X)+float64(worldCopy)*n, float64(id.Y)
	return Placement{
		ID: id, Copy: worldCopy,
		X0: v.edgeX(x / n), Y0: v.edgeY(y / n),
		X1: v.edgeX((x + 1) / n), Y1: v.edgeY((y + 1) / n),
	}
}

// edgeX is the one formula for vertical tile edges; rounding to device pixels
// here is what makes neighbours meet.
func (v Viewport) edgeX(wx float64) float64 {
	c := toWorld(v.Lon, v.Lat)
	return math.Round(((wx-c.x)*v.worldSize()+v.Width/2)*v.scale()) / v.scale()
}

func (v Viewport) edgeY(wy float64) float64 {
	c := toWorld(v.Lon, v.Lat)
	return math.Round(((wy-c.y)*v.worldSize()+v.Height/2)*v.scale()) / v.scale()
}

// Tiles returns the tiles of TileZoom that the map shows, those nearest to its
// centre first. A viewport without size has none.
func (v Viewport) Tiles() []Placement { return v.TilesAt(v.TileZoom()) }

// TilesAt is Tiles for another zoom. The number is bounded by the caller's
// choice of zoom: each zoom more gives four times as many.
func (v Viewport) TilesAt(z uint8) []Placement {
	if v.Width <= 0 || v.Height <= 0 {
		return nil
	}
	n := math.Exp2(float64(z))
	a, b := v.world(0, 0), v.world(v.Width, v.Height)
	x0, x1 := int(math.Floor(a.x*n)), int(math.Ceil(b.x*n))
	y0, y1 := max(int(math.Floor(a.y*n)), 0), min(int(math.Ceil(b.y*n)), int(n))
	var ps []Placement
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			worldCopy := int(math.Floor(float64(x) / n))
			id := tile.ID{Z: z, X: uint32(x - worldCopy*int(n)), Y: uint32(y)}
			ps = append(ps, v.Place(id, worldCopy))
		}
	}
	slices.SortStableFunc(ps, func(p, q Placement) int {
		return cmp.Compare(v.fromCentre(p), v.fromCentre(q))
	})
	return ps
}

func (v Viewport) fromCentre(p Placement) float64 {
	dx, dy := (p.X0+p.X1-v.Width)/2, (p.Y0+p.Y1-v.Height)/2
	return dx*dx + dy*dy
}
