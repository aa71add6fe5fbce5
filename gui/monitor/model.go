package monitor

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// keptEnded is how many sessions that have ended and were forgotten by the
// engine stay in the list, so that nobody misses how they ended.
const keptEnded = 20

// roster is the sessions of the list, the newest first.
type roster []engine.Session

// replace puts what the engine lists in place of what was there; of what it
// lists no more, those that have ended stay.
func (r roster) replace(listed []engine.Session) roster {
	out := roster(slices.Clone(listed))
	kept := 0
	for _, s := range r {
		if kept < keptEnded && ended(s.Status) && find(out, s.ID) < 0 {
			out = append(out, s)
			kept++
		}
	}
	out.sort()
	return out
}

// put adds or replaces one session.
func (r roster) put(s engine.Session) roster {
	out := slices.Clone(r)
	if i := find(out, s.ID); i >= 0 {
		out[i] = s
		return out
	}
	out = append(out, s)
	out.sort()
	return out
}

func (r roster) sort() {
	slices.SortStableFunc(r, func(a, b engine.Session) int { return b.Created.Compare(a.Created) })
}

// find returns the place of a session, -1 if it is not there.
func find(list []engine.Session, id string) int {
	return slices.IndexFunc(list, func(s engine.Session) bool { return s.ID == id })
}

// standing says in a word or two how a session stands.
func standing(s engine.Session) string {
	switch {
	case s.Status == session.Paused && s.Interrupted:
		return "interrupted"
	case s.Status == session.Completed && s.Failed > 0:
		return "done, " + count(int64(s.Failed), "task") + " failed"
	}
	return statusWord(s.Status)
}

// why says in plain words why a session does not go on, "" if it does.
func why(s engine.Session) string {
	switch {
	case s.Status == session.Paused && s.Interrupted:
		return sentence(s.Reason, "The program ended while it ran. What was finished is kept: resume to go on from there.")
	case s.Status == session.Paused:
		return sentence(s.Reason, "You paused it. What is finished is kept: resume to go on from there.")
	case s.Status == session.Failed:
		return sentence(s.Reason, "It made no tiles. The tiles there were before are kept as they were.")
	case s.Status == session.Cancelled:
		return sentence(s.Reason, "It was cancelled. The tiles there were before are kept as they were.")
	}
	return kit.Sentence(s.Reason)
}

func sentence(reason, otherwise string) string {
	if reason != "" {
		return kit.Sentence(reason)
	}
	return otherwise
}

// line is the third line of a session's row: what matters most now.
func line(s engine.Session) string {
	switch s.Status {
	case session.Running, session.Pending:
		return join(remaining(s), faultWord(s))
	case session.Completed:
		return join("took "+clock(s.Worked), faultWord(s))
	}
	return why(s)
}

func remaining(s engine.Session) string {
	if s.Progress.Remaining <= 0 || s.Status != session.Running {
		return ""
	}
	return "about " + clock(s.Progress.Remaining) + " to go"
}

func faultWord(s engine.Session) string {
	if n := sum(s.Faults); n > 0 {
		return count(int64(n), "fault")
	}
	return ""
}

// figures is the line below the overall bar.
func figures(s engine.Session, now time.Time) string {
	began := ""
	if !s.Started.IsZero() {
		began = "started " + moment(s.Started, now)
	}
	tiles := ""
	if s.Tiles > 0 {
		tiles = count(s.Tiles, "tile") + ", " + size(s.Bytes)
	}
	failed := ""
	if s.Failed > 0 {
		failed = humanize.Comma(int64(s.Failed)) + " failed"
	}
	tasks := ""
	if s.Total > 0 {
		tasks = humanize.Comma(int64(s.Completed)) + " of " + count(int64(s.Total), "task")
	}
	return join(began, "worked "+clock(s.Worked), remaining(s), tasks, failed, tiles, faultWord(s))
}

// share returns the progress of a stage, 0 … 1.
func share(p session.Progress, s session.Stage) float64 {
	v := 0.0
	switch s {
	case session.Download:
		v = p.Download
	case session.Simplify1:
		v = p.Simplify1
	case session.Simplify2:
		v = p.Simplify2
	case session.VectorTile:
		v = p.VectorTile
	}
	return unit(v)
}

// unit turns percent into 0 … 1, whatever it gets.
func unit(percent float64) float64 {
	if !(percent > 0) {
		return 0
	}
	return min(1, percent/100)
}

// taskShare is how much of a task is there, 0 … 1. What failed or was left out has
// ended and counts for the time that is left, but there is nothing of it.
func taskShare(t engine.Task) float64 {
	switch {
	case t.Children > 0 && t.FailedChildren+t.StoppedChildren > 0 && ended(t.Status):
		return min(1, float64(t.CompletedChildren)/float64(t.Children))
	case t.Children == 0 && ended(t.Status) && t.Status != session.Completed:
		return 0
	}
	return unit(t.Percent)
}

// sessionShare is how much of a whole session is there, 0 … 1.
func sessionShare(s engine.Session) float64 {
	if ended(s.Status) && s.Status != session.Completed {
		return min(1, float64(s.Completed)/float64(max(s.Total, 1)))
	}
	return unit(s.Progress.Overall)
}

// stageCounts says what a stage's parent task counts; done is the stage's
// progress, for when the task is not known.
func stageCounts(t *engine.Task, done float64) string {
	switch {
	case t == nil && done >= 1:
		return "done"
	case t == nil && done > 0:
		return "begun"
	case t == nil:
		return "not begun"
	}
	var parts []string
	if t.FailedChildren > 0 { // first: it must not be what is cut off where there is little room
		parts = append(parts, humanize.Comma(int64(t.FailedChildren))+" failed")
	}
	parts = append(parts, humanize.Comma(int64(t.CompletedChildren))+" of "+count(int64(t.Task.Children), "task"))
	if t.StoppedChildren > 0 {
		parts = append(parts, humanize.Comma(int64(t.StoppedChildren))+" left out")
	}
	return join(parts...)
}

// taskName is a task's name for people.
func taskName(t engine.Task) string {
	switch {
	case t.Parent == "" && t.Name == "":
		return stageWord(t.Stage)
	case t.Name == "":
		return t.ID
	}
	return t.Name
}

// reason is why a task failed, without the address that it is of: that is told
// elsewhere, and would fill the line.
func reason(t engine.Task) string {
	if t.Config.URL == "" {
		return t.Error
	}
	_, after, found := strings.Cut(t.Error, t.Config.URL)
	if !found { // it is of another that the first one led to
		_, after, found = strings.Cut(t.Error, "): ")
	}
	if after = strings.TrimLeft(after, "): "); found && after != "" {
		return after
	}
	return t.Error
}

// taskNote is what a row says of a task beside its state.
func taskNote(t engine.Task) string {
	switch {
	case t.Error != "":
		return reason(t)
	case t.Children > 0:
		return stageCounts(&t, 0)
	}
	r := t.Result
	var parts []string
	for _, p := range []struct {
		n     int64
		thing string
	}{{int64(r.Features), "feature"}, {int64(r.Tiles), "tile"}, {int64(r.Faults), "fault"}} {
		if p.n > 0 {
			parts = append(parts, count(p.n, p.thing))
		}
	}
	if t.Retries > 0 {
		parts = append(parts, "tried "+count(int64(t.Retries)+1, "time"))
	}
	return join(parts...)
}

// standingOf is how a task stands: in a session that is paused nothing runs,
// and what had begun waits like the rest of it.
func standingOf(task, of session.Status) session.Status {
	if task == session.Running && of == session.Paused {
		return session.Paused
	}
	return task
}

// taskTime is how long a task took, or has taken so far.
func taskTime(t engine.Task, now time.Time) string {
	switch {
	case t.Started.IsZero():
		return ""
	case !t.Ended.IsZero():
		return brief(t.Ended.Sub(t.Started))
	case t.Status == session.Running:
		return brief(now.Sub(t.Started))
	}
	return ""
}

// brief writes short times more finely than clock does.
func brief(d time.Duration) string {
	if d < 10*time.Second {
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return clock(d)
}

// runTitle is the headline of a run that has ended.
func runTitle(r shape.RunSummary, now time.Time) string {
	failed := ""
	if n := r.Tasks["failed"]; n > 0 {
		failed = count(int64(n), "task") + " failed"
	}
	return join(moment(r.Ended, now), statusWord(session.Status(r.Status)), failed, "took "+clock(r.Worked))
}

// runFigures is what a run came to.
func runFigures(r shape.RunSummary) string {
	parts := []string{}
	if r.Tiles > 0 {
		parts = append(parts, count(int64(r.Tiles), "tile"), size(r.Bytes))
	}
	if r.Features > 0 {
		parts = append(parts, count(int64(r.Drawn), "unit")+" of "+humanize.Comma(int64(r.Features))+" drawn")
	}
	if n := sum(r.Faults); n > 0 {
		parts = append(parts, count(int64(n), "fault"))
	} else {
		parts = append(parts, "no faults")
	}
	return join(append(parts, r.Reason)...)
}
