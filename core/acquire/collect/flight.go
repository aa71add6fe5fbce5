package collect

import (
	"context"
	"sync"

	"github.com/shapes-desktop/shapes/core/store/cache"
)

// key is what is asked for.
type key struct{ url, form string }

func keyOf(url, form string) key { return key{url, form} }

// flights lets all who want the same at the same time share one download.
type flights struct {
	mu      sync.Mutex
	running map[key]*flight
	closed  bool
}

// close ends all downloads and waits until they are over; no other begins.
func (f *flights) close() {
	f.mu.Lock()
	f.closed = true
	all := make([]*flight, 0, len(f.running))
	for _, fl := range f.running {
		all = append(all, fl)
	}
	f.mu.Unlock()
	for _, fl := range all {
		fl.cancel()
	}
	for _, fl := range all {
		<-fl.done
	}
}

// flight is a download and those who wait for it.
type flight struct {
	cancel context.CancelFunc
	done   chan struct{} // closed when rec and err are set
	rec    cache.Record
	err    error

	mu      sync.Mutex
	waiting int
	hear    map[int]func(done, total int64)
	joined  int
}

// do runs work, or waits for the one that runs for k already. Who leaves by ctx
// does not end it for the others; when the last has left, it is ended, and the
// next to come waits until it is. work has the values of the first one's
// context.
func (f *flights) do(ctx context.Context, k key, hear func(done, total int64), work func(ctx context.Context, onBytes func(done, total int64)) (cache.Record, error)) (cache.Record, error) {
	for {
		fl, mine := f.join(ctx, k, hear, work)
		if fl == nil {
			return cache.Record{}, ErrClosed
		}
		select {
		case <-fl.done:
			fl.leave(mine)
			if fl.err != nil && ctx.Err() == nil && fl.abandoned() {
				continue // we came when all others had left
			}
			return fl.rec, fl.err
		case <-ctx.Done():
			fl.leave(mine)
			return cache.Record{}, ctx.Err()
		}
	}
}

// join returns the flight for k, begun if need be, and our number in it; nil once
// all are closed.
func (f *flights) join(ctx context.Context, k key, hear func(done, total int64), work func(ctx context.Context, onBytes func(done, total int64)) (cache.Record, error)) (*flight, int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return nil, 0
	}
	fl, ok := f.running[k]
	if ok {
		return fl, fl.enter(hear)
	}
	own, cancel := context.WithCancel(context.WithoutCancel(ctx))
	fl = &flight{cancel: cancel, done: make(chan struct{}), hear: map[int]func(done, total int64){}}
	mine := fl.enter(hear)
	f.running[k] = fl
	go func() {
		defer cancel()
		fl.rec, fl.err = work(own, fl.tell)
		f.mu.Lock()
		delete(f.running, k)
		f.mu.Unlock()
		close(fl.done)
	}()
	return fl, mine
}

func (fl *flight) enter(hear func(done, total int64)) int {
	fl.mu.Lock()
	defer fl.mu.Unlock()
	fl.joined++
	if fl.waiting >= 0 {
		fl.waiting++
	}
	if hear != nil {
		fl.hear[fl.joined] = hear
	}
	return fl.joined
}

// gone is the number of those who wait once all have left: it does not rise
// again.
const gone = -1

func (fl *flight) leave(mine int) {
	fl.mu.Lock()
	defer fl.mu.Unlock()
	delete(fl.hear, mine)
	if fl.waiting == gone {
		return
	}
	fl.waiting--
	select {
	case <-fl.done:
	default:
		if fl.waiting == 0 {
			fl.waiting = gone
			fl.cancel()
		}
	}
}

// abandoned reports whether the download was ended because nobody waited.
func (fl *flight) abandoned() bool {
	fl.mu.Lock()
	defer fl.mu.Unlock()
	return fl.waiting == gone
}

// tell passes progress to all who wait, in the order in which they came.
func (fl *flight) tell(done, total int64) {
	fl.mu.Lock()
	defer fl.mu.Unlock()
	for i := 1; i <= fl.joined; i++ {
		if hear := fl.hear[i]; hear != nil {
			hear(done, total)
		}
	}
}

// gate lets one at a time through for each address: two requests may have an
// address in common, but its unfinished file has one writer.
type gate struct {
	mu   sync.Mutex
	held map[key]chan struct{}
}

// enter waits until k is free and takes it; leave gives it back.
func (g *gate) enter(ctx context.Context, k key) (leave func(), err error) {
	for {
		g.mu.Lock()
		wait, busy := g.held[k]
		if !busy {
			mine := make(chan struct{})
			g.held[k] = mine
			g.mu.Unlock()
			return func() {
				g.mu.Lock()
				delete(g.held, k)
				g.mu.Unlock()
				close(mine)
			}, nil
		}
		g.mu.Unlock()
		select {
		case <-wait:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
