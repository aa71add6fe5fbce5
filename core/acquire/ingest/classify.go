package ingest

import (
	"github.com/paulmach/orb"

	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// classify groups the rings of a shapefile's record, which lists them in any
// order, into polygons: clockwise rings are outer ones, the others holes of
// the smallest outer ring around them. A hole that lies in none is drawn as
// an outer ring, with a fault.
func (s *shpReader) classify() {
	sh := &s.c.shape
	sh.rings = append(sh.rings[:0], s.parts...)
	var outers, holes []int
	for i := range sh.rings {
		if s.signedArea(sh.ring(i)) > 0 {
			holes = append(holes, i)
		} else {
			outers = append(outers, i)
		}
	}
	if len(holes) == 0 {
		for i := range sh.rings {
			sh.polys = append(sh.polys, i+1)
		}
		return
	}
	s.arrange(s.polygons(outers, holes))
}

// signedArea is positive for counter-clockwise rings, also of those that
// cross ±180.
func (s *shpReader) signedArea(pts []orb.Point) float64 {
	if len(pts) == 0 {
		return 0
	}
	if s.c.project != nil {
		return ringArea(pts)
	}
	return foldedArea(pts)
}

// polygons lists the rings of each polygon, the outer one first. Orphan holes
// come last, each as a polygon.
func (s *shpReader) polygons(outers, holes []int) [][]int {
	sh := &s.c.shape
	rings := make([]orb.Ring, len(outers))
	for i, o := range outers {
		rings[i] = sh.ring(o)
	}
	finder := newRingFinder(rings)
	owned := make([][]int, len(outers))
	for i, o := range outers {
		owned[i] = []int{o}
	}
	for _, h := range holes {
		ring := sh.ring(h)
		if i := finder.around(ring); i >= 0 {
			owned[i] = append(owned[i], h)
			continue
		}
		s.c.norm.faultAt(feature.FaultWinding, ring[0], "a hole in no outer ring; drawn as one")
		owned = append(owned, []int{h})
	}
	return owned
}

// arrange puts the rings into the order of the polygons.
func (s *shpReader) arrange(polygons [][]int) {
	sh := &s.c.shape
	s.sorted.reset()
	for _, rings := range polygons {
		for _, i := range rings {
			s.sorted.pts = append(s.sorted.pts, sh.ring(i)...)
			s.sorted.endRing()
		}
		s.sorted.endPolygon()
	}
	s.c.shape, s.sorted = s.sorted, s.c.shape
	s.sorted.trim()
}
