package entity

import (
	"errors"
	"fmt"
	"strings"
)

// Errors that callers tell apart with errors.Is.
var (
	// ErrExists: there is a record with that key already.
	ErrExists = errors.New("there is one already")
	// ErrMissing: there is no record with that key.
	ErrMissing = errors.New("there is no such record")
	// ErrReferenced: nodes with strong references keep the record; see
	// ReferencedError.
	ErrReferenced = errors.New("it is still in use")
	// ErrSessionActive: the session is pending, running or paused.
	ErrSessionActive = errors.New("the session has not ended; stop it first")
	// ErrNoSession: no session has that id.
	ErrNoSession = errors.New("no such session")
	// ErrTaken: a session has as many users as it may have.
	ErrTaken = errors.New("the session is in use by another window or program")
	// ErrLost: stage outputs of a session are not there any more; see LostError.
	ErrLost = errors.New("intermediate data are lost")
)

// ReferencedError names the nodes that keep a record from being deleted.
type ReferencedError struct {
	Kind  string
	Key   string
	Nodes []string // ids, ascending
}

func (e *ReferencedError) Error() string {
	return fmt.Sprintf("delete %s %s: it is still in use by %d node(s): %s; nothing was deleted, remove it there first",
		e.Kind, e.Key, len(e.Nodes), strings.Join(e.Nodes, ", "))
}

// Unwrap makes it an ErrReferenced.
func (e *ReferencedError) Unwrap() error { return ErrReferenced }

// LostError tells that the records of one kind of a session's scratch are not
// there any more. Each access gives it until Rebuild is called: first see to it
// that the tasks which made them run again.
type LostError struct {
	Kind    string
	Session string
	Why     string
	Cause   error // of damage; may be nil
}

func (e *LostError) Error() string {
	return fmt.Sprintf("read %s of session %s: intermediate data are lost (%s); they can be made again, tiles and settings are kept",
		e.Kind, e.Session, e.Why)
}

// Unwrap makes it an ErrLost, and shows the cause.
func (e *LostError) Unwrap() []error {
	if e.Cause == nil {
		return []error{ErrLost}
	}
	return []error{ErrLost, e.Cause}
}
