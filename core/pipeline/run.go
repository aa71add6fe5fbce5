package pipeline

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"

	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/pipeline/work"
)

// Result is what Run made.
type Result struct {
	Tiles    int
	Distinct int   // of different content
	Bytes    int64 // of tiles, compressed
	MaxTile  int   // bytes
	Drawn    int   // features with an area in some zoom
	Zooms    []ZoomStats
	Layers   []LayerStats
	Bounds   [4]float64 // degrees: west, south, east, north
	// TileLayers is the layers of the tiles, in their order.
	TileLayers []TileLayer
}

// TileLayer is a layer of tiles with the types of its attributes: "String",
// "Number" or "Boolean".
type TileLayer struct {
	Name   string
	Fields map[string]string
}

// Run tiles u, which it uses up, and hands the tiles to out in ascending
// Hilbert order. Same units and config give the same bytes, whatever the
// number of workers. Progress is told to m. On error, or when ctx ends, what
// out got is not complete.
func Run(ctx context.Context, u *Units, cfg Config, out Output, m *Meter) (Result, error) {
	if err := cfg.Validate(); err != nil {
		return Result{}, err
	}
	r := &runner{u: u, cfg: cfg, out: out, m: m, cores: work.NewCores(cfg.Workers)}
	r.simplify1 = work.NewPool(Simplify1.String(), 1, r.cores)
	r.simplify2 = work.NewPool(Simplify2.String(), cfg.Workers, r.cores)
	r.tiles = work.NewPool(VectorTiles.String(), cfg.Workers, r.cores)
	m.watch(Simplify1, r.simplify1)
	m.watch(Simplify2, r.simplify2)
	m.watch(VectorTiles, r.tiles)
	return r.run(ctx)
}

// runner is one run.
type runner struct {
	u     *Units
	cfg   Config
	out   Output
	m     *Meter
	cores *work.Cores

	simplify1, simplify2, tiles *work.Pool

	arr      *arrangement
	labels   []labelPoint
	cutters  []*tile.Cutter
	encoders []*encoder
	drawn    []bool
	distinct map[[sha256.Size]byte]struct{}
	res      Result
}

func (r *runner) run(ctx context.Context) (Result, error) {
	vertices := r.u.Vertices()
	r.m.begin(Simplify1, float64(vertices))
	stop := func() bool { return ctx.Err() != nil }
	told := 0.0
	err := r.simplify1.Each(ctx, 1, func(ctx context.Context, _, _ int) error {
		var err error
		r.arr, err = arrange(r.u, r.cfg, func(done float64) bool {
			r.m.add(Simplify1, (done-told)*float64(vertices), 0)
			told = done
			return !stop()
		})
		if err != nil {
			return err
		}
		if r.arr != nil {
			r.labels = placeLabels(r.u, r.arr, r.cfg, stop)
		}
		return ctx.Err()
	})
	if err != nil {
		return Result{}, fmt.Errorf("cut borders into arcs: %w", err)
	}
	r.m.end(Simplify1, int64(r.arr.world.Arcs.Len()))

	zooms := r.cfg.MaxZoom - r.cfg.MinZoom + 1
	r.distinct = map[[sha256.Size]byte]struct{}{}
	r.drawn = make([]bool, len(r.arr.world.Polys))
	r.cutters = make([]*tile.Cutter, r.cfg.Workers)
	r.encoders = make([]*encoder, r.cfg.Workers)
	r.res.Layers, r.res.TileLayers = r.u.LayerStats(), r.u.TileLayers()
	zoomers := make([]*zoomer, r.cfg.Workers)
	r.m.begin(Simplify2, zoomWeight(r.cfg, r.cfg.MaxZoom))
	r.m.begin(VectorTiles, zoomWeight(r.cfg, r.cfg.MaxZoom))
	err = work.Ordered(ctx, r.simplify2, zooms, 2,
		func(ctx context.Context, worker, i int) (*zoomArcs, error) {
			if zoomers[worker] == nil {
				zoomers[worker] = &zoomer{}
			}
			za := zoomers[worker].zoom(r.arr, r.cfg.MinZoom+i, r.cfg, stop)
			if za == nil {
				return nil, ctx.Err()
			}
			r.m.add(Simplify2, zoomWeight(r.cfg, za.zoom)-zoomWeight(r.cfg, za.zoom-1), int64(za.arcs.Len()))
			return za, nil
		},
		func(_ int, za *zoomArcs) error { return r.tileZoom(ctx, za) })
	if err != nil {
		return Result{}, err
	}
	r.m.end(Simplify2, 0)
	r.m.end(VectorTiles, 0)
	for _, d := range r.drawn {
		if d {
			r.res.Drawn++
		}
	}
	r.res.Distinct = len(r.distinct)
	r.res.Bounds = r.u.Bounds()
	return r.res, nil
}

// zoomWeight is the work of all zooms up to z, in zooms as hard as the last:
// each zoom is about 1.6 times the one before.
func zoomWeight(cfg Config, z int) float64 {
	w, sum := 1.0, 0.0
	for i := cfg.MinZoom; i <= z; i++ {
		sum += w
		w *= 1.6
	}
	return sum
}

// tileZoom is stage vectorTile for one zoom.
func (r *runner) tileZoom(ctx context.Context, za *zoomArcs) error {
	weight := zoomWeight(r.cfg, za.zoom) - zoomWeight(r.cfg, za.zoom-1)
	pieces, data, err := r.cut(ctx, za)
	if err != nil {
		return fmt.Errorf("cut zoom %d into tiles: %w", za.zoom, err)
	}
	r.m.add(VectorTiles, weight/2, 0)
	for i, a := range za.area2 {
		if a > 0 {
			r.drawn[i] = true
		}
	}
	for _, l := range countSmall(r.u, r.arr, za) {
		i := slices.IndexFunc(r.res.Layers, func(s LayerStats) bool { return s.Layer == l.Layer })
		r.res.Layers[i].Small = append(r.res.Layers[i].Small, l.Small...)
	}
	zs := ZoomStats{Zoom: za.zoom, Vertices: len(za.arcs.Pts)}
	if err := encode(ctx, r.tiles, r.u, pieces, data, r.encoders, func(t Tile) error {
		zs.Tiles++
		r.distinct[sha256.Sum256(t.Data)] = struct{}{}
		zs.Bytes += int64(len(t.Data))
		r.res.MaxTile = max(r.res.MaxTile, len(t.Data))
		r.m.tiles(1, int64(len(t.Data)), weight/2*float64(t.pieces)/float64(len(pieces)))
		return r.out.Put(t.ID, t.Data)
	}); err != nil {
		return err
	}
	r.res.Zooms = append(r.res.Zooms, zs)
	r.res.Tiles += zs.Tiles
	r.res.Bytes += zs.Bytes
	if r.cfg.MaxTiles > 0 && r.res.Tiles > r.cfg.MaxTiles {
		return fmt.Errorf("%d tiles at zoom %d are more than the limit of %d: lower maxzoom", r.res.Tiles, za.zoom, r.cfg.MaxTiles)
	}
	return nil
}
