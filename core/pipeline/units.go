package pipeline

import (
	"hash/fnv"

	"github.com/paulmach/orb"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/geo/mvt"
	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/geo/topology"
)

// Units is what a run tiles: layers of features whose geometry has gone into
// an arrangement in the making, and whose attributes wait for the tiles.
// It is filled by one goroutine, then given to Run.
type Units struct {
	layers  []*unitLayer
	builder *topology.Builder
	bounds  orb.Bound
	some    bool
	faults  *feature.Faults
}

// unitLayer is a layer without its geometry.
type unitLayer struct {
	name   string
	dict   *mvt.Dict
	units  []unit
	ids    map[uint64]bool
	fields map[string]string
	labels bool // a label layer goes with it
}

// unit is a feature without its geometry.
type unit struct {
	id    uint64
	index int    // in its source
	name  string // for people: what small units are listed by
	tags  []uint32
}

// NewUnits returns an empty Units that records faults of its own in faults.
func NewUnits(faults *feature.Faults) *Units {
	return &Units{builder: topology.NewBuilder(), faults: faults}
}

// Layer returns the index of the layer with that name, and makes it if needed.
// Layers are drawn in the order they are made.
func (u *Units) Layer(name string) int {
	for i, l := range u.layers {
		if l.name == name {
			return i
		}
	}
	u.layers = append(u.layers, &unitLayer{name: name, dict: mvt.NewDict(), ids: map[uint64]bool{}, fields: map[string]string{}})
	return len(u.layers) - 1
}

// Add takes a feature into a layer and returns its place there, or -1 if
// nothing of it can be drawn. Nothing of f is kept but its attributes' strings.
func (u *Units) Add(layer int, f feature.Feature) int {
	l, index := u.layers[layer], f.Index
	if !u.builder.Add(layer, len(l.units), f.Geometry) {
		u.faults.Add(feature.Fault{Code: feature.FaultEmptyFeature, Layer: l.name, Feature: index, Detail: "no area left after repair"})
		return -1
	}
	b := f.Geometry.Bound()
	if !u.some {
		u.bounds, u.some = b, true
	}
	u.bounds = u.bounds.Union(b)
	l.units = append(l.units, unit{
		id: u.id(l, index, f), index: index, name: unitName(f),
		tags: l.dict.Tags(nil, f.Attrs),
	})
	for _, a := range f.Attrs {
		l.note(a)
	}
	return len(l.units) - 1
}

// ID returns the id in the tiles of a unit.
func (u *Units) ID(layer, unit int) uint64 { return u.layers[layer].units[unit].id }

// note records the attribute's type for the metadata: one type, or String
// where types are mixed (MBTiles 1.3).
func (l *unitLayer) note(a feature.Attr) {
	t := "Number"
	switch a.Value.Kind() {
	case feature.String:
		t = "String"
	case feature.Bool:
		t = "Boolean"
	}
	if old, ok := l.fields[a.Key]; ok && old != t {
		t = "String"
	}
	l.fields[a.Key] = t
}

// Len returns how many features will be drawn, Vertices how many vertices they
// have.
func (u *Units) Len() int {
	n := 0
	for _, l := range u.layers {
		n += len(l.units)
	}
	return n
}

// Vertices returns the number of vertices taken in.
func (u *Units) Vertices() int { return u.builder.Vertices() }

// Bounds returns the box around all units: west, south, east, north, degrees.
func (u *Units) Bounds() [4]float64 {
	return [4]float64{u.bounds.Min[0], u.bounds.Min[1], u.bounds.Max[0], u.bounds.Max[1]}
}

// TileLayers returns the layers of the tiles, in their order: those of
// polygons, then those of labels.
func (u *Units) TileLayers() []TileLayer {
	var out, labels []TileLayer
	for _, l := range u.layers {
		out = append(out, TileLayer{l.name, l.fields})
		if l.labels {
			labels = append(labels, TileLayer{l.name + LabelSuffix, l.fields})
		}
	}
	return append(out, labels...)
}

// LayerStats returns a row for each layer of polygons, without small units.
func (u *Units) LayerStats() []LayerStats {
	var out []LayerStats
	for _, l := range u.layers {
		out = append(out, LayerStats{Layer: l.name, Features: len(l.units)})
	}
	return out
}

// detail is how many tile units the usual step between two vertices should
// take at the proposed zoom: with fewer the shapes would be drawn coarser than
// they are, with many more their corners show.
const detail = 24

// ProposeMaxZoom returns the deepest zoom that the resolution of the data is
// good for.
func (u *Units) ProposeMaxZoom() int {
	step := u.builder.Step()
	z := 0
	for z < maxProposed && float64(step)/float64(int64(1)<<(tile.MaxZoom-z)) < detail {
		z++
	}
	return z
}

// maxProposed bounds the proposal: 2.4 m a unit is beyond any public boundary.
const maxProposed = 12

// id returns the feature's own id, or one made of its content: the same in
// every run, positive, below 2^53 for JavaScript, unique in its layer.
func (u *Units) id(l *unitLayer, index int, f feature.Feature) uint64 {
	id := f.ID
	if id == 0 {
		id = contentID(l.name, f)
	} else if l.ids[id] {
		u.faults.Add(feature.Fault{Code: feature.FaultDuplicateID, Layer: l.name, Feature: index, Detail: "made an id of its content instead"})
		id = contentID(l.name, f)
	}
	// Features that are all alike take a walk each; a constant step would have
	// each of them pass all the others.
	for n := uint64(1); l.ids[id] || id == 0; n++ {
		id = (id*0x5851F42D4C957F2D + uint64(index) + n) & maxID
	}
	l.ids[id] = true
	return id
}

// maxID is the greatest integer that JavaScript holds exactly.
const maxID = 1<<53 - 1

func contentID(layer string, f feature.Feature) uint64 {
	h := fnv.New64a()
	h.Write([]byte(layer))
	for _, a := range f.Attrs {
		h.Write([]byte{0})
		h.Write([]byte(a.Key))
		h.Write([]byte{'='})
		h.Write([]byte(a.Value.String()))
	}
	return h.Sum64() & maxID
}

// unitName picks what a person would call the feature.
func unitName(f feature.Feature) string {
	for _, key := range [...]string{"name", "NAME", "shapeName", "name_en", "NAME_1", "COUNTRY", "code"} {
		if v, ok := f.Attr(key); ok && v.String() != "" {
			return v.String()
		}
	}
	if len(f.Attrs) > 0 {
		return f.Attrs[0].Value.String()
	}
	return ""
}
