package topology

import (
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/geo/grid"
	"github.com/shapes-desktop/shapes/core/geo/snap"
)

// Builder collects polygons for a World.
type Builder struct {
	rings grid.Chains // closed: the first point is repeated
	info  []ring      // parallel to rings
	polys int32
	keys  [][2]int32 // layer and feature of each polygon

	overlaps map[int32]bool // polygons that cross others of their layer
}

// ring is what is known of a ring besides its points.
type ring struct {
	poly int32 // index of the polygon
	part int32 // index of the part within it
	hole bool
}

// NewBuilder returns an empty Builder.
func NewBuilder() *Builder {
	b := &Builder{}
	b.rings.Reset()
	return b
}

// Vertices returns how many vertices were added.
func (b *Builder) Vertices() int { return len(b.rings.Pts) }

// Step returns the median distance of neighbouring vertices, in world grid
// units, from a sample of at most some ten thousand.
func (b *Builder) Step() int32 {
	var steps []int32
	stride := 1 + len(b.rings.Pts)/10000
	for i := stride; i < len(b.rings.Pts); i += stride {
		p, q := b.rings.Pts[i-1], b.rings.Pts[i]
		d := math.Hypot(float64(q.X-p.X), float64(q.Y-p.Y))
		steps = append(steps, int32(min(d, grid.Size)))
	}
	if len(steps) == 0 {
		return 0
	}
	slices.Sort(steps)
	return steps[len(steps)/2]
}

// Add takes the area of a feature. It keeps nothing of mp. Rings that have no
// area on the grid are left out; Add reports whether one was kept.
func (b *Builder) Add(layer, feature int, mp orb.MultiPolygon) bool {
	kept := false
	for part, poly := range mp {
		for i, r := range poly {
			if b.addRing(r, ring{b.polys, int32(part), i > 0}) {
				kept = true
			} else if i == 0 {
				break // holes of nothing
			}
		}
	}
	if kept {
		b.keys = append(b.keys, [2]int32{int32(layer), int32(feature)})
		b.polys++
	}
	return kept
}

// addRing projects r, drops consecutive doubles and turns it so that the
// interior of its polygon is on its left.
func (b *Builder) addRing(r orb.Ring, info ring) bool {
	first := len(b.rings.Pts)
	for _, p := range r {
		q := grid.Project(p)
		if n := len(b.rings.Pts); n == first || b.rings.Pts[n-1] != q {
			b.rings.Pts = append(b.rings.Pts, q)
		}
	}
	pts := b.rings.Pts[first:]
	if len(pts) > 0 && pts[0] != pts[len(pts)-1] {
		b.rings.Pts = append(b.rings.Pts, pts[0])
		pts = b.rings.Pts[first:]
	}
	if len(pts) < 4 {
		b.rings.Pts = b.rings.Pts[:first]
		return false
	}
	area := grid.Area2(pts[:len(pts)-1])
	if area == 0 && straight(pts) { // the loops of a bow-tie may cancel as well
		b.rings.Pts = b.rings.Pts[:first]
		return false
	}
	if (area > 0) == info.hole {
		reverse(pts)
	}
	b.rings.End()
	b.info = append(b.info, info)
	return true
}

// straight reports whether all points lie on a line.
func straight(pts []grid.Point) bool {
	for _, p := range pts {
		if grid.Cross(pts[0], pts[1], p) != 0 {
			return false
		}
	}
	return true
}

func reverse(pts []grid.Point) {
	for i, j := 0, len(pts)-1; i < j; i, j = i+1, j-1 {
		pts[i], pts[j] = pts[j], pts[i]
	}
}

// Options of Build.
type Options struct {
	// Shift makes the world's grid coarser than grid.Bits by so many bits.
	// Everything nearer than half a unit of it is taken as the same place: it
	// is the snapping tolerance for T-junctions and near misses.
	Shift uint
	// LayerNames are used in faults, by layer index.
	LayerNames []string
	// Fault is called for each feature that had to be repaired; may be nil.
	Fault func(feature.Fault)
	// Tick hears now and then how much is done, 0 … 1, and says whether to go
	// on; may be nil.
	Tick func(done float64) bool
}

// Build makes the arrangement: nodes all rings with each other, cuts them into
// arcs at junctions, and states each polygon as signed arcs. The Builder is
// empty afterwards. It returns nil without error if Tick ended it. The error is
// snap.ErrTangled, for input that is no map.
func (b *Builder) Build(opt Options) (*World, error) {
	if opt.Fault == nil {
		opt.Fault = func(feature.Fault) {}
	}
	if opt.Tick == nil {
		opt.Tick = func(float64) bool { return true }
	}
	asked, goOn, total := 0, true, float64(4*len(b.rings.Pts))
	rounder := snap.Rounder{Stop: func() bool {
		asked += snap.StopEvery
		goOn = opt.Tick(nodingShare * min(1, float64(asked)/total))
		return !goOn
	}}
	var noded grid.Chains
	crossings, err := rounder.Node(&b.rings, opt.Shift, &noded)
	if err != nil {
		at := crossings[0].At.LonLat(grid.Bits - opt.Shift)
		key := b.keys[b.info[crossings[0].A].poly]
		return nil, fmt.Errorf("%w: for one, feature %d of layer %s at %.6f,%.6f; is this a map of areas?",
			err, key[1], opt.layer(key[0]), at[0], at[1])
	}
	b.rings = grid.Chains{}
	if !goOn {
		return nil, nil
	}

	w := &World{Bits: grid.Bits - opt.Shift}
	c := cutter{in: &noded}
	c.cut(&w.Arcs)
	if !opt.Tick((1 + nodingShare) / 2) {
		return nil, nil
	}
	suspects := b.suspects(crossings, w, opt)
	w.Size = arcSizes(&noded, c.rings, w.Arcs.Len())
	b.assemble(w, c.rings, suspects, opt)
	w.linkSides()
	*b = Builder{}
	return w, nil
}

// nodingShare is the part of Build's time that noding takes.
const nodingShare = 0.7

// arcSizes returns for each arc the square root of the area of the smallest
// ring it belongs to.
func arcSizes(rings *grid.Chains, arcsOf [][]int32, n int) []float32 {
	size := make([]float32, n)
	for i := range rings.Len() {
		a := sqrtArea(rings.At(i))
		for _, s := range arcsOf[i] {
			if k, _ := Index(s); size[k] == 0 || a < size[k] {
				size[k] = a
			}
		}
	}
	return size
}
