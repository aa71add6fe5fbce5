package monitor

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// lines puts texts below each other.
func lines(l []string) string { return strings.Join(l, "\n") }

// firstLine is a text up to its first line's end.
func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// table writes names and values, leaving out what is empty.
func table(pairs ...string) string {
	var b strings.Builder
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			fmt.Fprintf(&b, "%s: %s\n", pairs[i], pairs[i+1])
		}
	}
	return b.String()
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Local().Format(time.RFC3339)
}

// sessionDetails is all that is known of a session, for the clipboard.
func sessionDetails(s engine.Session) string {
	p := s.Progress
	text := table("Run", s.ID, "Of", s.NodeName, "Node", s.Node, "State", standing(s), "Why", why(s),
		"Started", stamp(s.Started), "Ended", stamp(s.Ended), "Worked", clock(s.Worked),
		"Progress", fmt.Sprintf("%.1f %%", p.Overall))
	for _, st := range stages() {
		text += fmt.Sprintf("  %s: %.1f %%\n", stageWord(st), 100*share(p, st))
	}
	text += table("Tasks", fmt.Sprintf("%d in all, %d done, %d failed, %d left out", s.Total, s.Completed, s.Failed, s.Stopped),
		"Tiles", fmt.Sprintf("%s, %s; equal tiles are kept once", humanize.Comma(s.Tiles), size(s.Bytes)))
	if list := faultLines(s.Faults, s.Samples); len(list) > 0 {
		text += "Faults:\n  " + strings.Join(list, "\n  ") + "\n"
	}
	return text
}

// taskAbout is what the page says of the chosen task.
func taskAbout(t engine.Task) string {
	percent := ""
	if !ended(t.Status) || t.Status == session.Completed {
		percent = fmt.Sprintf("%.0f %%", 100*taskShare(t))
	}
	head := join(taskName(t), statusWord(t.Status), percent)
	where := t.Config.URL
	if where == "" {
		where = t.Config.Path
	}
	note := taskNote(t)
	if t.Error != "" {
		note = kit.Sentence(reason(t))
	}
	out := head
	for _, l := range []string{note, where} {
		if l != "" {
			out += "\n" + l
		}
	}
	return out
}

// taskDetails is all that is known of a task, for the clipboard.
func taskDetails(t engine.Task) string {
	return table("Task", t.ID, "Name", taskName(t), "Run", t.Session, "Step", stageWord(t.Stage),
		"State", statusWord(t.Status), "Progress", fmt.Sprintf("%.1f %%", 100*taskShare(t)),
		"Started", stamp(t.Started), "Ended", stamp(t.Ended), "From", t.Config.URL+t.Config.Path,
		"Came to", cmp.Or(t.Error, taskNote(t)))
}

// runDetails is what the page says of a run that has ended.
func runDetails(r shape.RunSummary) string {
	text := table("State", statusWord(sessionStatus(r)), "Why", kit.Sentence(r.Reason), "Started", stamp(r.Started),
		"Ended", stamp(r.Ended), "Worked", clock(r.Worked), "Came to", runFigures(r))
	if r.Tiles > 0 {
		text += table("Zooms", fmt.Sprintf("%d–%d", r.MinZoom, r.MaxZoom))
	}
	if list := faultLines(r.Faults, r.Samples); len(list) > 0 {
		text += "Faults:\n  " + strings.Join(list, "\n  ") + "\n"
	}
	return text
}
