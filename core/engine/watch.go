package engine

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// watchers hear of sessions, one call at a time, from one goroutine.
type watchers struct {
	mu   sync.Mutex
	next int
	fns  map[int]func(Session)
	due  map[string]string // nodes of sessions that have moved on
	wake chan struct{}
}

func (w *watchers) init() {
	w.fns, w.due, w.wake = map[int]func(Session){}, map[string]string{}, make(chan struct{}, 1)
}

// Watch calls fn whenever a session has moved on, at most ten times a second
// for each, one call after the other from a goroutine of the engine, until stop
// is called; a call that has begun by then may still be under way. fn must not
// close the engine.
func (e *Engine) Watch(fn func(Session)) (stop func()) {
	w := &e.watched
	w.mu.Lock()
	defer w.mu.Unlock()
	n := w.next
	w.next++
	w.fns[n] = fn
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.fns, n)
	}
}

// publish has the watchers told how a session stands.
func (e *Engine) publish(id, node string) {
	w := &e.watched
	w.mu.Lock()
	w.due[id] = node
	w.mu.Unlock()
	select {
	case w.wake <- struct{}{}:
	default: // it is awake
	}
}

// tellEvery is the time between two calls about one session.
const tellEvery = 100 * time.Millisecond

// tell calls the watchers until ctx is done, and then once more of what they
// have not heard yet.
func (e *Engine) tell(ctx context.Context) {
	last := map[string]time.Time{}
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			e.tellAll(e.watched.take(nil, time.Time{}))
			return
		case <-e.watched.wake:
		case <-timer.C:
		}
		now := time.Now()
		maps.DeleteFunc(last, func(_ string, t time.Time) bool { return now.Sub(t) >= tellEvery })
		e.tellAll(e.watched.take(last, now))
		if len(last) > 0 {
			timer.Reset(tellEvery)
		}
	}
}

// take returns the sessions that may be told of now, with their nodes, and
// notes the time in last. Those that are in it wait.
func (w *watchers) take(last map[string]time.Time, now time.Time) []session.Session {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []session.Session
	for _, id := range slices.Sorted(maps.Keys(w.due)) {
		if _, recent := last[id]; recent {
			continue
		}
		out = append(out, session.Session{ID: id, Node: w.due[id]})
		delete(w.due, id)
		if last != nil {
			last[id] = now
		}
	}
	return out
}

func (w *watchers) all() []func(Session) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []func(Session)
	for _, n := range slices.Sorted(maps.Keys(w.fns)) {
		out = append(out, w.fns[n])
	}
	return out
}

// tellAll tells all watchers how sessions stand.
func (e *Engine) tellAll(sessions []session.Session) {
	for _, s := range sessions {
		fns := e.watched.all()
		if len(fns) == 0 {
			continue
		}
		err := e.ephView(func(tx *kv.Tx) error {
			found, err := e.board.Get(tx, s.ID)
			if err == nil {
				s = found
			}
			return err
		})
		switch {
		case errors.Is(err, session.ErrNoSession): // it has ended well, and gone
			s = e.gone(s)
		case err != nil:
			e.log.Warn("tell how a session stands", "session", s.ID, "error", err)
			continue
		}
		v := e.view(s)
		for _, fn := range fns {
			fn(v)
		}
	}
}
