package monitor

import (
	"context"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

// Engine is what the page needs of the engine. All calls but Watch may take
// long and are made off the window's goroutine.
type Engine interface {
	// Sessions returns all sessions, the newest first.
	Sessions(ctx context.Context) ([]engine.Session, error)
	// Tasks returns up to limit children of a task after one of them, in their
	// order; parent "" stands above the stages, after "" before the first.
	Tasks(ctx context.Context, session, parent, after string, limit int) ([]engine.Task, error)
	Pause(ctx context.Context, session string) error
	Resume(ctx context.Context, session string) error
	// Cancel and Retry act on a task and all below it, task "" on all.
	Cancel(ctx context.Context, session, task string) error
	Retry(ctx context.Context, session, task string) error
	// Watch calls fn, from any goroutine, when a session has changed.
	Watch(fn func(engine.Session)) (stop func())
	// Runs returns the summaries of a node's runs, the newest first.
	Runs(ctx context.Context, node string) ([]shape.RunSummary, error)
}
