package feature

import (
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
	f := unfinished{Feature: Feature{Index: d.feature}}
	for r.more() {
		num, t, err := r.field()
		if err == nil {
			err = d.featureField(&f, num, t, &r)
		}
		if err != nil {
			return err
		}
	}
	if !f.hasGeometry {
		d.fault(FaultNullGeometry, "")
	}
	d.identify(&f.Feature, f.id)
	d.out = append(d.out, f.Feature)
	return nil
}

// unfinished is a feature while its fields are read.
type unfinished struct {
	Feature
	hasGeometry bool
	id          attrValue
}

func (d *geobufReader) featureField(f *unfinished, num protowire.Number, t protowire.Type, r *wireReader) (err *GeobufError) {
	var m wireReader
	switch num {
	case featureGeometry:
		if f.hasGeometry {
			return errorAt(r.offset(), "a second geometry")
		}
		f.hasGeometry = true
		if m, err = r.message(t); err == nil {
			f.Geometry, err = d.geometry(m)
		}
	case featureStringID:
		f.id, err = d.textValue(r, t)
	case featureIntID:
		var v uint64
		v, err = r.number(t)
		f.id = attrValue{value: IntValue(protowire.DecodeZigZag(v)), ok: true}
	case featureValue:
		if m, err = r.message(t); err == nil {
			err = d.value(m)
		}
	case featureProperties:
		err = d.properties(&f.Feature, r, t)
	case featureCustom: // members that are no properties have values of their own
		err = r.skip(num, t)
		d.values = d.values[:0]
	default:
		err = r.skip(num, t)
	}
	return err
}
