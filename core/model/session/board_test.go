package session

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// clock is a time that tests turn on.
type clock struct{ t time.Time }

func (c *clock) now() time.Time { return c.t }

// desk is a board on a database of its own.
type desk struct {
	t     *testing.T
	db    *kv.DB
	clock *clock
	Board
}

func schema() kv.Schema {
	return kv.Schema{Name: "ephemeral", Version: 1, Tables: []kv.Tabled{Sessions(), Tasks(), Dependencies()}}
}

func newDesk(t *testing.T) *desk {
	db, err := kv.Open(filepath.Join(t.TempDir(), "e.db"), schema(), kv.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	c := &clock{time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)}
	d := &desk{t: t, db: db, clock: c, Board: Board{Now: c.now}}
	t.Cleanup(func() {
		if err := db.Check(func(f kv.Finding) { t.Error(f) }); err != nil {
			t.Error(err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// do changes the database; what cannot be done ends the test.
func (d *desk) do(fn func(tx *kv.Tx) error) {
	d.t.Helper()
	if err := d.db.Update(fn); err != nil {
		d.t.Fatal(err)
	}
}

// refused expects an error, and returns it.
func (d *desk) refused(code error, fn func(tx *kv.Tx) error) error {
	d.t.Helper()
	err := d.db.Update(fn)
	if !errors.Is(err, code) {
		d.t.Fatalf("got error %v, want %v", err, code)
	}
	return err
}

// run makes a running session "s" of node "n" with the tasks.
func (d *desk) run(tasks []Task, deps []Dependency) {
	d.t.Helper()
	d.do(func(tx *kv.Tx) error {
		if err := d.Create(tx, &Session{ID: "s", Node: "n"}); err != nil {
			return err
		}
		if err := d.Add(tx, "s", tasks, deps); err != nil {
			return err
		}
		return d.SetStatus(tx, "s", Running, "")
	})
}

func (d *desk) start(ids ...string) {
	d.t.Helper()
	d.do(func(tx *kv.Tx) error { return d.Start(tx, "s", ids...) })
}

func (d *desk) complete(ids ...string) {
	d.t.Helper()
	for _, id := range ids {
		d.do(func(tx *kv.Tx) error { return d.Complete(tx, "s", id, Result{Tiles: 1}, nil) })
	}
}

func (d *desk) fail(id string) {
	d.t.Helper()
	d.do(func(tx *kv.Tx) error { return d.Fail(tx, "s", id, "no such file") })
}

func (d *desk) session() (s Session) {
	d.t.Helper()
	d.do(func(tx *kv.Tx) (err error) { s, err = d.Get(tx, "s"); return err })
	return s
}

// states expects the states of all tasks, "a:queued b:pending", by id.
func (d *desk) states(want string) {
	d.t.Helper()
	got := ""
	d.do(func(tx *kv.Tx) error {
		for t, err := range Tasks().All(tx, kv.Key(nil).Str("s")) {
			if err != nil {
				return err
			}
			got += fmt.Sprintf("%s:%s ", t.ID, t.Status)
		}
		return nil
	})
	if diff := cmp.Diff(want+" ", got); diff != "" {
		d.t.Error(diff)
	}
}

func task(id, parent string) Task {
	return Task{ID: id, Parent: parent, Stage: Download, Weight: 1}
}

func group(id, parent string) Task { return Task{ID: id, Parent: parent, Stage: Download, Group: true} }

func edge(source, target string, ty DependencyType) Dependency {
	return Dependency{Source: source, Target: target, Type: ty}
}

func TestARun(t *testing.T) {
	d := newDesk(t)
	d.run([]Task{group("g", ""), task("a", "g"), task("b", "g"), task("c", "")},
		[]Dependency{edge("a", "b", Sequential), edge("g", "c", Sequential)})
	d.states("a:queued b:pending c:pending g:pending")
	d.start("a")
	d.states("a:running b:pending c:pending g:running")
	d.complete("a")
	d.states("a:completed b:queued c:pending g:running")
	d.start("b")
	d.fail("b")
	d.states("a:completed b:failed c:queued g:completed")
	d.start("c")
	d.complete("c")
	s := d.session()
	if s.Total != 3 || s.Completed != 2 || s.Failed != 1 || s.Stopped != 0 || s.Made.Tiles != 2 {
		t.Errorf("counts: %+v", s)
	}
	d.do(func(tx *kv.Tx) error {
		st, reason, done, err := d.Outcome(tx, "s")
		if st != Completed || reason != "1 of 3 tasks failed" || !done {
			t.Errorf("outcome: %s, %q, %v", st, reason, done)
		}
		return err
	})
}

func TestFailureSkipsDependantsOnly(t *testing.T) {
	d := newDesk(t)
	d.run([]Task{task("a", ""), task("b", ""), task("c", ""), task("d", ""), task("e", ""), task("f", ""), task("x", "")},
		[]Dependency{
			edge("a", "b", Sequential), edge("b", "c", Data), edge("a", "d", Parallel),
			{Source: "a", Target: "e", Type: Conditional, Condition: &Condition{Type: OnFailure}},
			{Source: "a", Target: "f", Type: Conditional, Condition: &Condition{Type: OnSuccess}},
		})
	d.states("a:queued b:pending c:pending d:pending e:pending f:pending x:queued")
	d.start("a")
	d.states("a:running b:pending c:pending d:queued e:pending f:pending x:queued")
	d.fail("a")
	d.states("a:failed b:skipped c:skipped d:queued e:queued f:skipped x:queued")
	d.do(func(tx *kv.Tx) error {
		n, err := d.Retry(tx, "s", "a")
		if n != 4 { // and b, c and f
			t.Errorf("retried %d", n)
		}
		return err
	})
	// d may go: it waited for the beginning of a, which is to come again.
	d.states("a:queued b:pending c:pending d:pending e:pending f:pending x:queued")
	d.start("a")
	d.complete("a")
	d.states("a:completed b:queued c:pending d:queued e:skipped f:queued x:queued")
}
