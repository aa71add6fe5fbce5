package fetch

import (
	"context"
	"errors"
	"io"
	"time"
)

// errIdle is why a request was given up: nothing came for too long.
var errIdle = errors.New("nothing came for too long")

// watch ends a context when nothing has happened for a while.
type watch struct {
	idle  time.Duration
	timer *time.Timer
	stop  func()
}

func newWatch(parent context.Context, idle time.Duration) (context.Context, *watch) {
	ctx, cancel := context.WithCancelCause(parent)
	w := &watch{idle: idle, timer: time.AfterFunc(idle, func() { cancel(errIdle) })}
	w.stop = func() {
		w.timer.Stop()
		cancel(nil)
	}
	return ctx, w
}

// alive tells that something happened.
func (w *watch) alive() { w.timer.Reset(w.idle) }

// watched counts the bytes of a body as they come over the wire.
type watched struct {
	io.Reader
	w *watch
	n int64
}

// Read implements io.Reader.
func (r *watched) Read(b []byte) (int, error) {
	n, err := r.Reader.Read(b)
	if n > 0 {
		r.w.alive()
		r.n += int64(n)
	}
	return n, err
}
