package tile

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/shapes-desktop/shapes/core/geo/grid"
	"github.com/shapes-desktop/shapes/core/geo/ring"
)

// cutAll cuts chains into copies of their tiles.
func cutAll(c *Cutter, chains *grid.Chains) (map[ID][]ring.Ring, error) {
	c.Reset()
	for i := range chains.Len() {
		c.Add(chains.At(i), false)
	}
	out := map[ID][]ring.Ring{}
	err := c.Cut(func(id ID, rings []ring.Ring) error {
		if out[id] != nil || len(rings) == 0 {
			return fmt.Errorf("tile %v comes twice or empty", id)
		}
		for _, r := range rings {
			out[id] = append(out[id], slices.Clone(r))
		}
		return nil
	})
	return out, err
}

func area2(rings []ring.Ring) int64 {
	var sum int64
	for _, r := range rings {
		sum += grid.Area2(r)
	}
	return sum
}

// In every tile of the zoom lies exactly what Sutherland and Hodgman leave of
// the polygon there, and without a margin the tiles add up to the whole.
func TestCutAgainstAClip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawShape(t)
		c := NewCutter(s.zoom, s.margin)
		tiles, err := cutAll(c, &s.chains)
		if err != nil {
			t.Fatal(err)
		}
		whole := area2(c.Whole())
		sum := int64(0)
		for x := range uint32(1) << s.zoom {
			for y := range uint32(1) << s.zoom {
				id := ID{s.zoom, x, y}
				box := grid.Box{
					MinX: int32(x)*Extent - s.margin, MinY: int32(y)*Extent - s.margin,
					MaxX: int32(x+1)*Extent + s.margin, MaxY: int32(y+1)*Extent + s.margin,
				}
				want, ok := clippedArea2(&s.chains, box)
				if got := area2(tiles[id]); !ok || got != want {
					t.Fatalf("tile %v has %d/2, want %d/2, of %v", id, got, want, s.chains)
				}
				if err := inBox(tiles[id], s.margin); err != nil {
					t.Fatalf("tile %v: %v", id, err)
				}
				sum += area2(tiles[id])
				delete(tiles, id)
			}
		}
		if len(tiles) > 0 {
			t.Fatalf("tiles that do not exist: %v", tiles)
		}
		if s.margin == 0 && sum != whole {
			t.Fatalf("tiles have %d/2, the polygon %d/2", sum, whole)
		}
	})
}

func inBox(rings []ring.Ring, margin int32) error {
	box := grid.Box{MinX: -margin, MinY: -margin, MaxX: Extent + margin, MaxY: Extent + margin}
	for _, r := range rings {
		for _, p := range r {
			if !box.Contains(p) {
				return fmt.Errorf("%v is outside", p)
			}
		}
	}
	return nil
}

// Nothing is left of what earlier polygons did to the Cutter's memory.
func TestCutterIsReusable(t *testing.T) {
	used := map[[2]int32]*Cutter{}
	rapid.Check(t, func(t *rapid.T) {
		s := drawShape(t)
		key := [2]int32{int32(s.zoom), s.margin}
		if used[key] == nil {
			used[key] = NewCutter(s.zoom, s.margin)
		}
		got, err := cutAll(used[key], &s.chains)
		if err != nil {
			t.Fatal(err)
		}
		if want, _ := cutAll(NewCutter(s.zoom, s.margin), &s.chains); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("%v, want %v", got, want)
		}
	})
}

// rectangle is a closed chain, with vertices where it crosses the sides of tiles.
func rectangle(x0, y0, x1, y1, margin int32) *grid.Chains {
	stops := func(from, to int32) []int32 {
		out := []int32{from}
		for k := int32(1); k < 8; k++ {
			for _, at := range []int32{k*Extent - margin, k*Extent + margin} {
				if min(from, to) < at && at < max(from, to) && !slices.Contains(out, at) {
					out = append(out, at)
				}
			}
		}
		if from > to {
			slices.Reverse(out[1:])
		}
		return out
	}
	c := &grid.Chains{}
	c.Reset()
	for _, x := range stops(x0, x1) {
		c.Pts = append(c.Pts, grid.Point{X: x, Y: y0})
	}
	for _, y := range stops(y0, y1) {
		c.Pts = append(c.Pts, grid.Point{X: x1, Y: y})
	}
	for _, x := range stops(x1, x0) {
		c.Pts = append(c.Pts, grid.Point{X: x, Y: y1})
	}
	for _, y := range stops(y1, y0) {
		c.Pts = append(c.Pts, grid.Point{X: x0, Y: y})
	}
	c.Pts = append(c.Pts, c.Pts[0])
	c.End()
	return c
}

// A tile in the middle of a polygon is its whole box, four corners and no more.
func TestInteriorTilesAreFullBoxes(t *testing.T) {
	for _, margin := range []int32{0, 80, 256} {
		tiles, err := cutAll(NewCutter(3, margin), rectangle(100, 100, 8*Extent-100, 8*Extent-100, margin))
		if err != nil {
			t.Fatal(err)
		}
		if len(tiles) != 64 {
			t.Errorf("margin %d: %d tiles, want 64", margin, len(tiles))
		}
		full := grid.Box{MinX: -margin, MinY: -margin, MaxX: Extent + margin, MaxY: Extent + margin}
		for x := uint32(1); x < 7; x++ {
			for y := uint32(1); y < 7; y++ {
				rings := tiles[ID{3, x, y}]
				if len(rings) != 1 || len(rings[0]) != 4 || grid.BoxOf(rings[0]) != full {
					t.Fatalf("margin %d: tile 3/%d/%d is %v", margin, x, y, rings)
				}
			}
		}
	}
}

// A polygon whose sides are the sides of tiles is in these tiles, and in the
// margin of their neighbours only if there is one.
//
//	·──┬──┬──·
//	│  ║██║  │
//	·──┴──┴──·
func TestPolygonOnTheSides(t *testing.T) {
	for _, c := range []struct {
		margin         int32
		x0, y0, x1, y1 int32
		want           []ID
	}{
		{0, 1, 1, 2, 2, []ID{{2, 1, 1}}},
		{0, 0, 0, 4, 1, []ID{{2, 0, 0}, {2, 1, 0}, {2, 2, 0}, {2, 3, 0}}},
		{0, 0, 0, 4, 4, nil}, // all
		{80, 1, 1, 2, 2, []ID{{2, 0, 0}, {2, 0, 1}, {2, 0, 2}, {2, 1, 0}, {2, 1, 1}, {2, 1, 2}, {2, 2, 0}, {2, 2, 1}, {2, 2, 2}}},
		{256, 3, 3, 4, 4, []ID{{2, 2, 2}, {2, 2, 3}, {2, 3, 2}, {2, 3, 3}}},
	} {
		tiles, err := cutAll(NewCutter(2, c.margin), rectangle(c.x0*Extent, c.y0*Extent, c.x1*Extent, c.y1*Extent, c.margin))
		if err != nil {
			t.Fatal(err)
		}
		if c.want == nil && len(tiles) == 16 {
			continue
		}
		for _, id := range c.want {
			if tiles[id] == nil {
				t.Errorf("%v is not in tile %v", c, id)
			}
		}
		if len(tiles) != len(c.want) {
			t.Errorf("%v is in %d tiles, want %v", c, len(tiles), c.want)
		}
	}
}

// A hole as large as a tile leaves nothing there, and its neighbours alone.
func TestHoleAsLargeAsATile(t *testing.T) {
	outer, hole := rectangle(0, 0, 4*Extent, 4*Extent, 0), rectangle(Extent, Extent, 2*Extent, 2*Extent, 0)
	slices.Reverse(hole.Pts)
	outer.Pts = append(outer.Pts, hole.Pts...)
	outer.End()
	tiles, err := cutAll(NewCutter(2, 0), outer)
	if err != nil {
		t.Fatal(err)
	}
	if len(tiles) != 15 || tiles[ID{2, 1, 1}] != nil {
		t.Errorf("%d tiles, %v in the hole", len(tiles), tiles[ID{2, 1, 1}])
	}
}

// What cannot be cut is an error that says where, not a wrong tile.
func TestCutRefuses(t *testing.T) {
	for _, c := range []struct {
		name string
		pts  []grid.Point
		want string
	}{
		{
			"no vertex on the side",
			[]grid.Point{{X: 10, Y: 10}, {X: 5000, Y: 10}, {X: 5000, Y: 3000}, {X: 10, Y: 10}},
			"cut zoom 1 column 0: edge {10 10}–{5000 10} crosses the side without a vertex",
		},
		{
			"no vertex on the row's side",
			[]grid.Point{{X: 10, Y: 10}, {X: 3000, Y: 10}, {X: 10, Y: 5000}, {X: 10, Y: 10}},
			"cut zoom 1 tile 0/0: edge {3000 10}–{10 5000} crosses the side without a vertex",
		},
		{
			"open",
			[]grid.Point{{X: 10, Y: 10}, {X: 4096, Y: 10}, {X: 5000, Y: 10}},
			"cut zoom 1 column 0: the border is not closed",
		},
		{
			"turned",
			[]grid.Point{{X: 4000, Y: 10}, {X: 4000, Y: 90}, {X: 4096, Y: 90}, {X: 5000, Y: 90}, {X: 5000, Y: 10}, {X: 4096, Y: 10}, {X: 4000, Y: 10}},
			"cut zoom 1 column 0: the border is not closed",
		},
	} {
		c0 := NewCutter(1, 0)
		c0.Add(c.pts, false)
		err := c0.Cut(func(ID, []ring.Ring) error { return nil })
		if err == nil || err.Error() != c.want {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
}

func TestCutStopsAtTheFirstError(t *testing.T) {
	stop := errors.New("disk full")
	for _, box := range []*grid.Chains{rectangle(0, 0, 4*Extent, 4*Extent, 0), rectangle(0, 0, Extent, 4*Extent, 0), rectangle(0, 0, Extent, Extent, 0)} {
		c, n := NewCutter(2, 0), 0
		c.Add(box.At(0), false)
		if err := c.Cut(func(ID, []ring.Ring) error { n++; return stop }); !errors.Is(err, stop) || n != 1 {
			t.Errorf("%v after %d calls", err, n)
		}
	}
	if err := NewCutter(2, 0).Cut(func(ID, []ring.Ring) error { return stop }); err != nil {
		t.Errorf("nothing to cut: %v", err)
	}
}

// Add walks backwards what is told to be.
func TestAddBackwards(t *testing.T) {
	pts := rectangle(0, 0, 100, 100, 0).At(0)
	c := NewCutter(0, 0)
	c.Add(pts, true)
	if len(c.Whole()) != 0 {
		t.Error("a rectangle walked backwards is a hole in nothing")
	}
	c.Reset()
	slices.Reverse(pts)
	c.Add(pts, true)
	if w := c.Whole(); len(w) != 1 || grid.Area2(w[0]) != 20000 {
		t.Errorf("%v", w)
	}
}
