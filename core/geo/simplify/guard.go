package simplify

import (
	"github.com/shapes-desktop/shapes/core/geo/grid"
	"github.com/shapes-desktop/shapes/core/geo/spatial"
)

// guard gives back vertices until simplification is a deformation that never
// passes over a kept vertex.
//
//	kept ●──────────────● kept     the chord
//	      ╲    ▲ swept ╱           ground between chord and old course:
//	       ╲__________╱            no kept vertex may lie in it
//
// If none does, no two chords cross: were s and t to cross, then t and its old
// course would close a curve that s passes an odd number of times, so an end
// of s would lie within. And no island or enclave has changed sides, for its
// vertices would lie in swept ground. So it is enough to look for vertices
// there and to break up the chords found, at their heaviest vertex, until
// there are none. At full detail nothing is swept, so it ends.
type guard struct {
	all   spatial.Cells // kept vertices
	young spatial.Cells // those of the latest round
	found []int32
}

// run returns how many vertices it gave back.
func (g *guard) run(w *Weighted, st []state, count int) int {
	shift := cellShift(w, st)
	g.all.Reset(shift, count)
	for j := range st {
		if st[j] == kept {
			add(&g.all, w, int32(j))
		}
	}
	g.young.Reset(shift, 0)
	total := 0
	for round := 0; ; round++ {
		g.sweep(w, st, round == 0)
		if len(g.found) == 0 {
			return total
		}
		total += len(g.found)
		g.young.Reset(shift, len(g.found))
		for j := range st {
			if st[j] == fresh {
				st[j] = kept
			}
		}
		for _, v := range g.found {
			st[v] = fresh
			add(&g.all, w, v)
			add(&g.young, w, v)
		}
	}
}

// cellShift makes cells about as wide as the chords are on average, from a
// sample of the arcs.
func cellShift(w *Weighted, st []state) uint {
	var sum, n int64
	step := 1 + w.Arcs.Len()/2000
	for i := 0; i < w.Arcs.Len(); i += step {
		lo, hi := w.Arcs.Start[i], w.Arcs.Start[i+1]
		from := lo
		for j := lo + 1; j < hi; j++ {
			if st[j] != dropped {
				b := grid.BoxOf([]grid.Point{w.Arcs.Pts[from], w.Arcs.Pts[j]})
				sum += int64(max(b.MaxX-b.MinX, b.MaxY-b.MinY))
				n++
				from = j
			}
		}
	}
	shift := uint(1)
	for n > 0 && int64(1)<<shift < sum/n && shift < 24 {
		shift++
	}
	return shift
}

// add indexes vertex v, unless it is a junction that another arc has put in.
func add(c *spatial.Cells, w *Weighted, v int32) {
	p, s := w.Arcs.Pts[v], c.Shift()
	cx, cy := p.X>>s, p.Y>>s
	for e := c.First(cx, cy); e >= 0; e = c.Next(e) {
		if w.Arcs.Pts[c.Item(e)] == p {
			return
		}
	}
	c.AddCell(cx, cy, v)
}

// sweep finds a vertex to give back for each chord that has swept over a
// vertex. Chords that were broken up in the latest round are held against all
// vertices, the others against those of that round only.
func (g *guard) sweep(w *Weighted, st []state, first bool) {
	g.found = g.found[:0]
	for i := range w.Arcs.Len() {
		lo, hi := w.Arcs.Start[i], w.Arcs.Start[i+1]
		from := lo
		for j := lo + 1; j < hi; j++ {
			if st[j] == dropped {
				continue
			}
			if j-from > 1 {
				against := &g.young
				if first || st[from] == fresh || st[j] == fresh {
					against = &g.all
				}
				if sweptOver(w.Arcs.Pts, from, j, against) {
					g.found = append(g.found, heaviest(w.Weight, from+1, j))
				}
			}
			from = j
		}
	}
}

// heaviest returns the index of the greatest weight in [lo, hi), the first of
// equals.
func heaviest(weight []float32, lo, hi int32) int32 {
	best := lo
	for i := lo + 1; i < hi; i++ {
		if weight[i] > weight[best] {
			best = i
		}
	}
	return best
}

// sweptOver reports whether an indexed vertex lies between the course
// pts[from:to+1] and the chord that joins its ends, or on the chord.
func sweptOver(pts []grid.Point, from, to int32, c *spatial.Cells) bool {
	course := pts[from : to+1]
	box := grid.BoxOf(course)
	s := c.Shift()
	a, b := pts[from], pts[to]
	for cy := box.MinY >> s; cy <= box.MaxY>>s; cy++ {
		for cx := box.MinX >> s; cx <= box.MaxX>>s; cx++ {
			for e := c.First(cx, cy); e >= 0; e = c.Next(e) {
				p := pts[c.Item(e)]
				if box.Contains(p) && p != a && p != b && swept(course, p) {
					return true
				}
			}
		}
	}
	return false
}

// swept reports whether p lies in the ground between course and chord (by the
// even-odd rule) or on the chord.
func swept(course []grid.Point, p grid.Point) bool {
	last := len(course) - 1
	if onSegment(course[last], course[0], p) {
		return true
	}
	inside := false
	prev := course[last]
	for _, q := range course {
		if (prev.Y > p.Y) != (q.Y > p.Y) && (q.Y > prev.Y) == (grid.Cross(prev, q, p) > 0) {
			inside = !inside
		}
		prev = q
	}
	return inside
}

// onSegment reports whether p lies on the segment a–b.
func onSegment(a, b, p grid.Point) bool {
	return grid.Cross(a, b, p) == 0 && grid.EmptyBox().Add(a).Add(b).Contains(p)
}
