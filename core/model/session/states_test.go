package session

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

func allStates() []Status {
	return []Status{Pending, Queued, Running, Paused, Completed, Failed, Cancelled, Skipped, ""}
}

// The tables once more, as pictures: rows are from, columns to, in the order
// of allStates.
const (
	sessionPicture = `
pending    . . x x . x x . .
queued     . . . . . . . . .
running    . . . x x x x . .
paused     . . x . x x x . .
completed  x . . . . . . . .
failed     x . . . . . . . .
cancelled  x . . . . . . . .
skipped    . . . . . . . . .
?          . . . . . . . . .`
	taskPicture = `
pending    . x . . . . x x .
queued     x . x . . . x x .
running    . x . . x x x . .
paused     . . . . . . . . .
completed  . . . . . . . . .
failed     x . . . . . . . .
cancelled  x . . . . . . . .
skipped    x . . . . . . . .
?          . . . . . . . . .`
)

func picture(can func(from, to Status) bool) string {
	var b strings.Builder
	for _, from := range allStates() {
		name := string(from)
		if name == "" {
			name = "?"
		}
		fmt.Fprintf(&b, "\n%-10s", name)
		for _, to := range allStates() {
			mark := " ."
			if can(from, to) {
				mark = " x"
			}
			b.WriteString(mark)
		}
	}
	return b.String()
}

func TestTransitions(t *testing.T) {
	if got := picture(CanGo); got != sessionPicture {
		t.Errorf("sessions:%s\nwant:%s", got, sessionPicture)
	}
	if got := picture(CanTaskGo); got != taskPicture {
		t.Errorf("tasks:%s\nwant:%s", got, taskPicture)
	}
}

// TestEverySessionMove tries every pair on records: what the table forbids is
// refused with both states named, and changes nothing.
func TestEverySessionMove(t *testing.T) {
	d := newDesk(t)
	for i, from := range allStates() {
		for k, to := range allStates() {
			id := fmt.Sprintf("s%d-%d", i, k)
			d.do(func(tx *kv.Tx) error { return Sessions().Put(tx, &Session{ID: id, Node: id, Status: from}) })
			err := d.db.Update(func(tx *kv.Tx) error { return d.SetStatus(tx, id, to, "why") })
			var bad *StateError
			if CanGo(from, to) != (err == nil) || err != nil && !errors.As(err, &bad) {
				t.Errorf("%s to %s: %v", from, to, err)
			}
			if bad != nil && (bad.From != from || bad.To != to || code(err) != "INVALID_SESSION_STATE" ||
				!strings.Contains(err.Error(), string(from)) || !strings.Contains(err.Error(), string(to))) {
				t.Errorf("%s to %s: %v", from, to, err)
			}
			d.do(func(tx *kv.Tx) error {
				s, err := d.Get(tx, id)
				want := from
				if bad == nil {
					want = to
				}
				if s.Status != want {
					t.Errorf("%s to %s: is %s", from, to, s.Status)
				}
				_, delErr := Sessions().Delete(tx, kv.Key(nil).Str(id))
				return errors.Join(err, delErr)
			})
		}
	}
}

// TestEveryTaskMove does the same with the one function that moves tasks.
func TestEveryTaskMove(t *testing.T) {
	d := newDesk(t)
	d.run([]Task{task("a", "")}, nil)
	for _, from := range allStates() {
		for _, to := range allStates() {
			d.do(func(tx *kv.Tx) error {
				o, err := d.open(tx, "s", "test", Running)
				if err != nil {
					return err
				}
				err = o.move(&Task{ID: "a", Session: "s", Stage: Download, Status: from}, to)
				if CanTaskGo(from, to) != (err == nil) || err != nil && !errors.Is(err, ErrState) {
					t.Errorf("%s to %s: %v", from, to, err)
				}
				return nil
			})
		}
	}
	d.refused(ErrState, func(tx *kv.Tx) error { return d.Complete(tx, "s", "a", Result{}, nil) })
	d.refused(ErrState, func(tx *kv.Tx) error { return requeueOne(d, tx, "a") })
	d.refused(ErrNoTask, func(tx *kv.Tx) error { return d.Start(tx, "s", "b") })
}

// requeueOne queues one task again.
func requeueOne(d *desk, tx *kv.Tx, id string) error {
	_, err := d.Requeue(tx, "s", id)
	return err
}

// TestDerivedStates goes over all groups of three children.
func TestDerivedStates(t *testing.T) {
	states := []Status{Pending, Queued, Running, Completed, Failed, Cancelled, Skipped}
	for _, a := range states {
		for _, b := range states {
			for _, c := range states {
				g := Task{Group: true, Children: 3}
				n := map[Status]int{}
				for _, s := range []Status{a, b, c} {
					g.count(s, 1)
					n[s]++
				}
				open := n[Pending] + n[Queued] + n[Running]
				want := Pending
				switch {
				case open == 0 && n[Completed] > 0:
					want = Completed
				case open == 0 && n[Failed] > 0:
					want = Failed
				case open == 0 && n[Cancelled] > 0:
					want = Cancelled
				case open == 0:
					want = Skipped
				case n[Running]+n[Completed]+n[Failed] > 0:
					want = Running
				}
				if got := g.derived(); got != want {
					t.Errorf("%s %s %s: %s, want %s", a, b, c, got, want)
				}
			}
		}
	}
	if got := (&Task{Group: true}).derived(); got != Pending {
		t.Errorf("empty: %s", got)
	}
	if got := (&Task{Group: true, Halted: true}).derived(); got != Cancelled {
		t.Errorf("empty and halted: %s", got)
	}
}
