package topology

import (
	"slices"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/geo/grid"
	"github.com/shapes-desktop/shapes/core/geo/snap"
)

// suspects finds the polygons that may not be simple: those whose rings cross
// each other, and records what crosses what.
func (b *Builder) suspects(xs []snap.Crossing, w *World, opt Options) map[int32]bool {
	found := map[int32]bool{}
	overlaps := map[[2]int32]bool{}
	b.overlaps = map[int32]bool{}
	for _, x := range xs {
		p, q := b.info[x.A].poly, b.info[x.B].poly
		at := x.At.LonLat(w.Bits)
		f := feature.Fault{Feature: int(b.keys[p][1]), Lon: at[0], Lat: at[1], HasPos: true}
		f.Layer = opt.layer(b.keys[p][0])
		switch {
		case p == q && !found[p]:
			found[p] = true
			f.Code = feature.FaultSelfIntersection
			opt.Fault(f)
		case p != q && b.keys[p][0] == b.keys[q][0] && !overlaps[[2]int32{p, q}]:
			overlaps[[2]int32{p, q}] = true
			b.overlaps[p], b.overlaps[q] = true, true
			f.Code = feature.FaultOverlap
			opt.Fault(f)
		}
	}
	return found
}

func (o Options) layer(i int32) string {
	if int(i) < len(o.LayerNames) {
		return o.LayerNames[i]
	}
	return ""
}

// assemble states every polygon as signed arcs whose interior is on the left.
func (b *Builder) assemble(w *World, arcsOf [][]int32, suspects map[int32]bool, opt Options) {
	// Rings of a polygon stand next to each other.
	for lo := 0; lo < len(b.info); {
		hi := lo
		poly := b.info[lo].poly
		for hi < len(b.info) && b.info[hi].poly == poly {
			hi++
		}
		p := Polygon{Layer: b.keys[poly][0], Feature: b.keys[poly][1], Overlaps: b.overlaps[poly], Box: grid.EmptyBox()}
		for _, arcs := range arcsOf[lo:hi] {
			p.Arcs = append(p.Arcs, arcs...)
		}
		if suspects[poly] || !w.plain(p.Arcs) || hi-lo > 1 && !w.nested(b.info[lo:hi], arcsOf[lo:hi]) {
			repaired := w.rebuild(b.info[lo:hi], arcsOf[lo:hi])
			slices.Sort(p.Arcs)
			if !slices.Equal(repaired, p.Arcs) && !suspects[poly] {
				f := w.fault(p, repaired, opt)
				if b.info[lo].part == b.info[hi-1].part {
					f.Code = feature.FaultSelfIntersection // there are no others to overlap
				}
				opt.Fault(f)
			}
			p.Arcs = repaired
		}
		slices.Sort(p.Arcs)
		if w.measure(&p); p.Area > 0 {
			w.Polys = append(w.Polys, p)
		} else {
			opt.Fault(feature.Fault{
				Code: feature.FaultEmptyFeature, Layer: opt.layer(p.Layer),
				Feature: int(p.Feature), Detail: "no area on the grid of the deepest zoom",
			})
		}
		lo = hi
	}
}

// fault says that the parts of p overlap each other, and where.
func (w *World) fault(p Polygon, repaired []int32, opt Options) feature.Fault {
	f := feature.Fault{Code: feature.FaultOverlappingParts, Layer: opt.layer(p.Layer), Feature: int(p.Feature)}
	for _, s := range p.Arcs {
		if _, ok := slices.BinarySearch(repaired, s); !ok {
			a, _ := Index(s)
			at := w.Arcs.At(int(a))[0].LonLat(w.Bits)
			f.Lon, f.Lat, f.HasPos = at[0], at[1], true
			break
		}
	}
	return f
}

// plain reports whether no vertex is passed twice: no arc used twice and no
// junction left twice.
func (w *World) plain(arcs []int32) bool {
	starts := make([]uint64, len(arcs))
	for i, s := range arcs {
		a, back := Index(s)
		pts := w.Arcs.At(int(a))
		if back {
			starts[i] = pts[len(pts)-1].Key()
		} else {
			starts[i] = pts[0].Key()
		}
	}
	slices.Sort(starts)
	for i := 1; i < len(starts); i++ {
		if starts[i] == starts[i-1] {
			return false
		}
	}
	return true
}

// measure sets the area and the box of p.
func (w *World) measure(p *Polygon) {
	var sum int64
	for _, s := range p.Arcs {
		a, back := Index(s)
		pts := w.Arcs.At(int(a))
		if area := shoelace(pts); back {
			sum -= area
		} else {
			sum += area
		}
		for _, q := range pts {
			p.Box = p.Box.Add(q)
		}
	}
	p.Area = float64(sum) / 2
}

// shoelace is the sum of cross products of consecutive points about the
// origin: what a polyline contributes to twice the area of a ring it is part
// of. Sums may overflow on the way, not in the end: arithmetic modulo 2^64
// comes out right as long as the ring's area fits.
func shoelace(pts []grid.Point) int64 {
	var s int64
	for i := 1; i < len(pts); i++ {
		a, b := pts[i-1], pts[i]
		s += int64(a.X)*int64(b.Y) - int64(b.X)*int64(a.Y)
	}
	return s
}
