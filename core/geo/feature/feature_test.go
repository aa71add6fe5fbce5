package feature

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

func TestValues(t *testing.T) {
	for _, c := range []struct {
		v    Value
		kind Kind
		text string
	}{
		{Value{}, String, ""},
		{StringValue("Åland"), String, "Åland"},
		{IntValue(-7), Int, "-7"},
		{IntValue(math.MinInt64), Int, "-9223372036854775808"},
		{UintValue(7), Int, "7"}, // fits an int64
		{UintValue(math.MaxInt64), Int, "9223372036854775807"},
		{UintValue(math.MaxInt64 + 1), Uint, "9223372036854775808"},
		{UintValue(math.MaxUint64), Uint, "18446744073709551615"},
		{FloatValue(0.1), Float, "0.1"},
		{FloatValue(1e300), Float, "1e+300"},
		{BoolValue(true), Bool, "true"},
		{BoolValue(false), Bool, "false"},
	} {
		if c.v.Kind() != c.kind || c.v.String() != c.text {
			t.Errorf("kind %d %q, want kind %d %q", c.v.Kind(), c.v, c.kind, c.text)
		}
	}
}

func TestNumbersComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		i, u, f := rapid.Int64().Draw(t, "i"), rapid.Uint64().Draw(t, "u"), rapid.Float64().Draw(t, "f")
		if IntValue(i).Int() != i || UintValue(u).Uint() != u || FloatValue(f).Float() != f {
			t.Fatal("a number changed")
		}
		if s, err := strconv.ParseFloat(FloatValue(f).String(), 64); err != nil || s != f {
			t.Fatalf("%g is written %q", f, FloatValue(f))
		}
		if !BoolValue(true).Bool() || BoolValue(false).Bool() {
			t.Fatal("a truth changed")
		}
	})
}

// Equal values are equal keys, values of different kinds never are.
func TestValuesAreComparable(t *testing.T) {
	all := []Value{{}, StringValue("1"), IntValue(1), IntValue(0), FloatValue(1), FloatValue(0), BoolValue(true), BoolValue(false), UintValue(1 << 63)}
	seen := map[Value]int{}
	for i, v := range all {
		if j, ok := seen[v]; ok {
			t.Errorf("values %d and %d are equal", i, j)
		}
		seen[v] = i
	}
	if UintValue(5) != IntValue(5) || StringValue("") != (Value{}) {
		t.Error("equal values differ")
	}
}

func TestAttr(t *testing.T) {
	f := Feature{Attrs: []Attr{{"name", StringValue("Tonga")}, {"pop", IntValue(0)}}}
	if v, ok := f.Attr("pop"); !ok || v != IntValue(0) {
		t.Errorf("pop: %v %v", v, ok)
	}
	if v, ok := f.Attr("Name"); ok || v != (Value{}) {
		t.Errorf("Name: %v %v", v, ok)
	}
}

func TestFaultText(t *testing.T) {
	for _, c := range []struct {
		f    Fault
		want string
	}{
		{Fault{Code: FaultWinding, Feature: -1}, "winding"},
		{Fault{Code: FaultWinding, Layer: "adm1", Feature: 0}, "winding layer adm1 feature 0"},
		{
			Fault{Code: FaultCoordinate, Layer: "a", Feature: 3, Lon: -70.5, Lat: 1, HasPos: true, Detail: "NaN"},
			"bad-coordinate layer a feature 3 at -70.500000,1.000000: NaN",
		},
	} {
		if got := c.f.String(); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// Faults against a plain list, whatever is added and merged in which order.
func TestFaultsAgainstAList(t *testing.T) {
	codes := []Code{FaultWinding, FaultOverlap, FaultPanic, FaultNullGeometry}
	rapid.Check(t, func(t *rapid.T) {
		var got Faults
		want := map[Code][]Fault{}
		add := func(fs *Faults, n int) {
			for i := range n {
				f := Fault{Code: rapid.SampledFrom(codes).Draw(t, "code"), Feature: i}
				fs.Add(f)
				want[f.Code] = append(want[f.Code], f)
			}
		}
		add(&got, rapid.IntRange(0, 30).Draw(t, "n"))
		for range rapid.IntRange(0, 3).Draw(t, "merges") {
			var other Faults
			add(&other, rapid.IntRange(0, 30).Draw(t, "n"))
			got.Merge(&other)
		}
		total := 0
		for _, c := range codes {
			total += len(want[c])
			if got.Count(c) != len(want[c]) || !slices.Equal(got.Examples(c), want[c]) {
				t.Fatalf("%s: %d %v, want %v", c, got.Count(c), got.Examples(c), want[c])
			}
		}
		if got.Total() != total || !slices.IsSorted(got.Codes()) || len(got.Codes()) != len(want) {
			t.Fatalf("total %d of %v, want %d", got.Total(), got.Codes(), total)
		}
	})
}

// However many faults there are, memory is bounded and the count is right.
func TestFaultsAreBounded(t *testing.T) {
	var a, b Faults
	for i := range 250 {
		a.Add(Fault{Code: FaultWinding, Feature: i})
		b.Add(Fault{Code: FaultWinding, Feature: 1000 + i})
	}
	a.Merge(&b)
	a.Merge(&Faults{})
	kept := a.Examples(FaultWinding)
	if a.Count(FaultWinding) != 500 || len(kept) != 100 {
		t.Fatalf("%d counted, %d kept", a.Count(FaultWinding), len(kept))
	}
	if kept[0].Feature != 0 || kept[99].Feature != 99 {
		t.Error("not the first ones: ", fmt.Sprint(kept[0], kept[99]))
	}
}
