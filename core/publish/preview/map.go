package preview

import (
	"cmp"
	"context"
	"fmt"
	"image"
	"math"
	"sync"

	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/store/tileset"
)

// Source is what a map is drawn from: a node's tileset, an archive, a folder.
// It must be safe for concurrent use.
type Source interface {
	// Tile returns the bytes of a tile, gzipped or plain; nil where there is
	// none. The caller does not write to them.
	Tile(ctx context.Context, id tile.ID) ([]byte, error)
	Meta() tileset.Meta
}

// sceneBytes is how much memory decoded tiles may take, about: enough for a
// large screen at the zooms with the heaviest tiles.
const sceneBytes = 64 << 20

// Map is a Source with its decoded tiles kept, bounded in memory. It is safe
// for concurrent use.
type Map struct {
	src  Source
	meta tileset.Meta
	top  int // the highest level of its layers

	mu     sync.Mutex
	scenes *recent[tile.ID, *Scene]
	marks  []mark             // of a source that brings no labels; nil until looked for
	areas  map[uint64]float64 // of units by id; nil until looked for
}

// NewMap makes a Map of a source.
func NewMap(src Source) *Map {
	m := &Map{src: src, meta: src.Meta(), top: math.MaxInt, scenes: newRecent[tile.ID, *Scene](sceneBytes)}
	for _, l := range m.meta.Layers {
		if level, ok := layerLevel(l.ID); ok {
			m.top = min(m.top, level)
		}
	}
	return m
}

// Meta describes the source.
func (m *Map) Meta() tileset.Meta { return m.meta }

// sourceTile returns the tile of the source that holds what id shows: id, or
// the one above it that the source's last zoom has.
func (m *Map) sourceTile(id tile.ID) tile.ID {
	if id.Z <= m.meta.MaxZoom {
		return id
	}
	up := id.Z - m.meta.MaxZoom
	return tile.ID{Z: m.meta.MaxZoom, X: id.X >> up, Y: id.Y >> up}
}

// Scene returns the decoded tile from which id is drawn. Two callers that ask
// for the same tile at once may decode it twice; both get a sound answer.
func (m *Map) Scene(ctx context.Context, id tile.ID) (*Scene, error) {
	id = m.sourceTile(id)
	m.mu.Lock()
	s, ok := m.scenes.get(id)
	m.mu.Unlock()
	if ok {
		return s, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	data, err := m.src.Tile(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("read tile %v: %w", id, err)
	}
	if s, err = NewScene(id, data); err != nil {
		return nil, err
	}
	s.Top = min(s.Top, m.top)
	m.mu.Lock()
	m.scenes.put(id, s, s.size())
	m.mu.Unlock()
	return s, nil
}

// Picture draws a tile of the world as a square of TileSize pixels. A tile
// without anything on it gives nil: it is all water. The picture is the
// caller's. A tile that broke the format in part gives both, a picture of the
// rest and an error.
func (m *Map) Picture(ctx context.Context, id tile.ID, scale float64, st Style) (*image.RGBA, error) {
	s, err := m.Scene(ctx, id)
	if err != nil || len(s.Units) == 0 {
		return nil, err
	}
	return Picture(s, id, TileSize, scale, st), s.Damage
}

// Shown is a decoded tile and the box it has on a map.
type Shown struct {
	Scene *Scene
	Box   Placement
}

// affine maps the scene's tile units to pixels of the map, so that the tile's
// corners fall on those of its box.
func (s Shown) affine(v Viewport) affine {
	x0, y0, k := s.Box.X0*v.scale(), s.Box.Y0*v.scale(), (s.Box.X1-s.Box.X0)*v.scale()/tile.Extent
	return affine{k: k, dx: x0, dy: y0}
}

// area is the scene's box in pixels.
func (s Shown) area(v Viewport) rect {
	k := v.scale()
	return rect{s.Box.X0 * k, s.Box.Y0 * k, s.Box.X1 * k, s.Box.Y1 * k}
}

// Shown decodes the tiles that a viewport shows. Tiles that cannot be read are
// left out, and the first error is returned along with the others' scenes.
func (m *Map) Shown(ctx context.Context, v Viewport) ([]Shown, error) {
	var out []Shown
	var first error
	for _, p := range v.TilesAt(min(v.TileZoom(), m.meta.MaxZoom)) {
		s, err := m.Scene(ctx, p.ID)
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case err == nil:
			out = append(out, Shown{Scene: s, Box: p})
			err = s.Damage
			fallthrough
		default:
			first = cmp.Or(first, err)
		}
	}
	return out, first
}
