package preview

import (
	"testing"

	"github.com/shapes-desktop/shapes/core/geo/mvt"
	"github.com/shapes-desktop/shapes/core/geo/tile"
	"pgregory.net/rapid"
)

// edgesOf counts how often each edge is drawn.
func edgesOf(lines []Line) map[edge]int {
	drawn := map[edge]int{}
	for _, l := range lines {
		n := len(l.Points)
		for i := 1; i < n; i++ {
			drawn[newEdge(l.Points[i-1], l.Points[i])]++
		}
		if l.Closed {
			drawn[newEdge(l.Points[n-1], l.Points[0])]++
		}
	}
	return drawn
}

func TestASharedBorderIsDrawnOnce(t *testing.T) {
	s := scene(t, twoCountries())
	for e, n := range edgesOf(s.Lines) {
		if n != 1 {
			t.Errorf("%v is drawn %d times", e, n)
		}
	}
	var coast, country, province int
	for _, l := range s.Lines {
		switch {
		case l.Level == 0 && l.Coast:
			coast++
		case l.Level == 0:
			country++
		case l.Level == 1:
			province++
		}
	}
	// Left and right outline, the lake; the border between the two, which the
	// provinces cut into two edges that the countries do not have; and the
	// line between the provinces.
	if coast != 3 {
		t.Errorf("%d coasts, want 3", coast)
	}
	if country != 1 {
		t.Errorf("%d borders between countries, want 1", country)
	}
	if province == 0 {
		t.Error("no line between the provinces")
	}
}

func TestCutsAtTheMarginAreNotDrawn(t *testing.T) {
	const m = 80
	lo, hi := int32(-m), int32(tile.Extent+m)
	tests := []struct {
		name string
		id   tile.ID
		ring []mvt.Coord
		want int // edges
	}{
		{"a tile inside one country", tile.ID{Z: 3, X: 4, Y: 3}, square(lo, lo, hi, hi), 0},
		{"a country from the left", tile.ID{Z: 3, X: 4, Y: 3}, square(lo, lo, 2000, hi), 1},
		{"an island", tile.ID{Z: 3, X: 4, Y: 3}, square(100, 100, 200, 200), 4},
		{"split at the antimeridian, east side", tile.ID{Z: 3, X: 0, Y: 3}, square(0, lo, 2000, hi), 1},
		{"split at the antimeridian, west side", tile.ID{Z: 3, X: 7, Y: 3}, square(3000, lo, tile.Extent, hi), 1},
		{"the south end of the map", tile.ID{Z: 3, X: 4, Y: 7}, square(lo, 1000, hi, tile.Extent), 1},
		{"no margin at all", tile.ID{Z: 3, X: 4, Y: 3}, square(0, 0, 1000, tile.Extent), 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			far := newUnit("far", 0, mvt.Feature{Parts: [][]mvt.Coord{square(hi-1, hi-1, hi, hi)}})
			units := []Unit{newUnit("adm0", 0, mvt.Feature{Parts: [][]mvt.Coord{tt.ring}})}
			if tt.name != "no margin at all" {
				units = append(units, far) // tells how wide the margin is
			}
			o := outliner{cut: newMarginCut(units, tt.id), edges: map[edge]border{}}
			o.count(tt.ring, 0)
			o.trace(tt.ring)
			if got := len(edgesOf(o.lines)); got != tt.want {
				t.Errorf("%d edges drawn, want %d: %v", got, tt.want, o.lines)
			}
		})
	}
}

// Whatever the polygons, every edge that is not a cut is drawn exactly once.
func TestEveryEdgeIsDrawnOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		coord := rapid.Custom(func(t *rapid.T) mvt.Coord {
			return mvt.Coord{X: int32(rapid.IntRange(-2, 6).Draw(t, "x")), Y: int32(rapid.IntRange(-2, 6).Draw(t, "y"))}
		})
		var units []Unit
		for level := range 3 {
			for range rapid.IntRange(0, 4).Draw(t, "units") {
				ring := rapid.SliceOfN(coord, 1, 8).Draw(t, "ring")
				units = append(units, newUnit("adm", level, mvt.Feature{Parts: [][]mvt.Coord{ring}}))
			}
		}
		id := tile.ID{Z: 2, X: 1, Y: 1}
		cut := newMarginCut(units, id)
		want := map[edge]bool{}
		for _, u := range units {
			for _, r := range u.Rings {
				for i, a := range r {
					if b := r[(i+1)%len(r)]; a != b && !cut.made(a, b) {
						want[newEdge(a, b)] = true
					}
				}
			}
		}
		drawn := edgesOf(outlines(units, id))
		for e := range want {
			if drawn[e] != 1 {
				t.Fatalf("%v is drawn %d times", e, drawn[e])
			}
		}
		for e := range drawn {
			if !want[e] {
				t.Fatalf("%v is drawn and is no edge", e)
			}
		}
	})
}
