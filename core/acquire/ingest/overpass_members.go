package ingest

import (
	"math"

	"github.com/paulmach/orb"

	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// role is what a member is to its relation.
type role uint8

const (
	roleOther   role = iota // no outline: a label, a centre, a part
	roleOuter               // "outer" or nothing
	roleInner               // "inner"
	roleUnknown             // a way with a role that nobody knows
)

// roleOf tells the role; a relation without a role is no outline, a way is.
func roleOf(kind elementKind, name string) role {
	switch name {
	case "outer", "exclave":
		return roleOuter
	case "inner", "enclave":
		return roleInner
	case "":
		if kind == kindWay {
			return roleOuter
		}
		return roleOther
	case "subarea", "label", "admin_centre", "admin_center", "defaults", "collection", "land_area":
		return roleOther
	}
	if kind == kindWay {
		return roleUnknown
	}
	return roleOther
}

// osmMember is a part of a relation.
type osmMember struct {
	kind       elementKind
	role       role
	ref        int64
	start, end int  // of its points in the element's list
	has        bool // has geometry
	gap        int  // the point at which one is missing, counted from 1; 0: none
}

// isOutline tells whether the member is part of the outline.
func (m *osmMember) isOutline() bool { return m.role == roleOuter || m.role == roleInner }

// lacks tells whether a way of the outline has no geometry here: it may come
// as an element of its own.
func (e *element) lacks() bool {
	for i := range e.members {
		if m := &e.members[i]; m.kind == kindWay && m.isOutline() && !m.has {
			return true
		}
	}
	return false
}

// relationMembers reads the list of "members".
func (j *jsonReader) relationMembers(e *element) error {
	if c, err := j.peekValue(); err != nil || c != '[' {
		if err == nil {
			err = j.skip()
		}
		return err
	}
	if err := j.enter('['); err != nil {
		return err
	}
	for n := 0; ; n++ {
		ok, err := j.more(']', n)
		if err != nil || !ok {
			return err
		}
		if err := j.relationMember(e); err != nil {
			return err
		}
		if most := j.c.limits.VerticesPerFeature; len(e.members) > most {
			return &LimitError{Limit: "members of one relation", Value: int64(most), Place: j.c.place()}
		}
	}
}

func (j *jsonReader) relationMember(e *element) error {
	if err := j.enter('{'); err != nil {
		return err
	}
	m := osmMember{start: len(e.pts), end: len(e.pts)}
	named := ""
	for n := 0; ; n++ {
		ok, err := j.more('}', n)
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		name, err := j.key()
		if err != nil {
			return err
		}
		switch string(name) {
		case "type":
			m.kind, err = j.elementType()
		case "ref":
			m.ref, err = j.reference64()
		case "role":
			named, err = j.typeName()
		case "geometry":
			err = j.wayGeometry(e, &m)
		default: // the place of a node
			err = j.skip()
		}
		if err != nil {
			return err
		}
	}
	m.role = roleOf(m.kind, named)
	e.members = append(e.members, m)
	return nil
}

// wayGeometry reads a list of points into the element's; null stands for a
// point outside of what was asked for.
func (j *jsonReader) wayGeometry(e *element, m *osmMember) error {
	if c, err := j.peekValue(); err != nil || c != '[' {
		if err == nil {
			err = j.skip()
		}
		return err
	}
	if err := j.enter('['); err != nil {
		return err
	}
	m.start = len(e.pts)
	for n := 0; ; n++ {
		ok, err := j.more(']', n)
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		p, ok, err := j.latLon()
		if err != nil {
			return err
		}
		switch {
		case ok && isFinite(p):
			e.pts = append(e.pts, p)
		case m.gap == 0:
			m.gap = n + 1
		}
		if err := j.c.checkVertices(len(e.pts)); err != nil {
			return err
		}
	}
	m.end = len(e.pts)
	m.has = m.end > m.start || m.gap > 0
	return nil
}

// nodeList reads the references of a way to its nodes.
func (j *jsonReader) nodeList(e *element) error {
	if c, err := j.peekValue(); err != nil || c != '[' {
		if err == nil {
			err = j.skip()
		}
		return err
	}
	if err := j.enter('['); err != nil {
		return err
	}
	for n := 0; ; n++ {
		ok, err := j.more(']', n)
		if err != nil || !ok {
			return err
		}
		ref, err := j.reference64()
		if err != nil {
			return err
		}
		e.nodes = append(e.nodes, ref)
		if err := j.c.checkVertices(len(e.nodes)); err != nil {
			return err
		}
	}
}

// elementType reads the value of "type".
func (j *jsonReader) elementType() (elementKind, error) {
	name, err := j.typeName()
	return elementKindOf([]byte(name)), err
}

// reference64 reads an id, 0 if it is none.
func (j *jsonReader) reference64() (int64, error) {
	c, err := j.peekValue()
	if err != nil {
		return 0, err
	}
	if c == '"' || c == '{' || c == '[' || c == 't' || c == 'f' || c == 'n' {
		return 0, j.skip()
	}
	b, err := j.scalar(c)
	if err != nil {
		return 0, err
	}
	v, _ := numberValue(b)
	if v.Kind() != feature.Int {
		return 0, nil
	}
	return v.Int(), nil
}

// latLon reads a point; false for null.
func (j *jsonReader) latLon() (p orb.Point, ok bool, err error) {
	if j.end-j.pos < maxPosition {
		j.fill() // an error shows again on the careful path
	}
	c, err := j.peekValue()
	if err != nil {
		return p, false, err
	}
	if p, n := latLon2(j.buf[j.pos:j.end]); n > 0 {
		j.pos += n
		return p, true, nil
	}
	if c != '{' {
		return p, false, j.skip()
	}
	if err := j.enter('{'); err != nil {
		return p, false, err
	}
	p = orb.Point{math.NaN(), math.NaN()}
	for n := 0; ; n++ {
		more, err := j.more('}', n)
		if err != nil || !more {
			return p, err == nil, err
		}
		name, err := j.key()
		if err != nil {
			return p, false, err
		}
		switch string(name) {
		case "lat", "lon":
			err = j.latOrLon(name[1] == 'o', &p)
		default:
			err = j.skip()
		}
		if err != nil {
			return p, false, err
		}
	}
}

// latOrLon reads one ordinate of p; NaN for what is no number.
func (j *jsonReader) latOrLon(lon bool, p *orb.Point) error {
	at := 1
	if lon {
		at = 0
	}
	p[at] = math.NaN()
	c, err := j.peekValue()
	if err != nil {
		return err
	}
	if c == '{' || c == '[' || c == '"' || c == 't' || c == 'f' {
		return j.skip()
	}
	p[at], err = j.ordinate(c)
	return err
}

// latLon2 parses {"lat":y,"lon":x} at the start of b, blanks allowed, and
// returns how many bytes it took, 0 if b begins otherwise. It is the path that
// nearly all bytes of an answer take.
func latLon2(b []byte) (p orb.Point, n int) {
	i := after(b, 0, "{")
	i = after(b, i, `"lat"`)
	i = after(b, i, ":")
	if i < 0 {
		return p, 0
	}
	y, taken := coordinate(b[i:])
	if taken == 0 {
		return p, 0
	}
	i = after(b, i+taken, ",")
	i = after(b, i, `"lon"`)
	i = after(b, i, ":")
	if i < 0 {
		return p, 0
	}
	x, taken := coordinate(b[i:])
	if taken == 0 {
		return p, 0
	}
	if i = skipBlanks(b, i+taken); i >= len(b) || b[i] != '}' {
		return p, 0
	}
	return orb.Point{x, y}, i + 1
}

// after returns where b goes on behind the word and the blanks around it, -1
// if it is not there.
func after(b []byte, i int, word string) int {
	if i < 0 {
		return -1
	}
	i = skipBlanks(b, i)
	if len(b)-i < len(word) || string(b[i:i+len(word)]) != word {
		return -1
	}
	return skipBlanks(b, i+len(word))
}

func skipBlanks(b []byte, i int) int {
	for i < len(b) && isBlank(b[i]) {
		i++
	}
	return i
}
