// Package archive carries tilesets in the containers that other programs
// read: PMTiles 3, MBTiles 1.3 and folders of tiles.
package archive

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/store/tileset"
)

// ErrFormat is the error of a file that is damaged, or none of the archives
// this package knows.
var ErrFormat = errors.New("not a readable tile archive")

// Writer writes an archive beside its final name. It is for one goroutine.
// Either Commit or Abort must be called.
type Writer interface {
	// Put adds a tile, gzipped. Tiles come in ascending order of ID.Hilbert.
	// The bytes are copied.
	Put(id tile.ID, gz []byte) error
	// Commit finishes the archive and gives it its name. After an error
	// nothing is left of it, and what had the name before is untouched.
	Commit(m tileset.Meta) error
	// Abort removes what was written. After Commit it does nothing.
	Abort() error
}

// Reader reads an archive. It is safe for concurrent use.
type Reader interface {
	// Tile returns a tile as it is stored (see each format for whether that is
	// gzipped), or nil where there is none. The bytes are the caller's.
	Tile(ctx context.Context, id tile.ID) ([]byte, error)
	// Meta describes the tileset, as far as the archive says. The caller must
	// not write to its maps.
	Meta() tileset.Meta
	// Each calls fn with every tile in ascending Hilbert order, until fn or
	// ctx gives an error. The bytes are fn's to keep.
	Each(ctx context.Context, fn func(id tile.ID, data []byte) error) error
	Close() error
}

// Create begins an archive at path: PMTiles or MBTiles by its extension, else
// a folder of tiles.
func Create(path string) (Writer, error) {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".pmtiles":
		return createPMTiles(path)
	case ".mbtiles":
		return createMBTiles(path)
	default:
		return createFolder(path)
	}
}

// Open opens an archive of ours or of others. What it is, is told by its
// content, not by its name.
func Open(path string) (Reader, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("open tiles: %w", err)
	}
	if info.IsDir() {
		return openFolder(path)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("open %s: not an ordinary file", path)
	}
	magic, err := firstBytes(path, 16)
	if err != nil {
		return nil, err
	}
	switch {
	case strings.HasPrefix(magic, pmtilesMagic):
		return openPMTiles(path)
	case strings.HasPrefix(magic, sqliteMagic):
		return openMBTiles(path)
	}
	return nil, fmt.Errorf("open %s: %w: neither PMTiles nor MBTiles (it begins with %q); give a tile archive, a folder of tiles or a .mvt file", path, ErrFormat, magic)
}

func firstBytes(path string, n int) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("open tiles: %w", err)
	}
	defer f.Close()
	b := make([]byte, n)
	n, err = f.Read(b)
	if n == 0 && err != nil {
		return "", fmt.Errorf("open %s: %w: the file is empty", path, ErrFormat)
	}
	return string(b[:n]), nil
}
