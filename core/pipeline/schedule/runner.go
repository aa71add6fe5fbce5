package schedule

import (
	"context"
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

// ends are tasks that have ended.
type ends = []work.Done[outcome]

// run is a Runner at work. Its fields belong to the goroutine of Run; tasks see
// id and started, which stay as they are, and state.
type run struct {
	*Runner
	id      ids
	started session.Session // as it was when the run began
	session session.Session // as it was last recorded
	crew    *work.Crew[outcome]
	under   map[string]*underway // tasks that run, by id
	state   *state
	queue   []session.Task // begun, and waiting for a hand
	ends    ends           // of tasks, not recorded yet
	last    time.Time      // when ends were last recorded
	told    time.Time
	shown   [4]float64    // the progress that was told of each stage
	cpu     time.Duration // of the process when the run began
	later   []time.Time   // when failed tasks are tried again
	stopped <-chan string
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
//
// quiet, which is never nil, is closed once no task is at work any more: after a
// stop, some may be slow to hear of it. Nobody waits for what they make, but the
// session should not be run again before.
func (r *Runner) Run(ctx context.Context, hands int, sizes map[session.Stage]int, stopped <-chan string) (quiet <-chan struct{}, err error) {
	pools := map[string]int{}
	for s, n := range sizes {
		pools[string(s)] = n
	}
	w := &run{
		Runner: r, crew: work.NewCrew[outcome](hands, pools), under: map[string]*underway{},
		cpu: r.CPU(), stopped: stopped,
	}
	if err := w.load(); err != nil {
		return w.crew.Quiet(), err
	}
	w.state = newState(w, hands)
	work, stop := context.WithCancel(ctx)
	defer stop()
	if err = w.loop(work); err != nil {
		stop()
		if left := w.drain(); left != nil && ctx.Err() != nil {
			err = left // the pause itself went wrong
		}
	}
	return w.crew.Quiet(), err
}

// recordEvery is how long ends of tasks may wait to be recorded together while
// there is other work: a transaction for each would cost more than some tasks.
const recordEvery = 250 * time.Millisecond

// loop starts what is ready, waits, and records what has ended.
func (w *run) loop(ctx context.Context) error {
	for {
		if len(w.queue) == 0 || w.Now().Sub(w.last) >= recordEvery {
			done, err := w.record(ctx)
			if err != nil {
				return err
			}
			if done {
				w.report(true)
				return nil
			}
		}
		w.startQueued(ctx)
		w.report(false)
		if err := w.wait(ctx); err != nil {
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

// start begins a task.
func (w *run) start(ctx context.Context, t session.Task) {
	ctx, cancel := context.WithCancel(ctx)
	u := &underway{task: t, cancel: cancel, began: w.Now()}
	w.under[t.ID] = u
	w.crew.Go(string(t.Stage), t.ID, func(worker int) (outcome, error) {
		defer cancel()
		if t.Stage != session.Download { // which mostly waits for others
			if err := w.Cores.Take(ctx); err != nil {
				return outcome{}, err
			}
			defer w.Cores.Give()
		}
		began := w.Now()
		o, err := w.state.do(ctx, worker, t, &u.done)
		o.took = w.Now().Sub(began)
		return o, err
	})
}

// tick is how often progress of long tasks is told.
const tick = 100 * time.Millisecond

// wait gathers the tasks that have ended, until there is something to record,
// or news. The error is ctx's.
func (w *run) wait(ctx context.Context) error {
	timer := time.NewTimer(tick)
	defer timer.Stop()
	for waiting := true; waiting; {
		select {
		case d := <-w.crew.Done():
			w.back(d)
			waiting = false
		case id := <-w.stopped:
			w.interrupt(id)
			return nil
		case <-timer.C:
			w.report(false)
			if len(w.ends) > 0 || w.due() || w.crew.Running() == 0 && len(w.later) == 0 {
				return nil
			}
			timer.Reset(tick)
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	for {
		select {
		case d := <-w.crew.Done():
			w.back(d)
		default:
			return nil
		}
	}
}

// due reports whether a task that had failed is to be tried again.
func (w *run) due() bool {
	now := w.Now()
	return slices.ContainsFunc(w.later, func(t time.Time) bool { return !now.Before(t) })
}

// back takes a task that has ended.
func (w *run) back(d work.Done[outcome]) {
	w.crew.Back(d)
	w.ends = append(w.ends, d)
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
				found = t.Parent == id && id != ""
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
	return err == nil && found // else it runs to its end, which nobody wants
}

// maxDepth bounds the tree of tasks.
const maxDepth = 16

// drain ends all work under way and gives its tasks back to the queue. What
// has ended well meanwhile is recorded, if that can be: it need not be done
// again.
func (w *run) drain() error {
	for _, u := range w.under {
		u.cancel()
	}
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	for slow := false; w.crew.Running() > 0 && !slow; {
		select {
		case d := <-w.crew.Done():
			w.back(d)
		case <-deadline.C: // it ends by itself, and nobody waits for what it makes
			slow = true
		}
	}
	well := slices.DeleteFunc(w.ends, func(d work.Done[outcome]) bool { return d.Err != nil })
	err := w.keep(well)
	if err != nil {
		well = nil
	}
	if more := w.giveBack(well); more != nil {
		return more // and the next run gives them back
	}
	return err
}

// giveBack records the tasks that have ended well and queues again what has
// not ended.
func (w *run) giveBack(well ends) error {
	return w.DB.Update(func(tx *kv.Tx) error {
		for _, d := range well {
			if err := w.complete(tx, d); err != nil {
				return err
			}
		}
		if _, err := w.Board.Requeue(tx, w.Session); err != nil {
			return err
		}
		return w.count(tx)
	})
}
