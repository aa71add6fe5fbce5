package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/gzip"
)

// source is a file as stored: on disk (path set) or in memory.
type source struct {
	name string // base name
	path string // empty if in memory
	at   io.ReaderAt
	size int64
}

// input reads a source, counts the bytes and stops when ctx is done.
type input struct {
	ctx     context.Context
	src     source
	done    int64
	onBytes func(done, total int64)
}

// ReadAt reads from the stored file.
func (in *input) ReadAt(p []byte, off int64) (int, error) {
	if err := in.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := in.src.at.ReadAt(p, off)
	in.report(in.done + int64(n))
	return n, err
}

// report tells the caller that done bytes were read; archives read some
// twice, so it never passes the total.
func (in *input) report(done int64) {
	in.done = min(done, in.src.size)
	if in.onBytes != nil {
		in.onBytes(in.done, in.src.size)
	}
}

// stream returns the stored file from its start, at most limit bytes.
func (in *input) stream(limit int64) io.Reader {
	r := io.NewSectionReader(in, 0, in.src.size)
	return &boundedReader{r: r, limit: limit}
}

// boundedReader refuses to give more than limit bytes, or more than ratio
// times what its compressed source took.
type boundedReader struct {
	r          io.Reader
	limit      int64
	compressed func() int64 // nil if r is not compressed
	ratio      int64
	n          int64
	place      string
}

func (b *boundedReader) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	b.n += int64(n)
	if b.n > b.limit {
		return 0, &LimitError{Limit: "decompressed bytes", Value: b.limit, Place: b.where()}
	}
	if b.compressed != nil && b.n > ratioFloor && b.n > b.ratio*max(b.compressed(), 1) {
		return 0, &LimitError{Limit: "times expansion on decompressing", Value: b.ratio, Place: b.where()}
	}
	return n, err
}

func (b *boundedReader) where() string {
	if b.place != "" {
		return "in " + b.place
	}
	return fmt.Sprintf("at byte %d", b.n)
}

// countReader counts what passes.
type countReader struct {
	r io.Reader
	n int64
}

func (c *countReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

func readGzip(c *collector, in *input) error {
	packed := &countReader{r: io.NewSectionReader(in, 0, in.src.size)}
	zr, err := gzip.NewReader(packed)
	if err != nil {
		return gzipError(err, 0)
	}
	defer zr.Close()
	r := &boundedReader{
		r: zr, limit: c.limits.Bytes, ratio: c.limits.ZipRatio,
		compressed: func() int64 { return packed.n },
	}
	return readPackedJSON(c, &gzipErrors{r: r, packed: packed}, "gzip file")
}

// gzipErrors rewords the decompressor's errors.
type gzipErrors struct {
	r      io.Reader
	packed *countReader
}

func (g *gzipErrors) Read(p []byte) (int, error) {
	n, err := g.r.Read(p)
	if err != nil && err != io.EOF {
		err = gzipError(err, g.packed.n)
	}
	return n, err
}

func gzipError(err error, at int64) error {
	var limit *LimitError
	switch {
	case errors.As(err, &limit), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return fmt.Errorf("%w: the gzip data ends early, at stored byte %d; fetch or export it again", ErrDamaged, at)
	default:
		return fmt.Errorf("%w: bad gzip data near stored byte %d (%v); fetch or export it again", ErrDamaged, at, err)
	}
}

// readPackedJSON reads JSON from inside a container; nothing else may be
// packed there.
func readPackedJSON(c *collector, r io.Reader, container string) error {
	head := make([]byte, sniffBytes)
	n, err := io.ReadFull(r, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return err
	}
	kind, err := sniff(head[:n])
	if err != nil {
		return fmt.Errorf("inside the %s: %w", container, err)
	}
	if kind != kindJSON {
		return fmt.Errorf("%w: the %s holds %s; unpack it first", ErrFormat, container, kind)
	}
	return readJSON(c, io.MultiReader(strings.NewReader(string(head[:n])), r))
}

// LayerName is the name that the layer of a file with one layer has unless
// another is given: the file's name without the extensions known here.
func LayerName(path string) string { return baseName(path) }

// baseName is the file's name without the extensions known here.
func baseName(name string) string {
	base := filepath.Base(name)
	for {
		ext := filepath.Ext(base)
		if ext == base || !knownExtension(ext) {
			return base
		}
		base = strings.TrimSuffix(base, ext)
	}
}

func knownExtension(ext string) bool {
	switch strings.ToLower(ext) {
	case ".gz", ".zip", ".json", ".geojson", ".topojson", ".geojsonl", ".geojsons", ".geojsonseq",
		".ndjson", ".jsonl", ".ndgeojson", ".shp", ".gpkg":
		return true
	}
	return false
}
