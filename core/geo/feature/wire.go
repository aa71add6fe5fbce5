package feature

import (
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"
)

// wireReader walks one protobuf message. It knows where the message lies in
// the file, so that errors can name a byte.
//
// core/geo/mvt says at its reader why the two do not share one. This one is also
// made for long lists of small numbers, which coordinates are here.
type wireReader struct {
	buf  []byte
	pos  int
	base int // of buf[0] in the file
}

func (r *wireReader) more() bool { return r.pos < len(r.buf) }

// offset is the current byte, counted in the whole file.
func (r *wireReader) offset() int { return r.base + r.pos }

// errorAt makes an error at a byte of the file; whoever knows the feature
// fills it in.
func errorAt(offset int, format string, args ...any) *GeobufError {
	return &GeobufError{Feature: -1, Offset: offset, Reason: fmt.Sprintf(format, args...)}
}

// varint reads a number of up to 64 bits.
func (r *wireReader) varint() (uint64, *GeobufError) {
	if r.pos < len(r.buf) && r.buf[r.pos] < 0x80 { // most differences are small
		r.pos++
		return uint64(r.buf[r.pos-1]), nil
	}
	v, n := protowire.ConsumeVarint(r.buf[r.pos:])
	if n < 0 {
		return 0, errorAt(r.offset(), "number cut off or longer than 10 bytes")
	}
	r.pos += n
	return v, nil
}

// field reads the number and wire type of the next field.
func (r *wireReader) field() (protowire.Number, protowire.Type, *GeobufError) {
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
func (r *wireReader) message(t protowire.Type) (wireReader, *GeobufError) {
	at := r.offset()
	if t != protowire.BytesType {
		return wireReader{}, errorAt(at, "wire type %d where a message, text or list must be", t)
	}
	n, err := r.varint()
	if err != nil {
		return wireReader{}, err
	}
	if n > uint64(len(r.buf)-r.pos) {
		return wireReader{}, errorAt(at, "length %d runs past the end (%d bytes left)", n, len(r.buf)-r.pos)
	}
	m := wireReader{buf: r.buf[r.pos : r.pos+int(n) : r.pos+int(n)], base: r.offset()}
	r.pos += int(n)
	return m, nil
}

// number reads a varint field.
func (r *wireReader) number(t protowire.Type) (uint64, *GeobufError) {
	if t != protowire.VarintType {
		return 0, errorAt(r.offset(), "wire type %d where a number must be", t)
	}
	return r.varint()
}

// small reads a varint field of at most limit.
func (r *wireReader) small(t protowire.Type, what string, limit int) (int, *GeobufError) {
	at := r.offset()
	v, err := r.number(t)
	if err == nil && v > uint64(limit) {
		err = errorAt(at, "%s %d, at most %d can be read", what, v, limit)
	}
	return int(v), err
}

// double reads a fixed field of eight bytes.
func (r *wireReader) double(t protowire.Type) (uint64, *GeobufError) {
	if t != protowire.Fixed64Type {
		return 0, errorAt(r.offset(), "wire type %d where a double must be", t)
	}
	v, n := protowire.ConsumeFixed64(r.buf[r.pos:])
	if n < 0 {
		return 0, errorAt(r.offset(), "number cut off")
	}
	r.pos += n
	return v, nil
}

// numbers calls fn with each number of a repeated field: packed as one list, or
// one by one as protobuf allows too.
func (r *wireReader) numbers(t protowire.Type, fn func(uint64) *GeobufError) *GeobufError {
	if t == protowire.VarintType {
		v, err := r.varint()
		if err != nil {
			return err
		}
		return fn(v)
	}
	list, err := r.message(t)
	for err == nil && list.more() {
		var v uint64
		if v, err = list.varint(); err == nil {
			err = fn(v)
		}
	}
	return err
}

// skip passes over a field that is not known here.
func (r *wireReader) skip(num protowire.Number, t protowire.Type) *GeobufError {
	n := -1
	if t != protowire.StartGroupType { // groups nest, and Geobuf has none
		n = protowire.ConsumeFieldValue(num, t, r.buf[r.pos:])
	}
	if n < 0 {
		return errorAt(r.offset(), "field %d of wire type %d cannot be read", num, t)
	}
	r.pos += n
	return nil
}

// beginMessage opens field num in dst and returns where its content begins;
// endMessage puts the length in front of it.
func beginMessage(dst []byte, num protowire.Number) (_ []byte, start int) {
	dst = append(protowire.AppendTag(dst, num, protowire.BytesType), 0)
	return dst, len(dst)
}

func endMessage(dst []byte, start int) []byte {
	size := len(dst) - start
	if more := protowire.SizeVarint(uint64(size)) - 1; more > 0 {
		for range more {
			dst = append(dst, 0)
		}
		copy(dst[start+more:], dst[start:start+size])
	}
	protowire.AppendVarint(dst[:start-1], uint64(size))
	return dst
}
