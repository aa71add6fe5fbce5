package ingest

import (
	"fmt"
	"strings"

	"github.com/paulmach/orb"

	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// overpass is what is known of one answer of the Overpass API: a list of
// elements, of which the relations that are areas become features. Those whose
// members have their geometry with them (`out geom`) are passed on one after
// the other; the others wait for their ways and nodes until the end.
type overpass struct {
	base   string // when the data were taken from OpenStreetMap
	remark string
	nodes  int // elements that are no relations
	ways   int
	e      element // the current one; its lists are scratch
	joiner joiner
	held   held
}

// elementKind is what an element or member is.
type elementKind uint8

const (
	kindOther elementKind = iota
	kindNode
	kindWay
	kindRelation
)

func elementKindOf(name []byte) elementKind {
	switch string(name) {
	case "node":
		return kindNode
	case "way":
		return kindWay
	case "relation":
		return kindRelation
	}
	return kindOther
}

// element is a node, way or relation. Its tags are the collector's attributes.
type element struct {
	kind    elementKind
	id      int64
	at      orb.Point // its place, or the middle of it; meaningful if hasAt
	hasAt   bool
	way     osmMember // of a way: its own geometry
	nodes   []int64
	members []osmMember
	pts     []orb.Point // of all members
	typ     string      // tags that decide
	border  string
	name    string
}

func (e *element) reset() {
	const keep = 1 << 20 // vertices; the memory of larger ones goes back
	if cap(e.pts) > keep {
		e.pts = nil
	}
	*e = element{nodes: e.nodes[:0], members: e.members[:0], pts: e.pts[:0]}
}

// isArea tells whether a relation describes an area by its members. Some have
// lost their type, but say that they are borders.
func (e *element) isArea() bool {
	return e.typ == "boundary" || e.typ == "multipolygon" || e.typ == "" && e.border != ""
}

func (j *jsonReader) overpassPart() *overpass {
	if j.over == nil {
		j.over = &overpass{}
	}
	return j.over
}

// elements streams the list of an answer.
func (j *jsonReader) elements() error {
	j.overpassPart()
	c, err := j.peekValue()
	if err != nil {
		return err
	}
	if c != '[' {
		return j.failf("%w: \"elements\" is not a list", ErrDamaged)
	}
	j.c.sum.Format = "Overpass"
	return j.eachItem(func(int) error {
		j.c.attrs.reset()
		j.c.keys.trim()
		if err := j.element(); err != nil {
			return err
		}
		return j.finishElement()
	})
}

// element reads one element.
func (j *jsonReader) element() error {
	e := &j.over.e
	e.reset()
	return j.eachMember(func(name []byte) error { return j.elementMember(e, name) })
}

func (j *jsonReader) elementMember(e *element, name []byte) (err error) {
	switch string(name) {
	case "type":
		e.kind, err = j.elementType()
	case "id":
		e.id, err = j.reference64()
	case "lat", "lon":
		err = j.latOrLon(name[1] == 'o', &e.at)
		e.hasAt = true
	case "center":
		e.at, e.hasAt, err = j.latLon()
	case "geometry":
		err = j.wayGeometry(e, &e.way)
	case "nodes":
		err = j.nodeList(e)
	case "members":
		err = j.relationMembers(e)
	case "tags":
		err = j.tags(e)
	default:
		err = j.skip()
	}
	return err
}

// finishElement passes on, keeps or drops the element that was read.
func (j *jsonReader) finishElement() error {
	o := j.over
	e := &o.e
	switch e.kind {
	case kindNode:
		o.nodes++
		if !e.hasAt || !isFinite(e.at) {
			return nil
		}
		return o.held.node(j.c, e)
	case kindWay:
		o.ways++
		return o.held.way(j.c, e)
	case kindRelation:
		j.describe(e)
		if e.isArea() && e.lacks() {
			return o.held.relation(j.c, e)
		}
		return j.emitRelation(e, j.c.attrs.list)
	}
	return nil // areas, counts and what else a query may print
}

// The attributes that are not tags: what the element is, and of when.
const (
	keyOSM     = "@id"       // "relation/912998"
	keyOSMBase = "@osm_base" // "2019-01-19T13:56:02Z"
)

// describe adds what is not in the tags. Tags of these names lose.
func (j *jsonReader) describe(e *element) {
	own := [...]feature.Attr{
		{Key: keyOSM, Value: feature.StringValue(fmt.Sprintf("relation/%d", e.id))},
		{Key: keyOSMBase, Value: feature.StringValue(j.over.base)},
	}
	for _, a := range own {
		if k := j.c.keys.key([]byte(a.Key)); k.wanted && a.Value.String() != "" && j.c.attrs.add(k, a.Value) {
			j.c.attrFault(feature.FaultAttribute, "the tag "+a.Key+" is replaced by what it says of the element")
		}
	}
}

// emitRelation makes a feature of a relation. One that is incomplete is left
// out as a whole: what is missing of it is not guessed.
func (j *jsonReader) emitRelation(e *element, attrs []feature.Attr) error {
	s := &j.c.shape
	if e.isArea() {
		g, err := j.over.joiner.outline(j.c, e)
		if err != nil {
			return err
		}
		if g != nil {
			s.reset()
			s.told = true
			j.c.fault(feature.Fault{
				Code: feature.FaultIncomplete, Lon: g.at[0], Lat: g.at[1], HasPos: g.hasAt,
				Detail: fmt.Sprintf("relation %d%s: %s; the unit is left out", e.id, named(e.name), g.why),
			})
		}
	} else {
		s.other++
	}
	id := uint64(0)
	if e.id > 0 && e.id <= maxSafeID {
		id = uint64(e.id)
	}
	return j.c.emit(id, attrs)
}

// named is a name in brackets, for messages.
func named(name string) string {
	if name == "" {
		return ""
	}
	return " (" + strings.ToValidUTF8(clip(name), "") + ")"
}

// finishElements ends an answer: what waited for its parts is passed on.
func (j *jsonReader) finishElements() error {
	o := j.over
	if o.remark != "" {
		j.c.sum.Remark = o.remark
	}
	if strings.Contains(strings.ToLower(o.remark), "error") {
		return fmt.Errorf("%w: the Overpass server broke off (%s), so the answer is not whole; fetch it again later, or ask for less at once",
			ErrDamaged, strings.TrimSpace(o.remark))
	}
	if err := j.emitHeld(); err != nil {
		return err
	}
	switch {
	case j.c.sum.Features > 0:
		return nil
	case o.nodes+o.ways > 0:
		return fmt.Errorf("%w: the Overpass answer has %d nodes and %d ways, but no relation, which borders are; ask for relations", ErrNoFeatures, o.nodes, o.ways)
	case o.remark != "":
		return fmt.Errorf("%w: the Overpass answer is empty; the server remarks: %s", ErrNoFeatures, strings.TrimSpace(o.remark))
	}
	return fmt.Errorf("%w: the Overpass answer is empty: OpenStreetMap has no such relation, or not at this level", ErrNoFeatures)
}
