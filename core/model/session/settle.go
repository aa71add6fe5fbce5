package session

import (
	"fmt"
	"slices"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// verdict says how a dependency stands by the state of its source, and if it
// failed, why.
//
//	type         source begun   completed              failed, cancelled, skipped
//	sequential   pending        satisfied              failed
//	data         pending        satisfied if the       failed
//	                            buffers are there
//	conditional  pending        as the condition says  as the condition says
//	parallel     satisfied      satisfied              satisfied
func (o *op) verdict(d *Dependency, source *Task) (DependencyStatus, string, error) {
	switch {
	case d.Type == Parallel && (source.Status == Running || source.Status.Ended()):
		return DepSatisfied, "", nil
	case !source.Status.Ended():
		return DepPending, "", nil
	case d.Type == Conditional:
		ok, why := d.Condition.met(source)
		if !ok {
			return DepFailed, fmt.Sprintf("not needed: %s is %s, %s", source.ID, source.Status, why), nil
		}
		return DepSatisfied, "", nil
	case source.Status != Completed:
		return DepFailed, fmt.Sprintf("skipped: %s, which it needs, is %s", source.ID, source.Status), nil
	case d.Type == Data:
		return o.buffers(d, source)
	}
	return DepSatisfied, "", nil
}

// buffers says whether what a Data dependency requires is there.
func (o *op) buffers(d *Dependency, source *Task) (DependencyStatus, string, error) {
	for _, id := range d.Required {
		there := slices.Contains(source.Buffers, id)
		if o.Has != nil {
			var err error
			if there, err = o.Has(o.s.ID, id); err != nil {
				return "", "", fmt.Errorf("look for buffer %s of task %s: %w", id, source.ID, err)
			}
		}
		if !there {
			return DepFailed, fmt.Sprintf("skipped: %s has left no buffer %s", source.ID, id), nil
		}
	}
	return DepSatisfied, "", nil
}

// record stores how a dependency stands.
func (o *op) record(d *Dependency, s DependencyStatus) error {
	d.Status, d.Updated = s, o.now
	if s != DepPending {
		d.Evaluated = o.now
	}
	return o.deps.Put(o.tx, d)
}

// drain follows all changes to those who depend on them. What is reopened
// comes first, so that no task is skipped for a source that gets another
// chance: then each task changes at most once in each of the two rounds.
func (o *op) drain() error {
	if err := o.drainReopened(); err != nil {
		return err
	}
	for len(o.settled) > 0 {
		id := o.settled[0]
		o.settled = o.settled[1:]
		if t := o.tasks[id]; t.Status == Running && t.Awaited&awaitsBegin == 0 {
			continue // nobody waits for a beginning
		}
		if err := o.follow(id, o.settle); err != nil {
			return err
		}
	}
	return nil
}

// drainReopened is the first round of drain.
func (o *op) drainReopened() error {
	for len(o.reopened) > 0 {
		id := o.reopened[0]
		o.reopened = o.reopened[1:]
		if err := o.follow(id, o.reopen); err != nil {
			return err
		}
	}
	return nil
}

func (o *op) follow(id string, fn func(*Dependency, *Task) error) error {
	source, err := o.task(id)
	if err != nil || source.Awaited == 0 {
		return err
	}
	return o.eachFrom(id, func(d *Dependency) error { return fn(d, source) })
}

// settle follows a source's beginning or end over one dependency.
func (o *op) settle(d *Dependency, source *Task) error {
	if d.Status != DepPending {
		return nil
	}
	verdict, why, err := o.verdict(d, source)
	if err != nil || verdict == DepPending {
		return err
	}
	target, err := o.task(d.Target)
	if err != nil {
		return err
	}
	if target.Status.Ended() {
		return o.record(d, DepSkipped) // nobody asks any more
	}
	target.Waiting--
	o.touch(target)
	if err := o.record(d, verdict); err != nil {
		return err
	}
	return o.judge(target, why)
}

// judge queues, holds back or skips a task that has not begun. unmet says why
// it cannot run; "" if nothing speaks against it.
func (o *op) judge(t *Task, unmet string) error {
	to := Pending
	switch {
	case t.Status != Pending && t.Status != Queued:
		return nil
	case unmet != "":
		to = Skipped
	case t.Waiting == 0:
		to = Queued
	}
	if t.Status == to {
		return nil
	}
	waiting := t.Waiting
	if err := o.move(t, to); err != nil {
		return err
	}
	if to == Skipped {
		t.Error = unmet
	} else {
		t.Waiting = waiting
	}
	return nil
}

// reopen holds back over one dependency what has not begun yet, now that the
// source is going to run again, and gives another chance to what was skipped
// because of it.
func (o *op) reopen(d *Dependency, source *Task) error {
	target, err := o.task(d.Target)
	if err != nil {
		return err
	}
	switch {
	case target.Status == Skipped && d.Status == DepFailed:
		return o.reconsider(target)
	case target.Status != Pending && target.Status != Queued:
		return nil // it has begun, or is kept from running by something else
	case d.Status == DepPending:
		return nil
	}
	verdict, _, err := o.verdict(d, source)
	if err != nil || verdict != DepPending {
		return err
	}
	target.Waiting++
	o.touch(target)
	if err := o.record(d, DepPending); err != nil {
		return err
	}
	return o.judge(target, "")
}

// reconsider looks at all dependencies of a task anew. A skipped task for
// which one still speaks against it stays skipped, without anybody hearing.
func (o *op) reconsider(t *Task) error {
	waiting, unmet := 0, ""
	err := o.eachTo(t.ID, func(d *Dependency) error {
		source, err := o.task(d.Source)
		if err != nil {
			return err
		}
		verdict, why, err := o.verdict(d, source)
		if err != nil {
			return err
		}
		switch {
		case verdict == DepPending:
			waiting++
		case verdict == DepFailed && unmet == "":
			unmet = why
		}
		if verdict == d.Status {
			return nil
		}
		return o.record(d, verdict)
	})
	if err != nil {
		return err
	}
	if t.Status == Skipped {
		if unmet != "" {
			return nil
		}
		if err := o.move(t, Pending); err != nil {
			return err
		}
	}
	t.Waiting = waiting
	o.touch(t)
	return o.judge(t, unmet)
}

// eachFrom calls fn with each dependency that has the source, in the order of
// targets. fn may change the dependency and store it.
func (o *op) eachFrom(source string, fn func(*Dependency) error) error {
	return o.by("source", source, fn)
}

// eachTo is eachFrom for those that have the target, in the order of sources.
func (o *op) eachTo(target string, fn func(*Dependency) error) error {
	return o.by("target", target, fn)
}

func (o *op) by(index, id string, fn func(*Dependency) error) error {
	for d, err := range o.deps.By(o.tx, index, kv.Key(nil).Str(o.s.ID).Str(id)) {
		if err != nil {
			return err
		}
		if err := fn(&d); err != nil {
			return err
		}
	}
	return nil
}
