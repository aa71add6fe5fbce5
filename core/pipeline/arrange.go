package pipeline

import (
	"slices"
	"sync/atomic"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/geo/grid"
	"github.com/shapes-desktop/shapes/core/geo/mend"
	"github.com/shapes-desktop/shapes/core/geo/simplify"
	"github.com/shapes-desktop/shapes/core/geo/snap"
	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/geo/topology"
)

// arrangement is the result of simplify1: one world of arcs with a weight for
// each vertex. It is read only from then on.
type arrangement struct {
	world   *topology.World
	weights *simplify.Weighted
	coasts  []*mend.Coasts // by layer
}

// arrange is stage simplify1: cuts all rings of all layers into arcs and
// weighs their vertices. It empties u's geometry. tick hears how much is done,
// 0 … 1, and ends the stage by returning false; the result is nil then.
func arrange(u *Units, cfg Config, tick func(done float64) bool) (*arrangement, error) {
	names := make([]string, len(u.layers))
	for i, l := range u.layers {
		names[i] = l.name
	}
	w, err := u.builder.Build(topology.Options{
		Shift: cfg.shift(), LayerNames: names,
		Tick: func(done float64) bool { return tick(done * buildShare) },
		Fault: func(f feature.Fault) {
			if l := u.layerNamed(f.Layer); l != nil {
				f.Feature = l.units[f.Feature].index
			}
			u.faults.Add(f)
		},
	})
	if w == nil || err != nil {
		return nil, err
	}
	a := &arrangement{world: w}
	a.weights = simplify.Weigh(&w.Arcs, w.Size, cfg.Algorithm, func() bool { return !tick(buildShare) })
	if a.weights == nil {
		return nil, nil
	}
	for i := range u.layers {
		if !tick((1 + buildShare) / 2) {
			return nil, nil
		}
		a.coasts = append(a.coasts, mend.FindCoasts(w, int32(i)))
	}
	return a, nil
}

// buildShare is the part of the stage that building the arrangement takes.
const buildShare = 0.8

func (u *Units) layerNamed(name string) *unitLayer {
	for _, l := range u.layers {
		if l.name == name {
			return l
		}
	}
	return nil
}

// zoomArcs is the result of simplify2 for one zoom: every arc in the units of
// the zoom's grid, and what each polygon still covers there.
type zoomArcs struct {
	zoom int
	arcs grid.Chains
	// area2 is twice the area of each polygon, in square tile units.
	area2 []int64
	// patches of each polygon: what mending adds to its border.
	patches map[int32][]patch
	// shown and dropped are the polygons that were drawn as a smallest shape,
	// and those for which there was no room.
	shown, dropped []int32
	// left is how many parts of units may still be put in tiles, which each hold
	// one or more: what bounds memory before they are counted.
	left atomic.Int64
	// deviation is measured for those who ask.
	deviation deviations
}

// patch is a closed chain to walk along with a polygon's arcs.
type patch struct {
	chain     []grid.Point
	backwards bool
}

// zoomer is the scratch of one simplify2 worker.
type zoomer struct {
	filter  simplify.Filter
	rounder snap.Rounder
	kept    grid.Chains
	mending mend.Scratch
	quality bool // measure deviations
}

// zoom is stage simplify2: keeps the vertices that matter at zoom z and rounds
// them to its grid, with a vertex wherever an arc crosses a side of a tile. stop
// is asked now and then whether to give up; the result is nil then.
func (z *zoomer) zoom(a *arrangement, zoom int, cfg Config, stop func() bool) *zoomArcs {
	shift := a.world.Bits - uint(zoom) - gridBits
	unit := float64(int64(1) << shift)
	tolerance := cfg.Tolerance * unit
	if zoom == cfg.MaxZoom {
		tolerance = 0 // clients draw all deeper zooms from this one
	}
	z.rounder.Stop = stop
	arcs := &a.world.Arcs
	if tolerance > 0 {
		z.filter.Apply(a.weights, tolerance, unit, &z.kept)
		arcs = &z.kept
	}
	out := &zoomArcs{zoom: zoom}
	if z.quality {
		out.deviation = deviate(&a.world.Arcs, arcs, shift)
	}
	out.left.Store(int64(max(cfg.MaxTiles, maxParts)))
	z.rounder.Round(arcs, shift, snap.Lines{
		Step: tile.Extent, Margin: int32(cfg.Buffer), Count: 1 << zoom,
	}, &out.arcs)
	if stop() {
		return nil
	}
	out.measure(a.world)
	out.mend(a, unit, cfg, &z.mending)
	return out
}

// maxParts is how many parts of units a zoom may have where settings allow fewer
// tiles.
const maxParts = 20_000_000

// mend fills what rounding pinched off and draws what it left no area.
func (za *zoomArcs) mend(a *arrangement, unit float64, cfg Config, scratch *mend.Scratch) {
	za.patches = map[int32][]patch{}
	s := &mend.Scene{World: a.world, Arcs: &za.arcs, Area2: za.area2, Step: tile.Extent, Margin: int32(cfg.Buffer), Size: tile.Extent << za.zoom, Scratch: scratch}
	for _, c := range a.coasts {
		pockets := s.Pockets(c)
		s.Apply(pockets)
		za.patch(pockets)
	}
	var small mend.Small
	switch cfg.Small {
	case SmallKeep:
		small = s.Everywhere()
	case SmallFit:
		small = s.Vanished(unit, 0)
	case SmallDrop:
		small = s.Vanished(unit, cfg.MinArea)
	}
	za.patch(small.Patches)
	za.shown, za.dropped = small.Shown, small.Dropped
}

func (za *zoomArcs) patch(ps []mend.Patch) {
	for _, p := range ps {
		for _, r := range p.Rings {
			chain := append(slices.Clone(r), r[0])
			for _, i := range p.Gain {
				za.patches[i] = append(za.patches[i], patch{chain, false})
			}
			for _, i := range p.Lose {
				za.patches[i] = append(za.patches[i], patch{chain, true})
			}
		}
	}
}

// gridBits is the width of a tile's grid in bits.
const gridBits = 12

// measure computes what each polygon covers.
func (za *zoomArcs) measure(w *topology.World) {
	// Sums of products may overflow on the way, not in the end: arithmetic
	// modulo 2^64 comes out right as long as the area itself fits.
	part := make([]int64, za.arcs.Len())
	for i := range part {
		part[i] = shoelace(za.arcs.At(i))
	}
	za.area2 = make([]int64, len(w.Polys))
	for i := range w.Polys {
		for _, s := range w.Polys[i].Arcs {
			if a, back := topology.Index(s); back {
				za.area2[i] -= part[a]
			} else {
				za.area2[i] += part[a]
			}
		}
	}
}

func shoelace(pts []grid.Point) int64 {
	var s int64
	for i := 1; i < len(pts); i++ {
		a, b := pts[i-1], pts[i]
		s += int64(a.X)*int64(b.Y) - int64(b.X)*int64(a.Y)
	}
	return s
}
