package engine

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/pipeline"
	"github.com/shapes-desktop/shapes/core/pipeline/schedule"
	"github.com/shapes-desktop/shapes/core/store/atomicfile"
	"github.com/shapes-desktop/shapes/core/store/entity"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// runs are the sessions that this process carries out.
type runs struct {
	mu      sync.Mutex
	by      map[string]*running
	done    map[string]shape.RunSummary // of sessions that have ended well, for Wait
	reasons map[string]string           // why one stopped that could not record it
	results map[string]outcome          // of tilesets just finished, by node
}

// running is a session under way.
type running struct {
	cancel  context.CancelFunc
	stopped chan string // tasks that were cancelled on the board
	over    chan struct{}
	live    schedule.Live
	told    bool
}

func (r *runs) init() {
	r.by, r.done, r.reasons, r.results = map[string]*running{}, map[string]shape.RunSummary{}, map[string]string{}, map[string]outcome{}
}

func (r *runs) get(id string) *running {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.by[id]
}

func (r *runs) ids() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []string
	for id := range r.by {
		out = append(out, id)
	}
	return out
}

// halt stops a session and waits until it has.
func (r *runs) halt(id string) {
	if run := r.get(id); run != nil {
		run.cancel()
		<-run.over
	}
}

// interrupt tells a session that tasks were cancelled.
func (r *runs) interrupt(id, task string) {
	if run := r.get(id); run != nil {
		select {
		case run.stopped <- task:
		case <-run.over:
		}
	}
}

// wake has a session look for ready tasks.
func (r *runs) wake(id string) { r.interrupt(id, noTask) }

// noTask is the id of no task.
const noTask = "\x00"

func (r *runs) wait(ctx context.Context, id string) error {
	run := r.get(id)
	if run == nil {
		return nil
	}
	select {
	case <-run.over:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (r *runs) live(id string) (schedule.Live, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	run := r.by[id]
	if run == nil || !run.told {
		return schedule.Live{}, false
	}
	return run.live, true
}

func (r *runs) reason(id string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.reasons[id]
}

func (r *runs) summary(id string) (shape.RunSummary, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s, ok := r.done[id]
	return s, ok
}

// launch carries out a session in the background.
func (e *Engine) launch(id, node string) {
	ctx, cancel := context.WithCancel(context.Background())
	run := &running{cancel: cancel, stopped: make(chan string), over: make(chan struct{})}
	e.runs.mu.Lock()
	delete(e.runs.reasons, id)
	e.runs.by[id] = run
	e.runs.mu.Unlock()
	go func() {
		defer cancel()
		err := e.carryOut(ctx, id, node, run)
		if err != nil && ctx.Err() == nil {
			e.stumbled(id, err)
		}
		e.leave(id)
		e.runs.mu.Lock()
		delete(e.runs.by, id)
		e.runs.mu.Unlock()
		if ctx.Err() == nil && err == nil {
			if err := e.ended(context.Background(), id); err != nil {
				e.log.Error("end of session", "session", id, "error", err)
			}
		}
		close(run.over)
		e.publish(id)
	}()
}

// leave takes this process off the users of a session. Whether the record goes
// is decided when the session has been seen off.
func (e *Engine) leave(id string) {
	err := e.eph(func(tx *kv.Tx) error {
		_, err := e.kinds.sessions.Leave(tx, kv.Key(nil).Str(id), e.user, e.now())
		return err
	})
	if err != nil && !errors.Is(err, entity.ErrMissing) {
		e.log.Warn("leave a session", "session", id, "error", err)
	}
}

// carryOut runs a session until it has ended or ctx is done. What it had kept
// may be lost, once: then it is all done again.
func (e *Engine) carryOut(ctx context.Context, id, node string, run *running) error {
	for again := true; ; again = false {
		err := e.runOnce(ctx, id, node, run)
		if !errors.Is(err, schedule.ErrLost) || !again || ctx.Err() != nil {
			return err
		}
		e.log.Warn("what the session had kept is lost: it is made again", "session", id, "error", err)
		if err := e.startOver(id); err != nil {
			return err
		}
	}
}

func (e *Engine) runOnce(ctx context.Context, id, node string, run *running) error {
	var ses session.Session
	if err := e.eph(func(tx *kv.Tx) (err error) {
		if ses, err = e.board.Get(tx, id); err != nil {
			return err
		}
		if ses.Status != session.Running {
			if err := e.board.SetStatus(tx, id, session.Running, ""); err != nil {
				return err
			}
		}
		return e.kinds.sessions.Join(tx, kv.Key(nil).Str(id), e.user, e.now())
	}); err != nil {
		return err
	}
	scratch, err := e.openScratch(id)
	if err != nil {
		return err
	}
	defer scratch.close()
	r := &schedule.Runner{
		Session: id, DB: e.m.DB(entity.Ephemeral), Board: e.board, Scratch: scratch,
		Source: reader{selection: ses.Selection, memory: memoryLimit(0), files: ses.Files, maxVertices: ses.Config.Simplify1.MaxVertices},
		Finish: finisher{e, node, ses.Source}, Config: tilingOf, Now: e.now, CPU: cpuTime,
		Retry: retryAfter(ses.Config.Download.RetryDelay), Stops: diskFull,
		Report: func(l schedule.Live) {
			e.runs.mu.Lock()
			run.live, run.told = l, true
			e.runs.mu.Unlock()
			e.publish(id)
		},
	}
	defer budget(0)()
	hands, pools := sizes(ses.Config)
	return r.Run(ctx, hands, pools, run.stopped)
}

func cpuTime() time.Duration { return time.Duration(cpuSeconds() * float64(time.Second)) }

// startOver plans a session anew, whose scratch is lost.
func (e *Engine) startOver(id string) error {
	scratch, err := e.openScratch(id)
	if err != nil {
		return err
	}
	if err := errors.Join(scratch.Clear(), scratch.close()); err != nil {
		return err
	}
	return e.eph(func(tx *kv.Tx) error {
		ses, err := e.board.Get(tx, id)
		if err != nil {
			return err
		}
		inputs, err := inputsOf(&shape.Shape{Source: ses.Source, Files: ses.Files})
		if err != nil {
			return err
		}
		if _, err := session.Tasks().DeleteAll(tx, kv.Key(nil).Str(id)); err != nil {
			return err
		}
		if _, err := session.Dependencies().DeleteAll(tx, kv.Key(nil).Str(id)); err != nil {
			return err
		}
		ses.Total, ses.Completed, ses.Failed, ses.Stopped = 0, 0, 0, 0
		ses.Work, ses.Made, ses.Faults, ses.Samples, ses.Inputs = [4]session.Work{}, session.Result{}, nil, nil, nil
		if err := session.Sessions().Put(tx, &ses); err != nil {
			return err
		}
		return e.addPlan(tx, &ses, inputs)
	})
}

// diskFull tells the one error of the machine that the user can mend.
func diskFull(err error) bool { return atomicfile.DiskFull(err) || errors.Is(err, kv.ErrFull) }

// stumbled pauses a session that the machine keeps from going on.
func (e *Engine) stumbled(id string, cause error) {
	reason := cause.Error()
	if diskFull(cause) {
		reason = "the disk is full; free some space, then resume. What was done so far is kept."
	}
	e.log.Error("session paused", "session", id, "error", cause)
	err := e.eph(func(tx *kv.Tx) error { return e.board.SetStatus(tx, id, session.Paused, reason) })
	if err != nil {
		e.runs.mu.Lock()
		e.runs.reasons[id] = reason
		e.runs.mu.Unlock()
		e.log.Error("record that a session is paused", "session", id, "error", err)
	}
}

// ended writes the summary of a session that has ended and, if nothing in it
// can be retried, deletes it.
func (e *Engine) ended(ctx context.Context, id string) error {
	var ses session.Session
	tasks := map[string]int{}
	if err := e.ephView(func(tx *kv.Tx) (err error) {
		ses, err = e.board.Get(tx, id)
		return err
	}); err != nil {
		return err
	}
	if !ses.Status.Ended() {
		return nil
	}
	tasks["completed"], tasks["failed"], tasks["stopped"] = ses.Completed, ses.Failed, ses.Stopped
	sum := summaryOf(ses, tasks)
	if res, ok := e.runs.finished(ses.Node); ok {
		sum.Tiles, sum.Bytes, sum.Drawn, sum.MinZoom, sum.MaxZoom = res.Tiles, res.Bytes, res.Drawn, res.minZoom, res.maxZoom
	}
	if err := e.core(func(tx *kv.Tx) error {
		if ok, err := nodeExists(tx, ses.Node); err != nil || !ok {
			return err
		}
		if err := shape.AddSummary(tx, &sum); err != nil {
			return err
		}
		s, ok, err := shape.Shapes().Get(tx, kv.Key(nil).Str(ses.Node))
		if err != nil || !ok {
			return err
		}
		s.Session = ""
		if ses.Status == session.Completed {
			s.SourceData = ses.Inputs
			if err := e.relateSources(tx, &s, ses); err != nil {
				return err
			}
		}
		return shape.Shapes().Put(tx, &s)
	}); err != nil {
		return err
	}
	e.runs.mu.Lock()
	e.runs.done[id] = sum
	e.runs.mu.Unlock()
	e.log.Info("session ended", "session", id, "status", ses.Status, "tiles", sum.Tiles, "reason", ses.Reason)
	if ses.Status == session.Completed && ses.Failed+ses.Stopped == 0 {
		_, err := e.m.SessionComplete(ctx, id, ses.Config.KeepIntermediates)
		return err
	}
	return nil
}

func summaryOf(s session.Session, tasks map[string]int) shape.RunSummary {
	return shape.RunSummary{
		Node: s.Node, Ended: s.Ended, Session: s.ID, Status: string(s.Status), Reason: s.Reason, Started: s.Started,
		Worked: s.Worked, CPU: s.CPU, Tasks: tasks, Features: s.Made.Features, Vertices: s.Made.Vertices,
		Tiles: s.Made.Tiles, Bytes: s.Made.Bytes, MaxZoom: s.Config.VectorTiles.MaxZoom,
		Faults: s.Faults, Samples: s.Samples, Inputs: s.Inputs, Stages: stageTimes(s),
	}
}

func stageTimes(s session.Session) map[string]time.Duration {
	out := map[string]time.Duration{}
	for stage, d := range s.Stages {
		out[string(stage)] = d
	}
	return out
}

// outcome is what finishing a session's tileset came to.
type outcome struct {
	pipeline.Result
	minZoom, maxZoom int
}
