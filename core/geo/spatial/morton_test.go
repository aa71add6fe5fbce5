package spatial

import (
	"cmp"
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

func TestMorton(t *testing.T) {
	for _, c := range []struct {
		p    orb.Point
		want uint64
	}{
		{orb.Point{-180, -90}, 0},
		{orb.Point{0, -90}, 1 << 62},
		{orb.Point{-180, 0}, 1 << 63},
		{orb.Point{0, 0}, 3 << 62},
		{orb.Point{90, 45}, 0xF << 60},
		{orb.Point{180, 90}, math.MaxUint64},
		{orb.Point{181, 91}, math.MaxUint64},
		{orb.Point{-181, -91}, 0},
		{orb.Point{math.Inf(1), math.NaN()}, even},
		{orb.Point{-180 + 360./(1<<32), -90}, 1},
		{orb.Point{-180, -90 + 180./(1<<32)}, 2},
	} {
		if got := Morton(c.p); got != c.want {
			t.Errorf("%v: %#x, want %#x", c.p, got, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		p := drawPoint(t)
		code := Morton(p)
		for bit := range 32 {
			if code>>(2*bit)&1 != uint64(cellOf(p[0], 180))>>bit&1 || code>>(2*bit+1)&1 != uint64(cellOf(p[1], 90))>>bit&1 {
				t.Fatalf("bit %d of %v in %#x", bit, p, code)
			}
		}
	})
}

// drawPoint draws positions everywhere, and many where things are equal.
func drawPoint(t *rapid.T) orb.Point {
	lon := rapid.OneOf(rapid.Float64Range(-180, 180), rapid.Map(rapid.IntRange(-4, 4), func(i int) float64 { return 45 * float64(i) }),
		rapid.Float64Range(10, 10.001)).Draw(t, "lon")
	lat := rapid.OneOf(rapid.Float64Range(-90, 90), rapid.Map(rapid.IntRange(-4, 4), func(i int) float64 { return 22.5 * float64(i) }),
		rapid.Float64Range(50, 50.001)).Draw(t, "lat")
	return orb.Point{lon, lat}
}

// drawQuery draws boxes, some across the antimeridian, some a point or a line.
func drawQuery(t *rapid.T) orb.Bound {
	a, b := drawPoint(t), drawPoint(t)
	if a[1] > b[1] {
		a[1], b[1] = b[1], a[1]
	}
	if a[0] > b[0] && !rapid.Bool().Draw(t, "across") {
		a[0], b[0] = b[0], a[0]
	}
	return orb.Bound{Min: a, Max: b}
}

// Ranges and a look at what they hold, the tree, and looking at everything give
// the same.
func TestQueriesAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		points := rapid.SliceOfN(rapid.Custom(drawPoint), 0, 200).Draw(t, "points")
		type entry struct {
			code uint64
			i    int
		}
		var index []entry
		var tree Tree[int]
		for i, p := range points {
			index = append(index, entry{Morton(p), i})
			if !tree.Insert(orb.Bound{Min: p, Max: p}, i) {
				t.Fatal("not inserted")
			}
		}
		slices.SortFunc(index, func(a, b entry) int { return cmp.Or(cmp.Compare(a.code, b.code), a.i-b.i) })
		for range 5 {
			b := drawQuery(t)
			n := rapid.IntRange(1, 40).Draw(t, "n")
			var all, byRange, byTree []int
			for i, p := range points {
				if Within(b, p) {
					all = append(all, i)
				}
			}
			ranges := Ranges(b, n)
			checkRanges(t, ranges, n)
			for _, r := range ranges {
				from, _ := slices.BinarySearchFunc(index, r.First, func(e entry, code uint64) int { return cmp.Compare(e.code, code) })
				for _, e := range index[from:] {
					if e.code > r.Last {
						break
					}
					if Within(b, points[e.i]) {
						byRange = append(byRange, e.i)
					}
				}
			}
			tree.Each(b, func(_ orb.Bound, i int) bool {
				byTree = append(byTree, i)
				return true
			})
			slices.Sort(byRange)
			slices.Sort(byTree)
			if !slices.Equal(all, byRange) || !slices.Equal(all, byTree) {
				t.Fatalf("%v: %v, by ranges %v, by tree %v", b, all, byRange, byTree)
			}
		}
	})
}

func checkRanges(t *rapid.T, rs []Range, n int) {
	if len(rs) > n {
		t.Fatalf("%d ranges, at most %d are wanted", len(rs), n)
	}
	for i, r := range rs {
		if r.First > r.Last || i > 0 && r.First-1 <= rs[i-1].Last {
			t.Fatalf("range %d of %v is empty, or not apart from the one before", i, rs)
		}
	}
}

func TestRangesOfSimpleBoxes(t *testing.T) {
	for _, c := range []struct {
		b    orb.Bound
		n    int
		want []Range
	}{
		{orb.Bound{Min: orb.Point{-180, -90}, Max: orb.Point{180, 90}}, 8, []Range{{0, math.MaxUint64}}},
		{orb.Bound{Min: orb.Point{0, 0}, Max: orb.Point{180, 90}}, 8, []Range{{3 << 62, math.MaxUint64}}},
		{orb.Bound{Min: orb.Point{1, 1}, Max: orb.Point{0, 0}}, 8, nil},
		{orb.Bound{Min: orb.Point{0, 0}, Max: orb.Point{0, 0}}, 1, []Range{{3 << 62, 3 << 62}}},
	} {
		if got := Ranges(c.b, c.n); !slices.Equal(got, c.want) {
			t.Errorf("%v: %#x, want %#x", c.b, got, c.want)
		}
	}
	// n below one is one.
	if got := Ranges(orb.Bound{Min: orb.Point{-1, -1}, Max: orb.Point{1, 1}}, 0); len(got) != 1 {
		t.Error(got)
	}
}

// More ranges hold less beside the box: measured as a share of the world.
func TestRangesGetTighter(t *testing.T) {
	b := orb.Bound{Min: orb.Point{6.6, 35.4}, Max: orb.Point{18.6, 47.1}}
	width := func(n int) (sum float64) {
		for _, r := range Ranges(b, n) {
			sum += float64(r.Last-r.First) + 1
		}
		return sum / math.Exp2(64) * 360 * 180 / ((18.6 - 6.6) * (47.1 - 35.4))
	}
	t.Logf("codes by those of the box: 1 range %.2f, 8 %.2f, 32 %.2f, 128 %.2f", width(1), width(8), width(32), width(128))
	if !(width(8) < width(1) && width(32) < width(8) && width(32) < 1.4 && width(128) < 1.2) {
		t.Error(width(1), width(8), width(32), width(128))
	}
}

func BenchmarkRanges(b *testing.B) {
	box := orb.Bound{Min: orb.Point{6.6, 35.4}, Max: orb.Point{18.6, 47.1}}
	for b.Loop() {
		Ranges(box, 16)
	}
}
