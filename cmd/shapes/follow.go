package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/pipeline"
)

// progressOf is a session in the words of a build's progress.
func progressOf(s engine.Session) pipeline.Progress {
	p := pipeline.Progress{
		Overall: s.Progress.Overall / 100, Current: s.Current, Elapsed: s.Worked, ETA: s.Progress.Remaining,
		Tiles: s.Tiles, Bytes: s.Bytes,
	}
	for i, percent := range []float64{s.Progress.Download, s.Progress.Simplify1, s.Progress.Simplify2, s.Progress.VectorTile} {
		p.Stages[i].Finished = percent >= 100
		if percent > 0 && percent < 100 {
			p.Stages[i].Running = 1
		}
	}
	return p
}

// A session whose work has stopped is written as paused a moment later; these
// bound how long that is waited for.
const (
	settleStep  = 10 * time.Millisecond
	settleTimes = 500
)

// settled returns how a session that was waited for stands in the end. One
// that has ended well is gone: s is how it stood before.
func settled(ctx context.Context, e asked, s, last engine.Session, err error) (engine.Session, error) {
	for range settleTimes {
		switch {
		case errors.Is(err, engine.ErrNoSession):
			s.Status = session.Completed
			return s, nil
		case err != nil || last.Status.Ended() || last.Status == session.Paused:
			return last, err
		}
		time.Sleep(settleStep)
		last, err = e.Session(ctx, s.ID)
	}
	return last, err
}

// outcome says how a session ended: in an error unless all was done.
func (v env) outcome(ctx context.Context, e asked, s engine.Session, quiet bool) error {
	run, known, err := lastRun(ctx, e, s)
	if err != nil {
		return err
	}
	if known && !quiet && s.Status == session.Completed {
		writeRun(v.s, s.NodeName, run)
	}
	failed, stopped := run.Tasks["failed"], run.Tasks["stopped"]
	switch {
	case s.Status == session.Completed && failed+stopped == 0:
		return nil
	case s.Status == session.Completed:
		return fmt.Errorf("the tiles of “%s” were made, but %s failed and %d were left out (%s lists them); try those again: %s",
			s.NodeName, count(failed, "task"), stopped, v.command("session show", s.ID), v.command("session retry", s.ID))
	case s.Status == session.Paused:
		return fmt.Errorf("the run of “%s” is paused at %.0f %%%s%s; go on: %s",
			s.NodeName, s.Progress.Overall, because(s.Reason), keptText(s.Reason), v.command("session resume", s.ID))
	case s.Status == session.Cancelled:
		return fmt.Errorf("the run of “%s” was cancelled; its tiles are as they were before", s.NodeName)
	case s.Status == session.Failed:
		return fmt.Errorf("the run of “%s” failed%s; its tiles are as they were before; try again: %s",
			s.NodeName, because(firstOf(s.Reason, run.Reason)), v.command("session retry", s.ID))
	}
	return fmt.Errorf("the run of “%s” is %s, which should not be; look at it: %s", s.NodeName, s.Status, v.command("session show", s.ID))
}

// keptText says that a paused run keeps what was done, unless the reason does.
func keptText(reason string) string {
	if strings.Contains(reason, "is kept") {
		return ""
	}
	return "; what was done is kept"
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// lastRun returns the summary of a session that has ended.
func lastRun(ctx context.Context, e asked, s engine.Session) (shape.RunSummary, bool, error) {
	if !s.Status.Ended() {
		return shape.RunSummary{}, false, nil
	}
	runs, err := e.Runs(ctx, s.Node)
	i := slices.IndexFunc(runs, func(r shape.RunSummary) bool { return r.Session == s.ID })
	if err != nil || i < 0 {
		return shape.RunSummary{}, false, err
	}
	return runs[i], true, nil
}

// writeRun tells what a run did, one fact a line.
func writeRun(s std, name string, r shape.RunSummary) {
	fact := factsOf(s.out)
	fact("shape", "%s", name)
	fact("zooms", "%d to %d", r.MinZoom, r.MaxZoom)
	fact("features", "%s read, %s drawn", comma(r.Features), comma(r.Drawn))
	fact("vertices", "%s read", comma(r.Vertices))
	fact("faults", "%s", faultsOf(r.Faults))
	for _, f := range r.Samples {
		fact("", "%s", f)
	}
	fact("tiles", "%s, %s of tile data", comma(r.Tiles), humanize.Bytes(uint64(r.Bytes)))
	fact("time", "%.1f s (%.1f s of CPU)", r.Worked.Seconds(), r.CPU.Seconds())
}

// faultsOf lists faults by code, in the order of the codes.
func faultsOf(faults map[string]int) string {
	if len(faults) == 0 {
		return "none"
	}
	var parts []string
	for _, code := range slices.Sorted(maps.Keys(faults)) {
		parts = append(parts, fmt.Sprintf("%s %s", code, comma(faults[code])))
	}
	return strings.Join(parts, ", ")
}
