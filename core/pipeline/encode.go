package pipeline

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"

	"github.com/klauspost/compress/gzip"

	"github.com/shapes-desktop/shapes/core/geo/mvt"
	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/pipeline/work"
)

// gzipLevel is where klauspost's gzip gives the size of zlib's default level
// within a percent at less than half of its time.
const gzipLevel = 5

// Tile is a finished tile on its way to a store.
type Tile struct {
	ID   tile.ID
	Data []byte // gzip

	pieces int
}

// Output takes tiles in ascending Hilbert order, from one goroutine. It may
// keep data.
type Output interface {
	Put(id tile.ID, data []byte) error
}

// blockPieces is how many pieces one task encodes.
const blockPieces = 2000

// blocks divides sorted pieces into runs that do not part a tile.
func blocks(pieces []piece) [][2]int {
	var out [][2]int
	for lo := 0; lo < len(pieces); {
		hi := min(lo+blockPieces, len(pieces))
		for hi < len(pieces) && pieces[hi].tile == pieces[hi-1].tile {
			hi++
		}
		out = append(out, [2]int{lo, hi})
		lo = hi
	}
	return out
}

// encoder is the scratch of one vectorTile worker.
type encoder struct {
	mvt  mvt.Encoder
	buf  bytes.Buffer
	gzip *gzip.Writer
	// done holds compressed tiles by content: the tiles inside a large unit
	// are all alike.
	done map[[sha256.Size]byte][]byte
}

func newEncoder() *encoder {
	zw, err := gzip.NewWriterLevel(nil, gzipLevel)
	if err != nil {
		panic(err) // the level is a constant
	}
	return &encoder{gzip: zw, done: map[[sha256.Size]byte][]byte{}}
}

// encode is the second half of stage vectorTile: writes the pieces of each
// tile as MVT and hands the tiles to out in order.
func encode(ctx context.Context, pool *work.Pool, u *Units, pieces []piece, data [][]byte, encoders []*encoder, use func(Tile) error) error {
	bl := blocks(pieces)
	return work.Ordered(ctx, pool, len(bl), 2*pool.Workers()+2,
		func(ctx context.Context, worker, i int) ([]Tile, error) {
			if encoders[worker] == nil {
				encoders[worker] = newEncoder()
			}
			return encoders[worker].block(ctx, u, pieces[bl[i][0]:bl[i][1]], data)
		},
		func(_ int, tiles []Tile) error {
			for _, t := range tiles {
				if err := use(t); err != nil {
					return fmt.Errorf("write tile %v: %w", t.ID, err)
				}
			}
			return nil
		})
}

func (e *encoder) block(ctx context.Context, u *Units, pieces []piece, data [][]byte) ([]Tile, error) {
	var out []Tile
	for lo := 0; lo < len(pieces); {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		hi := lo
		for hi < len(pieces) && pieces[hi].tile == pieces[lo].tile {
			hi++
		}
		gz, err := e.tile(u, pieces[lo:hi], data)
		if err != nil {
			return nil, err
		}
		if gz != nil {
			out = append(out, Tile{tile.FromHilbert(pieces[lo].tile), gz, hi - lo})
		}
		lo = hi
	}
	return out, nil
}

// plainTile is the size up to which a tile is worth looking for its likes.
const plainTile = 4096

func (e *encoder) tile(u *Units, pieces []piece, data [][]byte) ([]byte, error) {
	e.mvt.Reset()
	layer := int32(-1)
	for _, p := range pieces {
		l, name, geometry := u.tileLayer(p.layer)
		if p.layer != layer {
			if layer >= 0 {
				e.mvt.EndLayer()
			}
			layer = p.layer
			e.mvt.BeginLayer(name, l.dict)
		}
		unit := &l.units[p.unit]
		e.mvt.Feature(unit.id, geometry, unit.tags, data[p.chunk][p.offset:p.offset+p.length])
	}
	e.mvt.EndLayer()
	raw := e.mvt.Bytes()
	if len(raw) > plainTile {
		return e.compress(raw)
	}
	sum := sha256.Sum256(raw)
	if gz, ok := e.done[sum]; ok {
		return gz, nil
	}
	gz, err := e.compress(raw)
	if err == nil && len(pieces) <= 2*len(u.layers) {
		if len(e.done) > 20000 {
			clear(e.done)
		}
		e.done[sum] = gz
	}
	return gz, err
}

// tileLayer returns what a piece's layer number means: polygon layers come
// first, then the label layers that go with them.
func (u *Units) tileLayer(i int32) (l *unitLayer, name string, t mvt.GeomType) {
	if n := int32(len(u.layers)); i >= n {
		l = u.layers[i-n]
		return l, l.name + LabelSuffix, mvt.Point
	}
	return u.layers[i], u.layers[i].name, mvt.Polygon
}

func (e *encoder) compress(raw []byte) ([]byte, error) {
	e.buf.Reset()
	e.gzip.Reset(&e.buf) // leaves the time unset: same bytes in every run
	if _, err := e.gzip.Write(raw); err != nil {
		return nil, err
	}
	if err := e.gzip.Close(); err != nil {
		return nil, err
	}
	return bytes.Clone(e.buf.Bytes()), nil
}
