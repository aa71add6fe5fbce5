package spatial

import (
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/shapes-desktop/shapes/core/geo/grid"
)

func itemsOf(c *Cells, x, y int32) []int32 {
	var out []int32
	for e := c.First(x, y); e >= 0; e = c.Next(e) {
		out = append(out, c.Item(e))
	}
	return out
}

// Cells against a map of lists, over resets of one table.
func TestCellsAgainstAMap(t *testing.T) {
	coord := rapid.OneOf(rapid.Int32Range(-2, 2), rapid.Int32Range(-1000, 1000), rapid.SampledFrom([]int32{grid.Size, -grid.Size}))
	rapid.Check(t, func(t *rapid.T) {
		var c Cells
		for range rapid.IntRange(1, 3).Draw(t, "resets") {
			c.Reset(4, rapid.SampledFrom([]int{0, 1, 5000}).Draw(t, "hint"))
			want := map[[2]int32][]int32{}
			for v := range rapid.Int32Range(0, 60).Draw(t, "items") {
				cell := [2]int32{coord.Draw(t, "x"), coord.Draw(t, "y")}
				for range rapid.IntRange(1, 3).Draw(t, "times") { // runs in one cell
					c.AddCell(cell[0], cell[1], v)
					want[cell] = append([]int32{v}, want[cell]...)
				}
			}
			compare(t, &c, want)
		}
	})
}

func compare(t interface {
	Fatalf(string, ...any)
}, c *Cells, want map[[2]int32][]int32,
) {
	total := 0
	for cell, items := range want {
		total += len(items)
		if got := itemsOf(c, cell[0], cell[1]); !slices.Equal(got, items) {
			t.Fatalf("cell %v has %v, want %v", cell, got, items)
		}
		if far := [2]int32{cell[0] + 7777, cell[1]}; want[far] == nil && c.First(far[0], far[1]) >= 0 {
			t.Fatalf("cell %v is not empty", far)
		}
	}
	cells := 0
	c.Each(func(first int32) {
		cells++
		for e := first; e >= 0; e = c.Next(e) {
			total--
		}
	})
	if cells != len(want) || total != 0 {
		t.Fatalf("Each visits %d cells, want %d; %d items too few", cells, len(want), total)
	}
}

// The cell left of and above the first one is a cell like any other: what lies
// near the corner of the world asks for it.
func TestCellBeforeTheFirst(t *testing.T) {
	var c Cells
	c.Reset(4, 0)
	c.AddCell(-1, -1, 7)
	c.AddCell(0, 0, 8)
	c.AddCell(-1, -1, 9)
	compare(t, &c, map[[2]int32][]int32{{-1, -1}: {9, 7}, {0, 0}: {8}})
}

func TestCellsGrow(t *testing.T) {
	var c Cells
	c.Reset(3, 10)
	want := map[[2]int32][]int32{}
	for i := range int32(5000) {
		cell := [2]int32{i % 71, i / 71}
		c.AddCell(cell[0], cell[1], i)
		want[cell] = append([]int32{i}, want[cell]...)
	}
	compare(t, &c, want)
	if c.Shift() != 3 {
		t.Errorf("shift %d", c.Shift())
	}
}

// near reports whether segment a–b comes within pad of the closed cell, by x
// and by y: a box clipped against the line, in rationals.
func near(a, b grid.Point, shift uint, pad int32, cx, cy int32) bool {
	lo, hi := new(big.Rat), big.NewRat(1, 1)
	for _, d := range [2][3]int64{{int64(a.X), int64(b.X), int64(cx)}, {int64(a.Y), int64(b.Y), int64(cy)}} {
		from, to := d[2]<<shift-int64(pad), (d[2]+1)<<shift-1+int64(pad)
		if d[0] == d[1] {
			if d[0] < from || d[0] > to {
				return false
			}
			continue
		}
		t0, t1 := big.NewRat(from-d[0], d[1]-d[0]), big.NewRat(to-d[0], d[1]-d[0])
		if t0.Cmp(t1) > 0 {
			t0, t1 = t1, t0
		}
		if t0.Cmp(lo) > 0 {
			lo = t0
		}
		if t1.Cmp(hi) < 0 {
			hi = t1
		}
	}
	return lo.Cmp(hi) <= 0
}

func TestCoverMissesNoCell(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shift := rapid.UintRange(0, 6).Draw(t, "shift")
		span := int32(24) << shift
		origin := rapid.SampledFrom([]int32{0, -span / 2, grid.Size - span}).Draw(t, "origin")
		coord := rapid.Int32Range(origin, origin+span)
		a := grid.Point{X: coord.Draw(t, "ax"), Y: coord.Draw(t, "ay")}
		b := grid.Point{X: coord.Draw(t, "bx"), Y: coord.Draw(t, "by")}
		pad := rapid.Int32Range(0, 2<<shift).Draw(t, "pad")
		got := map[[2]int32]bool{}
		Cover(a, b, shift, pad, func(cx, cy int32) {
			if got[[2]int32{cx, cy}] {
				t.Fatalf("cell %d, %d twice", cx, cy)
			}
			got[[2]int32{cx, cy}] = true
		})
		box := grid.EmptyBox().Add(a).Add(b)
		wide := 0
		for cx := (box.MinX-pad)>>shift - 1; cx <= (box.MaxX+pad)>>shift+1; cx++ {
			for cy := (box.MinY-pad)>>shift - 1; cy <= (box.MaxY+pad)>>shift+1; cy++ {
				if near(a, b, shift, pad, cx, cy) && !got[[2]int32{cx, cy}] {
					t.Fatalf("%v–%v passes cell %d, %d", a, b, cx, cy)
				}
				if near(a, b, shift, pad+3<<shift+2, cx, cy) {
					wide++
				}
			}
		}
		if len(got) > wide {
			t.Fatalf("%d cells for %d that the segment comes near", len(got), wide)
		}
	})
}

// Long segments, at the sizes the grid has: every cell that a dense sample of
// the segment falls in.
func TestCoverOfLongSegments(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		coord := rapid.Int32Range(0, grid.Size)
		a := grid.Point{X: coord.Draw(t, "ax"), Y: coord.Draw(t, "ay")}
		b := grid.Point{X: coord.Draw(t, "bx"), Y: coord.Draw(t, "by")}
		shift := rapid.UintRange(20, 26).Draw(t, "shift")
		got := map[[2]int32]bool{}
		Cover(a, b, shift, 0, func(cx, cy int32) { got[[2]int32{cx, cy}] = true })
		const n = 2048
		for i := range int64(n + 1) {
			x, y := int64(a.X)*(n-i)+int64(b.X)*i, int64(a.Y)*(n-i)+int64(b.Y)*i
			if c := [2]int32{int32(x / n >> shift), int32(y / n >> shift)}; !got[c] {
				t.Fatalf("%v–%v is in cell %v after %d/%d", a, b, c, i, n)
			}
		}
	})
}

func TestWidthFor(t *testing.T) {
	var c grid.Chains
	c.Reset()
	if got := WidthFor(&c, 3); got != 3 {
		t.Errorf("nothing: %d, want the least", got)
	}
	c.Pts = append(c.Pts, grid.Point{}, grid.Point{X: 100}, grid.Point{X: 100, Y: -60})
	c.End()
	if got := WidthFor(&c, 3); got != 7 {
		t.Errorf("mean 80: %d, want 7", got)
	}
	c.Pts = append(c.Pts, grid.Point{}, grid.Point{X: grid.Size}, grid.Point{}, grid.Point{X: grid.Size})
	c.End()
	if got := WidthFor(&c, 3); got != 26 {
		t.Errorf("the world: %d, want the most", got)
	}
}
