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

// outcome is what a task made.
type outcome struct {
	result session.Result
	kept   Kept
	tasks  []session.Task // to be added
	deps   []session.Dependency
	faults map[string]int
	sample []string
	change func(*session.Session)
	took   time.Duration
}

// run is a Runner at work.
type run struct {
	*Runner
	id      ids
	session session.Session // as it was last recorded
	started session.Session // as it was when the run began
	crew    *work.Crew[outcome]
	under   map[string]*underway // tasks that run, by id
	state   *state
	queue   []session.Task // begun, and waiting for a hand
	last    time.Time      // when ends were last recorded
	told    time.Time
	began   time.Time
	cpu     time.Duration
	later   []time.Time // when failed tasks are tried again
	stopped <-chan string

	unrecorded []work.Done[outcome] // of a run that was stopped
}

// underway is a task that runs.
type underway struct {
	task   session.Task
	cancel context.CancelFunc
	began  time.Time
	done   meter
}

// patience is how long a stop waits for tasks that are slow to hear of it.
const patience = 400 * time.Millisecond

// Run carries out the session until it has ended, which is recorded, or ctx is
// done: then running tasks are given back to the queue, and the session's
// status is the caller's to record. The error is that of the machine (a full
// disk, a lost scratch); failures of tasks are in their records.
//
// stopped tells of tasks that were cancelled on the board meanwhile: of those
// that run the work is ended.
func (r *Runner) Run(ctx context.Context, hands int, sizes map[session.Stage]int, stopped <-chan string) error {
	pools := map[string]int{}
	for s, n := range sizes {
		pools[string(s)] = n
	}
	w := &run{
		Runner: r, crew: work.NewCrew[outcome](hands, pools), under: map[string]*underway{},
		began: r.Now(), cpu: r.CPU(), stopped: stopped,
	}
	if err := w.load(); err != nil {
		return err
	}
	w.started = w.session
	cpu := w.session.CPU
	w.state = newState(w, hands)
	work, stop := context.WithCancel(ctx)
	defer stop()
	err := w.loop(work, cpu)
	if err == nil {
		return nil // all has ended
	}
	stop()
	if left := w.drain(); left != nil && ctx.Err() != nil {
		err = left // the pause itself went wrong
	}
	return err
}

// recordEvery is how long ends of tasks may wait to be recorded together while
// there is other work: a transaction for each would cost more than some tasks.
const recordEvery = 250 * time.Millisecond

// loop starts what is ready, waits, and records what has ended.
func (w *run) loop(ctx context.Context, cpu time.Duration) error {
	var ended []work.Done[outcome]
	for {
		if len(w.queue) == 0 || w.Now().Sub(w.last) >= recordEvery {
			done, err := w.record(ctx, ended, cpu)
			if err != nil {
				return err
			}
			ended = nil
			if done {
				w.report(true)
				return nil
			}
		}
		w.startQueued(ctx)
		w.report(false)
		more, err := w.wait(ctx)
		if ended = append(ended, more...); err != nil {
			w.unrecorded = ended
			return err
		}
	}
}

// startQueued gives the tasks that were begun to the hands that are free.
func (w *run) startQueued(ctx context.Context) {
	var rest []session.Task
	for _, t := range w.queue {
		if w.crew.Free(string(t.Stage)) > 0 {
			w.start(ctx, t)
		} else {
			rest = append(rest, t)
		}
	}
	w.queue = rest
}

// tick is how often progress of long tasks is told.
const tick = 100 * time.Millisecond

// wait returns the tasks that have ended, after the first of them, a tick, or
// news. The error is ctx's.
func (w *run) wait(ctx context.Context) (ended []work.Done[outcome], err error) {
	timer := time.NewTimer(tick)
	defer timer.Stop()
	for len(ended) == 0 {
		select {
		case d := <-w.crew.Done():
			ended = append(ended, w.back(d))
		case id := <-w.stopped:
			w.interrupt(id)
			return nil, nil
		case <-timer.C:
			w.report(false)
			if len(w.later) > 0 || w.crew.Running() == 0 {
				return nil, nil
			}
			timer.Reset(tick)
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
	for {
		select {
		case d := <-w.crew.Done():
			ended = append(ended, w.back(d))
		default:
			return ended, nil
		}
	}
}

func (w *run) back(d work.Done[outcome]) work.Done[outcome] {
	w.crew.Back(d)
	return d
}

// interrupt ends the work of a task, or of all below it.
func (w *run) interrupt(id string) {
	for _, u := range w.under {
		if w.below(u.task, id) {
			u.cancel()
		}
	}
	w.queue = slices.DeleteFunc(w.queue, func(t session.Task) bool { return w.below(t, id) })
}

// below reports whether t is the task of that id, or stands below it.
func (w *run) below(t session.Task, id string) bool {
	if t.ID == id {
		return true
	}
	found := false
	err := w.DB.View(func(tx *kv.Tx) error {
		for range maxDepth {
			if t.Parent == "" || t.Parent == id {
				found = t.Parent == id
				return nil
			}
			var ok bool
			var err error
			if t, ok, err = session.Tasks().Get(tx, session.TaskKey(w.Session, t.Parent)); err != nil || !ok {
				return err
			}
		}
		return nil
	})
	return err == nil && found
}

// maxDepth bounds the tree of tasks.
const maxDepth = 16

// drain ends all work under way and gives its tasks back to the queue. What
// has ended well meanwhile is recorded: it need not be done again.
func (w *run) drain() error {
	for _, u := range w.under {
		u.cancel()
	}
	ended := w.unrecorded
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	for w.crew.Running() > 0 {
		select {
		case d := <-w.crew.Done():
			if w.back(d); d.Err == nil {
				ended = append(ended, d)
			}
			continue
		case <-deadline.C: // it ends by itself, and nobody waits for what it makes
		}
		break
	}
	if err := w.keep(ended); err != nil {
		return err
	}
	return w.DB.Update(func(tx *kv.Tx) error {
		for _, d := range ended {
			if err := w.complete(tx, d); err != nil {
				return err
			}
		}
		if _, err := w.Board.Requeue(tx, w.Session); err != nil {
			return err
		}
		return w.count(tx, 0)
	})
}

// record keeps what ended tasks have made, then writes their ends, then picks
// tasks to begin: in one transaction, after which they count as running. It
// reports whether the session has ended.
func (w *run) record(ctx context.Context, ended []work.Done[outcome], cpu time.Duration) (done bool, err error) {
	if err := w.keep(ended); err != nil {
		return false, err
	}
	w.last = w.Now()
	var begin []session.Task
	err = w.DB.Update(func(tx *kv.Tx) error {
		begin, done = nil, false
		for _, d := range ended {
			if err := w.ended(ctx, tx, d); err != nil {
				return err
			}
		}
		now := w.Now()
		w.later = slices.DeleteFunc(w.later, func(t time.Time) bool { return !now.Before(t) })
		for _, s := range [4]session.Stage{session.Download, session.Simplify1, session.Simplify2, session.VectorTile} {
			n := w.room(s)
			if n <= 0 {
				continue
			}
			ready, err := w.Board.Ready(tx, w.Session, s, n)
			if err != nil {
				return err
			}
			var ids []string
			for _, t := range ready {
				ids = append(ids, t.ID)
			}
			if err := w.Board.Start(tx, w.Session, ids...); err != nil {
				return err
			}
			begin = append(begin, ready...)
		}
		if len(begin)+len(w.queue) == 0 && w.crew.Running() == 0 && len(w.later) == 0 {
			status, reason, over, err := w.Board.Outcome(tx, w.Session)
			if err != nil {
				return err
			}
			if done = over; over {
				if err := w.Board.SetStatus(tx, w.Session, status, reason); err != nil {
					return err
				}
			}
		}
		return w.count(tx, w.CPU()-w.cpu+cpu)
	})
	if err == nil {
		w.queue = append(w.queue, begin...)
	}
	return done, err
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
func (w *run) keep(ended []work.Done[outcome]) error {
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
		if err := w.add(tx, o.tasks, o.deps); err != nil {
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
	return w.change(tx, func(s *session.Session) {
		if s.Stages == nil {
			s.Stages = map[session.Stage]time.Duration{}
		}
		s.Stages[t.Stage] += o.took
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
	})
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

// count writes the time of work and takes the session as it stands.
func (w *run) count(tx *kv.Tx, cpu time.Duration) error {
	now := w.Now()
	return w.change(tx, func(s *session.Session) {
		if cpu > 0 {
			s.CPU = cpu
		}
		s.Accessed = now
		w.session = *s
	})
}

func (w *run) load() error {
	return w.DB.View(func(tx *kv.Tx) error {
		s, ok, err := session.Sessions().Get(tx, kv.Key(nil).Str(w.Session))
		if err == nil && !ok {
			err = fmt.Errorf("session %s: %w", w.Session, session.ErrNoSession)
		}
		w.session, w.id = s, ids{s.Node}
		return err
	})
}

// start begins a task.
func (w *run) start(ctx context.Context, t session.Task) {
	ctx, cancel := context.WithCancel(ctx)
	u := &underway{task: t, cancel: cancel, began: w.Now()}
	w.under[t.ID] = u
	w.crew.Go(string(t.Stage), t.ID, func(worker int) (outcome, error) {
		defer cancel()
		o, err := w.state.do(ctx, worker, t, &u.done)
		o.took = w.Now().Sub(u.began)
		return o, err
	})
}
