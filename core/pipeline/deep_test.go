package pipeline

import (
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/geo/mvt"
	"github.com/shapes-desktop/shapes/core/geo/tile"
)

// TestCoverageAtDeepZooms: from zoom 14 the arrangement's grid is the world's
// own, at zoom 18 that of the tiles as well, so that a pixel is a unit and half
// of one is not.
func TestCoverageAtDeepZooms(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		cfg := drawConfig(rt)
		cfg.MaxZoom = rapid.SampledFrom([]int{13, 14, 16, tile.MaxZoom, tile.MaxZoom}).Draw(rt, "deep maxzoom")
		cfg.MinZoom = cfg.MaxZoom - 1
		// Cells of some units at least: what is finer than the world's grid is
		// not a subdivision any more once it is put there.
		unit := 360 / float64(int64(tile.Extent)<<cfg.MaxZoom)
		l := newLattice(rapid.Uint64().Draw(rt, "seed"), rapid.IntRange(1, 5).Draw(rt, "n"), 6, rapid.IntRange(1, 4).Draw(rt, "sides"),
			orb.Point{rapid.Float64Range(-170, 160).Draw(rt, "lon"), rapid.Float64Range(-70, 60).Draw(rt, "lat")},
			unit*rapid.SampledFrom([]float64{60, 300, 1500}).Draw(rt, "cell"), 0.2)
		units, countries := l.features()
		if len(units) == 0 {
			return
		}
		out, _, _ := runTiles(t, cfg, layer{"adm0", l.disguise(countries)}, layer{"adm1", units})
		if err := checkTiles(out.decode(t), int32(cfg.Buffer)); err != nil {
			rt.Fatal(err)
		}
	})
}

// A ring that crosses itself, about a crossing that is no grid point, is made
// simple at every depth.
func TestBowTieAtAllDepths(t *testing.T) {
	for zoom := 0; zoom <= tile.MaxZoom; zoom++ {
		unit := 360 / float64(int64(tile.Extent)<<zoom)
		at := func(x, y float64) orb.Point { return orb.Point{10.03 + x*unit, 50.01 + y*unit} }
		tie := orb.Ring{at(0, 0), at(100, 83), at(100, 0), at(0, 71), at(0, 0)}
		cfg := DefaultConfig()
		cfg.MinZoom, cfg.MaxZoom = zoom, zoom
		out, _, faults := runTiles(t, cfg, layer{"adm0", []feature.Feature{{Geometry: orb.MultiPolygon{{tie}}}}})
		if faults.Count(feature.FaultSelfIntersection) != 1 || faults.Total() != 1 {
			t.Errorf("zoom %d: faults %v", zoom, faults.Codes())
		}
		rings := 0
		for id, tl := range out.decode(t) {
			f := find(tl, "adm0").Features[0]
			rings = max(rings, len(f.Parts))
			if err := checkRings(f); err != nil {
				t.Errorf("tile %v: %v", id, err)
			}
			if net, err := union([]mvt.Feature{f}); err != nil || checkWinding(net) != nil {
				t.Errorf("tile %v: %v %v", id, err, checkWinding(net))
			}
		}
		if rings != 2 {
			t.Errorf("zoom %d: %d rings, want both loops", zoom, rings)
		}
	}
}
