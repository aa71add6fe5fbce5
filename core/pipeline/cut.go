package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/geo/mvt"
	"github.com/shapes-desktop/shapes/core/geo/ring"
	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/geo/topology"
	"github.com/shapes-desktop/shapes/core/pipeline/work"
)

// piece is a polygon's part in a tile: its geometry as commands of a tile,
// which stand in a chunk's bytes.
type piece struct {
	tile   uint64 // Hilbert number
	layer  int32
	unit   int32
	chunk  int32
	offset uint32
	length uint32
}

// chunkVertices is how many vertices of polygons one task cuts: some tens of
// milliseconds of work.
const chunkVertices = 1 << 16

// chunks divides the polygons into runs of about chunkVertices vertices. The
// division does not depend on the number of workers.
func (za *zoomArcs) chunks(w *topology.World) [][2]int {
	var out [][2]int
	lo, n := 0, 0
	for i := range w.Polys {
		for _, s := range w.Polys[i].Arcs {
			a, _ := topology.Index(s)
			n += int(za.arcs.Start[a+1] - za.arcs.Start[a])
		}
		if n >= chunkVertices {
			out = append(out, [2]int{lo, i + 1})
			lo, n = i+1, 0
		}
	}
	if lo < len(w.Polys) {
		out = append(out, [2]int{lo, len(w.Polys)})
	}
	return out
}

// cutChunk is what a task of the first half of stage vectorTile makes.
type cutChunk struct {
	pieces []piece
	bytes  []byte
	failed []failure
}

// errTooMany says that a zoom has more parts of units in tiles than a run may
// have tiles.
var errTooMany = errors.New("more tiles than allowed: lower maxzoom")

// failure is a polygon that could not be cut.
type failure struct {
	poly int32
	err  error
}

// cut cuts all polygons of a zoom into tiles. The pieces come sorted by tile,
// layer and unit.
func (r *runner) cut(ctx context.Context, za *zoomArcs) ([]piece, [][]byte, error) {
	chunks := za.chunks(r.arr.world)
	cs := make([]cutChunk, len(chunks))
	err := work.Ordered(ctx, r.tiles, len(chunks), len(chunks),
		func(ctx context.Context, worker, i int) (cutChunk, error) {
			if c := r.cutters[worker]; c == nil || c.Zoom() != uint8(za.zoom) {
				r.cutters[worker] = tile.NewCutter(uint8(za.zoom), int32(r.cfg.Buffer))
			}
			return za.cutChunk(ctx, r.cutters[worker], r.arr.world, i, chunks[i])
		},
		func(i int, c cutChunk) error {
			cs[i] = c
			for _, f := range c.failed {
				r.u.faults.Add(r.u.cutFault(r.arr, za, f))
			}
			return nil
		})
	if err != nil {
		return nil, nil, err
	}
	pieces, data := gather(r.u, r.labels, za.zoom, cs)
	return pieces, data, nil
}

// cutFault says that a polygon is missing from a zoom by a defect of ours.
func (u *Units) cutFault(arr *arrangement, za *zoomArcs, f failure) feature.Fault {
	p := &arr.world.Polys[f.poly]
	l := u.layers[p.Layer]
	return feature.Fault{
		Code: feature.FaultPanic, Layer: l.name, Feature: l.units[p.Feature].index,
		Detail: fmt.Sprintf("%s is missing at zoom %d: %v", l.units[p.Feature].name, za.zoom, f.err),
	}
}

// border gives the border of a polygon to the cutter.
func (za *zoomArcs) border(cutter *tile.Cutter, w *topology.World, poly int32, patches []patch) {
	cutter.Reset()
	for _, s := range w.Polys[poly].Arcs {
		a, back := topology.Index(s)
		cutter.Add(za.arcs.At(int(a)), back)
	}
	for _, p := range patches {
		cutter.Add(p.chain, p.backwards)
	}
}

// cutChunk cuts polys[0] … polys[1]-1. One that cannot be cut, by a defect of
// ours, is left out whole and recorded; it must not cost the others.
func (za *zoomArcs) cutChunk(ctx context.Context, cutter *tile.Cutter, w *topology.World, chunk int, polys [2]int) (cutChunk, error) {
	var c cutChunk
	for i := polys[0]; i < polys[1]; i++ {
		if err := ctx.Err(); err != nil {
			return c, err
		}
		if za.area2[i] == 0 {
			continue
		}
		if err := za.tryPolygon(ctx, &c, cutter, w, chunk, i); err != nil {
			return c, err
		}
	}
	return c, nil
}

// tryPolygon cuts a polygon, if need be without its patches: overlapping units
// may both have claimed the same pocket.
func (za *zoomArcs) tryPolygon(ctx context.Context, c *cutChunk, cutter *tile.Cutter, w *topology.World, chunk, i int) error {
	pieces, bytes := len(c.pieces), len(c.bytes)
	var first error
	for _, patches := range [2][]patch{za.patches[int32(i)], nil} {
		err := za.cutPolygon(ctx, c, cutter, w, chunk, i, patches)
		if err == nil {
			return nil
		}
		c.pieces, c.bytes = c.pieces[:pieces], c.bytes[:bytes]
		if ctx.Err() != nil || errors.Is(err, errTooMany) {
			return err
		}
		first = cmp.Or(first, err)
	}
	c.failed = append(c.failed, failure{int32(i), first})
	return nil
}

func (za *zoomArcs) cutPolygon(ctx context.Context, c *cutChunk, cutter *tile.Cutter, w *topology.World, chunk, i int, patches []patch) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v at %s", r, debug.Stack())
		}
	}()
	p := &w.Polys[i]
	za.border(cutter, w, int32(i), patches)
	return cutter.Cut(func(id tile.ID, rings []ring.Ring) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if za.left.Add(-1) < 0 {
			return errTooMany
		}
		from := len(c.bytes)
		var cursor mvt.Coord
		for _, r := range rings {
			c.bytes = mvt.AppendRing(c.bytes, &cursor, r)
		}
		c.pieces = append(c.pieces, piece{
			tile: id.Hilbert(), layer: p.Layer, unit: p.Feature, chunk: int32(chunk),
			offset: uint32(from), length: uint32(len(c.bytes) - from),
		})
		return nil
	})
}
