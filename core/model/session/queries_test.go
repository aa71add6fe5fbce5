package session

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// TestQueriesAgreeWithAScan asks every index and goes over the whole tables to
// find the same.
func TestQueriesAgreeWithAScan(t *testing.T) {
	d := newDesk(t)
	r := rand.New(rand.NewPCG(1, 2))
	states := []Status{Pending, Queued, Running, Completed, Failed}
	types := []DependencyType{Sequential, Data, Conditional, Parallel}
	var tasks []Task
	var deps []Dependency
	d.do(func(tx *kv.Tx) error {
		for i := range 200 {
			n := Task{
				ID: fmt.Sprintf("t%03d", i), Session: []string{"s", "s2"}[r.IntN(2)], Status: states[r.IntN(len(states))],
				Stage: stages()[r.IntN(4)], Priority: r.IntN(4), Parent: []string{"", "g"}[r.IntN(2)],
			}
			e := Dependency{
				Session: n.Session, Source: n.ID, Target: fmt.Sprintf("t%03d", r.IntN(9)),
				Type: types[r.IntN(len(types))], Status: DepPending,
			}
			e.ID = e.Source + ">" + e.Target
			tasks, deps = append(tasks, n), append(deps, e)
			if err := Tasks().Put(tx, &n); err != nil {
				return err
			}
			if err := Dependencies().Put(tx, &e); err != nil {
				return err
			}
		}
		return nil
	})
	scan := func(ok func(*Task) bool) (ids []string) {
		var found []Task
		for i := range tasks {
			if tasks[i].Session == "s" && ok(&tasks[i]) {
				found = append(found, tasks[i])
			}
		}
		slices.SortStableFunc(found, func(a, b Task) int { return cmp.Compare(a.Priority, b.Priority) })
		for _, n := range found {
			ids = append(ids, n.ID)
		}
		return ids
	}
	same := func(what string, got []Task, err error, want []string) {
		t.Helper()
		var ids []string
		for _, n := range got {
			ids = append(ids, n.ID)
		}
		if err != nil || !slices.Equal(ids, want) {
			t.Errorf("%s: %v (%v), want %v", what, ids, err, want)
		}
	}
	d.do(func(tx *kv.Tx) error {
		for _, st := range states {
			got, err := d.InState(tx, "s", st, -1)
			same(string(st), got, err, scan(func(n *Task) bool { return n.Status == st }))
		}
		for _, stage := range stages() {
			got, err := d.Ready(tx, "s", stage, 1000)
			same(string(stage), got, err, scan(func(n *Task) bool { return n.Stage == stage && n.Status == Queued }))
		}
		for _, parent := range []string{"", "g", "x"} {
			want := scan(func(n *Task) bool { return n.Parent == parent })
			var got []Task
			for last, more := "", true; more; { // in pages
				page, err := d.Children(tx, "s", parent, last, 7)
				if err != nil {
					return err
				}
				got, more = append(got, page...), len(page) == 7
				if more {
					last = page[6].ID
				}
			}
			same("children of "+parent, got, nil, want)
		}
		return sameEdges(t, d, tx, deps, types)
	})
}

func sameEdges(t *testing.T, d *desk, tx *kv.Tx, deps []Dependency, types []DependencyType) error {
	check := func(what string, got []Dependency, want func(*Dependency) bool) {
		var ids, all []string
		for _, e := range got {
			ids = append(ids, e.ID)
		}
		for i := range deps {
			if deps[i].Session == "s" && want(&deps[i]) {
				all = append(all, deps[i].ID)
			}
		}
		if !slices.Equal(ids, all) {
			t.Errorf("%s: %v, want %v", what, ids, all)
		}
	}
	for _, ty := range types {
		got, err := d.OfType(tx, "s", ty, -1)
		if err != nil {
			return err
		}
		check(string(ty), got, func(e *Dependency) bool { return e.Type == ty })
	}
	for i := range 9 {
		id := fmt.Sprintf("t%03d", i)
		got, err := d.Needs(tx, "s", id, -1)
		if err != nil {
			return err
		}
		check("needs of "+id, got, func(e *Dependency) bool { return e.Target == id })
	}
	return nil
}

func TestRecentAndActive(t *testing.T) {
	d := newDesk(t)
	for i := range 5 {
		d.do(func(tx *kv.Tx) error {
			return d.Create(tx, &Session{ID: fmt.Sprintf("s%d", i), Node: fmt.Sprintf("n%d", i)})
		})
		d.clock.t = d.clock.t.Add(time.Second)
	}
	d.do(func(tx *kv.Tx) error {
		all, err := d.Recent(tx)
		if len(all) != 5 || all[0].ID != "s4" || all[4].ID != "s0" {
			t.Errorf("%v", all)
		}
		if err != nil {
			return err
		}
		s, ok, err := d.Active(tx, "n3")
		if s.ID != "s3" || !ok {
			t.Errorf("%s, %v", s.ID, ok)
		}
		if err != nil {
			return err
		}
		if _, ok, err = d.Active(tx, "n9"); ok {
			t.Error("a session of no node")
		}
		return err
	})
}
