package feature

import (
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// attrValue is a value that is a fault where it is not ok.
type attrValue struct {
	value Value
	fault Code
	ok    bool
}

// identify gives f its id. One that is no positive integer becomes an attribute.
func (d *geobufReader) identify(f *Feature, id attrValue) {
	switch {
	case id.fault != "":
		d.fault(id.fault, "id")
	case !id.ok:
	case id.value.Kind() == Int && id.value.Int() > 0:
		f.ID = id.value.Uint()
	default:
		for _, key := range []string{"id", "feature_id", "@id"} {
			v, taken := f.Attr(key)
			if !taken {
				f.Attrs = append(f.Attrs, Attr{key, id.value})
				return
			}
			if v == id.value {
				return
			}
		}
		d.fault(FaultAttribute, "the id clashes with the attributes id, feature_id and @id; dropped")
	}
}

// textValue reads a field of text.
func (d *geobufReader) textValue(r *wireReader, t protowire.Type) (attrValue, *GeobufError) {
	m, err := r.message(t)
	if err != nil {
		return attrValue{}, err
	}
	if len(m.buf) > d.limits.TextBytes {
		return attrValue{fault: FaultAttribute}, nil
	}
	return attrValue{value: StringValue(d.text(m.buf)), ok: true}, nil
}

// value reads a values field: of several members the last counts, and one
// without any is null.
func (d *geobufReader) value(r wireReader) *GeobufError {
	var v attrValue
	for r.more() {
		num, t, err := r.field()
		if err != nil {
			return err
		}
		var n uint64
		switch num {
		case valueString, valueJSON:
			v, err = d.textValue(&r, t)
		case valueDouble:
			n, err = r.double(t)
			v = attrValue{value: FloatValue(math.Float64frombits(n)), ok: true}
		case valuePosInt:
			n, err = r.number(t)
			v = attrValue{value: UintValue(n), ok: true}
		case valueNegInt:
			n, err = r.number(t)
			v = attrValue{value: IntValue(-int64(n)), ok: n <= 1<<63}
			if !v.ok {
				v.fault = FaultAttribute
			}
		case valueBool:
			n, err = r.number(t)
			v = attrValue{value: BoolValue(n != 0), ok: true}
		default:
			err = r.skip(num, t)
		}
		if err != nil {
			return err
		}
	}
	d.values = append(d.values, v)
	return nil
}

// properties joins keys and the values read since the last such list, as the
// numbers of the list say.
func (d *geobufReader) properties(f *Feature, r *wireReader, t protowire.Type) *GeobufError {
	list, err := r.message(t)
	for err == nil && list.more() {
		at := list.offset()
		var k, v uint64
		if k, err = list.varint(); err != nil {
			break
		}
		if v, err = list.varint(); err != nil {
			break
		}
		if k >= uint64(len(d.keys)) || v >= uint64(len(d.values)) {
			return errorAt(at, "property with key %d of %d and value %d of %d", k, len(d.keys), v, len(d.values))
		}
		d.property(f, d.first[k], d.values[v])
	}
	d.values = d.values[:0]
	return err
}

func (d *geobufReader) property(f *Feature, key int, v attrValue) {
	switch {
	case d.seen[key] == d.feature+1:
		d.fault(FaultAttribute, d.keys[key]+" is given twice; the first is kept")
	case v.fault != "":
		d.fault(v.fault, d.keys[key]+" is out of range; dropped")
	case v.ok:
		d.seen[key] = d.feature + 1
		f.Attrs = append(f.Attrs, Attr{d.keys[key], v.value})
	}
}
