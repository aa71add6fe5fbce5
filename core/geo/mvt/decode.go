package mvt

import "github.com/shapes-desktop/shapes/core/geo/feature"

// Decode reads an uncompressed tile. Memory is bounded by a small multiple of
// len(data), and the result keeps no reference to data.
//
// A tile that breaks the specification gives a *FormatError. Where the rest
// can still be understood (a line step of length zero, a layer name given
// twice …) the tile is returned along with the error, holding all that could
// be read; where it cannot, the tile is nil. Fields the specification does
// not know are passed over. A missing geometry type is Unknown; positions
// beyond 32 bits become the nearest that fits.
func Decode(data []byte) (*Tile, error) {
	var fs faults
	t := &Tile{}
	err := eachLayer(data, &fs, func(l *rawLayer) *FormatError {
		d := layerDecoder{raw: l, attrs: newAttrReader(l), faults: &fs}
		out, err := d.decode()
		t.Layers = append(t.Layers, out)
		return err
	})
	if err != nil {
		return nil, err
	}
	return t, fs.err()
}

// layerDecoder turns the features of one layer into values. As a path it
// collects positions in a scratch list that all features share.
type layerDecoder struct {
	raw    *rawLayer
	attrs  *attrReader
	faults *faults
	index  int // of the feature at hand

	coords []Coord
	starts []int // of each part, in coords
}

func (d *layerDecoder) note(e *FormatError) {
	e.Layer, e.Feature = d.raw.name, d.index
	d.faults.add(e)
}

func (d *layerDecoder) decode() (Layer, *FormatError) {
	l := Layer{Name: d.raw.name, Version: uint32(d.raw.version), Extent: uint32(d.raw.extent)}
	if n := len(d.raw.features); n > 0 {
		l.Features = make([]Feature, 0, n)
	}
	for i, r := range d.raw.features {
		d.index = i
		f, err := d.feature(r)
		if err != nil {
			err.Feature = i
			return l, err
		}
		l.Features = append(l.Features, f)
	}
	return l, nil
}

func (d *layerDecoder) feature(r reader) (Feature, *FormatError) {
	raw, err := parseFeature(r, d.note)
	if err != nil {
		return Feature{}, err
	}
	f := Feature{ID: raw.id, HasID: raw.hasID, Type: raw.typ}
	if n := len(raw.tags.buf) / 2; n > 0 {
		f.Attrs = make([]feature.Attr, 0, n)
	}
	if f.Attrs, err = d.attrs.append(f.Attrs, raw.tags, d.note); err != nil {
		return f, err
	}
	d.coords, d.starts = d.coords[:0], d.starts[:0]
	g := geometryReader{r: raw.geometry, typ: raw.typ, to: d, note: d.note}
	if err := g.walk(); err != nil {
		return f, err
	}
	f.Parts = d.parts(raw.typ)
	return f, nil
}

// parts copies the collected positions out of the scratch list.
func (d *layerDecoder) parts(t GeomType) [][]Coord {
	if len(d.coords) == 0 {
		return nil
	}
	all := append([]Coord(nil), d.coords...)
	if t == Point {
		return [][]Coord{all}
	}
	parts := make([][]Coord, len(d.starts))
	end := len(all)
	for i := len(parts) - 1; i >= 0; i-- {
		parts[i] = all[d.starts[i]:end:end]
		end = d.starts[i]
	}
	return parts
}

func (d *layerDecoder) begin(x, y int64) {
	d.starts = append(d.starts, len(d.coords))
	d.line(x, y)
}

func (d *layerDecoder) line(x, y int64) {
	d.coords = append(d.coords, Coord{X: clamp(x), Y: clamp(y)})
}

func (d *layerDecoder) closeRing() {}
