package main

import (
	"strings"
	"testing"
)

func TestMedianTakesEachFigureApart(t *testing.T) {
	got := median([]sample{{3, 10, 5}, {1, 30, 7}, {2, 20, 6}})
	if want := (sample{2, 20, 6}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := median(nil); got != (sample{}) {
		t.Errorf("of nothing: %v", got)
	}
}

func TestTableLinesUp(t *testing.T) {
	for _, peer := range []bool{false, true} {
		var b strings.Builder
		header(&b, peer)
		r := result{
			name: "admin_1 z0-8", vertices: 1_092_708, tiles: 43_210, bytes: 98_700_000,
			ours: sample{5.4, 9.9, 312_000_000}, peer: sample{7, 7.7, 900_000_000}, peerTiles: 40_000, peerBytes: 1,
		}
		r.row(&b, peer)
		head, row, _ := strings.Cut(strings.TrimSuffix(b.String(), "\n"), "\n")
		if len(head) != len(row) {
			t.Errorf("columns apart:\n%s\n%s", head, row)
		}
	}
}

func TestChildIsMeasured(t *testing.T) {
	s, said, err := child(t.Context(), "go", "version")
	if err != nil || !strings.HasPrefix(said, "go version") || s.wall <= 0 {
		t.Errorf("%+v, %q, %v", s, said, err)
	}
	if _, _, err := child(t.Context(), "go", "no-such-thing"); err == nil || !strings.Contains(err.Error(), "no-such-thing") {
		t.Errorf("a failing child: %v", err)
	}
}
