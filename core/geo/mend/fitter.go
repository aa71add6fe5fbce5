package mend

import (
	"slices"

	"github.com/shapes-desktop/shapes/core/geo/grid"
	"github.com/shapes-desktop/shapes/core/geo/ring"
	"github.com/shapes-desktop/shapes/core/geo/spatial"
	"github.com/shapes-desktop/shapes/core/geo/topology"
)

// fitter knows the edges near vanished polygons.
type fitter struct {
	*Scene
	unit  float64
	cells spatial.Cells // edges by place; numbers index edges
	edges []placed
	byEnd map[[2]grid.Point]int32 // the number of an edge of arcs
	used  map[[2]grid.Point]bool  // edges that carry a patch
}

// placed is an edge from its lesser end to its greater, and the arcs that have
// come to lie on it, signed; none for a patch.
type placed struct {
	a, b grid.Point
	arcs []int32
}

// cellBits makes cells of 16 tile units: several times what a patch takes.
const cellBits = 4

func undirected(a, b grid.Point) [2]grid.Point {
	if b.Less(a) {
		a, b = b, a
	}
	return [2]grid.Point{a, b}
}

// look gathers the edges around the polygons in todo.
func (f *fitter) look(todo []int32) {
	var near spatial.Cells
	near.Reset(cellBits, 1024)
	marked := map[[2]int32]bool{}
	for _, i := range todo {
		for _, signed := range f.World.Polys[i].Arcs {
			for _, p := range f.Arcs.At(int(arcIndex(signed))) {
				for x := (p.X >> cellBits) - 1; x <= (p.X>>cellBits)+1; x++ {
					for y := (p.Y >> cellBits) - 1; y <= (p.Y>>cellBits)+1; y++ {
						if !marked[[2]int32{x, y}] {
							marked[[2]int32{x, y}] = true
							near.AddCell(x, y, 0)
						}
					}
				}
			}
		}
	}
	f.used, f.byEnd = map[[2]grid.Point]bool{}, map[[2]grid.Point]int32{}
	f.cells.Reset(cellBits, 4*len(marked))
	for i := range f.Arcs.Len() {
		pts := f.Arcs.At(i)
		for j := 1; j < len(pts); j++ {
			f.place(&near, pts[j-1], pts[j], int32(i))
		}
	}
}

// place notes that the arc goes from p to q, if that is in a cell of near.
func (f *fitter) place(near *spatial.Cells, p, q grid.Point, arc int32) {
	isNear := false
	spatial.Cover(p, q, cellBits, 0, func(cx, cy int32) { isNear = isNear || near.First(cx, cy) >= 0 })
	if !isNear {
		return
	}
	key := undirected(p, q)
	if key[0] != p {
		arc = ^arc
	}
	n, known := f.byEnd[key]
	if !known {
		n = int32(len(f.edges))
		f.byEnd[key] = n
		f.edges = append(f.edges, placed{a: key[0], b: key[1]})
		spatial.Cover(p, q, cellBits, 0, func(cx, cy int32) {
			if near.First(cx, cy) >= 0 {
				f.cells.AddCell(cx, cy, n)
			}
		})
	}
	f.edges[n].arcs = append(f.edges[n].arcs, arc)
}

// add makes the edges of a patch known.
func (f *fitter) add(r ring.Ring) {
	eachEdge(r, func(e ring.Edge) {
		n := int32(len(f.edges))
		f.edges = append(f.edges, placed{a: e.A, b: e.B})
		spatial.Cover(e.A, e.B, cellBits, 0, func(cx, cy int32) { f.cells.AddCell(cx, cy, n) })
	})
}

// around calls fn with the number of each edge that may come near box, some of
// them more than once, until fn returns false; it returns false then too.
func (f *fitter) around(box grid.Box, fn func(n int32) bool) bool {
	for cx := (box.MinX - 1) >> cellBits; cx <= (box.MaxX+1)>>cellBits; cx++ {
		for cy := (box.MinY - 1) >> cellBits; cy <= (box.MaxY+1)>>cellBits; cy++ {
			for e := f.cells.First(cx, cy); e >= 0; e = f.cells.Next(e) {
				if !fn(f.cells.Item(e)) {
					return false
				}
			}
		}
	}
	return true
}

// empty reports whether no edge comes within a unit of box.
func (f *fitter) empty(box grid.Box) bool {
	box = grid.Box{MinX: box.MinX - 1, MinY: box.MinY - 1, MaxX: box.MaxX + 1, MaxY: box.MaxY + 1}
	return f.around(box, func(n int32) bool { return !meets(f.edges[n], box) })
}

// meets reports whether an edge has a point in box.
func meets(e placed, box grid.Box) bool {
	if !box.Intersects(grid.EmptyBox().Add(e.a).Add(e.b)) {
		return false
	}
	if box.Contains(e.a) || box.Contains(e.b) {
		return true
	}
	var neg, pos bool
	for _, c := range [4]grid.Point{{X: box.MinX, Y: box.MinY}, {X: box.MaxX, Y: box.MinY}, {X: box.MaxX, Y: box.MaxY}, {X: box.MinX, Y: box.MaxY}} {
		v := grid.Cross(e.a, e.b, c)
		neg, pos = neg || v <= 0, pos || v >= 0
	}
	return neg && pos
}

// straddles reports whether r is partly beyond the world, where no tile shows
// it, or a side of a tile's box runs through it, which would want vertices
// there.
func (f *fitter) straddles(r ring.Ring) bool {
	b := grid.BoxOf(r)
	world := grid.Box{MaxX: f.Size, MaxY: f.Size}
	return !world.Covers(b) || f.through(b.MinX, b.MaxX) || f.through(b.MinY, b.MaxY)
}

func (f *fitter) through(lo, hi int32) bool {
	for k := lo/f.Step - 1; k <= hi/f.Step+1; k++ {
		for _, at := range [2]int32{k*f.Step - f.Margin, k*f.Step + f.Margin} {
			if lo < at && at < hi {
				return true
			}
		}
	}
	return false
}

// clear reports whether the triangle on from–to with that apex has no edge in
// it but from–to itself.
func (f *fitter) clear(from, to, apex grid.Point) bool {
	box := grid.BoxOf([]grid.Point{from, to, apex})
	return f.around(box, func(n int32) bool {
		e := f.edges[n]
		if undirected(e.a, e.b) == undirected(from, to) {
			return true
		}
		for _, p := range [2]grid.Point{e.a, e.b} {
			if p != from && p != to && inTriangle(to, from, apex, p) {
				return false
			}
		}
		return !onSegment(e.a, e.b, apex) && !cross(e.a, e.b, from, apex) && !cross(e.a, e.b, apex, to)
	})
}

// inTriangle reports whether p lies in the triangle of positive area, or on
// its border.
func inTriangle(a, b, c, p grid.Point) bool {
	return grid.Cross(a, b, p) >= 0 && grid.Cross(b, c, p) >= 0 && grid.Cross(c, a, p) >= 0
}

func onSegment(a, b, p grid.Point) bool {
	return grid.Cross(a, b, p) == 0 && grid.EmptyBox().Add(a).Add(b).Contains(p)
}

// cross reports whether the interiors of a–b and c–d meet in one point.
func cross(a, b, c, d grid.Point) bool {
	o1, o2 := grid.Cross(a, b, c), grid.Cross(a, b, d)
	o3, o4 := grid.Cross(c, d, a), grid.Cross(c, d, b)
	return (o1 > 0 && o2 < 0 || o1 < 0 && o2 > 0) && (o3 > 0 && o4 < 0 || o3 < 0 && o4 > 0)
}

// ownedBy reports whether the ground right of from–to belongs to just these
// polygons, as far as from–to bounds any. Several arcs may have come to lie on
// the edge; what they say of a polygon cancels if it has no ground there.
func (f *fitter) ownedBy(from, to grid.Point, want []int32) bool {
	key := undirected(from, to)
	n, known := f.byEnd[key]
	if !known {
		return false
	}
	net := map[int32]int{}
	for _, signed := range f.edges[n].arcs {
		a, back := topology.Index(signed)
		turn := 1
		if back != (key[0] != from) {
			turn = -1
		}
		for _, p := range f.World.Left(a) {
			net[p] += turn
		}
		for _, p := range f.World.Right(a) {
			net[p] -= turn
		}
	}
	var have []int32
	for p, n := range net {
		if n < 0 {
			have = append(have, p)
		}
	}
	slices.Sort(have)
	return slices.Equal(have, want)
}
