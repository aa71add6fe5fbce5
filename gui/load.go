package gui

import (
	"context"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/gui/nodepage"
)

// Engine is what the window needs of the engine.
type Engine interface {
	nodepage.Engine
	// Nodes returns the rows of the tree. It is called off the window's
	// goroutine.
	Nodes(ctx context.Context) ([]engine.Node, error)
}
