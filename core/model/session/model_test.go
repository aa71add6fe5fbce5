package session

// model is a board as plain as can be: it knows all tasks and goes over all of
// them until nothing changes any more. It shares no rule with the board.
type model struct {
	order  []string // ids as they were added: parents before children
	tasks  map[string]*mtask
	deps   []*mdep
	halted map[string]bool
}

type mtask struct {
	id, parent string
	group      bool
	status     Status // of leaves
	runs       int    // how often it was started
	retries    int
	faults     int // of its result
}

type mdep struct {
	source, target string
	ty             DependencyType
	cond           *Condition
	status         DependencyStatus
}

func newModel() *model { return &model{tasks: map[string]*mtask{}, halted: map[string]bool{}} }

func (m *model) children(id string) (ids []string) {
	for _, c := range m.order {
		if m.tasks[c].parent == id {
			ids = append(ids, c)
		}
	}
	return ids
}

// status of a task, of a group by looking below.
func (m *model) status(id string) Status {
	t := m.tasks[id]
	if !t.group {
		return t.status
	}
	n := map[Status]int{}
	kids := m.children(id)
	for _, c := range kids {
		n[m.status(c)]++
	}
	over := n[Completed] + n[Failed] + n[Cancelled] + n[Skipped]
	if len(kids) == 0 {
		if m.halted[id] {
			return Cancelled
		}
		return Pending
	}
	if over < len(kids) {
		if n[Running]+n[Completed]+n[Failed] > 0 {
			return Running
		}
		return Pending
	}
	for _, s := range []Status{Completed, Failed, Cancelled} {
		if n[s] > 0 {
			return s
		}
	}
	return Skipped
}

func over(s Status) bool {
	return s == Completed || s == Failed || s == Cancelled || s == Skipped
}

func waits(s Status) bool { return s == Pending || s == Queued }

// says is how a dependency stands if only its source's state counts.
func (m *model) says(d *mdep) DependencyStatus {
	s := m.status(d.source)
	good := false
	switch {
	case d.ty == Parallel:
		if s == Running || over(s) {
			return DepSatisfied
		}
		return DepPending
	case !over(s):
		return DepPending
	case d.ty == Conditional:
		switch d.cond.Type {
		case Always:
			good = true
		case OnSuccess:
			good = s == Completed
		case OnFailure:
			good = s == Failed
		case Custom: // the only one that the test uses: few faults
			good = s == Completed && m.tasks[d.source].faults <= 1
		}
	default:
		good = s == Completed
	}
	if good {
		return DepSatisfied
	}
	return DepFailed
}

func (m *model) of(target string) (ds []*mdep) {
	for _, d := range m.deps {
		if d.target == target {
			ds = append(ds, d)
		}
	}
	return ds
}

// ended returns which tasks and groups have ended.
func (m *model) ended() map[string]bool {
	e := map[string]bool{}
	for _, id := range m.order {
		e[id] = over(m.status(id))
	}
	return e
}

// settle goes over everything until nothing changes.
func (m *model) settle() {
	for changed := true; changed; {
		changed = false
		for _, d := range m.deps {
			if d.status == DepPending && m.says(d) != DepPending {
				d.status, changed = m.says(d), true
			}
		}
		for _, id := range m.order {
			t := m.tasks[id]
			if t.group || !waits(t.status) {
				continue
			}
			to := Queued
			for _, d := range m.of(id) {
				if d.status == DepFailed {
					to = Skipped
				}
				if d.status == DepPending && to != Skipped {
					to = Pending
				}
			}
			if to != t.status {
				t.status, changed = to, true
			}
		}
	}
}

// reopen gives another chance to what depends on anything that had ended
// before and has not any more; anew are tasks that look at all their sources
// again.
func (m *model) reopen(before map[string]bool, anew map[string]bool) {
	opened := func(id string) bool { return before[id] && !over(m.status(id)) }
	for changed := true; changed; {
		changed = false
		for _, id := range m.order {
			t := m.tasks[id]
			if t.status != Skipped || t.group {
				continue
			}
			touched, unmet := false, false
			for _, d := range m.of(id) {
				touched = touched || opened(d.source)
				unmet = unmet || m.says(d) == DepFailed
			}
			if touched && !unmet {
				t.status, anew[id], changed = Pending, true, true
			}
		}
	}
	for _, d := range m.deps {
		t := m.tasks[d.target]
		if anew[d.target] || waits(t.status) && opened(d.source) && m.says(d) == DepPending {
			d.status = m.says(d)
		}
	}
	m.settle()
}

// below returns the subtree of a task, "" for all.
func (m *model) below(id string) (ids []string) {
	if id == "" {
		return m.order
	}
	ids = []string{id}
	for _, c := range m.children(id) {
		ids = append(ids, m.below(c)...)
	}
	return ids
}

func (m *model) add(tasks []Task, deps []Dependency) {
	before := m.ended()
	for _, t := range tasks {
		n := &mtask{id: t.ID, parent: t.Parent, group: t.Group, status: Pending}
		m.tasks[t.ID] = n
		m.order = append(m.order, t.ID)
		for p := t.Parent; p != ""; p = m.tasks[p].parent {
			if m.halted[p] {
				n.status = Cancelled
				m.halted[t.ID] = t.Group
			}
		}
	}
	for _, d := range deps {
		m.deps = append(m.deps, &mdep{d.Source, d.Target, d.Type, d.Condition, DepPending})
	}
	m.reopen(before, map[string]bool{})
}

func (m *model) cancel(root string) {
	for _, id := range m.below(root) {
		t := m.tasks[id]
		if t.group {
			m.halted[id] = true
		} else if !over(t.status) {
			t.status = Cancelled
		}
	}
	m.settle()
}

// leavesEnded counts the tasks that have ended, without groups.
func (m *model) leavesEnded() (n int) {
	for _, t := range m.tasks {
		if !t.group && over(t.status) {
			n++
		}
	}
	return n
}

// retry returns how many tasks have another chance.
func (m *model) retry(root string) int {
	had := m.leavesEnded()
	before, anew := m.ended(), map[string]bool{}
	begun := map[string]bool{}
	for id, t := range m.tasks {
		begun[id] = t.group && m.status(id) == Running
	}
	ids := m.below(root)
	for _, id := range ids {
		m.halted[id] = false
	}
	if root != "" {
		for p := m.tasks[root].parent; p != ""; p = m.tasks[p].parent {
			m.halted[p] = false
		}
	}
	for _, id := range ids {
		t := m.tasks[id]
		if t.group || t.status == Completed || !over(t.status) {
			continue
		}
		if t.status == Failed {
			t.retries++
		}
		t.status, anew[id] = Pending, true
	}
	for id := range begun { // what is back at its beginning counts as ended before
		before[id] = before[id] || begun[id] && m.status(id) == Pending
	}
	m.reopen(before, anew)
	return had - m.leavesEnded()
}
