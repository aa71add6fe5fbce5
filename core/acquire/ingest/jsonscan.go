package ingest

import (
	"errors"
	"fmt"
	"io"
)

// scanner pulls JSON from a stream with a small buffer. Unlike a general
// decoder it never needs a whole value at once: coordinates are read number by
// number, however large the geometry. It accepts NaN and Infinity where a
// number may stand, since some writers emit them; callers decide what to do.
type scanner struct {
	r        io.Reader
	buf      []byte
	pos, end int   // unread part of buf
	base     int64 // offset of buf[0] in the stream
	err      error // what the reader gave with its last bytes

	depth, maxDepth int
	maxText         int
	scratch         []byte // of unescaped strings
	badText         bool   // the last string held bytes that are not UTF-8, replaced
}

const scanBuffer = 256 << 10

func newScanner(r io.Reader, limits Limits) *scanner {
	return &scanner{r: r, buf: make([]byte, scanBuffer), maxDepth: limits.Depth, maxText: limits.TextBytes}
}

// errEnds marks input that stops in the middle of a value.
var errEnds = errors.New("ends early")

// offset is the stream offset of the next unread byte.
func (s *scanner) offset() int64 { return s.base + int64(s.pos) }

// failf makes a syntax error at the next unread byte.
func (s *scanner) failf(format string, args ...any) error {
	return fmt.Errorf("%w at byte %d", fmt.Errorf(format, args...), s.offset())
}

// fill reads more, moving the unread part to the front and growing the buffer
// if it is full. Slices taken from buf are invalid afterwards.
func (s *scanner) fill() error {
	if s.err != nil {
		return s.err
	}
	if s.pos > 0 {
		s.base += int64(s.pos)
		s.end = copy(s.buf, s.buf[s.pos:s.end])
		s.pos = 0
	}
	if s.end == len(s.buf) {
		s.buf = append(s.buf, make([]byte, len(s.buf))...)
	}
	n, err := s.r.Read(s.buf[s.end:])
	s.end += n
	if err != nil {
		s.err = err
		if n > 0 {
			return nil
		}
	}
	return err
}

// want returns the reader's error, or errEnds if it had no more bytes.
func (s *scanner) want(err error) error {
	if err == io.EOF {
		return errEnds
	}
	return err
}

// peek skips blanks and returns the next byte without taking it; io.EOF at
// the end of the stream.
func (s *scanner) peek() (byte, error) {
	for {
		for ; s.pos < s.end; s.pos++ {
			switch c := s.buf[s.pos]; c {
			case ' ', '\t', '\r', '\n':
			default:
				return c, nil
			}
		}
		if err := s.fill(); err != nil {
			return 0, err
		}
	}
}

// peekValue is peek where a value must follow.
func (s *scanner) peekValue() (byte, error) {
	c, err := s.peek()
	return c, s.want(err)
}

// enter takes the opening bracket c.
func (s *scanner) enter(c byte) error {
	got, err := s.peekValue()
	if err != nil {
		return err
	}
	if got != c {
		return s.failf("%q where %q should be", got, c)
	}
	if s.depth++; s.depth > s.maxDepth {
		return &LimitError{Limit: "levels of nesting", Value: int64(s.maxDepth), Place: fmt.Sprintf("at byte %d", s.offset())}
	}
	s.pos++
	return nil
}

// more moves to the next member of an array or object that ends with closing.
// n is how many were taken. It reports false once the end is taken.
func (s *scanner) more(closing byte, n int) (bool, error) {
	c, err := s.peekValue()
	if err != nil {
		return false, err
	}
	if c == closing {
		s.pos++
		s.depth--
		return false, nil
	}
	if n == 0 {
		return true, nil
	}
	if c != ',' {
		return false, s.failf("%q where ',' or %q should be", c, closing)
	}
	s.pos++
	c, err = s.peekValue()
	if err == nil && c == closing {
		err = s.failf("%q after a comma", c)
	}
	return err == nil, err
}

// key takes a member's name and the colon. The name is valid until the next
// call.
func (s *scanner) key() ([]byte, error) {
	name, err := s.text()
	if err != nil {
		return nil, err
	}
	s.scratch = append(s.scratch[:0], name...) // the colon may lie beyond the buffer
	c, err := s.peekValue()
	if err != nil {
		return nil, err
	}
	if c != ':' {
		return nil, s.failf("%q where ':' should be", c)
	}
	s.pos++
	return s.scratch, nil
}

// word takes a literal, which must be next.
func (s *scanner) word(w string) error {
	for s.end-s.pos < len(w) {
		if err := s.fill(); err != nil {
			return s.want(err)
		}
	}
	if string(s.buf[s.pos:s.pos+len(w)]) != w {
		return s.failf("a value that is not JSON")
	}
	s.pos += len(w)
	return nil
}

// digits takes a number and returns its bytes, valid until the next call.
func (s *scanner) digits() ([]byte, error) {
	n := 0
	for {
		for ; s.pos+n < s.end; n++ {
			if !isNumberByte(s.buf[s.pos+n]) {
				return s.takeDigits(n)
			}
		}
		if n > maxNumber {
			return nil, s.failf("a number of more than %d digits", maxNumber)
		}
		if err := s.fill(); err == io.EOF {
			return s.takeDigits(n)
		} else if err != nil {
			return nil, err
		}
	}
}

const maxNumber = 1 << 10

func (s *scanner) takeDigits(n int) ([]byte, error) {
	if n == 0 {
		return nil, s.failf("a value that is not JSON")
	}
	b := s.buf[s.pos : s.pos+n]
	s.pos += n
	return b, nil
}

// isNumberByte tells the bytes of numbers, and of NaN and Infinity.
func isNumberByte(c byte) bool {
	switch {
	case c >= '0' && c <= '9', c == '-', c == '+', c == '.', c == 'e', c == 'E':
		return true
	}
	switch c {
	case 'N', 'a', 'I', 'n', 'f', 'i', 't', 'y':
		return true
	}
	return false
}
