package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/shapes-desktop/shapes/core/pipeline"
	"github.com/shapes-desktop/shapes/core/publish/archive"
	"github.com/shapes-desktop/shapes/core/store/tileset"
	"github.com/shapes-desktop/shapes/resources/sample"
)

// Errors that callers tell apart with errors.Is.
var (
	// ErrNoTiles: the node has not been built yet.
	ErrNoTiles = errors.New("no tiles yet")
	// ErrNoNode: there is no such node.
	ErrNoNode = errors.New("no such node")
)

// SampleNode is the id of the node with the bundled sample.
const SampleNode = "sample"

// Engine is the data directory at work. It is safe for concurrent use; the
// caller sees to it that one process owns the directory.
type Engine struct {
	dir string
	log *slog.Logger
}

// Open opens the data directory and makes it if it is not there.
func Open(_ context.Context, dataDir string, log *slog.Logger) (*Engine, error) {
	if err := os.MkdirAll(filepath.Join(dataDir, "tiles"), 0o755); err != nil {
		return nil, fmt.Errorf("open data directory: %w", err)
	}
	return &Engine{dataDir, log}, nil
}

// Close releases the data directory.
func (e *Engine) Close() error { return nil }

func (e *Engine) tileFile(id string) string { return filepath.Join(e.dir, "tiles", id+".db") }

// Nodes returns the rows of the tree.
func (e *Engine) Nodes(ctx context.Context) ([]Node, error) {
	n := Node{
		ID: SampleNode, Name: sample.Name, Source: sample.Vintage, License: sample.License,
	}
	info, err := os.Stat(e.tileFile(n.ID))
	if err == nil {
		n.HasTiles, n.Built, n.Bytes = true, info.ModTime(), info.Size()
		n.MaxZoom = sampleMaxZoom
	} else if !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("look at the tiles of %s: %w", n.Name, err)
	}
	return []Node{n}, ctx.Err()
}

// BuildNode makes the tiles of a node and swaps them in when they are whole:
// on error, or when ctx ends, the old tiles are as they were.
func (e *Engine) BuildNode(ctx context.Context, id string, onProgress func(pipeline.Progress)) (Stats, error) {
	if id != SampleNode {
		return Stats{}, fmt.Errorf("build %q: %w", id, ErrNoNode)
	}
	e.log.Info("build", "node", id)
	r := Recipe{Inputs: []Input{{Path: Sample}}, Name: sample.Name, MaxZoom: -1}
	stats, err := build(ctx, r, func() (sink, error) { return tileset.Create(e.tileFile(id)) }, onProgress)
	if ctx.Err() != nil {
		e.log.Info("build cancelled", "node", id)
		return stats, fmt.Errorf("build %s: %w", sample.Name, err)
	}
	if err != nil {
		e.log.Error("build failed", "node", id, "error", err)
		return stats, fmt.Errorf("build %s: %w", sample.Name, err)
	}
	stats.OutBytes = sizeOf(e.tileFile(id))
	e.log.Info("built", "node", id, "tiles", stats.Tiles, "bytes", stats.Bytes, "seconds", stats.Seconds)
	return stats, nil
}

// OpenNode opens the tiles of a node, by id or name. The caller closes them.
func (e *Engine) OpenNode(ctx context.Context, id string) (Tiles, error) {
	if id != SampleNode && id != sample.Name {
		return nil, fmt.Errorf("open %q: %w", id, ErrNoNode)
	}
	path := e.tileFile(SampleNode)
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", sample.Name, ErrNoTiles)
	}
	exe, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program to check tiles with: %w", err)
	}
	t, err := tileset.Verifier{Exe: exe}.Open(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("open the tiles of %s: %w", sample.Name, err)
	}
	return archive.FromTileset(t), nil
}

// OpenTiles opens an archive (.pmtiles, .mbtiles) or a folder of tiles.
func OpenTiles(_ context.Context, path string) (Tiles, error) { return archive.Open(path) }
