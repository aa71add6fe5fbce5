package ingest

import (
	"runtime"
	"slices"

	"github.com/paulmach/orb"
)

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

	chunks  [][]orb.Point // of a long ring that has not ended, its beginning
	chunked int           // vertices in them
}

// shapeMark is a state of a shape to go back to.
type shapeMark struct{ pts, rings, polys, done, doneVertices int }

func (s *shape) reset() {
	s.pts, s.rings, s.polys, s.other, s.lost, s.told = s.pts[:0], s.rings[:0], s.polys[:0], 0, 0, false
	s.done, s.doneVertices = nil, 0
	s.chunks, s.chunked = nil, 0
}

func (s *shape) mark() shapeMark {
	return shapeMark{len(s.pts), len(s.rings), len(s.polys), len(s.done), s.doneVertices}
}

func (s *shape) rewind(m shapeMark) {
	s.pts, s.rings, s.polys = s.pts[:m.pts], s.rings[:m.rings], s.polys[:m.polys]
	s.done, s.doneVertices = s.done[:m.done], m.doneVertices
	s.chunks, s.chunked = nil, 0
}

// vertices counts those of the feature so far.
func (s *shape) vertices() int { return s.doneVertices + s.chunked + len(s.pts) }

// endRing closes the ring that began where the last one ended.
func (s *shape) endRing() {
	if s.chunked > 0 {
		s.gather()
	}
	s.rings = append(s.rings, len(s.pts))
}

// chunkVertices is how many vertices a ring has before it is kept in chunks.
const chunkVertices = 1 << 16

// spill makes a chunk of what pts has of the ring that has not ended, if that
// is much: a list that grows to millions leaves several times its size behind.
func (s *shape) spill() {
	start := s.lastEnd()
	if len(s.pts)-start < chunkVertices {
		return
	}
	s.chunks = append(s.chunks, slices.Clone(s.pts[start:]))
	s.chunked += len(s.pts) - start
	s.pts = s.pts[:start]
}

// gather joins the chunks of a ring and the rest of it.
func (s *shape) gather() {
	start := s.lastEnd()
	long := s.chunked > large
	chunks := append(s.chunks, slices.Clone(s.pts[start:]))
	s.pts = slices.Grow(s.pts[:start], s.chunked+len(s.pts)-start)
	for i, c := range chunks {
		s.pts = append(s.pts, c...)
		chunks[i] = nil
	}
	s.chunks, s.chunked = nil, 0
	if long {
		runtime.GC()
	}
}

// lastEnd is where the last ring ended in pts.
func (s *shape) lastEnd() int {
	if len(s.rings) == 0 {
		return 0
	}
	return s.rings[len(s.rings)-1]
}

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

// large is how many vertices (8 MB) make a ring or feature large. What was used
// to read it is collected at once: left to itself, the garbage collector lets
// as much pile up as all that lives, and that is much just then.
const large = 1 << 19

// trim gives back the memory of a large feature, and tells whether there was
// such.
func (s *shape) trim() bool {
	if cap(s.pts) <= large {
		return false
	}
	s.pts = nil
	return true
}
