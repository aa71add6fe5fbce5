package ingest

import (
	"math"

	"github.com/paulmach/orb"
)

// latLon reads a point; false for null.
func (j *jsonReader) latLon() (p orb.Point, ok bool, err error) {
	if j.end-j.pos < maxPosition {
		j.fill() // an error shows again on the careful path
	}
	c, err := j.peekValue()
	if err != nil {
		return p, false, err
	}
	if p, n := latLon2(j.buf[j.pos:j.end]); n > 0 {
		j.pos += n
		return p, true, nil
	}
	if c != '{' {
		return p, false, j.skip()
	}
	p = orb.Point{math.NaN(), math.NaN()}
	err = j.eachMember(func(name []byte) (err error) {
		switch string(name) {
		case "lat", "lon":
			err = j.latOrLon(name[1] == 'o', &p)
		default:
			err = j.skip()
		}
		return err
	})
	return p, err == nil, err
}

// latOrLon reads one ordinate of p; NaN for what is no number.
func (j *jsonReader) latOrLon(lon bool, p *orb.Point) error {
	at := 1
	if lon {
		at = 0
	}
	p[at] = math.NaN()
	c, err := j.peekValue()
	if err != nil {
		return err
	}
	if c == '{' || c == '[' || c == '"' || c == 't' || c == 'f' {
		return j.skip()
	}
	p[at], err = j.ordinate(c)
	return err
}

// latLon2 parses {"lat":y,"lon":x} at the start of b, blanks allowed, and
// returns how many bytes it took, 0 if b begins otherwise. It is the path that
// nearly all bytes of an answer take.
func latLon2(b []byte) (p orb.Point, n int) {
	i := after(b, 0, "{")
	i = after(b, i, `"lat"`)
	i = after(b, i, ":")
	if i < 0 {
		return p, 0
	}
	y, taken := coordinate(b[i:])
	if taken == 0 {
		return p, 0
	}
	i = after(b, i+taken, ",")
	i = after(b, i, `"lon"`)
	i = after(b, i, ":")
	if i < 0 {
		return p, 0
	}
	x, taken := coordinate(b[i:])
	if taken == 0 {
		return p, 0
	}
	if i = skipBlanks(b, i+taken); i >= len(b) || b[i] != '}' {
		return p, 0
	}
	return orb.Point{x, y}, i + 1
}

// after returns where b goes on behind the word and the blanks around it, -1
// if it is not there.
func after(b []byte, i int, word string) int {
	if i < 0 {
		return -1
	}
	i = skipBlanks(b, i)
	if len(b)-i < len(word) || string(b[i:i+len(word)]) != word {
		return -1
	}
	return skipBlanks(b, i+len(word))
}

func skipBlanks(b []byte, i int) int {
	for i < len(b) && isBlank(b[i]) {
		i++
	}
	return i
}
