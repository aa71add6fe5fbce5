package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/pipeline/schedule"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// ended sees a session off, if it has ended: it writes the summary and, if
// nothing in it can be retried, deletes it. Doing it again does no harm.
func (e *Engine) ended(ctx context.Context, id string) error {
	var ses session.Session
	err := e.ephView(func(tx *kv.Tx) (err error) {
		ses, err = e.board.Get(tx, id)
		return err
	})
	if errors.Is(err, session.ErrNoSession) || err == nil && !ses.Status.Ended() {
		return nil
	}
	if err != nil {
		return err
	}
	e.runs.because(id, "")
	if err := e.summarise(ses); err != nil {
		return err
	}
	if ses.Status == session.Completed && ses.Failed+ses.Stopped == 0 {
		_, err := e.m.SessionComplete(ctx, id, ses.Config.KeepIntermediates)
		return err
	}
	return nil
}

// summarise writes what a session that has ended did, once.
func (e *Engine) summarise(ses session.Session) error {
	sum := summaryOf(ses)
	lost, err := e.notRead(ses.ID)
	if err != nil {
		return err
	}
	if len(lost) > 0 {
		sum.Faults = maps.Clone(sum.Faults)
		if sum.Faults == nil {
			sum.Faults = map[string]int{}
		}
		sum.Faults[faultNotRead] += len(lost)
		sum.Samples = append(lost[:min(len(lost), maxNotRead)], sum.Samples...)
	}
	if res, ok := e.runs.finished(ses.Node); ok {
		sum.Tiles, sum.Bytes, sum.Drawn, sum.MinZoom, sum.MaxZoom = res.Tiles, res.Bytes, res.Drawn, res.minZoom, res.maxZoom
	}
	if err := e.asInPlace(&sum, ses); err != nil {
		return err
	}
	done := false
	err = e.core(func(tx *kv.Tx) error {
		s, ok, err := shape.Shapes().Get(tx, kv.Key(nil).Str(ses.Node))
		if err != nil || !ok {
			return err // its node was deleted for good
		}
		if done, err = summarised(tx, ses); err != nil || done {
			return err
		}
		if err := shape.AddSummary(tx, &sum); err != nil {
			return err
		}
		if s.Session == ses.ID {
			s.Session = ""
		}
		if ses.Status == session.Completed {
			s.SourceData = sum.Inputs
			if err := e.relateSources(tx, &s, ses); err != nil {
				return err
			}
		}
		return shape.Shapes().Put(tx, &s)
	})
	if err == nil && !done {
		e.log.Info("session ended", "session", ses.ID, "status", ses.Status, "tiles", sum.Tiles, "reason", ses.Reason)
	}
	return err
}

// asInPlace makes a summary tell of the tiles that are in place, where those of
// the last try were not put there: they are an earlier one's.
func (e *Engine) asInPlace(sum *shape.RunSummary, ses session.Session) error {
	outdated := false
	err := e.ephView(func(tx *kv.Tx) (err error) {
		outdated, err = schedule.Outdated(tx, ses)
		return err
	})
	if err != nil || !outdated {
		return err
	}
	if was, ok := e.lastSummary(ses.Node, ses.ID); ok {
		sum.Tiles, sum.Bytes, sum.Drawn, sum.MinZoom, sum.MaxZoom = was.Tiles, was.Bytes, was.Drawn, was.MinZoom, was.MaxZoom
		sum.Faults, sum.Samples = was.Faults, was.Samples
	}
	return nil
}

const (
	// faultNotRead counts inputs whose boundaries are not in the tiles.
	faultNotRead = "not-read"
	maxNotRead   = 50 // of them are spelt out
)

// notRead says which inputs of a session were not read, and why: the session
// itself goes, and with it the records of its tasks.
func (e *Engine) notRead(id string) ([]string, error) {
	var out []string
	err := e.ephView(func(tx *kv.Tx) error {
		for _, st := range []session.Status{session.Failed, session.Cancelled} {
			for t, err := range session.Tasks().By(tx, "stage", kv.Key(nil).Str(id).Str(string(session.Download)).Str(string(st))) {
				if err != nil {
					return err
				}
				if !t.Group {
					out = append(out, fmt.Sprintf("%s: %s: %s", faultNotRead, t.Name, cmp.Or(t.Error, string(st))))
				}
			}
		}
		return nil
	})
	return out, err
}

// summarised reports whether this end of a session has its summary: a session
// that was retried ends more than once.
func summarised(tx *kv.Tx, ses session.Session) (bool, error) {
	all, err := shape.ListSummaries(tx, ses.Node)
	return slices.ContainsFunc(all, func(r shape.RunSummary) bool {
		return r.Session == ses.ID && r.Ended.Equal(ses.Ended)
	}), err
}

// lastSummary returns the last summary of a session, and whether there is one.
func (e *Engine) lastSummary(node, id string) (sum shape.RunSummary, found bool) {
	all, err := e.Runs(context.Background(), node)
	if err != nil {
		e.log.Warn("read the runs of a node", "node", node, "error", err)
	}
	i := slices.IndexFunc(all, func(r shape.RunSummary) bool { return r.Session == id }) // the newest first
	if i < 0 {
		return sum, false
	}
	return all[i], true
}

// gone returns a session that has ended well and is not there any more, as far
// as its summary knows it.
func (e *Engine) gone(s session.Session) session.Session {
	s.Status = session.Completed
	sum, ok := e.lastSummary(s.Node, s.ID)
	if !ok {
		return s
	}
	s.Status = session.Status(sum.Status)
	s.Made.Tiles, s.Made.Bytes, s.Faults, s.Samples = sum.Tiles, sum.Bytes, sum.Faults, sum.Samples
	s.Worked, s.CPU, s.Started, s.Ended, s.Reason = sum.Worked, sum.CPU, sum.Started, sum.Ended, sum.Reason
	s.Progress.Overall = 100
	return s
}

func summaryOf(s session.Session) shape.RunSummary {
	tasks := map[string]int{"completed": s.Completed, "failed": s.Failed, "stopped": s.Stopped}
	return shape.RunSummary{
		Node: s.Node, Ended: s.Ended, Session: s.ID, Status: string(s.Status), Reason: s.Reason, Started: s.Started,
		Worked: s.Worked, CPU: s.CPU, Tasks: tasks, Features: s.Made.Features, Vertices: s.Made.Vertices,
		Tiles: s.Made.Tiles, Bytes: s.Made.Bytes, MaxZoom: s.Config.VectorTiles.MaxZoom,
		Faults: s.Faults, Samples: s.Samples, Inputs: knownInputs(s), Stages: stageTimes(s),
	}
}

// knownInputs returns the hashes of the inputs that were read, each once.
func knownInputs(s session.Session) []string {
	var out []string
	for _, hash := range s.Inputs {
		if hash != "" && !slices.Contains(out, hash) {
			out = append(out, hash)
		}
	}
	return out
}

func stageTimes(s session.Session) map[string]time.Duration {
	out := map[string]time.Duration{}
	for stage, d := range s.Stages {
		out[string(stage)] = d
	}
	return out
}
