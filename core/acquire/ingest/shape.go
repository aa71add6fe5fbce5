package ingest

import "github.com/paulmach/orb"

// shape is the geometry of one feature as its source has it, in flat scratch
// lists that every feature reuses.
type shape struct {
	pts   []orb.Point
	rings []int // end of each ring in pts
	polys []int // end of each polygon in rings; the first ring of each is the outer one
	other int   // points and lines, which are not drawn
	lost  int   // geometries dropped with a fault
	told  bool  // a fault says why there is no shape

	done         orb.MultiPolygon // of a large feature, polygons that are normalised already
	doneVertices int              // that they had before
}

// shapeMark is a state of a shape to go back to.
type shapeMark struct{ pts, rings, polys, done, doneVertices int }

func (s *shape) reset() {
	s.pts, s.rings, s.polys, s.other, s.lost, s.told = s.pts[:0], s.rings[:0], s.polys[:0], 0, 0, false
	s.done, s.doneVertices = nil, 0
}

func (s *shape) mark() shapeMark {
	return shapeMark{len(s.pts), len(s.rings), len(s.polys), len(s.done), s.doneVertices}
}

func (s *shape) rewind(m shapeMark) {
	s.pts, s.rings, s.polys = s.pts[:m.pts], s.rings[:m.rings], s.polys[:m.polys]
	s.done, s.doneVertices = s.done[:m.done], m.doneVertices
}

// vertices counts those of the feature so far.
func (s *shape) vertices() int { return s.doneVertices + len(s.pts) }

// endRing closes the ring that began where the last one ended.
func (s *shape) endRing() { s.rings = append(s.rings, len(s.pts)) }

// endPolygon closes the polygon that began where the last one ended.
func (s *shape) endPolygon() { s.polys = append(s.polys, len(s.rings)) }

// ring returns the points of ring i, valid until the shape changes.
func (s *shape) ring(i int) []orb.Point {
	start := 0
	if i > 0 {
		start = s.rings[i-1]
	}
	return s.pts[start:s.rings[i]]
}

// trim gives back the memory of an unusually large feature.
func (s *shape) trim() {
	const keep = 1 << 20 // vertices
	if cap(s.pts) > keep {
		s.pts = nil
	}
}
