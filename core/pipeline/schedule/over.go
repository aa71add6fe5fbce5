package schedule

import (
	"cmp"
	"fmt"

	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// over records that the session has ended, if all its tasks have.
func (w *run) over(tx *kv.Tx) (bool, error) {
	status, reason, over, err := w.Board.Outcome(tx, w.Session)
	if err == nil && over && status == session.Completed {
		status, reason, err = w.placed(tx, reason)
	}
	if err != nil || !over {
		return false, err
	}
	return true, w.Board.SetStatus(tx, w.Session, status, reason)
}

// placed says what a session comes to whose tiles were made: it has completed
// only if they were put in place, too.
func (w *run) placed(tx *kv.Tx, reason string) (session.Status, string, error) {
	var last session.Task
	for n := 1; ; n++ {
		t, ok, err := session.Tasks().Get(tx, session.TaskKey(w.Session, w.id.storeTry(n)))
		if err != nil {
			return "", "", err
		}
		if !ok {
			break
		}
		if t.Status == session.Completed {
			return session.Completed, reason, nil
		}
		last = t
	}
	const kept = "those that were there before are as they were; try again what is missing"
	if last.Status == session.Cancelled {
		return session.Cancelled, "tiles were made, but putting them in place was cancelled: " + kept, nil
	}
	return session.Failed, fmt.Sprintf("tiles were made, but not put in place (%s): %s", cmp.Or(last.Error, string(last.Status)), kept), nil
}
