package topology

import (
	"slices"

	"github.com/shapes-desktop/shapes/core/geo/grid"
)

// nested reports whether each ring of a polygon lies where its role says:
// exteriors outside of all others or in a hole, holes in an exterior. The
// rings do not touch (plain has said so), so one point of each will do.
func (w *World) nested(info []ring, arcsOf [][]int32) bool {
	rays := w.newRays(info, arcsOf)
	for i, arcs := range arcsOf {
		if len(arcs) == 0 {
			continue
		}
		a, _ := Index(arcs[0])
		p := w.Arcs.At(int(a))[0]
		winding := 0
		rays.left(point2{2 * int64(p.X), 2 * int64(p.Y)}, func(e *edge) {
			if e.ring != int32(i) {
				winding += e.turn()
			}
		})
		want := 0
		if info[i].hole {
			want = 1
		}
		if winding != want {
			return false
		}
	}
	return true
}

// rebuild states the area that a polygon's rings mean when they are not
// simple: within a part what an odd number of rings enclose (so a figure of
// eight keeps both loops, and a hole stays one whatever its winding), and of
// several parts their union.
func (w *World) rebuild(info []ring, arcsOf [][]int32) []int32 {
	rays := w.newRays(info, arcsOf)
	uses := map[int32]map[int32]int{} // arc → part → how often
	var order []int32
	for i, arcs := range arcsOf {
		for _, s := range arcs {
			a, _ := Index(s)
			if uses[a] == nil {
				uses[a] = map[int32]int{}
				order = append(order, a)
			}
			uses[a][info[i].part]++
		}
	}
	slices.Sort(order)
	var out []int32
	odd := map[int32]bool{}
	for _, a := range order {
		clear(odd)
		onLeft := w.parity(rays, a, odd)
		before := anyOdd(odd)
		for part, n := range uses[a] {
			if n%2 == 1 {
				odd[part] = !odd[part]
			}
		}
		after := anyOdd(odd)
		if before == after {
			continue
		}
		if before == onLeft { // the interior is on the arc's left
			out = append(out, a)
		} else {
			out = append(out, ^a)
		}
	}
	slices.Sort(out)
	return out
}

func anyOdd(m map[int32]bool) bool {
	for _, v := range m {
		if v {
			return true
		}
	}
	return false
}

// parity notes in odd which parts enclose the ground just beside arc a, and
// reports whether that side is the arc's left.
func (w *World) parity(rays *rays, a int32, odd map[int32]bool) (left bool) {
	pts := w.Arcs.At(int(a))
	for i := 1; i < len(pts); i++ {
		p, q := pts[i-1], pts[i]
		if p.Y == q.Y {
			continue
		}
		mid := point2{int64(p.X) + int64(q.X), int64(p.Y) + int64(q.Y)}
		rays.left(mid, func(e *edge) {
			if !e.same(p, q) {
				odd[e.part] = !odd[e.part]
			}
		})
		return q.Y > p.Y // west is left of what runs up the y axis
	}
	// A level arc: look along the other axis, at all edges.
	p, q := pts[0], pts[1]
	mid := point2{int64(p.X) + int64(q.X), int64(p.Y) + int64(q.Y)}
	for i := range rays.edges {
		e := &rays.edges[i]
		if !e.same(p, q) && e.below(mid) {
			odd[e.part] = !odd[e.part]
		}
	}
	return q.X < p.X // the side of lesser y is left of what runs down the x axis
}

// point2 is a position in half grid units: midpoints are exact.
type point2 struct{ x, y int64 }

// edge is a directed edge of a ring.
type edge struct {
	a, b       grid.Point
	ring, part int32
}

func (e *edge) same(p, q grid.Point) bool { return e.a == p && e.b == q || e.a == q && e.b == p }

// turn is what crossing the edge from the east adds to the winding number.
func (e *edge) turn() int {
	if e.b.Y > e.a.Y {
		return -1
	}
	return 1
}

// west reports whether the ray from p towards lesser x crosses e.
func (e *edge) west(p point2) bool {
	if (2*int64(e.a.Y) <= p.y) == (2*int64(e.b.Y) <= p.y) {
		return false
	}
	lo, hi := e.a, e.b
	if lo.Y > hi.Y {
		lo, hi = hi, lo
	}
	return int64(hi.X-lo.X)*(p.y-2*int64(lo.Y)) < int64(hi.Y-lo.Y)*(p.x-2*int64(lo.X))
}

// below reports whether the ray from p towards lesser y crosses e.
func (e *edge) below(p point2) bool {
	t := edge{a: grid.Point{X: e.a.Y, Y: e.a.X}, b: grid.Point{X: e.b.Y, Y: e.b.X}}
	return t.west(point2{p.y, p.x})
}

// rays answers which edges of a polygon lie west of a point, by rows.
type rays struct {
	edges []edge
	rows  [][]int32
	minY  int32
	shift uint
}

func (w *World) newRays(info []ring, arcsOf [][]int32) *rays {
	r := &rays{}
	box := grid.EmptyBox()
	for i, arcs := range arcsOf {
		for _, s := range arcs {
			a, back := Index(s)
			pts := w.Arcs.At(int(a))
			for j := 1; j < len(pts); j++ {
				e := edge{pts[j-1], pts[j], int32(i), info[i].part}
				if back {
					e.a, e.b = e.b, e.a
				}
				r.edges = append(r.edges, e)
				box = box.Add(e.a).Add(e.b)
			}
		}
	}
	if len(r.edges) == 0 {
		return r
	}
	r.minY = box.MinY
	for (int64(box.MaxY)-int64(box.MinY))>>r.shift > int64(len(r.edges)) || r.entries() > maxRowEntries*int64(len(r.edges)) {
		r.shift++
	}
	r.rows = make([][]int32, (box.MaxY-box.MinY)>>r.shift+1)
	for i := range r.edges {
		e := &r.edges[i]
		for y := (min(e.a.Y, e.b.Y) - r.minY) >> r.shift; y <= (max(e.a.Y, e.b.Y)-r.minY)>>r.shift; y++ {
			r.rows[y] = append(r.rows[y], int32(i))
		}
	}
	return r
}

// maxRowEntries bounds how many rows an edge is listed in on average: tall
// edges side by side would otherwise fill memory with their square.
const maxRowEntries = 8

// entries returns how many entries the rows would have.
func (r *rays) entries() int64 {
	var n int64
	for i := range r.edges {
		e := &r.edges[i]
		n += int64((max(e.a.Y, e.b.Y)-r.minY)>>r.shift-(min(e.a.Y, e.b.Y)-r.minY)>>r.shift) + 1
	}
	return n
}

// left calls fn with each edge that the ray from p towards lesser x crosses.
func (r *rays) left(p point2, fn func(*edge)) {
	y := (p.y>>1 - int64(r.minY)) >> r.shift
	if y < 0 || y >= int64(len(r.rows)) {
		return
	}
	for _, i := range r.rows[y] {
		if e := &r.edges[i]; e.west(p) {
			fn(e)
		}
	}
}
