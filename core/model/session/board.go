package session

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// Board is the sessions of the ephemeral database as a scheduler sees them:
// which tasks may run now, and what follows from the end of one. It keeps
// nothing in memory between two calls and never reads all the tasks of a
// session.
//
// Each method that changes something takes a writable transaction; after an
// error the transaction must be given up. A change costs as much as there are
// groups above the task and dependants of it.
type Board struct {
	// Now tells the time.
	Now func() time.Time
	// Has reports whether a buffer that a Data dependency requires is there;
	// nil: it is if the source named it among its buffers.
	Has func(session, buffer string) (bool, error)
}

// Get returns a session; ErrNoSession if there is none of that id.
func (b Board) Get(tx *kv.Tx, id string) (Session, error) {
	s, ok, err := Sessions().Get(tx, kv.Key(nil).Str(id))
	if err == nil && !ok {
		err = noSession(id)
	}
	return s, err
}

// Task returns a task; ErrNoTask if the session has none of that id.
func (b Board) Task(tx *kv.Tx, session, id string) (Task, error) {
	t, ok, err := Tasks().Get(tx, TaskKey(session, id))
	if err == nil && !ok {
		err = noTask(session, id)
	}
	return t, err
}

// Active returns the session of a node that is pending, running or paused, and
// whether there is one.
func (b Board) Active(tx *kv.Tx, node string) (Session, bool, error) {
	for s, err := range Sessions().By(tx, "node", kv.Key(nil).Str(node)) {
		if err != nil {
			return Session{}, false, err
		}
		if s.Status.Active() {
			return s, true, nil
		}
	}
	return Session{}, false, nil
}

func (b Board) free(tx *kv.Tx, node string) error {
	other, ok, err := b.Active(tx, node)
	if err != nil || !ok {
		return err
	}
	return &ProcessingError{Node: node, Session: other.ID, Status: other.Status}
}

// Create stores a new session, as pending and without tasks, and fills in its
// times and counts. ErrProcessing if its node has an active session.
func (b Board) Create(tx *kv.Tx, s *Session) error {
	if s.ID == "" || s.Node == "" {
		return fmt.Errorf("create a session: it needs an id and a node, has %q and %q", s.ID, s.Node)
	}
	if _, ok, err := Sessions().Get(tx, kv.Key(nil).Str(s.ID)); err != nil {
		return err
	} else if ok {
		return fmt.Errorf("create session %s: there is one of that id", s.ID)
	}
	if err := b.free(tx, s.Node); err != nil {
		return err
	}
	now := b.Now()
	s.Status, s.Created, s.Updated, s.Accessed = Pending, now, now, now
	s.Total, s.Completed, s.Failed, s.Stopped = 0, 0, 0, 0
	s.Progress, s.Work, s.Made = Progress{}, [4]Work{}, Result{}
	return Sessions().Put(tx, s)
}

// SetStatus gives a session a new state; the reason is for people. ErrState if
// the table does not allow it, ErrProcessing if an ended session is to become
// active beside another one of its node.
func (b Board) SetStatus(tx *kv.Tx, id string, to Status, reason string) error {
	s, err := b.Get(tx, id)
	if err != nil {
		return err
	}
	o := b.resume(tx, s)
	if err := o.become(to, reason); err != nil {
		return err
	}
	return o.saveSession()
}

// become changes the session's state.
func (o *op) become(to Status, reason string) error {
	s := &o.s
	if !CanGo(s.Status, to) {
		return &StateError{Session: s.ID, From: s.Status, To: to}
	}
	if !s.Status.Active() && to.Active() {
		if err := o.free(o.tx, s.Node); err != nil {
			return err
		}
	}
	s.tick(o.now) // while it is still known whether it ran
	s.Status, s.Reason, s.Accessed = to, reason, o.now
	switch {
	case to == Running:
		s.Interrupted = false
		if s.Started.IsZero() {
			s.Started = o.now
		}
	case to.Ended():
		s.Ended = o.now
	case to == Pending:
		s.Ended = time.Time{}
	}
	return nil
}

// Expect says how much weight the tasks of a stage are going to have together,
// so that progress is right before all of them are known.
func (b Board) Expect(tx *kv.Tx, id string, stage Stage, weight float64) error {
	o, err := b.open(tx, id, "plan", Pending, Running, Paused)
	if err != nil {
		return err
	}
	if stage.order() < 0 || !(weight >= 0 && weight <= maxTotal) {
		return fmt.Errorf("expect %g of stage %q in session %s: no such stage, or no such weight", weight, stage, id)
	}
	o.s.Work[stage.order()].Expected = weight
	return o.saveSession()
}

// Interrupted makes every session that was pending or running when the program
// ended a paused one, marked as interrupted, and queues again what was
// running. It returns all that are marked so, oldest first.
func (b Board) Interrupted(tx *kv.Tx) ([]Session, error) {
	var found []Session
	for _, st := range []Status{Pending, Running, Paused} {
		for s, err := range Sessions().By(tx, "status", kv.Key(nil).Str(string(st))) {
			if err != nil {
				return nil, err
			}
			found = append(found, s)
		}
	}
	var cut []Session
	for _, s := range found {
		s.Ticked = time.Time{} // the time the program was away was no work
		o := b.resume(tx, s)
		if _, err := o.requeue(nil); err != nil {
			return nil, err
		}
		if s.Status != Paused {
			if err := o.become(Paused, "the program ended while it ran"); err != nil {
				return nil, err
			}
			o.s.Interrupted = true
		}
		if err := o.close(); err != nil {
			return nil, err
		}
		if o.s.Interrupted {
			cut = append(cut, o.s)
		}
	}
	slices.SortFunc(cut, func(a, b Session) int {
		return cmp.Or(a.Created.Compare(b.Created), strings.Compare(a.ID, b.ID))
	})
	return cut, nil
}
