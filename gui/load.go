package gui

import (
	"context"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/gui/nodepage"
)

// Engine is what the page of a node needs of the engine.
type Engine interface {
	nodepage.Engine
	// Nodes returns the rows of the tree. It is called off the window's
	// goroutine.
	Nodes(ctx context.Context) ([]engine.Node, error)
}

// Tree is what the window's tree and its commands need of the engine. All
// methods but Watch are called off the window's goroutine. Errors are those of
// the tree's rules, of which refusal makes words.
type Tree interface {
	// Recovery tells once what the last end of the program left unfinished.
	Recovery(ctx context.Context) engine.Recovery

	// Children lists a folder, or the trash: folders first, then by name.
	Children(ctx context.Context, parent string) ([]engine.Node, error)
	// PathOf returns the way to a node from the top, the node last.
	PathOf(ctx context.Context, id string) ([]engine.Node, error)
	Search(ctx context.Context, text string, limit int) ([]engine.Found, error)
	CreateFolder(ctx context.Context, parent, name string) (engine.Node, error)
	Rename(ctx context.Context, id, name string) (engine.Node, error)
	Move(ctx context.Context, ids []string, parent string) error
	// Copy copies whole subtrees; a name that is taken becomes "name (2)".
	Copy(ctx context.Context, ids []string, parent string) ([]engine.Node, error)
	// Delete moves nodes to the trash; Purge deletes them there for good.
	Delete(ctx context.Context, ids []string) error
	Restore(ctx context.Context, ids []string) ([]engine.Node, error)
	Purge(ctx context.Context, ids []string) error
	EmptyTrash(ctx context.Context) (int, error)
	Undo(ctx context.Context) (string, error)
	Redo(ctx context.Context) (string, error)
	UndoState(ctx context.Context) (engine.UndoState, error)
	Export(ctx context.Context, ids []string, path string, withTiles bool) error
	Import(ctx context.Context, path, parent string, p engine.Policy) (engine.Imported, error)

	// New and Edit begin an edit, which the form goes on with.
	New(ctx context.Context, parent string, with engine.NewShape) (engine.Edit, error)
	Edit(ctx context.Context, id string) (engine.Edit, error)
	KeepDraft(ctx context.Context, id string) error
	Discard(ctx context.Context, id string) error

	// Start begins a session of a node; the others act on one.
	Start(ctx context.Context, node string) (engine.Session, error)
	Sessions(ctx context.Context) ([]engine.Session, error)
	Resume(ctx context.Context, session string) error
	Cancel(ctx context.Context, session, task string) error
	// Watch calls fn, from any goroutine, when a session has changed.
	Watch(fn func(engine.Session)) (stop func())
}
