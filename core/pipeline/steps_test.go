package pipeline

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/geo/tile"
)

// tester is a *testing.T or a *rapid.T.
type tester interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
	Context() context.Context
}

// runSteps does a whole run by its tasks, in an order of its own, and returns
// the tiles in the order of Run.
func runSteps(tb tester, s *Steps) []Tile {
	tb.Helper()
	var out []Tile
	for zoom := s.cfg.MaxZoom; zoom >= s.cfg.MinZoom; zoom-- {
		z, err := s.Zoom(tb.Context(), 0, zoom)
		if err != nil {
			tb.Fatal(err)
		}
		if faults, err := s.Cut(tb.Context(), 0, z); err != nil || len(faults) > 0 {
			tb.Fatal(err, faults)
		}
		for i := z.Blocks() - 1; i >= 0; i-- {
			tiles, err := s.Encode(tb.Context(), 0, z, i)
			if err != nil {
				tb.Fatal(err)
			}
			makeup := s.Makeup(z, i)
			if len(makeup) != len(tiles) {
				tb.Fatalf("%d tiles, makeup of %d", len(tiles), len(makeup))
			}
			for j, m := range makeup {
				if m.ID != tiles[j].ID || m.Quality < 0 || m.Quality > 1 {
					tb.Fatalf("makeup %+v of tile %v", m, tiles[j].ID)
				}
			}
			out = append(out, tiles...)
		}
	}
	slices.SortFunc(out, func(a, b Tile) int { return int(a.ID.Hilbert()) - int(b.ID.Hilbert()) })
	return out
}

func sameTiles(tb tester, what string, got, want []Tile) {
	tb.Helper()
	if len(got) != len(want) {
		tb.Fatalf("%s: %d tiles, want %d", what, len(got), len(want))
	}
	for i := range got {
		if got[i].ID != want[i].ID || !bytes.Equal(got[i].Data, want[i].Data) {
			tb.Fatalf("%s: tile %v differs from %v", what, got[i].ID, want[i].ID)
		}
	}
}

type collect struct{ tiles []Tile }

func (c *collect) Put(id tile.ID, data []byte) error {
	c.tiles = append(c.tiles, Tile{ID: id, Data: data})
	return nil
}

// checkSteps compares a run by tasks, and one that goes on from a kept
// arrangement, with Run.
func checkSteps(tb tester, make func() *Units, cfg Config) {
	tb.Helper()
	var want collect
	if _, err := Run(context.Background(), make(), cfg, &want, nil); err != nil {
		tb.Fatal(err)
	}
	s, err := NewSteps(make(), cfg)
	if err != nil {
		tb.Fatal(err)
	}
	if err := s.Arrange(tb.Context(), nil); err != nil {
		tb.Fatal(err)
	}
	packed := s.AppendArcs(nil)
	sameTiles(tb, "by tasks", runSteps(tb, s), want.tiles)

	again, err := NewSteps(make(), cfg)
	if err != nil {
		tb.Fatal(err)
	}
	if err := again.Restore(packed); err != nil {
		tb.Fatal(err)
	}
	if !bytes.Equal(again.AppendArcs(nil), packed) {
		tb.Fatal("a restored arrangement is packed otherwise")
	}
	sameTiles(tb, "restored", runSteps(tb, again), want.tiles)
}

func TestStepsOfRealFile(t *testing.T) {
	path := realPath(t, realFiles[0].name)
	cfg := DefaultConfig()
	cfg.MaxZoom = 4
	checkSteps(t, func() *Units {
		u, _ := readUnits(t, path)
		u.Label("adm")
		return u
	}, cfg)
}

func TestStepsOfSquares(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "side")
		labels := rapid.Bool().Draw(t, "labels")
		cfg := DefaultConfig()
		cfg.MaxZoom = rapid.IntRange(0, 5).Draw(t, "maxzoom")
		checkSteps(t, func() *Units {
			var faults feature.Faults
			u := NewUnits(&faults)
			l := u.Layer("a \"layer\"\n")
			for i := range n * n {
				u.addAt(l, i, square(float64(i%n)/7, float64(i/n)/7, uint64(i+1), attr("name", fmt.Sprint(i))))
			}
			if labels {
				u.Label("a \"layer\"\n")
			}
			return u
		}, cfg)
	})
}
