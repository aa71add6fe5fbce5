package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/shapes-desktop/shapes/core/engine"
)

// openTiles opens what IN names: an archive or folder that exists, else a node
// of the data directory.
func openTiles(ctx context.Context, g *global, eng engineAPI, in string) (engine.Tiles, error) {
	_, err := os.Stat(in)
	switch {
	case err == nil:
		return eng.OpenTiles(ctx, in)
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("open %s: %w", in, err)
	case g.dataDir == "":
		return nil, fmt.Errorf("open %s: there is no such file or folder; to name a node, give --data-dir", in)
	default:
		return eng.OpenNode(ctx, g.dataDir, in)
	}
}

// writeFile writes data under a temporary name and renames it, so that path
// never holds half of it.
func writeFile(path string, data []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	_, err = f.Write(data)
	err = errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close())
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
