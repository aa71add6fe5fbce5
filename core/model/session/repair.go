package session

import (
	"maps"
	"slices"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// Repair makes agree what Verify finds: dependencies without a source or
// target are removed, tasks whose parent is not there go to the top, and
// counts, weights, states of groups and what tasks wait for are made anew from
// the tasks' own states, which are believed. All in one transaction, which a
// session of a million tasks makes a large one.
func (b Board) Repair(tx *kv.Tx, session string) error {
	s, err := b.Get(tx, session)
	if err != nil {
		return err
	}
	o := b.resume(tx, s)
	groups, err := o.emptied()
	if err != nil {
		return err
	}
	if err := o.unreferred(groups); err != nil {
		return err
	}
	if err := o.recount(groups); err != nil {
		return err
	}
	if err := o.close(); err != nil {
		return err
	}
	return b.rejudge(tx, session)
}

// each calls fn with each task of the session; fn may store it.
func (o *op) each(fn func(*Task) error) error {
	for t, err := range o.table.All(o.tx, kv.Key(nil).Str(o.s.ID)) {
		if err != nil {
			return err
		}
		if err := fn(&t); err != nil {
			return err
		}
	}
	return nil
}

// emptied returns all groups, as if they had no children yet, and sets the
// session's counts to nothing.
func (o *op) emptied() (map[string]*Task, error) {
	o.s.Total, o.s.Completed, o.s.Failed, o.s.Stopped = 0, 0, 0, 0
	for i := range o.s.Work {
		o.s.Work[i] = Work{Expected: o.s.Work[i].Expected}
	}
	groups := map[string]*Task{}
	return groups, o.each(func(t *Task) error {
		if !t.Group {
			return nil
		}
		t.Children, t.RunningChildren, t.CompletedChildren = 0, 0, 0
		t.FailedChildren, t.StoppedChildren, t.SkippedChildren = 0, 0, 0
		t.Weight, t.DoneWeight = 0, 0
		t.Status = t.derived()
		groups[t.ID] = t
		return nil
	})
}

// unreferred removes dependencies that lead nowhere, and lets tasks and groups
// without a parent stand at the top.
func (o *op) unreferred(groups map[string]*Task) error {
	for _, id := range slices.Sorted(maps.Keys(groups)) {
		if g := groups[id]; !leadsToTop(groups, g) {
			g.Parent = ""
		}
	}
	for d, err := range o.deps.All(o.tx, kv.Key(nil).Str(o.s.ID)) {
		if err != nil {
			return err
		}
		for _, id := range []string{d.Source, d.Target} {
			if _, there, err := o.table.Get(o.tx, TaskKey(o.s.ID, id)); err != nil {
				return err
			} else if !there {
				if _, err := o.deps.Delete(o.tx, dependencyKey(&d)); err != nil {
					return err
				}
				break
			}
		}
	}
	return nil
}

// leadsToTop reports whether the groups above one are there and do not go
// round.
func leadsToTop(groups map[string]*Task, g *Task) bool {
	for depth := 0; g.Parent != ""; depth++ {
		if g = groups[g.Parent]; g == nil || depth > maxDepth {
			return false
		}
	}
	return true
}

// recount counts every task in, groups before what is in them.
func (o *op) recount(groups map[string]*Task) error {
	ids := slices.Sorted(maps.Keys(groups))
	for _, id := range ids {
		o.tasks[id] = groups[id]
		o.touch(groups[id])
	}
	for _, id := range ids {
		g := groups[id]
		if err := o.rise(g.Parent, "", g.Status, 0, 0); err != nil {
			return err
		}
	}
	return o.each(func(t *Task) error {
		if t.Group {
			return nil
		}
		if groups[t.Parent] == nil {
			t.Parent = ""
		}
		t.DoneWeight = 0
		if t.Status.Ended() {
			t.DoneWeight = t.Weight
		}
		if err := o.table.Put(o.tx, t); err != nil {
			return err
		}
		o.s.Total++
		o.s.count(t.Status, 1)
		if i := t.Stage.order(); i >= 0 {
			o.s.Work[i].Weight += t.Weight
			o.s.Work[i].Done += t.DoneWeight
		}
		return o.rise(t.Parent, "", t.Status, t.Weight, t.DoneWeight)
	})
}

// rejudge looks anew at the dependencies of all tasks that have not begun and
// do not wait for what they say.
func (b Board) rejudge(tx *kv.Tx, session string) error {
	s, err := b.Get(tx, session)
	if err != nil {
		return err
	}
	o := b.resume(tx, s)
	err = o.each(func(t *Task) error {
		if t.Group || t.Status == Running || t.Status == Completed || t.Status == Failed {
			return nil
		}
		wrong := false
		if err := b.verifyWaiting(tx, t, func(string) { wrong = true }); err != nil || !wrong {
			return err
		}
		t, err := o.task(t.ID) // it may have changed since the page was read
		if err != nil {
			return err
		}
		if t.Status.Ended() {
			t.Waiting = 0
			o.touch(t)
			return nil
		}
		if err := o.reconsider(t); err != nil {
			return err
		}
		return o.drain()
	})
	if err != nil {
		return err
	}
	return o.close()
}
