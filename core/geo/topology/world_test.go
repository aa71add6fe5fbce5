package topology

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/geo/grid"
)

// checkWorld fails unless every polygon is closed, its area what its arcs
// enclose, its interior on its left, and Left and Right say the same as the
// polygons' arcs.
func checkWorld(w *World) error {
	left, right := map[int32][]int32{}, map[int32][]int32{}
	for i, p := range w.Polys {
		balance := map[grid.Point]int{}
		var area2 int64
		for _, s := range p.Arcs {
			a, back := Index(s)
			pts := w.Arcs.At(int(a))
			first, last, sum := pts[0], pts[len(pts)-1], int64(0)
			for j := 1; j < len(pts); j++ {
				if !p.Box.Contains(pts[j]) {
					return fmt.Errorf("polygon %d: %v is not in its box", i, pts[j])
				}
				sum += int64(pts[j-1].X)*int64(pts[j].Y) - int64(pts[j].X)*int64(pts[j-1].Y)
			}
			if back {
				first, last, sum = last, first, -sum
				right[a] = append(right[a], int32(i))
			} else {
				left[a] = append(left[a], int32(i))
			}
			balance[first]++
			balance[last]--
			area2 += sum
		}
		for at, n := range balance {
			if n != 0 {
				return fmt.Errorf("polygon %d is open at %v", i, at)
			}
		}
		if float64(area2)/2 != p.Area || area2 <= 0 {
			return fmt.Errorf("polygon %d: its arcs enclose %d/2, it says %f", i, area2, p.Area)
		}
		if !slices.IsSorted(p.Arcs) {
			return fmt.Errorf("polygon %d: arcs %v are not sorted", i, p.Arcs)
		}
	}
	for a := range int32(w.Arcs.Len()) {
		if !slices.Equal(w.Left(a), left[a]) || !slices.Equal(w.Right(a), right[a]) {
			return fmt.Errorf("arc %d has %v left and %v right, want %v and %v", a, w.Left(a), w.Right(a), left[a], right[a])
		}
		if both := slices.ContainsFunc(left[a], func(p int32) bool { return slices.Contains(right[a], p) }); both {
			return fmt.Errorf("arc %d has the same polygon on both sides", a)
		}
	}
	return nil
}

// patchwork is a random subdivision into rectangles: a side of one is the side
// of several others, with and without a vertex there.
//
//	┌───┬──┐
//	│   ├─┬┤
//	├──┬┴─┴┤
//	└──┴───┘
func patchwork(rng *rand.Rand, x0, y0, x1, y1 int32, depth int) []grid.Box {
	if depth == 0 || x1-x0 < 4 || y1-y0 < 4 || rng.IntN(6) == 0 {
		return []grid.Box{{MinX: x0, MinY: y0, MaxX: x1, MaxY: y1}}
	}
	if rng.IntN(2) == 0 {
		x := x0 + 1 + rng.Int32N(x1-x0-1)
		return append(patchwork(rng, x0, y0, x, y1, depth-1), patchwork(rng, x, y0, x1, y1, depth-1)...)
	}
	y := y0 + 1 + rng.Int32N(y1-y0-1)
	return append(patchwork(rng, x0, y0, x1, y, depth-1), patchwork(rng, x0, y, x1, y1, depth-1)...)
}

// outline is a box's ring in degrees, started anywhere and turned at random.
func outline(rng *rand.Rand, b grid.Box, at grid.Point) orb.Ring {
	var r orb.Ring
	for _, p := range [4]grid.Point{{X: b.MinX, Y: b.MinY}, {X: b.MaxX, Y: b.MinY}, {X: b.MaxX, Y: b.MaxY}, {X: b.MinX, Y: b.MaxY}} {
		r = append(r, grid.Point{X: at.X + p.X, Y: at.Y + p.Y}.LonLat(grid.Bits))
	}
	r = from(append(r, r[0]), rng.IntN(4))
	if rng.IntN(2) == 0 {
		r.Reverse()
	}
	return r
}

// Patches keep their areas to the unit, every border between two is one run of
// arcs with both on its sides, and a second layer of the whole shares the
// outline. The corners of the world are among the places.
func TestPatchwork(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 5))
		width := rapid.SampledFrom([]int32{8, 64, 1000, 1 << 20, grid.Size}).Draw(t, "width")
		far := rapid.SampledFrom([]int32{0, (grid.Size - width) / 2, grid.Size - width})
		at := grid.Point{X: far.Draw(t, "x"), Y: far.Draw(t, "y")}
		boxes := patchwork(rng, 0, 0, width, width, 5)
		b := NewBuilder()
		for i, box := range boxes {
			b.Add(1, i, one(outline(rng, box, at)))
		}
		b.Add(0, 0, one(outline(rng, grid.Box{MaxX: width, MaxY: width}, at)))
		w, err := b.Build(Options{Fault: func(f feature.Fault) { t.Fatalf("%v", f) }})
		if err != nil {
			t.Fatal(err)
		}
		if err := checkWorld(w); err != nil {
			t.Fatal(err)
		}
		for i, box := range boxes {
			want := float64(box.MaxX-box.MinX) * float64(box.MaxY-box.MinY)
			if p := w.Polys[i]; p.Area != want || int(p.Feature) != i || p.Layer != 1 {
				t.Fatalf("patch %d covers %f, want %f", i, p.Area, want)
			}
		}
		whole := int32(len(boxes))
		for a := range int32(w.Arcs.Len()) {
			l, r := w.Left(a), w.Right(a)
			inside := !slices.Contains(l, whole) && !slices.Contains(r, whole)
			if inside && (len(l) != 1 || len(r) != 1) {
				t.Fatalf("arc %d between %v and %v", a, l, r)
			}
			if !inside && len(l)+len(r) != 2 || len(l) != len(r) && inside {
				t.Fatalf("arc %d of the outline has %v and %v", a, l, r)
			}
		}
	})
}

// Arcs do not depend on the order in which features come.
func TestArcsOfReversedInput(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 6))
		boxes := patchwork(rng, 0, 0, 200, 200, 4)
		build := func() []string {
			b := NewBuilder()
			for i, box := range boxes {
				b.Add(0, i, one(outline(rng, box, grid.Point{X: 777, Y: 777})))
			}
			w, err := b.Build(Options{})
			if err != nil {
				t.Fatal(err)
			}
			var arcs []string
			for a := range w.Arcs.Len() {
				arcs = append(arcs, fmt.Sprint(w.Arcs.At(a), w.Size[a]))
			}
			slices.Sort(arcs)
			return arcs
		}
		want := build()
		slices.Reverse(boxes)
		if got := build(); !slices.Equal(got, want) {
			t.Fatalf("%v, want %v", got, want)
		}
	})
}

// What overlaps within a feature is covered once, whatever the parts: random
// boxes with random holes, against a raster.
func TestPartsAgainstARaster(t *testing.T) {
	const n = 12
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 8))
		randomBox := func() grid.Box {
			x, y := 1+rng.Int32N(n-2), 1+rng.Int32N(n-2)
			return grid.Box{MinX: x, MinY: y, MaxX: x + 1 + rng.Int32N(n-x-1), MaxY: y + 1 + rng.Int32N(n-y-1)}
		}
		var mp orb.MultiPolygon
		var covered [n][n]bool
		for range rapid.IntRange(1, 4).Draw(t, "parts") {
			var odd [n][n]bool
			var poly orb.Polygon
			for range 1 + rng.IntN(3) {
				b := randomBox()
				poly = append(poly, outline(rng, b, grid.Point{X: 500, Y: 500}))
				for x := b.MinX; x < b.MaxX; x++ {
					for y := b.MinY; y < b.MaxY; y++ {
						odd[x][y] = !odd[x][y]
					}
				}
			}
			for x := range odd {
				for y := range odd[x] {
					covered[x][y] = covered[x][y] || odd[x][y]
				}
			}
			mp = append(mp, poly)
		}
		want := 0.0
		for x := range covered {
			for y := range covered[x] {
				if covered[x][y] {
					want++
				}
			}
		}
		b := NewBuilder()
		b.Add(0, 0, mp)
		w, err := b.Build(Options{})
		if err != nil {
			t.Fatal(err)
		}
		got := 0.0
		if len(w.Polys) > 0 {
			got = w.Polys[0].Area
		}
		if got != want {
			t.Fatalf("%v covers %f, want %f", mp, got, want)
		}
		if err := checkWorld(w); err != nil {
			t.Fatal(err)
		}
	})
}
