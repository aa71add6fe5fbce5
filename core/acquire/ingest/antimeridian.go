package ingest

import (
	"math"

	"github.com/paulmach/orb"

	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// Crossing ±180. A ring that goes from 179 to -179 east does not run around
// the globe: it crosses the antimeridian. Such rings are cut there into
// chains, and the chains joined along the meridian on either side:
//
//	      +180|-180                 east part      west part
//	   a------|------b              a------p        p------b
//	   |      |      |      →       |      |        |      |
//	   d------|------c              d------q        q------c
//
// p and q have the same latitude on both sides, and so have those of the
// neighbour whose ring has the same edge the other way round. A ring that
// goes once around the globe encircles a pole and is closed over it.

// isSeam tells whether an edge runs from +180 to -180 or back: the same
// place, or the side of a map that was cut there already.
func isSeam(a, b orb.Point) bool {
	return math.Abs(a[0]) == 180 && a[0] == -b[0]
}

// isJump tells whether the edge a-b cannot be drawn on the plane. An edge
// along a pole's line can: the pole is everywhere on it.
func isJump(a, b orb.Point) bool {
	if math.Abs(b[0]-a[0]) <= 180 {
		return false
	}
	return !(math.Abs(a[1]) == 90 && a[1] == b[1])
}

// turns counts how often ring r goes around the globe, eastward positive,
// and whether all its jumps are seams.
func turns(r orb.Ring) (net int, seamsOnly bool) {
	seamsOnly = true
	for i := 1; i < len(r); i++ {
		a, b := r[i-1], r[i]
		if !isJump(a, b) {
			continue
		}
		seamsOnly = seamsOnly && isSeam(a, b)
		if b[0] < a[0] {
			net++
		} else {
			net--
		}
	}
	return net, seamsOnly
}

// isPlanar tells whether a ring with jumps is meant to be drawn as it is: a
// ring already cut at ±180 that runs along its southern or northern side, as
// Antarctica's do in Natural Earth, or a frame around the world.
func isPlanar(r orb.Ring) bool {
	net, seamsOnly := turns(r)
	if !seamsOnly {
		return false
	}
	return net != 0 || foldedArea(r) == 0
}

// foldedArea is twice the signed area of r with ±180 taken as one line.
func foldedArea(r orb.Ring) float64 {
	var area, shift float64
	prev := r[0]
	for i := 1; i < len(r); i++ {
		if isJump(r[i-1], r[i]) {
			shift += math.Copysign(360, r[i-1][0]-r[i][0])
		}
		p := orb.Point{r[i][0] + shift, r[i][1]}
		area += cross(r[0], prev, p)
		prev = p
	}
	return area
}

// split normalises a polygon of which at least one ring jumps. parts[0] is
// the outer ring.
func (n *normaliser) split(parts []cleaned) orb.MultiPolygon {
	var k knot
	var outers, holes []orb.Ring
	for i, c := range parts {
		switch {
		case !c.jumps || isPlanar(c.ring):
			c.area = ringArea(c.ring)
			if i == 0 {
				outers = append(outers, wind(c, true))
			} else {
				holes = append(holes, wind(c, false))
			}
		default:
			n.faultAt(feature.FaultAntimeridian, c.ring[0], "")
			k.cut(c.ring)
		}
	}
	joined := k.join()
	if len(outers) > 0 { // only holes crossed
		holes = append(holes, joined...)
	} else {
		outers = joined
	}
	mp, orphans := assemble(windAll(outers, true), windAll(holes, false))
	for _, h := range orphans {
		n.faultAt(feature.FaultDegenerateRing, h[0], "hole outside its outer ring; dropped")
	}
	return mp
}

func windAll(rings []orb.Ring, ccw bool) []orb.Ring {
	kept := rings[:0]
	for _, r := range rings {
		area := ringArea(r)
		if area == 0 {
			continue // ran along the meridian only
		}
		kept = append(kept, wind(cleaned{ring: r, area: area}, ccw))
	}
	return kept
}

// assemble gives each hole to the smallest outer ring around it, and returns
// the holes that have none.
func assemble(outers, holes []orb.Ring) (mp orb.MultiPolygon, orphans []orb.Ring) {
	mp = make(orb.MultiPolygon, len(outers))
	for i, r := range outers {
		mp[i] = orb.Polygon{r}
	}
	finder := newRingFinder(outers)
	for _, h := range holes {
		if i := finder.around(h); i >= 0 {
			mp[i] = append(mp[i], h)
		} else {
			orphans = append(orphans, h)
		}
	}
	return mp, orphans
}
