package schedule

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/geo/grid"
	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/pipeline"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// zoom is stage simplify2 for one zoom.
func (s *state) zoom(ctx context.Context, worker int, h *hand, t session.Task) (outcome, error) {
	s.forget(t.Config.Zoom - zoomsAhead)
	z, _, err := s.zoomOf(ctx, worker, t.Config.Zoom, h, false)
	if err != nil {
		return outcome{}, err
	}
	w, err := s.ready(ctx, h)
	if err != nil {
		return outcome{}, err
	}
	res := w.steps.Result(z)
	note, err := json.Marshal(res)
	if err != nil {
		return outcome{}, err
	}
	return outcome{result: session.Result{Note: note}}, nil
}

// cut is the first half of stage vectorTile for one zoom: it finds its blocks
// of tiles, which are the tasks of the second half.
func (s *state) cut(ctx context.Context, worker int, h *hand, t session.Task) (outcome, error) {
	z, faults, err := s.zoomOf(ctx, worker, t.Config.Zoom, h, true)
	if err != nil {
		return outcome{}, err
	}
	w, err := s.ready(ctx, h)
	if err != nil {
		return outcome{}, err
	}
	tiles, err := s.bound(w, t.Config.Zoom, z.Tiles())
	if err != nil {
		return outcome{}, err
	}
	out := outcome{result: session.Result{Note: strconv.AppendInt(nil, int64(tiles), 10)}}
	var fs feature.Faults
	for _, f := range faults {
		fs.Add(f)
	}
	out.addFaults(&fs)
	total := 0
	for b := range z.Blocks() {
		total += z.Pieces(b)
	}
	for b := range z.Blocks() {
		c := t.Config
		c.Kind, c.Block, c.Format, c.Compression = kindBlock, b, session.MVT, shape.Gzip
		id := s.w.id.block(t.Config.Zoom, b)
		out.tasks = append(out.tasks, session.Task{
			ID: id, Node: t.Node, Parent: t.Parent, Stage: t.Stage, Name: fmt.Sprintf("Tiles of zoom %d, block %d", c.Zoom, b),
			Priority: t.Priority + 1 + b, Weight: t.Weight * float64(z.Pieces(b)) / float64(max(1, total)), Config: c,
		})
		out.deps = append(out.deps, dependency(t.ID, id, session.Sequential))
	}
	return out, nil
}

// bound returns how many tiles there are up to a zoom that has so many, or an
// error if they are more than the settings allow: before any of the zoom's is
// made. The zooms before it have been cut.
func (s *state) bound(w *world, zoom, tiles int) (int, error) {
	cfg := w.steps.Config()
	if zoom > cfg.MinZoom {
		err := s.w.DB.View(func(tx *kv.Tx) error {
			below, ok, err := session.Tasks().Get(tx, session.TaskKey(s.w.Session, s.w.id.cut(zoom-1)))
			if err != nil || !ok || below.Status != session.Completed {
				return err // what was not cut has no tiles
			}
			n, err := strconv.Atoi(string(below.Result.Note))
			tiles += n
			return err
		})
		if err != nil {
			return 0, fmt.Errorf("count the tiles up to zoom %d: %w", zoom, err)
		}
	}
	if cfg.MaxTiles > 0 && tiles > cfg.MaxTiles {
		return 0, fmt.Errorf("%d tiles up to zoom %d are more than the limit of %d: lower maxzoom, or raise vectorTiles.tileCountThresholdForZoomStop", tiles, zoom, cfg.MaxTiles)
	}
	return tiles, nil
}

// block is the second half of stage vectorTile: the tiles of one block.
func (s *state) block(ctx context.Context, worker int, h *hand, t session.Task) (outcome, error) {
	z, _, err := s.zoomOf(ctx, worker, t.Config.Zoom, h, true)
	if err != nil {
		return outcome{}, err
	}
	w, err := s.ready(ctx, h)
	if err != nil {
		return outcome{}, err
	}
	if t.Config.Block >= z.Blocks() {
		return outcome{}, fmt.Errorf("block %d of %d: %w", t.Config.Block, z.Blocks(), ErrLost)
	}
	before := s.w.Now()
	tiles, err := w.steps.Encode(ctx, worker, z, t.Config.Block)
	if err != nil {
		return outcome{}, err
	}
	var out outcome
	h.bytes = h.bytes[:0]
	made := w.steps.Makeup(z, t.Config.Block)
	for i, tl := range tiles {
		h.bytes = appendTile(h.bytes, tl, made[i].Quality)
		out.result.Bytes += int64(len(tl.Data))
	}
	out.result.Tiles = len(tiles)
	b, err := s.buffer(h, t, t.ID, session.Tiled, session.MVT, shape.None, h.bytes)
	if err != nil {
		return outcome{}, err
	}
	b.CRS, b.Took = "EPSG:3857", s.w.Now().Sub(before)
	out.kept.Buffers = []session.Buffer{b}
	out.kept.Tiles = s.makeup(w, made, t, b)
	return out, nil
}

// makeup returns the records of what a block's tiles are made of. The time
// that the block took is shared by the bytes of geometry.
func (s *state) makeup(w *world, made []pipeline.Makeup, t session.Task, b session.Buffer) []session.TileBuffer {
	all := int64(1)
	for _, m := range made {
		all += m.Bytes
	}
	margin := w.steps.Config().Buffer
	out := make([]session.TileBuffer, 0, len(made))
	for _, m := range made {
		r := session.TileBuffer{
			Zoom: m.ID.Z, X: m.ID.X, Y: m.ID.Y, Tile: m.ID.Hilbert(), ClipBounds: clipBounds(m.ID, margin),
			Status: session.Completed, Size: m.Bytes, Created: b.Created, Generated: b.Created,
			Took:    time.Duration(float64(b.Took) * float64(m.Bytes) / float64(all)),
			Session: s.w.Session, Task: t.ID, Quality: m.Quality,
			Features: make([]uint64, 0, len(m.Units)), FeatureBuffers: make([]uint64, 0, len(m.Units)),
		}
		for _, u := range m.Units {
			r.Features = append(r.Features, w.units.ID(int(u.Layer), int(u.Unit)))
			r.FeatureBuffers = append(r.FeatureBuffers, w.numbers[u.Layer][u.Unit])
		}
		out = append(out, r)
	}
	return out
}

// clipBounds returns the box of a tile with its margin (tile units) in degrees.
func clipBounds(id tile.ID, margin int) [4]float64 {
	bits := uint(id.Z) + 12 // 4096 units a tile
	x, y := int32(id.X)*tile.Extent, int32(id.Y)*tile.Extent
	nw := grid.Point{X: x - int32(margin), Y: y - int32(margin)}.LonLat(bits)
	se := grid.Point{X: x + tile.Extent + int32(margin), Y: y + tile.Extent + int32(margin)}.LonLat(bits)
	return [4]float64{nw[0], se[1], se[0], nw[1]}
}

// qualityUnit is the precision of a quality in a buffer of tiles.
const qualityUnit = 1e-6

// appendTile appends a tile to a buffer of tiles: its PMTiles number, its
// quality in millionths, the number of its bytes (all as uvarint), and the
// bytes.
func appendTile(dst []byte, t pipeline.Tile, quality float64) []byte {
	dst = binary.AppendUvarint(dst, t.ID.Hilbert())
	dst = binary.AppendUvarint(dst, uint64(math.Round(quality/qualityUnit)))
	dst = binary.AppendUvarint(dst, uint64(len(t.Data)))
	return append(dst, t.Data...)
}

// eachTile reads a buffer of tiles. The bytes are part of data.
func eachTile(data []byte, fn func(id tile.ID, gz []byte, quality float64) error) error {
	for len(data) > 0 {
		var head [3]uint64 // number, quality, length
		for i := range head {
			v, n := binary.Uvarint(data)
			if n <= 0 {
				return ErrLost
			}
			head[i], data = v, data[n:]
		}
		if head[2] > uint64(len(data)) || float64(head[1])*qualityUnit > 1+qualityUnit {
			return ErrLost
		}
		gz := data[:head[2]]
		if err := fn(tile.FromHilbert(head[0]), gz, min(1, float64(head[1])*qualityUnit)); err != nil {
			return err
		}
		data = data[head[2]:]
	}
	return nil
}
