package ingest

import (
	"math"

	"github.com/paulmach/orb"

	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// normaliser turns a shape into the geometry that the program works on:
// closed rings without consecutive duplicates, outer rings counter-clockwise
// and holes clockwise, within ±180 and ±90, split where they cross ±180.
//
// The common ring takes one pass over its vertices; rings that leave the
// range or cross the antimeridian take the longer way of antimeridian.go.
type normaliser struct {
	fault  func(feature.Fault)
	absurd absurdity

	pts   []orb.Point // backing of the current feature's rings
	rings []orb.Ring  // backing of its polygons
	polys orb.MultiPolygon
	wrap  []orb.Point // scratch of one repaired ring
}

// normalise returns the drawable part of s, which it may modify. The result
// owns its memory: one block of vertices, one of rings, one of polygons. (A
// large feature is normalised in several parts, see collector.settle.)
func (n *normaliser) normalise(s *shape) orb.MultiPolygon {
	// Capacities are exact or more, so that slices taken stay valid.
	n.pts = make([]orb.Point, 0, len(s.pts)+len(s.rings))
	n.rings = make([]orb.Ring, 0, len(s.rings))
	n.polys = make(orb.MultiPolygon, 0, len(s.polys))
	first := 0
	for _, end := range s.polys {
		n.polygon(s, first, end)
		first = end
	}
	out := n.polys
	n.pts, n.rings, n.polys = nil, nil, nil
	return out
}

// cleaned is a ring after the first pass.
type cleaned struct {
	ring  orb.Ring
	area  float64 // signed, in square degrees, doubled; 0 if jumps
	jumps bool    // has consecutive vertices more than 180 degrees apart
}

// polygon normalises the rings first to end of s as one polygon.
func (n *normaliser) polygon(s *shape, first, end int) {
	firstRing := len(n.rings)
	var outer cleaned
	special := false
	var parts []cleaned // only filled when special
	for i := first; i < end; i++ {
		c, ok := n.clean(s.ring(i))
		if !ok {
			if i == first {
				return // without its outer ring a polygon's holes mean nothing
			}
			continue
		}
		if c.jumps && !special {
			special = true
			parts = startParts(n.rings[firstRing:], outer)
		}
		switch {
		case special:
			parts = append(parts, c)
		case i == first:
			outer = c
			n.rings = append(n.rings, wind(c, true))
		default:
			n.checkHole(outer, c)
			n.rings = append(n.rings, wind(c, false))
		}
	}
	if special {
		n.rings = n.rings[:firstRing]
		n.polys = append(n.polys, n.split(parts)...)
		return
	}
	if len(n.rings) > firstRing {
		n.polys = append(n.polys, orb.Polygon(n.rings[firstRing:len(n.rings):len(n.rings)]))
	}
}

// startParts returns the rings that were taken before a later one of the same
// polygon turned out to jump.
func startParts(rings []orb.Ring, outer cleaned) []cleaned {
	parts := make([]cleaned, 0, len(rings)+1)
	for i, r := range rings {
		if i == 0 {
			parts = append(parts, cleaned{ring: r, area: math.Abs(outer.area)})
			continue
		}
		parts = append(parts, cleaned{ring: r, area: ringArea(r)})
	}
	return parts
}

// checkHole records a hole that is wound like its outer ring.
func (n *normaliser) checkHole(outer, hole cleaned) {
	if outer.area*hole.area > 0 {
		n.faultAt(feature.FaultWinding, hole.ring[0], "")
	}
}

// wind returns c's ring counter-clockwise or clockwise, turned in place.
func wind(c cleaned, ccw bool) orb.Ring {
	if (c.area > 0) != ccw {
		c.ring.Reverse()
	}
	return c.ring
}

// clean copies src without consecutive duplicates and closed. It reports
// false, with a fault recorded, if nothing with an area is left.
func (n *normaliser) clean(src []orb.Point) (cleaned, bool) {
	start := len(n.pts)
	dst := n.pts
	jumps := false
	var area float64
	for i, p := range src {
		if !(p[0] >= -180 && p[0] <= 180 && p[1] >= -90 && p[1] <= 90) {
			repaired, ok := n.intoRange(src)
			if !ok {
				return cleaned{}, false
			}
			return n.clean(repaired)
		}
		if i == 0 {
			dst = append(dst, p)
			continue
		}
		q := dst[len(dst)-1]
		if p == q {
			n.faultAt(feature.FaultDuplicateVertex, p, "")
			continue
		}
		if d := p[0] - q[0]; d > 180 || d < -180 {
			jumps = jumps || isJump(q, p)
		}
		area += cross(dst[start], q, p)
		dst = append(dst, p)
	}
	n.absurd.sane++
	ring := orb.Ring(dst[start:])
	if len(ring) > 0 && ring[0] != ring[len(ring)-1] {
		n.faultAt(feature.FaultUnclosedRing, ring[0], "")
		jumps = jumps || isJump(ring[len(ring)-1], ring[0])
		dst = append(dst, ring[0])
		ring = orb.Ring(dst[start:])
	}
	if len(ring) < 4 || (area == 0 && !jumps && isLine(ring)) {
		n.degenerate(src)
		return cleaned{}, false
	}
	n.pts = dst
	return cleaned{ring: ring[:len(ring):len(ring)], area: area, jumps: jumps}, true
}

func (n *normaliser) degenerate(src []orb.Point) {
	if len(src) == 0 {
		n.fault(feature.Fault{Code: feature.FaultDegenerateRing, Detail: "a ring without vertices"})
		return
	}
	n.faultAt(feature.FaultDegenerateRing, src[0], "")
}

func (n *normaliser) faultAt(code feature.Code, p orb.Point, detail string) {
	f := feature.Fault{Code: code, Detail: detail}
	if f.HasPos = isFinite(p); f.HasPos {
		f.Lon, f.Lat = p[0], p[1]
	}
	n.fault(f)
}

// cross is twice the signed area of the triangle o, a, b.
func cross(o, a, b orb.Point) float64 {
	return (a[0]-o[0])*(b[1]-o[1]) - (b[0]-o[0])*(a[1]-o[1])
}

// ringArea is twice the signed area of r, positive if counter-clockwise.
func ringArea(r []orb.Point) float64 {
	var area float64
	for i := 1; i < len(r); i++ {
		area += cross(r[0], r[i-1], r[i])
	}
	return area
}

// isLine tells whether all points of r lie on one line: a bow-tie has no net
// area either, but covers ground.
func isLine(r orb.Ring) bool {
	for i := 2; i < len(r); i++ {
		if cross(r[0], r[1], r[i]) != 0 {
			return false
		}
	}
	return true
}
