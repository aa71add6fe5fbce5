// Package parent finds by geometry which unit of the level above a unit lies
// in, where codes do not tell. It knows areas and nothing of what they are.
package parent

import (
	"math"
	"slices"

	"github.com/paulmach/orb"

	"github.com/shapes-desktop/shapes/core/geo/spatial"
)

// Reach is how far (degrees of latitude) a child that lies in no parent may be
// from the one that it is given to: 12 nautical miles, the width of a
// territorial sea. It is for islets that only one of two levels has, and for
// coasts in different detail.
const Reach = 0.2

// leastShare of a child's area must be shared with a parent for that alone to
// tell: neighbours drawn apart overlap in slivers, which mean nothing.
const leastShare = 0.25

// Find returns, for each child, the index of the parent that it lies in, −1 for
// none. Geometry is as after ingest: degrees, cut at ±180, rings closed (of any
// winding); it is not modified. The answer for a child depends on that child
// and the set of parents alone.
//
// Points well inside the child are looked up first. If they do not all lie in
// one and the same parent, it is the parent with the largest part of the
// child's area, if that is a quarter at least; of several with as much of it
// (to a thousandth: one parent is drawn on top of another) the smallest one.
// What has no such parent goes to the nearest one within Reach of its midmost
// point, and of those equally near to the smallest; but never to one that has a
// hole there: a hole says that what fills it is somebody else's, who may not be
// in the list. What is alike in everything goes by index.
//
// It takes time in proportion to the vertices of both, and little more; parents
// need about 20 bytes of memory per vertex while it runs.
func Find(children, parents []orb.MultiPolygon) []int {
	f := newFinder(parents)
	out := make([]int, len(children))
	for i, c := range children {
		out[i] = f.find(c)
	}
	return out
}

// none is the index of no parent.
const none = -1

// finder is the parents, ready to be asked, and scratch memory.
type finder struct {
	parents []area
	tree    spatial.Tree[int]

	near   []int     // candidates, ascending
	shared []float64 // of each parent, the area it has of the child in hand
	met    []int     // parents whose shared is not zero, each once
	lines  scanner   // over the child
	across scanner   // over a parent
}

func newFinder(parents []orb.MultiPolygon) *finder {
	f := &finder{parents: make([]area, len(parents)), shared: make([]float64, len(parents))}
	for i, mp := range parents {
		f.parents[i] = newArea(mp)
		f.tree.Insert(f.parents[i].box, i) // refuses those without extent, which hold nothing
	}
	return f
}

func (f *finder) find(child orb.MultiPolygon) int {
	points := f.lines.probes(child)
	if len(points) == 0 {
		return none
	}
	if p := f.around(points); p != none {
		return p
	}
	if p := f.mostShared(child); p != none {
		return p
	}
	return f.nearest(points[0])
}

// around returns the parent that alone holds the points, all of them.
func (f *finder) around(points []orb.Point) int {
	found := none
	for i, p := range points {
		var here int
		f.candidates(orb.Bound{Min: p, Max: p})
		here = none
		for _, c := range f.near {
			if f.parents[c].where(p) != inside {
				continue
			}
			if here != none {
				return none
			}
			here = c
		}
		if here == none || i > 0 && here != found {
			return none
		}
		found = here
	}
	return found
}

// candidates lists the parents whose boxes share a point with b, ascending:
// the order in which the tree gives them depends on how it grew.
func (f *finder) candidates(b orb.Bound) {
	f.near = f.near[:0]
	f.tree.Each(b, func(_ orb.Bound, i int) bool {
		f.near = append(f.near, i)
		return true
	})
	slices.Sort(f.near)
}

// mostShared returns the parent with the largest part of the child's area.
func (f *finder) mostShared(child orb.MultiPolygon) int {
	total := 0.0
	for _, poly := range child {
		total += f.share(poly)
	}
	best, bestShare := none, 0
	slices.Sort(f.met)
	for _, p := range f.met {
		part := f.shared[p] / total
		f.shared[p] = 0
		if !(part >= leastShare) {
			continue
		}
		share := int(math.Round(part * 1000))
		if best == none || share > bestShare || share == bestShare && f.parents[p].size < f.parents[best].size {
			best, bestShare = p, share
		}
	}
	f.met = f.met[:0]
	return best
}

// nearest returns the parent nearest to p, within Reach; the smallest of those
// that are equally near, as all are that p lies in.
func (f *finder) nearest(p orb.Point) int {
	best, least := none, Reach
	f.candidates(boxAround(p))
	for _, c := range f.near {
		d := f.parents[c].distance(p)
		if d < least || d == least && (best == none || f.parents[c].size < f.parents[best].size) {
			best, least = c, d
		}
	}
	return best
}

// boxAround holds all that is within Reach of p; it may go across ±180, where
// its west is greater than its east.
func boxAround(p orb.Point) orb.Bound {
	b := orb.Bound{
		Min: orb.Point{-180, p[1] - Reach},
		Max: orb.Point{180, p[1] + Reach},
	}
	if wide := Reach / narrowing(math.Abs(p[1])+Reach); wide < 180 {
		b.Min[0], b.Max[0] = p[0]-wide, p[0]+wide
		if b.Min[0] < -180 {
			b.Min[0] += 360
		}
		if b.Max[0] > 180 {
			b.Max[0] -= 360
		}
	}
	return b
}

// narrowing is how long a degree of longitude is at a latitude (degrees),
// beside one of latitude. It does not come down to zero, so that one can
// divide by it.
func narrowing(lat float64) float64 {
	return math.Max(1e-6, math.Cos(math.Min(lat, 90)*math.Pi/180))
}
