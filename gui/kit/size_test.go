package kit

import "testing"

func TestBytesKeepsSmallSizesApart(t *testing.T) {
	for n, want := range map[int64]string{-1: "0 B", 0: "0 B", 999: "999 B", 8300: "8.3 kB", 1_500_000: "1.5 MB", 12_345_678: "12 MB"} {
		if got := Bytes(n); got != want {
			t.Errorf("Bytes(%d) = %q, want %q", n, got, want)
		}
	}
}
