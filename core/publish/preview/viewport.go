// Package preview draws maps from vector tiles: where the map looks
// (Viewport), how it looks (Style), a tile's picture, the labels over them,
// and the unit under a position. It knows no window toolkit.
package preview

import "math"

// TileSize is the width and height of a tile picture in pixels, and the size
// that zooms are counted in: at zoom z the world is TileSize·2^z points wide.
const TileSize = 512

// MaxZoom is the deepest zoom a Viewport may have. Below a tileset's last
// zoom the last tiles are enlarged.
const MaxZoom = 20

// Viewport says what part of the world a map shows. Positions on the map are
// in points, from its top left corner, x to the right and y down.
type Viewport struct {
	Lon, Lat float64 // of the centre, degrees
	Zoom     float64 // may be fractional
	Width    float64 // points
	Height   float64 // points
	Scale    float64 // device pixels per point; 0 counts as 1
}

// scale is Scale with its default.
func (v Viewport) scale() float64 {
	if v.Scale <= 0 || math.IsNaN(v.Scale) || math.IsInf(v.Scale, 0) {
		return 1
	}
	return v.Scale
}

// worldSize is the width of the world in points.
func (v Viewport) worldSize() float64 { return TileSize * math.Exp2(v.Zoom) }

// Pixels returns the size of the map in device pixels.
func (v Viewport) Pixels() (width, height int) {
	return int(math.Round(v.Width * v.scale())), int(math.Round(v.Height * v.scale()))
}

// world returns the position of a point of the map in the unit square; x goes
// beyond it where a copy of the world is shown.
func (v Viewport) world(x, y float64) point {
	c, s := toWorld(v.Lon, v.Lat), v.worldSize()
	return point{c.x + (x-v.Width/2)/s, c.y + (y-v.Height/2)/s}
}

// pixel is the inverse of world, in device pixels.
func (v Viewport) pixel(w point) point {
	c, s := toWorld(v.Lon, v.Lat), v.worldSize()
	return point{((w.x-c.x)*s + v.Width/2) * v.scale(), ((w.y-c.y)*s + v.Height/2) * v.scale()}
}

// LonLat returns the degrees under a point of the map, and whether it lies on
// the world: above and below it the map shows nothing.
func (v Viewport) LonLat(x, y float64) (lon, lat float64, ok bool) {
	w := v.world(x, y)
	lon, lat = fromWorld(w)
	return lon, lat, w.y >= 0 && w.y <= 1
}

// Point returns where a position is on the map; of the world's copies, the one
// nearest to the centre counts.
func (v Viewport) Point(lon, lat float64) (x, y float64) {
	c, p, s := toWorld(v.Lon, v.Lat), toWorld(lon, lat), v.worldSize()
	dx := p.x - c.x
	dx -= math.Round(dx)
	return v.Width/2 + dx*s, v.Height/2 + (p.y-c.y)*s
}

// Pan returns the viewport after its content moved by dx, dy points.
func (v Viewport) Pan(dx, dy float64) Viewport {
	c, s := toWorld(v.Lon, v.Lat), v.worldSize()
	v.Lon, v.Lat = fromWorld(point{c.x - dx/s, c.y - dy/s})
	return v.Clamp()
}

// ZoomAbout returns the viewport at another zoom, with the place under the
// point x, y kept where it is.
func (v Viewport) ZoomAbout(x, y, zoom float64) Viewport {
	under := v.world(x, y)
	v.Zoom = zoom
	v = v.clampZoom()
	s := v.worldSize()
	v.Lon, v.Lat = fromWorld(point{under.x - (x-v.Width/2)/s, under.y - (y-v.Height/2)/s})
	return v.Clamp()
}

// MinZoom is the zoom at which the world is as high as the map, or 0.
func (v Viewport) MinZoom() float64 {
	if v.Height <= 0 {
		return 0
	}
	return min(max(math.Log2(v.Height/TileSize), -2), 4)
}

// Clamp returns the viewport brought to where it can be: a finite centre on
// the world, a zoom within [MinZoom(), MaxZoom], and no empty strip above or
// below the world where the map is small enough to avoid it.
func (v Viewport) Clamp() Viewport {
	v = v.clampZoom()
	if math.IsNaN(v.Lon) || math.IsInf(v.Lon, 0) {
		v.Lon = 0
	}
	if math.IsNaN(v.Lat) {
		v.Lat = 0
	}
	c := toWorld(v.Lon, v.Lat)
	half := v.Height / 2 / v.worldSize()
	if half >= 0.5 {
		c.y = 0.5
	} else {
		c.y = min(max(c.y, half), 1-half)
	}
	v.Lon, v.Lat = fromWorld(c)
	return v
}

func (v Viewport) clampZoom() Viewport {
	if math.IsNaN(v.Zoom) {
		v.Zoom = 0
	}
	v.Zoom = min(max(v.Zoom, v.MinZoom()), MaxZoom)
	return v
}

// Fit returns the viewport of the same size that shows bounds (west, south,
// east, north, in degrees) with a little air. Bounds of nearly the whole world
// fill the width and centre on the land rather than on the equator.
func (v Viewport) Fit(bounds [4]float64) Viewport {
	nw, se := toWorld(bounds[0], bounds[3]), toWorld(bounds[2], bounds[1])
	w, h := se.x-nw.x, se.y-nw.y
	if v.Width <= 0 || v.Height <= 0 || !(w >= 0 && h >= 0) {
		return v.Clamp()
	}
	if w > 0.8 {
		return v.fitWorld()
	}
	const air = 0.92
	v.Zoom = math.Log2(air * min(v.Width/TileSize/max(w, 1e-7), v.Height/TileSize/max(h, 1e-7)))
	v.Lon, v.Lat = fromWorld(point{(nw.x + se.x) / 2, (nw.y + se.y) / 2})
	return v.Clamp()
}

// fitWorld shows one whole world from side to side. The land lies north: the
// latitude puts Cape Horn and the north coast of Greenland on most windows.
func (v Viewport) fitWorld() Viewport {
	const landMiddle = 34.0
	v.Zoom = math.Log2(v.Width / TileSize)
	v.Lon, v.Lat = 10, landMiddle
	return v.Clamp()
}
