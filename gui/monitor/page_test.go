package monitor

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/gui/kit"
)

func TestNoSessionsSaysWhatToDo(t *testing.T) {
	b := newBench(t, &fakeEngine{})
	if got := b.texts(); !strings.Contains(got, "Nothing runs") || !strings.Contains(got, "press Build tiles") {
		t.Errorf("the page says %q", got)
	}
}

func TestSessionsThatCannotBeReadCanBeTriedAgain(t *testing.T) {
	e := full()
	e.err = errMade
	b := newBench(t, e)
	if got := b.texts(); !strings.Contains(got, errMade.Error()) || !strings.Contains(got, "Nothing was changed") {
		t.Errorf("the page says %q", got)
	}
	e.err = nil
	test.Tap(b.blank.again)
	if b.blank.content.Visible() || len(b.roster) != 3 {
		t.Error("trying again does not help")
	}
}

func TestTheChosenSessionIsShown(t *testing.T) {
	b := newBench(t, full())
	if b.chosen != "s1" || b.detail.overall.Value != 0.612 {
		t.Fatalf("chosen %s at %g", b.chosen, b.detail.overall.Value)
	}
	got := b.texts()
	for _, want := range []string{
		"1,230 of 12,004 tasks", "about 3 min 10 s to go", "3,210 tiles, 12 MB", "15 faults",
		"200 of 600 tasks", "38 %", "started 14:49", "interrupted",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
	b.Show("s3")
	if got := b.texts(); !strings.Contains(got, "it is not a shapefile") || b.detail.buttons.pause.Visible() || !b.detail.buttons.retry.Visible() {
		t.Error("a failed session is not shown as one")
	}
}

// A session may be asked for before the list has it.
func TestShowWaitsForTheSession(t *testing.T) {
	e := full()
	b := newBench(t, e)
	b.Show("s9")
	if b.chosen != "s1" {
		t.Fatalf("chosen %q", b.chosen)
	}
	e.tell(running("s9", "New"))
	if b.chosen != "s9" || b.detail.name.Text != "New" {
		t.Errorf("chosen %q, shown %q", b.chosen, b.detail.name.Text)
	}
}

func TestCommands(t *testing.T) {
	for _, tt := range []struct {
		session string
		button  func(*bench) *kit.Button
		answer  string // to the question, "" if none is asked
		want    string
	}{
		{"s1", func(b *bench) *kit.Button { return b.detail.buttons.pause }, "", "pause s1"},
		{"s2", func(b *bench) *kit.Button { return b.detail.buttons.resume }, "", "resume s2"},
		{"s3", func(b *bench) *kit.Button { return b.detail.buttons.retry }, "", "retry s3/"},
		{"s1", func(b *bench) *kit.Button { return b.detail.buttons.cancel }, "Cancel the run", "cancel s1/"},
		{"s1", func(b *bench) *kit.Button { return b.detail.buttons.cancel }, "Let it run", ""},
		{"s2", func(b *bench) *kit.Button { return b.detail.buttons.discard }, "Discard", "cancel s2/"},
		{"s2", func(b *bench) *kit.Button { return b.detail.buttons.discard }, "Keep it", ""},
	} {
		b := newBench(t, full())
		b.Show(tt.session)
		button := tt.button(b)
		if !button.Visible() {
			t.Errorf("%s: no button %q", tt.session, button.Text)
			continue
		}
		button.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		if tt.answer != "" {
			b.answer(t, tt.answer)
		}
		if got := strings.Join(b.engine.told, ","); got != tt.want {
			t.Errorf("%s, %s: told %q, want %q", button.Text, tt.answer, got, tt.want)
		}
	}
}

// answer presses a button of the dialog on top.
func (b *bench) answer(t *testing.T, word string) {
	t.Helper()
	for _, o := range test.LaidOutObjects(b.w.Canvas().Overlays().Top()) {
		if x, ok := o.(*kit.Button); ok && x.Text == word {
			test.Tap(x)
			return
		}
	}
	t.Fatalf("nobody asks for %q", word)
}

func TestAFailedCommandIsTold(t *testing.T) {
	e := full()
	b := newBench(t, e)
	e.err = errors.New("pause session s1: INVALID_SESSION_STATE: it is completed")
	test.Tap(b.detail.buttons.pause)
	if got := b.texts(); !strings.Contains(got, "INVALID_SESSION_STATE") || !strings.Contains(got, "nothing was lost") {
		t.Errorf("told %q", got)
	}
}

func TestDetailsCanBeCopied(t *testing.T) {
	b := newBench(t, full())
	test.Tap(b.detail.buttons.copy)
	got := b.app.Clipboard().Content()
	for _, want := range []string{"Run: s1\n", "State: running\n", "Simplify for each zoom: 37.5 %", "12 × self-intersection", "at 10.75, 59.91"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in %q", want, got)
		}
	}
}

// Sessions tell of themselves all the time: what is chosen and where the list
// stands stays.
func TestUpdatesKeepChoiceAndScroll(t *testing.T) {
	e := full()
	b := newBench(t, e)
	test.Tap(b.detail.panes[2].name)
	v := b.detail.tasks
	v.choose("s1-zoom-0000120")
	at := v.list.GetScrollOffset()
	b.Show("s1")
	for i := range 5 {
		s := running("s1", "Europe")
		s.Progress.Overall += float64(i)
		e.tell(s)
		newer := running(fmt.Sprint("n", i), "newer")
		newer.Created = clockNow().Add(time.Duration(i) * time.Second)
		e.tell(newer)
	}
	if b.chosen != "s1" || v.chosen != "s1-zoom-0000120" || v.list.GetScrollOffset() != at {
		t.Errorf("chosen %s, task %s, scrolled from %v to %v", b.chosen, v.chosen, at, v.list.GetScrollOffset())
	}
	if b.list.list.Chosen() != 5 || len(b.roster) != 8 {
		t.Errorf("row %d of %d", b.list.list.Chosen(), len(b.roster))
	}
}

func TestUpdatesAreAtMostTenASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := full()
		tasks, run := kit.QueueTasks()
		settle := func() { synctest.Wait(); run() }
		app := test.NewTempApp(t)
		w := test.NewTempWindow(t, nil)
		shown := 0
		p := New(Host{
			Window: w, Clipboard: app.Clipboard(), Tasks: tasks, Engine: e, Now: clockNow,
			Running: func(int) { shown++ },
		})
		w.SetContent(p.Content)
		settle()
		shown = 0
		for range 1000 { // a second
			e.tell(running("s1", "Europe"))
			time.Sleep(time.Millisecond)
			settle()
		}
		if shown < 8 || shown > 10 {
			t.Errorf("shown %d times in a second", shown)
		}
		p.Close()
		time.Sleep(time.Minute)
		settle()
		before := shown
		e.tell(running("s1", "Europe"))
		time.Sleep(time.Minute)
		settle()
		if shown != before || len(e.watchers) != 0 {
			t.Error("a closed page follows on")
		}
	})
}

func TestEarlierRunsAndFaults(t *testing.T) {
	e := full()
	b := newBench(t, e)
	if got := b.detail.tabs.buttons[2].Text; got != "Earlier runs (2)" {
		t.Errorf("the tab says %q", got)
	}
	test.Tap(b.detail.tabs.buttons[2])
	b.detail.runs.list.Choose(0)
	if got := b.texts(); !strings.Contains(got, "21,480 tiles") || !strings.Contains(got, "“Norway”") {
		t.Errorf("the page says %q", got)
	}
	e.runs = nil
	b.Show("s2")
	if got := b.detail.runs.text.Text; !strings.Contains(got, "No run of World") {
		t.Errorf("without runs it says %q", got)
	}
	e.runs = finished()
	done := interrupted("s2", "World")
	done.Status = session.Completed
	e.tell(done)
	if len(b.detail.runs.runs) != 2 {
		t.Error("a run that has just ended is not among the earlier ones")
	}
}

// The tasks of a run that has ended go; that is no error.
func TestTasksThatWereClearedAway(t *testing.T) {
	e := full()
	b := newBench(t, e)
	e.err = errors.New("SESSION_NOT_FOUND")
	b.Show("s3")
	if got := b.texts(); !strings.Contains(got, "are cleared away") {
		t.Errorf("the page says %q", got)
	}
	b.Show("s2")
	if got := b.texts(); !strings.Contains(got, "press Enter to try again: SESSION_NOT_FOUND") {
		t.Errorf("the page says %q", got)
	}
	e.err = nil
	b.detail.tasks.list.Choose(0)
	if n := len(b.detail.tasks.rows); n != 0 {
		t.Errorf("%d rows after trying again", n)
	}
	if got := b.detail.tasks.about.Text; got != "This run has no tasks yet." {
		t.Errorf("without tasks the page says %q", got)
	}
}

func TestMenus(t *testing.T) {
	b := newBench(t, full())
	b.detail.menu(fyne.NewPos(10, 10))
	if b.w.Canvas().Overlays().Top() == nil {
		t.Fatal("no menu of the session")
	}
	b.w.Canvas().Overlays().Top().Hide()
	b.detail.tasks.choose("s1-simplify2")
	b.detail.tasks.menu(fyne.NewPos(10, 10))
	if b.w.Canvas().Overlays().Top() == nil {
		t.Error("no menu of the task")
	}
	test.Tap(b.detail.buttons.open)
	if strings.Join(b.opened, ",") != "node-s1" {
		t.Errorf("opened %v", b.opened)
	}
}

// Everything can be reached by Tab.
func TestTabReachesAll(t *testing.T) {
	b := newBench(t, full())
	seen := map[fyne.Focusable]bool{}
	for range 40 {
		b.w.Canvas().(interface{ FocusNext() }).FocusNext()
		seen[b.w.Canvas().Focused()] = true
	}
	for _, f := range []fyne.Focusable{
		b.list.list, b.detail.buttons.pause, b.detail.buttons.copy, b.detail.panes[3].name,
		b.detail.tabs.buttons[2], b.detail.tasks.list,
	} {
		if !seen[f] {
			t.Errorf("%T cannot be reached", f)
		}
	}
}

// A run that is over and cleared away does not look as if it had never begun.
func TestClearedRunLooksDone(t *testing.T) {
	e := full()
	b := newBench(t, e)
	e.err = errors.New("SESSION_NOT_FOUND")
	done := e.sessions[0]
	done.ID, done.Status, done.Total, done.Completed, done.Progress = "s9", session.Completed, 0, 0, session.Progress{Overall: 100}
	e.tell(done)
	b.Show("s9")
	if got := b.detail.panes[2]; got.bar.Value != 1 || got.counts.Text != "done" {
		t.Errorf("pane at %v: %q", got.bar.Value, got.counts.Text)
	}
	if got := b.detail.figures.Text; strings.Contains(got, "of 0") {
		t.Errorf("figures %q", got)
	}
	e.err = nil
	e.tasks = nil
	b.detail.tasks.open()
	if got := b.detail.tasks.about.Text; !strings.Contains(got, "Earlier runs") {
		t.Errorf("below the tasks it says %q", got)
	}
}

// Resume takes the place of Pause for the keys too.
func TestPauseAndResumeByKeys(t *testing.T) {
	e := full()
	b := newBench(t, e)
	b.Show("s1")
	b.w.Canvas().Focus(b.detail.buttons.pause)
	b.w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	s := e.sessions[0]
	s.Status, s.CanPause, s.CanResume = session.Paused, false, true
	e.tell(s)
	if b.w.Canvas().Focused() != fyne.Focusable(b.detail.buttons.resume) {
		t.Fatalf("the focus is on %v", b.w.Canvas().Focused())
	}
	b.w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if got := strings.Join(e.told, ","); got != "pause s1,resume s1" {
		t.Errorf("told %q", got)
	}
}

func TestKeysGoToTheList(t *testing.T) {
	b := newBench(t, full())
	left := 0
	b.Page.host.Leave = func() { left++ }
	b.Focus()
	if b.w.Canvas().Focused() != fyne.Focusable(b.list.list) {
		t.Fatalf("the focus is on %v", b.w.Canvas().Focused())
	}
	if b.list.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape}); left != 1 {
		t.Error("Escape does not leave the page")
	}
}
