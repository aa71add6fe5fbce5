package session

import (
	"time"

	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// BufferType says which stage's output a buffer is.
type BufferType string

// The types.
const (
	Raw        BufferType = "raw"        // of download: features as they were read
	Simplified BufferType = "simplified" // of simplify1 and simplify2: arcs
	Indexed    BufferType = "indexed"    // features with their index
	Tiled      BufferType = "tiled"      // of vectorTile: finished tiles
)

// Format of a buffer's data.
type Format string

// The formats.
const (
	GeoJSON  Format = "geojson"
	Geobuf   Format = "geobuf"
	TopoJSON Format = "topojson"
	MVT      Format = "mvt"
)

// Buffer is a stage's output as it is kept for resuming and for looking at
// (the original's BatchBuffer; Group, Ephemeral). It lives in the session's
// scratch.
type Buffer struct {
	ID      string            `cbor:"1,keyasint"` // unique in the session; the key
	Session string            `cbor:"2,keyasint"`
	Task    string            `cbor:"3,keyasint"`
	Type    BufferType        `cbor:"4,keyasint"`
	Format  Format            `cbor:"5,keyasint"`
	Packing shape.Compression `cbor:"6,keyasint"`
	// Sizes in bytes before and after compression.
	OriginalSize   int64     `cbor:"7,keyasint"`
	CompressedSize int64     `cbor:"8,keyasint"`
	Features       int       `cbor:"9,keyasint"`
	Created        time.Time `cbor:"10,keyasint"`
	Accessed       time.Time `cbor:"11,keyasint"`
	Expires        time.Time `cbor:"12,keyasint,omitzero"`
	Data           []byte    `cbor:"13,keyasint"` // compressed
	// Metadata of the original.
	BBox       [4]float64        `cbor:"14,keyasint"` // degrees: west, south, east, north
	CRS        string            `cbor:"15,keyasint"` // "EPSG:4326", "EPSG:3857"
	Properties map[string]string `cbor:"16,keyasint,omitempty"`
	Took       time.Duration     `cbor:"17,keyasint"`
	Checksum   string            `cbor:"18,keyasint"` // sha256 of the uncompressed data, hex; verified on read
}

// Buffers returns the table of buffers, by id; in a session's scratch.
func Buffers() *kv.Table[Buffer] {
	return &kv.Table[Buffer]{
		Name: "buffers", Version: 1,
		Key: func(b *Buffer) kv.Key { return kv.Key(nil).Str(b.ID) },
		Indexes: []kv.Index[Buffer]{
			{Name: "task", Keys: kv.One(func(b *Buffer) kv.Key { return kv.Key(nil).Str(b.Task) })},
			{Name: "created", Keys: kv.One(func(b *Buffer) kv.Key { return kv.Key(nil).Time(b.Created) })},
			{Name: "expires", Keys: func(b *Buffer) []kv.Key {
				if b.Expires.IsZero() {
					return nil
				}
				return []kv.Key{kv.Key(nil).Time(b.Expires)}
			}},
		},
	}
}

// FeatureType is what a unit is.
type FeatureType string

// The types: "country", "admin1" … "admin5", or "custom".
const (
	Country       FeatureType = "country"
	CustomFeature FeatureType = "custom"
)

// FeatureIndex is where a feature lies and what it measures (Group, Ephemeral;
// in the session's scratch).
type FeatureIndex struct {
	ID      uint64 `cbor:"1,keyasint"` // number in the session; the key
	Feature uint64 `cbor:"2,keyasint"` // id that the source gave, 0 if none
	Buffer  string `cbor:"3,keyasint"` // the raw buffer it came in
	// Morton code of the centroid, see geo/spatial.
	Morton   uint64      `cbor:"4,keyasint"`
	BBox     [4]float64  `cbor:"5,keyasint"`           // degrees
	Centroid [2]float64  `cbor:"6,keyasint"`           // degrees: longitude, latitude
	Level    int         `cbor:"7,keyasint"`           // administrative level, -1 if not known
	Country  string      `cbor:"8,keyasint,omitempty"` // ISO 3166 alpha-3
	Name     string      `cbor:"9,keyasint,omitempty"`
	Type     FeatureType `cbor:"10,keyasint"`
	// Area in km², Perimeter in km, on the sphere; Complexity is vertices per km
	// of perimeter.
	Area       float64   `cbor:"11,keyasint"`
	Perimeter  float64   `cbor:"12,keyasint"`
	Complexity float64   `cbor:"13,keyasint"`
	Created    time.Time `cbor:"14,keyasint"`
	Queried    time.Time `cbor:"15,keyasint,omitzero"`
	Queries    int       `cbor:"16,keyasint,omitempty"`
}

// FeatureIndices returns the table of feature indices.
func FeatureIndices() *kv.Table[FeatureIndex] {
	return &kv.Table[FeatureIndex]{
		Name: "featureindices", Version: 1,
		Key: func(f *FeatureIndex) kv.Key { return kv.Key(nil).Uint(f.ID) },
		Indexes: []kv.Index[FeatureIndex]{
			{Name: "morton", Keys: kv.One(func(f *FeatureIndex) kv.Key { return kv.Key(nil).Uint(f.Morton) })},
			{Name: "country", Keys: kv.One(func(f *FeatureIndex) kv.Key { return kv.Key(nil).Str(f.Country).Uint(uint64(f.Level + 1)) })},
		},
	}
}

// FeatureBuffer is a feature as a stage has left it (Group, Ephemeral; in the
// session's scratch).
type FeatureBuffer struct {
	ID       uint64 `cbor:"1,keyasint"`           // number in the session; the key
	Source   string `cbor:"2,keyasint"`           // the buffer it was made from
	Index    uint64 `cbor:"3,keyasint"`           // its FeatureIndex
	Feature  uint64 `cbor:"4,keyasint"`           // id in the tiles
	Original string `cbor:"5,keyasint,omitempty"` // id or place in the source
	// Geometry and Properties as Geobuf (a Feature each).
	Geometry   []byte `cbor:"6,keyasint"`
	Properties []byte `cbor:"7,keyasint"`
	// Level of simplification: 1 after simplify1.
	Level int `cbor:"8,keyasint"`
	// Complexities in vertices per km of perimeter.
	OriginalComplexity float64 `cbor:"9,keyasint"`
	CurrentComplexity  float64 `cbor:"10,keyasint"`
	// Quality is 1 − area of the symmetric difference to the source ÷ area of
	// the source, not below 0.
	Quality     float64   `cbor:"11,keyasint"`
	Compression float64   `cbor:"12,keyasint"` // bytes of Geometry ÷ bytes of its coordinates as numbers
	Created     time.Time `cbor:"13,keyasint"`
	Optimized   time.Time `cbor:"14,keyasint"`
}

// FeatureBuffers returns the table of feature buffers.
func FeatureBuffers() *kv.Table[FeatureBuffer] {
	return &kv.Table[FeatureBuffer]{
		Name: "featurebuffers", Version: 1,
		Key: func(f *FeatureBuffer) kv.Key { return kv.Key(nil).Uint(f.ID) },
		Indexes: []kv.Index[FeatureBuffer]{
			{Name: "source", Keys: kv.One(func(f *FeatureBuffer) kv.Key { return kv.Key(nil).Str(f.Source) })},
			{Name: "optimized", Keys: kv.One(func(f *FeatureBuffer) kv.Key { return kv.Key(nil).Time(f.Optimized) })},
		},
	}
}

// TileBuffer says what a tile is made of (Group, Ephemeral; in the session's
// scratch).
type TileBuffer struct {
	Zoom uint8  `cbor:"1,keyasint"`
	X    uint32 `cbor:"2,keyasint"`
	Y    uint32 `cbor:"3,keyasint"`
	Tile uint64 `cbor:"4,keyasint"` // PMTiles number, along the Hilbert curve; the key
	// Features are the ids of what has a part in the tile, FeatureBuffers the
	// numbers of their records.
	Features       []uint64      `cbor:"5,keyasint"`
	FeatureBuffers []uint64      `cbor:"6,keyasint"`
	ClipBounds     [4]float64    `cbor:"7,keyasint"` // degrees, with the margin
	Status         Status        `cbor:"8,keyasint"` // pending, running, completed, failed
	Size           int64         `cbor:"9,keyasint"` // bytes of geometry
	Created        time.Time     `cbor:"10,keyasint"`
	Generated      time.Time     `cbor:"11,keyasint"`
	Took           time.Duration `cbor:"12,keyasint"` // of its block, shared by geometry
	Session        string        `cbor:"13,keyasint"`
	Task           string        `cbor:"14,keyasint"`
	// Quality is 1 − (the largest deviation of a vertex in pixels of 1/256 tile,
	// at most 4) ÷ 4, measured in stage simplify2.
	Quality float64 `cbor:"15,keyasint"`
}

// TileBuffers returns the table of tile buffers, along the Hilbert curve. The
// key is one to one with zoom, x and y (tile.ID.Hilbert), so that an index of
// those would say the same again.
func TileBuffers() *kv.Table[TileBuffer] {
	return &kv.Table[TileBuffer]{
		Name: "tilebuffers", Version: 1,
		Key: func(t *TileBuffer) kv.Key { return kv.Key(nil).Uint(t.Tile) },
		Indexes: []kv.Index[TileBuffer]{
			{Name: "status", Keys: kv.One(func(t *TileBuffer) kv.Key { return kv.Key(nil).Str(string(t.Status)) })},
		},
	}
}
