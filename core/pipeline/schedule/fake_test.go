package schedule

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/pipeline"
	"github.com/shapes-desktop/shapes/core/pipeline/work"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// board is a database with one session, which calls after each transaction.
type board struct {
	*kv.DB
	session.Board
	after func(n int) // may be nil
	mu    sync.Mutex
	n     int
}

func newBoard(t *testing.T) *board {
	t.Helper()
	db, err := kv.Open(filepath.Join(t.TempDir(), "board.db"), kv.Schema{
		Name: "board", Version: 1, Tables: []kv.Tabled{session.Sessions(), session.Tasks(), session.Dependencies()},
	}, kv.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return &board{DB: db, Board: session.Board{Now: time.Now}}
}

func (b *board) Update(fn func(tx *kv.Tx) error) error {
	err := b.DB.Update(fn)
	b.mu.Lock()
	b.n++
	n := b.n
	b.mu.Unlock()
	if b.after != nil {
		b.after(n)
	}
	return err
}

// memory is a scratch in memory.
type memory struct {
	mu      sync.Mutex
	buffers map[string]session.Buffer
	indices map[uint64]session.FeatureIndex
	features,
	tiles int
	reads  int
	loseAt int   // the read that finds nothing any more; 0: none
	keep   error // of Keep
}

func newMemory() *memory {
	return &memory{buffers: map[string]session.Buffer{}, indices: map[uint64]session.FeatureIndex{}}
}

func (m *memory) Keep(k Kept) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.keep != nil {
		return m.keep
	}
	for _, b := range k.Buffers {
		m.buffers[b.ID] = b
	}
	for _, x := range k.Indices {
		m.indices[x.ID] = x
	}
	m.features += len(k.Features)
	m.tiles += len(k.Tiles)
	return nil
}

func (m *memory) Buffer(id string) (session.Buffer, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.reads++; m.reads == m.loseAt {
		m.clear()
	}
	b, ok := m.buffers[id]
	if !ok {
		return b, fmt.Errorf("buffer %s: %w", id, ErrLost)
	}
	return b, nil
}

func (m *memory) Indices(first uint64, n int) ([]session.FeatureIndex, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []session.FeatureIndex
	for i := range uint64(n) {
		x, ok := m.indices[first+i]
		if !ok {
			return nil, ErrLost
		}
		out = append(out, x)
	}
	return out, nil
}

func (m *memory) Clear() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.clear()
	return nil
}

func (m *memory) clear() {
	m.buffers, m.indices = map[string]session.Buffer{}, map[uint64]session.FeatureIndex{}
}

// source is inputs in memory.
type source struct {
	mu     sync.Mutex
	inputs []input
}

type input struct {
	layer    string
	features []feature.Feature
	fail     error // always
	busy     int   // tries that fail before one goes well
	panics   int   // tries that panic
}

var errBusy = errors.New("try again later")

func (s *source) Read(ctx context.Context, t session.TaskConfig, onBytes func(done, total int64), take func(string, feature.Feature) error) (SourceResult, error) {
	s.mu.Lock()
	in := &s.inputs[t.Input]
	fail := in.fail
	if fail == nil && in.busy > 0 {
		in.busy--
		fail = errBusy
	}
	bang := fail == nil && in.panics > 0
	if bang {
		in.panics--
	}
	s.mu.Unlock()
	for i, f := range in.features {
		onBytes(int64(i), int64(len(in.features)))
		if i == len(in.features)/2 && bang {
			panic("bang")
		}
		if i == len(in.features)/2 && fail != nil {
			return SourceResult{}, fail
		}
		f.Index = i
		if err := take(in.layer, f); err != nil {
			return SourceResult{}, err
		}
	}
	return SourceResult{Hash: fmt.Sprintf("%064d", t.Input), Labels: []string{in.layer}}, ctx.Err()
}

// gatherer is where finished tiles go.
type gatherer struct {
	mu    sync.Mutex
	tiles []pipeline.Tile
	res   pipeline.Result
	times int
	fail  error // of what is to be put in place
}

type sinkFunc func(id tile.ID, gz []byte, quality float64, task string) error

func (f sinkFunc) Put(id tile.ID, gz []byte, quality float64, task string) error {
	return f(id, gz, quality, task)
}

func (g *gatherer) Finish(_ context.Context, r *pipeline.Result, put func(Sink) error) error {
	var tiles []pipeline.Tile
	err := put(sinkFunc(func(id tile.ID, gz []byte, quality float64, task string) error {
		if n := len(tiles); n > 0 && tiles[n-1].ID.Hilbert() >= id.Hilbert() {
			return fmt.Errorf("tile %v after %v", id, tiles[n-1].ID)
		}
		if quality < 0 || quality > 1 || task == "" {
			return fmt.Errorf("tile %v: quality %g, of task %q", id, quality, task)
		}
		tiles = append(tiles, pipeline.Tile{ID: id, Data: append([]byte(nil), gz...)})
		return nil
	}))
	if err != nil {
		return err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.fail != nil {
		return g.fail
	}
	g.tiles, g.res = tiles, *r
	g.times++
	return nil
}

// play is a session on its way, with all that it needs.
type play struct {
	board  *board
	ses    session.Session
	mem    *memory
	src    *source
	out    *gatherer
	cfg    pipeline.Config
	hands  int
	report func(Live)
	failed []string
	stops  func(error) bool
	// tooOften counts reports that came too soon after another.
	tooOften int
}

func newPlay(t *testing.T, inputs []input, cfg pipeline.Config, hands int) *play {
	t.Helper()
	p := &play{
		board: newBoard(t), mem: newMemory(), src: &source{inputs: inputs}, out: &gatherer{}, cfg: cfg, hands: hands,
		ses:   session.Session{ID: "s", Node: "n", Config: shape.Defaults()},
		stops: func(error) bool { return false },
	}
	p.ses.Config.VectorTiles.MaxZoom = cfg.MaxZoom
	if err := p.board.DB.Update(func(tx *kv.Tx) error {
		if err := p.board.Create(tx, &p.ses); err != nil {
			return err
		}
		return p.plan(tx)
	}); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *play) plan(tx *kv.Tx) error {
	var ins []Input
	for i, in := range p.src.inputs {
		ins = append(ins, Input{Name: fmt.Sprint(i), Title: in.layer, Weight: float64(len(in.features))})
	}
	tasks, deps := Plan("n", ins, 3)
	return p.board.Add(tx, "s", tasks, deps)
}

// run runs the session once; a pause is no error.
func (p *play) run(ctx context.Context, stopped <-chan string) error {
	if err := p.status(session.Running, ""); err != nil {
		return err
	}
	var told time.Time
	report := func(l Live) {
		if now := time.Now(); now.Sub(told) < tick && !l.Session.Status.Ended() {
			p.tooOften++
		} else {
			told = now
		}
		if p.report != nil {
			p.report(l)
		}
	}
	r := &Runner{
		Session: "s", DB: p.board, Board: p.board.Board, Scratch: p.mem, Source: p.src, Finish: p.out,
		Cores:  work.NewCores(p.hands),
		Config: func(s *session.Session, _ int) (pipeline.Config, error) { return p.cfg, nil },
		Now:    time.Now, Report: report, CPU: func() time.Duration { return 0 }, Stops: p.stops,
		Retry: func(err error, tries int) (time.Duration, bool) {
			return time.Second << tries, errors.Is(err, errBusy)
		},
		Failed: func(task string, err error) { p.failed = append(p.failed, fmt.Sprint(task, ": ", err)) },
	}
	sizes := map[session.Stage]int{}
	for _, s := range session.Stages() {
		sizes[s] = max(1, p.hands-1)
	}
	quiet, err := r.Run(ctx, p.hands, sizes, stopped)
	<-quiet
	return err
}

func (p *play) status(st session.Status, reason string) error {
	return p.board.DB.Update(func(tx *kv.Tx) error { return p.board.SetStatus(tx, "s", st, reason) })
}

func (p *play) get(t *testing.T) session.Session {
	t.Helper()
	var s session.Session
	if err := p.board.View(func(tx *kv.Tx) (err error) {
		s, err = p.board.Get(tx, "s")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return s
}

// want returns the tiles that a plain run makes of the inputs that can be read.
func want(t *testing.T, inputs []input, cfg pipeline.Config) []pipeline.Tile {
	t.Helper()
	var faults feature.Faults
	u := pipeline.NewUnits(&faults)
	for _, in := range inputs {
		if in.fail != nil {
			continue
		}
		l := u.Layer(in.layer)
		for i, f := range in.features {
			f.Index = i
			u.Add(l, f)
		}
	}
	for _, in := range inputs {
		if in.fail == nil {
			u.Label(in.layer)
		}
	}
	var out plainSink
	if _, err := pipeline.Run(t.Context(), u, cfg, &out, nil); err != nil {
		t.Fatal(err)
	}
	return out.tiles
}

type plainSink struct{ tiles []pipeline.Tile }

func (s *plainSink) Put(id tile.ID, gz []byte) error {
	s.tiles = append(s.tiles, pipeline.Tile{ID: id, Data: gz})
	return nil
}
