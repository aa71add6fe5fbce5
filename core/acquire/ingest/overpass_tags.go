package ingest

import "github.com/shapes-desktop/shapes/core/geo/feature"

// tags reads the tags of an element as attributes, each as text: an
// admin_level is a name, not a number.
func (j *jsonReader) tags(e *element) error {
	_, err := j.membersIfObject(func(name []byte) error { return j.tag(e, name) })
	return err
}

// tag reads one tag. Those that decide what the element is are looked at even
// if nobody wants them as attributes; those of nodes and ways are not kept.
func (j *jsonReader) tag(e *element, name []byte) error {
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
	_, err := j.membersIfObject(func(name []byte) (err error) {
		if string(name) != "timestamp_osm_base" {
			return j.skip()
		}
		j.overpassPart().base, err = j.typeName()
		return err
	})
	return err
}

// remark reads what the server says of its answer.
func (j *jsonReader) remark() (err error) {
	j.overpassPart().remark, err = j.typeName()
	return err
}
