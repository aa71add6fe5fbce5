package pipeline

import (
	"bytes"
	"fmt"
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/geo/grid"
	"github.com/shapes-desktop/shapes/core/geo/mvt"
	"github.com/shapes-desktop/shapes/core/geo/ring"
	"github.com/shapes-desktop/shapes/core/geo/simplify"
	"github.com/shapes-desktop/shapes/core/geo/tile"
)

// drawLattice makes a subdivision somewhere on Earth, whose cells are from a
// fraction of a tile unit to a few tiles wide at the deepest zoom.
func drawLattice(t *rapid.T, maxZoom int) *lattice {
	n := rapid.IntRange(2, 9).Draw(t, "n")
	unit := 360 / float64(int64(tile.Extent)<<maxZoom)
	cell := unit * math.Pow(10, rapid.Float64Range(-0.3, 3.3).Draw(t, "log cell"))
	return newLattice(
		rapid.Uint64().Draw(t, "seed"), n,
		rapid.IntRange(1, 12).Draw(t, "units"), rapid.IntRange(1, 24).Draw(t, "sides"),
		orb.Point{rapid.Float64Range(-170, 160).Draw(t, "lon"), rapid.Float64Range(-70, 60).Draw(t, "lat")},
		min(cell, 2), rapid.SampledFrom([]float64{0, 0.2, 0.6}).Draw(t, "sea"))
}

func drawConfig(t *rapid.T) Config {
	cfg := DefaultConfig()
	cfg.MaxZoom = rapid.IntRange(0, 9).Draw(t, "maxzoom")
	cfg.MinZoom = rapid.IntRange(max(0, cfg.MaxZoom-4), cfg.MaxZoom).Draw(t, "minzoom")
	cfg.Tolerance = rapid.SampledFrom([]float64{2, 0, 0.5, 8, 30}).Draw(t, "tolerance")
	cfg.Buffer = rapid.SampledFrom([]int{80, 0, 1, 256}).Draw(t, "buffer")
	if rapid.Bool().Draw(t, "visvalingam") {
		cfg.Algorithm = simplify.Visvalingam
	}
	return cfg
}

// TestCoverage is what the program is for: whatever a subdivision looks like,
// its tiles are a subdivision too, at every zoom, and levels fit each other.
func TestCoverage(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		cfg := drawConfig(rt)
		l := drawLattice(rt, cfg.MaxZoom)
		units, countries := l.features()
		if len(units) == 0 {
			return
		}
		out, res, _ := runTiles(t, cfg, layer{"adm0", l.disguise(countries)}, layer{"adm1", units})
		tiles := out.decode(t)
		if err := checkTiles(tiles, int32(cfg.Buffer)); err != nil {
			rt.Fatal(err)
		}
		for _, in := range []layer{{"adm0", countries}, {"adm1", units}} {
			if err := checkPresence(tiles, cfg, in, res); err != nil {
				rt.Fatal(err)
			}
		}
	})
}

// checkTiles holds every tile against itself and its neighbours.
func checkTiles(tiles map[tile.ID]*mvt.Tile, margin int32) error {
	for id, tl := range tiles {
		if err := checkTile(tl, margin); err != nil {
			return fmt.Errorf("tile %v: %w", id, err)
		}
	}
	return checkNeighbours(tiles, margin)
}

// checkTile holds the two levels of a tile against themselves and each other.
func checkTile(tl *mvt.Tile, margin int32) error {
	var unions [2]map[ring.Edge]bool
	for i, name := range []string{"adm0", "adm1"} {
		fs := find(tl, name).Features
		for _, f := range fs {
			if err := checkRings(f); err != nil {
				return fmt.Errorf("%s %d: %w", name, f.ID, err)
			}
		}
		net, err := union(fs)
		if err == nil {
			err = checkWinding(net)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		unions[i] = net
	}
	if err := sameEdges(inner(unions[0], margin), inner(unions[1], margin)); err != nil {
		return fmt.Errorf("outlines of levels differ: %w", err)
	}
	for _, c := range find(tl, "adm0").Features {
		var children []mvt.Feature
		for _, u := range find(tl, "adm1").Features {
			if country(int(u.ID)-1) == int(c.ID)-1 {
				children = append(children, u)
			}
		}
		net, err := union(children)
		if err != nil {
			return err
		}
		own, err := union([]mvt.Feature{c})
		if err != nil {
			return err
		}
		if err := sameEdges(inner(own, margin), inner(net, margin)); err != nil {
			return fmt.Errorf("country %d is not its units: %w", c.ID, err)
		}
	}
	return nil
}

// checkNeighbours holds the strips that neighbouring tiles have in common
// against each other.
func checkNeighbours(tiles map[tile.ID]*mvt.Tile, margin int32) error {
	if margin == 0 {
		return nil
	}
	for id, tl := range tiles {
		right := tile.ID{Z: id.Z, X: id.X + 1, Y: id.Y}
		if !right.Valid() {
			continue
		}
		other := tiles[right]
		if other == nil {
			other = &mvt.Tile{}
		}
		for _, name := range []string{"adm0", "adm1"} {
			a := strip(find(tl, name), 0, margin)
			b := strip(find(other, name), tile.Extent, margin)
			if err := sameEdges(a, b); err != nil {
				return fmt.Errorf("%s of tiles %v and %v: %w", name, id, right, err)
			}
		}
	}
	return nil
}

// strip returns the edges around the side x = Extent, in the units of the tile
// on the left, for a layer of the tile that lies dx to the right of it.
func strip(l *mvt.Layer, dx, margin int32) map[ring.Edge]bool {
	out := map[ring.Edge]bool{}
	for _, f := range l.Features {
		for _, e := range edgesOf(f) {
			if onSide(e, margin) {
				continue
			}
			e.A.X += dx
			e.B.X += dx
			lo, hi := min(e.A.X, e.B.X), max(e.A.X, e.B.X)
			side := lo == hi && (lo == tile.Extent-margin || lo == tile.Extent+margin)
			if lo >= tile.Extent-margin && hi <= tile.Extent+margin && !side {
				out[e] = !out[e] // two features may have it, walked both ways: see union
			}
		}
	}
	return out
}

// checkPresence fails if a unit that covers 4 square tile units is in no tile
// of a zoom, or if a smaller one is neither there nor counted.
func checkPresence(tiles map[tile.ID]*mvt.Tile, cfg Config, in layer, res Result) error {
	for z := cfg.MinZoom; z <= cfg.MaxZoom; z++ {
		seen := map[uint64]bool{}
		for id, tl := range tiles {
			if int(id.Z) == z {
				for _, f := range find(tl, in.name).Features {
					seen[f.ID] = true
				}
			}
		}
		missing := 0
		for _, f := range in.features {
			if seen[f.ID] {
				continue
			}
			missing++
			if a := areaAt(f, z); a >= 4.01 {
				return fmt.Errorf("%s %d covers %.2f square units at zoom %d and is not there", in.name, f.ID, a, z)
			}
		}
		if counted := dropped(res, in.name, z); counted != missing {
			return fmt.Errorf("%s zoom %d: %d units missing, %d counted", in.name, z, missing, counted)
		}
	}
	return nil
}

func dropped(res Result, name string, z int) int {
	for _, l := range res.Layers {
		for _, s := range l.Small {
			if l.Layer == name && s.Zoom == z {
				return s.Dropped
			}
		}
	}
	return 0
}

// areaAt returns the area of a feature in square tile units of a zoom.
func areaAt(f feature.Feature, zoom int) float64 {
	var sum float64
	for _, poly := range f.Geometry {
		for _, r := range poly {
			pts := make([]grid.Point, len(r)-1)
			for i := range pts {
				pts[i] = grid.Project(r[i])
			}
			if a := math.Abs(float64(grid.Area2(pts))) / 2; &r[0] == &poly[0][0] {
				sum += a
			} else {
				sum -= a
			}
		}
	}
	unit := float64(int64(1) << (tile.MaxZoom - zoom))
	return sum / (unit * unit)
}

// TestSameBytes: neither the number of workers nor how a ring is written down
// may show in the tiles.
func TestSameBytes(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		cfg := drawConfig(rt)
		l := drawLattice(rt, cfg.MaxZoom)
		units, countries := l.features()
		if len(units) == 0 {
			return
		}
		one, _, _ := runTiles(t, cfg, layer{"adm0", countries}, layer{"adm1", units})
		cfg.Workers = 5
		many, _, _ := runTiles(t, cfg, layer{"adm0", countries}, layer{"adm1", units})
		if len(one.order) != len(many.order) {
			rt.Fatalf("%d tiles with 1 worker, %d with 5", len(one.order), len(many.order))
		}
		for id, d := range one.data {
			if !bytes.Equal(d, many.data[id]) {
				rt.Fatalf("tile %v differs with 5 workers", id)
			}
		}
	})
}
