package ingest

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// wkbReader reads a binary geometry into the collector's shape: the header of
// a GeoPackage, then well-known binary with or without Z and M, in the
// numbering of ISO or of PostGIS.
type wkbReader struct {
	c *collector
	b []byte // unread
}

var errShort = errors.New("the binary geometry ends early")

const (
	gpkgEmpty  = 1 << 4
	wkbPolygon = 3
	wkbMulti   = 6
	wkbGroup   = 7
)

// geoPackage reads the header and the geometry.
func (w *wkbReader) geoPackage() error {
	if len(w.b) < 8 || w.b[0] != 'G' || w.b[1] != 'P' {
		return errors.New("the geometry does not begin as a GeoPackage's")
	}
	flags := w.b[3]
	envelopes := [...]int{0, 32, 48, 48, 64}
	kind := int(flags >> 1 & 7)
	if kind >= len(envelopes) {
		return fmt.Errorf("unknown kind of envelope %d", kind)
	}
	if err := w.drop(8 + envelopes[kind]); err != nil {
		return err
	}
	if flags&gpkgEmpty != 0 {
		return nil
	}
	return w.geometry(0)
}

func (w *wkbReader) drop(n int) error {
	if len(w.b) < n {
		return errShort
	}
	w.b = w.b[n:]
	return nil
}

// header reads byte order and type.
func (w *wkbReader) header() (order binary.ByteOrder, kind, size int, err error) {
	if len(w.b) < 5 {
		return nil, 0, 0, errShort
	}
	order = binary.LittleEndian
	if w.b[0] == 0 {
		order = binary.BigEndian
	} else if w.b[0] != 1 {
		return nil, 0, 0, fmt.Errorf("unknown byte order %d", w.b[0])
	}
	code := order.Uint32(w.b[1:])
	w.b = w.b[5:]
	size = 2 // numbers in a position
	for _, flag := range []uint32{1 << 31, 1 << 30} {
		if code&flag != 0 {
			size++
		}
	}
	if code&(1<<29) != 0 { // an SRS of its own
		err = w.drop(4)
	}
	code &= 1<<29 - 1
	switch code / 1000 {
	case 1, 2:
		size++
	case 3:
		size += 2
	}
	return order, int(code % 1000), size, err
}

func (w *wkbReader) count(order binary.ByteOrder, least int) (int, error) {
	if len(w.b) < 4 {
		return 0, errShort
	}
	n := order.Uint32(w.b)
	w.b = w.b[4:]
	if uint64(n)*uint64(least) > uint64(len(w.b)) {
		return 0, fmt.Errorf("it declares %d members, more than its %d bytes can hold", n, len(w.b))
	}
	return int(n), nil
}

// geometry reads one geometry; of a collection its polygons.
func (w *wkbReader) geometry(depth int) error {
	if depth > w.c.limits.Depth {
		return &LimitError{Limit: "levels of nesting", Value: int64(w.c.limits.Depth), Place: w.c.place()}
	}
	order, kind, size, err := w.header()
	if err != nil {
		return err
	}
	switch kind {
	case wkbPolygon:
		return w.polygon(order, size)
	case wkbMulti, wkbGroup:
		n, err := w.count(order, 5)
		for i := 0; i < n && err == nil; i++ {
			err = w.geometry(depth + 1)
		}
		return err
	case 1, 2, 4, 5:
		w.c.shape.other++
		return w.skip(order, kind, size, depth)
	}
	return fmt.Errorf("its type %d (a curve or surface) is not read", kind)
}

func (w *wkbReader) polygon(order binary.ByteOrder, size int) error {
	rings, err := w.count(order, 4)
	if err != nil {
		return err
	}
	s := &w.c.shape
	for range rings {
		n, err := w.count(order, 8*size)
		if err != nil {
			return err
		}
		if err := w.c.checkVertices(len(s.pts) + n); err != nil {
			return err
		}
		for ; n > 0; n-- {
			x, y := order.Uint64(w.b), order.Uint64(w.b[8:])
			s.pts = append(s.pts, orb.Point{math.Float64frombits(x), math.Float64frombits(y)})
			w.b = w.b[8*size:]
		}
		s.endRing()
	}
	if rings > 0 {
		s.endPolygon()
	}
	return nil
}

// skip takes a point, line or group of them.
func (w *wkbReader) skip(order binary.ByteOrder, kind, size, depth int) error {
	switch kind {
	case 1:
		return w.drop(8 * size)
	case 2:
		n, err := w.count(order, 8*size)
		if err != nil {
			return err
		}
		return w.drop(n * 8 * size)
	}
	n, err := w.count(order, 5)
	for i := 0; i < n && err == nil; i++ {
		err = w.geometry(depth + 1)
	}
	return err
}
