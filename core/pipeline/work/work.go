// Package work is the only place that starts goroutines for the pipeline:
// named pools with a bound on what runs and on what waits, counters to look
// at, and panics turned into errors.
package work

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// Pool runs tasks, no more at once than it has workers. Several pools may
// share one set of cores, so that together they run no more than the machine
// has.
type Pool struct {
	Name    string
	workers int
	cores   *Cores
	running atomic.Int32
	done    atomic.Int64
}

// Cores is a share of the machine that pools, and crews, have in common. It is
// safe for concurrent use.
type Cores struct{ tokens chan struct{} }

// NewCores allows n tasks at once.
func NewCores(n int) *Cores { return &Cores{make(chan struct{}, max(1, n))} }

// Take waits for a core, which Give gives back. The error is ctx's cause.
func (c *Cores) Take(ctx context.Context) error {
	select {
	case c.tokens <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Give gives back a core that Take gave.
func (c *Cores) Give() { <-c.tokens }

// NewPool returns a pool of so many workers on the given cores.
func NewPool(name string, workers int, c *Cores) *Pool {
	return &Pool{Name: name, workers: max(1, workers), cores: c}
}

// Running returns how many tasks run now.
func (p *Pool) Running() int { return int(p.running.Load()) }

// Done returns how many tasks have ended well.
func (p *Pool) Done() int64 { return p.done.Load() }

// Workers returns the bound on tasks at once.
func (p *Pool) Workers() int { return p.workers }

// PanicError is a panic of a task: a defect of ours that failed one task.
type PanicError struct {
	Pool  string
	Task  int
	Name  string // of the task, if it has one
	Value any
	Stack []byte
}

func (e *PanicError) Error() string {
	if e.Name != "" {
		return fmt.Sprintf("task %s failed by an internal error: %v", e.Name, e.Value)
	}
	return fmt.Sprintf("task %d of pool %s failed by an internal error: %v", e.Task, e.Pool, e.Value)
}

// Each runs fn for 0 … n-1 and waits for all. worker is below Workers, and no
// two tasks run with the same one at once, so that it may index scratch
// memory. The first error, or ctx, stops what has not begun.
func (p *Pool) Each(ctx context.Context, n int, fn func(ctx context.Context, worker, i int) error) error {
	return Ordered(ctx, p, n, n, func(ctx context.Context, w, i int) (struct{}, error) {
		return struct{}{}, fn(ctx, w, i)
	}, func(int, struct{}) error { return nil })
}

// Ordered makes results 0 … n-1 in parallel and uses them in order, on the
// calling goroutine: parallel in the middle, one writer at the end. At most
// ahead results wait to be used.
func Ordered[T any](ctx context.Context, p *Pool, n, ahead int,
	produce func(ctx context.Context, worker, i int) (T, error), use func(i int, v T) error,
) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	type result struct {
		i int
		v T
	}
	results := make(chan result, p.workers)
	slots := make(chan struct{}, max(ahead, p.workers))
	var next atomic.Int64
	var wg sync.WaitGroup
	for w := range min(p.workers, n) {
		wg.Go(func() {
			for {
				select {
				case slots <- struct{}{}:
				case <-ctx.Done():
					return
				}
				i := int(next.Add(1) - 1)
				if i >= n {
					return
				}
				v, err := run(ctx, p, w, i, produce)
				if err != nil {
					cancel(err)
					return
				}
				select {
				case results <- result{i, v}:
				case <-ctx.Done():
					return
				}
			}
		})
	}
	go func() { wg.Wait(); close(results) }()
	waiting := map[int]T{}
	want := 0
	for r := range results {
		waiting[r.i] = r.v
		for v, ok := waiting[want]; ok; v, ok = waiting[want] {
			delete(waiting, want)
			if ctx.Err() == nil {
				if err := use(want, v); err != nil {
					cancel(err)
				}
			}
			want++
			<-slots
		}
	}
	if want < n || ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}

// run does one task on a core of its own.
func run[T any](ctx context.Context, p *Pool, worker, i int, produce func(context.Context, int, int) (T, error)) (v T, err error) {
	if err := p.cores.Take(ctx); err != nil {
		return v, err
	}
	p.running.Add(1)
	defer func() {
		p.running.Add(-1)
		p.cores.Give()
		if r := recover(); r != nil {
			err = &PanicError{Pool: p.Name, Task: i, Value: r, Stack: debug.Stack()}
		} else if err == nil {
			p.done.Add(1)
		}
	}()
	return produce(ctx, worker, i)
}
