package schedule

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/pipeline"
	"github.com/shapes-desktop/shapes/core/store/kv"
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
	faults  feature.Faults
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

// readNote is what a download task has to tell later ones.
type readNote struct {
	Labels []string `json:"labels,omitempty"`
	Hash   string   `json:"hash"`
}

// inputs returns the download tasks that have completed, in the order of the
// inputs.
func (s *state) inputs() ([]session.Task, error) {
	var out []session.Task
	err := s.w.DB.View(func(tx *kv.Tx) error {
		for t, err := range session.Tasks().By(tx, "parent", kv.Key(nil).Str(s.w.Session).Str(s.w.id.stage(session.Download))) {
			if err != nil {
				return err
			}
			if t.Status == session.Completed {
				out = append(out, t)
			}
		}
		return nil
	})
	return out, err
}

// load reads all that download has left into units.
func (s *state) load(ctx context.Context, h *hand) (*world, error) {
	tasks, err := s.inputs()
	if err != nil {
		return nil, err
	}
	w := &world{}
	w.units = pipeline.NewUnits(&w.faults)
	var labels []string
	for _, t := range tasks {
		var note readNote
		if err := json.Unmarshal(t.Result.Note, &note); err != nil {
			return nil, fmt.Errorf("read what %s has left: %w", t.ID, err)
		}
		labels = append(labels, note.Labels...)
		for _, id := range t.Buffers {
			if err := s.loadBuffer(ctx, h, w, id); err != nil {
				return nil, err
			}
		}
	}
	for _, l := range labels {
		w.units.Label(l)
	}
	if w.units.Len() == 0 {
		return nil, errNothing
	}
	return w, nil
}

// loadBuffer adds the features of a raw buffer to the units.
func (s *state) loadBuffer(ctx context.Context, h *hand, w *world, id string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	b, err := s.w.Scratch.Buffer(id)
	if err != nil {
		return err
	}
	features := s.held(id)
	if features == nil {
		if features, err = s.decode(h, &b); err != nil {
			return err
		}
	}
	r, err := rawOf(&b)
	if err != nil {
		return err
	}
	r.layer = w.units.Layer(b.Properties[propLayer])
	for len(w.numbers) <= r.layer {
		w.numbers = append(w.numbers, nil)
	}
	for i, f := range features {
		unit := w.units.Add(r.layer, f)
		r.units = append(r.units, unit)
		if unit >= 0 {
			w.numbers[r.layer] = append(w.numbers[r.layer], r.first+uint64(i))
		}
	}
	w.raws = append(w.raws, r)
	return nil
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
