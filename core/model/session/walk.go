package session

import (
	"slices"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// chunk is how many tasks are looked at together where nobody says a number.
const chunk = 256

// after returns the first key behind all that begin with prefix, which must
// end with a text.
func after(prefix kv.Key) kv.Key {
	k := slices.Clone(prefix)
	k[len(k)-1]++ // texts end with two NULs, so there is no carry
	return k
}

// Children returns the tasks below parent ("": those at the top), by priority
// and then by id, at most limit, beginning behind the task named last ("": with
// the first).
func (b Board) Children(tx *kv.Tx, session, parent, last string, limit int) ([]Task, error) {
	from := kv.Key(nil).Str(session).Str(parent)
	to := after(from)
	if last != "" {
		t, err := b.Task(tx, session, last)
		if err != nil {
			return nil, err
		}
		if t.Parent != parent {
			return nil, noTask(session, last)
		}
		from = from.Uint(uint64(t.Priority))
		from = after(append(from, TaskKey(session, last)...))
	}
	var page []Task
	if limit <= 0 {
		return nil, nil
	}
	for t, err := range Tasks().ByRange(tx, "parent", from, to) {
		if err != nil {
			return nil, err
		}
		if page = append(page, t); len(page) == limit {
			break
		}
	}
	return page, nil
}

// walk returns the next n tasks of the subtree of root ("": the whole
// session), a parent before its children, behind the task named last ("": root
// itself is the first), and whether there are more.
func (b Board) walk(tx *kv.Tx, session, root, last string, n int) (page []Task, more bool, err error) {
	var at Task
	switch {
	case last != "":
		if at, err = b.Task(tx, session, last); err != nil {
			return nil, false, err
		}
	case root != "":
		if at, err = b.Task(tx, session, root); err != nil {
			return nil, false, err
		}
		page = append(page, at)
	default:
		at = Task{Group: true} // above the top
	}
	for {
		if len(page) >= n {
			return page, true, nil
		}
		next, err := b.next(tx, session, root, at, n-len(page))
		if err != nil || len(next) == 0 {
			return page, false, err
		}
		page = append(page, next...)
		at = next[len(next)-1]
	}
}

// next returns tasks that follow at in a walk: its first child, or siblings
// behind it up to the first group, or what follows its parent.
func (b Board) next(tx *kv.Tx, session, root string, at Task, n int) ([]Task, error) {
	if at.Group {
		below, err := b.Children(tx, session, at.ID, "", n)
		if err != nil || len(below) > 0 {
			return upToGroup(below), err
		}
	}
	for at.ID != root {
		beside, err := b.Children(tx, session, at.Parent, at.ID, n)
		if err != nil || len(beside) > 0 {
			return upToGroup(beside), err
		}
		if at.Parent == "" {
			return nil, nil
		}
		if at, err = b.Task(tx, session, at.Parent); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// upToGroup cuts tasks behind the first group, whose children come next.
func upToGroup(tasks []Task) []Task {
	for i := range tasks {
		if tasks[i].Group {
			return tasks[:i+1]
		}
	}
	return tasks
}
