package grid

import (
	"math"
	"math/big"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// drawPoint makes a point anywhere on the grid, often on its ends.
func drawPoint(t *rapid.T, label string) Point {
	coord := rapid.OneOf(rapid.Int32Range(0, Size), rapid.SampledFrom([]int32{0, 1, Size / 2, Size - 1, Size}))
	return Point{coord.Draw(t, label+".x"), coord.Draw(t, label+".y")}
}

func TestProjectUndoesLonLat(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPoint(t, "p")
		if got := Project(p.LonLat(Bits)); got != p {
			t.Fatalf("%v came back as %v by way of %v", p, got, p.LonLat(Bits))
		}
	})
}

func TestLonLatUndoesProject(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := orb.Point{rapid.Float64Range(-180, 180).Draw(t, "lon"), rapid.Float64Range(-MaxLat, MaxLat).Draw(t, "lat")}
		out := Project(in).LonLat(Bits)
		const half = 180.0 / Size // half a unit in degrees, at the equator the most
		if math.Abs(in[0]-out[0]) > half*1.001 || math.Abs(in[1]-out[1]) > half*1.001 {
			t.Fatalf("%v came back as %v", in, out)
		}
	})
}

func TestProjectAtTheEdges(t *testing.T) {
	for _, c := range []struct {
		lon, lat float64
		want     Point
	}{
		{0, 0, Point{Size / 2, Size / 2}},
		{-180, MaxLat, Point{0, 0}},
		{180, -MaxLat, Point{Size, Size}},
		{-180, 90, Point{0, 0}}, // beyond the square: on its edge
		{180, -90, Point{Size, Size}},
		{-190, 0, Point{0, Size / 2}},
		{200, 0, Point{Size, Size / 2}},
		{90, 0, Point{Size / 4 * 3, Size / 2}},
		{0, 66.51326044311186, Point{Size / 2, Size / 4}}, // latitude of y = 1/4
	} {
		if got := Project(orb.Point{c.lon, c.lat}); got != c.want {
			t.Errorf("%g, %g: %v, want %v", c.lon, c.lat, got, c.want)
		}
	}
}

func TestProjectIsMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lon, lat := rapid.Float64Range(-180, 180), rapid.Float64Range(-90, 90)
		a := orb.Point{lon.Draw(t, "lon a"), lat.Draw(t, "lat a")}
		b := orb.Point{lon.Draw(t, "lon b"), lat.Draw(t, "lat b")}
		p, q := Project(a), Project(b)
		if a[0] <= b[0] && p.X > q.X {
			t.Fatalf("%g is west of %g, %d is not of %d", a[0], b[0], p.X, q.X)
		}
		if a[1] <= b[1] && p.Y < q.Y {
			t.Fatalf("%g is south of %g, %d is not of %d", a[1], b[1], p.Y, q.Y)
		}
	})
}

// A coarser grid names the same places.
func TestLonLatOfCoarserGrid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shift := rapid.UintRange(0, 18).Draw(t, "shift")
		n := int32(Size >> shift)
		p := Point{rapid.Int32Range(0, n).Draw(t, "x"), rapid.Int32Range(0, n).Draw(t, "y")}
		fine := Point{p.X << shift, p.Y << shift}
		if got, want := p.LonLat(Bits-shift), fine.LonLat(Bits); got != want {
			t.Fatalf("%v: %v, want %v", p, got, want)
		}
	})
}

func bigCross(a, b, c Point) *big.Int {
	n := func(v int32) *big.Int { return big.NewInt(int64(v)) }
	sub := func(x, y int32) *big.Int { return new(big.Int).Sub(n(x), n(y)) }
	l := new(big.Int).Mul(sub(b.X, a.X), sub(c.Y, a.Y))
	return l.Sub(l, new(big.Int).Mul(sub(b.Y, a.Y), sub(c.X, a.X)))
}

func TestCrossIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := drawPoint(t, "a"), drawPoint(t, "b"), drawPoint(t, "c")
		if got, want := Cross(a, b, c), bigCross(a, b, c); want.Cmp(big.NewInt(got)) != 0 {
			t.Fatalf("%d, want %v", got, want)
		}
		if Cross(a, b, c) != -Cross(b, a, c) || Cross(a, b, c) != Cross(b, c, a) {
			t.Fatal("not alternating")
		}
	})
}

func TestArea2IsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ring := make([]Point, rapid.IntRange(0, 6).Draw(t, "n"))
		for i := range ring {
			ring[i] = drawPoint(t, "p")
		}
		want := new(big.Int)
		for i, p := range ring { // shoelace about the origin: another formula
			q := ring[(i+1)%len(ring)]
			want.Add(want, bigCross(Point{}, p, q))
		}
		if got := Area2(ring); want.Cmp(big.NewInt(got)) != 0 {
			t.Fatalf("%v: %d, want %v", ring, got, want)
		}
	})
}

func TestArea2OfTheWorld(t *testing.T) {
	world := []Point{{0, 0}, {Size, 0}, {Size, Size}, {0, Size}}
	if got, want := Area2(world), int64(2)<<(2*Bits); got != want {
		t.Errorf("%d, want %d", got, want)
	}
}

// Boxes against the points of a small plane.
func TestBoxes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		box := func(label string) (Box, map[Point]bool) {
			pts := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Point {
				return Point{rapid.Int32Range(-4, 4).Draw(t, "x"), rapid.Int32Range(-4, 4).Draw(t, "y")}
			}), 0, 3).Draw(t, label)
			b, in := BoxOf(pts), map[Point]bool{}
			for x := int32(-5); x <= 5; x++ {
				for y := int32(-5); y <= 5; y++ {
					if b.Contains(Point{x, y}) {
						in[Point{x, y}] = true
					}
				}
			}
			for _, p := range pts {
				if !in[p] {
					t.Fatalf("%v is not in the box of %v", p, pts)
				}
			}
			return b, in
		}
		a, inA := box("a")
		b, inB := box("b")
		meet, covers, u := false, true, a.Union(b)
		for p := range inB {
			meet = meet || inA[p]
			covers = covers && inA[p]
			if !u.Contains(p) {
				t.Fatalf("%v is not in the union", p)
			}
		}
		if a.Intersects(b) != meet || b.Intersects(a) != meet {
			t.Fatalf("%v intersects %v: %v", a, b, !meet)
		}
		if len(inB) > 0 && a.Covers(b) != covers {
			t.Fatalf("%v covers %v: %v", a, b, !covers)
		}
	})
}

func TestKeysAndOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Point{rapid.Int32().Draw(t, "px"), rapid.Int32().Draw(t, "py")}
		q := Point{rapid.Int32().Draw(t, "qx"), rapid.Int32().Draw(t, "qy")}
		if (p.Key() == q.Key()) != (p == q) {
			t.Fatalf("keys of %v and %v", p, q)
		}
		if p != q && p.Less(q) == q.Less(p) || p.Less(p) {
			t.Fatalf("order of %v and %v", p, q)
		}
	})
}

func TestChains(t *testing.T) {
	var c Chains
	if c.Len() != 0 {
		t.Error("the zero value has chains")
	}
	c.Reset()
	c.Pts = append(c.Pts, Point{1, 2}, Point{3, 4})
	c.End()
	c.End()
	c.Pts = append(c.Pts, Point{5, 6})
	c.End()
	if c.Len() != 3 || len(c.At(0)) != 2 || len(c.At(1)) != 0 || c.At(2)[0] != (Point{5, 6}) {
		t.Errorf("%d chains: %v", c.Len(), c)
	}
	// A chain cannot be appended to over the next one.
	if _ = append(c.At(0), Point{9, 9}); c.At(2)[0] != (Point{5, 6}) {
		t.Error("appending to a chain wrote into its neighbour")
	}
	if c.Reset(); c.Len() != 0 {
		t.Error("chains left after Reset")
	}
}
