package topology

import (
	"math"
	"slices"

	"github.com/shapes-desktop/shapes/core/geo/grid"
)

// cutter cuts closed, noded rings into arcs at junctions. A junction is a
// vertex where not every ring has the same two neighbours.
type cutter struct {
	in *grid.Chains

	ids   []int32     // vertex of each point
	nbs   [][2]int32  // the neighbours of each vertex as first seen
	joint []bool      // vertex is a junction
	table vertexTable // point → vertex

	byStart map[uint64]int32 // first directed edge of an arc → signed arc
	rings   [][]int32        // signed arcs of each ring
}

// cut appends the arcs to out (reset first) and leaves c.rings. Each arc runs
// in its canonical direction, whatever ring it was first met in, so that what
// is computed along it does not depend on the order of the input.
func (c *cutter) cut(out *grid.Chains) {
	c.findVertices()
	c.findJunctions()
	out.Reset()
	c.byStart = make(map[uint64]int32)
	c.rings = make([][]int32, c.in.Len())
	for i := range c.in.Len() {
		c.rings[i] = c.cutRing(c.in.Start[i], c.in.Start[i+1], out)
	}
}

func (c *cutter) findVertices() {
	c.ids = make([]int32, len(c.in.Pts))
	c.table.init(len(c.in.Pts) / 2)
	for i, p := range c.in.Pts {
		c.ids[i] = c.table.id(p)
	}
}

func (c *cutter) findJunctions() {
	n := int(c.table.n)
	c.nbs, c.joint = make([][2]int32, n), make([]bool, n)
	for i := range c.nbs {
		c.nbs[i][0] = -1
	}
	for r := range c.in.Len() {
		ids := c.ids[c.in.Start[r]:c.in.Start[r+1]]
		m := len(ids) - 1 // the last point is the first
		if m < 2 {
			for _, v := range ids {
				c.joint[v] = true
			}
			continue
		}
		for i := range m {
			prev := ids[(i+m-1)%m]
			c.visit(ids[i], prev, ids[i+1])
		}
	}
}

func (c *cutter) visit(v, prev, next int32) {
	if prev > next {
		prev, next = next, prev
	}
	switch {
	case prev == next: // a spike: there and back
		c.joint[v] = true
	case c.nbs[v][0] < 0:
		c.nbs[v] = [2]int32{prev, next}
	case c.nbs[v] != [2]int32{prev, next}:
		c.joint[v] = true
	}
}

// cutRing returns the signed arcs of the ring in Pts[lo:hi].
func (c *cutter) cutRing(lo, hi int32, out *grid.Chains) []int32 {
	m := hi - lo - 1
	if m < 2 {
		return nil // collapsed to a point
	}
	first := int32(-1)
	for i := range m {
		if c.joint[c.ids[lo+i]] {
			first = i
			break
		}
	}
	if first < 0 {
		return []int32{c.arc(c.run(lo, m, c.smallest(lo, m), m), out)}
	}
	var arcs []int32
	for at := first; at < first+m; {
		n := int32(1)
		for !c.joint[c.ids[lo+(at+n)%m]] {
			n++
		}
		arcs = append(arcs, c.arc(c.run(lo, m, at, n), out))
		at += n
	}
	return arcs
}

// run returns the n+1 indices into Pts of the ring's points from at on.
func (c *cutter) run(lo, m, at, n int32) []int32 {
	idx := make([]int32, n+1)
	for i := range idx {
		idx[i] = lo + (at+int32(i))%m
	}
	return idx
}

// smallest returns the offset of the ring's least point: where a closed arc
// without junction starts in every ring that has it.
func (c *cutter) smallest(lo, m int32) int32 {
	best := int32(0)
	for i := int32(1); i < m; i++ {
		if c.in.Pts[lo+i].Less(c.in.Pts[lo+best]) {
			best = i
		}
	}
	return best
}

// arc returns the signed arc for the run of points, and stores it if it is new.
func (c *cutter) arc(run []int32, out *grid.Chains) int32 {
	edge := func(i, j int) uint64 {
		return uint64(uint32(c.ids[run[i]]))<<32 | uint64(uint32(c.ids[run[j]]))
	}
	last := len(run) - 1
	forth, back := edge(0, 1), edge(last, last-1)
	if s, ok := c.byStart[forth]; ok {
		return s
	}
	id := int32(out.Len())
	flip := c.backwards(run)
	if flip {
		slices.Reverse(run)
		id = ^id
	}
	for _, i := range run {
		out.Pts = append(out.Pts, c.in.Pts[i])
	}
	out.End()
	c.byStart[forth] = id
	c.byStart[back] = ^id
	return id
}

// backwards reports whether the run goes against its canonical direction:
// from the lesser end to the greater, and in a loop towards the lesser
// neighbour.
func (c *cutter) backwards(run []int32) bool {
	at := func(i int) grid.Point { return c.in.Pts[run[i]] }
	last := len(run) - 1
	if at(0) != at(last) {
		return at(last).Less(at(0))
	}
	return at(last - 1).Less(at(1))
}

// vertexTable numbers distinct points by open addressing.
type vertexTable struct {
	keys []uint64 // key + 1
	vals []int32
	n    int32
}

func (t *vertexTable) init(hint int) {
	size := 1024
	for size < 2*hint {
		size *= 2
	}
	t.keys, t.vals, t.n = make([]uint64, size), make([]int32, size), 0
}

func (t *vertexTable) id(p grid.Point) int32 {
	if int(t.n)*2 >= len(t.keys) {
		t.grow()
	}
	i := t.slot(p.Key() + 1)
	if t.keys[i] == 0 {
		t.keys[i], t.vals[i] = p.Key()+1, t.n
		t.n++
	}
	return t.vals[i]
}

func (t *vertexTable) slot(k uint64) uint64 {
	mask := uint64(len(t.keys) - 1)
	i := (k * 0x9E3779B97F4A7C15 >> 20) & mask
	for t.keys[i] != 0 && t.keys[i] != k {
		i = (i + 1) & mask
	}
	return i
}

func (t *vertexTable) grow() {
	old, vals := t.keys, t.vals
	t.keys, t.vals = make([]uint64, 2*len(old)), make([]int32, 2*len(old))
	for i, k := range old {
		if k != 0 {
			j := t.slot(k)
			t.keys[j], t.vals[j] = k, vals[i]
		}
	}
}

func sqrtArea(ring []grid.Point) float32 {
	if len(ring) < 4 {
		return 0
	}
	return float32(math.Sqrt(math.Abs(float64(grid.Area2(ring[:len(ring)-1]))) / 2))
}
