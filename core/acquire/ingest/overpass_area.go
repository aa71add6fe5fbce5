package ingest

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// putTogether makes the polygons of a relation in the collector's shape: each
// exterior with the holes that lie in it and in no smaller one, so that an
// island in a hole keeps its own. A hole in none is left out with a fault.
func putTogether(c *collector, exteriors, holes []orb.Ring) error {
	finder := newExteriors(exteriors)
	owned := make([][]orb.Ring, len(exteriors))
	for _, h := range holes {
		i := finder.around(h)
		if i < 0 {
			c.norm.faultAt(feature.FaultWinding, h[0], "a hole in no outer ring; left out")
			continue
		}
		owned[i] = append(owned[i], h)
	}
	s := &c.shape
	add := func(r orb.Ring, ccw bool) error {
		from := len(s.pts)
		s.pts = append(s.pts, r...)
		if ringArea(r) > 0 != ccw { // ways have no side, so that is no fault
			slices.Reverse(s.pts[from:])
		}
		s.endRing()
		return c.checkVertices(len(s.pts))
	}
	for i, r := range exteriors {
		err := add(r, true)
		for _, h := range owned[i] {
			if err == nil {
				err = add(h, false)
			}
		}
		if err != nil {
			return err
		}
		s.endPolygon()
	}
	return nil
}

// exteriorFinder finds the exterior around a hole. Other than ringFinder it
// wants it to be larger: an island that fills a hole is no owner of it.
type exteriorFinder struct {
	rings []orb.Ring
	boxes []ringBox // by area
}

func newExteriors(rings []orb.Ring) exteriorFinder {
	f := exteriorFinder{rings: rings, boxes: make([]ringBox, len(rings))}
	for i, r := range rings {
		f.boxes[i] = ringBox{bound: r.Bound(), area: math.Abs(ringArea(r)), ring: i}
	}
	slices.SortStableFunc(f.boxes, func(a, b ringBox) int { return cmp.Compare(a.area, b.area) })
	return f
}

// around returns the smallest exterior around a hole, -1 if there is none.
func (f *exteriorFinder) around(hole orb.Ring) int {
	b, area := hole.Bound(), math.Abs(ringArea(hole))
	for _, box := range f.boxes {
		if box.area > area && box.bound.Min[0] <= b.Min[0] && box.bound.Max[0] >= b.Max[0] &&
			box.bound.Min[1] <= b.Min[1] && box.bound.Max[1] >= b.Max[1] && contains(f.rings[box.ring], hole) {
			return box.ring
		}
	}
	return -1
}
