package pipeline

import (
	"math"
	"strconv"

	"github.com/shapes-desktop/shapes/core/geo/grid"
)

// AppendArcs appends the arrangement to dst as quantised TopoJSON in EPSG:3857,
// for Restore and for whoever wants to look at it. Each unit is a
// MultiLineString of the arcs it is bounded by, those walked backwards by
// their complement; ids are places in the layer. What TopoJSON has no word for
// is in the member "shapes".
func (s *Steps) AppendArcs(dst []byte) []byte {
	w := s.arr.world
	scale := 2 * mercatorHalf / math.Ldexp(1, int(w.Bits))
	dst = append(dst, `{"type":"Topology","transform":{"scale":[`...)
	dst = strconv.AppendFloat(dst, scale, 'g', -1, 64)
	dst = append(dst, ',')
	dst = strconv.AppendFloat(dst, -scale, 'g', -1, 64)
	dst = append(dst, `],"translate":[`...)
	dst = strconv.AppendFloat(dst, -mercatorHalf, 'g', -1, 64)
	dst = append(dst, ',')
	dst = strconv.AppendFloat(dst, mercatorHalf, 'g', -1, 64)
	dst = append(dst, `]},"arcs":[`...)
	for i := range w.Arcs.Len() {
		dst = comma(dst, i)
		dst = appendChain(dst, w.Arcs.At(i))
	}
	dst = append(dst, `],"objects":{`...)
	for i := range s.u.layers {
		dst = comma(dst, i)
		dst = s.appendLayer(dst, int32(i))
	}
	dst = append(dst, `},"shapes":{"bits":`...)
	dst = strconv.AppendUint(dst, uint64(w.Bits), 10)
	dst = append(dst, `,"sizes":[`...) // float32 as their bits: exact
	for i, v := range w.Size {
		dst = comma(dst, i)
		dst = strconv.AppendUint(dst, uint64(math.Float32bits(v)), 10)
	}
	dst = append(dst, `],"polygons":[`...) // in the arrangement's order
	for i := range w.Polys {
		dst = comma(dst, i)
		overlaps := int64(0)
		if w.Polys[i].Overlaps {
			overlaps = 1
		}
		dst = appendInts(dst, int64(w.Polys[i].Layer), int64(w.Polys[i].Feature), overlaps)
	}
	dst = append(dst, `],"labels":[`...)
	for i, l := range s.labels {
		dst = comma(dst, i)
		dst = appendInts(dst, int64(l.layer), int64(l.unit), int64(l.at.X), int64(l.at.Y))
	}
	return append(dst, `]}}`...)
}

// mercatorHalf is half the width of the world in EPSG:3857 metres.
const mercatorHalf = math.Pi * 6378137

func (s *Steps) appendLayer(dst []byte, layer int32) []byte {
	dst = strconv.AppendQuote(dst, strconv.Itoa(int(layer))) // names may be no plain text
	dst = append(dst, `:{"type":"GeometryCollection","geometries":[`...)
	n := 0
	for i := range s.arr.world.Polys {
		p := &s.arr.world.Polys[i]
		if p.Layer != layer {
			continue
		}
		dst = comma(dst, n)
		n++
		dst = append(dst, `{"type":"MultiLineString","id":`...)
		dst = strconv.AppendInt(dst, int64(p.Feature), 10)
		dst = append(dst, `,"arcs":[`...)
		for j, a := range p.Arcs {
			dst = comma(dst, j)
			dst = appendInts(dst, int64(a))
		}
		dst = append(dst, `]}`...)
	}
	return append(dst, `]}`...)
}

func comma(dst []byte, i int) []byte {
	if i > 0 {
		return append(dst, ',')
	}
	return dst
}

func appendInts(dst []byte, v ...int64) []byte {
	dst = append(dst, '[')
	for i, n := range v {
		dst = comma(dst, i)
		dst = strconv.AppendInt(dst, n, 10)
	}
	return append(dst, ']')
}

// appendChain writes the first point as it is, the others as steps.
func appendChain(dst []byte, pts []grid.Point) []byte {
	dst = append(dst, '[')
	var last grid.Point
	for i, p := range pts {
		dst = comma(dst, i)
		dst = append(dst, '[')
		dst = strconv.AppendInt(dst, int64(p.X)-int64(last.X), 10)
		dst = append(dst, ',')
		dst = strconv.AppendInt(dst, int64(p.Y)-int64(last.Y), 10)
		dst = append(dst, ']')
		last = p
	}
	return append(dst, ']')
}
