package mvt

import (
	"fmt"
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/shapes-desktop/shapes/core/geo/feature"
)

// maxJSON bounds the JSON of one tile: a small hostile tile can repeat one
// long value in many features.
const maxJSON = 1 << 30

// maxSafeInteger is the largest integer that JavaScript holds exactly.
const maxSafeInteger = 1<<53 - 1

// AppendJSON appends the JSON form of an uncompressed tile to dst: layers,
// features, attributes and geometry in tile units, as
//
//	{"layers":[{"name","version","extent","features":[
//	  {"id":number|string|null,"type":"Point|LineString|Polygon|Unknown",
//	   "geometry":…,"properties":{}}]}]}
//
// The geometry of a Point is a list of [x,y], of a LineString a list of lines,
// of a Polygon a flat list of closed rings in tile order, of an Unknown its
// parts. Integers beyond 2^53 are strings, numbers that are not finite null;
// others are written as JavaScript writes them.
//
// Errors are those of Decode; after a recoverable one the JSON is complete
// and returned along with it, else dst comes back as it was.
func AppendJSON(dst, tile []byte) ([]byte, error) {
	var fs faults
	start := len(dst)
	dst = append(dst, `{"layers":[`...)
	first := true
	err := eachLayer(tile, &fs, func(l *rawLayer) *FormatError {
		if !first {
			dst = append(dst, ',')
		}
		first = false
		w := jsonWriter{dst: dst, raw: l, attrs: newAttrReader(l), faults: &fs, limit: start + maxJSON}
		err := w.layer()
		dst = w.dst
		return err
	})
	if err != nil {
		return dst[:start], err
	}
	return append(dst, "]}"...), fs.err()
}

// jsonWriter writes one layer. As a path it writes positions as they come.
type jsonWriter struct {
	dst    []byte
	limit  int
	raw    *rawLayer
	attrs  *attrReader
	faults *faults
	index  int

	typ    GeomType
	open   bool // a part is begun and not ended
	closed bool // by ClosePath
	x0, y0 int64
}

func (w *jsonWriter) note(e *FormatError) {
	e.Layer, e.Feature = w.raw.name, w.index
	w.faults.add(e)
}

func (w *jsonWriter) layer() *FormatError {
	w.dst = append(w.dst, `{"name":`...)
	w.dst = appendJSONString(w.dst, w.raw.name)
	w.dst = fmt.Appendf(w.dst, `,"version":%d,"extent":%d,"features":[`, w.raw.version, w.raw.extent)
	var scratch []feature.Attr
	for i, r := range w.raw.features {
		if i > 0 {
			w.dst = append(w.dst, ',')
		}
		w.index = i
		var err *FormatError
		if scratch, err = w.feature(r, scratch[:0]); err != nil {
			err.Feature = i
			return err
		}
		if len(w.dst) > w.limit {
			return errorAt(r.base, "tile too large to write as JSON (limit %d bytes)", maxJSON)
		}
	}
	w.dst = append(w.dst, "]}"...)
	return nil
}

func (w *jsonWriter) feature(r reader, scratch []feature.Attr) ([]feature.Attr, *FormatError) {
	f, err := parseFeature(r, w.note)
	if err != nil {
		return scratch, err
	}
	w.dst = append(w.dst, `{"id":`...)
	if f.hasID {
		w.dst = appendJSONUint(w.dst, f.id)
	} else {
		w.dst = append(w.dst, "null"...)
	}
	w.dst = append(w.dst, `,"type":"`...)
	w.dst = append(w.dst, f.typ.String()...)
	w.dst = append(w.dst, `","geometry":[`...)
	w.typ, w.open = f.typ, false
	g := geometryReader{r: f.geometry, typ: f.typ, to: w, note: w.note}
	if err := g.walk(); err != nil {
		return scratch, err
	}
	w.endPart()
	w.dst = append(w.dst, `],"properties":{`...)
	if scratch, err = w.attrs.append(scratch, f.tags, w.note); err != nil {
		return scratch, err
	}
	for i, a := range scratch {
		if i > 0 {
			w.dst = append(w.dst, ',')
		}
		w.dst = appendJSONString(w.dst, a.Key)
		w.dst = append(w.dst, ':')
		w.dst = appendJSONValue(w.dst, a.Value)
		if len(w.dst) > w.limit {
			break // the caller reports it
		}
	}
	w.dst = append(w.dst, "}}"...)
	return scratch, nil
}

func (w *jsonWriter) begin(x, y int64) {
	w.endPart()
	if n := len(w.dst); w.dst[n-1] == ']' {
		w.dst = append(w.dst, ',')
	}
	if w.typ != Point {
		w.dst = append(w.dst, '[')
		w.open, w.closed = true, false
	}
	w.x0, w.y0 = x, y
	w.position(x, y)
}

func (w *jsonWriter) line(x, y int64) {
	w.dst = append(w.dst, ',')
	w.position(x, y)
}

func (w *jsonWriter) closeRing() { w.closed = true }

func (w *jsonWriter) endPart() {
	if !w.open {
		return
	}
	if w.closed {
		w.line(w.x0, w.y0)
	}
	w.dst = append(w.dst, ']')
	w.open = false
}

func (w *jsonWriter) position(x, y int64) {
	w.dst = append(w.dst, '[')
	w.dst = strconv.AppendInt(w.dst, x, 10)
	w.dst = append(w.dst, ',')
	w.dst = strconv.AppendInt(w.dst, y, 10)
	w.dst = append(w.dst, ']')
}

func appendJSONValue(dst []byte, v feature.Value) []byte {
	switch v.Kind() {
	case feature.Int:
		if i := v.Int(); i < 0 {
			if i >= -maxSafeInteger {
				return strconv.AppendInt(dst, i, 10)
			}
			return append(strconv.AppendInt(append(dst, '"'), i, 10), '"')
		}
		return appendJSONUint(dst, v.Uint())
	case feature.Uint:
		return appendJSONUint(dst, v.Uint())
	case feature.Float:
		return appendJSONFloat(dst, v.Float())
	case feature.Bool:
		return strconv.AppendBool(dst, v.Bool())
	default:
		return appendJSONString(dst, v.String())
	}
}

func appendJSONUint(dst []byte, u uint64) []byte {
	if u <= maxSafeInteger {
		return strconv.AppendUint(dst, u, 10)
	}
	return append(strconv.AppendUint(append(dst, '"'), u, 10), '"')
}

// appendJSONFloat writes f as JavaScript's Number.prototype.toString does:
// the shortest digits, with an exponent below 1e-6 and from 1e21.
func appendJSONFloat(dst []byte, f float64) []byte {
	switch a := math.Abs(f); {
	case math.IsNaN(f) || math.IsInf(f, 0):
		return append(dst, "null"...)
	case f == 0:
		return append(dst, '0') // minus zero too
	case a >= 1e-6 && a < 1e21:
		return strconv.AppendFloat(dst, f, 'f', -1, 64)
	}
	dst = strconv.AppendFloat(dst, f, 'e', -1, 64)
	if n := len(dst); dst[n-2] == '0' && (dst[n-3] == '-' || dst[n-3] == '+') {
		dst[n-2] = dst[n-1] // e-07 is e-7 in JavaScript
		dst = dst[:n-1]
	}
	return dst
}

// appendJSONString quotes s, which must be UTF-8, as JSON.stringify does.
func appendJSONString(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			dst = append(dst, '\\', byte(r))
		case r == '\n':
			dst = append(dst, `\n`...)
		case r == '\r':
			dst = append(dst, `\r`...)
		case r == '\t':
			dst = append(dst, `\t`...)
		case r == '\b':
			dst = append(dst, `\b`...)
		case r == '\f':
			dst = append(dst, `\f`...)
		case r < 0x20:
			dst = append(dst, '\\', 'u', '0', '0', hex[r>>4], hex[r&15])
		default:
			dst = utf8.AppendRune(dst, r)
		}
	}
	return append(dst, '"')
}
