package draft

import (
	"errors"
	"fmt"
	"time"
)

// Errors that callers tell apart with errors.Is.
var (
	// ErrEditing: somebody edits the node now, see EditingError.
	ErrEditing = errors.New("the node is being edited")
	// ErrNoEdit: there is neither an open edit of the node nor a draft.
	ErrNoEdit = errors.New("there is no edit of the node")
	// ErrDraft: a draft was asked for what only finished or open work can do.
	ErrDraft = errors.New("it is a draft")
	// ErrStale: node or settings have changed since the edit began, see
	// StaleError.
	ErrStale = errors.New("the node was changed since the edit began")
	// ErrLate: the edit has been finished, left or discarded in the meantime.
	ErrLate = errors.New("the edit is over")
)

// EditingError is an ErrEditing that tells who edits.
type EditingError struct {
	Node, Name string
	Owner      string    // who
	Last       time.Time // of what was written last, or of the beginning
}

func (e *EditingError) Error() string {
	return fmt.Sprintf("“%s” is being edited by %s (last change %s); finish or leave that edit first", e.Name, e.Owner, e.Last.Format("2006-01-02 15:04:05 MST"))
}

// Is makes it an ErrEditing.
func (e *EditingError) Is(target error) bool { return target == ErrEditing }

// StaleError is an ErrStale that tells what has changed. The working copy is
// kept.
type StaleError struct {
	Node, Name string
	What       string // "node", "settings"
	Want, Have uint64 // the version that was copied, and that of now; 0: there is none
}

func (e *StaleError) Error() string {
	now := fmt.Sprintf("version %d was copied, it is %d now", e.Want, e.Have)
	switch {
	case e.Have == 0:
		now = "it is gone"
	case e.Want == 0:
		now = "it is there already"
	}
	return fmt.Sprintf("save “%s”: the %s changed since the edit began (%s); the edit is kept: look at the changes, then save again or discard it", e.Name, e.What, now)
}

// Is makes it an ErrStale.
func (e *StaleError) Is(target error) bool { return target == ErrStale }
