package ingest

import (
	"fmt"
	"slices"

	"github.com/paulmach/orb"

	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// joiner makes rings of ways. Its lists are scratch that every relation
// reuses.
type joiner struct {
	lines []line
	ends  map[orb.Point][]int // of lines: 2i is the start of line i, 2i+1 its end
	used  []bool
	walks []walk
}

// line is a way, or the part of a chain of ways that is one way.
type line struct {
	pts []orb.Point
	way int64
}

// walk is a chain of lines: 2i goes along line i, 2i+1 against it.
type walk []int

// rings are what the ways of one role enclose: area, and what is not.
type rings struct{ filled, empty []orb.Ring }

// outline joins the ways of e into the rings of its polygons, in the
// collector's shape. It returns what is missing, if anything is.
func (jn *joiner) outline(c *collector, e *element) (*gap, error) {
	if g := e.missing(); g != nil {
		return g, nil
	}
	for i := range e.members {
		if m := &e.members[i]; m.role == roleUnknown {
			c.attrFault(feature.FaultAttribute, fmt.Sprintf("way %d has a role that is no part of an outline; left out", m.ref))
		}
	}
	outer, g := jn.join(c, e, roleOuter)
	if g != nil {
		return g, nil
	}
	inner, g := jn.join(c, e, roleInner)
	if g != nil {
		return g, nil
	}
	exteriors := append(outer.filled, inner.empty...)
	holes := append(outer.empty, inner.filled...)
	return nil, putTogether(c, exteriors, holes)
}

// join makes the rings of the ways of one role. A closed way is a ring of its
// own; the others are joined at their ends, in either direction.
func (jn *joiner) join(c *collector, e *element, r role) (rings, *gap) {
	var out rings
	jn.lines = jn.lines[:0]
	seen := map[int64]bool{}
	for i := range e.members {
		m := &e.members[i]
		if m.kind != kindWay || m.role != r {
			continue
		}
		pts := e.pts[m.start:m.end]
		if m.ref != 0 && seen[m.ref] {
			c.norm.faultAt(feature.FaultDuplicateVertex, pts[0], "a way that is listed twice; used once")
			continue
		}
		seen[m.ref] = true
		if pts[0] == pts[len(pts)-1] {
			out.filled = append(out.filled, orb.Ring(pts))
			continue
		}
		jn.lines = append(jn.lines, line{pts: pts, way: m.ref})
	}
	if g := jn.meet(); g != nil {
		return out, g
	}
	jn.chain()
	g := jn.close(&out)
	return out, g
}

// meet notes which lines meet where. An odd number of ends in a point means
// that the outline is open there.
func (jn *joiner) meet() *gap {
	jn.ends = make(map[orb.Point][]int, len(jn.lines))
	for i, l := range jn.lines {
		first, last := l.pts[0], l.pts[len(l.pts)-1]
		jn.ends[first] = append(jn.ends[first], 2*i)
		jn.ends[last] = append(jn.ends[last], 2*i+1)
	}
	for _, l := range jn.lines {
		for _, p := range [...]orb.Point{l.pts[0], l.pts[len(l.pts)-1]} {
			switch n := len(jn.ends[p]); {
			case n == 1:
				return gapAt(p, "way %d ends where no other goes on", l.way)
			case n%2 == 1:
				return gapAt(p, "way %d ends where %d others do, so that one end is left", l.way, n-1)
			}
		}
	}
	return nil
}

// chain joins lines at points where just two ends meet. A chain runs from one
// point where more meet to another, or is a ring.
func (jn *joiner) chain() {
	jn.used = append(jn.used[:0], make([]bool, len(jn.lines))...)
	jn.walks = jn.walks[:0]
	for _, crossing := range [...]bool{true, false} { // what begins at crossings first
		for i, l := range jn.lines {
			for end, p := range [...]orb.Point{l.pts[0], l.pts[len(l.pts)-1]} {
				if !jn.used[i] && len(jn.ends[p]) > 2 == crossing {
					jn.walks = append(jn.walks, jn.follow(2*i+end))
				}
			}
		}
	}
}

// follow walks from step on until more than two ends meet, or back to where
// it began.
func (jn *joiner) follow(step int) walk {
	var w walk
	for {
		w = append(w, step)
		jn.used[step/2] = true
		ends := jn.ends[jn.last(step)]
		if len(ends) > 2 {
			return w
		}
		arrived := step ^ 1 // the end of the line that we came by
		next := ends[0]
		if next == arrived {
			next = ends[1]
		}
		if jn.used[next/2] {
			return w
		}
		step = next
	}
}

// first and last are the points at which a step begins and ends.
func (jn *joiner) first(step int) orb.Point {
	pts := jn.lines[step/2].pts
	if step&1 == 0 {
		return pts[0]
	}
	return pts[len(pts)-1]
}

func (jn *joiner) last(step int) orb.Point { return jn.first(step ^ 1) }

// close makes rings of the chains.
func (jn *joiner) close(out *rings) *gap {
	var open []walk
	for _, w := range jn.walks {
		if p := jn.first(w[0]); p == jn.last(w[len(w)-1]) && len(jn.ends[p]) == 2 {
			out.filled = append(out.filled, jn.points(nil, w))
		} else {
			open = append(open, w)
		}
	}
	if len(open) == 0 {
		return nil
	}
	return jn.untangle(open, out)
}

// points appends the points of a walk, each line without the point that the
// one before it ended with.
func (jn *joiner) points(dst orb.Ring, w walk) orb.Ring {
	for _, step := range w {
		pts := jn.lines[step/2].pts
		from := min(len(dst), 1)
		if step&1 == 0 {
			dst = append(dst, pts[from:]...)
			continue
		}
		for i := len(pts) - 1 - from; i >= 0; i-- {
			dst = append(dst, pts[i])
		}
	}
	return dst
}

// backwards is the walk the other way.
func backwards(w walk) walk {
	back := slices.Clone(w)
	slices.Reverse(back)
	for i := range back {
		back[i] ^= 1
	}
	return back
}
