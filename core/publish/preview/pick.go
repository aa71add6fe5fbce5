package preview

import (
	"context"

	"github.com/shapes-desktop/shapes/core/geo/mvt"
	"github.com/shapes-desktop/shapes/core/geo/tile"
)

// Key tells units apart, across tiles and zooms. The zero Key is no unit.
type Key struct {
	Layer string
	ID    uint64
	Name  string // tells units without id apart
}

// Key returns the unit's key.
func (u *Unit) Key() Key {
	if u.ID != 0 {
		return Key{Layer: u.Layer, ID: u.ID}
	}
	return Key{Layer: u.Layer, Name: Name(u.Attrs, English) + "\x00" + attr(u.Attrs, "code", "iso_3166_2", "shapeID", "adm0_a3")}
}

// Contains reports whether a position in tile units lies in the unit.
func (u *Unit) Contains(x, y float64) bool {
	if !u.box.has(x, y) {
		return false
	}
	in := false
	for _, r := range u.Rings {
		if crosses(r, x, y) {
			in = !in
		}
	}
	return in
}

// crosses reports whether a ray to the right crosses a ring an odd number of
// times. Each edge owns its upper end only, so that a vertex counts once.
func crosses(r []mvt.Coord, x, y float64) bool {
	odd := false
	for i, a := range r {
		b := r[(i+1)%len(r)]
		if (float64(a.Y) <= y) == (float64(b.Y) <= y) {
			continue
		}
		t := (y - float64(a.Y)) / float64(b.Y-a.Y)
		if float64(a.X)+t*(float64(b.X)-float64(a.X)) > x {
			odd = !odd
		}
	}
	return odd
}

// Pick returns the units at a position in the scene's tile units, the deepest
// level first. The units are the scene's and must not be written to.
func (s *Scene) Pick(x, y float64) []*Unit {
	var hit []*Unit
	for i := len(s.Units) - 1; i >= 0; i-- {
		if u := &s.Units[i]; u.Contains(x, y) {
			hit = append(hit, u)
		}
	}
	return hit
}

// Pick returns the units under a point of the map, the deepest level first;
// none over water or beside the world.
func (m *Map) Pick(ctx context.Context, v Viewport, x, y float64) ([]*Unit, error) {
	s, at, err := m.under(ctx, v, x, y)
	if err != nil || s == nil {
		return nil, err
	}
	return s.Pick(at.x, at.y), nil
}

// under returns the scene under a point of the map and the position in it.
func (m *Map) under(ctx context.Context, v Viewport, x, y float64) (*Scene, point, error) {
	lon, lat, ok := v.LonLat(x, y)
	if !ok {
		return nil, point{}, nil
	}
	w := toWorld(lon, lat)
	z := min(v.TileZoom(), m.meta.MaxZoom)
	n := float64(uint64(1) << z)
	id := tile.ID{Z: z, X: min(uint32(w.x*n), uint32(n)-1), Y: min(uint32(w.y*n), uint32(n)-1)}
	s, err := m.Scene(ctx, id)
	if err != nil {
		return nil, point{}, err
	}
	return s, point{(w.x*n - float64(id.X)) * tile.Extent, (w.y*n - float64(id.Y)) * tile.Extent}, nil
}
