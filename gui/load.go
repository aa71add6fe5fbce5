package gui

import (
	"context"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/gui/monitor"
	"github.com/shapes-desktop/shapes/gui/nodepage"
	"github.com/shapes-desktop/shapes/gui/shapeform"
)

// Engine is what the window and all its pages need of the engine.
type Engine interface {
	nodepage.Engine
	Tree
}

// Tree is what the window's tree, its commands and the pages that they open
// need of the engine. All methods but Watch are called off the window's
// goroutine. Errors are those of the tree's rules, of which refusal makes
// words.
type Tree interface {
	monitor.Engine
	shapeform.Engine

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
	Export(ctx context.Context, ids []string, path string, o engine.ExportOptions) error
	Restricted(ctx context.Context, ids []string) error
	Import(ctx context.Context, path, parent string, p engine.Policy) (engine.Imported, error)

	// AddFile takes a file that was fetched by hand into the cache. Errors:
	// engine.ErrUnknownFile, engine.ErrConsent, and why the file is not sound.
	AddFile(ctx context.Context, path string) (engine.Fetched, error)

	// New and Edit begin an edit, which the form goes on with.
	New(ctx context.Context, parent string, with engine.NewShape) (engine.Edit, error)
	Edit(ctx context.Context, id string) (engine.Edit, error)
	// Countries lists what a shape may select.
	Countries(ctx context.Context) ([]engine.Country, error)

	// Start begins a session of a node.
	Start(ctx context.Context, node string) (engine.Session, error)
}
