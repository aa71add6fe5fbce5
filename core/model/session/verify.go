package session

import (
	"fmt"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// Verify compares what is kept of a session as it changes (counts, weights,
// states of groups, what tasks wait for) with a full scan, and tells what does
// not agree, and which tasks and dependencies refer to none. Repair puts it
// right. It holds one record at a time.
func (b Board) Verify(tx *kv.Tx, session string, found func(string)) error {
	s, err := b.Get(tx, session)
	if err != nil {
		return err
	}
	if err := b.verifyReferences(tx, session, found); err != nil {
		return err
	}
	var sum Session
	for t, err := range Tasks().All(tx, kv.Key(nil).Str(session)) {
		if err != nil {
			return err
		}
		if t.Group {
			err = b.verifyGroup(tx, &t, found)
		} else {
			sum.Total++
			sum.count(t.Status, 1)
			if i := t.Stage.order(); i >= 0 {
				sum.Work[i].Weight += t.Weight
				sum.Work[i].Done += t.DoneWeight
			}
			err = b.verifyWaiting(tx, &t, found)
		}
		if err != nil {
			return err
		}
	}
	have, want := [4]int{s.Total, s.Completed, s.Failed, s.Stopped}, [4]int{sum.Total, sum.Completed, sum.Failed, sum.Stopped}
	if have != want {
		found(fmt.Sprintf("session %s counts %v tasks (all, completed, failed, stopped), there are %v", session, have, want))
	}
	for i, st := range Stages() {
		s.Work[i].Expected = 0
		if s.Work[i] != sum.Work[i] {
			found(fmt.Sprintf("session %s has work %v in stage %s, its tasks %v", session, s.Work[i], st, sum.Work[i]))
		}
	}
	return nil
}

// verifyReferences looks for what tasks and dependencies refer to.
func (b Board) verifyReferences(tx *kv.Tx, session string, found func(string)) error {
	look := func(what, id, as string) error {
		_, there, err := Tasks().Get(tx, TaskKey(session, id))
		if err == nil && !there {
			found(fmt.Sprintf("%s has %s as %s, which is not there", what, id, as))
		}
		return err
	}
	for t, err := range Tasks().All(tx, kv.Key(nil).Str(session)) {
		if err == nil && t.Parent != "" {
			err = look("task "+t.ID, t.Parent, "parent")
		}
		if err != nil {
			return err
		}
	}
	for d, err := range Dependencies().All(tx, kv.Key(nil).Str(session)) {
		if err == nil {
			err = look("dependency "+d.ID, d.Source, "source")
		}
		if err == nil {
			err = look("dependency "+d.ID, d.Target, "target")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// verifyGroup compares a group with its children.
func (b Board) verifyGroup(tx *kv.Tx, g *Task, found func(string)) error {
	sum := Task{Halted: g.Halted}
	for t, err := range Tasks().By(tx, "parent", kv.Key(nil).Str(g.Session).Str(g.ID)) {
		if err != nil {
			return err
		}
		sum.Children++
		sum.count(t.Status, 1)
		sum.Weight += t.Weight
		sum.DoneWeight += t.DoneWeight
	}
	type kept struct {
		children, running, completed, failed, stopped, skipped int
		weight, done                                           float64
	}
	of := func(t *Task) kept {
		return kept{
			t.Children, t.RunningChildren, t.CompletedChildren, t.FailedChildren, t.StoppedChildren,
			t.SkippedChildren, t.Weight, t.DoneWeight,
		}
	}
	if have, want := of(g), of(&sum); have != want {
		found(fmt.Sprintf("group %s keeps %+v, its children come to %+v", g.ID, have, want))
	}
	if want := sum.derived(); g.Status != want {
		found(fmt.Sprintf("group %s is %s, by its children %s", g.ID, g.Status, want))
	}
	return nil
}

// verifyWaiting compares a task with its dependencies.
func (b Board) verifyWaiting(tx *kv.Tx, t *Task, found func(string)) error {
	waiting, unmet := 0, 0
	for d, err := range Dependencies().By(tx, "target", kv.Key(nil).Str(t.Session).Str(t.ID)) {
		switch {
		case err != nil:
			return err
		case d.Status == DepPending:
			waiting++
		case d.Status != DepSatisfied:
			unmet++
		}
	}
	switch begun := t.Status == Running || t.Status == Completed || t.Status == Failed; {
	case t.Status == Pending && (t.Waiting == 0 || t.Waiting != waiting || unmet > 0),
		t.Status == Queued && (t.Waiting != 0 || waiting+unmet > 0),
		!begun && t.Status.Ended() && t.Waiting != 0:
		found(fmt.Sprintf("task %s is %s and keeps %d to wait for; %d of its dependencies are pending, %d unmet",
			t.ID, t.Status, t.Waiting, waiting, unmet))
	}
	return nil
}
