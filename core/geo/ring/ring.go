// Package ring makes simple rings of directed edges: what cutting, rounding
// and merging leave is edges, and what tiles want is rings.
package ring

import (
	"cmp"
	"slices"

	"github.com/shapes-desktop/shapes/core/geo/grid"
)

// Ring is a closed ring, its first point not repeated. Exteriors have positive
// area by the surveyor's formula, holes negative.
type Ring = []grid.Point

// Edge is a directed edge, the interior on its left (in a plane whose y grows
// up).
type Edge struct{ A, B grid.Point }

// Builder makes simple rings of directed edges that meet only at their ends,
// each with the interior on its left:
//
//   - edges walked there and back cancel (what rounding has closed up);
//   - where a border touches itself, ways part so that each ring bounds one
//     piece of interior, and no ring passes a point twice;
//   - each hole goes to the exterior around it.
//
// It keeps its memory from call to call and is not safe for concurrent use.
type Builder struct {
	table  []slot // vertices by open addressing
	stamp  uint32 // of this build: older slots are free
	verts  []grid.Point
	head   []int32 // first outgoing edge of each vertex, -1 none
	place  []int32 // place of each vertex in the way walked, -1 none
	next   []int32 // outgoing edge after this one at the same vertex
	to     []int32 // vertex where the edge ends
	way    []int32
	arena  []grid.Point
	closed []span
	out    []Ring

	doubled bool
}

type slot struct {
	stamp uint32
	vert  int32
}

type span struct {
	lo, hi int32
	area   int64
	parent int32
	box    grid.Box
}

// Build returns the rings of edges, moved so that origin is 0,0: each exterior
// is followed by its holes. They are valid until the next call. Edges may
// repeat or be empty.
func (b *Builder) Build(edges []Edge, origin grid.Point) []Ring {
	b.link(edges, origin)
	b.doubled = b.doubled && b.anyTwice()
	b.arena, b.closed = b.arena[:0], b.closed[:0]
	for v := range b.verts {
		for b.head[v] >= 0 {
			b.walk(int32(v))
		}
	}
	return b.group()
}

// link numbers the vertices and lists their outgoing edges, without those that
// cancel.
func (b *Builder) link(edges []Edge, origin grid.Point) {
	size := 16
	for size < 2*len(edges) {
		size *= 2
	}
	if len(b.table) < size {
		b.table, b.stamp = make([]slot, size), 0
	}
	b.stamp++
	mask := uint32(size - 1)
	b.verts, b.head, b.place = b.verts[:0], b.head[:0], b.place[:0]
	b.next, b.to, b.doubled = b.next[:0], b.to[:0], false
	last, lastVert := grid.Point{}, int32(-1)
	for i := range edges {
		e := &edges[i]
		if e.A == e.B {
			continue
		}
		from := lastVert
		if from < 0 || last != e.A {
			from = b.vertex(e.A, origin, mask)
		}
		to := b.vertex(e.B, origin, mask)
		last, lastVert = e.B, to
		if !b.cancel(to, from) {
			b.doubled = b.doubled || b.has(from, to)
			b.next = append(b.next, b.head[from])
			b.to = append(b.to, to)
			b.head[from] = int32(len(b.to) - 1)
		}
	}
}

// Doubled reports whether the edges of the latest Build had one twice in the
// same direction, which no border of an area has.
func (b *Builder) Doubled() bool { return b.doubled }

// anyTwice looks for an edge that stands twice now that all that cancels has
// been cancelled.
func (b *Builder) anyTwice() bool {
	for v := range b.head {
		for e := b.head[v]; e >= 0; e = b.next[e] {
			for f := b.next[e]; f >= 0; f = b.next[f] {
				if b.to[e] == b.to[f] {
					return true
				}
			}
		}
	}
	return false
}

func (b *Builder) has(from, to int32) bool {
	for e := b.head[from]; e >= 0; e = b.next[e] {
		if b.to[e] == to {
			return true
		}
	}
	return false
}

// cancel takes away an edge from–to, if there is one.
func (b *Builder) cancel(from, to int32) bool {
	prev := int32(-1)
	for e := b.head[from]; e >= 0; prev, e = e, b.next[e] {
		if b.to[e] == to {
			b.unlink(from, prev, e)
			return true
		}
	}
	return false
}

// unlink takes edge e, which follows prev, off the list of vertex v.
func (b *Builder) unlink(v, prev, e int32) {
	if prev < 0 {
		b.head[v] = b.next[e]
	} else {
		b.next[prev] = b.next[e]
	}
}

func (b *Builder) vertex(p, origin grid.Point, mask uint32) int32 {
	p.X -= origin.X
	p.Y -= origin.Y
	i := uint32((p.Key()*0x9E3779B97F4A7C15)>>32) & mask
	for ; b.table[i].stamp == b.stamp; i = (i + 1) & mask {
		if v := b.table[i].vert; b.verts[v] == p {
			return v
		}
	}
	v := int32(len(b.verts))
	b.table[i] = slot{b.stamp, v}
	b.verts = append(b.verts, p)
	b.head = append(b.head, -1)
	b.place = append(b.place, -1)
	return v
}

// walk follows edges from v until it is back, and cuts off a ring whenever it
// comes to a vertex again.
func (b *Builder) walk(v int32) {
	b.way = append(b.way[:0], v)
	b.place[v] = 0
	from := int32(-1)
	for {
		e := b.leave(from, v)
		if e < 0 {
			break // only at the start: all edges have been walked
		}
		from, v = v, b.to[e]
		if at := b.place[v]; at >= 0 {
			b.cut(at)
			if at == 0 && b.head[v] < 0 {
				break
			}
			if at > 0 {
				from = b.way[at-1]
			} else {
				from = -1
			}
			continue
		}
		b.place[v] = int32(len(b.way))
		b.way = append(b.way, v)
	}
	for _, u := range b.way {
		b.place[u] = -1
	}
}

// cut makes a ring of the way from at on.
func (b *Builder) cut(at int32) {
	lo := int32(len(b.arena))
	for _, u := range b.way[at:] {
		b.arena = append(b.arena, b.verts[u])
		b.place[u] = -1
	}
	b.place[b.way[at]] = at
	b.way = b.way[:at+1]
	if area := grid.Area2(b.arena[lo:]); area != 0 {
		b.closed = append(b.closed, span{lo, int32(len(b.arena)), area, -1, grid.BoxOf(b.arena[lo:])})
	} else {
		b.arena = b.arena[:lo]
	}
}

// leave takes the edge to go on with from v, having come from from: of several
// the first one clockwise from where we came, so that nothing lies between on
// the interior's side.
func (b *Builder) leave(from, v int32) int32 {
	best, bestPrev := b.head[v], int32(-1)
	if best < 0 {
		return -1
	}
	if from >= 0 && b.next[best] >= 0 {
		o, back := b.verts[v], b.verts[from]
		prev := best
		for e := b.next[best]; e >= 0; prev, e = e, b.next[e] {
			if clockwiseFirst(o, back, b.verts[b.to[e]], b.verts[b.to[best]]) {
				best, bestPrev = e, prev
			}
		}
	}
	b.unlink(v, bestPrev, best)
	return best
}

// clockwiseFirst reports whether turning clockwise about o from the direction
// of back, p comes before q (in a plane whose y grows up).
func clockwiseFirst(o, back, p, q grid.Point) bool {
	hp, hq := half(o, back, p), half(o, back, q)
	if hp != hq {
		return hp < hq
	}
	return grid.Cross(o, p, q) < 0
}

// half is 0 for the half turn clockwise from o→back, 1 for the other one.
func half(o, back, p grid.Point) int {
	if grid.Cross(o, back, p) < 0 {
		return 0
	}
	return 1
}

// group orders the rings: each exterior, then its holes.
func (b *Builder) group() []Ring {
	b.out = b.out[:0]
	holes := 0
	for i := range b.closed {
		if b.closed[i].area < 0 {
			holes++
		}
	}
	if holes == 0 {
		for _, s := range b.closed {
			b.out = append(b.out, b.arena[s.lo:s.hi:s.hi])
		}
		return b.out
	}
	for i := range b.closed {
		if b.closed[i].area < 0 {
			b.closed[i].parent = b.around(&b.closed[i])
		} else {
			b.closed[i].parent = int32(i)
		}
	}
	order := make([]int32, len(b.closed))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(i, j int32) int {
		p, q := &b.closed[i], &b.closed[j]
		return cmp.Or(cmp.Compare(p.parent, q.parent), -cmp.Compare(min(p.area, 1), min(q.area, 1)))
	})
	for _, i := range order {
		if s := b.closed[i]; s.parent >= 0 {
			b.out = append(b.out, b.arena[s.lo:s.hi:s.hi])
		}
	}
	return b.out
}

// around returns the smallest exterior that the hole lies in, -1 if none.
func (b *Builder) around(hole *span) int32 {
	best, bestArea := int32(-1), int64(0)
	pts := b.arena[hole.lo:hole.hi]
	for i := range b.closed {
		s := &b.closed[i]
		if s.area > 0 && s.area > -hole.area && (best < 0 || s.area < bestArea) && s.box.Covers(hole.box) && Within(pts, b.arena[s.lo:s.hi]) {
			best, bestArea = int32(i), s.area
		}
	}
	return best
}

// Within reports whether ring in lies in ring out. The two may touch in
// points, but do not cross.
func Within(in, out []grid.Point) bool {
	for _, p := range in {
		if side := locate(p, out); side != 0 {
			return side > 0
		}
	}
	return true
}

// locate returns 1 if p lies in the ring, -1 if outside, 0 on its border.
func locate(p grid.Point, ring []grid.Point) int {
	side := -1
	prev := ring[len(ring)-1]
	for _, q := range ring {
		c := grid.Cross(prev, q, p)
		if c == 0 && grid.EmptyBox().Add(prev).Add(q).Contains(p) {
			return 0
		}
		if (prev.Y > p.Y) != (q.Y > p.Y) && (q.Y > prev.Y) == (c > 0) {
			side = -side
		}
		prev = q
	}
	return side
}
