package ingest

import (
	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// properties reads a feature's attributes into j.c.attrs.
func (j *jsonReader) properties() error {
	c, err := j.peekValue()
	if err != nil {
		return err
	}
	if c != '{' {
		if c != 'n' {
			j.c.attrFault(feature.FaultAttribute, "\"properties\" is not an object; dropped")
		}
		return j.skip()
	}
	return j.eachMember(j.property)
}

// property reads the value of one attribute.
func (j *jsonReader) property(name []byte) error {
	k := j.c.keys.key(name)
	if j.badText && k.wanted {
		j.c.attrFault(feature.FaultText, "in the name "+k.name)
	}
	if !k.wanted {
		return j.skip()
	}
	v, ok, err := j.value()
	if err == nil && ok {
		j.keep(k, v)
	}
	return err
}

// keep adds an attribute whose value was just read.
func (j *jsonReader) keep(k *key, v feature.Value) {
	if j.badText {
		j.badText = false
		j.c.attrFault(feature.FaultText, k.name)
	}
	if j.c.attrs.add(k, v) {
		j.c.attrFault(feature.FaultAttribute, k.name+" is given twice; the later value is kept")
	}
}

// value reads an attribute's value. It reports false for null, and with a
// fault for what is not a value.
func (j *jsonReader) value() (feature.Value, bool, error) {
	c, err := j.peekValue()
	if err != nil {
		return feature.Value{}, false, err
	}
	j.badText = false
	switch c {
	case '"':
		b, err := j.text()
		return feature.StringValue(j.c.keys.text(b)), err == nil, err
	case '{', '[':
		j.nest, err = j.compact(j.nest[:0])
		return feature.StringValue(string(j.nest)), err == nil, err
	}
	b, err := j.scalar(c)
	if err != nil {
		return feature.Value{}, false, err
	}
	switch c {
	case 't':
		return feature.BoolValue(true), true, nil
	case 'f':
		return feature.BoolValue(false), true, nil
	}
	if string(b) == "null" {
		return feature.Value{}, false, nil
	}
	v, ok := numberValue(b)
	if !ok {
		j.c.attrFault(feature.FaultAttribute, clip(string(b))+" is not a number that can be kept; dropped")
	}
	return v, ok, nil
}
