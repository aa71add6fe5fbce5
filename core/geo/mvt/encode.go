package mvt

import (
	"slices"

	"google.golang.org/protobuf/encoding/protowire"
)

// Encoder writes one tile after the other, each layer by layer and feature by
// feature, into memory it uses again. The zero value is ready. Each goroutine
// needs its own.
//
// Layers are of version 2 and extent 4096. The same calls give the same bytes.
type Encoder struct {
	out      []byte
	name     string
	dict     *Dict
	features []byte // of the layer at hand, in wire form
	tags     []byte // scratch
	keys     remap
	values   remap
}

// remap numbers the entries of a dictionary that a layer of one tile uses, in
// the order of their first use. Entries are marked with the layer's turn, so
// that nothing has to be cleared between layers.
type remap struct {
	turn  uint32
	marks []uint32
	local []uint32
	order []uint32
}

func (m *remap) reset(n int) {
	m.turn++
	if m.turn == 0 { // wrapped: all marks would look fresh
		clear(m.marks)
		m.turn = 1
	}
	if grow := n - len(m.marks); grow > 0 {
		m.marks = slices.Grow(m.marks, grow)[:n]
		clear(m.marks[n-grow:])
		m.local = slices.Grow(m.local, grow)[:n]
	}
	m.order = m.order[:0]
}

func (m *remap) number(i uint32) uint32 {
	if m.marks[i] != m.turn {
		m.marks[i] = m.turn
		m.local[i] = uint32(len(m.order))
		m.order = append(m.order, i)
	}
	return m.local[i]
}

// Reset begins a new tile.
func (e *Encoder) Reset() { e.out = e.out[:0] }

// BeginLayer begins a layer whose tags are indexes into d, which must not grow
// before EndLayer. Names must be unique within a tile.
func (e *Encoder) BeginLayer(name string, d *Dict) {
	e.name, e.dict = name, d
	e.features = e.features[:0]
	e.keys.reset(len(d.keys.ends))
	e.values.reset(len(d.values.ends))
}

// Feature adds a feature: its id (0 for none), its tags as made by Dict.Tags
// and its geometry as made by AppendRing or AppendPoints. Both are copied. A
// feature without geometry is not written, as the format has no place for it.
func (e *Encoder) Feature(id uint64, t GeomType, tags []uint32, geometry []byte) {
	if len(geometry) == 0 {
		return
	}
	e.tags = e.tags[:0]
	for i := 0; i+1 < len(tags); i += 2 {
		e.tags = protowire.AppendVarint(e.tags, uint64(e.keys.number(tags[i])))
		e.tags = protowire.AppendVarint(e.tags, uint64(e.values.number(tags[i+1])))
	}
	size := 2 + 1 + protowire.SizeBytes(len(geometry))
	if id != 0 {
		size += 1 + protowire.SizeVarint(id)
	}
	if len(e.tags) > 0 {
		size += 1 + protowire.SizeBytes(len(e.tags))
	}
	b := protowire.AppendTag(e.features, 2, protowire.BytesType)
	b = protowire.AppendVarint(b, uint64(size))
	if id != 0 {
		b = protowire.AppendTag(b, 1, protowire.VarintType)
		b = protowire.AppendVarint(b, id)
	}
	if len(e.tags) > 0 {
		b = protowire.AppendTag(b, 2, protowire.BytesType)
		b = protowire.AppendBytes(b, e.tags)
	}
	b = protowire.AppendTag(b, 3, protowire.VarintType)
	b = append(b, byte(t))
	b = protowire.AppendTag(b, 4, protowire.BytesType)
	e.features = protowire.AppendBytes(b, geometry)
}

// EndLayer writes the layer begun last. A layer without features writes
// nothing.
func (e *Encoder) EndLayer() {
	if len(e.features) == 0 {
		return
	}
	size := 2 + 1 + protowire.SizeBytes(len(e.name)) + len(e.features) + 3
	for _, i := range e.keys.order {
		size += len(e.dict.keys.at(i))
	}
	for _, i := range e.values.order {
		size += len(e.dict.values.at(i))
	}
	b := protowire.AppendTag(e.out, 3, protowire.BytesType)
	b = protowire.AppendVarint(b, uint64(size))
	b = append(b, 15<<3, 2) // version first, so that readers know what follows
	b = protowire.AppendTag(b, 1, protowire.BytesType)
	b = protowire.AppendString(b, e.name)
	b = append(b, e.features...)
	for _, i := range e.keys.order {
		b = append(b, e.dict.keys.at(i)...)
	}
	for _, i := range e.values.order {
		b = append(b, e.dict.values.at(i)...)
	}
	b = protowire.AppendTag(b, 5, protowire.VarintType)
	e.out = protowire.AppendVarint(b, Extent)
	e.features = e.features[:0]
}

// Bytes returns the tile, uncompressed. It is valid until Reset. A tile
// without layers has no bytes.
func (e *Encoder) Bytes() []byte { return e.out }
