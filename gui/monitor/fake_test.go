package monitor

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// clockNow is the time of all tests.
func clockNow() time.Time { return time.Date(2026, 3, 14, 15, 9, 26, 0, time.Local) }

// fakeEngine holds sessions and tasks in memory and notes what it is told.
type fakeEngine struct {
	mu       sync.Mutex
	sessions []engine.Session
	tasks    map[string][]engine.Task // by session and parent, "s1/" for the top
	runs     []shape.RunSummary
	err      error // of every call
	told     []string
	asked    []string // pages
	longest  int      // page that was handed out
	watchers map[int]func(engine.Session)
}

func (f *fakeEngine) Sessions(context.Context) ([]engine.Session, error) { return f.sessions, f.err }

func (f *fakeEngine) Tasks(_ context.Context, id, parent, after string, limit int) ([]engine.Task, error) {
	if f.err != nil {
		return nil, f.err
	}
	f.asked = append(f.asked, parent+">"+after)
	all := f.tasks[id+"/"+parent]
	if after != "" {
		for i, t := range all {
			if t.ID == after {
				all = all[i+1:]
				break
			}
		}
	}
	page := append([]engine.Task(nil), all[:min(limit, len(all))]...)
	f.longest = max(f.longest, len(page))
	return page, nil
}

func (f *fakeEngine) note(verb string, ids ...string) error {
	f.told = append(f.told, verb+" "+strings.Join(ids, "/"))
	return f.err
}

func (f *fakeEngine) Pause(_ context.Context, id string) error  { return f.note("pause", id) }
func (f *fakeEngine) Resume(_ context.Context, id string) error { return f.note("resume", id) }
func (f *fakeEngine) Cancel(_ context.Context, id, task string) error {
	return f.note("cancel", id, task)
}

func (f *fakeEngine) Retry(_ context.Context, id, task string) error {
	return f.note("retry", id, task)
}

func (f *fakeEngine) Watch(fn func(engine.Session)) func() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.watchers == nil {
		f.watchers = map[int]func(engine.Session){}
	}
	n := len(f.watchers)
	f.watchers[n] = fn
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.watchers, n)
	}
}

func (f *fakeEngine) tell(s engine.Session) {
	f.mu.Lock()
	watchers := f.watchers
	f.mu.Unlock()
	for _, fn := range watchers {
		fn(s)
	}
}

func (f *fakeEngine) Runs(context.Context, string) ([]shape.RunSummary, error) { return f.runs, f.err }

// running is a session in mid-work.
func running(id, name string) engine.Session {
	s := engine.Session{
		NodeName: name, Current: "Simplifying zoom 5, block 12", Tiles: 3210, Bytes: 12_345_678,
		CanPause: true, CanCancel: true,
	}
	s.ID, s.Node, s.Status = id, "node-"+id, session.Running
	s.Created = clockNow().Add(-20 * time.Minute)
	s.Started, s.Worked = s.Created, 12*time.Minute+4*time.Second
	s.Total, s.Completed = 12_004, 1_230
	s.Progress = session.Progress{Download: 100, Simplify1: 100, Simplify2: 37.5, Overall: 61.2, Remaining: 190 * time.Second}
	s.Faults = map[string]int{"self-intersection": 12, "duplicate-point": 3}
	s.Samples = []string{"self-intersection: world.geojson, feature 12 “Norway”, at 10.75, 59.91"}
	return s
}

// interrupted is a session that ran when the program ended.
func interrupted(id, name string) engine.Session {
	s := running(id, name)
	s.Status, s.Interrupted, s.Current = session.Paused, true, ""
	s.CanPause, s.CanResume = false, true
	s.Created = s.Created.Add(-26 * time.Hour)
	s.Started = s.Created
	return s
}

// failed is a session that some tasks failed in and that made no tiles.
func failed(id, name string) engine.Session {
	s := running(id, name)
	s.Status, s.Current, s.Tiles, s.Bytes, s.Failed = session.Failed, "", 0, 0, 2
	s.CanPause, s.CanCancel, s.CanRetry = false, false, true
	s.Reason = "2 of 3 files cannot be read: provinces.shp: byte 100: it is not a shapefile. Give the folder's .shp file, with its .dbf and .shx beside it."
	s.Created = s.Created.Add(-2 * time.Hour)
	s.Progress.Remaining = 0
	return s
}

// stageTasks are the four parents and, below the third, n children.
func stageTasks(id string, n int) map[string][]engine.Task {
	out := map[string][]engine.Task{}
	for i, st := range stages() {
		t := engine.Task{Percent: []float64{100, 100, 37.5, 0}[i]}
		t.ID, t.Session, t.Stage, t.Name = id+"-"+string(st), id, st, stageWord(st)
		t.Status = []session.Status{session.Completed, session.Completed, session.Running, session.Pending}[i]
		t.Children = []int{1, 2, n, 40}[i]
		t.Task.Children, t.CompletedChildren = t.Children, []int{1, 2, n / 3, 0}[i]
		t.Started = clockNow().Add(-time.Minute)
		out[id+"/"] = append(out[id+"/"], t)
	}
	for i := range n {
		t := engine.Task{}
		t.ID, t.Session, t.Stage, t.Parent = fmt.Sprintf("%s-zoom-%07d", id, i), id, session.Simplify2, id+"-simplify2"
		t.Name, t.Status, t.Percent = fmt.Sprintf("Zoom %d, block %d", i%7, i), session.Pending, 0
		switch {
		case i == 4:
			t.Status, t.Error = session.Failed, "zoom 4, block 4: write scratch: no space left on device\nThe rest is kept."
		case i < n/3:
			t.Status, t.Percent = session.Completed, 100
			t.Started, t.Ended = clockNow().Add(-time.Minute), clockNow().Add(-59*time.Second)
			t.Result = session.Result{Features: 123 + i, Tiles: i}
		case i == n/3:
			t.Status, t.Percent, t.Started = session.Running, 42, clockNow().Add(-1300*time.Millisecond)
		}
		out[id+"/"+t.Parent] = append(out[id+"/"+t.Parent], t)
	}
	return out
}

func finished() []shape.RunSummary {
	return []shape.RunSummary{
		{
			Status: "completed", Started: clockNow().Add(-50 * time.Hour), Ended: clockNow().Add(-49 * time.Hour), Worked: 58 * time.Minute,
			Features: 4847, Drawn: 4845, Tiles: 21_480, Bytes: 81_000_000, MaxZoom: 8, Faults: map[string]int{"self-intersection": 12},
			Samples: []string{"self-intersection: world.geojson, feature 12 “Norway”, at 10.75, 59.91"},
		},
		{Status: "failed", Reason: "the disk is full", Started: clockNow().Add(-900 * time.Hour), Ended: clockNow().Add(-899 * time.Hour), Worked: 3 * time.Second},
	}
}

// bench is a page with all around it.
type bench struct {
	*Page
	w      fyne.Window
	app    fyne.App
	engine *fakeEngine
	said   []string
	opened []string
}

func newBench(t *testing.T, e *fakeEngine) *bench {
	t.Helper()
	b := &bench{app: test.NewTempApp(t), engine: e}
	b.app.Settings().SetTheme(kit.NewTheme(kit.Light))
	b.w = test.NewTempWindow(t, nil)
	b.Page = New(Host{
		Window: b.w, Clipboard: b.app.Clipboard(), Tasks: kit.InlineTasks(), Engine: e, Now: clockNow,
		Say: func(s string) { b.said = append(b.said, s) }, OpenNode: func(id string) { b.opened = append(b.opened, id) },
		Log: func(error) {},
	})
	t.Cleanup(b.Close)
	b.w.SetContent(b.Content)
	b.w.Resize(fyne.NewSize(1280, 800))
	return b
}

// texts is all text in what is on top of the window.
func (b *bench) texts() string {
	var o fyne.CanvasObject = b.w.Content()
	if top := b.w.Canvas().Overlays().Top(); top != nil {
		o = top
	}
	var out []string
	for _, o := range test.LaidOutObjects(o) {
		if l, ok := o.(*widget.Label); ok && l.Visible() {
			out = append(out, l.Text)
		}
	}
	return strings.Join(out, "\n")
}

func full() *fakeEngine {
	e := &fakeEngine{sessions: []engine.Session{
		running("s1", "Countries and provinces of Europe"), failed("s3", "Own districts"),
		interrupted("s2", "World (Natural Earth 1:10m)"),
	}, tasks: stageTasks("s1", 600), runs: finished()}
	return e
}

var errMade = errors.New("core.db: page 12 cannot be read")
