package pipeline

import (
	"fmt"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// square is a feature one degree wide.
func square(lon, lat float64, id uint64, attrs ...feature.Attr) feature.Feature {
	return feature.Feature{ID: id, Attrs: attrs, Geometry: orb.MultiPolygon{{{
		{lon, lat}, {lon + 1, lat}, {lon + 1, lat + 1}, {lon, lat + 1}, {lon, lat},
	}}}}
}

func attr(key, value string) feature.Attr {
	return feature.Attr{Key: key, Value: feature.StringValue(value)}
}

func TestLayersKeepTheirOrder(t *testing.T) {
	u := NewUnits(&feature.Faults{})
	for i, name := range []string{"adm1", "adm0", "adm1", "lakes", "adm0"} {
		if got, want := u.Layer(name), []int{0, 1, 0, 2, 1}[i]; got != want {
			t.Errorf("%s is layer %d, want %d", name, got, want)
		}
	}
}

// Every id is positive, below 2^53, unique in its layer, and the source's own
// where that is possible; what is not is told.
func TestIDs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var faults feature.Faults
		u := NewUnits(&faults)
		l, other := u.Layer("a"), u.Layer("b")
		seen := map[uint64]bool{}
		doubles := 0
		for i := range rapid.IntRange(1, 20).Draw(t, "n") {
			id := rapid.SampledFrom([]uint64{0, 1, 2, 3, maxID}).Draw(t, "id")
			u.addAt(l, i, square(0, 0, id, attr("name", fmt.Sprint(rapid.IntRange(0, 3).Draw(t, "name")))))
			got := u.layers[l].units[i].id
			if got == 0 || got > maxID || seen[got] {
				t.Fatalf("feature %d has id %d", i, got)
			}
			if id != 0 && !seen[id] && got != id {
				t.Fatalf("feature %d has id %d, its own is %d", i, got, id)
			}
			if id != 0 && seen[id] {
				doubles++
			}
			seen[got] = true
		}
		if faults.Count(feature.FaultDuplicateID) != doubles || faults.Total() != doubles {
			t.Fatalf("%d doubles told, want %d", faults.Count(feature.FaultDuplicateID), doubles)
		}
		// Another layer has ids of its own.
		if u.addAt(other, 0, square(0, 0, 1)); u.layers[other].units[0].id != 1 {
			t.Fatal("an id of another layer was in the way")
		}
	})
}

// An id made of a feature's content is the same in every run and says nothing
// of its place in the file.
func TestContentIDs(t *testing.T) {
	ids := func(order ...int) map[string]uint64 {
		u := NewUnits(&feature.Faults{})
		l := u.Layer("a")
		out := map[string]uint64{}
		for i, n := range order {
			name := fmt.Sprint("unit ", n)
			u.addAt(l, i, square(float64(n), 0, 0, attr("name", name)))
			out[name] = u.layers[l].units[i].id
		}
		return out
	}
	if a, b := ids(1, 2, 3), ids(3, 1, 2); fmt.Sprint(a) != fmt.Sprint(b) {
		t.Errorf("%v, then %v", a, b)
	}
	f := square(0, 0, 0, attr("a", "b"))
	if contentID("x", f) == contentID("y", f) {
		t.Error("layers do not matter")
	}
	if contentID("x", square(0, 0, 0, attr("a", "1"), attr("b", "2"))) == contentID("x", square(0, 0, 0, attr("b", "2"), attr("a", "1"))) {
		t.Error("order does not matter")
	}
}

func TestFieldTypes(t *testing.T) {
	u := NewUnits(&feature.Faults{})
	l := u.Layer("a")
	v := func(key string, v feature.Value) feature.Attr { return feature.Attr{Key: key, Value: v} }
	u.addAt(l, 0, square(0, 0, 1, attr("name", "a"), v("pop", feature.IntValue(1)), v("eu", feature.BoolValue(true)), v("mixed", feature.IntValue(1)), v("late", feature.BoolValue(true))))
	u.addAt(l, 1, square(1, 0, 2, attr("name", "b"), v("pop", feature.FloatValue(1.5)), v("mixed", feature.StringValue("x")), v("late", feature.UintValue(1<<63))))
	u.addAt(l, 2, square(2, 0, 3, v("mixed", feature.IntValue(2)), v("late", feature.BoolValue(false))))
	want := map[string]string{"name": "String", "pop": "Number", "eu": "Boolean", "mixed": "String", "late": "String"}
	if got := u.layers[l].fields; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// A feature without area is told and not drawn, and leaves no gap in the
// numbers of those after it.
func TestFeatureWithoutArea(t *testing.T) {
	var faults feature.Faults
	u := NewUnits(&faults)
	l := u.Layer("a")
	flat := square(0, 0, 1)
	flat.Geometry[0][0] = orb.Ring{{0, 0}, {1, 0}, {2, 0}, {0, 0}}
	u.addAt(l, 0, flat)
	u.addAt(l, 1, feature.Feature{ID: 2})
	u.addAt(l, 2, square(5, 5, 3))
	if u.Len() != 1 || u.layers[l].units[0].index != 2 || u.Vertices() != 5 {
		t.Errorf("%d units, %d vertices: %+v", u.Len(), u.Vertices(), u.layers[l].units)
	}
	kept := faults.Examples(feature.FaultEmptyFeature)
	if len(kept) != 2 || kept[1].Feature != 1 || kept[1].Layer != "a" {
		t.Errorf("%v", kept)
	}
	if b := u.bounds; b.Min != (orb.Point{5, 5}) || b.Max != (orb.Point{6, 6}) {
		t.Errorf("bounds %v", b)
	}
}

func TestUnitName(t *testing.T) {
	for _, c := range []struct {
		attrs []feature.Attr
		want  string
	}{
		{nil, ""},
		{[]feature.Attr{attr("code", "IT"), attr("name", "Italia")}, "Italia"},
		{[]feature.Attr{attr("name", ""), attr("shapeName", "Lazio")}, "Lazio"},
		{[]feature.Attr{attr("x", "first"), attr("y", "second")}, "first"},
	} {
		if got := unitName(feature.Feature{Attrs: c.attrs}); got != c.want {
			t.Errorf("%v: %q, want %q", c.attrs, got, c.want)
		}
	}
}

// The proposal grows with the resolution, and stays in bounds.
func TestProposeMaxZoom(t *testing.T) {
	last := maxProposed
	for _, step := range []float64{1e-6, 1e-4, 1e-3, 1e-2, 0.1, 1, 10} {
		u := NewUnits(&feature.Faults{})
		f := square(0, 0, 1)
		f.Geometry[0][0] = orb.Ring{{0, 0}, {step, 0}, {step, step}, {0, step}, {0, 0}}
		u.addAt(u.Layer("a"), 0, f)
		z := u.ProposeMaxZoom()
		if z > last || z < 0 || z > maxProposed {
			t.Errorf("step %g: zoom %d after %d", step, z, last)
		}
		if units := step / 360 * float64(int64(4096)<<z); z > 0 && z < maxProposed && (units < detail || units >= 4*detail) {
			t.Errorf("step %g: zoom %d has %g units a step", step, z, units)
		}
		last = z
	}
	if z := NewUnits(&feature.Faults{}).ProposeMaxZoom(); z < 0 || z > maxProposed {
		t.Errorf("of nothing: zoom %d", z)
	}
}
