package mvt

import "google.golang.org/protobuf/encoding/protowire"

// The commands of section 4.3.1 of the specification.
const (
	moveTo    = 1
	lineTo    = 2
	closePath = 7
)

// path receives a geometry, part by part.
type path interface {
	begin(x, y int64) // a point, or the first position of a line or ring
	line(x, y int64)
	closeRing()
}

// geometryReader follows the commands of one feature.
type geometryReader struct {
	r     reader
	typ   GeomType
	to    path
	note  func(*FormatError)
	x, y  int64
	last  uint32 // command before this one, 0 at the start
	fresh int    // positions of the part at hand
}

// walk sends the geometry to a path. Structural faults are fatal: what follows
// them has no meaning.
func (g *geometryReader) walk() *FormatError {
	for g.r.more() {
		at := g.r.offset()
		v, err := g.r.varint()
		if err != nil {
			return err
		}
		if v > 1<<32-1 {
			return errorAt(at, "geometry command %d is out of range", v)
		}
		command, count := uint32(v)&7, int(v>>3)
		switch command {
		case moveTo:
			err = g.moves(at, count)
		case lineTo:
			err = g.lines(at, count)
		case closePath:
			err = g.closes(at, count)
		default:
			err = errorAt(at, "geometry command %d is unknown", command)
		}
		if err != nil {
			return err
		}
		g.last = command
	}
	return g.end()
}

// params refuses a count that the bytes left cannot hold.
func (g *geometryReader) params(at, count int) *FormatError {
	if count == 0 {
		return errorAt(at, "geometry command with count 0")
	}
	if left := len(g.r.buf) - g.r.pos; count > left/2 {
		return errorAt(at, "geometry command of %d positions, %d bytes left", count, left)
	}
	return nil
}

// step reads a position; still reports one that did not move.
func (g *geometryReader) step() (still bool, err *FormatError) {
	at := g.r.offset()
	dx, err := g.r.varint()
	if err != nil {
		return false, err
	}
	if !g.r.more() {
		return false, errorAt(at, "position without y")
	}
	dy, err := g.r.varint()
	if err != nil {
		return false, err
	}
	if dx > 1<<32-1 || dy > 1<<32-1 {
		return false, errorAt(at, "position step beyond 32 bits")
	}
	g.x += protowire.DecodeZigZag(dx)
	g.y += protowire.DecodeZigZag(dy)
	return dx|dy == 0, nil
}

func (g *geometryReader) moves(at, count int) *FormatError {
	switch {
	case g.typ == Point && g.last != 0:
		g.note(errorAt(at, "point with more than one MoveTo"))
	case g.typ == LineString && g.last == moveTo:
		return errorAt(at, "MoveTo after MoveTo in a line")
	case g.typ == Polygon && g.last != 0 && g.last != closePath:
		return errorAt(at, "MoveTo before the ring is closed")
	case count > 1 && (g.typ == LineString || g.typ == Polygon):
		return errorAt(at, "MoveTo of %d positions in a %v", count, g.typ)
	}
	if err := g.params(at, count); err != nil {
		return err
	}
	for range count {
		if _, err := g.step(); err != nil {
			return err
		}
		g.to.begin(g.x, g.y)
	}
	g.fresh = 1
	return nil
}

func (g *geometryReader) lines(at, count int) *FormatError {
	if g.typ == Point {
		return errorAt(at, "LineTo in a point")
	}
	if g.last != moveTo {
		return errorAt(at, "LineTo without a MoveTo before it")
	}
	if err := g.params(at, count); err != nil {
		return err
	}
	for range count {
		here := g.r.offset()
		still, err := g.step()
		if err != nil {
			return err
		}
		if still {
			g.note(errorAt(here, "LineTo of length zero at %d,%d", g.x, g.y))
		}
		g.to.line(g.x, g.y)
	}
	g.fresh += count
	return nil
}

func (g *geometryReader) closes(at, count int) *FormatError {
	switch {
	case count != 1:
		return errorAt(at, "ClosePath with count %d", count)
	case g.typ == Point || g.typ == LineString:
		return errorAt(at, "ClosePath in a %v", g.typ)
	case g.last != lineTo:
		return errorAt(at, "ClosePath without a LineTo before it")
	case g.fresh < 3:
		g.note(errorAt(at, "ring of %d positions near %d,%d", g.fresh, g.x, g.y))
	}
	g.to.closeRing()
	return nil
}

func (g *geometryReader) end() *FormatError {
	switch {
	case g.typ == LineString && g.last == moveTo:
		return errorAt(g.r.offset(), "line of one position at %d,%d", g.x, g.y)
	case g.typ == Polygon && g.last != closePath && g.last != 0:
		return errorAt(g.r.offset(), "ring not closed at %d,%d", g.x, g.y)
	}
	return nil
}
