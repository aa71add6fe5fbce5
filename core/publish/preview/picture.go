package preview

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"github.com/shapes-desktop/shapes/core/geo/tile"
)

// Picture draws a tile as an opaque square of size pixels that shows the tile
// id. The scene may be of id itself or of any tile above it, which is then
// enlarged: lines stay as thin as their zoom asks. scale is the device pixels
// per point that line widths are multiplied with.
func Picture(s *Scene, id tile.ID, size int, scale float64, st Style) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, size, size))
	draw.Draw(img, img.Bounds(), image.NewUniform(st.Water), image.Point{}, draw.Src)
	zoom := float64(id.Z) + math.Log2(float64(size)/TileSize) - math.Log2(scale)
	drawScene(newCanvas(img, enlarge(s.ID, id, size)), s, st, zoom, scale)
	return img
}

// enlarge maps the units of the tile from onto a picture of the tile to,
// which must be from or lie in it.
func enlarge(from, to tile.ID, size int) affine {
	times := math.Exp2(float64(to.Z) - float64(from.Z))
	return affine{
		k:  float64(size) * times / tile.Extent,
		dx: (float64(from.X)*times - float64(to.X)) * float64(size),
		dy: (float64(from.Y)*times - float64(to.Y)) * float64(size),
	}
}

func drawScene(c *canvas, s *Scene, st Style, zoom, scale float64) {
	drawGround(c, s, st)
	drawBorders(c, s, st, zoom, scale)
}

// drawGround fills the land. All of it is filled in the colour of land first:
// where two countries meet, the edge pixels of both let a little of what is
// below shine through, and that must not be the water.
func drawGround(c *canvas, s *Scene, st Style) {
	ground := groundUnits(s)
	for _, u := range ground {
		for _, r := range u.Rings {
			c.ring(r)
		}
	}
	c.fill(st.Land)
	for _, col := range groundColors(ground, st) {
		for _, u := range ground {
			if st.fill(u.country) != col {
				continue
			}
			for _, r := range u.Rings {
				c.ring(r)
			}
		}
		c.fill(col)
	}
}

// groundUnits returns the units whose area is the land: those of the highest
// level that there is of their country, or all where layers do not tell their
// level. Each country by itself, since a tile may show one of which there are
// provinces only beside one that is there as a whole.
func groundUnits(s *Scene) []*Unit {
	top := map[string]int{}
	for i := range s.Units {
		u := &s.Units[i]
		if level, ok := top[u.country]; u.named && (!ok || u.Level < level) {
			top[u.country] = u.Level
		}
	}
	var out []*Unit
	for i := range s.Units {
		if u := &s.Units[i]; !u.named || u.Level == top[u.country] {
			out = append(out, u)
		}
	}
	return out
}

// groundColors lists the colours in use, in order of first use, without the
// one that the whole land has already.
func groundColors(units []*Unit, st Style) []color.RGBA {
	var out []color.RGBA
next:
	for _, u := range units {
		col := st.fill(u.country)
		if col == st.Land {
			continue
		}
		for _, have := range out {
			if have == col {
				continue next
			}
		}
		out = append(out, col)
	}
	return out
}

// drawBorders draws the deepest level first, so that stronger lines lie over
// weaker ones, and coasts last of their level.
func drawBorders(c *canvas, s *Scene, st Style, zoom, scale float64) {
	top, deepest := s.Top, s.Top
	for _, u := range s.Units {
		deepest = max(deepest, u.Level)
	}
	for level := deepest; level >= top; level-- {
		strokeLines(c, s.Lines, level, false, st.border(level-top), zoom, scale)
		if level == top {
			strokeLines(c, s.Lines, level, true, st.Coast, zoom, scale)
		} else {
			strokeLines(c, s.Lines, level, true, st.border(level-top), zoom, scale)
		}
	}
}

func strokeLines(c *canvas, lines []Line, level int, coast bool, st Stroke, zoom, scale float64) {
	width, alpha := st.Width.At(zoom)*scale, st.Alpha.At(zoom)
	if alpha <= 0 || width <= 0 {
		return
	}
	for _, l := range lines {
		if l.Level == level && l.Coast == coast {
			c.line(l, width)
		}
	}
	if width < 1 { // thinner than a pixel: full coverage, less colour, is smoother
		alpha *= math.Sqrt(width)
		width = max(width, 0.8)
	}
	c.stroke(withAlpha(st.Color, alpha), width)
}
