package ingest

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/paulmach/orb"

	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// shapefileSet opens the files that make up one shapefile.
type shapefileSet struct {
	name string // of the .shp, for messages
	// open opens the file of that extension (with dot, lower case);
	// os.ErrNotExist if there is none.
	open func(ext string) (io.ReadCloser, error)
}

func readBareShapefile(c *collector, in *input) error {
	c.sum.Format = "shapefile"
	c.singleLayer()
	return readShapefile(c, shapefileSet{name: in.src.name, open: func(ext string) (io.ReadCloser, error) {
		if ext == ".shp" {
			return io.NopCloser(in.stream(c.limits.Bytes)), nil
		}
		return openSibling(in.src.path, ext)
	}})
}

// openSibling opens the file beside path that has another extension, in
// either case.
func openSibling(path, ext string) (io.ReadCloser, error) {
	if path == "" {
		return nil, os.ErrNotExist
	}
	stem := strings.TrimSuffix(path, filepath.Ext(path))
	for _, e := range []string{ext, strings.ToUpper(ext)} {
		f, err := os.Open(stem + e)
		if err == nil {
			return f, nil
		}
		if !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
	}
	return nil, os.ErrNotExist
}

// shpReader reads the records of a .shp file.
type shpReader struct {
	c      *collector
	name   string
	r      *bufio.Reader
	offset int64
	box    orb.Bound
	parts  []int
	chunk  []byte
	sorted shape // scratch of rings in polygon order
}

func readShapefile(c *collector, set shapefileSet) error {
	f, err := set.open(".shp")
	if err != nil {
		return err
	}
	defer f.Close()
	s := &shpReader{c: c, name: set.name, r: bufio.NewReaderSize(f, scanBuffer), chunk: make([]byte, 16<<10)}
	if err := s.header(); err != nil {
		return err
	}
	if err := s.projection(set); err != nil {
		return err
	}
	table, err := openTable(c, set)
	if err != nil {
		return err
	}
	if table != nil {
		defer table.close()
	}
	return s.records(table)
}

const (
	shpHeader     = 100
	shpNull       = 0
	shpPolygon    = 5
	shpPolygonZ   = 15
	shpPolygonM   = 25
	shpMultiPatch = 31
)

// header reads the file's first 100 bytes.
func (s *shpReader) header() error {
	var h [shpHeader]byte
	if err := s.full(h[:]); err != nil {
		return err
	}
	if code := binary.BigEndian.Uint32(h[:]); code != 9994 {
		return fmt.Errorf("%w: %s is not a shapefile (file code %d)", ErrFormat, s.name, code)
	}
	s.box = orb.Bound{
		Min: orb.Point{float(h[36:]), float(h[44:])},
		Max: orb.Point{float(h[52:]), float(h[60:])},
	}
	return nil
}

func float(b []byte) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(b)) }

// projection reads the .prj. Without one the coordinates are taken for
// degrees if the file's own bounds allow it.
func (s *shpReader) projection(set shapefileSet) error {
	f, err := set.open(".prj")
	if errors.Is(err, os.ErrNotExist) {
		if b := s.box; b.Min[0] < -maxLongitude || b.Max[0] > maxLongitude || b.Min[1] < -maxLatitude || b.Max[1] > maxLatitude {
			return fmt.Errorf("%w: %s has no .prj and its coordinates are not degrees (%g to %g east); add the .prj or export as WGS 84",
				ErrProjection, set.name, b.Min[0], b.Max[0])
		}
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxWKT))
	if err != nil {
		return err
	}
	s.c.project, err = wktProjection(string(text))
	if err != nil {
		return fmt.Errorf("the .prj of %s: %w", set.name, err)
	}
	return nil
}

// full fills p, or says where the file ends early.
func (s *shpReader) full(p []byte) error {
	n, err := io.ReadFull(s.r, p)
	s.offset += int64(n)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return fmt.Errorf("%w: %s ends early, at byte %d (%s); fetch or export it again", ErrDamaged, s.name, s.offset, s.c.lastWhole())
	}
	return err
}

// records reads all records, each with its row of the table.
func (s *shpReader) records(table *dbfTable) error {
	for {
		if _, err := s.r.Peek(1); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if err := s.record(table); err != nil {
			return err
		}
	}
}

func (s *shpReader) record(table *dbfTable) error {
	var head [12]byte
	if err := s.full(head[:]); err != nil {
		return err
	}
	length := 2*int64(binary.BigEndian.Uint32(head[4:])) - 4 // without the type
	kind := binary.LittleEndian.Uint32(head[8:])
	if length < 0 {
		return s.malformed("a record of %d bytes", length)
	}
	start := s.offset
	switch kind {
	case shpNull:
	case shpPolygon, shpPolygonZ, shpPolygonM:
		if err := s.polygon(length); err != nil {
			return err
		}
	case shpMultiPatch, 1, 3, 8, 11, 13, 18, 21, 23, 28:
		s.c.shape.other++
	default:
		return s.malformed("a record of unknown type %d", kind)
	}
	rest := length - (s.offset - start) // Z, M and padding
	n, err := io.CopyN(io.Discard, s.r, rest)
	s.offset += n
	if err == io.EOF {
		return s.full(head[:1])
	}
	if err != nil {
		return err
	}
	return s.emit(table)
}

func (s *shpReader) malformed(format string, args ...any) error {
	return fmt.Errorf("%w: %s has %s, before byte %d (%s); fetch or export it again",
		ErrDamaged, s.name, fmt.Sprintf(format, args...), s.offset, s.c.lastWhole())
}

func (s *shpReader) emit(table *dbfTable) error {
	var attrs []feature.Attr
	if table != nil {
		var deleted bool
		var err error
		attrs, deleted, err = table.row()
		if err != nil {
			return err
		}
		if deleted { // no longer part of the source
			s.c.shape.reset()
			return nil
		}
	}
	return s.c.emit(0, attrs)
}

// polygon reads a polygon's parts and points, length bytes at most.
func (s *shpReader) polygon(length int64) error {
	var head [40]byte
	if length < int64(len(head)) {
		return s.malformed("a polygon of %d bytes", length)
	}
	if err := s.full(head[:]); err != nil {
		return err
	}
	parts, points := int64(binary.LittleEndian.Uint32(head[32:])), int64(binary.LittleEndian.Uint32(head[36:]))
	if int64(len(head))+4*parts+16*points > length {
		return s.malformed("a polygon of %d parts and %d points in %d bytes", parts, points, length)
	}
	if err := s.c.checkVertices(int(points)); err != nil {
		return err
	}
	if err := s.partStarts(parts, points); err != nil {
		return err
	}
	if err := s.points(int(points)); err != nil {
		return err
	}
	if len(s.parts) > 0 {
		s.classify()
	}
	return nil
}

// partStarts reads where each ring begins; s.parts then holds their ends.
func (s *shpReader) partStarts(parts, points int64) error {
	s.parts = s.parts[:0]
	last := int64(0)
	for i := range parts {
		var b [4]byte
		if err := s.full(b[:]); err != nil {
			return err
		}
		start := int64(binary.LittleEndian.Uint32(b[:]))
		if start < last || start > points || (i == 0 && start != 0) {
			return s.malformed("a ring that begins at point %d of %d", start, points)
		}
		if i > 0 {
			s.parts = append(s.parts, int(start))
		}
		last = start
	}
	if parts > 0 {
		s.parts = append(s.parts, int(points))
	}
	return nil
}

// points reads n points into the collector's shape.
func (s *shpReader) points(n int) error {
	for n > 0 {
		b := s.chunk[:min(len(s.chunk), 16*n)]
		if err := s.full(b); err != nil {
			return err
		}
		for ; len(b) > 0; b = b[16:] {
			s.c.shape.pts = append(s.c.shape.pts, orb.Point{float(b), float(b[8:])})
			n--
		}
	}
	return nil
}
