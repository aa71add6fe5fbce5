package session

import "github.com/shapes-desktop/shapes/core/store/kv"

// Retry gives another chance to what has failed, was cancelled or skipped in
// the subtree of a task ("": in the whole session), and to what was skipped
// elsewhere because of it, and returns how many tasks wait or are queued again
// that had ended. A session that has ended becomes pending, if its node has
// no other (ErrProcessing).
func (b Board) Retry(tx *kv.Tx, session, task string) (int, error) {
	n := 0
	for last, more := "", true; more; {
		var again int
		var err error
		if again, last, more, err = b.RetrySome(tx, session, task, last, chunk); err != nil {
			return 0, err
		}
		n += again
	}
	return n, nil
}

// RetrySome is Retry in parts, for transactions that stay small: it looks at n
// tasks behind the one named last ("" to begin with) and returns how many have
// another chance, the last one and whether there are more.
func (b Board) RetrySome(tx *kv.Tx, session, task, last string, n int) (int, string, bool, error) {
	s, err := b.Get(tx, session)
	if err != nil {
		return 0, "", false, err
	}
	o := b.resume(tx, s)
	o.retrying = true
	page, more, err := b.walk(tx, session, task, last, max(1, n))
	if err != nil {
		return 0, "", false, err
	}
	if last == "" {
		if err := o.unhaltAbove(task); err != nil {
			return 0, "", false, err
		}
	}
	before := o.s.Completed + o.s.Failed + o.s.Stopped
	if err := o.retry(page); err != nil {
		return 0, "", false, err
	}
	again := before - o.s.Completed - o.s.Failed - o.s.Stopped
	if again > 0 && !o.s.Status.Active() {
		if err := o.become(Pending, ""); err != nil {
			return 0, "", false, err
		}
	}
	if len(page) > 0 {
		last = page[len(page)-1].ID
	}
	return again, last, more, o.close()
}

// retry makes the tasks pending that may be, and then looks at what they
// depend on, so that the order does not matter.
func (o *op) retry(page []Task) error {
	var again []*Task
	for i := range page {
		t, err := o.task(page[i].ID)
		if err != nil {
			return err
		}
		switch {
		case t.Group:
			err = o.unhalt(t)
		case t.Status == Failed || t.Status == Cancelled || t.Status == Skipped:
			if t.Status == Failed {
				t.Retries++
			}
			again = append(again, t)
			err = o.move(t, Pending)
		}
		if err != nil {
			return err
		}
	}
	if err := o.drainReopened(); err != nil {
		return err
	}
	for _, t := range again {
		if t.Status != Pending && t.Status != Queued {
			continue
		}
		if err := o.reconsider(t); err != nil {
			return err
		}
	}
	return o.drain()
}

// unhalt takes back that a group was cancelled as a whole.
func (o *op) unhalt(t *Task) error {
	if !t.Halted {
		return nil
	}
	t.Halted = false
	return o.rederive(t)
}

// unhaltAbove does so for the groups above a task.
func (o *op) unhaltAbove(id string) error {
	for id != "" {
		t, err := o.task(id)
		if err != nil {
			return err
		}
		if id = t.Parent; id == "" {
			return nil
		}
		p, err := o.task(id)
		if err != nil {
			return err
		}
		if err := o.unhalt(p); err != nil {
			return err
		}
	}
	return nil
}
