package parent

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// span is a part of a line of latitude.
type span struct{ west, east float64 }

// scanner cuts areas along lines of latitude; it is scratch memory.
//
//	      ______
//	     /      \___
//	- - |xxxxxxxxxxx|- - -   spans(y) of the area: two
//	    |   ___     |
//	- - |xx|   |xxxx|- - -   y
//	     \_|   |____/
type scanner struct {
	xs     []float64
	spans  []span
	points []orb.Point
}

// crosses tells whether an edge passes a latitude. Every closed ring does so an
// even number of times.
func crosses(a, b orb.Point, y float64) bool { return (a[1] > y) != (b[1] > y) }

// crossing is the longitude at which it does: the same number whichever way
// the edge runs, so that neighbours agree.
func crossing(a, b orb.Point, y float64) float64 {
	if a[1] > b[1] {
		a, b = b, a
	}
	return a[0] + (y-a[1])/(b[1]-a[1])*(b[0]-a[0])
}

// polygon returns the spans of a polygon at y, from west to east. They are
// valid until the next call.
func (s *scanner) polygon(poly orb.Polygon, y float64) []span {
	s.xs, s.spans = s.xs[:0], s.spans[:0]
	for _, r := range poly {
		for i := range r {
			if a, b := r[i], r[(i+1)%len(r)]; crosses(a, b, y) {
				s.xs = append(s.xs, crossing(a, b, y))
			}
		}
	}
	s.pair()
	return s.spans
}

// area returns the spans of an area at y, from west to east and apart, as
// polygon does.
func (s *scanner) area(a *area, y float64) []span {
	s.xs, s.spans = s.xs[:0], s.spans[:0]
	polygon := 0
	for _, e := range a.at(y, y) {
		if r := &a.rings[e.ring]; r.polygon != polygon {
			s.pair()
			polygon = r.polygon
		}
		if from, to := a.ends(e); crosses(from, to, y) {
			s.xs = append(s.xs, crossing(from, to, y))
		}
	}
	s.pair()
	s.merge()
	return s.spans
}

// pair makes spans of the crossings found.
func (s *scanner) pair() {
	slices.Sort(s.xs)
	for i := 1; i < len(s.xs); i += 2 {
		s.spans = append(s.spans, span{s.xs[i-1], s.xs[i]})
	}
	s.xs = s.xs[:0]
}

// merge joins spans that overlap, as those of a feature's polygons should not.
func (s *scanner) merge() {
	slices.SortFunc(s.spans, func(a, b span) int {
		switch {
		case a.west < b.west:
			return -1
		case a.west > b.west:
			return 1
		}
		return 0
	})
	out := s.spans[:0]
	for _, p := range s.spans {
		if n := len(out); n > 0 && p.west <= out[n-1].east {
			out[n-1].east = math.Max(out[n-1].east, p.east)
			continue
		}
		out = append(out, p)
	}
	s.spans = out
}

// probes returns points well inside the area, the midmost first: each is the
// middle of the widest span of a line through the largest polygon. They are
// valid until the next call; there is none if there is no vertex.
func (s *scanner) probes(mp orb.MultiPolygon) []orb.Point {
	s.points = s.points[:0]
	poly := largest(mp)
	if poly == nil {
		return nil
	}
	box := boxOf(poly[0])
	widest := 0.0
	for _, at := range [...]float64{1. / 2, 3. / 8, 5. / 8, 1. / 4, 3. / 4} {
		y := box.Min[1] + at*(box.Max[1]-box.Min[1])
		p, wide := middle(s.polygon(poly, y), y)
		if !(wide > 0) {
			continue
		}
		s.points = append(s.points, p)
		if wide > widest {
			last := len(s.points) - 1
			s.points[0], s.points[last] = s.points[last], s.points[0]
			widest = wide
		}
	}
	if len(s.points) == 0 { // it has no inside
		s.points = append(s.points, poly[0][0])
	}
	return s.points
}

// middle returns the middle of the widest span, and how wide that is.
func middle(spans []span, y float64) (p orb.Point, wide float64) {
	for _, s := range spans {
		if w := s.east - s.west; w > wide {
			p, wide = orb.Point{s.west + w/2, y}, w
		}
	}
	return p, wide
}

// largest returns the polygon with the largest area (its holes counted as
// part of it), nil if there is none with a vertex.
func largest(mp orb.MultiPolygon) orb.Polygon {
	var best orb.Polygon
	most := -1.0
	for _, poly := range mp {
		if len(poly) == 0 || len(poly[0]) == 0 {
			continue
		}
		if size := sizeOf(poly[0]); size > most {
			best, most = poly, size
		}
	}
	return best
}

// linesPerPolygon is how many lines of latitude measure what a polygon shares
// with the parents.
const linesPerPolygon = 16

// share adds to f.shared what each parent has of the polygon, and returns its
// area, both as the lines find it.
func (f *finder) share(poly orb.Polygon) float64 {
	if len(poly) == 0 || len(poly[0]) == 0 {
		return 0
	}
	box := boxOf(poly[0])
	f.candidates(box)
	total := 0.0
	high := (box.Max[1] - box.Min[1]) / linesPerPolygon
	for i := range linesPerPolygon {
		y := box.Min[1] + (float64(i)+.5)*high
		spans := f.lines.polygon(poly, y)
		total += high * common(spans, spans)
		for _, p := range f.near {
			a := &f.parents[p]
			if y < a.box.Min[1] || y > a.box.Max[1] {
				continue
			}
			if part := high * common(spans, f.across.area(a, y)); part > 0 {
				if f.shared[p] == 0 {
					f.met = append(f.met, p)
				}
				f.shared[p] += part
			}
		}
	}
	return total
}

// common is the length of what two lists of spans have in common, each from
// west to east.
func common(a, b []span) float64 {
	sum := 0.0
	for len(a) > 0 && len(b) > 0 {
		if d := math.Min(a[0].east, b[0].east) - math.Max(a[0].west, b[0].west); d > 0 {
			sum += d
		}
		if a[0].east < b[0].east {
			a = a[1:]
		} else {
			b = b[1:]
		}
	}
	return sum
}
