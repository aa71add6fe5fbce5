package engine

import (
	"context"
	"errors"
	"time"

	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/pipeline/schedule"
	"github.com/shapes-desktop/shapes/core/pipeline/work"
	"github.com/shapes-desktop/shapes/core/store/atomicfile"
	"github.com/shapes-desktop/shapes/core/store/entity"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// carryOut runs a session until it has ended or ctx is done. What it had kept
// may be lost, once: then it is all done again. quiet is closed once no task is
// at work any more.
func (e *Engine) carryOut(ctx context.Context, id string, run *running) (quiet <-chan struct{}, err error) {
	defer e.runs.budget()()
	for again := true; ; again = false {
		quiet, err = e.runOnce(ctx, id, run)
		if !errors.Is(err, schedule.ErrLost) || !again || ctx.Err() != nil {
			return quiet, err
		}
		<-quiet
		e.log.Warn("what the session had kept is lost: it is made again", "session", id, "error", err)
		if err := e.startOver(id); err != nil {
			return quiet, err
		}
	}
}

// runOnce runs a session with what it has in its scratch.
func (e *Engine) runOnce(ctx context.Context, id string, run *running) (quiet <-chan struct{}, err error) {
	closed := make(chan struct{})
	close(closed)
	var ses session.Session
	if err := e.ephView(func(tx *kv.Tx) (err error) {
		ses, err = e.board.Get(tx, id)
		return err
	}); err != nil {
		return closed, err
	}
	scratch, err := e.openScratch(id)
	if err != nil {
		return closed, err
	}
	hands, pools := sizes(ses.Config)
	quiet, err = e.runner(ses, scratch, run).Run(ctx, hands, pools, run.stopped)
	return quiet, errors.Join(err, scratch.close())
}

// begin makes a session a running one, used by this process.
func (e *Engine) begin(id string) error {
	return e.eph(func(tx *kv.Tx) error {
		ses, err := e.board.Get(tx, id)
		if err != nil {
			return err
		}
		if ses.Status != session.Running {
			if err := e.board.SetStatus(tx, id, session.Running, ""); err != nil {
				return err
			}
		}
		return e.kinds.sessions.Join(tx, kv.Key(nil).Str(id), e.user, e.now())
	})
}

func (e *Engine) runner(ses session.Session, s scratch, run *running) *schedule.Runner {
	return &schedule.Runner{
		Session: ses.ID, DB: e.m.DB(entity.Ephemeral), Board: e.board, Scratch: s,
		Source: newReader(e, ses), Relate: relateUnits(ses.Source), Cores: e.runs.cores,
		Finish: finisher{e, ses, run}, Config: tilingOf, Now: e.now, CPU: cpuTime,
		Retry: retryAfter(ses.Config.Download.RetryDelay), Stops: diskFull,
		Failed: func(task string, err error) { e.taskFailed(ses.ID, task, err) },
		Report: func(l schedule.Live) {
			e.runs.mu.Lock()
			run.live, run.told = l, true
			e.runs.mu.Unlock()
			e.publish(ses.ID, ses.Node)
		},
	}
}

// taskFailed logs why a task failed; of a defect of ours, with where.
func (e *Engine) taskFailed(id, task string, err error) {
	var p *work.PanicError
	if errors.As(err, &p) {
		e.log.Error("task failed by an internal error", "session", id, "task", task, "error", err, "stack", string(p.Stack))
		return
	}
	e.log.Warn("task failed", "session", id, "task", task, "error", err)
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
		inputs, err := e.inputsOf(&ses)
		if err != nil {
			return err
		}
		if err := schedule.Anew(tx, &ses); err != nil {
			return err
		}
		return e.addPlan(tx, &ses, inputs)
	})
}

// diskFull tells the one error of the machine that the user can mend.
func diskFull(err error) bool { return atomicfile.DiskFull(err) || errors.Is(err, kv.ErrFull) }

const fullReason = "the disk is full; free some space, then resume. What was done so far is kept."

// stumbled pauses a session that the machine keeps from going on.
func (e *Engine) stumbled(id string, cause error) {
	reason := cause.Error()
	if diskFull(cause) {
		reason = fullReason
	}
	e.log.Error("session paused", "session", id, "error", cause)
	err := e.eph(func(tx *kv.Tx) error { return e.board.SetStatus(tx, id, session.Paused, reason) })
	if err != nil {
		e.runs.because(id, reason)
		e.log.Error("record that a session is paused", "session", id, "error", err)
	}
}
