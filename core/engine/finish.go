package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/core/pipeline"
	"github.com/shapes-desktop/shapes/core/pipeline/schedule"
	"github.com/shapes-desktop/shapes/core/store/entity"
	"github.com/shapes-desktop/shapes/core/store/kv"
	"github.com/shapes-desktop/shapes/core/store/tileset"
)

// finisher puts a session's tiles in place of its node's.
type finisher struct {
	e   *Engine
	ses session.Session
	run *running
}

// Finish builds the tile file beside the old one and swaps it in when it is
// whole.
func (f finisher) Finish(ctx context.Context, r *pipeline.Result, put func(schedule.Sink) error) (err error) {
	b, err := tileset.Create(f.e.tileFile(f.ses.Node))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Abort()) }() // does nothing after Commit
	if err := put(builder{b, f.e.now()}); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	m, err := f.meta(r)
	if err == nil {
		err = b.Complete(m)
	}
	if err == nil {
		err = f.run.place(ctx)
	}
	if err != nil {
		return err
	}
	if err := b.Commit(m); err != nil {
		f.run.unplaced()
		return err
	}
	f.e.runs.keep(f.ses.Node, outcome{*r, int(m.MinZoom), int(m.MaxZoom)})
	return nil
}

// builder is a tile file in the making.
type builder struct {
	*tileset.Builder
	made time.Time
}

// Put stores a tile with what was measured of it.
func (b builder) Put(id tile.ID, gz []byte, quality float64, task string) error {
	return b.PutWithFacts(id, gz, tileset.Facts{VisualQuality: quality, Source: task, Created: b.made})
}

// meta describes the tileset. A zoom that is missing at an end is not claimed.
func (f finisher) meta(r *pipeline.Result) (tileset.Meta, error) {
	if len(r.Zooms) == 0 {
		return tileset.Meta{}, errors.New("no tiles were made")
	}
	cfg := pipeline.DefaultConfig()
	cfg.MinZoom, cfg.MaxZoom = r.Zooms[0].Zoom, r.Zooms[len(r.Zooms)-1].Zoom
	var name, attribution string
	err := f.e.coreView(func(tx *kv.Tx) error {
		n, err := tree.Get(tx, f.ses.Node)
		if err != nil {
			return err
		}
		s, _, err := shape.Shapes().Get(tx, kv.Key(nil).Str(f.ses.Node))
		name, attribution = n.Name, s.Metadata.Attribution
		if s.Metadata.Title != "" {
			name = s.Metadata.Title
		}
		return err
	})
	if err != nil {
		return tileset.Meta{}, fmt.Errorf("describe the tiles: %w", err)
	}
	credits, err := f.e.credits(&f.ses)
	if err != nil {
		return tileset.Meta{}, fmt.Errorf("describe the tiles: %w", err)
	}
	attribution = joinAttribution(append([]string{attribution}, credits...)...)
	in := &inputs{hasSample: f.ses.Source == shape.Sample}
	return Recipe{Name: name, Attribution: attribution}.meta(in, cfg, *r), nil
}

// scratch is a session's kept outputs in the databases of their kinds.
type scratch struct {
	k *kinds
	s *entity.Scratch
}

func (e *Engine) openScratch(id string) (scratch, error) {
	s, err := e.m.Scratch(id)
	return scratch{e.kinds, s}, err
}

func (s scratch) close() error { return s.s.Close() }

// Keep writes records and syncs them.
func (s scratch) Keep(k schedule.Kept) error {
	err := putAll(s.s, s.k.buffers, k.Buffers)
	if err == nil {
		err = putAll(s.s, s.k.indices, k.Indices)
	}
	if err == nil {
		err = putAll(s.s, s.k.features, k.Features)
	}
	if err == nil {
		err = putAll(s.s, s.k.tiles, k.Tiles)
	}
	if err == nil {
		err = s.s.Sync()
	}
	return lost(err)
}

// putAtOnce bounds a transaction of the scratch.
const putAtOnce = 5000

func putAll[T any](s *entity.Scratch, kind *entity.Kind[T], records []T) error {
	for len(records) > 0 {
		part := records[:min(putAtOnce, len(records))]
		records = records[len(part):]
		if err := s.Update(kind, func(tx *kv.Tx) error { return kind.Table.PutAll(tx, part) }); err != nil {
			return err
		}
	}
	return nil
}

// lost turns the loss of a scratch file into the scheduler's word for it.
func lost(err error) error {
	if errors.Is(err, entity.ErrLost) || errors.Is(err, kv.ErrDamaged) {
		return fmt.Errorf("%w: %w", schedule.ErrLost, err)
	}
	return err
}

// Buffer returns a buffer.
func (s scratch) Buffer(id string) (session.Buffer, error) {
	var b session.Buffer
	err := s.s.View(s.k.buffers, func(tx *kv.Tx) error {
		var ok bool
		var err error
		b, ok, err = s.k.buffers.Table.Get(tx, kv.Key(nil).Str(id))
		if err == nil && !ok {
			err = fmt.Errorf("buffer %s: %w", id, schedule.ErrLost)
		}
		return err
	})
	return b, lost(err)
}

// Indices returns n feature indices from a number on.
func (s scratch) Indices(first uint64, n int) ([]session.FeatureIndex, error) {
	out := make([]session.FeatureIndex, 0, n)
	err := s.s.View(s.k.indices, func(tx *kv.Tx) error {
		for x, err := range s.k.indices.Table.Range(tx, kv.Key(nil).Uint(first), kv.Key(nil).Uint(first+uint64(n))) {
			if err != nil {
				return err
			}
			out = append(out, x)
		}
		return nil
	})
	if err == nil && len(out) != n {
		err = fmt.Errorf("indices of %d features from %d: %w", n, first, schedule.ErrLost)
	}
	return out, lost(err)
}

// Clear makes all files anew and empty.
func (s scratch) Clear() error {
	return errors.Join(s.s.Rebuild(s.k.buffers), s.s.Rebuild(s.k.indices), s.s.Rebuild(s.k.features), s.s.Rebuild(s.k.tiles))
}
