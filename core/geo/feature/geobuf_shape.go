package feature

import (
	"fmt"
	"slices"

	"github.com/paulmach/orb"
	"google.golang.org/protobuf/encoding/protowire"
)

// geometry reads a Geometry message: nil, and a fault, where it has no polygon.
func (d *geobufReader) geometry(r wireReader) (orb.MultiPolygon, *GeobufError) {
	at := r.offset()
	var kind uint64
	d.lengths, d.coords = d.lengths[:0], d.coords[:0]
	for r.more() {
		num, t, err := r.field()
		if err != nil {
			return nil, err
		}
		switch num {
		case geometryType:
			kind, err = r.number(t)
		case geometryLengths:
			err = r.numbers(t, func(v uint64) *GeobufError {
				d.lengths = append(d.lengths, v)
				return nil
			})
		case geometryCoords:
			err = d.readCoords(&r, t)
		default: // members of a collection too: it is no polygon
			err = r.skip(num, t)
		}
		if err != nil {
			return nil, err
		}
	}
	if kind != geometryPolygon && kind != geometryMultiPolygon {
		d.fault(FaultNotPolygon, geometryName(kind))
		return nil, nil
	}
	return d.shape(at, kind == geometryMultiPolygon)
}

// geometryName is the name of a type of the format.
func geometryName(kind uint64) string {
	names := []string{"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"}
	if kind < uint64(len(names)) {
		return names[kind]
	}
	return fmt.Sprintf("geometry type %d", kind)
}

// readCoords reads a coords field: packed as one list as a rule.
func (d *geobufReader) readCoords(r *wireReader, t protowire.Type) *GeobufError {
	at := r.offset()
	if t == protowire.BytesType {
		list, err := r.message(t)
		if err != nil {
			return err
		}
		n := 0
		for _, b := range list.buf {
			if b < 0x80 { // the last byte of a number
				n++
			}
		}
		d.coords = slices.Grow(d.coords, min(n, (d.limits.Vertices+1)*maxDimensions))
		for list.more() && d.room() {
			v, err := list.varint()
			if err != nil {
				return err
			}
			d.coords = append(d.coords, protowire.DecodeZigZag(v))
		}
	} else {
		v, err := r.number(t)
		if err != nil {
			return err
		}
		d.coords = append(d.coords, protowire.DecodeZigZag(v))
	}
	if !d.room() {
		return errorAt(at, "more than %d vertices", d.limits.Vertices)
	}
	return nil
}

// room reports whether the coordinates read are not more than may be.
func (d *geobufReader) room() bool {
	return len(d.coords) <= (d.limits.Vertices-d.vertices)*max(1, d.dim)
}

// shape joins lengths and coords. All rings of a feature share one array.
func (d *geobufReader) shape(at int, multi bool) (orb.MultiPolygon, *GeobufError) {
	if d.dim < 2 && len(d.coords) > 0 {
		return nil, errorAt(at, "positions of %d dimensions", d.dim)
	}
	total := len(d.coords) / max(2, d.dim)
	if total*d.dim != len(d.coords) {
		return nil, errorAt(at, "%d coordinates are no positions of %d each", len(d.coords), d.dim)
	}
	d.vertices += total
	s := &shapeReader{d: d, at: at, left: total, points: make([]orb.Point, 0, total+rings(len(d.lengths), total))}
	var mp orb.MultiPolygon
	var err *GeobufError
	switch {
	case len(d.lengths) == 0 && total == 0: // an empty geometry
	case len(d.lengths) == 0:
		d.lengths = append(d.lengths, uint64(total))
		mp, err = s.polygon(nil, d.lengths)
	case multi:
		mp, err = s.multi(d.lengths)
	default:
		mp, err = s.polygon(nil, d.lengths)
	}
	if err != nil {
		return nil, err
	}
	if s.left > 0 {
		return nil, errorAt(at, "the rings leave %d of %d positions over", s.left, total)
	}
	if len(mp) == 0 {
		d.fault(FaultEmptyFeature, "")
	}
	return mp, nil
}

// rings is how many rings there are at most: closing each takes a position.
func rings(lengths, total int) int { return max(1, min(lengths, total)) }

// shapeReader takes rings off the coordinates of a feature.
type shapeReader struct {
	d      *geobufReader
	at     int // byte of the geometry
	used   int // coordinates
	left   int // positions
	points []orb.Point
}

// multi reads: the number of polygons; for each the number of its rings, and
// for each of these the number of its positions.
func (s *shapeReader) multi(lengths []uint64) (mp orb.MultiPolygon, err *GeobufError) {
	n := lengths[0]
	lengths = lengths[1:]
	for i := range n {
		if len(lengths) == 0 || lengths[0] > uint64(len(lengths)-1) {
			return nil, errorAt(s.at, "lengths end in polygon %d of %d", i, n)
		}
		k := 1 + int(lengths[0])
		if mp, err = s.polygon(mp, lengths[1:k]); err != nil {
			return nil, err
		}
		lengths = lengths[k:]
	}
	if len(lengths) > 0 {
		return nil, errorAt(s.at, "%d lengths too many", len(lengths))
	}
	return mp, nil
}

// polygon appends the polygon of the rings of these lengths to mp. Rings of
// less than three positions are dropped, and with an outer ring its holes.
func (s *shapeReader) polygon(mp orb.MultiPolygon, lengths []uint64) (orb.MultiPolygon, *GeobufError) {
	var poly orb.Polygon
	outer := true
	for i, n := range lengths {
		if n > uint64(s.left) {
			return nil, errorAt(s.at, "a ring of %d positions, %d are left", n, s.left)
		}
		ring, err := s.ring(int(n))
		if err != nil {
			return nil, err
		}
		if n < 3 {
			s.d.fault(FaultDegenerateRing, fmt.Sprintf("%d positions", n))
			outer = outer && i > 0
			continue
		}
		if outer {
			poly = append(poly, ring)
		}
	}
	if len(poly) > 0 {
		mp = append(mp, poly)
	}
	return mp, nil
}

// ring reads n positions and closes them.
func (s *shapeReader) ring(n int) (orb.Ring, *GeobufError) {
	start := len(s.points)
	var x, y int64
	for range n {
		dx, dy := s.d.coords[s.used], s.d.coords[s.used+1]
		if !unitsOK(dx/2) || !unitsOK(dy/2) || !unitsOK(x+dx) || !unitsOK(y+dy) {
			return nil, errorAt(s.at, "a coordinate beyond ±2^53 units of the precision")
		}
		x, y = x+dx, y+dy
		s.points = append(s.points, orb.Point{float64(x) / s.d.scale, float64(y) / s.d.scale})
		s.used += s.d.dim
		s.left--
	}
	if n > 0 {
		s.points = append(s.points, s.points[start])
	}
	return orb.Ring(s.points[start:len(s.points):len(s.points)]), nil
}

func unitsOK(v int64) bool { return -maxUnits <= v && v <= maxUnits }
