package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"github.com/shapes-desktop/shapes/core/engine"
)

// openTiles opens what IN names: an archive or folder that exists, else a node
// of the data directory.
func openTiles(ctx context.Context, g *global, eng engineAPI, in string) (engine.Tiles, error) {
	_, err := os.Stat(in)
	switch {
	case err == nil:
		return eng.OpenTiles(ctx, in)
	case !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR): // a path of nodes may begin like a file
		return nil, fmt.Errorf("open %s: %w", in, err)
	case g.dataDir == "":
		return nil, usagef("--data-dir needs a folder")
	default:
		return eng.OpenNode(ctx, g.dataDir, in)
	}
}
