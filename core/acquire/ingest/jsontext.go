package ingest

import (
	"bytes"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// text takes a string and returns it unescaped, valid until the next call.
// Bytes that are not UTF-8 are replaced and badText set.
func (s *scanner) text() ([]byte, error) {
	c, err := s.peekValue()
	if err != nil {
		return nil, err
	}
	if c != '"' {
		return nil, s.failf("%q where a string should be", c)
	}
	s.badText = false
	n, plain := 1, true // bytes looked at, from the quote on
	for {
		stop := scanText(s.buf[s.pos+n : s.end])
		n += stop
		if s.pos+n < s.end {
			switch c := s.buf[s.pos+n]; {
			case c == '"':
				if n > s.maxText {
					return nil, s.longText()
				}
				raw := s.buf[s.pos+1 : s.pos+n]
				s.pos += n + 1
				return s.unescape(raw, plain)
			case c == '\\' && s.pos+n+1 < s.end:
				plain = false
				n += 2
				continue
			case c != '\\':
				s.pos += n
				return nil, s.failf("a bare control character in a string")
			}
		}
		if n > s.maxText {
			return nil, s.longText()
		}
		if err := s.fill(); err != nil {
			return nil, s.want(err)
		}
	}
}

func (s *scanner) longText() error {
	return &LimitError{Limit: "bytes of text", Value: int64(s.maxText), Place: fmt.Sprintf("at byte %d", s.offset())}
}

// scanText returns the length of b's part without quote, backslash or control
// character.
func scanText(b []byte) int {
	for i, c := range b {
		if c == '"' || c == '\\' || c < ' ' {
			return i
		}
	}
	return len(b)
}

func (s *scanner) unescape(raw []byte, plain bool) ([]byte, error) {
	if !utf8.Valid(raw) {
		s.badText = true
		raw = bytes.ToValidUTF8(raw, []byte("\uFFFD"))
	}
	if plain {
		return raw, nil
	}
	out := s.scratch[:0]
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' {
			out = append(out, raw[i])
			continue
		}
		i++
		c := raw[i]
		switch c {
		case '"', '\\', '/':
			out = append(out, c)
		case 'b', 'f', 'n', 'r', 't':
			out = append(out, controls(c))
		case 'u':
			r, used := s.escapedRune(raw[i+1:])
			if used == 0 {
				return nil, s.failf("a bad \\u escape in a string that ends")
			}
			out = utf8.AppendRune(out, r)
			i += used
		default:
			return nil, s.failf("the bad escape \\%c in a string that ends", c)
		}
	}
	s.scratch = out
	return out, nil
}

func controls(c byte) byte {
	switch c {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	}
	return '\t'
}

// escapedRune decodes what follows "\u" and says how many bytes that took. A
// surrogate without its other half is replaced and badText set.
func (s *scanner) escapedRune(b []byte) (rune, int) {
	r, ok := hex4(b)
	if !ok {
		return 0, 0
	}
	if !utf16.IsSurrogate(r) {
		return r, 4
	}
	if len(b) >= 10 && b[4] == '\\' && b[5] == 'u' {
		if low, ok := hex4(b[6:]); ok {
			if full := utf16.DecodeRune(r, low); full != utf8.RuneError {
				return full, 10
			}
		}
	}
	s.badText = true
	return utf8.RuneError, 4
}

func hex4(b []byte) (rune, bool) {
	if len(b) < 4 {
		return 0, false
	}
	var r rune
	for _, c := range b[:4] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}
