package ingest

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// topology is a TopoJSON document. Its members come in any order and refer to
// each other, so it is held whole (bounded by the limits on vertices and
// features) and passed on at the end.
type topology struct {
	arcPts  []orb.Point // as stored: differences if transform is set
	arcEnds []int       // end of each arc in arcPts
	objects []topoObject
	records []topoRecord
	refs    []int // arc references of all records
	ringEnd []int // end of each ring in refs
	polyEnd []int // end of each polygon in ringEnd
	scale   orb.Point
	shift   orb.Point
	delta   bool // arcs are quantised differences
}

// topoObject is a named object: a layer.
type topoObject struct {
	name       string
	records    int // end of its records
	collection bool
}

// topoRecord is one geometry of an object, or one top-level member of a
// collection: a feature.
type topoRecord struct {
	id     uint64
	attrs  []feature.Attr
	polys  int // end of its polygons in polyEnd
	other  int
	lost   int
	faults []feature.Fault
}

func (j *jsonReader) topologyPart() *topology {
	if j.topo == nil {
		j.topo = &topology{scale: orb.Point{1, 1}}
	}
	return j.topo
}

// readTransform reads {"scale":[x,y],"translate":[x,y]}.
func (t *topology) readTransform(j *jsonReader) error {
	is, err := j.membersIfObject(func(name []byte) (err error) {
		switch string(name) {
		case "scale":
			t.scale, err = j.pair()
		case "translate":
			t.shift, err = j.pair()
		default:
			err = j.skip()
		}
		return err
	})
	t.delta = t.delta || is
	return err
}

// pair reads [x, y].
func (j *jsonReader) pair() (orb.Point, error) {
	var g geometry
	mark := j.c.shape.mark()
	if err := j.enter('['); err != nil {
		return orb.Point{}, err
	}
	if ok, err := j.more(']', 0); err != nil || !ok {
		if err == nil {
			err = j.failf("an empty list where two numbers should be")
		}
		return orb.Point{}, err
	}
	if err := j.position(&g, 0); err != nil {
		return orb.Point{}, err
	}
	p := j.c.shape.pts[len(j.c.shape.pts)-1]
	j.c.shape.rewind(mark)
	if g.malformed != "" {
		return p, j.failf("%s", g.malformed)
	}
	return p, nil
}

// readArcs reads the list of arcs.
func (t *topology) readArcs(j *jsonReader) error {
	if j.c.shape.mark() != (shapeMark{}) {
		return j.failf("%w: arcs and coordinates in one object", ErrDamaged)
	}
	var g geometry
	limits := j.c.limits
	// Arcs of all features together: the limit on one feature does not hold.
	j.c.limits.VerticesPerFeature = limits.Vertices
	err := j.coordinates(&g)
	j.c.limits = limits
	if err != nil {
		return err
	}
	if g.malformed != "" || (g.level != nestPolygon && g.level != nestEmpty) {
		return j.failf("%w: \"arcs\" is not a list of lines", ErrDamaged)
	}
	t.arcPts, t.arcEnds = j.c.shape.pts, j.c.shape.rings
	j.c.shape = shape{}
	return nil
}

// topology passes on the features of the document once it is whole.
func (j *jsonReader) topology() error {
	t := j.topologyPart()
	j.c.sum.Format = "TopoJSON"
	t.decode()
	first := 0
	for _, o := range t.objects {
		if len(t.objects) > 1 {
			j.c.startLayer(o.name)
		}
		for ; first < o.records; first++ {
			if err := t.emit(j, first); err != nil {
				return err
			}
		}
	}
	return nil
}

// decode turns the arcs into coordinates.
func (t *topology) decode() {
	if !t.delta {
		return
	}
	start := 0
	for _, end := range t.arcEnds {
		var x, y float64
		for i := start; i < end; i++ {
			x += t.arcPts[i][0]
			y += t.arcPts[i][1]
			t.arcPts[i] = orb.Point{x*t.scale[0] + t.shift[0], y*t.scale[1] + t.shift[1]}
		}
		start = end
	}
}

// emit stitches the rings of record i and passes it on.
func (t *topology) emit(j *jsonReader, i int) error {
	r := &t.records[i]
	for _, f := range r.faults {
		j.c.fault(f)
	}
	s := &j.c.shape
	s.other, s.lost = r.other, r.lost
	poly := 0
	if i > 0 {
		poly = t.records[i-1].polys
	}
	for ; poly < r.polys; poly++ {
		for ring := before(t.polyEnd, poly); ring < t.polyEnd[poly]; ring++ {
			if err := t.stitch(j, t.refs[before(t.ringEnd, ring):t.ringEnd[ring]]); err != nil {
				return err
			}
			s.endRing()
		}
		s.endPolygon()
	}
	return j.c.emit(r.id, r.attrs)
}

// before is where item i of a list of ends begins.
func before(ends []int, i int) int {
	if i == 0 {
		return 0
	}
	return ends[i-1]
}

// stitch appends the arcs of one ring, each but the first without its first
// point, which the arc before it ended with.
func (t *topology) stitch(j *jsonReader, refs []int) error {
	s := &j.c.shape
	for n, ref := range refs {
		arc := max(ref, ^ref)
		if arc >= len(t.arcEnds) {
			return fmt.Errorf("%w: %s refers to arc %d of %d", ErrDamaged, j.c.place(), arc, len(t.arcEnds))
		}
		pts := t.arcPts[before(t.arcEnds, arc):t.arcEnds[arc]]
		if err := j.c.checkVertices(len(s.pts) + len(pts)); err != nil {
			return err
		}
		from := min(len(pts), min(n, 1))
		if ref >= 0 {
			s.pts = append(s.pts, pts[from:]...)
			continue
		}
		for i := len(pts) - 1 - from; i >= 0; i-- {
			s.pts = append(s.pts, pts[i])
		}
	}
	return nil
}

// reference reads one arc reference.
func (j *jsonReader) reference() (int, error) {
	c, err := j.peekValue()
	if err != nil {
		return 0, err
	}
	v, err := j.ordinate(c)
	if err != nil {
		return 0, err
	}
	if v != math.Trunc(v) || math.Abs(v) > math.MaxInt32 {
		return 0, j.failf("an arc reference that is not an integer")
	}
	return int(v), nil
}
