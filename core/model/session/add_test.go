package session

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// TestRefusals: what cannot be added is refused with the place and the reason,
// and nothing of it stays.
func TestRefusals(t *testing.T) {
	d := newDesk(t)
	d.run([]Task{group("g", ""), task("a", "g"), task("b", ""), task("r", ""), task("e", "")},
		[]Dependency{edge("a", "b", Sequential)})
	d.start("r", "e")
	d.complete("e")
	deep := []Task{group("d0", "")}
	for i := 1; i <= maxDepth; i++ {
		deep = append(deep, group(fmt.Sprintf("d%d", i), fmt.Sprintf("d%d", i-1)))
	}
	with := func(change func(*Task)) []Task {
		n := task("n", "")
		change(&n)
		return []Task{n}
	}
	for _, c := range []struct {
		tasks []Task
		deps  []Dependency
		says  string
	}{
		{[]Task{task("", "")}, nil, "1 … 1000 bytes"},
		{[]Task{task("a\nb", "")}, nil, "no control characters"},
		{[]Task{task(strings.Repeat("x", maxID+1), "")}, nil, "1 … 1000 bytes"},
		{[]Task{task("a", "")}, nil, "add task a to session s: there is a task of that id"},
		{[]Task{task("n", ""), task("n", "")}, nil, "there is a task of that id"},
		{[]Task{task("n", "x")}, nil, "its parent x is not there"},
		{[]Task{task("n", "m"), group("m", "")}, nil, "its parent m is not there"},
		{[]Task{task("n", "b")}, nil, "its parent b is not a group"},
		{deep, nil, "it would stand 9 deep, at most 8"},
		{with(func(n *Task) { n.Stage = "later" }), nil, `there is no stage "later"`},
		{with(func(n *Task) { n.Priority = -1 }), nil, "its priority is -1"},
		{with(func(n *Task) { n.Weight = -1 }), nil, "its weight is -1"},
		{with(func(n *Task) { n.Weight = math.NaN() }), nil, "its weight is NaN"},
		{with(func(n *Task) { n.Weight = 2 * maxWeight }), nil, "must be 0 …"},
		{nil, []Dependency{edge("x", "a", Sequential)}, `there is no task "x"`},
		{nil, []Dependency{edge("a", "x", Sequential)}, `there is no task "x"`},
		{nil, []Dependency{edge("a", "b", Parallel)}, "dependency a>b to session s: there is one between the two"},
		{nil, []Dependency{edge("a", "a", Sequential)}, "cannot wait for itself"},
		{nil, []Dependency{edge("b", "g", Sequential)}, "a group does not run"},
		{nil, []Dependency{edge("a", "r", Sequential)}, "the target is running"},
		{nil, []Dependency{edge("a", "e", Sequential)}, "the target is completed"},
		{nil, []Dependency{edge("r", "b", "sometimes")}, `there is no type "sometimes"`},
		{nil, []Dependency{{Source: "r", Target: "b", Type: Sequential, Condition: &Condition{Type: Always}}}, "has no condition"},
		{nil, []Dependency{{Source: "r", Target: "b", Type: Sequential, Required: []string{"x"}}}, "requires no buffers"},
		{nil, []Dependency{edge("b", "a", Sequential)}, "wait for each other: a → b → a"},
		{nil, []Dependency{edge("g", "a", Conditional)}, "needs a condition"},
		{nil, []Dependency{edge("g", "a", Data)}, "wait for each other: a → g → a"},
		{[]Task{task("n", "g")}, []Dependency{edge("g", "e2", Parallel)}, `no task "e2"`},
		{[]Task{task("n", "g")}, []Dependency{edge("b", "n", Parallel), edge("g", "b", Parallel)}, "n → g → b → n"},
		{make([]Task, MaxBatch+1), nil, "at most 10000 at once"},
	} {
		err := d.refused(ErrTask, func(tx *kv.Tx) error { return d.Add(tx, "s", c.tasks, c.deps) })
		if !strings.Contains(err.Error(), c.says) {
			t.Errorf("got %q, want %q in it", err, c.says)
		}
	}
	d.states("a:queued b:pending e:completed g:pending r:running")
	d.refused(ErrNoSession, func(tx *kv.Tx) error { return d.Add(tx, "x", nil, nil) })
	d.do(func(tx *kv.Tx) error { return d.SetStatus(tx, "s", Failed, "") })
	d.refused(ErrState, func(tx *kv.Tx) error { return d.Add(tx, "s", []Task{task("n", "")}, nil) })
}

// TestSearchIsBounded: ruling out a circle does not go over the whole session.
func TestSearchIsBounded(t *testing.T) {
	d := newDesk(t)
	tasks, deps := []Task{task("first", ""), task("gate", "")}, []Dependency(nil)
	for i := range 100 {
		id := fmt.Sprintf("t%d", i)
		tasks = append(tasks, task(id, ""))
		deps = append(deps, edge("gate", id, Sequential))
	}
	d.run(tasks, deps)
	d.do(func(tx *kv.Tx) error {
		o, err := d.open(tx, "s", "test", Running)
		if err != nil {
			return err
		}
		late := []Dependency{edge("first", "gate", Sequential)}
		if err := o.acyclic(late, 101); err != nil {
			t.Error(err)
		}
		err = o.acyclic(late, 99)
		if err == nil || !strings.Contains(err.Error(), "more than 99 tasks hang on its target") {
			t.Error(err)
		}
		return nil
	})
}

// TestLongCircle names both ends of a circle, and how much is between.
func TestLongCircle(t *testing.T) {
	d := newDesk(t)
	var tasks []Task
	var deps []Dependency
	for i := range 20 {
		tasks = append(tasks, task(fmt.Sprintf("t%d", i), ""))
		deps = append(deps, edge(fmt.Sprintf("t%d", i), fmt.Sprintf("t%d", (i+1)%20), Parallel))
	}
	d.run(nil, nil)
	err := d.refused(ErrTask, func(tx *kv.Tx) error { return d.Add(tx, "s", tasks, deps) })
	if want := "t1 → t2 → t3 → t4 → t5 → t6 → (14 more) → t1"; !strings.Contains(err.Error(), want) {
		t.Errorf("%q, want %q in it", err, want)
	}
}

// TestAddedBelowCancelled: what comes late below a group that was cancelled is
// cancelled, until the group is retried.
func TestAddedBelowCancelled(t *testing.T) {
	d := newDesk(t)
	d.run([]Task{group("g", ""), task("a", "g"), task("b", "")}, nil)
	d.do(func(tx *kv.Tx) error { return d.Cancel(tx, "s", "g") })
	d.do(func(tx *kv.Tx) error {
		return d.Add(tx, "s", []Task{group("h", "g"), task("c", "h"), task("d", "")},
			[]Dependency{edge("b", "c", Sequential), edge("c", "d", Sequential)})
	})
	d.states("a:cancelled b:queued c:cancelled d:skipped g:cancelled h:cancelled")
	d.do(func(tx *kv.Tx) error {
		n, err := d.Retry(tx, "s", "c")
		if n != 2 { // and d, which had to wait for it
			t.Errorf("retried %d", n)
		}
		return err
	})
	d.states("a:cancelled b:queued c:pending d:pending g:pending h:pending")
	d.do(func(tx *kv.Tx) error { return d.Add(tx, "s", []Task{task("e", "g")}, nil) })
	d.states("a:cancelled b:queued c:pending d:pending e:queued g:pending h:pending")
}

// TestEmptyGroup can be cancelled, and what waits for it is skipped.
func TestEmptyGroup(t *testing.T) {
	d := newDesk(t)
	d.run([]Task{group("g", ""), task("a", ""), task("b", "")}, []Dependency{edge("g", "a", Sequential)})
	d.states("a:pending b:queued g:pending")
	d.start("b")
	d.complete("b")
	d.do(func(tx *kv.Tx) error {
		st, reason, done, err := d.Outcome(tx, "s")
		if st != Failed || !done || reason != "1 tasks wait for what will not come; first: a" {
			t.Errorf("%s, %q, %v", st, reason, done)
		}
		return err
	})
	d.do(func(tx *kv.Tx) error { return d.Cancel(tx, "s", "g") })
	d.states("a:skipped b:completed g:cancelled")
	d.do(func(tx *kv.Tx) error {
		_, err := d.Retry(tx, "s", "")
		return err
	})
	d.states("a:pending b:completed g:pending")
}
