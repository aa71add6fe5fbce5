package session

// count notes by how many the children in one state change.
func (t *Task) count(s Status, by int) {
	switch s {
	case Running:
		t.RunningChildren += by
	case Completed:
		t.CompletedChildren += by
	case Failed:
		t.FailedChildren += by
	case Cancelled:
		t.StoppedChildren += by
	case Skipped:
		t.StoppedChildren += by
		t.SkippedChildren += by
	}
}

// derived is the status of a group, from its children alone; the first line
// that fits counts:
//
//	no children                        pending; cancelled if halted
//	all ended, one or more completed   completed (with faults, if others did not)
//	all ended, one or more failed      failed
//	all ended, one or more cancelled   cancelled
//	all ended                          skipped
//	one runs, completed or failed      running
//	else                               pending
func (t *Task) derived() Status {
	ended := t.CompletedChildren + t.FailedChildren + t.StoppedChildren
	switch {
	case t.Children == 0 && t.Halted:
		return Cancelled
	case t.Children == 0:
		return Pending
	case ended == t.Children && t.CompletedChildren > 0:
		return Completed
	case ended == t.Children && t.FailedChildren > 0:
		return Failed
	case ended == t.Children && t.StoppedChildren > t.SkippedChildren:
		return Cancelled
	case ended == t.Children:
		return Skipped
	case t.RunningChildren+t.CompletedChildren+t.FailedChildren > 0:
		return Running
	}
	return Pending
}
