package nodepage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/pipeline"
)

// Engine is what the page needs of the engine. Both calls may take long and
// are made off the window's goroutine.
type Engine interface {
	// BuildNode makes a node's tiles; it ends early when ctx is done.
	BuildNode(ctx context.Context, id string, onProgress func(pipeline.Progress)) (engine.Stats, error)
	// OpenNode opens a node's tiles; the error is engine.ErrNoTiles if it has none.
	OpenNode(ctx context.Context, id string) (engine.Tiles, error)
}

// run is a build that runs. Its progress is written by a worker of the engine
// and read by the window.
type run struct {
	node   engine.Node
	cancel context.CancelFunc

	mu       sync.Mutex
	progress pipeline.Progress
}

func (r *run) set(p pipeline.Progress) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.progress = p
}

func (r *run) get() pipeline.Progress {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.progress
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
