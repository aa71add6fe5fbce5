package archive

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/store/tileset"
)

// folderReader reads z/x/y.pbf (or .mvt, also gzipped as .gz), with or
// without metadata.json. Tiles come as they are stored, plain or gzipped.
type folderReader struct {
	path  string
	ext   string // of all tiles
	zooms []int
	meta  tileset.Meta
}

// The ways tile files are named.
func tileExtensions() []string { return []string{".pbf", ".mvt", ".pbf.gz", ".mvt.gz"} }

func openFolder(path string) (*folderReader, error) {
	r := &folderReader{path: path}
	var err error
	if r.zooms, err = numbered(path); err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	if len(r.zooms) == 0 || r.zooms[len(r.zooms)-1] > 31 {
		return nil, fmt.Errorf("open %s: %w: the folder has no folders named after zooms (0 to 31)", path, ErrFormat)
	}
	if r.ext, err = r.findExtension(); err != nil {
		return nil, err
	}
	if err := r.readMeta(); err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	return r, nil
}

// numbered lists the folders of dir that are named by a number, ascending.
func numbered(dir string) ([]int, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var ns []int
	for _, e := range entries {
		if n, ok := number(e.Name()); ok && e.IsDir() {
			ns = append(ns, n)
		}
	}
	slices.Sort(ns)
	return ns, nil
}

// number reads a name that is the usual form of a number.
func number(s string) (int, bool) {
	n, err := strconv.ParseUint(s, 10, 31)
	return int(n), err == nil && strconv.Itoa(int(n)) == s
}

// findExtension takes that of the first tile file it meets.
func (r *folderReader) findExtension() (string, error) {
	for _, z := range r.zooms {
		columns, err := numbered(filepath.Join(r.path, strconv.Itoa(z)))
		if err != nil {
			return "", fmt.Errorf("open %s: %w", r.path, err)
		}
		for _, x := range columns {
			files, err := os.ReadDir(filepath.Join(r.path, strconv.Itoa(z), strconv.Itoa(x)))
			if err != nil {
				return "", fmt.Errorf("open %s: %w", r.path, err)
			}
			for _, f := range files {
				for _, ext := range tileExtensions() {
					if _, ok := rowOf(f.Name(), ext); ok {
						return ext, nil
					}
				}
			}
		}
	}
	return "", fmt.Errorf("open %s: %w: no tiles named z/x/y.pbf or .mvt", r.path, ErrFormat)
}

func rowOf(name, ext string) (int, bool) {
	if len(name) <= len(ext) || name[len(name)-len(ext):] != ext {
		return 0, false
	}
	return number(name[:len(name)-len(ext)])
}

func (r *folderReader) readMeta() error {
	text, err := readBounded(filepath.Join(r.path, folderMeta), maxMetadata)
	var rows []entry
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	default:
		if rows, err = rowsOf(text); err != nil {
			return err
		}
	}
	m, hasMin, hasMax, err := understand(rows)
	if err != nil {
		return err
	}
	if m.Name == "" {
		m.Name = filepath.Base(r.path)
	}
	if !hasMin {
		m.MinZoom = uint8(r.zooms[0])
	}
	if !hasMax {
		m.MaxZoom = uint8(r.zooms[len(r.zooms)-1])
	}
	r.meta = m
	return nil
}

// readBounded reads a file of at most limit bytes.
func readBounded(path string, limit int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Size() > limit {
		return nil, fmt.Errorf("%w: %s has %d bytes, more than the %d allowed", ErrFormat, filepath.Base(path), info.Size(), limit)
	}
	return os.ReadFile(path)
}

// Tile implements Reader.
func (r *folderReader) Tile(ctx context.Context, id tile.ID) ([]byte, error) {
	if err := ctx.Err(); err != nil || !id.Valid() {
		return nil, err
	}
	name := filepath.Join(r.path, strconv.Itoa(int(id.Z)), strconv.Itoa(int(id.X)), strconv.Itoa(int(id.Y))+r.ext)
	b, err := readBounded(name, maxTile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read tile %v of %s: %w", id, r.path, err)
	}
	return b, nil
}

// Meta implements Reader.
func (r *folderReader) Meta() tileset.Meta { return r.meta }

// Each implements Reader. The addresses of one zoom are held in memory, as
// folders have them in another order.
func (r *folderReader) Each(ctx context.Context, fn func(tile.ID, []byte) error) error {
	for _, z := range r.zooms {
		ids, err := r.zoom(ctx, z)
		if err != nil {
			return fmt.Errorf("read zoom %d of %s: %w", z, r.path, err)
		}
		if err := eachOf(ctx, ids, r.Tile, fn); err != nil {
			return err
		}
	}
	return nil
}

func (r *folderReader) zoom(ctx context.Context, z int) ([]tile.ID, error) {
	dir := filepath.Join(r.path, strconv.Itoa(z))
	columns, err := numbered(dir)
	if err != nil {
		return nil, err
	}
	var ids []tile.ID
	for _, x := range columns {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		files, err := os.ReadDir(filepath.Join(dir, strconv.Itoa(x)))
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			y, ok := rowOf(f.Name(), r.ext)
			id := tile.ID{Z: uint8(z), X: uint32(x), Y: uint32(y)}
			if ok && id.Valid() {
				ids = append(ids, id)
			}
		}
	}
	sortTiles(ids)
	return ids, nil
}

// Close implements Reader.
func (r *folderReader) Close() error { return nil }
