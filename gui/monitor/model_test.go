package monitor

import (
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/session"
)

// What failed has ended, but nothing of it is there: no full bar, no 100 %.
func TestWhatFailedDoesNotLookWhole(t *testing.T) {
	task := func(s session.Status, percent float64) engine.Task {
		return engine.Task{Task: session.Task{Name: "Fetch France", Status: s}, Percent: percent}
	}
	part := task(session.Completed, 100)
	part.Children, part.CompletedChildren, part.FailedChildren = 4, 3, 1
	for name, c := range map[string]struct {
		task engine.Task
		want float64
	}{
		"done":         {task(session.Completed, 100), 1},
		"in the midst": {task(session.Running, 30), 0.3},
		"failed":       {task(session.Failed, 100), 0},
		"left out":     {task(session.Skipped, 100), 0},
		"in part":      {part, 0.75},
	} {
		if got := taskShare(c.task); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	if got := taskAbout(task(session.Failed, 100)); strings.Contains(got, "%") {
		t.Errorf("a failed task is told as %q", got)
	}
	s := engine.Session{Session: session.Session{Status: session.Failed, Total: 5, Completed: 1, Progress: session.Progress{Overall: 100}}}
	if got := sessionShare(s); got != 0.2 {
		t.Errorf("a failed session shows %v", got)
	}
}
