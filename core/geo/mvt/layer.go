package mvt

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"google.golang.org/protobuf/encoding/protowire"
)

// rawLayer is a layer whose features are still bytes: keys and values may
// stand behind them in the file.
type rawLayer struct {
	name     string
	version  uint64
	extent   uint64
	hasName  bool
	features []reader
	keys     []string
	values   []feature.Value
	firstKey []uint32 // of each key, the index of the first key of the same text
}

// eachLayer calls fn with each layer of a tile, in order. It stops at the
// first fatal fault; recoverable ones go to fs.
func eachLayer(data []byte, fs *faults, fn func(*rawLayer) *FormatError) *FormatError {
	r := reader{buf: data}
	names := map[string]bool{}
	for i := 0; r.more(); {
		at := r.offset()
		num, typ, err := r.tag()
		if err != nil {
			return err
		}
		if num != 3 {
			if err := r.skip(typ); err != nil {
				return err
			}
			continue
		}
		if err := want(at, "tile.layers", typ, protowire.BytesType); err != nil {
			return err
		}
		m, err := r.message()
		if err != nil {
			return err
		}
		l := &rawLayer{name: fmt.Sprintf("#%d", i)}
		i++
		err = l.parse(m, fs)
		fs.placeIn(l.name)
		if err == nil && names[l.name] {
			fs.add(&FormatError{Layer: l.name, Feature: -1, Offset: at, Reason: "layer name given twice"})
		}
		names[l.name] = true
		if err == nil {
			err = fn(l)
		}
		if err != nil {
			if err.Layer == "" {
				err.Layer = l.name
			}
			return err
		}
	}
	return nil
}

// parse reads all fields of a layer but leaves its features as bytes.
func (l *rawLayer) parse(r reader, fs *faults) *FormatError {
	start := r.offset()
	hasExtent := false
	for r.more() {
		at := r.offset()
		num, typ, err := r.tag()
		if err != nil {
			return err
		}
		switch num {
		case 1:
			err = l.parseName(&r, typ, at, fs)
		case 2:
			err = l.addFeature(&r, typ, at)
		case 3:
			err = l.addKey(&r, typ, at, fs)
		case 4:
			err = l.addValue(&r, typ, at, fs)
		case 5:
			if hasExtent {
				return errorAt(at, "layer.extent given twice")
			}
			hasExtent = true
			l.extent, err = number(&r, typ, at, "layer.extent")
		case 15:
			if l.version != 0 {
				return errorAt(at, "layer.version given twice")
			}
			l.version, err = number(&r, typ, at, "layer.version")
			if err == nil && l.version != 1 && l.version != 2 {
				return errorAt(at, "layer.version %d is neither 1 nor 2", l.version)
			}
		default:
			err = r.skip(typ)
		}
		if err != nil {
			return err
		}
	}
	if !hasExtent {
		l.extent = 4096 // the default of the specification
	}
	return l.check(start)
}

func (l *rawLayer) check(start int) *FormatError {
	switch {
	case !l.hasName:
		return errorAt(start, "layer has no name")
	case l.version == 0:
		return errorAt(start, "layer has no version")
	case l.extent == 0 || l.extent > 1<<31:
		return errorAt(start, "layer.extent %d is out of range", l.extent)
	}
	first := make(map[string]uint32, len(l.keys))
	l.firstKey = make([]uint32, len(l.keys))
	for i, k := range l.keys {
		j, ok := first[k]
		if !ok {
			j = uint32(i)
			first[k] = j
		}
		l.firstKey[i] = j
	}
	return nil
}

func (l *rawLayer) parseName(r *reader, typ protowire.Type, at int, fs *faults) *FormatError {
	if l.hasName {
		return errorAt(at, "layer.name given twice")
	}
	s, err := text(r, typ, at, "layer.name", fs)
	if err == nil {
		l.name, l.hasName = s, true
	}
	return err
}

func (l *rawLayer) addFeature(r *reader, typ protowire.Type, at int) *FormatError {
	if err := want(at, "layer.features", typ, protowire.BytesType); err != nil {
		return err
	}
	m, err := r.message()
	if err == nil {
		l.features = append(l.features, m)
	}
	return err
}

func (l *rawLayer) addKey(r *reader, typ protowire.Type, at int, fs *faults) *FormatError {
	s, err := text(r, typ, at, "layer.keys", fs)
	if err == nil {
		l.keys = append(l.keys, s)
	}
	return err
}

func (l *rawLayer) addValue(r *reader, typ protowire.Type, at int, fs *faults) *FormatError {
	if err := want(at, "layer.values", typ, protowire.BytesType); err != nil {
		return err
	}
	m, err := r.message()
	if err != nil {
		return err
	}
	v, err := parseValue(m, fs)
	if err == nil {
		l.values = append(l.values, v)
	}
	return err
}

// number reads a field that must be a varint.
func number(r *reader, typ protowire.Type, at int, field string) (uint64, *FormatError) {
	if err := want(at, field, typ, protowire.VarintType); err != nil {
		return 0, err
	}
	return r.varint()
}

// text reads a field that must be a string. Bytes that are not UTF-8 are a
// recoverable fault and replaced.
func text(r *reader, typ protowire.Type, at int, field string, fs *faults) (string, *FormatError) {
	if err := want(at, field, typ, protowire.BytesType); err != nil {
		return "", err
	}
	m, err := r.message()
	if err != nil {
		return "", err
	}
	if !utf8.Valid(m.buf) {
		fs.add(errorAt(at, "%s is not UTF-8", field))
		return strings.ToValidUTF8(string(m.buf), "\ufffd"), nil
	}
	return string(m.buf), nil
}

// valueWire is the wire type of a known field of a value.
func valueWire(num protowire.Number) protowire.Type {
	switch num {
	case 1:
		return protowire.BytesType
	case 2:
		return protowire.Fixed32Type
	case 3:
		return protowire.Fixed64Type
	default:
		return protowire.VarintType
	}
}

// parseValue reads a value, which must have exactly one known field.
func parseValue(r reader, fs *faults) (feature.Value, *FormatError) {
	start, n := r.offset(), 0
	var v feature.Value
	for r.more() {
		at := r.offset()
		num, typ, err := r.tag()
		if err != nil {
			return v, err
		}
		if num > 7 {
			if err := r.skip(typ); err != nil {
				return v, err
			}
			continue
		}
		if err := want(at, "value", typ, valueWire(num)); err != nil {
			return v, err
		}
		if v, err = typedValue(&r, num, at, fs); err != nil {
			return v, err
		}
		n++
	}
	if n != 1 {
		return v, errorAt(start, "value has %d fields of the known types, must have 1", n)
	}
	return v, nil
}

func typedValue(r *reader, num protowire.Number, at int, fs *faults) (feature.Value, *FormatError) {
	switch num {
	case 1:
		s, err := text(r, protowire.BytesType, at, "value", fs)
		return feature.StringValue(s), err
	case 2:
		bits, err := r.fixed(4)
		return feature.FloatValue(float64(math.Float32frombits(uint32(bits)))), err
	case 3:
		bits, err := r.fixed(8)
		return feature.FloatValue(math.Float64frombits(bits)), err
	}
	u, err := r.varint()
	switch num {
	case 4:
		return feature.IntValue(int64(u)), err
	case 5:
		return feature.UintValue(u), err
	case 6:
		return feature.IntValue(protowire.DecodeZigZag(u)), err
	default:
		return feature.BoolValue(u != 0), err
	}
}
