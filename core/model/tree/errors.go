package tree

import (
	"errors"
	"fmt"
)

// Errors that callers tell apart with errors.Is. After an error the
// transaction must be given up.
var (
	// ErrNoNode: no node has the id.
	ErrNoNode = errors.New("there is no such node")
	// ErrExists: the id of a node to be made is another's already.
	ErrExists = errors.New("a node with that id is there already")
	// ErrTaken: a sibling has the name.
	ErrTaken = errors.New("the name is taken there; names differ by more than upper and lower case")
	// ErrIntoItself: a folder was to be moved into itself or what it holds.
	ErrIntoItself = errors.New("a folder cannot be moved into itself or into what it holds")
	// ErrNotFolder: only folders hold nodes.
	ErrNotFolder = errors.New("it is no folder")
	// ErrTooDeep: folders would be nested deeper than MaxDepth.
	ErrTooDeep = fmt.Errorf("folders would be nested deeper than %d", MaxDepth)
	// ErrInTrash: the node is in the trash, or hidden there by an undo.
	ErrInTrash = errors.New("it is in the trash; restore it first")
	// ErrNotInTrash: only what was deleted itself can be restored or purged.
	ErrNotInTrash = errors.New("it does not lie in the trash by itself")
	// ErrVersion: the node was changed since it was read; see VersionError.
	ErrVersion = errors.New("it was changed in the meantime")
	// ErrBusy: something runs in the subtree; see BusyError.
	ErrBusy = errors.New("it is in use")
	// ErrNothing: there is nothing to undo, or to redo.
	ErrNothing = errors.New("there is nothing to undo or redo")
	// ErrChanged: what is there is not what the step left; nothing was undone.
	ErrChanged = errors.New("it was changed in another way since")
	// ErrDamaged: the records contradict each other; see Check.
	ErrDamaged = errors.New("the tree is damaged")
)

// nothingError is an ErrNothing that says which of the two there is nothing of.
type nothingError struct{ verb string }

func (e nothingError) Error() string        { return "there is nothing to " + e.verb }
func (e nothingError) Is(target error) bool { return target == ErrNothing }

// NameError tells why a name or description is refused.
type NameError struct {
	Field   string // "name" or "description"
	Text    string // what was given
	Problem string // what is wrong, and what is allowed
}

func (e *NameError) Error() string {
	if e.Text == "" {
		return "the " + e.Field + " " + e.Problem
	}
	return fmt.Sprintf("the %s %s %s", e.Field, quote(e.Text), e.Problem)
}

// VersionError is an ErrVersion with its node.
type VersionError struct {
	ID, Name   string
	Want, Have uint64 // the version that was read, and the one that is there
}

func (e *VersionError) Error() string {
	return fmt.Sprintf("%s: %v (version %d was read, %d is there); read it again", quote(e.Name), ErrVersion, e.Want, e.Have)
}

// Is makes it an ErrVersion.
func (e *VersionError) Is(target error) bool { return target == ErrVersion }

// BusyError is an ErrBusy with the node that is in use.
type BusyError struct {
	ID, Name string // of the node in use, which may lie below the one that was to be moved
	Reason   string // as the Engaged said it
}

func (e *BusyError) Error() string { return fmt.Sprintf("%s: %s", quote(e.Name), e.Reason) }

// Is makes it an ErrBusy.
func (e *BusyError) Is(target error) bool { return target == ErrBusy }

// quote writes a name into a sentence; a long one is cut.
func quote(name string) string {
	const most = 60
	if short := shorten(name, most); short != name {
		name = short + "…"
	}
	return "“" + name + "”"
}
