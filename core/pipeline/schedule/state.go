package schedule

import (
	"context"
	"fmt"
	"sync"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/pipeline"
)

// state is what the tasks of a run hand on to each other in memory. What is
// not there, since it was made before the session was interrupted, is taken
// from the scratch, or made anew from what is.
type state struct {
	w       *run
	hands   int
	scratch []*hand // by worker

	mu    sync.Mutex // while units and arrangement are loaded
	world *world

	freshMu sync.Mutex
	fresh   map[string][]feature.Feature // just read, by raw buffer: until their cell is done

	zoomsMu sync.Mutex
	zooms   map[int]*zoomState
}

// world is all that was read, and its arrangement.
type world struct {
	units *pipeline.Units
	steps *pipeline.Steps
	raws  []*raw
	// numbers of the features by layer and unit.
	numbers [][]uint64
	// attrs of features that Relate has changed, by number.
	attrs map[uint64][]feature.Attr
	// gone are those that Relate has taken away.
	gone   map[uint64]bool
	faults feature.Faults
}

// raw is a raw buffer and what became of its features.
type raw struct {
	buffer  string
	task    string
	layer   int
	name    string
	country string // if all its features are of one
	level   int
	size    int64
	first   uint64 // number of its first feature
	units   []int  // -1: nothing to draw
}

// zoomState is one zoom on its way.
type zoomState struct {
	mu   sync.Mutex
	zoom *pipeline.Zoom
	cut  bool
}

func newState(w *run, hands int) *state {
	return &state{w: w, hands: hands, scratch: make([]*hand, hands), zooms: map[int]*zoomState{}, fresh: map[string][]feature.Feature{}}
}

// hold keeps the features of a raw buffer at hand, which this run has read.
func (s *state) hold(buffer string, fs []feature.Feature) {
	s.freshMu.Lock()
	defer s.freshMu.Unlock()
	s.fresh[buffer] = fs
}

// drop lets go of them.
func (s *state) drop(buffer string) {
	s.freshMu.Lock()
	defer s.freshMu.Unlock()
	delete(s.fresh, buffer)
}

// held returns them; nil if another run has read them, or a cell is made again.
func (s *state) held(buffer string) []feature.Feature {
	s.freshMu.Lock()
	defer s.freshMu.Unlock()
	return s.fresh[buffer]
}

// do carries out one task.
func (s *state) do(ctx context.Context, worker int, t session.Task, m *meter) (outcome, error) {
	if s.scratch[worker] == nil {
		h, err := newHand()
		if err != nil {
			return outcome{}, err
		}
		s.scratch[worker] = h
	}
	h := s.scratch[worker]
	switch t.Config.Kind {
	case kindRead:
		return s.read(ctx, h, t, m)
	case kindArcs:
		return s.arcs(ctx, h, t, m)
	case kindCell:
		return s.cell(ctx, worker, h, t)
	case kindZoom:
		return s.zoom(ctx, worker, h, t)
	case kindCut:
		return s.cut(ctx, worker, h, t)
	case kindBlock:
		return s.block(ctx, worker, h, t)
	case kindStore:
		return s.store(ctx, h, t, m)
	}
	return outcome{}, fmt.Errorf("task %s: kind %q is not known", t.ID, t.Config.Kind)
}

// ready returns the world with its arrangement; in a session that goes on it
// is made of what was kept.
func (s *state) ready(ctx context.Context, h *hand) (*world, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.world != nil {
		return s.world, nil
	}
	w, err := s.load(ctx, h)
	if err != nil {
		return nil, err
	}
	if w.steps, err = s.steps(w); err != nil {
		return nil, err
	}
	_, data, err := s.unpack(h, arcsBuffer)
	if err != nil {
		return nil, err
	}
	if err := w.steps.Restore(data); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrLost, err)
	}
	s.world = w
	return w, nil
}

func (s *state) steps(w *world) (*pipeline.Steps, error) {
	ses := s.w.started
	cfg, err := s.w.Config(&ses, w.units.ProposeMaxZoom())
	if err != nil {
		return nil, err
	}
	cfg.Workers = s.hands
	return pipeline.NewSteps(w.units, cfg)
}

// zoomOf returns a zoom after simplify2 and, if asked, cut into blocks. It is
// made anew if it was made before the session was interrupted.
func (s *state) zoomOf(ctx context.Context, worker, zoom int, h *hand, cut bool) (*pipeline.Zoom, []feature.Fault, error) {
	w, err := s.ready(ctx, h)
	if err != nil {
		return nil, nil, err
	}
	s.zoomsMu.Lock()
	z := s.zooms[zoom]
	if z == nil {
		z = &zoomState{}
		s.zooms[zoom] = z
	}
	s.zoomsMu.Unlock()
	z.mu.Lock()
	defer z.mu.Unlock()
	if z.zoom == nil {
		if z.zoom, err = w.steps.Zoom(ctx, worker, zoom); err != nil {
			return nil, nil, err
		}
	}
	var faults []feature.Fault
	if cut && !z.cut {
		if faults, err = w.steps.Cut(ctx, worker, z.zoom); err != nil {
			return nil, nil, err
		}
		z.cut = true
	}
	return z.zoom, faults, nil
}

// forget lets go of the zooms up to one that need no more tiles.
func (s *state) forget(upTo int) {
	s.zoomsMu.Lock()
	defer s.zoomsMu.Unlock()
	for z := range s.zooms {
		if z <= upTo {
			delete(s.zooms, z)
		}
	}
}
