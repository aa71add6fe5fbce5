package kv

import (
	"bytes"
	"encoding/binary"
	"math"
	"time"
)

// Key is a composite key. Its parts delimit themselves, so that byte order is
// the order of the parts one after the other, and a key of the first parts is
// a prefix of exactly the keys that begin with them. Build one with
// Key(nil).Str(…).Uint(…).
type Key []byte

// Str appends a text. A NUL in it is written so that order is kept.
func (k Key) Str(s string) Key {
	for i := range len(s) {
		k = append(k, s[i])
		if s[i] == 0 {
			k = append(k, 0xFF)
		}
	}
	return append(k, 0, 0)
}

// Uint appends a number, eight bytes, greatest last.
func (k Key) Uint(u uint64) Key { return binary.BigEndian.AppendUint64(k, u) }

// Byte appends one byte.
func (k Key) Byte(b byte) Key { return append(k, b) }

// Down appends a number so that the greatest comes first.
func (k Key) Down(u uint64) Key { return k.Uint(math.MaxUint64 - u) }

// Time appends a moment, to the nanosecond, between the years 1678 and 2262;
// the zero time comes first.
func (k Key) Time(t time.Time) Key {
	if t.IsZero() {
		return k.Uint(0)
	}
	return k.Uint(uint64(t.UnixNano()) ^ 1<<63)
}

// end returns the first key after all that begin with prefix, nil if there is
// none.
func end(prefix []byte) []byte {
	e := bytes.Clone(prefix)
	for i := len(e) - 1; i >= 0; i-- {
		if e[i]++; e[i] != 0 {
			return e[:i+1]
		}
	}
	return nil
}
