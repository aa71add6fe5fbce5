package kv

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// Key is a composite key. Its parts delimit themselves, so that byte order is
// the order of the parts one after the other, and a key of the first parts is
// a prefix of exactly the keys that begin with them. Build one with
// Key(nil).Str(…).Uint(…). A key is never changed: the methods return a new
// one.
type Key []byte

// Str appends a text. A NUL in it is written so that order is kept.
func (k Key) Str(s string) Key {
	k = slices.Grow(slices.Clip(k), len(s)+2)
	for i := range len(s) {
		k = append(k, s[i])
		if s[i] == 0 {
			k = append(k, 0xFF)
		}
	}
	return append(k, 0, 0)
}

// Uint appends a number, eight bytes, greatest last.
func (k Key) Uint(u uint64) Key { return binary.BigEndian.AppendUint64(slices.Clip(k), u) }

// Byte appends one byte.
func (k Key) Byte(b byte) Key { return append(slices.Clip(k), b) }

// Down appends a number so that the greatest comes first.
func (k Key) Down(u uint64) Key { return k.Uint(math.MaxUint64 - u) }

// The moments that a key can tell apart.
const (
	firstSecond = math.MinInt64 / 1_000_000_000
	lastSecond  = math.MaxInt64 / 1_000_000_000
)

// Time appends a moment, to the nanosecond, between the years 1678 and 2262:
// earlier and later ones stand at the ends. The zero time comes first.
func (k Key) Time(t time.Time) Key {
	switch s := t.Unix(); {
	case t.IsZero():
		return k.Uint(0)
	case s <= firstSecond:
		return k.Uint(1)
	case s >= lastSecond:
		return k.Uint(math.MaxUint64)
	}
	return k.Uint(uint64(t.UnixNano()) ^ 1<<63)
}

// String shows the key to people: texts as they are, each followed by a slash,
// other bytes as \x00.
func (k Key) String() string {
	var b strings.Builder
	for rest := []byte(k); len(rest) > 0; {
		if s, after, ok := CutStr(rest); ok && printable(s) {
			b.WriteString(s)
			b.WriteByte('/')
			rest = after
			continue
		}
		fmt.Fprintf(&b, `\x%02x`, rest[0])
		rest = rest[1:]
	}
	return strings.TrimSuffix(b.String(), "/")
}

func printable(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == '\uFFFD' })
}

// CutStr takes apart what Str has appended at the beginning of b: the text and
// what follows it. It reports whether there is one.
func CutStr(b []byte) (s string, rest []byte, ok bool) {
	var text []byte
	for i := 0; i+1 < len(b); i++ {
		switch {
		case b[i] != 0:
			text = append(text, b[i])
		case b[i+1] == 0:
			return string(text), b[i+2:], true
		case b[i+1] == 0xFF:
			text = append(text, 0)
			i++
		default:
			return "", b, false
		}
	}
	return "", b, false
}

// CutUint takes apart what Uint has appended at the beginning of b.
func CutUint(b []byte) (u uint64, rest []byte, ok bool) {
	if len(b) < 8 {
		return 0, b, false
	}
	return binary.BigEndian.Uint64(b), b[8:], true
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
