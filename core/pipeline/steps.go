package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/paulmach/orb"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/geo/grid"
	"github.com/shapes-desktop/shapes/core/geo/ring"
	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/geo/topology"
)

// Steps is a run taken apart into tasks, for a caller that decides when each
// is done, keeps what it makes, and goes on from there in another process. It
// makes the same tiles as Run.
//
// Arrange (or Restore) comes first. After it all methods may be called from
// several goroutines, if no two share a worker number at once.
type Steps struct {
	u      *Units
	cfg    Config
	arr    *arrangement
	labels []labelPoint
	polyOf [][]int32 // of each layer's units; -1: no area
	// rounding of each layer's units
	rounding [][]topology.Rounding

	zoomers  []*zoomer
	cutters  []*tile.Cutter
	encoders []*encoder
	rings    []*ringScratch
}

// NewSteps prepares the tasks of tiling u, which they use up, for workers
// numbered below cfg.Workers.
func NewSteps(u *Units, cfg Config) (*Steps, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	return &Steps{
		u: u, cfg: cfg,
		zoomers:  make([]*zoomer, cfg.Workers),
		cutters:  make([]*tile.Cutter, cfg.Workers),
		encoders: make([]*encoder, cfg.Workers),
		rings:    make([]*ringScratch, cfg.Workers),
	}, nil
}

// Arrange is stage simplify1: one arrangement of all borders. tick (may be
// nil) hears how much is done, 0 … 1.
func (s *Steps) Arrange(ctx context.Context, tick func(done float64)) error {
	stop := func() bool { return ctx.Err() != nil }
	s.round()
	arr, err := arrange(s.u, s.cfg, func(done float64) bool {
		if tick != nil {
			tick(done)
		}
		return !stop()
	})
	if err != nil {
		return fmt.Errorf("cut borders into arcs: %w", err)
	}
	if arr == nil {
		return ctx.Err()
	}
	s.labels = placeLabels(s.u, arr, s.cfg, stop)
	if err := ctx.Err(); err != nil {
		return err
	}
	s.use(arr)
	return nil
}

// round asks for the rounding of all units while their rings are there.
func (s *Steps) round() {
	s.rounding = make([][]topology.Rounding, len(s.u.layers))
	for _, r := range s.u.builder.Rounding(s.cfg.shift()) {
		s.rounding[r.Layer] = append(s.rounding[r.Layer], r)
	}
}

// use takes an arrangement as that of the run.
func (s *Steps) use(arr *arrangement) {
	s.polyOf = make([][]int32, len(s.u.layers))
	for i, l := range s.u.layers {
		s.polyOf[i] = slices.Repeat([]int32{-1}, len(l.units))
	}
	for i := range arr.world.Polys {
		p := &arr.world.Polys[i]
		s.polyOf[p.Layer][p.Feature] = int32(i)
	}
	s.arr = arr
}

// Config returns the run's settings.
func (s *Steps) Config() Config { return s.cfg }

// ringScratch is the scratch of a worker that makes rings.
type ringScratch struct {
	edges []ring.Edge
	rings ring.Builder
}

// Geometry returns the area of a unit as the arrangement has it, in degrees;
// nil if nothing is left of it.
func (s *Steps) Geometry(worker, layer, unit int) orb.MultiPolygon {
	i := s.polyOf[layer][unit]
	if i < 0 {
		return nil
	}
	if s.rings[worker] == nil {
		s.rings[worker] = &ringScratch{}
	}
	scratch, w := s.rings[worker], s.arr.world
	scratch.edges = scratch.edges[:0]
	for _, signed := range w.Polys[i].Arcs {
		a, back := topology.Index(signed)
		pts := w.Arcs.At(int(a))
		for j := 1; j < len(pts); j++ {
			e := ring.Edge{A: pts[j-1], B: pts[j]}
			if back {
				e.A, e.B = e.B, e.A
			}
			scratch.edges = append(scratch.edges, e)
		}
	}
	var out orb.MultiPolygon
	for _, r := range scratch.rings.Build(scratch.edges, grid.Point{}) {
		ring := make(orb.Ring, 0, len(r)+1)
		for _, p := range r {
			ring = append(ring, p.LonLat(w.Bits))
		}
		ring = append(ring, ring[0])
		if grid.Area2(r) > 0 {
			out = append(out, orb.Polygon{ring})
		} else {
			out[len(out)-1] = append(out[len(out)-1], ring)
		}
	}
	return out
}

// Zoom is one zoom of a run on its way through simplify2 and vectorTile.
type Zoom struct {
	za     *zoomArcs
	pieces []piece
	data   [][]byte
	blocks [][2]int
}

// Zoom is stage simplify2 for one zoom.
func (s *Steps) Zoom(ctx context.Context, worker, zoom int) (*Zoom, error) {
	if s.zoomers[worker] == nil {
		s.zoomers[worker] = &zoomer{quality: true}
	}
	za := s.zoomers[worker].zoom(s.arr, zoom, s.cfg, func() bool { return ctx.Err() != nil })
	if za == nil {
		return nil, cmp.Or(ctx.Err(), errors.New("simplify: gave up"))
	}
	return &Zoom{za: za}, nil
}

// ZoomResult is what a zoom came to before it is cut into tiles.
type ZoomResult struct {
	Vertices int          // of arcs, after simplification and rounding
	Small    []LayerStats // of layers that have small units: what became of them
	Drawn    []byte       // a bit for each polygon of the arrangement: has an area here
}

// Result tells what came of stage simplify2.
func (s *Steps) Result(z *Zoom) ZoomResult {
	r := ZoomResult{Vertices: len(z.za.arcs.Pts), Small: countSmall(s.u, s.arr, z.za), Drawn: make([]byte, (len(z.za.area2)+7)/8)}
	for i, a := range z.za.area2 {
		if a > 0 {
			r.Drawn[i/8] |= 1 << (i % 8)
		}
	}
	return r
}

// Cut is the first half of stage vectorTile: cuts all units into the tiles of
// the zoom, and divides those into blocks. It returns the units that could not
// be cut, by a defect of ours.
func (s *Steps) Cut(ctx context.Context, worker int, z *Zoom) ([]feature.Fault, error) {
	if c := s.cutters[worker]; c == nil || c.Zoom() != uint8(z.za.zoom) {
		s.cutters[worker] = tile.NewCutter(uint8(z.za.zoom), int32(s.cfg.Buffer))
	}
	var faults []feature.Fault
	var cs []cutChunk
	for i, polys := range z.za.chunks(s.arr.world) {
		c, err := z.za.cutChunk(ctx, s.cutters[worker], s.arr.world, i, polys)
		if err != nil {
			return nil, fmt.Errorf("cut zoom %d into tiles: %w", z.za.zoom, err)
		}
		for _, f := range c.failed {
			faults = append(faults, s.u.cutFault(s.arr, z.za, f))
		}
		cs = append(cs, c)
	}
	z.pieces, z.data = gather(s.u, s.labels, z.za.zoom, cs)
	z.blocks = blocks(z.pieces)
	return faults, nil
}

// Blocks returns how many blocks of tiles the zoom has, once it is cut.
func (z *Zoom) Blocks() int { return len(z.blocks) }

// Tiles returns how many tiles the zoom has, once it is cut.
func (z *Zoom) Tiles() int {
	n := 0
	for i, p := range z.pieces {
		if i == 0 || p.tile != z.pieces[i-1].tile {
			n++
		}
	}
	return n
}

// Pieces returns how many parts of units a block has: its share of the work.
func (z *Zoom) Pieces(block int) int { return z.blocks[block][1] - z.blocks[block][0] }

// Encode is the second half of stage vectorTile: the tiles of a block, in
// ascending Hilbert order.
func (s *Steps) Encode(ctx context.Context, worker int, z *Zoom, block int) ([]Tile, error) {
	if s.encoders[worker] == nil {
		s.encoders[worker] = newEncoder()
	}
	b := z.blocks[block]
	return s.encoders[worker].block(ctx, s.u, z.pieces[b[0]:b[1]], z.data)
}

// Makeup says what a tile is made of.
type Makeup struct {
	ID    tile.ID
	Units []UnitRef // polygons, in the order they are drawn
	Bytes int64     // of geometry
	// Quality is 1 − (the largest deviation of a vertex in pixels of 1/256 tile,
	// at most 4) ÷ 4.
	Quality float64
}

// UnitRef names a unit by its layer and its place in it.
type UnitRef struct{ Layer, Unit int32 }

// Makeup returns what the tiles of a block are made of, in the order of
// Encode.
func (s *Steps) Makeup(z *Zoom, block int) []Makeup {
	var out []Makeup
	b := z.blocks[block]
	for _, p := range z.pieces[b[0]:b[1]] {
		if n := len(out); n == 0 || out[n-1].ID.Hilbert() != p.tile {
			id := tile.FromHilbert(p.tile)
			out = append(out, Makeup{ID: id, Quality: z.za.deviation.quality(id)})
		}
		m := &out[len(out)-1]
		m.Bytes += int64(p.length)
		if int(p.layer) < len(s.u.layers) {
			m.Units = append(m.Units, UnitRef{p.layer, p.unit})
		}
	}
	return out
}

// gather puts the pieces of all chunks and the labels in order.
func gather(u *Units, labels []labelPoint, zoom int, cs []cutChunk) ([]piece, [][]byte) {
	var pieces []piece
	data := make([][]byte, len(cs)+1)
	for i, c := range cs {
		data[i] = c.bytes
		pieces = append(pieces, c.pieces...)
	}
	more, bytes := labelPieces(u, labels, zoom, len(cs))
	data[len(cs)] = bytes
	pieces = append(pieces, more...)
	slices.SortFunc(pieces, func(a, b piece) int {
		return cmp.Or(cmp.Compare(a.tile, b.tile), cmp.Compare(a.layer, b.layer), cmp.Compare(a.unit, b.unit))
	})
	return pieces, data
}

// Drawn counts the polygons with an area in any of the zooms.
func Drawn(zooms [][]byte) int {
	n := 0
	for i := range slices.MaxFunc(append(zooms, nil), func(a, b []byte) int { return len(a) - len(b) }) {
		var all byte
		for _, z := range zooms {
			if i < len(z) {
				all |= z[i]
			}
		}
		for ; all != 0; all &= all - 1 {
			n++
		}
	}
	return n
}
