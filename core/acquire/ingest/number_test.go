package ingest

import (
	"fmt"
	"math"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

// sameNumber checks coordinate against the standard library.
func sameNumber(t rapid.TB, text string) {
	want, err := strconv.ParseFloat(text, 64)
	got, n := coordinate([]byte(text + ","))
	if err != nil && !math.IsInf(want, 0) {
		return // not a number for the library; ours may take a part of it
	}
	if n != len(text) || math.Float64bits(got) != math.Float64bits(want) {
		t.Fatalf("%s: %v (%d bytes), want %v", text, got, n, want)
	}
}

func TestCoordinate(t *testing.T) {
	for _, text := range []string{
		"0", "-0", "0.0", "-0.5", "180", "-180.0", "1e5", "1E-5", "-1.5e+300", "1e400",
		"9007199254740993", "9007199254740992.5", "0.1", "0.30000000000000004", "11.049427128498804",
		"-179.99999999999997", "123456789012345678", "1234567890123456789", "12345678901234567890",
		"0.0000000000000000001", "9999999999999999999", "0.9999999999999999999", "89.999999999999986",
		"4503599627370496.5", "4503599627370497.5", "9007199254740991.5",
	} {
		sameNumber(t, text)
	}
	for _, text := range []string{"", "-", ".", ".5", "5.", "x", "+1", "-x"} {
		if _, n := coordinate([]byte(text + ",")); n != 0 {
			t.Errorf("%q is taken for a number of %d bytes", text, n)
		}
	}
	for _, text := range []string{"1", "1.", "1.5", "-12"} {
		if _, n := coordinate([]byte(text)); n != 0 {
			t.Errorf("%q may go on, but %d bytes were taken", text, n)
		}
	}
}

func TestCoordinateProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole, frac := rapid.Uint64().Draw(t, "digits"), rapid.IntRange(0, 19).Draw(t, "decimals")
		digits := strconv.FormatUint(whole>>rapid.IntRange(0, 63).Draw(t, "shift"), 10)
		if frac > 0 {
			for len(digits) <= frac {
				digits = "0" + digits
			}
			digits = digits[:len(digits)-frac] + "." + digits[len(digits)-frac:]
		}
		sameNumber(t, digits)
		sameNumber(t, "-"+digits)
	})
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.Float64Range(-400, 400).Draw(t, "f")
		sameNumber(t, strconv.FormatFloat(f, 'f', -1, 64))
		sameNumber(t, strconv.FormatFloat(f, 'e', -1, 64))
		sameNumber(t, fmt.Sprintf("%.15f", f))
	})
}

func FuzzCoordinate(f *testing.F) {
	f.Add("-12.5")
	f.Add("1e22")
	f.Fuzz(func(t *testing.T, text string) {
		if !isJSONNumber([]byte(text)) || len(text) > maxNumber {
			return
		}
		sameNumber(t, text)
	})
}
