package session

import (
	"errors"
	"fmt"
)

// What callers tell apart with errors.Is. The texts are the codes that are
// shown beside the sentence for people.
var (
	// ErrState: the session or task may not go from the one state to the other;
	// errors.As finds a *StateError.
	ErrState = errors.New("INVALID_SESSION_STATE")
	// ErrProcessing: the node has an active session; errors.As finds a
	// *ProcessingError.
	ErrProcessing = errors.New("NODE_ALREADY_PROCESSING")
	// ErrNoSession: there is no session of that id.
	ErrNoSession = errors.New("SESSION_NOT_FOUND")
	// ErrNoTask: the session has no task of that id.
	ErrNoTask = errors.New("TASK_NOT_FOUND")
	// ErrTask: a task or dependency cannot be added as it is; errors.As finds an
	// *AddError.
	ErrTask = errors.New("INVALID_TASK")
)

// StateError is a change of state that the tables do not allow, or something
// that a state does not allow.
type StateError struct {
	Session string
	Task    string // "" if it is about the session itself
	From    Status // how it stands
	To      Status // what it was to become; "" if Doing says it
	Doing   string // "add tasks", if it is not about a change of state
}

func (e *StateError) Error() string {
	what := "session " + e.Session
	if e.Task != "" {
		what = fmt.Sprintf("task %s of session %s", e.Task, e.Session)
	}
	if e.Doing != "" {
		return fmt.Sprintf("%s is %s: cannot %s (%s); nothing was changed", what, e.From, e.Doing, ErrState)
	}
	return fmt.Sprintf("%s is %s and cannot become %s (%s); nothing was changed", what, e.From, e.To, ErrState)
}

// Is says that it is an ErrState.
func (e *StateError) Is(target error) bool { return target == ErrState }

// ProcessingError says which session keeps a node from having another.
type ProcessingError struct {
	Node    string
	Session string
	Status  Status
}

func (e *ProcessingError) Error() string {
	return fmt.Sprintf("node %s is being processed: session %s is %s (%s); cancel it or wait for its end", e.Node, e.Session, e.Status, ErrProcessing)
}

// Is says that it is an ErrProcessing.
func (e *ProcessingError) Is(target error) bool { return target == ErrProcessing }

// AddError says which task or dependency cannot be added, and why. The
// transaction must be given up.
type AddError struct {
	Session string
	Item    string // "task a", "dependency a>b"
	Reason  string
}

func (e *AddError) Error() string {
	return fmt.Sprintf("add %s to session %s: %s (%s); nothing was added", e.Item, e.Session, e.Reason, ErrTask)
}

// Is says that it is an ErrTask.
func (e *AddError) Is(target error) bool { return target == ErrTask }

func noSession(id string) error {
	return fmt.Errorf("there is no session %s (%w); it may have ended and been swept", id, ErrNoSession)
}

func noTask(session, id string) error {
	return fmt.Errorf("session %s has no task %s (%w)", session, id, ErrNoTask)
}
