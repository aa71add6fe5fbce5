package preview

import (
	"math"

	"golang.org/x/image/vector"
)

// miterLimit is how far, in half widths, a corner may reach before it is cut
// off; sharper corners get two points instead of a spike.
const miterLimit = 2.0

// minStep is the shortest segment, in pixels, that gets a direction of its own.
// Detailed coasts have many that are shorter, and their corners would blot.
const minStep = 0.3

// stroker turns lines into the outlines of their strokes. All are wound the
// same way, so that strokes of one colour may go into one rasteriser and their
// overlaps do not cancel. It keeps its memory between lines.
type stroker struct {
	pts         []point
	left, right []point
}

// add puts the outline of a line of the given width into z.
func (s *stroker) add(z *vector.Rasterizer, line []point, closed bool, width float64) {
	s.thin(line, closed)
	if len(s.pts) < 2 {
		return
	}
	s.left, s.right = s.left[:0], s.right[:0]
	n := len(s.pts)
	for i, p := range s.pts {
		switch {
		case closed || i > 0 && i < n-1:
			s.corner(s.pts[(i+n-1)%n], p, s.pts[(i+1)%n], width/2)
		case i == 0:
			s.end(p, direction(p, s.pts[1]), width/2)
		default:
			s.end(p, direction(s.pts[n-2], p), width/2)
		}
	}
	if closed {
		fillPath(z, s.left, false)
		fillPath(z, s.right, true)
		return
	}
	for i := len(s.right) - 1; i >= 0; i-- {
		s.left = append(s.left, s.right[i])
	}
	fillPath(z, s.left, false)
}

// thin copies the line without its shortest segments, keeping both ends.
func (s *stroker) thin(line []point, closed bool) {
	s.pts = s.pts[:0]
	for i, p := range line {
		if n := len(s.pts); n > 0 && distance(s.pts[n-1], p) < minStep {
			if i == len(line)-1 && n > 1 && !closed {
				s.pts[n-1] = p
			}
			continue
		}
		s.pts = append(s.pts, p)
	}
	if n := len(s.pts); closed && n > 1 && distance(s.pts[0], s.pts[n-1]) < minStep {
		s.pts = s.pts[:n-1]
	}
}

// end puts the two corners of a line's end.
func (s *stroker) end(p, d point, half float64) {
	s.left = append(s.left, point{p.x + d.y*half, p.y - d.x*half})
	s.right = append(s.right, point{p.x - d.y*half, p.y + d.x*half})
}

func (s *stroker) corner(before, p, after point, half float64) {
	d0, d1 := direction(before, p), direction(p, after)
	n0, n1 := point{d0.y, -d0.x}, point{d1.y, -d1.x}
	k := 1 + n0.x*n1.x + n0.y*n1.y // 2·cos²(half the turn)
	if k < 2/(miterLimit*miterLimit) {
		s.left = append(s.left, point{p.x + n0.x*half, p.y + n0.y*half}, point{p.x + n1.x*half, p.y + n1.y*half})
		s.right = append(s.right, point{p.x - n0.x*half, p.y - n0.y*half}, point{p.x - n1.x*half, p.y - n1.y*half})
		return
	}
	m := point{(n0.x + n1.x) / k * half, (n0.y + n1.y) / k * half}
	s.left = append(s.left, point{p.x + m.x, p.y + m.y})
	s.right = append(s.right, point{p.x - m.x, p.y - m.y})
}

func direction(a, b point) point {
	d := distance(a, b)
	return point{(b.x - a.x) / d, (b.y - a.y) / d}
}

func distance(a, b point) float64 { return math.Hypot(b.x-a.x, b.y-a.y) }

// fillPath puts a closed path into z, backwards if asked.
func fillPath(z *vector.Rasterizer, pts []point, backwards bool) {
	if len(pts) < 3 {
		return
	}
	n := len(pts)
	at := func(i int) (float32, float32) {
		if backwards {
			i = n - 1 - i
		}
		return float32(pts[i].x), float32(pts[i].y)
	}
	z.MoveTo(at(0))
	for i := 1; i < n; i++ {
		z.LineTo(at(i))
	}
	z.ClosePath()
}
