package engine

import (
	"context"
	"errors"
	"fmt"

	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/pipeline/schedule"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// command begins a command that takes more than a transaction: they are done
// one at a time. Who is given no error unlocks commands.
func (e *Engine) command() error {
	e.commands.Lock()
	if e.closed {
		e.commands.Unlock()
		return ErrClosed
	}
	return nil
}

// Pause stops a session within half a second. What has ended is kept, the rest
// is done when it is resumed. ErrState if it does not run.
func (e *Engine) Pause(ctx context.Context, ref string) error {
	s, err := e.Session(ctx, ref)
	if err != nil {
		return err
	}
	if err := e.command(); err != nil {
		return err
	}
	defer e.commands.Unlock()
	return e.pause(s.ID, s.Node, "")
}

// pause is Pause for who holds commands.
func (e *Engine) pause(id, node, reason string) error {
	err := e.halt(id, func(tx *kv.Tx) error { return e.board.SetStatus(tx, id, session.Paused, reason) })
	e.publish(id, node)
	return err
}

// closedReason is why a session is paused that ran when the program was closed:
// the next start offers to go on with it.
const closedReason = "the program was closed"

// pauseAll pauses what runs: the program ends.
func (e *Engine) pauseAll(reason string) error {
	var errs []error
	for _, id := range e.runs.ids() {
		err := e.pause(id, "", reason)
		if err != nil && !errors.Is(err, session.ErrState) && !errors.Is(err, session.ErrNoSession) { // it has ended by itself
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// Resume goes on with a paused session.
func (e *Engine) Resume(ctx context.Context, ref string) error {
	s, err := e.Session(ctx, ref)
	if err != nil {
		return err
	}
	if err := e.command(); err != nil {
		return err
	}
	defer e.commands.Unlock()
	if s, err = e.Session(ctx, s.ID); err != nil {
		return err
	}
	if s.Status != session.Paused {
		return &session.StateError{Session: s.ID, From: s.Status, To: session.Running}
	}
	if _, _, err := e.runnable(ctx, s.Node); err != nil {
		return fmt.Errorf("resume: %w", err)
	}
	if err := e.noteSession(s.Node, s.ID); err != nil {
		return err
	}
	return e.launch(s.ID, s.Node)
}

// Cancel cancels a subtree of a session's tasks, or with task "" the whole
// session: its tiles are not made, those that were there stay.
func (e *Engine) Cancel(ctx context.Context, ref, task string) error {
	s, err := e.Session(ctx, ref)
	if err != nil {
		return err
	}
	if err := e.command(); err != nil {
		return err
	}
	defer e.commands.Unlock()
	return e.cancel(ctx, s.ID, s.Node, task)
}

// cancel is Cancel for who holds commands. Once tiles are being put in place it
// is too late.
func (e *Engine) cancel(ctx context.Context, id, node, task string) error {
	defer e.publish(id, node)
	record := func(tx *kv.Tx) error { return e.board.Cancel(tx, id, task) }
	if task != "" {
		return e.unlessPlacing(ctx, id, func(*running) error {
			if err := e.eph(record); err != nil {
				return err
			}
			e.runs.interrupt(id, task)
			e.runs.wake(id) // heard when the other has had its effect
			return nil
		})
	}
	err := e.unlessPlacing(ctx, id, func(run *running) error {
		if run != nil {
			run.cancel(halt{record})
		}
		return nil
	})
	if err == nil {
		err = e.halt(id, record)
	}
	if err != nil {
		return err
	}
	return e.ended(ctx, id)
}

// Retry gives another chance to what has failed, was cancelled or skipped in a
// subtree of tasks, or with task "" in the whole session, which goes on if it
// had ended. A paused one stays so.
func (e *Engine) Retry(ctx context.Context, ref, task string) error {
	s, err := e.Session(ctx, ref)
	if err != nil {
		return err
	}
	if err := e.command(); err != nil {
		return err
	}
	defer e.commands.Unlock()
	if _, _, err := e.runnable(ctx, s.Node); err != nil {
		return fmt.Errorf("retry: %w", err)
	}
	now, enough, err := e.again(s.ID, task)
	if err != nil {
		return err
	}
	defer e.publish(s.ID, s.Node)
	if enough && now == session.Running {
		e.runs.wake(s.ID) // it was running when the tasks were queued: it sees them
		return nil
	}
	if !enough {
		if err := e.beginAnew(s.ID); err != nil {
			return err
		}
	}
	if now == session.Paused {
		return nil
	}
	if err := e.runs.wait(ctx, s.ID); err != nil { // it may have ended just now
		return err
	}
	if err := e.noteSession(s.Node, s.ID); err != nil {
		return err
	}
	return e.launch(s.ID, s.Node)
}

// again queues what is to be tried again, and returns the state of the session
// then, and whether that is enough.
func (e *Engine) again(id, task string) (now session.Status, enough bool, err error) {
	err = e.eph(func(tx *kv.Tx) error {
		n, err := e.board.Retry(tx, id, task)
		if err != nil {
			return err
		}
		if n == 0 {
			return fmt.Errorf("retry: nothing has failed there: %w", ErrState)
		}
		ses, err := e.board.Get(tx, id)
		if err != nil {
			return err
		}
		now = ses.Status
		enough, err = schedule.Again(tx, e.board, ses)
		return err
	})
	return now, enough, err
}

// beginAnew stops a session, if it is under way, and plans it from the start.
func (e *Engine) beginAnew(id string) error {
	if err := e.halt(id, func(*kv.Tx) error { return nil }); err != nil {
		return err
	}
	return e.startOver(id)
}

// Wait waits until a session does not run any more, or ctx is done.
func (e *Engine) Wait(ctx context.Context, ref string) (Session, error) {
	s, err := e.Session(ctx, ref)
	if err != nil {
		return s, err
	}
	if err := e.runs.wait(ctx, s.ID); err != nil {
		return s, err
	}
	last, err := e.Session(ctx, s.ID)
	if errors.Is(err, ErrNoSession) { // it has ended well, and gone
		return e.view(e.gone(s.Session)), nil
	}
	return last, err
}
