package feature

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
	"google.golang.org/protobuf/encoding/protowire"
)

// GeobufWriter writes features as Geobuf: each as a file of its own with
// AppendFeature, or many as one collection with Add and AppendTo. The same
// features give the same bytes. It is not safe for concurrent use; one for each
// worker, used again and again, keeps its memory.
//
// Coordinates are rounded to the precision. Those that are whole multiples of
// its unit come back exactly as they were.
type GeobufWriter struct {
	precision int
	scale     float64

	// A file names keys before features, and a collection has all its keys only
	// at its end: features gather in body, with their keys' numbers.
	keys  map[string]uint32
	names []string
	body  []byte

	pairs []byte
}

// NewGeobufWriter returns a writer of coordinates with so many digits after the
// decimal point, 0 … 9.
func NewGeobufWriter(precision int) (*GeobufWriter, error) {
	if precision < 0 || precision > GeobufPrecision {
		return nil, fmt.Errorf("geobuf precision %d, must be 0 … %d", precision, GeobufPrecision)
	}
	return &GeobufWriter{precision: precision, scale: pow10(precision), keys: map[string]uint32{}}, nil
}

// Add puts f at the end of the collection. It keeps nothing of f. After an error
// the collection is as it was before.
func (w *GeobufWriter) Add(f Feature) error {
	before, names := len(w.body), len(w.names)
	body, start := beginMessage(w.body, collectionFeature)
	body, err := w.appendFeature(body, f, w.intern)
	if err != nil {
		for _, name := range w.names[names:] {
			delete(w.keys, name)
		}
		w.names, w.body = w.names[:names], body[:before]
		return err
	}
	w.body = endMessage(body, start)
	return nil
}

// AppendTo appends the collection, a whole Geobuf file, to dst. The collection
// stays as it is.
func (w *GeobufWriter) AppendTo(dst []byte) []byte {
	for _, name := range w.names {
		dst = appendText(dst, geobufKeys, name)
	}
	dst = w.appendHead(dst)
	dst = protowire.AppendTag(dst, geobufCollection, protowire.BytesType)
	return protowire.AppendBytes(dst, w.body)
}

// Reset empties the collection and keeps its memory.
func (w *GeobufWriter) Reset() {
	clear(w.keys)
	w.names, w.body = w.names[:0], w.body[:0]
}

// AppendFeature appends f as a whole Geobuf file of one Feature to dst. On error
// it returns dst as it was. The collection is not touched.
func (w *GeobufWriter) AppendFeature(dst []byte, f Feature) ([]byte, error) {
	before := len(dst)
	for _, a := range f.Attrs {
		dst = appendText(dst, geobufKeys, a.Key)
	}
	dst, start := beginMessage(w.appendHead(dst), geobufFeature)
	next := uint32(0) // keys are unique in a feature, so they go by their place
	dst, err := w.appendFeature(dst, f, func(string) uint32 { next++; return next - 1 })
	if err != nil {
		return dst[:before], err
	}
	return endMessage(dst, start), nil
}

// AppendGeometry appends mp as a whole Geobuf file of one Geometry to dst. On
// error it returns dst as it was.
func (w *GeobufWriter) AppendGeometry(dst []byte, mp orb.MultiPolygon) ([]byte, error) {
	before := len(dst)
	dst, start := beginMessage(w.appendHead(dst), geobufGeometry)
	dst, err := w.appendShape(dst, mp)
	if err != nil {
		return dst[:before], err
	}
	return endMessage(dst, start), nil
}

// appendHead appends what of the file's head is not as the format presumes.
func (w *GeobufWriter) appendHead(dst []byte) []byte {
	if w.precision == defaultPrecision {
		return dst
	}
	dst = protowire.AppendTag(dst, geobufPrecision, protowire.VarintType)
	return protowire.AppendVarint(dst, uint64(w.precision))
}

// intern returns the number of a key in the collection.
func (w *GeobufWriter) intern(key string) uint32 {
	n, known := w.keys[key]
	if !known {
		n = uint32(len(w.names))
		w.keys[key] = n
		w.names = append(w.names, key)
	}
	return n
}

// appendFeature appends the content of a Feature message. A feature without
// geometry has no geometry field, which readers take for null.
func (w *GeobufWriter) appendFeature(dst []byte, f Feature, number func(key string) uint32) ([]byte, error) {
	if len(f.Geometry) > 0 {
		geometry, start := beginMessage(dst, featureGeometry)
		geometry, err := w.appendShape(geometry, f.Geometry)
		if err != nil {
			return geometry, fmt.Errorf("feature %d as geobuf: %w", f.Index, err)
		}
		dst = endMessage(geometry, start)
	}
	if f.ID > math.MaxInt64 {
		return dst, fmt.Errorf("feature %d as geobuf: id %d is beyond 63 bits", f.Index, f.ID)
	}
	if f.ID != 0 {
		dst = protowire.AppendTag(dst, featureIntID, protowire.VarintType)
		dst = protowire.AppendVarint(dst, protowire.EncodeZigZag(int64(f.ID)))
	}
	w.pairs = w.pairs[:0]
	for i, a := range f.Attrs {
		dst = appendValue(dst, a.Value)
		w.pairs = protowire.AppendVarint(w.pairs, uint64(number(a.Key)))
		w.pairs = protowire.AppendVarint(w.pairs, uint64(i))
	}
	// Also when empty: to GeoJSON, a feature without properties is not one.
	dst = protowire.AppendTag(dst, featureProperties, protowire.BytesType)
	return protowire.AppendBytes(dst, w.pairs), nil
}

// appendValue appends v as a values field. Its kind comes back: whole numbers
// are integers only where v is one.
func appendValue(dst []byte, v Value) []byte {
	dst, start := beginMessage(dst, featureValue)
	switch v.Kind() {
	case Int, Uint:
		num, magnitude := protowire.Number(valuePosInt), v.Uint()
		if v.Kind() == Int && v.Int() < 0 {
			num, magnitude = valueNegInt, -magnitude // two's complement: right for the least too
		}
		dst = protowire.AppendTag(dst, num, protowire.VarintType)
		dst = protowire.AppendVarint(dst, magnitude)
	case Float:
		dst = protowire.AppendTag(dst, valueDouble, protowire.Fixed64Type)
		dst = protowire.AppendFixed64(dst, math.Float64bits(v.Float()))
	case Bool:
		dst = protowire.AppendTag(dst, valueBool, protowire.VarintType)
		dst = protowire.AppendVarint(dst, protowire.EncodeBool(v.Bool()))
	default:
		dst = appendText(dst, valueString, v.String())
	}
	return endMessage(dst, start)
}

func appendText(dst []byte, num protowire.Number, s string) []byte {
	return protowire.AppendString(protowire.AppendTag(dst, num, protowire.BytesType), s)
}

// appendShape appends the content of a Geometry message: a Polygon where one
// is enough. Which ring has how many positions is told unless there is one.
func (w *GeobufWriter) appendShape(dst []byte, mp orb.MultiPolygon) ([]byte, error) {
	kind := uint64(geometryMultiPolygon)
	if len(mp) == 1 {
		kind = geometryPolygon
	}
	dst = protowire.AppendTag(dst, geometryType, protowire.VarintType)
	dst = protowire.AppendVarint(dst, kind)
	if len(mp) != 1 || len(mp[0]) != 1 {
		dst = appendLengths(dst, mp)
	}
	dst, start := beginMessage(dst, geometryCoords)
	for i, poly := range mp {
		if len(poly) == 0 {
			return dst, fmt.Errorf("polygon %d has no ring", i)
		}
		for j, ring := range poly {
			var err error
			if dst, err = w.appendRing(dst, ring); err != nil {
				return dst, fmt.Errorf("polygon %d ring %d: %w", i, j, err)
			}
		}
	}
	return endMessage(dst, start), nil
}

func appendLengths(dst []byte, mp orb.MultiPolygon) []byte {
	dst, start := beginMessage(dst, geometryLengths)
	if len(mp) != 1 {
		dst = protowire.AppendVarint(dst, uint64(len(mp)))
	}
	for _, poly := range mp {
		if len(mp) != 1 {
			dst = protowire.AppendVarint(dst, uint64(len(poly)))
		}
		for _, ring := range poly {
			dst = protowire.AppendVarint(dst, uint64(max(0, len(ring)-1)))
		}
	}
	return endMessage(dst, start)
}

// appendRing appends the positions of a ring as differences, but the last,
// which repeats the first.
func (w *GeobufWriter) appendRing(dst []byte, ring orb.Ring) ([]byte, error) {
	last := len(ring) - 1
	if last < 3 || ring[0] != ring[last] {
		return dst, fmt.Errorf("%d positions from %v: a ring is closed and has at least 4", len(ring), ring[:min(1, len(ring))])
	}
	var px, py int64
	for i, p := range ring[:last] {
		x, y := math.Round(p[0]*w.scale), math.Round(p[1]*w.scale)
		if !(math.Abs(x) <= maxUnits && math.Abs(y) <= maxUnits) { // not a number is neither
			return dst, fmt.Errorf("position %d, %v, cannot be written with %d digits", i, p, w.precision)
		}
		dst = protowire.AppendVarint(dst, protowire.EncodeZigZag(int64(x)-px))
		dst = protowire.AppendVarint(dst, protowire.EncodeZigZag(int64(y)-py))
		px, py = int64(x), int64(y)
	}
	return dst, nil
}
