package feature

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// same compares features by what they are: NaN equals NaN.
func same(a, b []Feature) string {
	return cmp.Diff(a, b, cmp.Comparer(func(a, b Value) bool { return a == b }))
}

// drawFeature draws a feature whose coordinates are whole multiples of
// 10^-precision.
func drawFeature(t *rapid.T, precision int) Feature {
	scale := math.Pow10(precision)
	point := rapid.Custom(func(t *rapid.T) orb.Point {
		x := rapid.Int64Range(int64(-180*scale), int64(180*scale)).Draw(t, "x")
		y := rapid.Int64Range(int64(-90*scale), int64(90*scale)).Draw(t, "y")
		return orb.Point{float64(x) / scale, float64(y) / scale}
	})
	ring := rapid.Custom(func(t *rapid.T) orb.Ring {
		r := orb.Ring(rapid.SliceOfN(point, 3, 9).Draw(t, "ring"))
		return append(r, r[0])
	})
	poly := rapid.Custom(func(t *rapid.T) orb.Polygon { return rapid.SliceOfN(ring, 1, 3).Draw(t, "poly") })
	f := Feature{ID: uint64(rapid.Int64Range(0, math.MaxInt64).Draw(t, "id"))}
	if polys := rapid.SliceOfN(poly, 0, 3).Draw(t, "polys"); len(polys) > 0 {
		f.Geometry = polys
	}
	for _, key := range rapid.SliceOfNDistinct(rapid.StringN(0, 4, -1), 0, 5, rapid.ID).Draw(t, "keys") {
		f.Attrs = append(f.Attrs, Attr{key, drawValue(t)})
	}
	return f
}

func drawValue(t *rapid.T) Value {
	return rapid.OneOf(
		rapid.Map(rapid.String(), StringValue),
		rapid.Map(rapid.Int64(), IntValue),
		rapid.Map(rapid.Uint64(), UintValue),
		rapid.Map(rapid.Float64(), FloatValue),
		rapid.Map(rapid.Bool(), BoolValue),
		rapid.Just(IntValue(math.MinInt64)),
		rapid.Just(FloatValue(3)),
		rapid.Just(FloatValue(math.Inf(-1))),
		rapid.Just(FloatValue(math.Copysign(0, -1))),
	).Draw(t, "value")
}

func TestGeobufComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		precision := rapid.IntRange(0, GeobufPrecision).Draw(t, "precision")
		w, err := NewGeobufWriter(precision)
		if err != nil {
			t.Fatal(err)
		}
		var want []Feature
		for i := range rapid.IntRange(0, 5).Draw(t, "n") {
			f := drawFeature(t, precision)
			f.Index = i
			want = append(want, f)
			if err := w.Add(f); err != nil {
				t.Fatal(err)
			}
			alone, err := w.AppendFeature(nil, f)
			if err != nil {
				t.Fatal(err)
			}
			one := f
			one.Index = 0
			check(t, alone, []Feature{one})
			shape, err := w.AppendGeometry(nil, f.Geometry)
			if err != nil {
				t.Fatal(err)
			}
			check(t, shape, []Feature{{Geometry: f.Geometry}})
		}
		file := w.AppendTo(nil)
		check(t, file, want)
		if again := w.AppendTo(nil); !bytes.Equal(file, again) {
			t.Fatal("the same collection gave other bytes")
		}
		w.Reset()
		for _, f := range want {
			if err := w.Add(f); err != nil {
				t.Fatal(err)
			}
		}
		if again := w.AppendTo(nil); !bytes.Equal(file, again) {
			t.Fatal("a writer used again gave other bytes")
		}
	})
}

type tester interface {
	Helper()
	Fatalf(string, ...any)
}

func check(t tester, file []byte, want []Feature) {
	t.Helper()
	got, err := DecodeGeobuf(file, GeobufLimits{}, func(f Fault) {
		if f.Code != FaultNullGeometry && f.Code != FaultEmptyFeature {
			t.Fatalf("fault %v", f)
		}
	})
	if err != nil {
		t.Fatalf("%v", err)
	}
	if d := same(want, got); d != "" {
		t.Fatalf("%s", d)
	}
}

func TestGeobufRounds(t *testing.T) {
	w, err := NewGeobufWriter(2)
	if err != nil {
		t.Fatal(err)
	}
	file, err := w.AppendGeometry(nil, orb.MultiPolygon{{{{0.004, 0}, {10.006, -0.006}, {5.555, 7}, {0.004, 0}}}})
	if err != nil {
		t.Fatal(err)
	}
	check(t, file, []Feature{{Geometry: orb.MultiPolygon{{{{0, 0}, {10.01, -0.01}, {5.56, 7}, {0, 0}}}}}})
	for _, precision := range []int{-1, 10} {
		if _, err := NewGeobufWriter(precision); err == nil {
			t.Errorf("precision %d is accepted", precision)
		}
	}
}

// What cannot be written is an error that says where, and leaves no trace.
func TestGeobufRefuses(t *testing.T) {
	square := orb.Ring{{0, 0}, {1, 0}, {1, 1}, {0, 0}}
	good := Feature{ID: 1, Geometry: orb.MultiPolygon{{square}}, Attrs: []Attr{{"a", IntValue(1)}}}
	w, err := NewGeobufWriter(GeobufPrecision)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Add(good); err != nil {
		t.Fatal(err)
	}
	before := w.AppendTo(nil)
	for _, c := range []struct {
		f    Feature
		want string
	}{
		{Feature{Index: 3, Geometry: orb.MultiPolygon{{square}, {}}}, "feature 3 as geobuf: polygon 1 has no ring"},
		{Feature{Geometry: orb.MultiPolygon{{square, {}}}}, "polygon 0 ring 1: 0 positions"},
		{Feature{Geometry: orb.MultiPolygon{{square[:3]}}}, "3 positions from [[0 0]]: a ring is closed and has at least 4"},
		{Feature{Geometry: orb.MultiPolygon{{{{0, 0}, {1, 0}, {math.NaN(), 1}, {0, 0}}}}}, "position 2, [NaN 1], cannot be written"},
		{Feature{Geometry: orb.MultiPolygon{{{{0, 0}, {1e9, 0}, {1, 1}, {0, 0}}}}}, "position 1"},
		{Feature{ID: 1 << 63}, "beyond 63 bits"},
	} {
		c.f.Attrs = []Attr{{"new", BoolValue(true)}}
		if err := w.Add(c.f); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %q", err, c.want)
		}
		if dst, err := w.AppendFeature([]byte("x"), c.f); err == nil || string(dst) != "x" {
			t.Errorf("%q %v", dst, err)
		}
	}
	if after := w.AppendTo(nil); !bytes.Equal(before, after) {
		t.Error("a feature that was refused left something")
	}
}
