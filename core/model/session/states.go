package session

import "slices"

// Ended reports whether nothing more happens in this state by itself.
func (s Status) Ended() bool {
	switch s {
	case Completed, Failed, Cancelled, Skipped:
		return true
	}
	return false
}

// Active reports whether a session in this state keeps its node from having
// another.
func (s Status) Active() bool {
	switch s {
	case Pending, Running, Paused:
		return true
	}
	return false
}

// sessionMoves are the legal transitions of a session.
//
//	pending ─→ running ⇄ paused
//	   ↑          ↓        ↓
//	   └── completed, failed, cancelled
//
// A pending session is paused when the program ends before it ran. The last
// task of a paused session may still end, so it may complete. An ended one is
// pending again when some of its tasks are retried.
func sessionMoves(from Status) []Status {
	switch from {
	case Pending:
		return []Status{Running, Paused, Failed, Cancelled}
	case Running:
		return []Status{Paused, Completed, Failed, Cancelled}
	case Paused:
		return []Status{Running, Completed, Failed, Cancelled}
	case Completed, Failed, Cancelled:
		return []Status{Pending}
	}
	return nil
}

// taskMoves are the legal transitions of a task that is not a group. A queued
// one is pending again if a dependency is added or its source is retried. A
// running one is queued again on pause and after a crash. What has completed
// stays so.
func taskMoves(from Status) []Status {
	switch from {
	case Pending:
		return []Status{Queued, Skipped, Cancelled}
	case Queued:
		return []Status{Running, Pending, Skipped, Cancelled}
	case Running:
		return []Status{Queued, Completed, Failed, Cancelled}
	case Failed, Cancelled, Skipped:
		return []Status{Pending}
	}
	return nil
}

// CanGo reports whether a session may go from one state to another. Staying is
// not a transition.
func CanGo(from, to Status) bool { return slices.Contains(sessionMoves(from), to) }

// CanTaskGo is CanGo for a task that is not a group; the states of groups
// follow from their children.
func CanTaskGo(from, to Status) bool { return slices.Contains(taskMoves(from), to) }

// Stages returns the stages in the order of the data.
func Stages() [4]Stage { return [4]Stage{Download, Simplify1, Simplify2, VectorTile} }

// order returns a stage's place in Stages, -1 if it is none.
func (s Stage) order() int {
	for i, v := range Stages() {
		if v == s {
			return i
		}
	}
	return -1
}
