package ingest

import (
	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// readObjects reads {"name": geometry, …}.
func (t *topology) readObjects(j *jsonReader) error {
	return j.eachMember(func(name []byte) error {
		t.objects = append(t.objects, topoObject{name: string(name)})
		o := &t.objects[len(t.objects)-1]
		if err := t.readObject(j, o); err != nil {
			return err
		}
		o.records = len(t.records)
		return nil
	})
}

// readObject reads one object: a collection's members are its features, any
// other geometry is its only one.
func (t *topology) readObject(j *jsonReader, o *topoObject) error {
	var g topoGeometry
	j.c.attrs.reset()
	g.object = o
	if err := t.readGeometry(j, &g); err != nil {
		return err
	}
	if o.collection {
		return nil
	}
	return t.endRecord(j, &g)
}

// topoGeometry is what was found of one geometry object.
type topoGeometry struct {
	typ    string
	object *topoObject // set for an object's own geometry
	id     feature.Value
	hasID  bool
	refs   int // marks to go back to
	rings  int
	polys  int
	level  nesting
	has    bool
	other  int
	faults []feature.Fault
	lost   int
}

// endRecord makes a feature of g and the attributes read.
func (t *topology) endRecord(j *jsonReader, g *topoGeometry) error {
	if len(t.records) >= j.c.limits.Features {
		return &LimitError{Limit: "features", Value: int64(j.c.limits.Features), Place: j.failf("objects").Error()}
	}
	id := j.featureID(g.id, g.hasID)
	t.records = append(t.records, topoRecord{
		id: id, attrs: append([]feature.Attr(nil), j.c.attrs.list...),
		polys: len(t.polyEnd), other: g.other, lost: g.lost, faults: g.faults,
	})
	return nil
}

// readGeometry reads a geometry object or null.
func (t *topology) readGeometry(j *jsonReader, g *topoGeometry) error {
	is, err := j.membersIfObject(func(name []byte) error { return t.geometryMember(j, g, name) })
	if is && err == nil {
		t.resolve(g)
	}
	return err
}

func (t *topology) geometryMember(j *jsonReader, g *topoGeometry, name []byte) (err error) {
	switch string(name) {
	case "type":
		g.typ, err = j.typeName()
	case "properties":
		err = j.properties()
	case "id":
		g.id, g.hasID, err = j.value()
	case "arcs":
		g.refs, g.rings, g.polys, g.has = len(t.refs), len(t.ringEnd), len(t.polyEnd), true
		g.level, err = t.readRefs(j)
	case "coordinates":
		g.other++
		err = j.skip()
	case "geometries":
		err = t.readMembers(j, g)
	default:
		err = j.skip()
	}
	return err
}

// readMembers reads a collection's list. Those of an object's own collection
// are features, those further in are parts of one.
func (t *topology) readMembers(j *jsonReader, g *topoGeometry) error {
	if g.object != nil {
		g.object.collection = true
	}
	return j.eachItem(func(int) error {
		var member topoGeometry
		if g.object != nil {
			j.c.attrs.reset()
			j.c.keys.trim()
		}
		if err := t.readGeometry(j, &member); err != nil {
			return err
		}
		if g.object != nil {
			return t.endRecord(j, &member)
		}
		g.other += member.other
		g.lost += member.lost
		g.faults = append(g.faults, member.faults...)
		return nil
	})
}

// resolve gives the arc references read the meaning of the type.
func (t *topology) resolve(g *topoGeometry) {
	if !g.has {
		return
	}
	switch {
	case g.level == nestEmpty:
	case g.typ == "Polygon" && g.level == nestRing:
		t.polyEnd = append(t.polyEnd, len(t.ringEnd))
		return
	case g.typ == "MultiPolygon" && g.level == nestPolygon:
		return
	case g.typ == "LineString", g.typ == "MultiLineString":
		g.other++
	default:
		g.lost++
		g.faults = append(g.faults, feature.Fault{
			Code:   feature.FaultCoordinate,
			Detail: "arcs are not nested as a " + clip(g.typ) + "'s; geometry dropped",
		})
	}
	t.refs, t.ringEnd, t.polyEnd = t.refs[:g.refs], t.ringEnd[:g.rings], t.polyEnd[:g.polys]
}

// readRefs reads a nested list of arc references. The level returned counts
// as for coordinates, with a reference in the place of a position's list:
// a list of references is a nestPosition.
func (t *topology) readRefs(j *jsonReader) (nesting, error) {
	level := nestEmpty
	err := j.eachItem(func(int) error {
		c, err := j.peekValue()
		if err != nil {
			return err
		}
		member := nestPosition
		if c == '[' {
			member, err = t.readRefs(j)
		} else {
			var ref int
			ref, err = j.reference()
			t.refs = append(t.refs, ref)
		}
		if err != nil {
			return err
		}
		if member, err = t.endMember(j, member, c == '['); err != nil {
			return err
		}
		if level != nestEmpty && member != level {
			return j.failf("arcs that are nested unevenly")
		}
		level = member
		return nil
	})
	if err != nil {
		return level, err
	}
	if len(t.refs) > j.c.limits.Vertices {
		return level, &LimitError{Limit: "vertices", Value: int64(j.c.limits.Vertices), Place: j.failf("arc references").Error()}
	}
	return level, nil
}

// endMember notes the end of a ring or polygon and returns its level: a bare
// reference is nestPosition, a list of them nestRing, and so on.
func (t *topology) endMember(j *jsonReader, inner nesting, list bool) (nesting, error) {
	if !list {
		return nestPosition, nil
	}
	switch inner {
	case nestEmpty, nestPosition:
		t.ringEnd = append(t.ringEnd, len(t.refs))
		return nestRing, nil
	case nestRing:
		t.polyEnd = append(t.polyEnd, len(t.ringEnd))
		return nestPolygon, nil
	}
	return nestTooDeep, j.failf("arcs that are nested too deep")
}
