package session

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/shapes-desktop/shapes/core/store/kv"
	"pgregory.net/rapid"
)

// machine does the same to a board and to the model.
type machine struct {
	db    *kv.DB
	clock *clock
	Board
	m        *model
	n        int // tasks so far
	progress Progress
}

// TestAgainstModel adds random tasks with random dependencies, does whatever
// may be done to them, and compares the board with the model and with a full
// scan after each step.
func TestAgainstModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp("", "session")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		db, err := kv.Open(filepath.Join(dir, "e.db"), schema(), kv.Options{NoSync: true})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		c := &clock{time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)}
		x := &machine{db: db, clock: c, Board: Board{Now: c.now}, m: newModel()}
		x.do(t, func(tx *kv.Tx) error {
			if err := x.Create(tx, &Session{ID: "s", Node: "n"}); err != nil {
				return err
			}
			return x.SetStatus(tx, "s", Running, "")
		})
		x.add(t)
		t.Repeat(map[string]func(*rapid.T){
			"": x.compare, "add": x.add, "start": x.start, "end": x.end, "requeue": x.requeue,
			"cancel": x.cancel, "retry": x.retry, "pause": x.pause,
		})
		if err := db.Check(func(f kv.Finding) { t.Error(f) }); err != nil {
			t.Fatal(err)
		}
	})
}

func (x *machine) do(t *rapid.T, fn func(tx *kv.Tx) error) {
	x.clock.t = x.clock.t.Add(time.Second)
	if err := x.db.Update(fn); err != nil {
		t.Fatal(err)
	}
}

// with returns the tasks for which ok holds, groups or not.
func (x *machine) with(ok func(*mtask) bool) (ids []string) {
	for _, id := range x.m.order {
		if ok(x.m.tasks[id]) {
			ids = append(ids, id)
		}
	}
	return ids
}

// some draws up to most of ids, without repeating one.
func some(t *rapid.T, ids []string, most int, label string) []string {
	if len(ids) == 0 {
		return nil
	}
	return rapid.SliceOfNDistinct(rapid.SampledFrom(ids), 1, min(most, len(ids)), rapid.ID).Draw(t, label)
}

func (x *machine) add(t *rapid.T) {
	groups := append(x.with(func(t *mtask) bool { return t.group }), "")
	var tasks []Task
	for range rapid.IntRange(1, 6).Draw(t, "tasks") {
		n := Task{
			ID:     fmt.Sprintf("t%03d", x.n),
			Parent: rapid.SampledFrom(groups).Draw(t, "parent"),
			Stage:  rapid.SampledFrom(stages()).Draw(t, "stage"),
			Group:  rapid.IntRange(0, 3).Draw(t, "group") == 0,
			Weight: float64(rapid.IntRange(0, 5).Draw(t, "weight")), Priority: rapid.IntRange(0, 3).Draw(t, "priority"),
		}
		if x.depth(n.Parent, tasks) >= maxDepth {
			n.Parent = ""
		}
		if n.Group {
			groups = append(groups, n.ID)
		}
		tasks = append(tasks, n)
		x.n++
	}
	deps := x.edges(t, tasks)
	kept := deps[:0]
	for i := range deps { // one by one, so that a circle is known to be that one's
		if !x.circular(tasks, append(kept, deps[i])) {
			kept = append(kept, deps[i])
			continue
		}
		err := x.db.Update(func(tx *kv.Tx) error { return x.Add(tx, "s", tasks, append(kept[:len(kept):len(kept)], deps[i])) })
		if code(err) != "INVALID_TASK" {
			t.Fatalf("a circle by %s > %s: %v", deps[i].Source, deps[i].Target, err)
		}
	}
	x.do(t, func(tx *kv.Tx) error { return x.Add(tx, "s", tasks, kept) })
	x.m.add(tasks, kept)
}

func stages() []Stage { s := Stages(); return s[:] }

func (x *machine) depth(id string, tasks []Task) (n int) {
	for n = 1; id != ""; n++ {
		id = x.parent(id, tasks)
	}
	return n
}

func (x *machine) parent(id string, tasks []Task) string {
	if t := x.m.tasks[id]; t != nil {
		return t.parent
	}
	for _, t := range tasks {
		if t.ID == id {
			return t.Parent
		}
	}
	return ""
}

// edges draws dependencies on new tasks and on those that wait.
func (x *machine) edges(t *rapid.T, tasks []Task) (deps []Dependency) {
	sources := x.with(func(*mtask) bool { return true })
	targets := x.with(func(t *mtask) bool { return !t.group && waits(t.status) })
	for _, n := range tasks {
		sources = append(sources, n.ID)
		if !n.Group {
			targets = append(targets, n.ID)
		}
	}
	if len(targets) == 0 {
		return nil
	}
	taken := map[string]bool{}
	for _, d := range x.m.deps {
		taken[d.source+">"+d.target] = true
	}
	for range rapid.IntRange(0, 8).Draw(t, "edges") {
		d := Dependency{
			Source: rapid.SampledFrom(sources).Draw(t, "source"), Target: rapid.SampledFrom(targets).Draw(t, "target"),
			Type: rapid.SampledFrom([]DependencyType{Sequential, Data, Conditional, Parallel}).Draw(t, "type"),
		}
		if d.Type == Conditional {
			d.Condition = &Condition{Type: rapid.SampledFrom([]ConditionType{Always, OnSuccess, OnFailure, Custom}).Draw(t, "condition")}
			if d.Condition.Type == Custom {
				d.Condition.Expression = `status == "completed" && faults <= most`
				d.Condition.Parameters = map[string]float64{"most": 1}
			}
		}
		if id := d.Source + ">" + d.Target; d.Source != d.Target && !taken[id] {
			taken[id] = true
			deps = append(deps, d)
		}
	}
	return deps
}

// circular looks for a circle by going round as often as there are tasks.
func (x *machine) circular(tasks []Task, deps []Dependency) bool {
	type pair struct{ from, to string }
	var arrows []pair
	for _, d := range x.m.deps {
		arrows = append(arrows, pair{d.source, d.target})
	}
	for _, d := range deps {
		arrows = append(arrows, pair{d.Source, d.Target})
	}
	ids := x.with(func(*mtask) bool { return true })
	for _, t := range tasks {
		ids = append(ids, t.ID)
	}
	for _, id := range ids {
		if p := x.parent(id, tasks); p != "" {
			arrows = append(arrows, pair{id, p})
		}
	}
	height := map[string]int{}
	// What has completed never runs again: nothing comes round by it.
	arrows = slices.DeleteFunc(arrows, func(a pair) bool {
		t := x.m.tasks[a.from]
		return t != nil && !t.group && t.status == Completed
	})
	for range len(ids) + 1 {
		changed := false
		for _, a := range arrows {
			if h := height[a.from] + 1; h > height[a.to] {
				height[a.to], changed = h, true
			}
		}
		if !changed {
			return false
		}
	}
	return true
}

func (x *machine) start(t *rapid.T) {
	ids := some(t, x.with(func(t *mtask) bool { return t.status == Queued && !t.group }), 3, "ids")
	x.do(t, func(tx *kv.Tx) error { return x.Start(tx, "s", ids...) })
	for _, id := range ids {
		x.m.tasks[id].status = Running
		x.m.tasks[id].runs++
	}
	x.m.settle()
}

func (x *machine) end(t *rapid.T) {
	var ends []End
	for _, id := range some(t, x.with(func(t *mtask) bool { return t.status == Running && !t.group }), 3, "ids") {
		e := End{Task: id, Result: Result{Tiles: 1, Faults: rapid.IntRange(0, 2).Draw(t, "faults")}}
		n := x.m.tasks[id]
		n.status, n.faults = Completed, e.Result.Faults
		if rapid.IntRange(0, 2).Draw(t, "fails") == 0 {
			e.Error, e.Result = "broken", Result{}
			n.status = Failed
		}
		ends = append(ends, e)
	}
	x.do(t, func(tx *kv.Tx) error { return x.End(tx, "s", ends...) })
	x.m.settle()
}

func (x *machine) requeue(t *rapid.T) {
	running := x.with(func(t *mtask) bool { return t.status == Running && !t.group })
	x.do(t, func(tx *kv.Tx) error {
		n, err := x.Requeue(tx, "s")
		if n != len(running) {
			t.Fatalf("%d queued again, not %d", n, len(running))
		}
		return err
	})
	for _, id := range running {
		x.m.tasks[id].status = Queued
	}
}

// pause is what happens when the program ends and is started again.
func (x *machine) pause(t *rapid.T) {
	x.do(t, func(tx *kv.Tx) error {
		cut, err := x.Interrupted(tx)
		if len(cut) != 1 || cut[0].Status != Paused || !cut[0].Interrupted {
			t.Fatalf("interrupted: %+v", cut)
		}
		if err != nil {
			return err
		}
		return x.SetStatus(tx, "s", Running, "")
	})
	for _, n := range x.m.tasks {
		if n.status == Running {
			n.status = Queued
		}
	}
}

func (x *machine) cancel(t *rapid.T) {
	id := rapid.SampledFrom(x.m.order).Draw(t, "id")
	x.do(t, func(tx *kv.Tx) error { return x.Cancel(tx, "s", id) })
	x.m.cancel(id)
}

func (x *machine) retry(t *rapid.T) {
	id := rapid.SampledFrom(append(x.with(func(*mtask) bool { return true }), "")).Draw(t, "id")
	want := x.m.retry(id)
	part := rapid.SampledFrom([]int{1, 2, 5, 1000}).Draw(t, "part")
	for last, more := "", true; more; {
		x.do(t, func(tx *kv.Tx) (err error) {
			var n int
			n, last, more, err = x.RetrySome(tx, "s", id, last, part)
			want -= n
			return err
		})
	}
	if want != 0 {
		t.Fatalf("%d too few have another chance", want)
	}
}

func (x *machine) compare(t *rapid.T) {
	err := x.db.View(func(tx *kv.Tx) error {
		for _, id := range x.m.order {
			have, err := x.Task(tx, "s", id)
			if err != nil {
				return err
			}
			want := x.m.tasks[id]
			if have.Status != x.m.status(id) || have.Retries != want.retries {
				t.Errorf("task %s (of %q): %s after %d retries, want %s after %d", id, want.parent, have.Status, have.Retries, x.m.status(id), want.retries)
			}
		}
		for _, d := range x.m.deps {
			have, _, err := Dependencies().Get(tx, kv.Key(nil).Str("s").Str(d.source+">"+d.target))
			if err != nil {
				return err
			}
			if waits(x.m.tasks[d.target].status) && have.Status != d.status {
				t.Errorf("dependency %s: %s, want %s", have.ID, have.Status, d.status)
			}
		}
		s, err := x.Get(tx, "s")
		if err != nil {
			return err
		}
		x.forward(t, s.Progress)
		return x.Verify(tx, "s", func(what string) { t.Error(what) })
	})
	if err != nil {
		t.Fatal(err)
	}
}

// forward sees that progress never goes back.
func (x *machine) forward(t *rapid.T, p Progress) {
	old, now := x.progress, p
	old.Remaining, now.Remaining = 0, 0
	for i, pair := range [][2]float64{
		{old.Download, now.Download},
		{old.Simplify1, now.Simplify1},
		{old.Simplify2, now.Simplify2},
		{old.VectorTile, now.VectorTile},
		{old.Overall, now.Overall},
	} {
		if pair[1] < pair[0] || pair[1] > 100 {
			t.Errorf("progress %d went from %g to %g", i, pair[0], pair[1])
		}
	}
	x.progress = p
}
