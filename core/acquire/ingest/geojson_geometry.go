package ingest

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// geometry is what was found of one geometry object. Its coordinates are in
// the collector's shape from mark on; their meaning waits for the type, which
// may come after them.
type geometry struct {
	typ       string
	mark      shapeMark
	level     nesting
	has       bool // has coordinates
	malformed string
}

// nesting tells how deep a list of coordinates is nested.
type nesting int

const (
	nestEmpty    nesting = iota // no position in it
	nestPosition                // [x, y]
	nestRing                    // list of positions
	nestPolygon                 // list of rings
	nestMulti                   // list of polygons
	nestTooDeep
)

// geometry reads the value of "geometry".
func (j *jsonReader) geometry(g *geometry) error {
	c, err := j.peekValue()
	if err != nil {
		return err
	}
	if c != '{' {
		if c != 'n' {
			g.malformed = "the geometry is not an object"
		}
		return j.skip()
	}
	return j.eachMember(func(name []byte) (err error) {
		switch string(name) {
		case "type":
			g.typ, err = j.typeName()
		case "coordinates":
			err = j.coordinates(g)
		case "geometries":
			err = j.geometries(g)
		default:
			err = j.skip()
		}
		return err
	})
}

// geometries reads the members of a GeometryCollection, each resolved on its
// own.
func (j *jsonReader) geometries(g *geometry) error {
	_, err := j.itemsIfArray(func(int) error {
		var member geometry
		if err := j.geometry(&member); err != nil {
			return err
		}
		j.resolve(&member)
		return nil
	})
	return err
}

// resolve gives the coordinates read the meaning of the type.
func (j *jsonReader) resolve(g *geometry) {
	s := &j.c.shape
	wanted, isArea := nestEmpty, false
	switch g.typ {
	case "Polygon":
		wanted, isArea = nestPolygon, true
	case "MultiPolygon":
		wanted, isArea = nestMulti, true
	case "Point", "MultiPoint", "LineString", "MultiLineString":
		if g.has {
			s.rewind(g.mark)
			s.other++
		}
		return
	case "GeometryCollection":
		return
	}
	if !g.has {
		if g.malformed != "" {
			j.c.dropGeometry(g.malformed)
		}
		return
	}
	if g.malformed == "" && isArea && g.level != wanted && g.level != nestEmpty {
		g.malformed = "coordinates are not nested as a " + g.typ + "'s"
	}
	if !isArea && g.malformed == "" {
		g.malformed = "unknown type of geometry " + clip(g.typ)
	}
	if g.malformed != "" {
		j.c.dropGeometry(g.malformed)
		s.rewind(g.mark)
		return
	}
	if g.level == nestPolygon {
		s.endPolygon()
	}
}

// coordinates reads the value of "coordinates" into the shape.
func (j *jsonReader) coordinates(g *geometry) error {
	g.mark, g.has, g.malformed = j.c.shape.mark(), true, ""
	c, err := j.peekValue()
	if err != nil {
		return err
	}
	if c != '[' {
		g.has = false
		if c != 'n' {
			g.malformed = "\"coordinates\" is not a list"
		}
		return j.skip()
	}
	g.level, err = j.list(g)
	return err
}

// list reads a nested list of positions and returns how deep it is. Ends of
// rings are noted as they come; ends of polygons within a list of them too.
func (j *jsonReader) list(g *geometry) (nesting, error) {
	if err := j.enter('['); err != nil {
		return nestEmpty, err
	}
	level := nestEmpty // of the members
	for n := 0; ; n++ {
		ok, err := j.more(']', n)
		if err != nil {
			return level, err
		}
		if !ok {
			return j.endList(level), nil
		}
		c, err := j.peekValue()
		if err != nil {
			return level, err
		}
		if c != '[' {
			return nestPosition, j.position(g, n)
		}
		member, taken, err := j.member(g)
		if err != nil {
			return level, err
		}
		n += taken
		if level == nestEmpty {
			level = member
		} else if member != level && member != nestEmpty {
			g.malformed = "coordinates are nested unevenly"
		}
		if member == nestPolygon {
			j.c.shape.endPolygon()
			if g.mark.pts == 0 && g.malformed == "" {
				j.c.settle()
			}
		}
	}
}

// member reads one member of a list; positions in their usual form as many as
// follow each other. taken is how many it read beyond the first.
func (j *jsonReader) member(g *geometry) (level nesting, taken int, err error) {
	if n := j.positions(); n > 0 {
		j.c.shape.spill()
		return nestPosition, n - 1, j.c.checkVertices(j.c.shape.vertices())
	}
	level, err = j.list(g)
	if err == nil && level == nestPosition {
		j.c.shape.spill()
		err = j.c.checkVertices(j.c.shape.vertices())
	}
	return level, 0, err
}

// endList returns the level of a list whose members are of the given level.
func (j *jsonReader) endList(members nesting) nesting {
	switch members {
	case nestEmpty:
		return nestEmpty
	case nestPosition:
		j.c.shape.endRing()
		return nestRing
	case nestRing:
		return nestPolygon
	case nestPolygon:
		return nestMulti
	}
	return nestTooDeep
}

// positions reads positions of two numbers as long as they lie whole in the
// buffer, separated by commas, and returns how many. The comma after the last
// is left. It is the path that nearly all bytes of a boundary file take.
func (j *jsonReader) positions() int {
	if j.end-j.pos < maxPosition {
		j.fill() // an error shows again on the careful path
	}
	pts := j.c.shape.pts
	b := j.buf[:j.end]
	i, taken := j.pos, 0
	room := j.c.limits.VerticesPerFeature - j.c.shape.vertices()
	for next := i; taken <= room; {
		p, n := position2(b[next:])
		if n == 0 {
			break
		}
		pts = append(pts, p)
		taken++
		i = next + n
		next = i
		for next < len(b) && isBlank(b[next]) {
			next++
		}
		if next >= len(b) || b[next] != ',' {
			break
		}
		for next++; next < len(b) && isBlank(b[next]); {
			next++
		}
	}
	j.pos = i
	j.c.shape.pts = pts
	return taken
}

// maxPosition is longer than any usual position's text.
const maxPosition = 128

func isBlank(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }

// position2 parses "[x,y]" at the start of b, with blanks after the comma
// only, and returns how many bytes it took, 0 if b begins otherwise.
func position2(b []byte) (p orb.Point, n int) {
	if len(b) == 0 || b[0] != '[' {
		return p, 0
	}
	x, nx := coordinate(b[1:])
	i := 1 + nx
	if nx == 0 || i >= len(b) || b[i] != ',' {
		return p, 0
	}
	i++
	if i < len(b) && b[i] == ' ' {
		i++
	}
	y, ny := coordinate(b[i:])
	i += ny
	if ny == 0 || i >= len(b) || b[i] != ']' {
		return p, 0
	}
	return orb.Point{x, y}, i + 1
}

// position reads the numbers of a position whose bracket is taken, in any
// form, up to its end. Numbers past the second (height, measure) are left out.
func (j *jsonReader) position(g *geometry, n int) error {
	p := orb.Point{math.NaN(), math.NaN()}
	for {
		c, err := j.peekValue()
		if err != nil {
			return err
		}
		v := math.NaN()
		switch {
		case c == '[' || c == '{' || c == '"' || c == 't' || c == 'f':
			g.malformed = fmt.Sprintf("a position holds something else than numbers, at byte %d", j.offset())
			err = j.skip()
		default:
			v, err = j.ordinate(c)
		}
		if err != nil {
			return err
		}
		if n < 2 {
			p[n] = v
		}
		n++
		ok, err := j.more(']', n)
		if err != nil {
			return err
		}
		if !ok {
			break
		}
	}
	if n < 2 {
		g.malformed = fmt.Sprintf("a position has fewer than two numbers, at byte %d", j.offset())
	}
	j.c.shape.pts = append(j.c.shape.pts, p)
	return nil
}

// ordinate reads a number, NaN for null and the words for it.
func (j *jsonReader) ordinate(c byte) (float64, error) {
	b, err := j.scalar(c)
	if err != nil {
		return 0, err
	}
	text := string(b) + "," // coordinate wants to see the number's end
	if v, n := coordinate([]byte(text)); n == len(b) {
		return v, nil
	}
	return math.NaN(), nil
}
