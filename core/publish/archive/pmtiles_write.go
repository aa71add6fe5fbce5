package archive

import (
	"bufio"
	"crypto/sha256"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"

	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/store/atomicfile"
	"github.com/shapes-desktop/shapes/core/store/tileset"
)

// pmWriter writes PMTiles 3, tiles gzipped. The directories stand before the
// tiles but are known after them, so that tiles go to a file of their own
// first.
type pmWriter struct {
	sequence
	path    string
	data    *os.File // the tiles, beside the archive
	out     *bufio.Writer
	length  uint64 // of data
	entries []pmEntry
	seen    map[[16]byte]pmEntry // by content
}

func createPMTiles(path string) (*pmWriter, error) {
	f, err := atomicfile.Create(path) // refuses what cannot be written, early
	if err != nil {
		return nil, err
	}
	if err := f.Abort(); err != nil {
		return nil, err
	}
	data, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.tmp")
	if err != nil {
		return nil, atomicfile.Explain("create "+path, err)
	}
	return &pmWriter{path: path, data: data, out: bufio.NewWriterSize(data, 1<<18), seen: map[[16]byte]pmEntry{}}, nil
}

// Put implements Writer.
func (w *pmWriter) Put(id tile.ID, gz []byte) error {
	if err := w.check(id, gz); err != nil {
		return err
	}
	hash := sha256.Sum256(gz)
	e, known := w.seen[[16]byte(hash[:])]
	if !known {
		if _, err := w.out.Write(gz); err != nil {
			return w.fail(atomicfile.Explain("write "+w.path, err))
		}
		e = pmEntry{offset: w.length, length: uint32(len(gz))}
		w.length += uint64(len(gz))
		w.seen[[16]byte(hash[:])] = e
	}
	e.id, e.run = id.Hilbert(), 1
	if n := len(w.entries); n > 0 {
		last := &w.entries[n-1]
		if last.offset == e.offset && last.id+uint64(last.run) == e.id && last.run < math.MaxUint32 {
			last.run++
			return nil
		}
	}
	w.entries = append(w.entries, e)
	return nil
}

// Commit implements Writer.
func (w *pmWriter) Commit(m tileset.Meta) error {
	err := w.ready()
	if err == nil {
		err = w.out.Flush()
	}
	if err == nil {
		err = w.assemble(m)
	}
	return errors.Join(atomicfile.Explain("write "+w.path, err), w.Abort())
}

// assemble writes the archive from its parts.
func (w *pmWriter) assemble(m tileset.Meta) error {
	root, leaves, err := layOut(w.entries)
	if err != nil {
		return err
	}
	text, err := describePMTiles(m)
	if err != nil {
		return err
	}
	meta, err := compress(text)
	if err != nil {
		return err
	}
	h := w.header(m, len(root), len(meta), len(leaves))
	f, err := atomicfile.Create(w.path)
	if err != nil {
		return err
	}
	defer f.Abort()
	for _, part := range [][]byte{h.bytes(), root, meta, leaves} {
		if _, err := f.Write(part); err != nil {
			return err
		}
	}
	if _, err := w.data.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if _, err := io.Copy(f.File, w.data); err != nil {
		return err
	}
	return f.Commit()
}

func (w *pmWriter) header(m tileset.Meta, root, meta, leaves int) pmHeader {
	h := pmHeader{
		rootOffset: pmtilesHeader, rootLength: uint64(root), metaLength: uint64(meta),
		leafLength: uint64(leaves), dataLength: w.length,
		addressed: uint64(w.count), entries: uint64(len(w.entries)), contents: uint64(len(w.seen)),
		clustered: true, internalCompression: compressionGzip, tileCompression: compressionGzip, tileType: tileTypeMVT,
		minZoom: m.MinZoom, maxZoom: m.MaxZoom, bounds: bounds(m), center: center(m),
	}
	h.metaOffset = h.rootOffset + h.rootLength
	h.leafOffset = h.metaOffset + h.metaLength
	h.dataOffset = h.leafOffset + h.leafLength
	return h
}

// Abort implements Writer.
func (w *pmWriter) Abort() error {
	if w.done {
		return nil
	}
	w.done = true
	w.data.Close() // its content is copied, or not wanted
	return atomicfile.Explain("remove unfinished "+w.data.Name(), os.Remove(w.data.Name()))
}
