package engine

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"

	"github.com/shapes-desktop/shapes/core/pipeline"
	"github.com/shapes-desktop/shapes/core/pipeline/schedule"
	"github.com/shapes-desktop/shapes/core/pipeline/work"
	"github.com/shapes-desktop/shapes/core/store/entity"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// runs are the sessions that this process carries out. Commands that begin or
// stop one hold Engine.commands: there is one runner of a session at most.
type runs struct {
	mu      sync.Mutex
	by      map[string]*running
	slow    map[string]<-chan struct{} // sessions that were stopped, with tasks still at work: closed once none is
	reasons map[string]string          // why one stopped that could not record it
	results map[string]outcome         // of tilesets just finished, by node
	all     sync.WaitGroup             // runners, until no task is at work

	cores   *work.Cores // of the machine, for all of them together
	limited int         // runners that share the bound on memory
	unlimit func()      // takes it back
}

// running is a session under way.
type running struct {
	cancel  context.CancelCauseFunc
	stopped chan string   // tasks that were cancelled on the board
	over    chan struct{} // closed once it is not under way, and all of that recorded

	gate    sync.Mutex // one of the two comes first: putting tiles in place, or a cancel
	placing bool       // under gate: from when tiles are being put in place

	live schedule.Live // with told: under runs.mu
	told bool

	// Set before over is closed: what recording a halt came to, if it was asked
	// for in time.
	halted bool
	err    error
}

// outcome is what finishing a session's tileset came to.
type outcome struct {
	pipeline.Result
	minZoom, maxZoom int
}

// halt is the cause of a stop that a command asks for: record writes down what
// becomes of the session, in one transaction of the ephemeral database.
type halt struct{ record func(tx *kv.Tx) error }

func (halt) Error() string { return "stopped by a command" }

func (r *runs) init() {
	r.cores = work.NewCores(runtime.GOMAXPROCS(0))
	r.by, r.slow, r.reasons, r.results = map[string]*running{}, map[string]<-chan struct{}{}, map[string]string{}, map[string]outcome{}
}

func (r *runs) get(id string) *running {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.by[id]
}

// ids returns the sessions under way, in order.
func (r *runs) ids() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []string
	for id := range r.by {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}

// interrupt tells a session that tasks were cancelled.
func (r *runs) interrupt(id, task string) {
	if run := r.get(id); run != nil {
		select {
		case run.stopped <- task:
		case <-run.over:
		}
	}
}

// wake has a session look for ready tasks.
func (r *runs) wake(id string) { r.interrupt(id, noTask) }

// noTask is the id of no task.
const noTask = "\x00"

func (r *runs) wait(ctx context.Context, id string) error {
	run := r.get(id)
	if run == nil {
		return nil
	}
	select {
	case <-run.over:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (r *runs) live(id string) (schedule.Live, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	run := r.by[id]
	if run == nil || !run.told {
		return schedule.Live{}, false
	}
	return run.live, true
}

func (r *runs) reason(id string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.reasons[id]
}

// because notes why a session stands still that cannot be recorded; "" that
// there is nothing to say.
func (r *runs) because(id, reason string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if reason == "" {
		delete(r.reasons, id)
	} else {
		r.reasons[id] = reason
	}
}

// keep remembers what finishing came to until the session has ended.
func (r *runs) keep(node string, o outcome) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.results[node] = o
}

// finished takes what finishing the tiles of a node came to.
func (r *runs) finished(node string) (outcome, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	o, ok := r.results[node]
	delete(r.results, node)
	return o, ok
}

// budget bounds the memory of the process while sessions run, and returns what
// ends that for the caller.
func (r *runs) budget() (end func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.limited == 0 {
		r.unlimit = budget(0)
	}
	r.limited++
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.limited--; r.limited == 0 {
			r.unlimit()
		}
	}
}

// launch makes a session a running one and carries it out in the background.
// The caller holds commands and knows that nobody else carries it out.
func (e *Engine) launch(id, node string) error {
	if err := e.begin(id); err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	run := &running{cancel: cancel, stopped: make(chan string), over: make(chan struct{})}
	r := &e.runs
	r.mu.Lock()
	delete(r.reasons, id)
	delete(r.results, node)
	r.by[id] = run
	slow := r.slow[id]
	r.mu.Unlock()
	r.all.Go(func() {
		defer cancel(nil)
		if slow != nil { // tasks of before the pause
			<-slow
		}
		quiet, err := e.carryOut(ctx, id, run)
		e.settle(ctx, id, run, err)
		r.mu.Lock()
		delete(r.by, id)
		r.slow[id] = quiet
		r.mu.Unlock()
		close(run.over)
		e.publish(id, node)
		<-quiet
		r.mu.Lock()
		if r.slow[id] == quiet {
			delete(r.slow, id)
		}
		r.mu.Unlock()
	})
	e.publish(id, node)
	return nil
}

// settle records how a runner's work has ended.
func (e *Engine) settle(ctx context.Context, id string, run *running, err error) {
	var h halt
	switch {
	case errors.As(context.Cause(ctx), &h):
		if run.halted, run.err = true, e.eph(h.record); diskFull(run.err) {
			e.runs.because(id, fullReason)
		}
	case err != nil:
		e.stumbled(id, err)
	}
	e.leave(id)
	if err := e.ended(context.Background(), id); err != nil {
		e.log.Error("end of session", "session", id, "error", err)
	}
}

// halt stops a session, if it is under way, and records what becomes of it. The
// caller holds commands.
func (e *Engine) halt(id string, record func(tx *kv.Tx) error) error {
	if run := e.runs.get(id); run != nil {
		run.cancel(halt{record})
		<-run.over
		if run.halted {
			return run.err
		}
	}
	return e.eph(record) // it was not under way any more
}

// leave takes this process off the users of a session. Whether the record goes
// is decided when the session has been seen off.
func (e *Engine) leave(id string) {
	err := e.eph(func(tx *kv.Tx) error {
		_, err := e.kinds.sessions.Leave(tx, kv.Key(nil).Str(id), e.user, e.now())
		return err
	})
	if err != nil && !errors.Is(err, entity.ErrMissing) {
		e.log.Warn("leave a session", "session", id, "error", err)
	}
}
