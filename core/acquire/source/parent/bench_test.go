package parent

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
)

// wavy puts vertices on the edges of a unit's rings, n on each, moved by less
// than a hundredth of its length: borders in some detail, that others do not
// share.
func wavy(mp orb.MultiPolygon, n int) orb.MultiPolygon {
	poly := make(orb.Polygon, len(mp[0]))
	for k, ring := range mp[0] {
		for i, p := range ring[:len(ring)-1] {
			q := ring[i+1]
			dx, dy := q[0]-p[0], q[1]-p[1]
			for j := range n {
				at := float64(j) / float64(n)
				off := .01 * math.Sin(at*40*math.Pi) * at * (1 - at)
				poly[k] = append(poly[k], orb.Point{p[0] + at*dx - off*dy, p[1] + at*dy + off*dx})
			}
		}
		poly[k] = append(poly[k], poly[k][0])
	}
	return orb.MultiPolygon{poly}
}

// 166 thousand units, 10 million vertices, in 1288 others of 6 million.
func BenchmarkFind(b *testing.B) {
	d := divide(rand.New(rand.NewPCG(1, 5)), 10, 6)
	for i, c := range d.children {
		d.children[i] = wavy(c, 12)
	}
	for i, p := range d.parents {
		d.parents[i] = wavy(p, 1000)
	}
	b.ReportAllocs()
	for b.Loop() {
		wrong := 0
		for i, p := range Find(d.children, d.parents) {
			if p != d.of[i] {
				wrong++
			}
		}
		b.ReportMetric(float64(len(d.children)), "children")
		b.ReportMetric(float64(len(d.parents)), "parents")
		b.ReportMetric(float64(wrong), "wrong")
	}
}
