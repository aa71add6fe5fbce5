// Package kit is what the screens share: the one way from a background load
// to the window, and the dialogs that look the same everywhere.
package kit

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
)

// Tasks starts background work for the window and brings results back to its
// goroutine. Tests give it functions that run at once, so that what they see
// does not depend on time.
type Tasks struct {
	start func(func())
	serve func(func())
	do    func(func())
	after func(time.Duration, func()) (stop func())
	wait  sync.WaitGroup
	ended atomic.Bool
}

// NewTasks makes the Tasks of a running program.
func NewTasks() *Tasks {
	t := &Tasks{do: fyne.Do, after: timer}
	t.start = func(f func()) { t.wait.Go(f) }
	t.serve = t.start
	return t
}

// InlineTasks makes Tasks for tests: all work runs at once on the caller's
// goroutine, workers that wait for work are not started, and no time passes.
func InlineTasks() *Tasks {
	run := func(f func()) { f() }
	return &Tasks{start: run, serve: func(func()) {}, do: run, after: func(_ time.Duration, f func()) func() {
		f()
		return func() {}
	}}
}

// Go runs f in the background. f must end soon after the context it was given
// by its maker is done.
func (t *Tasks) Go(f func()) { t.start(f) }

// Serve runs a worker in the background: f waits for work until the context it
// was given is done.
func (t *Tasks) Serve(f func()) { t.serve(f) }

// Do runs f on the window's goroutine, soon. Anything that touches a widget
// belongs in there. After End it does nothing.
func (t *Tasks) Do(f func()) {
	if !t.ended.Load() {
		t.do(f)
	}
}

// End is called when the window's loop has ended: nothing is brought to it any
// more. It waits for background work, which its makers have told to end, no
// longer than patience, and reports whether all has ended.
func (t *Tasks) End(patience time.Duration) bool {
	t.ended.Store(true)
	all := make(chan struct{})
	go func() {
		t.wait.Wait()
		close(all)
	}()
	select {
	case <-all:
		return true
	case <-time.After(patience):
		return false
	}
}

// Load runs load in the background and hands its result to show on the
// window's goroutine. If ctx is done by then, the result is dropped: the
// screen that asked has gone, and discard (which may be nil) frees it.
func Load[T any](ctx context.Context, t *Tasks, load func(context.Context) (T, error), show func(T, error), discard func(T)) {
	t.Go(func() {
		v, err := load(ctx)
		t.Do(func() {
			switch {
			case ctx.Err() == nil:
				show(v, err)
			case err == nil && discard != nil:
				discard(v)
			}
		})
	})
}

// Batch turns any number of calls from any goroutine into at most one waiting
// call on the window's goroutine.
type Batch struct {
	tasks   *Tasks
	run     func()
	waiting atomic.Bool
}

// NewBatch makes a Batch of run.
func NewBatch(t *Tasks, run func()) *Batch { return &Batch{tasks: t, run: run} }

// Call asks for run. Calls that come before it has begun share one.
func (b *Batch) Call() {
	if b.waiting.Swap(true) {
		return
	}
	b.tasks.Do(func() {
		b.waiting.Store(false)
		b.run()
	})
}

// Latest runs the most recent of the jobs it is given, one at a time, in the
// background; jobs that were overtaken before they began never run.
type Latest struct {
	tasks *Tasks
	mu    sync.Mutex
	next  func()
	busy  bool
}

// NewLatest makes a Latest.
func NewLatest(t *Tasks) *Latest { return &Latest{tasks: t} }

// Submit replaces the job that waits.
func (l *Latest) Submit(job func()) {
	l.mu.Lock()
	l.next = job
	start := !l.busy
	l.busy = true
	l.mu.Unlock()
	if start {
		l.tasks.Go(l.drain)
	}
}

func (l *Latest) drain() {
	for {
		l.mu.Lock()
		job := l.next
		l.next = nil
		l.busy = job != nil
		l.mu.Unlock()
		if job == nil {
			return
		}
		job()
	}
}
