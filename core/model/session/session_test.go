package session

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// code is what people see of an error of this package beside its sentence; ""
// for any other.
func code(err error) string {
	for _, e := range []error{ErrState, ErrProcessing, ErrNoSession, ErrNoTask, ErrTask} {
		if errors.Is(err, e) {
			return e.Error()
		}
	}
	return ""
}

func TestOneSessionPerNode(t *testing.T) {
	d := newDesk(t)
	create := func(id, node string) func(tx *kv.Tx) error {
		return func(tx *kv.Tx) error { return d.Create(tx, &Session{ID: id, Node: node}) }
	}
	set := func(id string, to Status) func(tx *kv.Tx) error {
		return func(tx *kv.Tx) error { return d.SetStatus(tx, id, to, "") }
	}
	d.do(create("s", "n"))
	d.do(create("other", "m"))
	err := d.refused(ErrProcessing, create("s2", "n"))
	var busy *ProcessingError
	if !errors.As(err, &busy) || busy.Session != "s" || busy.Status != Pending || code(err) != "NODE_ALREADY_PROCESSING" {
		t.Errorf("%v", err)
	}
	d.do(set("s", Running))
	d.refused(ErrProcessing, create("s2", "n"))
	d.do(set("s", Paused))
	d.refused(ErrProcessing, create("s2", "n"))
	d.do(set("s", Failed))
	d.do(create("s2", "n"))
	d.refused(ErrProcessing, set("s", Pending)) // not beside the new one
	d.do(set("s2", Cancelled))
	d.do(set("s", Pending))
	if err := d.refused(ErrNoSession, set("x", Running)); code(err) != "SESSION_NOT_FOUND" {
		t.Error(err)
	}
	if err := d.db.Update(create("s", "free")); err == nil || !strings.Contains(err.Error(), "there is one of that id") {
		t.Error(err)
	}
	if err := d.db.Update(create("", "n")); err == nil || code(err) != "" {
		t.Error(err)
	}
}

// TestSessionsMustRun: tasks start only while the session runs, and end also
// while it is being paused.
func TestSessionsMustRun(t *testing.T) {
	d := newDesk(t)
	d.run([]Task{task("a", ""), task("b", "")}, nil)
	d.start("a")
	d.do(func(tx *kv.Tx) error { return d.SetStatus(tx, "s", Paused, "") })
	err := d.refused(ErrState, func(tx *kv.Tx) error { return d.Start(tx, "s", "b") })
	if want := "session s is paused: cannot start a task"; !strings.Contains(err.Error(), want) {
		t.Errorf("%q, want %q in it", err, want)
	}
	d.complete("a")
	d.do(func(tx *kv.Tx) error { return d.Cancel(tx, "s", "") })
	d.states("a:completed b:cancelled")
	d.refused(ErrState, func(tx *kv.Tx) error { return d.Cancel(tx, "s", "") })
	d.refused(ErrState, func(tx *kv.Tx) error { return d.Cancel(tx, "s", "b") })
	// A retry makes an ended session pending.
	d.do(func(tx *kv.Tx) error {
		n, err := d.Retry(tx, "s", "")
		if n != 1 {
			t.Errorf("retried %d", n)
		}
		return err
	})
	if s := d.session(); s.Status != Pending || !s.Ended.IsZero() {
		t.Errorf("%s, ended %s", s.Status, s.Ended)
	}
	d.states("a:completed b:queued")
}

func TestInterrupted(t *testing.T) {
	d := newDesk(t)
	d.run([]Task{group("g", ""), task("a", "g"), task("b", "g")}, nil)
	d.start("a")
	d.clock.t = d.clock.t.Add(time.Minute)
	d.start("b")
	d.complete("b")
	d.clock.t = d.clock.t.Add(time.Hour) // the program is away
	for range 2 {                        // they stay marked until they run again
		d.do(func(tx *kv.Tx) error {
			cut, err := d.Interrupted(tx)
			if len(cut) != 1 || cut[0].ID != "s" || cut[0].Status != Paused || !cut[0].Interrupted {
				t.Errorf("%+v", cut)
			}
			return err
		})
	}
	d.states("a:queued b:completed g:running")
	d.do(func(tx *kv.Tx) error { return d.SetStatus(tx, "s", Running, "") })
	if s := d.session(); s.Interrupted || s.Worked != time.Minute || s.Reason != "" {
		t.Errorf("interrupted %v, worked %s, reason %q", s.Interrupted, s.Worked, s.Reason)
	}
}

func TestDefer(t *testing.T) {
	d := newDesk(t)
	d.run([]Task{task("a", ""), task("b", "")}, []Dependency{{Source: "a", Target: "b", Type: Conditional, Condition: &Condition{Type: Always}}})
	until := d.clock.t.Add(4 * time.Second)
	again := func(tx *kv.Tx) error { return d.Defer(tx, "s", "a", "503 Service Unavailable", until) }
	d.refused(ErrState, again)
	d.start("a")
	d.do(again)
	d.states("a:queued b:pending")
	ready := func() (n int) {
		d.do(func(tx *kv.Tx) error {
			ts, err := d.Ready(tx, "s", Download, 9)
			n = len(ts)
			return err
		})
		return n
	}
	if n := ready(); n != 0 {
		t.Errorf("%d ready too early", n)
	}
	d.clock.t = until
	if n := ready(); n != 1 {
		t.Errorf("%d ready", n)
	}
	d.do(func(tx *kv.Tx) error {
		a, err := d.Task(tx, "s", "a")
		if a.Retries != 1 || a.Error != "503 Service Unavailable" {
			t.Errorf("%d retries, %q", a.Retries, a.Error)
		}
		return err
	})
	d.start("a")
	d.complete("a")
	d.states("a:completed b:queued")
}

func TestReadyOrder(t *testing.T) {
	d := newDesk(t)
	var tasks []Task
	for i, id := range []string{"d", "a", "c", "b"} {
		n := task(id, "")
		n.Priority = i / 2 // d and a go first
		tasks = append(tasks, n)
	}
	x := task("x", "")
	x.Stage = VectorTile
	d.run(append(tasks, x), nil)
	d.do(func(tx *kv.Tx) error {
		got := ""
		ts, err := d.Ready(tx, "s", Download, 3)
		for _, n := range ts {
			got += n.ID
		}
		if got != "adb" {
			t.Errorf("order %q", got)
		}
		return err
	})
}

// TestBuffers: a Data dependency looks for the buffers it names.
func TestBuffers(t *testing.T) {
	there := map[string]bool{"raw": true}
	for _, c := range []struct {
		has  func(session, buffer string) (bool, error)
		left []string
		want string
	}{
		{nil, []string{"raw", "index"}, "a:completed b:queued"},
		{nil, []string{"raw"}, "a:completed b:skipped"},
		{func(_, b string) (bool, error) { return there[b], nil }, []string{"raw", "index"}, "a:completed b:skipped"},
		{func(_, b string) (bool, error) { return true, nil }, nil, "a:completed b:queued"},
	} {
		d := newDesk(t)
		d.Has = c.has
		d.run([]Task{task("a", ""), task("b", "")},
			[]Dependency{{Source: "a", Target: "b", Type: Data, Required: []string{"raw", "index"}}})
		d.start("a")
		d.do(func(tx *kv.Tx) error { return d.Complete(tx, "s", "a", Result{}, c.left) })
		d.states(c.want)
	}
	d := newDesk(t)
	damaged := errors.New("damaged")
	d.Has = func(string, string) (bool, error) { return false, damaged }
	d.run([]Task{task("a", ""), task("b", "")}, []Dependency{{Source: "a", Target: "b", Type: Data, Required: []string{"raw"}}})
	d.start("a")
	d.refused(damaged, func(tx *kv.Tx) error { return d.Complete(tx, "s", "a", Result{}, nil) })
}

func TestOutcomes(t *testing.T) {
	for _, c := range []struct {
		name         string
		tiles        int
		fail, cancel bool
		want         Status
		reason       string
	}{
		{"all well", 5, false, false, Completed, ""},
		{"a part failed", 5, true, false, Completed, "1 of 3 tasks failed"},
		{"a part cancelled", 5, true, true, Completed, "1 of 3 tasks failed, 1 of 3 were cancelled or skipped"},
		{"no tiles", 0, false, false, Failed, "no tiles were made, although all tasks went well: the input has nothing to show at these zooms"},
		{"no tiles, failed", 0, true, false, Failed, "no tiles were made: 1 of 3 tasks failed; first: b: no such file"},
		{"no tiles, cancelled", 0, false, true, Cancelled, "no tiles were made: 1 of 3 were cancelled or skipped"},
	} {
		d := newDesk(t)
		d.run([]Task{task("a", ""), task("b", ""), task("c", "")}, nil)
		d.start("a", "b", "c")
		outcome := func(want Status, wantReason string, wantDone bool) {
			d.do(func(tx *kv.Tx) error {
				st, reason, done, err := d.Outcome(tx, "s")
				if st != want || reason != wantReason || done != wantDone {
					t.Errorf("%s: %s, %q, %v", c.name, st, reason, done)
				}
				return err
			})
		}
		d.do(func(tx *kv.Tx) error { return d.Complete(tx, "s", "a", Result{Tiles: c.tiles}, nil) })
		outcome(Running, "", false)
		if c.fail {
			d.fail("b")
		} else {
			d.do(func(tx *kv.Tx) error { return d.Complete(tx, "s", "b", Result{}, nil) })
		}
		if c.cancel {
			d.do(func(tx *kv.Tx) error { return d.Cancel(tx, "s", "c") })
			d.refused(ErrState, func(tx *kv.Tx) error { return d.Complete(tx, "s", "c", Result{}, nil) })
		} else {
			d.do(func(tx *kv.Tx) error { return d.Complete(tx, "s", "c", Result{}, nil) })
		}
		outcome(c.want, c.reason, true)
		d.do(func(tx *kv.Tx) error { return d.SetStatus(tx, "s", c.want, c.reason) })
		outcome(c.want, c.reason, true)
	}
}

func TestDelete(t *testing.T) {
	d := newDesk(t)
	d.run([]Task{group("g", ""), task("a", "g"), task("b", "g"), task("c", "")},
		[]Dependency{edge("a", "b", Sequential), edge("b", "c", Sequential)})
	d.refused(ErrState, func(tx *kv.Tx) error { return d.Delete(tx, "s") })
	d.do(func(tx *kv.Tx) error { return d.SetStatus(tx, "s", Paused, "") })
	parts := 1
	for more := true; more; parts++ {
		d.do(func(tx *kv.Tx) (err error) {
			more, err = d.DeleteSome(tx, "s", 2)
			return err
		})
		if more { // half gone, it can never run again
			d.refused(ErrState, func(tx *kv.Tx) error { return d.SetStatus(tx, "s", Running, "") })
		}
	}
	if parts < 4 {
		t.Errorf("%d parts", parts)
	}
	d.do(func(tx *kv.Tx) error { return errors.Join(empty(tx), d.Delete(tx, "s")) })
}
