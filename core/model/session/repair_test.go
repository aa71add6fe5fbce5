package session

import (
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// TestVerifyAndRepair: what is damaged is found, each with its place, and
// repaired; the tasks' own states stay.
func TestVerifyAndRepair(t *testing.T) {
	d := newDesk(t)
	d.run([]Task{group("g", ""), group("h", "g"), task("a", "g"), task("b", "h"), task("c", "h"), task("d", ""), task("e", "")},
		[]Dependency{edge("a", "b", Sequential), edge("b", "c", Sequential), edge("d", "e", Sequential)})
	d.start("a")
	d.complete("a")
	d.start("b")
	verify := func() (all string) {
		d.do(func(tx *kv.Tx) error {
			return d.Verify(tx, "s", func(what string) { all += what + "\n" })
		})
		return all
	}
	if all := verify(); all != "" {
		t.Fatal(all)
	}
	const states = "a:completed b:running c:pending d:queued e:pending g:running h:running"
	d.states(states)
	damage := func(id string, change func(*Task)) func(tx *kv.Tx) error {
		return func(tx *kv.Tx) error {
			n, err := d.Task(tx, "s", id)
			if err != nil {
				return err
			}
			change(&n)
			return Tasks().Put(tx, &n)
		}
	}
	for _, c := range []struct {
		do   func(tx *kv.Tx) error
		says string
		want string
	}{
		{damage("g", func(n *Task) { n.Children, n.Status = 7, Completed }), "group g is completed, by its children running", states},
		{damage("h", func(n *Task) { n.RunningChildren = 0; n.Weight = 9 }), "group h keeps", states},
		{damage("c", func(n *Task) { n.Waiting = 3 }), "task c is pending and keeps 3 to wait for", states},
		{damage("e", func(n *Task) { n.Status, n.Waiting = Queued, 0 }), "task e is queued and keeps 0", states},
		{damage("a", func(n *Task) { n.DoneWeight = 0 }), "session s has work", states},
		{damage("c", func(n *Task) { n.Parent = "x" }), "task c has x as parent, which is not there", states},
		{damage("h", func(n *Task) { n.Parent = "x" }), "task h has x as parent", strings.Replace(states, "g:running", "g:completed", 1)},
		{damage("g", func(n *Task) { n.Parent = "g" }), "group g", strings.Replace(states, "g:running", "g:completed", 1)},
		{func(tx *kv.Tx) error {
			s, err := d.Get(tx, "s")
			if err != nil {
				return err
			}
			s.Completed = 4
			return Sessions().Put(tx, &s)
		}, "session s counts [5 4 0 0]", strings.Replace(states, "g:running", "g:completed", 1)},
		{func(tx *kv.Tx) error {
			_, err := Tasks().Delete(tx, TaskKey("s", "d"))
			return err
		}, "dependency d>e has d as source, which is not there", "a:completed b:running c:pending e:queued g:completed h:running"},
	} {
		d.do(c.do)
		if all := verify(); !strings.Contains(all, c.says) {
			t.Errorf("found %q, want %q in it", all, c.says)
		}
		d.do(func(tx *kv.Tx) error { return d.Repair(tx, "s") })
		if all := verify(); all != "" {
			t.Errorf("%s: after the repair: %s", c.says, all)
		}
		d.states(c.want)
	}
}
