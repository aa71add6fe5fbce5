package ingest

import "github.com/shapes-desktop/shapes/core/geo/feature"

// tags reads the tags of an element as attributes, each as text: an
// admin_level is a name, not a number.
func (j *jsonReader) tags(e *element) error {
	if c, err := j.peekValue(); err != nil || c != '{' {
		if err == nil {
			err = j.skip()
		}
		return err
	}
	if err := j.enter('{'); err != nil {
		return err
	}
	for n := 0; ; n++ {
		ok, err := j.more('}', n)
		if err != nil || !ok {
			return err
		}
		if err := j.tag(e); err != nil {
			return err
		}
	}
}

// tag reads one tag. Those that decide what the element is are looked at even
// if nobody wants them as attributes; those of nodes and ways are not kept.
func (j *jsonReader) tag(e *element) error {
	name, err := j.key()
	if err != nil {
		return err
	}
	k := j.c.keys.key(name)
	if j.badText && k.wanted {
		j.c.attrFault(feature.FaultText, "in the name "+k.name)
	}
	decides := k.name == "type" || k.name == "boundary" || k.name == "name"
	if e.kind == kindNode || e.kind == kindWay || !k.wanted && !decides {
		return j.skip()
	}
	v, ok, err := j.value()
	if err != nil || !ok {
		return err
	}
	v = feature.StringValue(v.String())
	switch k.name {
	case "type":
		e.typ = v.String()
	case "boundary":
		e.border = v.String()
	case "name":
		e.name = v.String()
	}
	if k.wanted {
		j.keep(k, v)
	}
	return nil
}

// stamp reads "osm3s", which says of when the data are.
func (j *jsonReader) stamp() error {
	if c, err := j.peekValue(); err != nil || c != '{' {
		if err == nil {
			err = j.skip()
		}
		return err
	}
	if err := j.enter('{'); err != nil {
		return err
	}
	for n := 0; ; n++ {
		ok, err := j.more('}', n)
		if err != nil || !ok {
			return err
		}
		name, err := j.key()
		if err != nil {
			return err
		}
		if string(name) == "timestamp_osm_base" {
			j.overpassPart().base, err = j.typeName()
		} else {
			err = j.skip()
		}
		if err != nil {
			return err
		}
	}
}

// remark reads what the server says of its answer.
func (j *jsonReader) remark() (err error) {
	j.overpassPart().remark, err = j.typeName()
	return err
}
