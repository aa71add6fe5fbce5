package mvt

import (
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"
)

// reader walks one protobuf message. It knows where the message lies in the
// tile, so that errors can name a byte.
//
// The Geobuf reader of core/geo/feature looks like it, and is apart on purpose:
// what is alike are a few lines around protowire, which both use. Here an error
// is a *FormatError from the first line on, to which layer and feature are added
// on its way up, and which may be survived; a shared reader would need an error
// of its own, turned into ours at every call.
type reader struct {
	buf  []byte
	pos  int
	base int // of buf[0] in the tile
}

func (r *reader) more() bool { return r.pos < len(r.buf) }

// offset is the current byte, counted in the whole tile.
func (r *reader) offset() int { return r.base + r.pos }

// errorAt makes the error at a byte of the tile; layer and feature are filled in
// by whoever knows them.
func errorAt(offset int, format string, args ...any) *FormatError {
	return &FormatError{Feature: -1, Offset: offset, Reason: fmt.Sprintf(format, args...)}
}

// varint reads a number of up to 64 bits.
func (r *reader) varint() (uint64, *FormatError) {
	v, n := protowire.ConsumeVarint(r.buf[r.pos:])
	if n < 0 {
		return 0, errorAt(r.offset(), "number cut off or longer than 10 bytes")
	}
	r.pos += n
	return v, nil
}

// tag reads the number and wire type of the next field.
func (r *reader) tag() (protowire.Number, protowire.Type, *FormatError) {
	at := r.offset()
	v, err := r.varint()
	if err != nil {
		return 0, 0, err
	}
	if v>>3 == 0 || v>>3 > uint64(protowire.MaxValidNumber) {
		return 0, 0, errorAt(at, "field number %d out of range", v>>3)
	}
	return protowire.Number(v >> 3), protowire.Type(v & 7), nil
}

// message reads a length and returns a reader of that many bytes.
func (r *reader) message() (reader, *FormatError) {
	at := r.offset()
	n, err := r.varint()
	if err != nil {
		return reader{}, err
	}
	if n > uint64(len(r.buf)-r.pos) {
		return reader{}, errorAt(at, "length %d runs past the end (%d bytes left)", n, len(r.buf)-r.pos)
	}
	m := reader{buf: r.buf[r.pos : r.pos+int(n) : r.pos+int(n)], base: r.offset()}
	r.pos += int(n)
	return m, nil
}

// fixed reads n raw bytes as a little-endian number.
func (r *reader) fixed(n int) (uint64, *FormatError) {
	if len(r.buf)-r.pos < n {
		return 0, errorAt(r.offset(), "number cut off")
	}
	var v uint64
	for i := n - 1; i >= 0; i-- {
		v = v<<8 | uint64(r.buf[r.pos+i])
	}
	r.pos += n
	return v, nil
}

// skip passes over a field that is not known here.
func (r *reader) skip(w protowire.Type) *FormatError {
	var err *FormatError
	switch w {
	case protowire.VarintType:
		_, err = r.varint()
	case protowire.Fixed64Type:
		_, err = r.fixed(8)
	case protowire.BytesType:
		_, err = r.message()
	case protowire.Fixed32Type:
		_, err = r.fixed(4)
	default:
		err = errorAt(r.offset(), "wire type %d is not supported", w)
	}
	return err
}

// want refuses a known field in a form it may not have.
func want(offset int, field string, got, wanted protowire.Type) *FormatError {
	if got == wanted {
		return nil
	}
	return errorAt(offset, "%s has wire type %d, must be %d", field, got, wanted)
}
