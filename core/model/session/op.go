package session

import (
	"maps"
	"slices"
	"time"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// op is one call of the board: the session and the tasks it touches are read
// once, changed in memory, and written once at the end. Dependencies are
// written as they change.
type op struct {
	Board
	tx    *kv.Tx
	now   time.Time
	s     Session
	table *kv.Table[Task]
	deps  *kv.Table[Dependency]
	tasks map[string]*Task
	dirty map[string]bool
	// Tasks whose dependants must be looked at: those that were ended and are
	// not any more, and those that began or ended.
	reopened, settled []string
	// retrying has those reopened, too, that had begun and are back at their
	// beginning: groups, in a retry, whose tasks come one after the other.
	retrying bool
}

// open begins a call. It fails unless the session is in one of the states.
func (b Board) open(tx *kv.Tx, session, doing string, states ...Status) (*op, error) {
	s, err := b.Get(tx, session)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(states, s.Status) {
		return nil, &StateError{Session: session, From: s.Status, Doing: doing}
	}
	return b.resume(tx, s), nil
}

// resume begins a call with a session that has been read.
func (b Board) resume(tx *kv.Tx, s Session) *op {
	return &op{
		Board: b, tx: tx, now: b.Now(), s: s, table: Tasks(), deps: Dependencies(),
		tasks: map[string]*Task{}, dirty: map[string]bool{},
	}
}

// close writes what has changed.
func (o *op) close() error {
	for _, id := range slices.Sorted(maps.Keys(o.dirty)) {
		if err := o.table.Put(o.tx, o.tasks[id]); err != nil {
			return err
		}
	}
	clear(o.dirty)
	return o.saveSession()
}

func (o *op) saveSession() error {
	o.s.tick(o.now)
	o.s.advance()
	o.s.Updated = o.now
	return Sessions().Put(o.tx, &o.s)
}

// task returns the task for reading and changing; change must be told with
// touch.
func (o *op) task(id string) (*Task, error) {
	there, err := o.known(id)
	if err != nil {
		return nil, err
	}
	if !there {
		return nil, noTask(o.s.ID, id)
	}
	return o.tasks[id], nil
}

// known reads a task and reports whether it is there.
func (o *op) known(id string) (bool, error) {
	if o.tasks[id] != nil {
		return true, nil
	}
	t, ok, err := o.table.Get(o.tx, TaskKey(o.s.ID, id))
	if ok && err == nil {
		o.tasks[id] = &t
	}
	return ok, err
}

func (o *op) touch(t *Task) {
	t.Updated = o.now
	o.dirty[t.ID] = true
}

// move gives a task that is not a group a new state, and passes the change on
// to the session's counts and to the groups above.
func (o *op) move(t *Task, to Status) error {
	if t.Group || !CanTaskGo(t.Status, to) {
		return &StateError{Session: o.s.ID, Task: t.ID, From: t.Status, To: to}
	}
	from, done := t.Status, t.DoneWeight
	o.enter(t, to)
	t.DoneWeight = 0
	if to.Ended() {
		t.DoneWeight = t.Weight
	}
	if from.Ended() {
		t.Error, t.Result, t.Buffers = "", Result{}, nil
	}
	if to != Pending {
		t.Waiting = 0
	}
	if to == Running {
		t.Error = "" // of the try before
	}
	o.s.count(from, -1)
	o.s.count(to, 1)
	o.s.Work[t.Stage.order()].Done += t.DoneWeight - done
	return o.rise(t.Parent, from, to, 0, t.DoneWeight-done)
}

// enter sets a task's state and times and remembers that its dependants must
// hear of it.
func (o *op) enter(t *Task, to Status) {
	from := t.Status
	t.Status = to
	o.touch(t)
	switch {
	case to == Running && from != Running:
		t.Started, t.Ended, t.NotBefore = o.now, time.Time{}, time.Time{}
	case to.Ended():
		t.Ended = o.now
	default:
		t.Started, t.Ended = time.Time{}, time.Time{}
	}
	switch {
	case from.Ended() && !to.Ended(), o.retrying && from == Running && to == Pending:
		o.reopened = append(o.reopened, t.ID)
	case to.Ended() || to == Running:
		o.settled = append(o.settled, t.ID)
	}
}

// rise passes a child's change on to the groups above it. from is "" for a
// new child.
func (o *op) rise(parent string, from, to Status, weight, done float64) error {
	for parent != "" {
		p, err := o.task(parent)
		if err != nil {
			return err
		}
		if from == "" {
			p.Children++
		}
		p.count(from, -1)
		p.count(to, 1)
		p.Weight += weight
		p.DoneWeight += done
		o.touch(p)
		if from, to = p.Status, p.derived(); from != to {
			o.enter(p, to)
		}
		parent = p.Parent
	}
	return nil
}

// count notes by how many the session's tasks in one state change.
func (s *Session) count(st Status, by int) {
	switch st {
	case Completed:
		s.Completed += by
	case Failed:
		s.Failed += by
	case Cancelled, Skipped:
		s.Stopped += by
	}
}
