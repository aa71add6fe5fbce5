package schedule

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/pipeline"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// faultMissing is the code of tiles that are not there, since a task was not
// done.
const faultMissing = "missing-tiles"

// store puts the tiles of all blocks that were made into the node's tileset,
// in order, and tells what the run came to.
func (s *state) store(ctx context.Context, h *hand, t session.Task, m *meter) (outcome, error) {
	w, err := s.ready(ctx, h)
	if err != nil {
		return outcome{}, err
	}
	blocks, err := s.blocks(w)
	if err != nil {
		return outcome{}, err
	}
	res, missing, err := s.sum(w, blocks)
	if err != nil {
		return outcome{}, err
	}
	if res.Tiles == 0 {
		return outcome{}, fmt.Errorf("no tiles were made; what was there before is as it was")
	}
	put := 0
	distinct := map[[sha256.Size]byte]struct{}{}
	each := func(sink Sink) error {
		for i, b := range blocks {
			if err := ctx.Err(); err != nil {
				return err
			}
			if b.Status != session.Completed {
				continue
			}
			if err := s.putBlock(h, sink, b, func(gz []byte) {
				put++
				distinct[sha256.Sum256(gz)] = struct{}{}
				res.MaxTile = max(res.MaxTile, len(gz))
			}); err != nil {
				return err
			}
			m.set(float64(i+1) / float64(len(blocks)+1))
		}
		res.Distinct = len(distinct)
		if put != res.Tiles {
			return fmt.Errorf("%d tiles of %d: %w", put, res.Tiles, ErrLost)
		}
		return nil
	}
	if err := s.w.Finish.Finish(ctx, &res, each); err != nil {
		return outcome{}, err
	}
	out := outcome{sample: missing}
	if len(missing) > 0 {
		out.faults = map[string]int{faultMissing: len(missing)}
		out.result.Faults = len(missing)
	}
	return out, nil
}

// blocks returns the tasks of all blocks of tiles, zoom by zoom.
func (s *state) blocks(w *world) ([]session.Task, error) {
	var out []session.Task
	cfg := w.steps.Config()
	err := s.w.DB.View(func(tx *kv.Tx) error {
		for z := cfg.MinZoom; z <= cfg.MaxZoom; z++ {
			for b := 0; ; b++ {
				t, ok, err := session.Tasks().Get(tx, session.TaskKey(s.w.Session, s.w.id.block(z, b)))
				if err != nil {
					return err
				}
				if !ok {
					break
				}
				out = append(out, t)
			}
		}
		return nil
	})
	return out, err
}

// sum puts together what the run came to, and names what is missing in it.
func (s *state) sum(w *world, blocks []session.Task) (res pipeline.Result, missing []string, err error) {
	res.Layers, res.TileLayers, res.Bounds = w.units.LayerStats(), w.units.TileLayers(), w.units.Bounds()
	zooms := map[int]*pipeline.ZoomStats{}
	for _, b := range blocks {
		if b.Status != session.Completed {
			missing = append(missing, fmt.Sprintf("%s: %s was %s", faultMissing, b.Name, b.Status))
			continue
		}
		z := zooms[b.Config.Zoom]
		if z == nil {
			z = &pipeline.ZoomStats{Zoom: b.Config.Zoom}
			zooms[b.Config.Zoom] = z
		}
		z.Tiles += b.Result.Tiles
		z.Bytes += b.Result.Bytes
		res.Tiles += b.Result.Tiles
		res.Bytes += b.Result.Bytes
	}
	var drawn [][]byte
	cfg := w.steps.Config()
	err = s.w.DB.View(func(tx *kv.Tx) error {
		for z := cfg.MinZoom; z <= cfg.MaxZoom; z++ {
			for _, id := range [2]string{s.w.id.zoom(z), s.w.id.cut(z)} {
				t, ok, err := session.Tasks().Get(tx, session.TaskKey(s.w.Session, id))
				if err != nil {
					return err
				}
				if ok && t.Status != session.Completed {
					missing = append(missing, fmt.Sprintf("%s: %s was %s", faultMissing, t.Name, t.Status))
				}
				if !ok || t.Status != session.Completed || t.Config.Kind != kindZoom {
					continue
				}
				var zr pipeline.ZoomResult
				if err := json.Unmarshal(t.Result.Note, &zr); err != nil {
					return fmt.Errorf("read what %s has left: %w", t.ID, err)
				}
				if zs := zooms[z]; zs != nil {
					zs.Vertices = zr.Vertices
					res.Zooms = append(res.Zooms, *zs)
					drawn = append(drawn, zr.Drawn)
				}
				for _, l := range zr.Small {
					addSmall(res.Layers, l)
				}
			}
		}
		return nil
	})
	res.Drawn = pipeline.Drawn(drawn)
	return res, missing, err
}

func addSmall(layers []pipeline.LayerStats, l pipeline.LayerStats) {
	for i := range layers {
		if layers[i].Layer == l.Layer {
			layers[i].Small = append(layers[i].Small, l.Small...)
			return
		}
	}
}

// putBlock hands the tiles of a block to the sink.
func (s *state) putBlock(h *hand, sink Sink, b session.Task, seen func(gz []byte)) error {
	_, data, err := s.unpack(h, b.ID)
	if err != nil {
		return err
	}
	return eachTile(data, func(id tile.ID, gz []byte, quality float64) error {
		seen(gz)
		return sink.Put(id, gz, quality, b.ID)
	})
}
