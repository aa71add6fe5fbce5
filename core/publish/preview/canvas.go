package preview

import (
	"image"
	"image/color"
	"math"

	"github.com/shapes-desktop/shapes/core/geo/mvt"
	"golang.org/x/image/vector"
)

// canvas draws shapes in tile units onto a picture. A shape is first collected
// with ring or line, then painted in one pass and one colour, in a rasteriser
// no larger than what was collected: the cost of a pass is its area.
type canvas struct {
	img    *image.RGBA
	view   rect // the picture in pixels
	toPix  affine
	paths  [][]point // collected
	closed []bool    // … of lines: whether they are rings
	points []point   // memory of paths
	clip   [2][]point
	raster *vector.Rasterizer
	pen    stroker
	ink    blender
}

// affine maps tile units to pixels: p·k + (dx, dy).
type affine struct{ k, dx, dy float64 }

func (a affine) apply(c mvt.Coord) point {
	return point{float64(c.X)*a.k + a.dx, float64(c.Y)*a.k + a.dy}
}

func newCanvas(img *image.RGBA, a affine) *canvas {
	b := img.Bounds()
	return &canvas{
		img: img, toPix: a,
		view:   rect{0, 0, float64(b.Dx()), float64(b.Dy())},
		raster: vector.NewRasterizer(1, 1),
	}
}

// convert appends a part in pixels to the path memory and returns it.
func (c *canvas) convert(part []mvt.Coord) []point {
	from := len(c.points)
	for _, p := range part {
		c.points = append(c.points, c.toPix.apply(p))
	}
	return c.points[from:len(c.points):len(c.points)]
}

// keep copies points into the path memory.
func (c *canvas) keep(pts []point) []point {
	from := len(c.points)
	c.points = append(c.points, pts...)
	return c.points[from:len(c.points):len(c.points)]
}

// ring collects a polygon ring.
func (c *canvas) ring(part []mvt.Coord) {
	from := len(c.points)
	pts, cut := c.view.grow(1).ring(c.convert(part), &c.clip)
	if cut {
		c.points = c.points[:from]
		pts = c.keep(pts)
	}
	if len(pts) >= 3 {
		c.paths = append(c.paths, pts)
	}
}

// fill paints the collected rings in a colour and forgets them.
func (c *canvas) fill(col color.RGBA) {
	area := c.begin(0)
	for _, p := range c.paths {
		c.shift(p, area)
		fillPath(c.raster, p, false)
	}
	c.paint(area, col)
}

// line collects a line that will be stroked with a width of up to maxWidth.
func (c *canvas) line(l Line, maxWidth float64) {
	pts := c.convert(l.Points)
	view := c.view.grow(maxWidth + 2)
	if l.Closed && view.holds(boundsOf(pts)) {
		c.paths, c.closed = append(c.paths, pts), append(c.closed, true)
		return
	}
	if l.Closed {
		pts = append(pts, pts[0])
	}
	view.line(pts, func(part []point) {
		c.paths = append(c.paths, c.keep(part))
		c.closed = append(c.closed, false)
	})
}

// stroke paints the collected lines in a colour and forgets them.
func (c *canvas) stroke(col color.RGBA, width float64) {
	area := c.begin(width)
	for i, p := range c.paths {
		c.shift(p, area)
		c.pen.add(c.raster, p, c.closed[i], width)
	}
	c.paint(area, col)
}

// begin resets the rasteriser to the box of all collected paths.
func (c *canvas) begin(width float64) image.Rectangle {
	all := rect{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, p := range c.paths {
		b := boundsOf(p)
		all = rect{min(all.x0, b.x0), min(all.y0, b.y0), max(all.x1, b.x1), max(all.y1, b.y1)}
	}
	if len(c.paths) == 0 {
		return image.Rectangle{}
	}
	all = all.grow(width*miterLimit + 1)
	area := image.Rect(int(all.x0), int(all.y0), int(math.Ceil(all.x1)), int(math.Ceil(all.y1)))
	area = area.Intersect(c.img.Bounds()).Intersect(c.view.pixels())
	c.raster.Reset(area.Dx(), area.Dy())
	return area
}

func (c *canvas) shift(p []point, area image.Rectangle) {
	dx, dy := float64(area.Min.X), float64(area.Min.Y)
	for i := range p {
		p[i].x -= dx
		p[i].y -= dy
	}
}

func (c *canvas) paint(area image.Rectangle, col color.RGBA) {
	if !area.Empty() {
		c.ink.paint(c.img, area, c.raster, col)
	}
	c.paths, c.closed, c.points = c.paths[:0], c.closed[:0], c.points[:0]
}

// withAlpha fades a colour.
func withAlpha(c color.RGBA, a float64) color.RGBA {
	a = min(max(a, 0), 1)
	f := func(v uint8) uint8 { return uint8(math.Round(float64(v) * a)) }
	return color.RGBA{f(c.R), f(c.G), f(c.B), f(c.A)}
}
