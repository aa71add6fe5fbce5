package mvt

import (
	"math"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"google.golang.org/protobuf/encoding/protowire"
)

// rawFeature is a feature whose tags and geometry are still packed varints.
type rawFeature struct {
	id       uint64
	hasID    bool
	typ      GeomType
	tags     reader
	geometry reader
}

// parseFeature splits a feature into its fields. Recoverable faults go to note.
func parseFeature(r reader, note func(*FormatError)) (rawFeature, *FormatError) {
	var f rawFeature
	start, hasType, hasGeometry := r.offset(), false, false
	for r.more() {
		at := r.offset()
		num, typ, err := r.tag()
		if err != nil {
			return f, err
		}
		switch num {
		case 1:
			f.id, err = number(&r, typ, at, "feature.id")
			f.hasID = true
		case 2:
			err = packed(&r, &f.tags, typ, at, "feature.tags")
		case 3:
			if hasType {
				note(errorAt(at, "feature.type given twice"))
			}
			hasType = true
			err = f.parseType(&r, typ, at, note)
		case 4:
			if hasGeometry && typ == protowire.BytesType {
				note(errorAt(at, "feature.geometry given twice"))
			}
			hasGeometry = true
			err = packed(&r, &f.geometry, typ, at, "feature.geometry")
		default:
			err = r.skip(typ)
		}
		if err != nil {
			return f, err
		}
	}
	// A missing type is the default of the specification's schema, UNKNOWN:
	// the bytes of @mapbox/mvt-fixtures 016, which are valid.
	if !hasGeometry {
		note(errorAt(start, "feature has no geometry"))
	} else if len(f.geometry.buf) == 0 && f.typ != Unknown {
		note(errorAt(start, "feature has an empty geometry"))
	}
	return f, nil
}

func (f *rawFeature) parseType(r *reader, typ protowire.Type, at int, note func(*FormatError)) *FormatError {
	v, err := number(r, typ, at, "feature.type")
	if err != nil {
		return err
	}
	f.typ = Unknown
	if v > uint64(Polygon) {
		note(errorAt(at, "feature.type %d is not a geometry type", v))
	} else {
		f.typ = GeomType(v)
	}
	return nil
}

// packed adds a field of repeated numbers to list: usually all in one run of
// bytes, which is then not copied, but readers must take them one by one too.
func packed(r *reader, list *reader, typ protowire.Type, at int, field string) *FormatError {
	if typ == protowire.VarintType {
		from := r.pos
		if _, err := r.varint(); err != nil {
			return err
		}
		list.add(reader{buf: r.buf[from:r.pos:r.pos], base: r.base + from})
		return nil
	}
	if err := want(at, field, typ, protowire.BytesType); err != nil {
		return err
	}
	m, err := r.message()
	if err == nil {
		list.add(m)
	}
	return err
}

func (r *reader) add(m reader) {
	if r.buf == nil {
		*r = m
		return
	}
	r.buf = append(r.buf, m.buf...) // the capacity is cut: this copies
}

// attrReader turns tags into attributes.
type attrReader struct {
	layer *rawLayer
	turn  int   // counts features; marks of earlier ones are stale
	used  []int // of each key, the last turn it was given in
	known []int // the same for its text, kept at the first key of that text
	place []int // of that text's attribute among those of the feature
}

func newAttrReader(l *rawLayer) *attrReader {
	n := len(l.keys)
	return &attrReader{layer: l, used: make([]int, n), known: make([]int, n), place: make([]int, n)}
}

// append adds the attributes of a feature to dst. Each key stands once: where
// two tags have keys of the same text the later value wins, as in JavaScript.
func (a *attrReader) append(dst []feature.Attr, tags reader, note func(*FormatError)) ([]feature.Attr, *FormatError) {
	a.turn++
	start := len(dst)
	for tags.more() {
		at := tags.offset()
		k, err := tags.varint()
		if err != nil {
			return dst, err
		}
		if !tags.more() {
			note(errorAt(at, "feature.tags has an odd count"))
			break
		}
		v, err := tags.varint()
		if err != nil {
			return dst, err
		}
		if k >= uint64(len(a.layer.keys)) {
			return dst, errorAt(at, "key %d of %d keys", k, len(a.layer.keys))
		}
		if v >= uint64(len(a.layer.values)) {
			return dst, errorAt(at, "value %d of %d values", v, len(a.layer.values))
		}
		if a.used[k] == a.turn {
			note(errorAt(at, "key %q given twice", a.layer.keys[k]))
		}
		a.used[k] = a.turn
		first := a.layer.firstKey[k]
		if a.known[first] == a.turn {
			dst[start+a.place[first]].Value = a.layer.values[v]
			continue
		}
		a.known[first], a.place[first] = a.turn, len(dst)-start
		dst = append(dst, feature.Attr{Key: a.layer.keys[k], Value: a.layer.values[v]})
	}
	return dst, nil
}

// clamp brings a position into the range of Coord.
func clamp(v int64) int32 {
	return int32(max(math.MinInt32, min(math.MaxInt32, v)))
}
