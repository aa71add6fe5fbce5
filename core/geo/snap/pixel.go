package snap

import "github.com/shapes-desktop/shapes/core/geo/grid"

// segment is a segment in doubled fine units, so that the corners of pixels
// (half a unit of the coarse grid off its points) are integers at any shift.
// It runs from left to right.
type segment struct {
	ax, ay, dx, dy int64
	upward         bool // y decreases from left to right
	side           int64
	scale          uint // coarse units to doubled fine units, as a shift
}

func newSegment(a, b grid.Point, shift uint) segment {
	if b.X < a.X {
		a, b = b, a
	}
	s := segment{
		ax: int64(a.X) * 2, ay: int64(a.Y) * 2,
		dx: int64(b.X-a.X) * 2, dy: int64(b.Y-a.Y) * 2,
		scale: shift + 1, side: 1 << shift,
	}
	s.upward = s.dy < 0
	return s
}

// passes reports whether the segment has a point in the pixel around h, which
// owns its left and upper edges but not its right and lower ones. h must lie
// in the box of the pixels of the segment's ends; then the pixel, if the line
// passes it, is passed by the segment as well, save where an end lies beyond a
// pixel's edge, which the corner tests leave to the box tests here.
func (s *segment) passes(h grid.Point) bool {
	cx, cy := int64(h.X)<<s.scale, int64(h.Y)<<s.scale
	x0, x1, y0, y1 := cx-s.side, cx+s.side, cy-s.side, cy+s.side
	lo, hi := s.ay, s.ay+s.dy
	if s.upward {
		lo, hi = hi, lo
	}
	if s.ax >= x1 || s.ax+s.dx < x0 || lo >= y1 || hi < y0 {
		return false
	}
	if s.dx == 0 || s.dy == 0 {
		return true
	}
	// The line's value at a corner: > 0 below the line (y grows down).
	at := func(x, y int64) int64 { return s.dx*(y-s.ay) - s.dy*(x-s.ax) }
	ul, ur, ll, lr := at(x0, y0), at(x1, y0), at(x0, y1), at(x1, y1)
	if ul == 0 {
		return true // the only corner a pixel owns
	}
	// Strictly between corners on different sides the line passes inside, or
	// along an owned edge. Corners that are on the line but not owned count
	// only if the line goes on into the pixel.
	neg := ul < 0 || ur < 0 || ll < 0 || lr < 0
	pos := ul > 0 || ur > 0 || ll > 0 || lr > 0
	return neg && pos
}
