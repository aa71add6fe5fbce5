package ingest

import (
	"math"
	"strconv"

	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// skip takes the next value, of any kind, and forgets it.
func (s *scanner) skip() error {
	_, err := s.copyValue(nil, false)
	return err
}

// compact appends the next value's JSON text, without blanks, to dst.
func (s *scanner) compact(dst []byte) ([]byte, error) {
	return s.copyValue(dst, true)
}

// copyValue takes a value and appends it to dst if keep is set.
func (s *scanner) copyValue(dst []byte, keep bool) ([]byte, error) {
	c, err := s.peekValue()
	if err != nil {
		return dst, err
	}
	switch c {
	case '{', '[':
		return s.copyNested(dst, keep, c)
	case '"':
		b, err := s.text()
		if err == nil && keep {
			dst = appendQuoted(dst, b)
		}
		return dst, err
	}
	b, err := s.scalar(c)
	if err == nil && keep {
		dst = append(dst, b...)
	}
	return dst, err
}

// copyNested is copyValue for an object or array that opens with c.
func (s *scanner) copyNested(dst []byte, keep bool, c byte) ([]byte, error) {
	if err := s.enter(c); err != nil {
		return dst, err
	}
	closing := c + 2 // '[' and ']', '{' and '}' are two apart
	dst = appendIf(dst, keep, c)
	for n := 0; ; n++ {
		ok, err := s.more(closing, n)
		if err != nil {
			return dst, err
		}
		if !ok {
			return appendIf(dst, keep, closing), nil
		}
		if n > 0 {
			dst = appendIf(dst, keep, ',')
		}
		if c == '{' {
			name, err := s.key()
			if err != nil {
				return dst, err
			}
			if keep {
				dst = append(appendQuoted(dst, name), ':')
			}
		}
		if dst, err = s.copyValue(dst, keep); err != nil {
			return dst, err
		}
		if len(dst) > s.maxText {
			return dst, s.longText()
		}
	}
}

func appendIf(dst []byte, keep bool, c byte) []byte {
	if keep {
		return append(dst, c)
	}
	return dst
}

// scalar takes a number or literal that begins with c; its bytes are valid
// until the next call.
func (s *scanner) scalar(c byte) ([]byte, error) {
	switch c {
	case 't':
		return []byte("true"), s.word("true")
	case 'f':
		return []byte("false"), s.word("false")
	case 'n':
		return []byte("null"), s.word("null")
	}
	b, err := s.digits()
	if err != nil {
		return nil, err
	}
	if !isJSONNumber(b) && !isNotANumber(b) {
		s.pos -= len(b)
		return nil, s.failf("%q, which is not a JSON value,", b)
	}
	return b, nil
}

// isNotANumber tells the words that some writers put for missing numbers.
func isNotANumber(b []byte) bool {
	switch string(b) {
	case "NaN", "Infinity", "-Infinity", "nan", "-nan", "inf", "-inf":
		return true
	}
	return false
}

// isJSONNumber tells whether b is a number as JSON writes it.
func isJSONNumber(b []byte) bool {
	i := 0
	if i < len(b) && b[i] == '-' {
		i++
	}
	whole := countDigits(b[i:])
	if whole == 0 || (whole > 1 && b[i] == '0') {
		return false
	}
	i += whole
	if i < len(b) && b[i] == '.' {
		n := countDigits(b[i+1:])
		if n == 0 {
			return false
		}
		i += 1 + n
	}
	if i < len(b) && b[i]|0x20 == 'e' {
		i++
		if i < len(b) && (b[i] == '-' || b[i] == '+') {
			i++
		}
		n := countDigits(b[i:])
		if n == 0 {
			return false
		}
		i += n
	}
	return i == len(b)
}

func countDigits(b []byte) int {
	n := 0
	for n < len(b) && b[n] >= '0' && b[n] <= '9' {
		n++
	}
	return n
}

// numberValue is the Value of a JSON number: an integer that fits is kept as
// one. It reports false for NaN, infinities and numbers out of range.
func numberValue(b []byte) (feature.Value, bool) {
	if i, err := strconv.ParseInt(string(b), 10, 64); err == nil {
		if i == 0 && b[0] == '-' {
			return feature.FloatValue(math.Copysign(0, -1)), true
		}
		return feature.IntValue(i), true
	}
	if u, err := strconv.ParseUint(string(b), 10, 64); err == nil {
		return feature.UintValue(u), true
	}
	f, err := strconv.ParseFloat(string(b), 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return feature.Value{}, false
	}
	return feature.FloatValue(f), true
}

// appendQuoted appends text as a JSON string.
func appendQuoted(dst, text []byte) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for _, c := range text {
		switch {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c < ' ':
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '"')
}
