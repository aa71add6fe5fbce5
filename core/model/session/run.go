package session

import (
	"slices"
	"strings"
	"time"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// Ready returns the first n queued tasks of a stage, by priority and then by
// id, without those that were deferred to a later time. They stay queued until
// Start.
func (b Board) Ready(tx *kv.Tx, session string, stage Stage, n int) ([]Task, error) {
	var ready []Task
	if n <= 0 {
		return nil, nil
	}
	now := b.Now()
	queued := kv.Key(nil).Str(session).Str(string(stage)).Str(string(Queued))
	for t, err := range Tasks().By(tx, "stage", queued) {
		if err != nil {
			return nil, err
		}
		if t.NotBefore.After(now) {
			continue
		}
		if ready = append(ready, t); len(ready) == n {
			break
		}
	}
	return ready, nil
}

// Start notes that queued tasks of a running session are being worked on.
// Those that wait for their beginning are queued.
func (b Board) Start(tx *kv.Tx, session string, ids ...string) error {
	o, err := b.open(tx, session, "start a task", Running)
	if err != nil {
		return err
	}
	for _, id := range ids {
		t, err := o.task(id)
		if err != nil {
			return err
		}
		if err := o.move(t, Running); err != nil {
			return err
		}
	}
	if err := o.drain(); err != nil {
		return err
	}
	return o.close()
}

// Defer gives a running task that has failed another try at a later time: it
// is queued again, its retries are counted, and nobody who depends on it hears
// of the failure. Ready leaves it out until then; the caller looks again.
func (b Board) Defer(tx *kv.Tx, session, task, reason string, until time.Time) error {
	o, err := b.open(tx, session, "defer a task", Running, Paused)
	if err != nil {
		return err
	}
	t, err := o.task(task)
	if err != nil {
		return err
	}
	if t.Status != Running {
		return &StateError{Session: session, Task: task, From: t.Status, To: Queued}
	}
	if err := o.move(t, Queued); err != nil {
		return err
	}
	t.Retries++
	t.Error, t.NotBefore = brief(reason), until
	return o.close()
}

// maxError is how much of an error is kept, in bytes: a record is read whole
// each time.
const maxError = 4000

// brief cuts a text that is too long to be kept.
func brief(s string) string {
	if len(s) <= maxError {
		return s
	}
	return strings.ToValidUTF8(s[:maxError], "") + " …"
}

// End is how a running task ended.
type End struct {
	Task    string
	Error   string // for people; "" if it went well
	Result  Result // of one that went well
	Buffers []string
}

// Complete notes that a running task has done its work, and follows what comes
// from it. ErrState if the task was cancelled meanwhile: nobody wants the
// result then.
func (b Board) Complete(tx *kv.Tx, session, task string, r Result, buffers []string) error {
	return b.End(tx, session, End{Task: task, Result: r, Buffers: buffers})
}

// Fail notes that a running task has failed, and skips its dependants through
// sequential and data dependencies, and theirs; nothing else.
func (b Board) Fail(tx *kv.Tx, session, task, reason string) error {
	if reason == "" {
		reason = "failed without saying why"
	}
	return b.End(tx, session, End{Task: task, Error: reason})
}

// End is Complete or Fail for many tasks: it costs less than one call each.
func (b Board) End(tx *kv.Tx, session string, ends ...End) error {
	o, err := b.open(tx, session, "end a task", Running, Paused)
	if err != nil {
		return err
	}
	for _, e := range ends {
		t, err := o.task(e.Task)
		if err != nil {
			return err
		}
		to := Completed
		if e.Error != "" {
			to = Failed
		}
		if err := o.move(t, to); err != nil {
			return err
		}
		t.Error = brief(e.Error)
		if to == Completed {
			t.Result, t.Buffers = e.Result, slices.Clone(e.Buffers)
			o.s.Made.add(e.Result)
		}
	}
	if err := o.drain(); err != nil {
		return err
	}
	return o.close()
}

func (r *Result) add(more Result) {
	r.Features += more.Features
	r.Vertices += more.Vertices
	r.Tiles += more.Tiles
	r.Bytes += more.Bytes
	r.Faults += more.Faults
}

// Requeue queues running tasks again, for a pause or after a crash: those of
// ids, or all if there are none. It returns how many.
func (b Board) Requeue(tx *kv.Tx, session string, ids ...string) (int, error) {
	o, err := b.open(tx, session, "queue tasks again", Pending, Running, Paused)
	if err != nil {
		return 0, err
	}
	n, err := o.requeue(ids)
	if err != nil {
		return 0, err
	}
	return n, o.close()
}

// requeue does so. What waited for the beginning of one of them need not wait
// again.
func (o *op) requeue(ids []string) (int, error) {
	if len(ids) == 0 {
		running := kv.Key(nil).Str(o.s.ID).Str(string(Running))
		for t, err := range Tasks().By(o.tx, "status", running) {
			if err != nil {
				return 0, err
			}
			if !t.Group {
				ids = append(ids, t.ID)
			}
		}
	}
	for _, id := range ids {
		t, err := o.task(id)
		if err != nil {
			return 0, err
		}
		if t.Status != Running {
			return 0, &StateError{Session: o.s.ID, Task: id, From: t.Status, To: Queued}
		}
		if err := o.move(t, Queued); err != nil {
			return 0, err
		}
	}
	return len(ids), o.drain()
}
