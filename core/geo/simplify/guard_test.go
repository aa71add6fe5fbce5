package simplify

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/shapes-desktop/shapes/core/geo/grid"
)

// archipelago is line work that tempts simplification: crooked coasts that
// share their ends, with islands in their bays and on their capes.
//
//	    ╱╲  ·   ╱╲
//	●──╯  ╲▫╱──╯  ╲──●
type archipelago struct {
	rng  *rand.Rand
	arcs grid.Chains
	segs [][2]grid.Point
	step int32 // all coordinates are multiples: with large ones much is in line
}

func drawArchipelago(t *rapid.T) *archipelago {
	a := &archipelago{rng: rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 4)), step: rapid.SampledFrom([]int32{1, 50, 250}).Draw(t, "step")}
	a.arcs.Reset()
	const span = 4000
	for range rapid.IntRange(1, 3).Draw(t, "coasts") {
		from := grid.Point{X: 1000, Y: 1000 + a.rng.Int32N(span)}
		to := grid.Point{X: 1000 + span, Y: 1000 + a.rng.Int32N(span)}
		if n := a.arcs.Len(); n > 0 && a.rng.IntN(2) == 0 { // a sliver between two coasts
			from, to = a.arcs.At(0)[0], a.arcs.At(0)[len(a.arcs.At(0))-1]
		}
		a.coast(from, to, 12)
	}
	for range rapid.IntRange(0, 12).Draw(t, "islands") {
		if len(a.arcs.Pts) == 0 {
			break // no coast came out right
		}
		// Just beside a vertex of a coast, where a chord may sweep.
		near := a.arcs.Pts[a.rng.IntN(len(a.arcs.Pts))]
		at := grid.Point{X: near.X + a.rng.Int32N(300) - 150, Y: near.Y + a.rng.Int32N(300) - 150}
		n := (1 + a.rng.Int32N(30)) * a.step
		a.put([]grid.Point{at, {X: at.X + n, Y: at.Y}, {X: at.X + n, Y: at.Y + n}, {X: at.X + n/2, Y: at.Y + 2*n}, {X: at.X, Y: at.Y + n}, at})
	}
	return a
}

// coast puts in a polyline from p to q as crooked as fits.
func (a *archipelago) coast(p, q grid.Point, n int) {
	pts := []grid.Point{p}
	for i := 1; i < n; i++ {
		x := p.X + (q.X-p.X)*int32(i)/int32(n) + a.rng.Int32N(600) - 300
		y := p.Y + (q.Y-p.Y)*int32(i)/int32(n) + a.rng.Int32N(2000) - 1000
		pts = append(pts, grid.Point{X: x, Y: y})
	}
	a.put(append(pts, q))
}

// put adds a chain, less the vertices that would make it meet others or
// itself; not at all if its ends cannot be joined.
func (a *archipelago) put(pts []grid.Point) {
	fits := func(p, q grid.Point, own [][2]grid.Point) bool {
		s := [2]grid.Point{p, q}
		free := func(o [2]grid.Point) bool { return p != q && !meetInside(s, o) }
		return !slices.ContainsFunc(a.segs, func(o [2]grid.Point) bool { return !free(o) }) &&
			!slices.ContainsFunc(own, func(o [2]grid.Point) bool { return !free(o) })
	}
	for i, p := range pts {
		pts[i] = grid.Point{X: p.X / a.step * a.step, Y: p.Y / a.step * a.step}
	}
	var own [][2]grid.Point
	chain := pts[:1:1]
	used := map[grid.Point]bool{}
	for i := range a.arcs.Len() { // arcs meet at ends only
		for _, p := range a.arcs.At(i)[1 : len(a.arcs.At(i))-1] {
			used[p] = true
		}
	}
	if used[pts[0]] || used[pts[len(pts)-1]] {
		return
	}
	used[pts[0]] = true
	for i, p := range pts[1:] {
		last := i == len(pts)-2
		if (last || !used[p] && !a.isEnd(p)) && fits(chain[len(chain)-1], p, own) {
			own = append(own, [2]grid.Point{chain[len(chain)-1], p})
			chain, used[p] = append(chain, p), true
		} else if last {
			return
		}
	}
	a.segs = append(a.segs, own...)
	a.arcs.Pts = append(a.arcs.Pts, chain...)
	a.arcs.End()
}

func (a *archipelago) isEnd(p grid.Point) bool {
	return slices.ContainsFunc(a.arcs.Start, func(n int32) bool {
		return n > 0 && a.arcs.Pts[n-1] == p || int(n) < len(a.arcs.Pts) && a.arcs.Pts[n] == p
	})
}

// meetInside reports whether two segments have a point in common that is not
// an end of both, or are the same.
func meetInside(s, o [2]grid.Point) bool {
	if s == o || s == [2]grid.Point{o[1], o[0]} {
		return true
	}
	inside := func(s [2]grid.Point, p grid.Point) bool { return p != s[0] && p != s[1] && onSegment(s[0], s[1], p) }
	if inside(s, o[0]) || inside(s, o[1]) || inside(o, s[0]) || inside(o, s[1]) {
		return true
	}
	sides := func(s, o [2]grid.Point) bool {
		a, b := grid.Cross(s[0], s[1], o[0]), grid.Cross(s[0], s[1], o[1])
		return a > 0 && b < 0 || a < 0 && b > 0
	}
	return sides(s, o) && sides(o, s)
}

// above tells on which side of chain i each vertex of the islands lies: how
// many segments an upward ray crosses, odd or even.
func above(chain []grid.Point, p grid.Point) bool {
	odd := false
	for j := 1; j < len(chain); j++ {
		a, b := chain[j-1], chain[j]
		if (a.X <= p.X) != (b.X <= p.X) && (b.X > a.X) == (grid.Cross(a, b, p) > 0) {
			odd = !odd
		}
	}
	return odd
}

// At any tolerance no two chains cross and everything that is kept lies on the
// side of every coast where it lay.
func TestGuardKeepsTopology(t *testing.T) {
	var f Filter
	var out grid.Chains
	rapid.Check(t, func(t *rapid.T) {
		a := drawArchipelago(t)
		algorithm := rapid.SampledFrom([]Algorithm{DouglasPeucker, Visvalingam}).Draw(t, "algorithm")
		w := Weigh(&a.arcs, make([]float32, a.arcs.Len()), algorithm, nil)
		tolerance := math.Pow(10, rapid.Float64Range(0, 4).Draw(t, "log tolerance"))
		f.Apply(w, tolerance, 1, &out)
		if out.Len() != a.arcs.Len() {
			t.Fatalf("%d arcs from %d", out.Len(), a.arcs.Len())
		}
		for i := range out.Len() {
			checkKept(t, a, w, i, out.At(i), tolerance)
		}
		for i := range out.Len() {
			for k := range i + 1 {
				checkApart(t, out.At(i), out.At(k), i == k)
			}
			for k := range out.Len() {
				if i == k {
					continue
				}
				for _, p := range out.At(k) {
					if !slices.Contains(out.At(i), p) && above(a.arcs.At(i), p) != above(out.At(i), p) {
						t.Fatalf("%v went to the other side of arc %d", p, i)
					}
				}
			}
		}
	})
}

// checkKept: the ends and all vertices above the tolerance are there, in the
// order of the arc.
func checkKept(t *rapid.T, a *archipelago, w *Weighted, i int, got []grid.Point, tolerance float64) {
	pts := a.arcs.At(i)
	at := 0
	for j, p := range pts {
		kept := at < len(got) && got[at] == p
		if kept {
			at++
		}
		if weight := w.Weight[int(a.arcs.Start[i])+j]; weight >= float32(tolerance) && !kept {
			t.Fatalf("arc %d lost vertex %d of weight %g", i, j, weight)
		}
	}
	if at != len(got) {
		t.Fatalf("arc %d: %v is not part of %v", i, got, pts)
	}
}

// checkApart: chords of two arcs do not meet but at their ends, or are the
// same one (what lay between has shrunk to nothing).
func checkApart(t *rapid.T, p, q []grid.Point, same bool) {
	for i := 1; i < len(p); i++ {
		for j := 1; j < len(q); j++ {
			s, o := [2]grid.Point{p[i-1], p[i]}, [2]grid.Point{q[j-1], q[j]}
			if s == o || s == [2]grid.Point{o[1], o[0]} || same && j >= i {
				continue
			}
			if meetInside(s, o) {
				t.Fatalf("%v meets %v", s, o)
			}
		}
	}
}

// A bay with an island in it: the chord over the bay's mouth would put the
// island on land, so the bay's deepest vertex comes back.
//
//	●╲    ▫    ╱●
//	  ╲______╱
func TestGuardGivesBackABay(t *testing.T) {
	var arcs, out grid.Chains
	arcs.Reset()
	arcs.Pts = append(arcs.Pts, grid.Point{}, grid.Point{X: 100, Y: 200}, grid.Point{X: 300, Y: 210}, grid.Point{X: 400})
	arcs.End()
	var f Filter
	w := Weigh(&arcs, []float32{0}, DouglasPeucker, nil)
	if n := f.Apply(w, 1000, 1, &out); n != 0 || len(out.At(0)) != 2 {
		t.Fatalf("without the island: %d given back, %v left", n, out.At(0))
	}
	arcs.Pts = append(arcs.Pts, grid.Point{X: 200, Y: 100}, grid.Point{X: 210, Y: 100}, grid.Point{X: 210, Y: 110}, grid.Point{X: 200, Y: 100})
	arcs.End()
	w = Weigh(&arcs, []float32{0, 0}, DouglasPeucker, nil)
	n := f.Apply(w, 1000, 1, &out)
	if want := []grid.Point{{}, {X: 300, Y: 210}, {X: 400}}; n != 1 || !slices.Equal(out.At(0), want) {
		t.Errorf("%d given back, %v left, want %v", n, out.At(0), want)
	}
}

// An island whose corner is on the chord: it would touch the coast, from either
// side.
//
//	 ╱╲
//	●──▫──●
func TestGuardKeepsChordsOffVertices(t *testing.T) {
	for _, top := range []int32{400, 600} {
		for _, bottom := range []int32{450, 550} {
			var arcs, out grid.Chains
			arcs.Reset()
			arcs.Pts = append(arcs.Pts, grid.Point{X: 100, Y: 500}, grid.Point{X: 200, Y: top}, grid.Point{X: 500, Y: 500})
			arcs.End()
			if (top < 500) == (bottom < 500) {
				bottom = 500 + (bottom-500)/5 // between coast and chord
			}
			arcs.Pts = append(arcs.Pts, grid.Point{X: 200, Y: 500}, grid.Point{X: 210, Y: bottom}, grid.Point{X: 200, Y: 500})
			arcs.End()
			var f Filter
			if n := f.Apply(Weigh(&arcs, []float32{0, 0}, DouglasPeucker, nil), 1000, 1, &out); n != 1 {
				t.Errorf("coast by %d, island to %d: %d given back, %v left", top, bottom, n, out.Pts)
			}
		}
	}
}

func TestTolerance(t *testing.T) {
	w := &Weighted{Size: []float32{0, 9, 10, 60, 1e6}}
	for i, want := range []float32{20, 20, 10.0 / 20, 3, 20} {
		if got := w.Tolerance(i, 20, 10); got != want {
			t.Errorf("size %g: %g, want %g", w.Size[i], got, want)
		}
	}
}

// With tolerance 0 every vertex stays.
func TestNothingToSpend(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := drawArchipelago(t)
		var f Filter
		var out grid.Chains
		n := f.Apply(Weigh(&a.arcs, make([]float32, a.arcs.Len()), DouglasPeucker, nil), 0, 1, &out)
		if n != 0 || !slices.Equal(out.Pts, a.arcs.Pts) || !slices.Equal(out.Start, a.arcs.Start) {
			t.Fatal("something is gone")
		}
	})
}
