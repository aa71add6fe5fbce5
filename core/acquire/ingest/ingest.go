// Package ingest reads boundary files (GeoJSON, TopoJSON, shapefile,
// GeoPackage, answers of Overpass and Nominatim) as a stream of normalised
// features, recording every fault.
//
// A file's format is recognised by its content. Reading is bounded by Limits
// whatever the file says of itself. Heights and measures (Z, M) are left out.
package ingest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// Options says how to read. The zero value reads everything under
// DefaultLimits.
type Options struct {
	// Limits bound the work; zero fields take their DefaultLimits.
	Limits Limits
	// Attributes names the attributes to keep, in the source's order; nil
	// keeps all, an empty list none.
	Attributes []string
	// Layer names the layer of a file that holds one layer. Default: the
	// file's name without its extensions. Files with several layers keep the
	// layers' own names.
	Layer string
	// OnBytes hears how much of the file, as stored, has been read. It is
	// called often, from the reading goroutine, and must be quick.
	OnBytes func(done, total int64)
}

// Sink takes one normalised feature; it owns the feature from then on. An
// error stops the reading and is returned.
type Sink func(layer string, f feature.Feature) error

// Summary tells what was read.
type Summary struct {
	Format   string         // "GeoJSON", "TopoJSON", "Overpass", "Nominatim", "shapefile" or "GeoPackage"
	Features int            // records in the source, drawn or not
	Kept     int            // features handed to the sink
	Vertices int            // vertices in the source's polygons, before repair
	Bytes    int64          // size of the file as stored
	Faults   feature.Faults // what was survived; index counts every record of its layer
	Layers   []string       // layers with at least one record, in the order met
	Remark   string         // what an Overpass server says of its answer, usually nothing
}

// ReadFile reads the file at path and hands each polygon feature to sink, in
// the source's order. On error the features handed over so far are not the
// whole file and should be discarded; the Summary then covers what was read.
func ReadFile(ctx context.Context, path string, opt Options, sink Sink) (Summary, error) {
	sum, err := readFile(ctx, path, opt, sink)
	if err != nil {
		return sum, fmt.Errorf("read %s: %w", path, pathless(err))
	}
	return sum, nil
}

func readFile(ctx context.Context, path string, opt Options, sink Sink) (Summary, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Summary{}, unreadable(err)
	}
	if info.IsDir() {
		return Summary{}, fmt.Errorf("%w: it is a folder; name a file in it", ErrFormat)
	}
	if !info.Mode().IsRegular() {
		return Summary{}, fmt.Errorf("%w: it is not a regular file (a pipe or device cannot be read)", ErrFormat)
	}
	f, err := os.Open(path)
	if err != nil {
		return Summary{}, unreadable(err)
	}
	defer f.Close()
	return read(ctx, source{name: filepath.Base(path), path: path, at: f, size: info.Size()}, opt, sink)
}

// ReadBytes is ReadFile for a file that is in memory, such as an embedded
// one. name stands for its file name in layer names and messages.
func ReadBytes(ctx context.Context, name string, data []byte, opt Options, sink Sink) (Summary, error) {
	src := source{name: filepath.Base(name), at: bytes.NewReader(data), size: int64(len(data))}
	sum, err := read(ctx, src, opt, sink)
	if err != nil {
		return sum, fmt.Errorf("read %s: %w", name, err)
	}
	return sum, nil
}

// read recognises the source's format and reads it to the end.
func read(ctx context.Context, src source, opt Options, sink Sink) (Summary, error) {
	c := newCollector(opt, src, sink)
	in := &input{ctx: ctx, src: src, onBytes: opt.OnBytes}
	err := readInput(c, in)
	if err == nil {
		err = c.finish()
	}
	if err == nil {
		in.report(src.size)
	}
	c.sum.Bytes = src.size
	return c.sum, err
}

func readInput(c *collector, in *input) error {
	head := make([]byte, sniffBytes)
	n, err := in.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	kind, err := sniff(head[:n])
	if err != nil {
		return err
	}
	switch kind {
	case kindGzip:
		return readGzip(c, in)
	case kindZip:
		return readZip(c, in)
	case kindSQLite:
		return readGeoPackageInput(c, in)
	case kindShapefile:
		return readBareShapefile(c, in)
	default:
		return readJSON(c, in.stream(c.limits.Bytes))
	}
}

// unreadable adds to the error of opening a file what to do.
func unreadable(err error) error {
	err = pathless(err)
	switch {
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%w; ask its owner for the right to read it", err)
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%w; check the name", err)
	}
	return err
}

// pathless strips the path that os errors repeat, since the caller names it.
func pathless(err error) error {
	var pe *os.PathError
	if errors.As(err, &pe) && err == error(pe) {
		return pe.Err
	}
	return err
}
