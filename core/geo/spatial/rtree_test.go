package spatial

import (
	"cmp"
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// drawBox draws bounds as features have them: not across the antimeridian.
func drawBox(t *rapid.T) orb.Bound {
	a, b := drawPoint(t), drawPoint(t)
	return orb.Bound{
		Min: orb.Point{min(a[0], b[0]), min(a[1], b[1])},
		Max: orb.Point{max(a[0], b[0]), max(a[1], b[1])},
	}
}

// overlaps is what Each promises, spelt out.
func overlaps(q, b orb.Bound) bool {
	if q.Min[1] > b.Max[1] || b.Min[1] > q.Max[1] {
		return false
	}
	if q.Min[0] > q.Max[0] {
		return b.Max[0] >= q.Min[0] || b.Min[0] <= q.Max[0]
	}
	return q.Min[0] <= b.Max[0] && b.Min[0] <= q.Max[0]
}

// The tree against looking at everything, while entries come and go.
func TestTree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var tree Tree[int]
		model := map[int]orb.Bound{}
		next := 0
		for range rapid.IntRange(0, 300).Draw(t, "steps") {
			if len(model) > 0 && rapid.IntRange(0, 3).Draw(t, "what") == 0 {
				i := rapid.SampledFrom(keys(model)).Draw(t, "delete")
				tree.Delete(model[i], i)
				delete(model, i)
			} else {
				b := drawBox(t)
				tree.Insert(b, next)
				model[next] = b
				next++
			}
		}
		if tree.Len() != len(model) {
			t.Fatalf("%d entries, want %d", tree.Len(), len(model))
		}
		q := drawQuery(t)
		var want, got []int
		for _, i := range keys(model) {
			if overlaps(q, model[i]) {
				want = append(want, i)
			}
		}
		tree.Each(q, func(b orb.Bound, i int) bool {
			if b != model[i] {
				t.Fatalf("%d has bounds %v, want %v", i, b, model[i])
			}
			got = append(got, i)
			return true
		})
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Fatalf("%v: %v, want %v", q, got, want)
		}
		checkNearest(t, &tree, model)
	})
}

func checkNearest(t *rapid.T, tree *Tree[int], model map[int]orb.Bound) {
	p, n := drawPoint(t), rapid.IntRange(0, 20).Draw(t, "nearest")
	distance := func(b orb.Bound) float64 {
		least := math.Inf(1)
		for _, turn := range []float64{-360, 0, 360} {
			x := p[0] + turn
			dx, dy := max(0, b.Min[0]-x, x-b.Max[0]), max(0, b.Min[1]-p[1], p[1]-b.Max[1])
			least = min(least, math.Hypot(dx, dy))
		}
		return least
	}
	want := keys(model)
	slices.SortStableFunc(want, func(a, b int) int { return cmp.Compare(distance(model[a]), distance(model[b])) })
	got := tree.Nearest(p, n, cmp.Compare[int])
	if len(got) != min(n, len(want)) {
		t.Fatalf("%d of %d", len(got), len(want))
	}
	for i, g := range got {
		// Turning the Earth rounds a little otherwise: distances are compared.
		if d := distance(model[want[i]]); math.Abs(g.Distance-d) > 1e-9 || g.Bounds != model[g.Value] || math.Abs(distance(g.Bounds)-d) > 1e-9 {
			t.Fatalf("place %d from %v: %+v, want %d at %v", i, p, g, want[i], d)
		}
	}
}

func keys(m map[int]orb.Bound) []int {
	var out []int
	for i := range m {
		out = append(out, i)
	}
	slices.Sort(out)
	return out
}

func TestTreeStopsAndRefuses(t *testing.T) {
	var tree Tree[string]
	tree.Each(orb.Bound{Min: orb.Point{-1, -1}, Max: orb.Point{1, 1}}, func(orb.Bound, string) bool { panic("empty") })
	if tree.Nearest(orb.Point{}, 3, cmp.Compare[string]) != nil {
		t.Error("something in nothing")
	}
	for _, b := range []orb.Bound{
		{Min: orb.Point{1, 0}},
		{Min: orb.Point{0, 1}},
		{Min: orb.Point{math.NaN(), 0}},
		{Max: orb.Point{0, math.NaN()}},
	} {
		if tree.Insert(b, "x") || tree.Len() > 0 {
			t.Errorf("%v was inserted", b)
		}
	}
	for _, v := range []string{"west", "east", "both"} {
		b := map[string]orb.Bound{
			"west": {Min: orb.Point{-180, 0}, Max: orb.Point{-170, 1}}, "east": {Min: orb.Point{170, 0}, Max: orb.Point{180, 1}},
			"both": {Min: orb.Point{-180, 0}, Max: orb.Point{180, 1}},
		}[v]
		tree.Insert(b, v)
	}
	var seen int
	across := orb.Bound{Min: orb.Point{175, 0}, Max: orb.Point{-175, 1}}
	tree.Each(across, func(orb.Bound, string) bool { seen++; return true })
	if seen != 3 {
		t.Errorf("%d entries across the antimeridian, want each once", seen)
	}
	seen = 0
	tree.Each(across, func(orb.Bound, string) bool { seen++; return false })
	if seen != 1 {
		t.Errorf("went on %d times after the end", seen)
	}
	// Equally far: by name.
	got := tree.Nearest(orb.Point{180, 5}, 2, cmp.Compare[string])
	if len(got) != 2 || got[0].Value != "both" || got[1].Value != "east" || got[0].Distance != 4 {
		t.Errorf("%+v", got)
	}
}
