package mvt

import (
	"math"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"google.golang.org/protobuf/encoding/protowire"
)

// Dict is the attribute dictionary of a layer over all its tiles. It is filled
// once, before tiles are written; from then on it is only read and may be
// shared by encoders that run in parallel.
type Dict struct {
	keys   table
	values table
	keyIx  map[string]uint32
	valIx  map[feature.Value]uint32
}

// table is a list of ready-made wire forms.
type table struct {
	wire []byte // one after the other
	ends []uint32
}

func (t *table) at(i uint32) []byte {
	from := uint32(0)
	if i > 0 {
		from = t.ends[i-1]
	}
	return t.wire[from:t.ends[i]]
}

// NewDict returns an empty dictionary.
func NewDict() *Dict {
	return &Dict{keyIx: map[string]uint32{}, valIx: map[feature.Value]uint32{}}
}

// Tags appends the tags of a feature to dst: for each attribute the index of
// its key and of its value in d. Unknown keys and values are added to d. Keys
// must be unique within attrs. It must not run beside any other use of d.
func (d *Dict) Tags(dst []uint32, attrs []feature.Attr) []uint32 {
	for _, a := range attrs {
		dst = append(dst, d.key(a.Key), d.value(a.Value))
	}
	return dst
}

func (d *Dict) key(k string) uint32 {
	i, ok := d.keyIx[k]
	if !ok {
		i = uint32(len(d.keys.ends))
		d.keyIx[k] = i
		d.keys.wire = protowire.AppendTag(d.keys.wire, 3, protowire.BytesType)
		d.keys.wire = protowire.AppendString(d.keys.wire, k)
		d.keys.ends = append(d.keys.ends, uint32(len(d.keys.wire)))
	}
	return i
}

func (d *Dict) value(v feature.Value) uint32 {
	i, ok := d.valIx[v]
	if !ok {
		i = uint32(len(d.values.ends))
		d.valIx[v] = i
		d.values.wire = protowire.AppendTag(d.values.wire, 4, protowire.BytesType)
		d.values.wire = protowire.AppendBytes(d.values.wire, appendValue(nil, v))
		d.values.ends = append(d.values.ends, uint32(len(d.values.wire)))
	}
	return i
}

// appendValue appends the fields of a value message. Integers that are not
// negative are uint, the others sint: what most writers do and readers know.
func appendValue(dst []byte, v feature.Value) []byte {
	switch v.Kind() {
	case feature.Int, feature.Uint:
		if v.Kind() == feature.Int && v.Int() < 0 {
			dst = protowire.AppendTag(dst, 6, protowire.VarintType)
			return protowire.AppendVarint(dst, protowire.EncodeZigZag(v.Int()))
		}
		dst = protowire.AppendTag(dst, 5, protowire.VarintType)
		return protowire.AppendVarint(dst, v.Uint())
	case feature.Float:
		f := v.Float()
		if f == float64(float32(f)) {
			dst = protowire.AppendTag(dst, 2, protowire.Fixed32Type)
			return protowire.AppendFixed32(dst, math.Float32bits(float32(f)))
		}
		dst = protowire.AppendTag(dst, 3, protowire.Fixed64Type)
		return protowire.AppendFixed64(dst, math.Float64bits(f))
	case feature.Bool:
		dst = protowire.AppendTag(dst, 7, protowire.VarintType)
		return protowire.AppendVarint(dst, protowire.EncodeBool(v.Bool()))
	default:
		dst = protowire.AppendTag(dst, 1, protowire.BytesType)
		return protowire.AppendString(dst, v.String())
	}
}
