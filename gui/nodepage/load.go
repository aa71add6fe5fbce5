package nodepage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

// Engine is what the page needs of the engine. All calls but Watch may take
// long and are made off the window's goroutine.
type Engine interface {
	// Node returns a node with all that is known of it.
	Node(ctx context.Context, id string) (engine.Node, error)
	// OpenNode opens a node's tiles; the error is engine.ErrNoTiles if it has none.
	OpenNode(ctx context.Context, id string) (engine.Tiles, error)
	// Start begins a session of a node in the background.
	Start(ctx context.Context, node string) (engine.Session, error)
	// Session returns the session of a node; engine.ErrNoSession if it has none.
	Session(ctx context.Context, ref string) (engine.Session, error)
	Pause(ctx context.Context, session string) error
	Resume(ctx context.Context, session string) error
	// Cancel cancels a whole session if task is "".
	Cancel(ctx context.Context, session, task string) error
	// Retry gives another chance to what has failed in a session, if task is "".
	Retry(ctx context.Context, session, task string) error
	// Runs returns what the last runs of a node came to, the newest first.
	Runs(ctx context.Context, node string) ([]shape.RunSummary, error)
	// Watch calls fn whenever a session has moved on, from another goroutine.
	Watch(fn func(engine.Session)) (stop func())
}

// pngWriter writes the map as a picture.
type pngWriter func(context.Context, io.Writer) error

// errExists is the error of writeFile for a file that must not be replaced.
var errExists = errors.New("there is a file of this name already")

// writeFile writes a file whole or not at all: beside its name first, synced,
// then renamed.
func writeFile(ctx context.Context, path string, replace bool, write pngWriter) (err error) {
	if _, statErr := os.Lstat(path); statErr == nil && !replace {
		return fmt.Errorf("save %s: %w", path, errExists)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".shapes-*.png")
	if err != nil {
		return fmt.Errorf("save %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	err = write(ctx, f)
	if err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Chmod(f.Name(), 0o644) // CreateTemp makes files for the user alone
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("save %s: %w", path, err)
	}
	return nil
}
