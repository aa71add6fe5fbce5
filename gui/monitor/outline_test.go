package monitor

import (
	"errors"
	"fmt"
	"testing"

	"github.com/shapes-desktop/shapes/core/engine"
	"pgregory.net/rapid"
)

// made is a tree of tasks as an engine would have it.
type made map[string][]engine.Task

func (m made) add(parent, id string, children int) {
	t := engine.Task{Children: children}
	t.ID, t.Parent = id, parent
	m[parent] = append(m[parent], t)
}

func (m made) page(p page) []engine.Task {
	all := m[p.parent]
	for i, t := range all {
		if t.ID == p.after {
			all = all[i+1:]
			break
		}
	}
	return append([]engine.Task(nil), all[:min(p.limit, len(all))]...)
}

func drawTree(t *rapid.T) made {
	m := made{}
	for i := range 4 {
		stage := fmt.Sprintf("stage%d", i)
		n := rapid.SampledFrom([]int{0, 1, 3, pageSize - 1, pageSize, pageSize + 1, 3*pageSize + 7}).Draw(t, "tasks")
		m.add("", stage, n)
		for j := range n {
			id, below := fmt.Sprintf("%s-%04d", stage, j), 0
			if j%97 == 0 {
				below = 2
			}
			m.add(stage, id, below)
			for k := range below {
				m.add(id, fmt.Sprintf("%s-%d", id, k), 0)
			}
		}
	}
	return m
}

// Whatever is opened, closed, loaded and read again: what is shown of each
// open task is the beginning of its children, in order and once, and a row
// tells of the rest.
func TestOutlineShowsWhatIsThere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, o := drawTree(t), newOutline()
		load := func(p page, needed bool) {
			if needed {
				if p.limit > pageSize {
					t.Fatalf("asks for %d tasks at once", p.limit)
				}
				o.put(p, m.page(p), nil)
			}
		}
		load(o.next(""))
		for range rapid.IntRange(0, 30).Draw(t, "steps") {
			rows := o.rows()
			r := rows[rapid.IntRange(0, len(rows)-1).Draw(t, "row")]
			switch {
			case r.kind == moreRow:
				load(o.next(r.parent))
			case rapid.Bool().Draw(t, "turn"):
				load(o.setOpen(r.task.ID, !r.open))
			default:
				for _, p := range o.shown(rows, 0, 40) {
					o.refresh(p, m.page(p))
				}
			}
			checkRows(t, m, o)
		}
	})
}

func checkRows(t *rapid.T, m made, o *outline) {
	shown := map[string]int{}
	for _, r := range o.rows() {
		all := m[r.parent]
		switch r.kind {
		case taskRow:
			if r.index != shown[r.parent] || r.task.ID != all[r.index].ID {
				t.Fatalf("row %d of %q is %q", r.index, r.parent, r.task.ID)
			}
			shown[r.parent]++
		case moreRow:
			if r.index != shown[r.parent] || r.parent != "" && r.left != len(all)-shown[r.parent] {
				t.Fatalf("%d of %d shown, and the row says %d are left", shown[r.parent], len(all), r.left)
			}
		default:
			t.Fatalf("row of kind %d though nothing is on its way", r.kind)
		}
	}
	for parent, b := range o.branches {
		if (parent == "" || o.open[parent]) && shown[parent] > 0 && len(b.tasks) < len(m[parent]) && !b.more {
			t.Fatalf("%d of %d tasks of %q, and no way to more", len(b.tasks), len(m[parent]), parent)
		}
	}
}

func TestOutlineOfAFailedRead(t *testing.T) {
	m := made{}
	m.add("", "s", 2)
	m.add("s", "a", 0)
	m.add("s", "b", 0)
	o := newOutline()
	p, _ := o.next("")
	if _, twice := o.next(""); twice {
		t.Error("asks for a page that is on its way")
	}
	o.put(p, nil, errors.New("made"))
	if rows := o.rows(); len(rows) != 1 || rows[0].kind != errorRow {
		t.Fatalf("rows %+v", rows)
	}
	p, again := o.next("")
	if !again {
		t.Fatal("cannot be tried again")
	}
	o.put(p, m.page(p), nil)
	if rows := o.rows(); len(rows) != 1 || rows[0].task.ID != "s" {
		t.Fatalf("rows %+v", rows)
	}
}

// Tasks are made as a session goes on: they come in at the end of what is
// loaded, also when that was all.
func TestOutlineTakesInNewTasks(t *testing.T) {
	m := made{}
	o := newOutline()
	p, _ := o.next("")
	o.put(p, m.page(p), nil)
	if len(o.rows()) != 0 {
		t.Fatal("rows of nothing")
	}
	m.add("", "download", 0)
	m.add("", "simplify1", 0)
	for _, p := range o.shown(o.rows(), 0, 10) {
		o.refresh(p, m.page(p))
	}
	if rows := o.rows(); len(rows) != 2 {
		t.Fatalf("rows %+v", rows)
	}
}
