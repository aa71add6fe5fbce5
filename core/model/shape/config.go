package shape

import "time"

// Config is how a shape is processed (the original's BatchConfig). The zero
// Config is not valid: begin with Defaults.
type Config struct {
	Download    Download    `cbor:"1,keyasint"`
	Simplify1   Simplify1   `cbor:"2,keyasint"`
	Simplify2   Simplify2   `cbor:"3,keyasint"`
	VectorTiles VectorTiles `cbor:"4,keyasint"`
	// KeepIntermediates keeps the buffers of a session that has completed.
	KeepIntermediates bool `cbor:"5,keyasint"`
}

// Download is how sources are fetched.
type Download struct {
	Concurrency int           `cbor:"1,keyasint"` // downloads at once, 1 … 16; 0: as many as suit the machine
	Timeout     time.Duration `cbor:"2,keyasint"` // without a byte, 1 s … 1 h
	Retries     int           `cbor:"3,keyasint"` // 0 … 10
	RetryDelay  time.Duration `cbor:"4,keyasint"` // before the first retry, 0 … 5 min
	Keep        bool          `cbor:"5,keyasint"` // the file in the cache, whatever its size bound
	// Originals adds the source's own attributes to those of the common schema.
	Originals bool `cbor:"6,keyasint,omitempty"`
}

// Algorithm gives a vertex its weight.
type Algorithm string

// The algorithms.
const (
	DouglasPeucker Algorithm = "douglas-peucker"
	Visvalingam    Algorithm = "visvalingam"
)

// FilterMethod says what a small polygon is measured by.
type FilterMethod string

// The methods.
const (
	FilterBBox    FilterMethod = "bbox"
	FilterPolygon FilterMethod = "polygon"
	FilterHybrid  FilterMethod = "hybrid"
)

// Simplify1 is how borders are cut into arcs and weighed.
type Simplify1 struct {
	Concurrency int       `cbor:"1,keyasint"` // 0 … 256; 0: as suits the machine
	Algorithm   Algorithm `cbor:"2,keyasint"`
	// MinArea: polygons with less are left out at every zoom, and counted;
	// square tile units, 0 … 16777216. 0 keeps all.
	MinArea float64 `cbor:"3,keyasint"`
	// MinVertexCountForAreaFilter: polygons with fewer vertices are left out by
	// MinArea only if they are not long and thin; 4 … 10000.
	MinVertexCountForAreaFilter int `cbor:"4,keyasint"`
	// AspectRatioThreshold from which a polygon is long and thin, 1 … 1000.
	AspectRatioThreshold float64      `cbor:"5,keyasint"`
	FilterMethod         FilterMethod `cbor:"6,keyasint"`
	// MaxVertices refuses inputs with more; 0: what memory allows.
	MaxVertices int `cbor:"7,keyasint"`
}

// Simplify2 is how each zoom is simplified.
type Simplify2 struct {
	Concurrency      int     `cbor:"1,keyasint"` // 0 … 256; 0: as suits the machine
	Tolerance        float64 `cbor:"2,keyasint"` // tile units, 0 … 64
	PreserveTopology bool    `cbor:"3,keyasint"` // must be true: neighbours never part here
	Quantize         int     `cbor:"4,keyasint"` // grid of a tile: the extent, 4096
}

// Compression of stored bytes.
type Compression string

// The compressions.
const (
	None   Compression = "none"
	Gzip   Compression = "gzip"
	Brotli Compression = "brotli"
	Zstd   Compression = "zstd"
)

// VectorTiles is how tiles are made.
type VectorTiles struct {
	Concurrency int `cbor:"1,keyasint"` // 0 … 256; 0: as suits the machine
	// MinZoom of each level, 0 … 18; a level that is not named begins at 0.
	MinZoom map[uint8]uint8 `cbor:"2,keyasint,omitempty"`
	// MaxZoom of all levels, 0 … 18; -1: as deep as the data's resolution carries.
	MaxZoom     int         `cbor:"3,keyasint"`
	Extent      int         `cbor:"4,keyasint"` // 4096
	Buffer      int         `cbor:"5,keyasint"` // margin, tile units, 0 … 256
	Compression Compression `cbor:"6,keyasint"` // gzip
	// TileCountThresholdForZoomStop: a run that would make more tiles stops.
	TileCountThresholdForZoomStop int `cbor:"7,keyasint"`
	// Layers to make; empty: all.
	Layers []string `cbor:"8,keyasint,omitempty"`
	// Small says what becomes of units too small for a zoom's grid: "fit",
	// "keep" or "drop".
	Small string `cbor:"9,keyasint"`
}
