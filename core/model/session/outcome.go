package session

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// Outcome says whether all tasks of a session have ended and what the session
// comes to, with the reason for people ("" if all went well):
//
//	tiles were made                      completed
//	none, and a task failed              failed
//	none, and a task was cancelled       cancelled
//	none                                 failed
//
// A running session in which no task can ever run any more is failed, too. One
// that has ended says its state. While done is false, the status is the
// session's own.
func (b Board) Outcome(tx *kv.Tx, session string) (st Status, reason string, done bool, err error) {
	s, err := b.Get(tx, session)
	if err != nil {
		return "", "", false, err
	}
	open := s.Total - s.Completed - s.Failed - s.Stopped
	switch {
	case !s.Status.Active():
		return s.Status, s.Reason, true, nil
	case s.Total == 0:
		return s.Status, "", false, nil
	case open > 0:
		return b.stalled(tx, &s, open)
	case s.Made.Tiles > 0:
		return Completed, s.losses(), true, nil
	}
	failed, err := b.first(tx, session, Failed)
	if err != nil {
		return "", "", false, err
	}
	cancelled, err := b.first(tx, session, Cancelled)
	switch {
	case err != nil:
		return "", "", false, err
	case failed != nil:
		return Failed, fmt.Sprintf("no tiles were made: %s; first: %s: %s", s.losses(), cmp.Or(failed.Name, failed.ID), failed.Error), true, nil
	case cancelled != nil:
		return Cancelled, "no tiles were made: " + s.losses(), true, nil
	case s.Stopped > 0:
		return Failed, "no tiles were made: " + s.losses(), true, nil
	}
	return Failed, "no tiles were made, although all tasks went well: the input has nothing to show at these zooms", true, nil
}

// losses says in plain words what did not go well; "" if all did.
func (s *Session) losses() string {
	var parts []string
	if s.Failed > 0 {
		parts = append(parts, fmt.Sprintf("%d of %d tasks failed", s.Failed, s.Total))
	}
	if s.Stopped > 0 {
		parts = append(parts, fmt.Sprintf("%d of %d were cancelled or skipped", s.Stopped, s.Total))
	}
	return strings.Join(parts, ", ")
}

// stalled reports as failed a running session whose tasks all wait for
// something that will not come, such as the end of a group without children.
func (b Board) stalled(tx *kv.Tx, s *Session, open int) (Status, string, bool, error) {
	if s.Status != Running {
		return s.Status, "", false, nil
	}
	for _, st := range []Status{Running, Queued} {
		t, err := b.first(tx, s.ID, st)
		if err != nil || t != nil {
			return s.Status, "", false, err
		}
	}
	t, err := b.first(tx, s.ID, Pending)
	if err != nil || t == nil {
		return s.Status, "", false, err
	}
	return Failed, fmt.Sprintf("%d tasks wait for what will not come; first: %s", open, cmp.Or(t.Name, t.ID)), true, nil
}

// first returns the first task in the state that is not a group, nil if there
// is none.
func (b Board) first(tx *kv.Tx, session string, st Status) (*Task, error) {
	for t, err := range Tasks().By(tx, "status", kv.Key(nil).Str(session).Str(string(st))) {
		if err != nil {
			return nil, err
		}
		if !t.Group {
			return &t, nil
		}
	}
	return nil, nil
}
