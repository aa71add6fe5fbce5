// Package feature holds the one feature model of the program: orb geometry in
// degrees, typed attributes in source order, and the faults found on the way.
package feature

import (
	"math"
	"strconv"

	"github.com/paulmach/orb"
)

// Feature is one administrative unit (or one record of a user's file).
//
// Geometry is in WGS 84 degrees (longitude, latitude). After ingest it is
// normalised: rings are closed, free of consecutive duplicates, outer rings
// counter-clockwise and holes clockwise, inside ±180 and ±90. A feature is
// immutable after ingest; nobody may write to its slices.
type Feature struct {
	// ID is the id the source gave, 0 where it gave none that is a positive
	// integer below 2^53 (what JavaScript readers can hold).
	ID uint64
	// Index is the feature's place in its layer of the source, from 0, counting
	// those that cannot be drawn too: what faults name it by.
	Index    int
	Geometry orb.MultiPolygon
	Attrs    []Attr
}

// Attr is one attribute. Keys are unique within a feature.
type Attr struct {
	Key   string
	Value Value
}

// Attr returns the value under key, and whether there is one.
func (f Feature) Attr(key string) (Value, bool) {
	for _, a := range f.Attrs {
		if a.Key == key {
			return a.Value, true
		}
	}
	return Value{}, false
}

// Layer is a named list of features; its name is the layer's name in tiles.
type Layer struct {
	Name     string
	Features []Feature
}

// Kind is the type of a Value.
type Kind uint8

// The kinds of values. A missing attribute is absent, not null, as in MVT.
const (
	String Kind = iota
	Int         // signed 64-bit
	Uint        // beyond Int's range
	Float
	Bool
)

// Value is a typed attribute value. The zero Value is the empty string.
// Values are comparable with ==, and may be map keys.
type Value struct {
	kind Kind
	str  string
	bits uint64
}

// StringValue makes a Value of s.
func StringValue(s string) Value { return Value{kind: String, str: s} }

// IntValue makes a Value of i.
func IntValue(i int64) Value { return Value{kind: Int, bits: uint64(i)} }

// UintValue makes a Value of u; those that fit an int64 become Int, so that
// equal numbers are equal Values.
func UintValue(u uint64) Value {
	if u <= math.MaxInt64 {
		return IntValue(int64(u))
	}
	return Value{kind: Uint, bits: u}
}

// FloatValue makes a Value of f.
func FloatValue(f float64) Value { return Value{kind: Float, bits: math.Float64bits(f)} }

// BoolValue makes a Value of b.
func BoolValue(b bool) Value {
	v := Value{kind: Bool}
	if b {
		v.bits = 1
	}
	return v
}

// Kind returns the type of v.
func (v Value) Kind() Kind { return v.kind }

// Int returns the number of an Int, else 0.
func (v Value) Int() int64 { return int64(v.bits) }

// Uint returns the number of a Uint or a non-negative Int.
func (v Value) Uint() uint64 { return v.bits }

// Float returns the number of a Float.
func (v Value) Float() float64 { return math.Float64frombits(v.bits) }

// Bool returns the truth of a Bool.
func (v Value) Bool() bool { return v.bits != 0 }

// String returns v as a person would read it.
func (v Value) String() string {
	switch v.kind {
	case Int:
		return strconv.FormatInt(v.Int(), 10)
	case Uint:
		return strconv.FormatUint(v.bits, 10)
	case Float:
		return strconv.FormatFloat(v.Float(), 'g', -1, 64)
	case Bool:
		return strconv.FormatBool(v.Bool())
	default:
		return v.str
	}
}
