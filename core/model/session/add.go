package session

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// Limits of what is added.
const (
	// MaxBatch is how many tasks and dependencies together one Add takes.
	MaxBatch = 10_000
	// maxDepth is how deep groups stand in one another.
	maxDepth = 8
	// maxID is the longest id of a task, in bytes.
	maxID = 1000
	// maxWeight is the greatest weight of one task. Weights are whole numbers,
	// and the sum over maxTasks of them is exact in a float64.
	maxWeight = 1 << 40
	maxTasks  = 1 << 13
	maxTotal  = maxWeight * maxTasks // of a stage
)

// Add adds tasks and the dependencies between them, and between them and older
// ones, at most MaxBatch records at once. It may be called while the session
// runs: the blocks of a zoom are known only once the zoom has been cut.
//
// A parent stands before its children in tasks, or is there already, and is a
// Group. Of a task only what the caller knows is taken: ID, Parent, Group,
// Stage, Priority (0 or more), Weight (rounded, at least 1; of a group it is
// the sum of its children's), MaxRetries, Config and Name. A dependency goes
// from a task or group to a task that is not a group and has not begun. There
// is one at most between two tasks, and no cycle, also not by way of a group,
// which ends when its last child does.
//
// Tasks that wait for nothing are queued. Tasks below a group that was
// cancelled are cancelled. Errors: ErrTask, ErrNoSession, and ErrState if the
// session has ended.
func (b Board) Add(tx *kv.Tx, session string, tasks []Task, deps []Dependency) error {
	o, err := b.open(tx, session, "add tasks", Pending, Running, Paused)
	if err != nil {
		return err
	}
	if n := len(tasks) + len(deps); n > MaxBatch {
		return o.refuse(fmt.Sprintf("%d records", n), fmt.Sprintf("at most %d at once", MaxBatch))
	}
	var judge []*Task // what may be ready now, or skipped
	for i := range tasks {
		t, err := o.insert(tasks[i])
		if err != nil {
			return err
		}
		if !t.Group && t.Status == Pending {
			judge = append(judge, t)
		}
	}
	unmet := map[string]string{} // target: why it cannot run
	for i := range deps {
		t, err := o.link(deps[i], unmet)
		if err != nil {
			return err
		}
		judge = append(judge, t)
	}
	if err := o.acyclic(deps, maxSearch); err != nil {
		return err
	}
	for _, t := range judge {
		if err := o.judge(t, unmet[t.ID]); err != nil {
			return err
		}
	}
	if err := o.drain(); err != nil {
		return err
	}
	return o.close()
}

func (o *op) refuse(item, reason string) error {
	return &AddError{Session: o.s.ID, Item: item, Reason: reason}
}

// insert makes the record of a new task and counts it in everywhere.
func (o *op) insert(from Task) (*Task, error) {
	t := Task{
		ID: from.ID, Session: o.s.ID, Node: o.s.Node, Created: o.now, Status: Pending,
		Parent: from.Parent, Group: from.Group, Stage: from.Stage, Priority: from.Priority,
		MaxRetries: from.MaxRetries, Config: from.Config, Name: from.Name,
	}
	halted, reason, err := o.place(&t)
	if err != nil {
		return nil, err
	}
	if reason == "" && !t.Group {
		t.Weight = max(1, math.Round(from.Weight))
		reason = o.weighs(from.Weight, t.Stage)
	}
	if reason != "" {
		return nil, o.refuse("task "+t.ID, reason)
	}
	o.tasks[t.ID] = &t
	o.touch(&t)
	if halted {
		t.Status, t.Ended, t.Halted = Cancelled, o.now, t.Group
		t.DoneWeight = t.Weight
	}
	if !t.Group {
		o.s.Total++
		o.s.count(t.Status, 1)
		w := &o.s.Work[t.Stage.order()]
		w.Weight += t.Weight
		w.Done += t.DoneWeight
	}
	return &t, o.rise(t.Parent, "", t.Status, t.Weight, t.DoneWeight)
}

// weighs returns what is wrong with a weight.
func (o *op) weighs(w float64, s Stage) string {
	if !(w >= 0 && w <= maxWeight) {
		return fmt.Sprintf("its weight is %g, must be 0 … %d", w, maxWeight)
	}
	if sum := o.s.Work[s.order()].Weight + w; sum > maxTotal {
		return fmt.Sprintf("the weight of stage %s would be %g, at most %d", s, sum, maxTotal)
	}
	return ""
}

// place checks a new task's id, stage and parent, and reports whether a group
// above it was cancelled as a whole.
func (o *op) place(t *Task) (halted bool, reason string, err error) {
	switch {
	case t.ID == "" || len(t.ID) > maxID || strings.ContainsFunc(t.ID, func(r rune) bool { return r < ' ' }):
		return false, fmt.Sprintf("an id has 1 … %d bytes and no control characters", maxID), nil
	case t.Stage.order() < 0:
		return false, fmt.Sprintf("there is no stage %q", t.Stage), nil
	case t.Priority < 0:
		return false, fmt.Sprintf("its priority is %d, must be 0 or more", t.Priority), nil
	}
	if there, err := o.known(t.ID); err != nil || there {
		return false, "there is a task of that id", err
	}
	depth := 1
	for id := t.Parent; id != "" && depth <= maxDepth; depth++ {
		there, err := o.known(id)
		if err != nil {
			return false, "", err
		}
		if !there {
			return false, fmt.Sprintf("its parent %s is not there; add it before", id), nil
		}
		p := o.tasks[id]
		if !p.Group {
			return false, fmt.Sprintf("its parent %s is not a group; add that with Group", id), nil
		}
		halted = halted || p.Halted
		id = p.Parent
	}
	if depth > maxDepth {
		return false, fmt.Sprintf("it would stand %d deep, at most %d", depth, maxDepth), nil
	}
	return halted, "", nil
}

// link stores a new dependency and returns its target. If its source has
// already ended so that the target cannot run, unmet says why.
func (o *op) link(d Dependency, unmet map[string]string) (*Task, error) {
	d.Session, d.ID = o.s.ID, d.Source+">"+d.Target
	d.Created, d.Updated, d.Evaluated, d.Status = o.now, o.now, time.Time{}, DepPending
	if d.Flow == "" {
		d.Flow = Direct
	}
	reason, err := o.linkable(&d)
	if err != nil {
		return nil, err
	}
	if reason != "" {
		return nil, o.refuse("dependency "+d.ID, reason)
	}
	source, target := o.tasks[d.Source], o.tasks[d.Target]
	verdict, why, err := o.verdict(&d, source)
	if err != nil {
		return nil, err
	}
	if target.Status.Ended() { // added below a cancelled group
		verdict = DepSkipped
	}
	o.await(source, d.Type)
	switch verdict {
	case DepPending:
		target.Waiting++
		o.touch(target)
	case DepFailed:
		unmet[d.Target] = why
	}
	return target, o.record(&d, verdict)
}

// await notes on a task that others depend on it.
func (o *op) await(t *Task, by DependencyType) {
	bit := byte(awaitsEnd)
	if by == Parallel {
		bit = awaitsBegin
	}
	if t.Awaited&bit == 0 {
		t.Awaited |= bit
		o.touch(t)
	}
}

// linkable returns what is wrong with a dependency, and reads both tasks.
func (o *op) linkable(d *Dependency) (string, error) {
	for _, id := range []string{d.Source, d.Target} {
		if there, err := o.known(id); err != nil || !there {
			return fmt.Sprintf("there is no task %q", id), err
		}
	}
	if _, there, err := o.deps.Get(o.tx, dependencyKey(d)); err != nil || there {
		return "there is one between the two", err
	}
	t := o.tasks[d.Target]
	switch {
	case d.Source == d.Target:
		return "a task cannot wait for itself", nil
	case t.Group:
		return "a group does not run and cannot wait; let its children wait", nil
	case t.Status != Pending && t.Status != Queued && !o.halted(t):
		return fmt.Sprintf("the target is %s and does not wait any more", t.Status), nil
	}
	return d.invalid(), nil
}

// halted reports whether a task was cancelled the moment it was added.
func (o *op) halted(t *Task) bool { return t.Status == Cancelled && t.Created.Equal(t.Ended) }

func dependencyKey(d *Dependency) kv.Key { return kv.Key(nil).Str(d.Session).Str(d.ID) }
