package tile

import (
	"testing"

	"pgregory.net/rapid"
)

func TestHilbertMatchesThePMTilesSpecification(t *testing.T) {
	for _, c := range []struct {
		id ID
		h  uint64
	}{
		{ID{0, 0, 0}, 0},
		{ID{1, 0, 0}, 1},
		{ID{1, 0, 1}, 2},
		{ID{1, 1, 1}, 3},
		{ID{1, 1, 0}, 4},
		{ID{2, 0, 0}, 5},
		{ID{12, 3423, 1763}, 19078479},
	} {
		if got := c.id.Hilbert(); got != c.h {
			t.Errorf("%v: %d, want %d", c.id, got, c.h)
		}
		if got := FromHilbert(c.h); got != c.id {
			t.Errorf("%d: %v, want %v", c.h, got, c.id)
		}
	}
}

func TestHilbertRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		z := rapid.Uint8Range(0, 26).Draw(t, "z")
		id := ID{z, rapid.Uint32Range(0, 1<<z-1).Draw(t, "x"), rapid.Uint32Range(0, 1<<z-1).Draw(t, "y")}
		if got := FromHilbert(id.Hilbert()); got != id {
			t.Fatalf("%v came back as %v", id, got)
		}
	})
}
