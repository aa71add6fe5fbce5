package osm

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// Inside reports whether a unit belongs to a country by where it is: whether a
// point of its largest part lies within the country's outline. Neighbours that
// the server took to be inside, because they share a border, are told apart by
// it. Both are as the ingest leaves them; it reads them only.
func Inside(country, unit orb.MultiPolygon) bool {
	p, ok := pointOf(unit)
	return ok && covers(country, p)
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

// covers reports whether p is inside of mp, by how often its rings cross the
// way from p to the west.
func covers(mp orb.MultiPolygon, p orb.Point) bool {
	inside := false
	for _, poly := range mp {
		if !poly.Bound().Contains(p) {
			continue
		}
		for _, ring := range poly {
			for i := 1; i < len(ring); i++ {
				if x, ok := crossing(ring[i-1], ring[i], p[1]); ok && x < p[0] {
					inside = !inside
				}
			}
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
