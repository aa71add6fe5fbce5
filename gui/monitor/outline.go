package monitor

import (
	"slices"

	"github.com/shapes-desktop/shapes/core/engine"
)

// pageSize is how many tasks are asked for at once. A session may have a
// million: only what was opened and asked for is held.
const pageSize = 200

// outline is the tree of a session's tasks as far as it is open and loaded.
// It is plain state: what needs loading is told, not done.
type outline struct {
	open     map[string]bool
	branches map[string]*branch // by parent; "" holds the stages
}

// branch is the children of one task that are loaded, from the first on.
type branch struct {
	tasks []engine.Task
	more  bool  // there are others after them
	asked bool  // some are on their way
	err   error // why the last could not be had
}

// rowKind tells the rows of an outline apart.
type rowKind int

const (
	taskRow    rowKind = iota
	moreRow            // stands for what is not loaded; choosing it loads the next page
	waitingRow         // a page is on its way
	errorRow           // a page could not be had; choosing it tries again
)

// outlineRow is a row as it is shown.
type outlineRow struct {
	kind   rowKind
	parent string
	index  int // among the loaded children of parent
	depth  int
	task   engine.Task
	open   bool
	left   int // of a moreRow: how many are not shown, 0 if not known
	err    error
}

// page is a part of a branch to be loaded.
type page struct {
	parent, after string
	start         int
	limit         int
}

func newOutline() *outline {
	return &outline{open: map[string]bool{}, branches: map[string]*branch{}}
}

// rows lists what is shown, from top to bottom.
func (o *outline) rows() []outlineRow { return o.below("", 0, 0, nil) }

func (o *outline) below(parent string, depth, total int, rows []outlineRow) []outlineRow {
	b := o.branches[parent]
	if b == nil {
		return append(rows, outlineRow{kind: waitingRow, parent: parent, depth: depth})
	}
	for i, t := range b.tasks {
		open := o.open[t.ID] && t.Children > 0
		rows = append(rows, outlineRow{kind: taskRow, parent: parent, index: i, depth: depth, task: t, open: open})
		if open {
			rows = o.below(t.ID, depth+1, t.Children, rows)
		}
	}
	tail := outlineRow{parent: parent, index: len(b.tasks), depth: depth, left: max(0, total-len(b.tasks)), err: b.err}
	switch {
	case b.err != nil:
		tail.kind = errorRow
	case b.asked:
		tail.kind = waitingRow
	case b.more:
		tail.kind = moreRow
	default:
		return rows
	}
	return append(rows, tail)
}

// setOpen opens or closes a task. If its children must be loaded first, it
// says which page.
func (o *outline) setOpen(id string, open bool) (page, bool) {
	if !open {
		delete(o.open, id)
		return page{}, false
	}
	o.open[id] = true
	if o.branches[id] != nil {
		return page{}, false
	}
	return o.next(id)
}

// next asks for the page after what is loaded of a branch; false if one is on
// its way already.
func (o *outline) next(parent string) (page, bool) {
	b := o.branches[parent]
	if b == nil {
		b = &branch{more: true}
		o.branches[parent] = b
	}
	if b.asked {
		return page{}, false
	}
	b.asked, b.err = true, nil
	return o.pageAt(parent, len(b.tasks)), true
}

// pageAt describes the page of a branch that begins at a place.
func (o *outline) pageAt(parent string, start int) page {
	p := page{parent: parent, start: start, limit: pageSize}
	if start > 0 {
		p.after = o.branches[parent].tasks[start-1].ID
	}
	return p
}

// put takes in a page that was asked for by next.
func (o *outline) put(p page, tasks []engine.Task, err error) {
	b := o.branches[p.parent]
	if b == nil || p.start != len(b.tasks) {
		return // closed for good, or loaded by another way meanwhile
	}
	b.asked, b.err = false, err
	if err == nil {
		b.tasks = append(b.tasks, tasks...)
		b.more = len(tasks) == p.limit
	}
}

// shown lists the pages that hold the rows first … end, to be read again.
func (o *outline) shown(rows []outlineRow, first, end int) []page {
	out := []page{}
	add := func(parent string, start int) {
		p := o.pageAt(parent, start)
		if !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	if b := o.branches[""]; b != nil && !b.asked {
		add("", 0) // the stages are shown in the panes too
	}
	for _, r := range rows[min(first, len(rows)):min(end, len(rows))] {
		if r.kind == taskRow {
			add(r.parent, r.index/pageSize*pageSize)
		}
	}
	return out
}

// refresh takes in a page that was read again. A read that failed changes
// nothing: what is shown was true a moment ago.
func (o *outline) refresh(p page, tasks []engine.Task) {
	b := o.branches[p.parent]
	if b == nil || p.start > len(b.tasks) || (p.start > 0 && b.tasks[p.start-1].ID != p.after) {
		return
	}
	end := min(p.start+p.limit, len(b.tasks))
	last := end == len(b.tasks)
	if !last && len(tasks) < end-p.start {
		return // cannot be: tasks are never taken away from the middle
	}
	b.tasks = slices.Replace(slices.Clone(b.tasks), p.start, end, tasks...)
	if last && !b.asked {
		b.more = len(tasks) == p.limit
	}
}

// top returns the parent tasks of the stages, as far as they are loaded.
func (o *outline) top() []engine.Task {
	if b := o.branches[""]; b != nil {
		return b.tasks
	}
	return nil
}

// indexOf returns the row of a task, -1 if it is not shown.
func indexOf(rows []outlineRow, id string) int {
	if id == "" {
		return -1
	}
	return slices.IndexFunc(rows, func(r outlineRow) bool { return r.kind == taskRow && r.task.ID == id })
}
