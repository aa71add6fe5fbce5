package tileset

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/geo/mvt"
	"github.com/shapes-desktop/shapes/core/geo/tile"
	bolt "go.etcd.io/bbolt"
)

// VectorTile is a tile with all that is known of it. What its bytes tell is
// computed when it is asked for.
type VectorTile struct {
	ID   tile.ID
	Name string // "z/x/y"
	Data []byte // gzipped; the caller's to keep

	Layers           []TileLayer
	TotalFeatures    int
	CompressedSize   int // bytes of Data
	UncompressedSize int // bytes

	// ETag is the strong entity tag of Data, with its quotation marks: equal
	// bytes have equal tags. It is not that of the uncompressed tile.
	ETag string

	// Facts as they were stored; HasFacts is false if none were: then the
	// visual quality and the time are not known.
	Facts
	HasFacts bool

	// Requests as they were counted; LastRequested is zero if there was none.
	RequestCount  uint64
	LastRequested time.Time

	// PerformanceScore is 1 − CompressedSize ÷ 500,000, not below 0.
	PerformanceScore float64
}

// TileLayer is what a layer of a tile holds. Keys and Values are those of its
// attributes, each once, in the order in which features first have them.
type TileLayer struct {
	Name     string
	Features int
	Version  uint32
	Extent   uint32
	Keys     []string
	Values   []feature.Value
}

const (
	// maxTileBytes bounds a tile uncompressed.
	maxTileBytes = 64 << 20
	// slowTile is the compressed size at which a tile's score is 0: what
	// renderers are known to take without stutter.
	slowTile = 500_000
)

// VectorTile returns what is known of a tile, and whether there is one.
// requests may be nil: then they are not told. Errors: ErrDamaged, also for
// content that is no vector tile.
func (t *Tileset) VectorTile(id tile.ID, requests *Requests) (v VectorTile, found bool, err error) {
	v = VectorTile{ID: id, Name: id.String()}
	if v.Data, err = t.Tile(id); err != nil || v.Data == nil {
		return VectorTile{}, false, err
	}
	if v.Facts, v.HasFacts, err = t.Facts(id); err != nil {
		return VectorTile{}, false, err
	}
	if err := v.describe(); err != nil {
		return VectorTile{}, false, t.damaged(fmt.Errorf("%w: tile %v: %w", ErrDamaged, id, err))
	}
	if requests == nil {
		return v, true, nil
	}
	r, err := requests.Of(id)
	v.RequestCount, v.LastRequested = r.Count, r.Last
	return v, err == nil, err
}

// Facts returns what was stored of a tile beside its bytes; ok is false if
// nothing was, or there is no such tile.
func (t *Tileset) Facts(id tile.ID) (f Facts, ok bool, err error) {
	if !id.Valid() {
		return Facts{}, false, nil
	}
	err = guard(t.path, func() error {
		return t.db.View(func(tx *bolt.Tx) (err error) {
			f, ok, err = factsOf(tx, keyOf(id.Hilbert()))
			return err
		})
	})
	if err != nil {
		return Facts{}, false, fmt.Errorf("read tile %v: %w", id, err)
	}
	return f, ok, nil
}

// ETag returns the strong entity tag of a tile's bytes as they are stored.
func ETag(data []byte) string {
	sum := sha256.Sum256(data)
	return `"` + hex.EncodeToString(sum[:16]) + `"`
}

// describe fills in what Data tells.
func (v *VectorTile) describe() error {
	raw, err := mvt.Gunzip(v.Data, maxTileBytes)
	if err != nil {
		return err
	}
	decoded, err := mvt.Decode(raw)
	var fault *mvt.FormatError
	if err != nil && (decoded == nil || !errors.As(err, &fault)) {
		return err // else what could be read is told
	}
	v.CompressedSize, v.UncompressedSize = len(v.Data), len(raw)
	v.ETag = ETag(v.Data)
	v.PerformanceScore = max(0, 1-float64(len(v.Data))/slowTile)
	for i := range decoded.Layers {
		l := layerOf(&decoded.Layers[i])
		v.TotalFeatures += l.Features
		v.Layers = append(v.Layers, l)
	}
	return nil
}

func layerOf(l *mvt.Layer) TileLayer {
	out := TileLayer{Name: l.Name, Features: len(l.Features), Version: l.Version, Extent: l.Extent}
	keys, values := map[string]bool{}, map[feature.Value]bool{}
	for _, f := range l.Features {
		for _, a := range f.Attrs {
			if !keys[a.Key] {
				keys[a.Key] = true
				out.Keys = append(out.Keys, a.Key)
			}
			if !values[a.Value] {
				values[a.Value] = true
				out.Values = append(out.Values, a.Value)
			}
		}
	}
	return out
}
