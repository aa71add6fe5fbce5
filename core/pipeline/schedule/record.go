package schedule

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/pipeline/work"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// load reads the session. What another run has left as running, because it
// could not write any more, is queued again.
func (w *run) load() error {
	return w.DB.Update(func(tx *kv.Tx) error {
		if _, err := w.Board.Requeue(tx, w.Session); err != nil {
			return err
		}
		s, err := w.Board.Get(tx, w.Session)
		if err != nil {
			return err
		}
		w.session, w.started, w.id = s, s, ids{s.Node}
		p := s.Progress
		w.shown = [4]float64{p.Download, p.Simplify1, p.Simplify2, p.VectorTile}
		queued := kv.Key(nil).Str(w.Session).Str(string(session.Download)).Str(string(session.Queued))
		for t, err := range session.Tasks().By(tx, "stage", queued) {
			if err != nil {
				return err
			}
			if t.NotBefore.After(w.Now()) {
				w.later = append(w.later, t.NotBefore)
			}
		}
		return nil
	})
}

// record keeps what ended tasks have made, then writes their ends, then picks
// tasks to begin: in one transaction, after which they count as running. It
// reports whether the session has ended.
func (w *run) record(ctx context.Context) (done bool, err error) {
	if err := w.keep(w.ends); err != nil {
		return false, err
	}
	w.last = w.Now()
	var begin []session.Task
	err = w.DB.Update(func(tx *kv.Tx) error {
		for _, d := range w.ends {
			if err := w.ended(ctx, tx, d); err != nil {
				return err
			}
		}
		if begin, err = w.begin(tx); err != nil {
			return err
		}
		if len(begin)+len(w.queue) == 0 && w.crew.Running() == 0 && len(w.later) == 0 {
			if done, err = w.over(tx); err != nil {
				return err
			}
		}
		return w.count(tx)
	})
	if err != nil {
		return false, err
	}
	w.ends = nil
	w.queue = append(w.queue, begin...)
	return done, nil
}

// begin picks tasks that may run and notes that they do.
func (w *run) begin(tx *kv.Tx) (begin []session.Task, err error) {
	now := w.Now()
	w.later = slices.DeleteFunc(w.later, func(t time.Time) bool { return !now.Before(t) })
	for _, s := range session.Stages() {
		ready, err := w.Board.Ready(tx, w.Session, s, w.room(s))
		if err != nil || len(ready) == 0 {
			if err != nil {
				return nil, err
			}
			continue
		}
		var ids []string
		for _, t := range ready {
			ids = append(ids, t.ID)
		}
		if err := w.Board.Start(tx, w.Session, ids...); err != nil {
			return nil, err
		}
		begin = append(begin, ready...)
	}
	return begin, nil
}

// begunAhead is how many tasks of a stage wait for a hand at most.
const begunAhead = 8

// room is how many more tasks of a stage may be begun.
func (w *run) room(s session.Stage) int {
	waiting := 0
	for _, t := range w.queue {
		if t.Stage == s {
			waiting++
		}
	}
	return begunAhead - waiting
}

// keep writes what tasks have made into the scratch.
func (w *run) keep(ended ends) error {
	var all Kept
	for _, d := range ended {
		if d.Err != nil {
			continue
		}
		all.Buffers = append(all.Buffers, d.Value.kept.Buffers...)
		all.Indices = append(all.Indices, d.Value.kept.Indices...)
		all.Features = append(all.Features, d.Value.kept.Features...)
		all.Tiles = append(all.Tiles, d.Value.kept.Tiles...)
	}
	if len(all.Buffers)+len(all.Indices)+len(all.Features)+len(all.Tiles) == 0 {
		return nil
	}
	return w.Scratch.Keep(all)
}

// ended records the end of a task.
func (w *run) ended(ctx context.Context, tx *kv.Tx, d work.Done[outcome]) error {
	if d.Err == nil {
		return w.complete(tx, d)
	}
	u := w.under[d.Task]
	delete(w.under, d.Task)
	t, ok, err := session.Tasks().Get(tx, session.TaskKey(w.Session, d.Task))
	if err != nil || !ok || t.Status != session.Running {
		return err // cancelled meanwhile
	}
	if errors.Is(d.Err, ErrLost) || w.Stops(d.Err) {
		return d.Err
	}
	if ctx.Err() != nil {
		return nil // given back to the queue in the end
	}
	if w.Failed != nil {
		w.Failed(d.Task, d.Err)
	}
	if pause, again := w.Retry(d.Err, u.task.Retries); again && u.task.Retries < u.task.MaxRetries {
		until := w.Now().Add(pause)
		w.later = append(w.later, until)
		return w.Board.Defer(tx, w.Session, d.Task, d.Err.Error(), until)
	}
	return w.Board.Fail(tx, w.Session, d.Task, d.Err.Error())
}

// complete records that a task has ended well.
func (w *run) complete(tx *kv.Tx, d work.Done[outcome]) error {
	delete(w.under, d.Task)
	t, ok, err := session.Tasks().Get(tx, session.TaskKey(w.Session, d.Task))
	if err != nil || !ok || t.Status != session.Running {
		return err // cancelled meanwhile: what it made is not wanted
	}
	o := d.Value
	if len(o.tasks) > 0 { // before it ends, so that its parent is not taken to have ended
		deps, err := w.wanted(tx, o)
		if err != nil {
			return err
		}
		if err := w.add(tx, o.tasks, deps); err != nil {
			return err
		}
	}
	var buffers []string
	for _, b := range o.kept.Buffers {
		buffers = append(buffers, b.ID)
	}
	if err := w.Board.Complete(tx, w.Session, d.Task, o.result, buffers); err != nil {
		return err
	}
	return w.change(tx, func(s *session.Session) { o.tell(s, t.Stage) })
}

// tell adds to a session's record what a task came to.
func (o *outcome) tell(s *session.Session, stage session.Stage) {
	if s.Stages == nil {
		s.Stages = map[session.Stage]time.Duration{}
	}
	s.Stages[stage] += o.took
	if s.Faults == nil && len(o.faults) > 0 {
		s.Faults = map[string]int{}
	}
	for _, code := range slices.Sorted(maps.Keys(o.faults)) {
		s.Faults[code] += o.faults[code]
	}
	s.Samples = append(s.Samples, o.sample...)
	s.Samples = s.Samples[:min(len(s.Samples), maxSamples)]
	if o.change != nil {
		o.change(s)
	}
}

// wanted returns the dependencies of what a task adds, without those of older
// tasks that wait for nothing any more, since they were cancelled: Again adds
// them if they get another chance.
func (w *run) wanted(tx *kv.Tx, o outcome) ([]session.Dependency, error) {
	fresh := map[string]bool{}
	for i := range o.tasks {
		fresh[o.tasks[i].ID] = true
	}
	out := make([]session.Dependency, 0, len(o.deps))
	for _, d := range o.deps {
		if !fresh[d.Target] {
			t, ok, err := session.Tasks().Get(tx, session.TaskKey(w.Session, d.Target))
			if err != nil {
				return nil, err
			}
			if ok && t.Status.Ended() {
				continue
			}
		}
		out = append(out, d)
	}
	return out, nil
}

// addAtOnce is how many tasks are handed to the board in one call.
const addAtOnce = session.MaxBatch / 2

// add adds tasks, then their dependencies, a part at a time.
func (w *run) add(tx *kv.Tx, tasks []session.Task, deps []session.Dependency) error {
	if len(tasks)+len(deps) <= session.MaxBatch {
		return w.Board.Add(tx, w.Session, tasks, deps)
	}
	for part := range slices.Chunk(tasks, addAtOnce) {
		if err := w.Board.Add(tx, w.Session, part, nil); err != nil {
			return err
		}
	}
	for part := range slices.Chunk(deps, addAtOnce) {
		if err := w.Board.Add(tx, w.Session, nil, part); err != nil {
			return err
		}
	}
	return nil
}

// maxSamples bounds the faults that a session spells out.
const maxSamples = 100

// change writes fields of the session's record.
func (w *run) change(tx *kv.Tx, fn func(*session.Session)) error {
	s, ok, err := session.Sessions().Get(tx, kv.Key(nil).Str(w.Session))
	if err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("session %s: %w", w.Session, session.ErrNoSession)
	}
	fn(&s)
	return session.Sessions().Put(tx, &s)
}

// count writes the time of work and the progress that was told, so that it
// does not go back after a pause, and takes the session as it stands.
func (w *run) count(tx *kv.Tx) error {
	now, cpu := w.Now(), w.started.CPU+w.CPU()-w.cpu
	return w.change(tx, func(s *session.Session) {
		s.CPU, s.Accessed = cpu, now
		p := &s.Progress
		for i, v := range [4]*float64{&p.Download, &p.Simplify1, &p.Simplify2, &p.VectorTile} {
			*v = max(*v, w.shown[i])
		}
		w.session = *s
	})
}
