package engine

import (
	"context"
	"errors"
	"time"

	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// place begins to put a session's tiles in place, unless that was cancelled
// before. From then on the session cannot be cancelled any more: it must not be
// called so with its new tiles there.
func (r *running) place(ctx context.Context) error {
	r.gate.Lock()
	defer r.gate.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	r.placing = true
	return nil
}

// unplaced notes that tiles were not put in place after all.
func (r *running) unplaced() {
	r.gate.Lock()
	defer r.gate.Unlock()
	r.placing = false
}

// unlessPlacing runs stop, with the session's runner if it has one, while no
// tiles can be put in place. If they are being put there, or are there already,
// it waits for the session's end and returns why it cannot be cancelled.
func (e *Engine) unlessPlacing(ctx context.Context, id string, stop func(*running) error) error {
	run := e.runs.get(id)
	if run == nil {
		return stop(nil)
	}
	run.gate.Lock()
	if !run.placing {
		defer run.gate.Unlock()
		return stop(run)
	}
	run.gate.Unlock()
	if err := e.tooLate(ctx, id); err != nil {
		return err
	}
	return stop(run)
}

// placingTakes bounds how long a cancel waits for tiles that are being put in
// place: a rename, and the record of it.
const placingTakes = 10 * time.Second

// tooLate waits for the end of a session whose tiles are being put in place, and
// returns why it cannot be cancelled; nil if it did not end.
func (e *Engine) tooLate(ctx context.Context, id string) error {
	ctx, cancel := context.WithTimeout(ctx, placingTakes)
	defer cancel()
	if err := e.runs.wait(ctx, id); err != nil {
		return nil // it goes on, with something that is tried again: that can be cancelled
	}
	s := session.Session{Status: session.Completed}
	err := e.ephView(func(tx *kv.Tx) (err error) {
		s, err = e.board.Get(tx, id)
		return err
	})
	if errors.Is(err, session.ErrNoSession) { // it went well, and is gone
		s.Status = session.Completed
	} else if err != nil {
		return err
	}
	if s.Status.Active() {
		return nil
	}
	return &session.StateError{Session: id, From: s.Status, To: session.Cancelled}
}
