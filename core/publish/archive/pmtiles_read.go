package archive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/store/tileset"
)

// Limits on what a PMTiles file may make us read.
const (
	maxDirectory  = 64 << 20 // bytes, uncompressed
	maxMetadata   = 16 << 20 // bytes, uncompressed
	maxTile       = 64 << 20 // bytes, as stored
	maxDepth      = 4        // directories from the root to a tile
	keptDirectory = 32       // leaf directories kept in memory
)

// pmReader reads PMTiles 3. Tiles come as they are stored: gzipped, or plain
// if the header says so.
type pmReader struct {
	path   string
	in     io.ReaderAt
	close  func() error
	header pmHeader
	meta   tileset.Meta
	root   []pmEntry

	mu     sync.Mutex
	leaves map[uint64][]pmEntry // by offset
	order  []uint64             // of leaves, the oldest first
}

func openPMTiles(path string) (*pmReader, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open tiles: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open tiles: %w", err), f.Close())
	}
	r, err := readPMTiles(f, info.Size())
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), f.Close())
	}
	r.path, r.close = path, f.Close
	return r, nil
}

// readPMTiles reads header, metadata and root directory.
func readPMTiles(in io.ReaderAt, size int64) (*pmReader, error) {
	b := make([]byte, min(size, pmtilesHeader))
	if _, err := in.ReadAt(b, 0); err != nil {
		return nil, fmt.Errorf("read header: %w", err)
	}
	h, err := parsePMHeader(b, size)
	if err != nil {
		return nil, err
	}
	r := &pmReader{in: in, close: func() error { return nil }, header: h, leaves: map[uint64][]pmEntry{}}
	if err := r.readMeta(); err != nil {
		return nil, err
	}
	r.root, err = r.directory(h.rootOffset, h.rootLength)
	if err != nil {
		return nil, fmt.Errorf("root directory: %w", err)
	}
	return r, nil
}

// readMeta reads the JSON metadata, which may be missing.
func (r *pmReader) readMeta() error {
	h := r.header
	var rows []entry
	if h.metaLength > 0 {
		text, err := r.section(h.metaOffset, h.metaLength, maxMetadata)
		if err != nil {
			return fmt.Errorf("metadata: %w", err)
		}
		if rows, err = rowsOf(text); err != nil {
			return err
		}
	}
	m, _, _, err := understand(rows)
	m.MinZoom, m.MaxZoom, m.Bounds, m.Center = h.minZoom, h.maxZoom, h.bounds, h.center
	r.meta = m
	return err
}

// section reads and uncompresses a part other than tile data.
func (r *pmReader) section(offset, length uint64, limit int) ([]byte, error) {
	b, err := r.bytes(offset, length, uint64(limit))
	if err != nil || r.header.internalCompression == compressionNone {
		return b, err
	}
	b, err = ungzip(b, limit)
	if err != nil {
		return nil, fmt.Errorf("%w: at byte %d: %v", ErrFormat, offset, err)
	}
	return b, nil
}

func (r *pmReader) bytes(offset, length, limit uint64) ([]byte, error) {
	if length > limit {
		return nil, fmt.Errorf("%w: %d bytes at byte %d, more than the %d allowed", ErrFormat, length, offset, limit)
	}
	b := make([]byte, length)
	if _, err := r.in.ReadAt(b, int64(offset)); err != nil {
		return nil, fmt.Errorf("read %d bytes at byte %d: %w", length, offset, err)
	}
	return b, nil
}

func (r *pmReader) directory(offset, length uint64) ([]pmEntry, error) {
	b, err := r.section(offset, length, maxDirectory)
	if err != nil {
		return nil, err
	}
	return decodeDirectory(b)
}

// leaf returns the directory that e points at.
func (r *pmReader) leaf(e pmEntry) ([]pmEntry, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if d, ok := r.leaves[e.offset]; ok {
		return d, nil
	}
	d, err := r.readLeaf(e)
	if err != nil {
		return nil, err
	}
	if len(r.order) >= keptDirectory {
		delete(r.leaves, r.order[0])
		r.order = r.order[1:]
	}
	r.leaves[e.offset] = d
	r.order = append(r.order, e.offset)
	return d, nil
}

func (r *pmReader) readLeaf(e pmEntry) ([]pmEntry, error) {
	if e.offset > r.header.leafLength || uint64(e.length) > r.header.leafLength-e.offset {
		return nil, fmt.Errorf("%w: leaf directory of tile number %d is outside its section", ErrFormat, e.id)
	}
	d, err := r.directory(r.header.leafOffset+e.offset, uint64(e.length))
	if err != nil {
		return nil, fmt.Errorf("leaf directory of tile number %d: %w", e.id, err)
	}
	if len(d) == 0 {
		return nil, fmt.Errorf("%w: leaf directory of tile number %d is empty", ErrFormat, e.id)
	}
	return d, nil
}

func (r *pmReader) data(e pmEntry) ([]byte, error) {
	if e.offset > r.header.dataLength || uint64(e.length) > r.header.dataLength-e.offset {
		return nil, fmt.Errorf("%w: tile %v is outside the tile data", ErrFormat, tile.FromHilbert(e.id))
	}
	return r.bytes(r.header.dataOffset+e.offset, uint64(e.length), maxTile)
}

// Tile implements Reader.
func (r *pmReader) Tile(ctx context.Context, id tile.ID) ([]byte, error) {
	if err := ctx.Err(); err != nil || !id.Valid() {
		return nil, err
	}
	h, d := id.Hilbert(), r.root
	for range maxDepth {
		e, ok := find(d, h)
		if !ok {
			return nil, nil
		}
		var err error
		if e.run > 0 {
			data, err := r.data(e)
			if err != nil {
				return nil, fmt.Errorf("read tile %v of %s: %w", id, r.path, err)
			}
			return data, nil
		}
		if d, err = r.leaf(e); err != nil {
			return nil, fmt.Errorf("read tile %v of %s: %w", id, r.path, err)
		}
	}
	return nil, fmt.Errorf("read tile %v of %s: %w: directories nested deeper than %d", id, r.path, ErrFormat, maxDepth)
}

// Meta implements Reader.
func (r *pmReader) Meta() tileset.Meta { return r.meta }

// Each implements Reader.
func (r *pmReader) Each(ctx context.Context, fn func(tile.ID, []byte) error) error {
	w := pmWalk{r: r, ctx: ctx, fn: fn, end: firstOf(int(r.header.maxZoom) + 1)}
	return w.directory(r.root, 1)
}

// firstOf is the number of the first tile of a zoom.
func firstOf(zoom int) uint64 {
	n := uint64(0)
	for z := range zoom {
		n += 1 << (2 * z)
	}
	return n
}

// pmWalk visits all tiles. That numbers ascend strictly over all directories
// also bounds the walk: no directory can be visited twice.
type pmWalk struct {
	r    *pmReader
	ctx  context.Context
	fn   func(tile.ID, []byte) error
	next uint64 // the lowest number that may come
	end  uint64 // the first number past the deepest zoom
}

func (w *pmWalk) directory(d []pmEntry, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("read %s: %w: directories nested deeper than %d", w.r.path, ErrFormat, maxDepth)
	}
	for _, e := range d {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		if e.id < w.next || e.id >= w.end || uint64(e.run) > w.end-e.id {
			return fmt.Errorf("read %s: %w: tile number %d is out of order or beyond zoom %d", w.r.path, ErrFormat, e.id, w.r.header.maxZoom)
		}
		if e.run == 0 {
			leaf, err := w.r.leaf(e)
			if err == nil {
				err = w.directory(leaf, depth+1)
			}
			if err != nil {
				return err
			}
			continue
		}
		if err := w.run(e); err != nil {
			return err
		}
	}
	return nil
}

func (w *pmWalk) run(e pmEntry) error {
	data, err := w.r.data(e)
	if err != nil {
		return fmt.Errorf("read %s: %w", w.r.path, err)
	}
	w.next = e.id + uint64(e.run)
	for id := e.id; id < w.next; id++ {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		if err := w.fn(tile.FromHilbert(id), append([]byte(nil), data...)); err != nil {
			return err
		}
	}
	return nil
}

// Close implements Reader.
func (r *pmReader) Close() error { return r.close() }
