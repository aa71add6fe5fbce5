package parent

import (
	"math"

	"github.com/paulmach/orb"
)

// area is a parent whose edges lie sorted in bands of latitude, so that asking
// about one latitude looks at few of them:
//
//	─────────────────  band 2
//	     /\      /\
//	────/──\────/──\─  band 1    an edge stands in each band that it passes
//	   /    \  /    \
//	──/──────\/──────  band 0
type area struct {
	box   orb.Bound // empty (its least the greatest) if there is no vertex
	size  float64   // square degrees
	rings []ring
	scale float64 // bands per degree
	start []int32 // of each band in edges, and the end of the last
	edges []edge  // by band, then ring, then place
}

type ring struct {
	pts     orb.Ring
	polygon int
	hole    bool
}

// edge goes from vertex at of a ring to the next.
type edge struct{ ring, at int32 }

func newArea(mp orb.MultiPolygon) area {
	a := area{box: emptyBox()}
	n := 0
	for i, poly := range mp {
		for k, r := range poly {
			if len(r) == 0 {
				continue
			}
			a.rings = append(a.rings, ring{pts: r, polygon: i, hole: k > 0})
			a.box = a.box.Union(boxOf(r))
			n += len(r)
			if k == 0 {
				a.size += sizeOf(r)
			} else {
				a.size -= sizeOf(r)
			}
		}
	}
	if n > 0 {
		a.sort(n)
	}
	return a
}

// sort fills the bands for n edges. There are so many bands that an edge
// stands in few: borders that go up and down all the way get fewer bands, not
// more memory.
func (a *area) sort(n int) {
	bands := max(1, n/4)
	for ; ; bands /= 2 {
		a.scale = float64(bands) / math.Max(a.box.Max[1]-a.box.Min[1], 1e-9)
		a.start = make([]int32, bands+1)
		if total := a.count(); bands == 1 || total <= 2*n {
			break
		}
	}
	end := int32(0)
	for b, count := range a.start {
		a.start[b], end = end, end+count
	}
	a.edges = make([]edge, end)
	next := append([]int32(nil), a.start...)
	a.each(func(e edge, low, high int) {
		for b := low; b <= high; b++ {
			a.edges[next[b]] = e
			next[b]++
		}
	})
}

// count notes how many edges each band has, and returns the sum.
func (a *area) count() (total int) {
	a.each(func(_ edge, low, high int) {
		for b := low; b <= high; b++ {
			a.start[b]++
		}
		total += high - low + 1
	})
	return total
}

// each calls fn with every edge and the bands that it passes.
func (a *area) each(fn func(e edge, low, high int)) {
	for r := range a.rings {
		pts := a.rings[r].pts
		before := a.band(pts[0][1])
		for i := range pts {
			after := a.band(pts[(i+1)%len(pts)][1])
			fn(edge{int32(r), int32(i)}, min(before, after), max(before, after))
			before = after
		}
	}
}

// band returns the band of a latitude: never a lower one for a higher latitude.
func (a *area) band(lat float64) int {
	b := (lat - a.box.Min[1]) * a.scale
	if !(b > 0) { // not a number too
		return 0
	}
	return int(math.Min(b, float64(len(a.start)-2)))
}

// at returns the edges of the bands from one latitude to another.
func (a *area) at(low, high float64) []edge {
	return a.edges[a.start[a.band(low)]:a.start[a.band(high)+1]]
}

func (a *area) ends(e edge) (p, q orb.Point) {
	pts := a.rings[e.ring].pts
	if next := int(e.at) + 1; next < len(pts) {
		return pts[e.at], pts[next]
	}
	return pts[e.at], pts[0]
}

// place is where a point is.
type place int

const (
	outside place = iota
	inside
	inHole
)

// where returns where p is. Polygons may overlap: in one of them is inside.
func (a *area) where(p orb.Point) place {
	if len(a.edges) == 0 || !a.box.Contains(p) {
		return outside
	}
	found, polygon := outside, 0
	in, inOuter := false, false // of the polygon in hand
	for _, e := range a.at(p[1], p[1]) {
		r := &a.rings[e.ring]
		if r.polygon != polygon {
			if in {
				return inside
			}
			if inOuter {
				found = inHole
			}
			in, inOuter, polygon = false, false, r.polygon
		}
		from, to := a.ends(e)
		if crosses(from, to, p[1]) && crossing(from, to, p[1]) > p[0] {
			in = !in
			inOuter = inOuter != !r.hole
		}
	}
	switch {
	case in:
		return inside
	case inOuter:
		return inHole
	}
	return found
}

// distance returns how far p is from the area, degrees of latitude: 0 inside,
// infinite in a hole. Beyond Reach it may be any number above it.
func (a *area) distance(p orb.Point) float64 {
	switch a.where(p) {
	case inside:
		return 0
	case inHole:
		return math.Inf(1)
	}
	least := math.Inf(1)
	narrow := narrowing(math.Abs(p[1]))
	for _, turn := range [...]float64{0, 360, -360} {
		q := orb.Point{p[0] + turn, p[1]}
		over := math.Max(a.box.Min[0]-q[0], q[0]-a.box.Max[0])
		if over*narrow > Reach {
			continue
		}
		for _, e := range a.at(p[1]-Reach, p[1]+Reach) {
			from, to := a.ends(e)
			least = math.Min(least, toSegment(q, from, to, narrow))
		}
	}
	return least
}

// toSegment is the distance of p from a segment where degrees of longitude are
// shorter by the factor narrow.
func toSegment(p, a, b orb.Point, narrow float64) float64 {
	ax, ay := (a[0]-p[0])*narrow, a[1]-p[1]
	dx, dy := (b[0]-a[0])*narrow, b[1]-a[1]
	if l := dx*dx + dy*dy; l > 0 {
		t := math.Max(0, math.Min(1, -(ax*dx+ay*dy)/l))
		ax, ay = ax+t*dx, ay+t*dy
	}
	return math.Hypot(ax, ay)
}

func emptyBox() orb.Bound {
	return orb.Bound{
		Min: orb.Point{math.Inf(1), math.Inf(1)},
		Max: orb.Point{math.Inf(-1), math.Inf(-1)},
	}
}

func boxOf(r orb.Ring) orb.Bound {
	b := emptyBox()
	for _, p := range r {
		b.Min = orb.Point{math.Min(b.Min[0], p[0]), math.Min(b.Min[1], p[1])}
		b.Max = orb.Point{math.Max(b.Max[0], p[0]), math.Max(b.Max[1], p[1])}
	}
	return b
}

// sizeOf is the area of a ring, whichever way it runs: square degrees.
func sizeOf(r orb.Ring) float64 {
	sum := 0.0
	for i := 2; i < len(r); i++ {
		sum += (r[i-1][0]-r[0][0])*(r[i][1]-r[0][1]) - (r[i-1][1]-r[0][1])*(r[i][0]-r[0][0])
	}
	return math.Abs(sum / 2)
}
