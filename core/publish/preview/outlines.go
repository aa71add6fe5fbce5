package preview

import (
	"github.com/shapes-desktop/shapes/core/geo/mvt"
	"github.com/shapes-desktop/shapes/core/geo/tile"
)

// edge is a segment of a ring whatever its direction.
type edge struct{ a, b mvt.Coord }

func newEdge(a, b mvt.Coord) edge {
	if b.X < a.X || b.X == a.X && b.Y < a.Y {
		a, b = b, a
	}
	return edge{a, b}
}

// border is what is known of an edge: which levels it bounds, and how often
// the highest of them.
type border struct {
	level uint8
	uses  uint8 // by units of that level, counted to 2
	drawn bool
}

// outlines finds the borders of units, sorted by level, each once however many
// polygons it bounds, and without the edges that only the cut at the tile's
// margin made.
//
//	┌───┬───┐     three runs: the left outline, the right outline
//	│ A │ B │     (both coast: used once), and the line between A and B
//	└───┴───┘     (a border: used twice)
func outlines(units []Unit, id tile.ID) []Line {
	o := outliner{cut: newMarginCut(units, id), edges: map[edge]border{}}
	for i := range units {
		for _, r := range units[i].Rings {
			o.count(r, uint8(units[i].Level))
		}
	}
	for i := range units {
		for _, r := range units[i].Rings {
			o.trace(r)
		}
	}
	return o.byLevel()
}

type outliner struct {
	cut   marginCut
	edges map[edge]border
	lines []Line
}

func (o *outliner) count(ring []mvt.Coord, level uint8) {
	for i, c := range ring {
		next := ring[(i+1)%len(ring)]
		if c == next || o.cut.made(c, next) {
			continue
		}
		e := newEdge(c, next)
		b, seen := o.edges[e]
		switch {
		case !seen:
			o.edges[e] = border{level: level, uses: 1}
		case b.level == level && b.uses < 2:
			b.uses++
			o.edges[e] = b
		}
	}
}

// trace walks a ring and collects runs of like edges that no earlier ring
// has drawn. It begins where a run begins, so that none is cut in two.
func (o *outliner) trace(ring []mvt.Coord) {
	n := len(ring)
	if n < 2 {
		return
	}
	start, whole := o.start(ring)
	var run *Line
	for k := range n {
		a, b := ring[(start+k)%n], ring[(start+k+1)%n]
		e := newEdge(a, b)
		info, ok := o.edges[e]
		if !ok || info.drawn {
			run = nil
			continue
		}
		info.drawn = true
		o.edges[e] = info
		coast := info.uses == 1
		if run == nil || run.Level != int(info.level) || run.Coast != coast {
			o.lines = append(o.lines, Line{Level: int(info.level), Coast: coast, Points: []mvt.Coord{a}})
			run = &o.lines[len(o.lines)-1]
		}
		run.Points = append(run.Points, b)
	}
	if whole && run != nil && len(run.Points) == n+1 {
		run.Closed, run.Points = true, run.Points[:n]
	}
}

// start returns the first vertex at which the sort of edge changes, and
// whether there is none: the whole ring is one line.
func (o *outliner) start(ring []mvt.Coord) (int, bool) {
	n := len(ring)
	prev, prevOK := o.edges[newEdge(ring[n-1], ring[0])]
	for i, c := range ring {
		cur, ok := o.edges[newEdge(c, ring[(i+1)%n])]
		if ok != prevOK || cur != prev {
			return i, false
		}
	}
	return 0, true
}

func (o *outliner) byLevel() []Line {
	out := make([]Line, 0, len(o.lines))
	for level := 0; len(out) < len(o.lines); level++ {
		for _, l := range o.lines {
			if l.Level == level {
				out = append(out, l)
			}
		}
	}
	return out
}

// marginCut knows which edges exist only because the tile was cut out of the
// world: those along the outside of the margin, and those along ±180°, where
// polygons are split though the land goes on.
type marginCut struct {
	lo, hi       int32 // of the margin's box
	west, east   bool  // the tile touches the antimeridian
	north, south bool  // … the edge of Web Mercator
}

func newMarginCut(units []Unit, id tile.ID) marginCut {
	c := marginCut{hi: tile.Extent}
	for i := range units {
		b := units[i].box
		c.lo = min(c.lo, b.x0, b.y0)
		c.hi = max(c.hi, b.x1, b.y1)
	}
	margin := max(-c.lo, c.hi-tile.Extent)
	c.lo, c.hi = -margin, tile.Extent+margin
	last := uint32(1)<<id.Z - 1
	c.west, c.east = id.X == 0, id.X == last
	c.north, c.south = id.Y == 0, id.Y == last
	return c
}

func (c marginCut) made(a, b mvt.Coord) bool {
	if a.X == b.X {
		x := a.X
		return x <= c.lo || x >= c.hi || c.west && x == 0 || c.east && x == tile.Extent
	}
	if a.Y == b.Y {
		y := a.Y
		return y <= c.lo || y >= c.hi || c.north && y <= 0 || c.south && y >= tile.Extent
	}
	return false
}
