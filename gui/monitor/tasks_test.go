package monitor

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/session"
)

func TestTasksByKeys(t *testing.T) {
	e := full()
	e.sessions[0].CanRetry = true
	b := newBench(t, e)
	v := b.detail.tasks
	press := func(keys ...fyne.KeyName) {
		for _, k := range keys {
			v.list.TypedKey(&fyne.KeyEvent{Name: k})
		}
	}
	press(fyne.KeyDown, fyne.KeyDown, fyne.KeyDown, fyne.KeyRight)
	if len(v.rows) != 4+pageSize+1 {
		t.Fatalf("%d rows after opening a step", len(v.rows))
	}
	press(fyne.KeyDown, fyne.KeyDown, fyne.KeyDown, fyne.KeyDown, fyne.KeyDown)
	if task, _ := v.task(); task.ID != "s1-zoom-0000004" || !strings.Contains(v.about.Text, "no space left on device\nThe rest is kept.") {
		t.Fatalf("chosen %q, about %q", task.ID, v.about.Text)
	}
	test.Tap(v.retry)
	if got := strings.Join(e.told, ","); got != "retry s1/s1-zoom-0000004" {
		t.Errorf("told %q", got)
	}
	if !v.cancel.Disabled() {
		t.Error("a task that has failed can be cancelled")
	}
	press(fyne.KeyLeft)
	if task, _ := v.task(); task.ID != "s1-simplify2" {
		t.Errorf("left goes to %q", task.ID)
	}
	test.Tap(v.cancel)
	if got := e.told[len(e.told)-1]; got != "cancel s1/s1-simplify2" {
		t.Errorf("told %q", got)
	}
	press(fyne.KeyLeft)
	if len(v.rows) != 4 {
		t.Errorf("%d rows after closing", len(v.rows))
	}
}

// lazyEngine has a million tasks and none in memory.
type lazyEngine struct {
	*fakeEngine
	n int
}

func (l lazyEngine) Tasks(ctx context.Context, id, parent, after string, limit int) ([]engine.Task, error) {
	if parent != id+"-simplify2" {
		return l.fakeEngine.Tasks(ctx, id, parent, after, limit)
	}
	first := 0
	if after != "" {
		fmt.Sscanf(after, "t%d", &first)
		first++
	}
	var out []engine.Task
	for i := first; i < min(l.n, first+limit); i++ {
		t := engine.Task{}
		t.ID, t.Parent, t.Status = fmt.Sprintf("t%07d", i), parent, session.Pending
		out = append(out, t)
	}
	l.longest = max(l.longest, len(out))
	return out, nil
}

func TestAMillionTasksAreReadAPageAtATime(t *testing.T) {
	e := full()
	e.tasks = stageTasks("s1", 0)
	e.tasks["s1/"][2].Children = 1_000_000
	b := newBench(t, e)
	b.host.Engine = lazyEngine{e, 1_000_000}
	test.Tap(b.detail.panes[2].name)
	v := b.detail.tasks
	if len(v.rows) != 4+pageSize+1 {
		t.Fatalf("%d rows", len(v.rows))
	}
	if got := restWord(v.rows[3+pageSize], session.Running); got != "Show 200 more (999,800 are not shown)" {
		t.Errorf("the last row says %q", got)
	}
	v.list.Choose(3 + pageSize)
	if len(v.rows) != 4+2*pageSize+1 {
		t.Fatalf("%d rows after asking for more", len(v.rows))
	}
	if e.longest > pageSize {
		t.Errorf("%d tasks were read at once", e.longest)
	}
	before := len(e.asked)
	e.tell(running("s1", "again"))
	if n := len(e.asked) - before; n > 3 {
		t.Errorf("%d pages are read again for what is in sight", n)
	}
}

func TestWhatFailedIsOpenWhenARunHasEnded(t *testing.T) {
	s := failed("s1", "Countries of Europe")
	s.Status = session.Completed
	e := &fakeEngine{sessions: []engine.Session{s}, tasks: stageTasks("s1", 12)}
	e.tasks["s1/"][2].FailedChildren, e.tasks["s1/"][2].Status = 1, session.Completed
	b := newBench(t, e)
	v := b.detail.tasks
	if task, ok := v.task(); !ok || task.ID != "s1-zoom-0000004" {
		t.Errorf("chosen is %q", task.ID)
	}
	if !strings.Contains(b.texts(), "no space left on device") {
		t.Error("the reason is not to be read")
	}
	if got, want := b.detail.icon.Resource.Name(), statusIcon(session.Completed).Name(); got == want {
		t.Error("a run that something failed in looks as if all were well")
	}
	if b.w.Canvas().Focused() != nil {
		t.Error("the keys were taken")
	}
}

func TestARunThatGoesOnStaysClosed(t *testing.T) {
	e := full()
	e.tasks["s1/"][2].FailedChildren = 1
	if v := newBench(t, e).detail.tasks; v.chosen != "" || len(v.rows) != 4 {
		t.Errorf("%q is chosen of %d rows", v.chosen, len(v.rows))
	}
}
