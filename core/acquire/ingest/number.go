package ingest

import (
	"math"
	"math/bits"
	"strconv"
)

// coordinate parses the number at the start of b and returns how many bytes
// it took: 0 if b does not begin with a number that ends inside b. The value
// is the float64 nearest to the decimal, as strconv.ParseFloat gives.
//
// Coordinates are most of a boundary file, so the usual forms go a short way:
// up to 19 digits without exponent are an integer over a power of ten.
func coordinate(b []byte) (float64, int) {
	i := 0
	negative := len(b) > 0 && b[0] == '-'
	if negative {
		i = 1
	}
	var w uint64 // digits as one integer
	start := i
	for ; i < len(b); i++ {
		d := b[i] - '0'
		if d > 9 {
			break
		}
		w = w*10 + uint64(d)
	}
	digits := i - start
	if digits == 0 {
		return 0, 0
	}
	frac := 0
	if i < len(b) && b[i] == '.' {
		i++
		start = i
		for ; i < len(b); i++ {
			d := b[i] - '0'
			if d > 9 {
				break
			}
			w = w*10 + uint64(d)
		}
		frac = i - start
		if frac == 0 {
			return 0, 0
		}
	}
	if i == len(b) {
		return 0, 0 // the number may go on
	}
	if digits+frac > 19 || b[i]|0x20 == 'e' {
		return longNumber(b)
	}
	v := quotient(w, frac)
	if negative {
		v = -v
	}
	return v, i
}

// quotient is w / 10^k, correctly rounded, for k up to 19.
func quotient(w uint64, k int) float64 {
	if w < 1<<53 {
		return float64(w) / floatPower(k) // both exact, one rounding
	}
	// Divide 64 leading bits of w, doubled up to 128, by those of 10^k: at
	// least 62 bits of quotient, the remainder folded into the last one. The
	// conversion to float64 then rounds once, half to even.
	d := intPower(k)
	nw, nd := bits.LeadingZeros64(w), bits.LeadingZeros64(d)
	q, r := bits.Div64(w<<nw>>1, w<<nw<<63, d<<nd)
	if r != 0 {
		q |= 1
	}
	return float64(q) * math.Float64frombits(uint64(1023+nd-nw-63)<<52)
}

func floatPower(k int) float64 {
	powers := [...]float64{
		1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10,
		1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
	}
	return powers[k]
}

func intPower(k int) uint64 {
	powers := [...]uint64{
		1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10,
		1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
	}
	return powers[k]
}

// longNumber parses any number by the standard library.
func longNumber(b []byte) (float64, int) {
	n := 0
	for n < len(b) && isNumberByte(b[n]) {
		n++
	}
	if n == len(b) {
		return 0, 0
	}
	v, err := strconv.ParseFloat(string(b[:n]), 64)
	if err != nil && !math.IsInf(v, 0) {
		return 0, 0
	}
	return v, n
}
