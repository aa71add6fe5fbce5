package feature

import (
	"math"
	"strings"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"
)

// DecodeGeobuf reads a Geobuf file: the features of a FeatureCollection, or the
// one feature that a Feature or a Geometry is. Nothing of data is kept.
//
// Polygons come as they are written: wound as they may be, and neither split
// at ±180 nor repaired. The third and further ordinates of a position are left
// out, and so are members that are no properties. An id that is not a positive
// integer becomes an attribute "id", as in ingest. JSON values become their
// text.
//
// What has no polygon, or a value that has no place in an Attr, is survived
// and told to report, which may be nil: such a feature has no Geometry, such
// an attribute is absent. Damage is a *GeobufError, with the features before
// it.
func DecodeGeobuf(data []byte, limits GeobufLimits, report func(Fault)) ([]Feature, error) {
	if report == nil {
		report = func(Fault) {}
	}
	d := &geobufReader{limits: limits.withDefaults(), report: report, dim: 2, feature: -1}
	if err := d.file(wireReader{buf: data}); err != nil {
		if err.Feature < 0 {
			err.Feature = d.feature
		}
		return d.out, err
	}
	return d.out, nil
}

// geobufReader is what reading a file needs to know.
type geobufReader struct {
	limits  GeobufLimits
	report  func(Fault)
	keys    []string
	number  map[string]int // of each key, the first time it is named
	first   []int          // of each entry of keys, the first that is equal
	dim     int
	scale   float64
	feature int // being read, -1 outside
	out     []Feature

	// Of the feature being read; their memory serves the next.
	values   []attrValue
	seen     []int // by key: 1 + the feature that has it
	lengths  []uint64
	coords   []int64
	vertices int // of all features so far
}

// attrValue is a value that is a fault where it is not ok.
type attrValue struct {
	value Value
	fault Code
	ok    bool
}

// fault reports bad data of the feature being read.
func (d *geobufReader) fault(c Code, detail string) {
	d.report(Fault{Code: c, Feature: d.feature, Detail: detail})
}

// file reads the head first, wherever it stands, then what the file holds.
func (d *geobufReader) file(r wireReader) *GeobufError {
	d.number = map[string]int{}
	precision := defaultPrecision
	var kind protowire.Number
	var content wireReader
	for r.more() {
		at := r.offset()
		num, t, err := r.field()
		if err != nil {
			return err
		}
		switch num {
		case geobufKeys:
			err = d.key(&r, t)
		case geobufDimensions:
			d.dim, err = r.small(t, "dimensions", maxDimensions)
		case geobufPrecision:
			precision, err = r.small(t, "precision", maxPrecision)
		case geobufCollection, geobufFeature, geobufGeometry:
			if kind != 0 {
				return errorAt(at, "a second collection, feature or geometry")
			}
			kind = num
			content, err = r.message(t)
		default:
			err = r.skip(num, t)
		}
		if err != nil {
			return err
		}
	}
	d.scale = pow10(precision)
	d.seen = make([]int, len(d.keys))
	switch kind {
	case geobufCollection:
		return d.collection(content)
	case geobufFeature:
		return d.readFeature(content)
	case geobufGeometry:
		return d.bareGeometry(content)
	}
	return errorAt(r.offset(), "holds no feature collection, feature or geometry")
}

func (d *geobufReader) key(r *wireReader, t protowire.Type) *GeobufError {
	m, err := r.message(t)
	if err != nil {
		return err
	}
	if len(m.buf) > d.limits.TextBytes {
		return errorAt(m.base, "a key of %d bytes, at most %d are read", len(m.buf), d.limits.TextBytes)
	}
	if len(d.keys) >= d.limits.Keys {
		return errorAt(m.base, "more than %d keys", d.limits.Keys)
	}
	key := d.text(m.buf)
	n, known := d.number[key]
	if !known {
		n = len(d.keys)
		d.number[key] = n
	}
	d.keys, d.first = append(d.keys, key), append(d.first, n)
	return nil
}

// text returns a copy of b that is text.
func (d *geobufReader) text(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	d.fault(FaultText, "")
	return strings.ToValidUTF8(string(b), "\uFFFD")
}

func (d *geobufReader) collection(r wireReader) *GeobufError {
	for r.more() {
		num, t, err := r.field()
		if err != nil {
			return err
		}
		if num != collectionFeature {
			if err := r.skip(num, t); err != nil {
				return err
			}
			continue
		}
		m, err := r.message(t)
		if err != nil {
			return err
		}
		if err := d.readFeature(m); err != nil {
			return err
		}
	}
	d.feature = -1
	return nil
}

// next begins a feature.
func (d *geobufReader) next(at int) *GeobufError {
	if len(d.out) >= d.limits.Features {
		return errorAt(at, "more than %d features", d.limits.Features)
	}
	d.feature = len(d.out)
	d.values = d.values[:0]
	return nil
}

func (d *geobufReader) bareGeometry(r wireReader) *GeobufError {
	if err := d.next(r.offset()); err != nil {
		return err
	}
	mp, err := d.geometry(r)
	if err == nil {
		d.out = append(d.out, Feature{Index: d.feature, Geometry: mp})
	}
	return err
}

func (d *geobufReader) readFeature(r wireReader) *GeobufError {
	if err := d.next(r.offset()); err != nil {
		return err
	}
	f := Feature{Index: d.feature}
	var id attrValue
	hasGeometry := false
	for r.more() {
		num, t, err := r.field()
		if err != nil {
			return err
		}
		var m wireReader
		switch num {
		case featureGeometry:
			if hasGeometry {
				return errorAt(r.offset(), "a second geometry")
			}
			hasGeometry = true
			if m, err = r.message(t); err == nil {
				f.Geometry, err = d.geometry(m)
			}
		case featureStringID:
			id, err = d.textValue(&r, t)
		case featureIntID:
			var v uint64
			v, err = r.number(t)
			id = attrValue{value: IntValue(protowire.DecodeZigZag(v)), ok: true}
		case featureValue:
			if m, err = r.message(t); err == nil {
				err = d.value(m)
			}
		case featureProperties:
			err = d.properties(&f, &r, t)
		case featureCustom: // members that are no properties have values of their own
			err = r.skip(num, t)
			d.values = d.values[:0]
		default:
			err = r.skip(num, t)
		}
		if err != nil {
			return err
		}
	}
	if !hasGeometry {
		d.fault(FaultNullGeometry, "")
	}
	d.identify(&f, id)
	d.out = append(d.out, f)
	return nil
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
