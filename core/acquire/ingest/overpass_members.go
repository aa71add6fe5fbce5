package ingest

import "github.com/shapes-desktop/shapes/core/geo/feature"

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
	_, err := j.itemsIfArray(func(int) error {
		if err := j.relationMember(e); err != nil {
			return err
		}
		if most := j.c.limits.VerticesPerFeature; len(e.members) > most {
			return &LimitError{Limit: "members of one relation", Value: int64(most), Place: j.c.place()}
		}
		return nil
	})
	return err
}

// relationMember reads one of "members".
func (j *jsonReader) relationMember(e *element) error {
	m := osmMember{start: len(e.pts), end: len(e.pts)}
	named := ""
	err := j.eachMember(func(name []byte) (err error) {
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
		return err
	})
	if err != nil {
		return err
	}
	m.role = roleOf(m.kind, named)
	e.members = append(e.members, m)
	return nil
}

// wayGeometry reads a list of points into the element's; null stands for a
// point outside of what was asked for.
func (j *jsonReader) wayGeometry(e *element, m *osmMember) error {
	start := len(e.pts)
	isList, err := j.itemsIfArray(func(n int) error {
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
		return j.c.checkVertices(len(e.pts))
	})
	if err != nil || !isList {
		return err
	}
	m.start, m.end = start, len(e.pts)
	m.has = m.end > m.start || m.gap > 0
	return nil
}

// nodeList reads the references of a way to its nodes.
func (j *jsonReader) nodeList(e *element) error {
	_, err := j.itemsIfArray(func(int) error {
		ref, err := j.reference64()
		if err != nil {
			return err
		}
		e.nodes = append(e.nodes, ref)
		return j.c.checkVertices(len(e.nodes))
	})
	return err
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
