package shapeform

import (
	"context"
	"sync"
	"time"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// writePace bounds how long a change waits to be written: with what writing
// takes it stays within 150 ms.
const writePace = 120 * time.Millisecond

// writer writes the working copy as it changes: one write at a time, always
// the latest state, never an older one after a newer.
type writer struct {
	tasks  *kit.Tasks
	engine Engine
	ctx    context.Context
	state  func() engine.Edit       // a copy of what is to be written
	wrote  func(engine.Edit, error) // on the window's goroutine
	pace   *kit.Pace
	latest *kit.Latest

	mu   sync.Mutex // held while a write or an end runs
	done bool       // no write may follow
	asks int        // states taken so far; on the window's goroutine
	last int        // the newest state written
}

func newWriter(ctx context.Context, t *kit.Tasks, e Engine, state func() engine.Edit, wrote func(engine.Edit, error)) *writer {
	w := &writer{tasks: t, engine: e, ctx: ctx, state: state, wrote: wrote, latest: kit.NewLatest(t)}
	w.pace = kit.NewPace(t, writePace, w.submit)
	return w
}

// changed asks for a write soon.
func (w *writer) changed() { w.pace.Call() }

// submit hands the state as it is now to the background.
func (w *writer) submit() {
	w.asks++
	n, e := w.asks, w.state()
	w.latest.Submit(func() {
		err := w.write(n, &e)
		w.tasks.Do(func() { w.wrote(e, err) })
	})
}

func (w *writer) write(n int, e *engine.Edit) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.done || n <= w.last {
		return nil
	}
	if err := w.engine.Change(w.ctx, e); err != nil {
		return err
	}
	w.last = n
	return nil
}

// end writes the state as it is now, if save is set, and then runs what ends
// the edit; both in the background. If they fail, the writer goes on.
func (w *writer) end(save bool, finish func(context.Context) error, after func(error)) {
	w.pace.Stop()
	w.asks++
	n, e := w.asks, w.state()
	w.tasks.Go(func() {
		err := error(nil)
		if save {
			err = w.write(n, &e)
		}
		if err == nil {
			err = w.run(finish)
		}
		w.tasks.Do(func() { after(err) })
	})
}

func (w *writer) run(finish func(context.Context) error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	err := finish(w.ctx)
	w.done = err == nil
	return err
}
