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
// only if they were put in place, too. If those of an earlier try are there, and
// those of the last are not, it says so.
func (w *run) placed(tx *kv.Tx, reason string) (session.Status, string, error) {
	last, earlier, err := tries(tx, w.Session, w.id)
	if err != nil {
		return "", "", err
	}
	if last.Status == session.Completed {
		return session.Completed, reason, nil
	}
	why := cmp.Or(last.Error, string(last.Status))
	if earlier {
		return session.Completed, fmt.Sprintf("what was made last was not put in place (%s): the tiles of the try before are there; %s", why, reason), nil
	}
	const kept = "those that were there before are as they were; try again what is missing"
	if last.Status == session.Cancelled {
		return session.Cancelled, "tiles were made, but putting them in place was cancelled: " + kept, nil
	}
	return session.Failed, fmt.Sprintf("tiles were made, but not put in place (%s): %s", why, kept), nil
}

// tries returns the last of a session's tasks that put tiles in place, and
// whether one before it has done so.
func tries(tx *kv.Tx, ses string, id ids) (last session.Task, earlier bool, err error) {
	for n := 1; ; n++ {
		t, ok, err := session.Tasks().Get(tx, session.TaskKey(ses, id.storeTry(n)))
		if err != nil || !ok {
			return last, earlier, err
		}
		earlier = earlier || last.Status == session.Completed
		last = t
	}
}

// Outdated reports whether the tiles that are in place are those of an earlier
// try of the session: what it counts is of the last one, which was not put there.
func Outdated(tx *kv.Tx, s session.Session) (bool, error) {
	last, earlier, err := tries(tx, s.ID, ids{s.Node})
	return earlier && last.Status != session.Completed, err
}
