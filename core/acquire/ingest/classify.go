package ingest

import (
	"math"

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
	rings := make([]orb.Ring, len(outers))
	crossing := false
	for i, o := range outers {
		var jumped bool
		rings[i], jumped = s.unfolded(o)
		crossing = crossing || jumped
	}
	finder := newRingFinder(rings)
	owned := make([][]int, len(outers))
	for i, o := range outers {
		owned[i] = []int{o}
	}
	for _, h := range holes {
		ring, _ := s.unfolded(h)
		if i := owner(finder, ring, crossing); i >= 0 {
			owned[i] = append(owned[i], h)
			continue
		}
		s.c.norm.faultAt(feature.FaultWinding, ring[0], "a hole in no outer ring; drawn as one")
		owned = append(owned, []int{h})
	}
	return owned
}

// unfolded returns ring i, as it would lie on a plane if it crosses ±180.
func (s *shpReader) unfolded(i int) (r orb.Ring, jumped bool) {
	r = s.c.shape.ring(i)
	if s.c.project != nil {
		return r, false
	}
	shift := 0.0
	for k := 1; k < len(r); k++ {
		if isJump(r[k-1], r[k]) {
			jumped = true
			break
		}
	}
	if !jumped || isPlanar(r) {
		return r, false
	}
	flat := orb.Ring{r[0]}
	for k := 1; k < len(r); k++ {
		if isJump(r[k-1], r[k]) {
			shift += math.Copysign(360, r[k-1][0]-r[k][0])
		}
		flat = append(flat, orb.Point{r[k][0] + shift, r[k][1]})
	}
	return flat, true
}

// owner finds the ring around a hole, one turn further too if rings cross.
func owner(finder *ringFinder, hole orb.Ring, crossing bool) int {
	i := finder.around(hole)
	for _, shift := range []float64{360, -360} {
		if i >= 0 || !crossing {
			break
		}
		moved := hole.Clone()
		for k := range moved {
			moved[k][0] += shift
		}
		i = finder.around(moved)
	}
	return i
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
