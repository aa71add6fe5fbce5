package preview

import (
	"image"
	"math"
)

// rect is the area that can be seen, in pixels. Whatever is drawn is cut to
// it first: tiles may hold any coordinate, enlarged ones reach far outside the
// picture, and the rasteriser's single precision is for the picture only.
type rect struct{ x0, y0, x1, y1 float64 }

// grow returns r with a border of d on all sides.
func (r rect) grow(d float64) rect { return rect{r.x0 - d, r.y0 - d, r.x1 + d, r.y1 + d} }

// pixels is r in whole pixels.
func (r rect) pixels() image.Rectangle {
	return image.Rect(int(math.Round(r.x0)), int(math.Round(r.y0)), int(math.Round(r.x1)), int(math.Round(r.y1)))
}

func (r rect) overlaps(s rect) bool {
	return r.x0 <= s.x1 && s.x0 <= r.x1 && r.y0 <= s.y1 && s.y0 <= r.y1
}

func boundsOf(pts []point) rect {
	r := rect{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, p := range pts {
		r.x0, r.x1 = min(r.x0, p.x), max(r.x1, p.x)
		r.y0, r.y1 = min(r.y0, p.y), max(r.y1, p.y)
	}
	return r
}

func (r rect) holds(s rect) bool { return r.x0 <= s.x0 && r.y0 <= s.y0 && r.x1 >= s.x1 && r.y1 >= s.y1 }

// side is a straight border of a rect; inside is where inner is not negative.
type side struct {
	alongX bool
	at     float64
	sign   float64
}

func (s side) inner(p point) float64 {
	if s.alongX {
		return (p.x - s.at) * s.sign
	}
	return (p.y - s.at) * s.sign
}

func (s side) cross(a, b point) point {
	da, db := s.inner(a), s.inner(b)
	t := da / (da - db)
	p := point{a.x + (b.x-a.x)*t, a.y + (b.y-a.y)*t}
	if s.alongX {
		p.x = s.at
	} else {
		p.y = s.at
	}
	return p
}

func (r rect) sides() [4]side {
	return [4]side{{true, r.x0, 1}, {true, r.x1, -1}, {false, r.y0, 1}, {false, r.y1, -1}}
}

// ring cuts a ring to r (Sutherland–Hodgman). Parts may stay joined by edges
// along r's border, which enclose nothing and fill to nothing. Whole rings are
// returned as they are; of others the result lies in scratch, until its next
// use, and cut is true.
func (r rect) ring(pts []point, scratch *[2][]point) (_ []point, cut bool) {
	b := boundsOf(pts)
	if r.holds(b) {
		return pts, false
	}
	if !r.overlaps(b) {
		return nil, false
	}
	for i, s := range r.sides() {
		out := scratch[i%2][:0]
		for k, p := range pts {
			prev := pts[(k+len(pts)-1)%len(pts)]
			in, prevIn := s.inner(p) >= 0, s.inner(prev) >= 0
			if in != prevIn {
				out = append(out, s.cross(prev, p))
			}
			if in {
				out = append(out, p)
			}
		}
		scratch[i%2] = out
		pts = out
	}
	return pts, true
}

// line cuts an open line to r and calls emit with each part inside. A part is
// valid until emit returns.
func (r rect) line(pts []point, emit func([]point)) {
	b := boundsOf(pts)
	if r.holds(b) {
		emit(pts)
		return
	}
	if !r.overlaps(b) {
		return
	}
	var part []point
	for i := 1; i < len(pts); i++ {
		a, b, ok := r.segment(pts[i-1], pts[i])
		if !ok {
			continue
		}
		if len(part) == 0 || part[len(part)-1] != a {
			if len(part) > 1 {
				emit(part)
			}
			part = append(part[:0], a)
		}
		part = append(part, b)
	}
	if len(part) > 1 {
		emit(part)
	}
}

// segment cuts a segment to r (Liang–Barsky), leaving ends inside untouched.
func (r rect) segment(a, b point) (point, point, bool) {
	for _, s := range r.sides() {
		da, db := s.inner(a), s.inner(b)
		switch {
		case da < 0 && db < 0:
			return a, b, false
		case da < 0:
			a = s.cross(a, b)
		case db < 0:
			b = s.cross(a, b)
		}
	}
	return a, b, true
}
