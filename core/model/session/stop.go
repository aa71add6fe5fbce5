package session

import "github.com/shapes-desktop/shapes/core/store/kv"

// Cancel cancels what has not ended in the subtree of a task ("": in the whole
// session, which is cancelled with it) and skips what depends on it. Results
// of tasks that are running come too late then. What is added later below a
// cancelled group is cancelled too.
func (b Board) Cancel(tx *kv.Tx, session, task string) error {
	for last, more := "", true; more; {
		var err error
		if last, more, err = b.CancelSome(tx, session, task, last, chunk); err != nil {
			return err
		}
	}
	return nil
}

// CancelSome is Cancel in parts, for transactions that stay small: it looks at
// n tasks behind the one named last ("" to begin with) and returns the last one
// and whether there are more.
func (b Board) CancelSome(tx *kv.Tx, session, task, last string, n int) (string, bool, error) {
	o, err := b.open(tx, session, "cancel", Pending, Running, Paused, Cancelled)
	if err != nil {
		return "", false, err
	}
	if o.s.Status == Cancelled && (task != "" || last == "") {
		return "", false, &StateError{Session: session, From: Cancelled, To: Cancelled}
	}
	page, more, err := b.walk(tx, session, task, last, max(1, n))
	if err != nil {
		return "", false, err
	}
	for i := range page {
		if last = page[i].ID; page[i].Status.Ended() && !page[i].Group {
			continue
		}
		t, err := o.task(last)
		if err != nil {
			return "", false, err
		}
		if t.Group {
			err = o.halt(t)
		} else if !t.Status.Ended() {
			err = o.move(t, Cancelled)
		}
		if err != nil {
			return "", false, err
		}
	}
	if o.s.Status != Cancelled && task == "" {
		if err := o.become(Cancelled, ""); err != nil {
			return "", false, err
		}
	}
	if err := o.drain(); err != nil {
		return "", false, err
	}
	return last, more, o.close()
}

// halt marks a group as cancelled as a whole.
func (o *op) halt(t *Task) error {
	if t.Halted {
		return nil
	}
	t.Halted = true
	return o.rederive(t)
}

// rederive sets a group's state anew, after something else than a child has
// changed, and tells the groups above.
func (o *op) rederive(t *Task) error {
	o.touch(t)
	from, to := t.Status, t.derived()
	if from == to {
		return nil
	}
	o.enter(t, to)
	return o.rise(t.Parent, from, to, 0, 0)
}
