package osm

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// Outline is that of a country, ready to be asked about many units. It does not
// change.
type Outline struct {
	box   orb.Bound
	bands [][]edge // of equal height, from the south; an edge is in all that it touches
}

type edge struct{ a, b orb.Point }

// maxBands bounds the memory of an outline together with bandedEdges.
const (
	maxBands    = 1 << 10
	bandedEdges = 4 // times as many as there are edges
)

// NewOutline makes the outline of a country, as the ingest leaves it.
func NewOutline(country orb.MultiPolygon) *Outline {
	o := &Outline{box: country.Bound()}
	var all []edge
	for _, poly := range country {
		for _, ring := range poly {
			for i := 1; i < len(ring); i++ {
				all = append(all, edge{ring[i-1], ring[i]})
			}
		}
	}
	for n := maxBands; ; n /= 2 {
		o.bands = make([][]edge, n)
		held := 0
		for _, e := range all {
			from, to := o.span(e)
			held += to - from + 1
		}
		if n == 1 || held <= bandedEdges*len(all)+maxBands {
			break
		}
	}
	for _, e := range all {
		from, to := o.span(e)
		for i := from; i <= to; i++ {
			o.bands[i] = append(o.bands[i], e)
		}
	}
	return o
}

// span returns the bands that an edge touches.
func (o *Outline) span(e edge) (from, to int) {
	return o.band(min(e.a[1], e.b[1])), o.band(max(e.a[1], e.b[1]))
}

// band returns the band of a height.
func (o *Outline) band(y float64) int {
	height := o.box.Max[1] - o.box.Min[1]
	if !(height > 0) {
		return 0
	}
	n := len(o.bands)
	return min(max(int((y-o.box.Min[1])/height*float64(n)), 0), n-1)
}

// Holds reports whether a unit belongs to the country by where it is: whether a
// point of its largest part lies within the outline. Neighbours that the server
// took to be inside, because they share a border, are told apart by it.
func (o *Outline) Holds(unit orb.MultiPolygon) bool {
	p, ok := pointOf(unit)
	return ok && o.covers(p)
}

// pointOf returns a point well inside of mp: in the middle of the widest span
// that its largest polygon has at half height. False if mp has no area.
func pointOf(mp orb.MultiPolygon) (orb.Point, bool) {
	var largest orb.Polygon
	most := 0.0
	for _, poly := range mp {
		if len(poly) == 0 {
			continue
		}
		if a := math.Abs(area2(poly[0])); a > most {
			largest, most = poly, a
		}
	}
	if largest == nil {
		return orb.Point{}, false
	}
	box := largest.Bound()
	y := (box.Min[1] + box.Max[1]) / 2
	var at []float64 // where rings cross that height
	for _, ring := range largest {
		for i := 1; i < len(ring); i++ {
			if x, ok := crossing(ring[i-1], ring[i], y); ok {
				at = append(at, x)
			}
		}
	}
	slices.SortFunc(at, cmp.Compare[float64])
	p, width := orb.Point{0, y}, 0.0
	for i := 1; i < len(at); i += 2 {
		if w := at[i] - at[i-1]; w > width {
			p[0], width = (at[i]+at[i-1])/2, w
		}
	}
	return p, width > 0
}

// covers reports whether p is inside, by how often rings cross the way from p to
// the west.
func (o *Outline) covers(p orb.Point) bool {
	if !o.box.Contains(p) {
		return false
	}
	inside := false
	for _, e := range o.bands[o.band(p[1])] {
		if x, ok := crossing(e.a, e.b, p[1]); ok && x < p[0] {
			inside = !inside
		}
	}
	return inside
}

// crossing returns where an edge crosses height y. Its lower end belongs to it,
// its upper one does not, so that a vertex counts once.
func crossing(a, b orb.Point, y float64) (float64, bool) {
	if (a[1] <= y) == (b[1] <= y) {
		return 0, false
	}
	return a[0] + (y-a[1])/(b[1]-a[1])*(b[0]-a[0]), true
}

// area2 is twice the signed area of a ring.
func area2(r orb.Ring) float64 {
	sum := 0.0
	for i := 1; i < len(r); i++ {
		sum += (r[i-1][0]-r[0][0])*(r[i][1]-r[0][1]) - (r[i][0]-r[0][0])*(r[i-1][1]-r[0][1])
	}
	return sum
}
