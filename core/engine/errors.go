package engine

import (
	"errors"

	"github.com/shapes-desktop/shapes/core/model/draft"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/tree"
)

// Errors that callers tell apart with errors.Is. Those of the model have the
// same names here, so that screens and commands need to know one package.
var (
	// ErrNoTiles: the node has not been built yet.
	ErrNoTiles = errors.New("no tiles yet")
	// ErrNoNode: there is no such node.
	ErrNoNode = tree.ErrNoNode
	// ErrNotShape: only shapes can be run, edited and shown on a map.
	ErrNotShape = errors.New("it is a folder; choose a shape")
	// ErrAmbiguous: several nodes have the name.
	ErrAmbiguous = errors.New("several nodes have that name")
	// ErrNothing: there is nothing to undo or redo.
	ErrNothing = tree.ErrNothing
	// ErrRunning: a session runs in the subtree.
	ErrRunning = tree.ErrBusy
	// ErrEditing: somebody edits the node now.
	ErrEditing = draft.ErrEditing
	// ErrDraft: a draft was asked for what only finished work can do.
	ErrDraft = draft.ErrDraft
	// ErrProcessing: the node has an active session (NODE_ALREADY_PROCESSING).
	ErrProcessing = session.ErrProcessing
	// ErrNoSession: there is no such session (SESSION_NOT_FOUND).
	ErrNoSession = session.ErrNoSession
	// ErrState: the session is not in a state for that (INVALID_SESSION_STATE).
	ErrState = session.ErrState
	// ErrBusy: another process owns the data directory.
	ErrBusy = errors.New("the data directory is in use")
	// ErrClosed: the engine was closed.
	ErrClosed = errors.New("the program is closing")
	// ErrUsage is wrapped by errors of what cannot be asked for.
	ErrUsage = errors.New("not possible as asked")
)
