// Package engine is the one place that knows all of core: it wires sources,
// pipeline and stores, and offers what the window and the command do.
package engine

import (
	"context"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/pipeline"
	"github.com/shapes-desktop/shapes/core/store/tileset"
)

// Input is one thing to tile.
type Input struct {
	Layer string // name in the tiles; "" takes the file's base name or the file's own layer names
	Path  string // a file, or Sample
}

// Sample, as an Input's path, is the bundled Natural Earth sample.
const Sample = "sample"

// Recipe says what to build and how. Zero fields mean the defaults.
type Recipe struct {
	Inputs      []Input
	Out         string // .pmtiles, .mbtiles or a folder
	Name        string
	Attribution string // HTML; the sample brings its own
	MinZoom     int
	MaxZoom     int      // -1: proposed from the resolution of the data
	Tolerance   float64  // tile units, default 2
	Buffer      int      // tile units, default 80 (use -1 for none)
	Workers     int      // 0: one per core
	MemoryMB    int      // 0: a quarter of the machine's
	Attributes  []string // nil keeps all
	Algorithm   string   // "douglas-peucker" (default) or "visvalingam"
	Small       string   // "fit" (default), "keep" or "drop"
	MinArea     float64  // with Small "drop": square tile units
}

// Stats is what a run did. It is the content of --stats.
type Stats struct {
	FeaturesIn   int                   `json:"features_in"`
	FeaturesOut  int                   `json:"features_out"` // drawn at some zoom
	VerticesIn   int                   `json:"vertices_in"`
	Faults       map[feature.Code]int  `json:"faults"`
	FaultSamples []string              `json:"fault_samples,omitempty"` // a few of each code, with place
	Tiles        int                   `json:"tiles"`
	Distinct     int                   `json:"distinct_tiles"`
	Bytes        int64                 `json:"bytes"`     // of tiles, compressed
	OutBytes     int64                 `json:"out_bytes"` // of the finished file or folder
	MaxTileBytes int                   `json:"max_tile_bytes"`
	MinZoom      int                   `json:"minzoom"`
	MaxZoom      int                   `json:"maxzoom"`
	Zooms        []pipeline.ZoomStats  `json:"zooms"`
	Layers       []pipeline.LayerStats `json:"layers"`
	Seconds      float64               `json:"seconds"`
	CPUSeconds   float64               `json:"cpu_seconds"`
	PeakRSS      int64                 `json:"peak_rss_bytes"`
	Stages       map[string]float64    `json:"stage_seconds"`
}

// Tiles is an opened tileset, whatever carries it.
type Tiles interface {
	// Tile returns the gzipped or plain bytes of a tile, nil where there is none.
	Tile(ctx context.Context, id tile.ID) ([]byte, error)
	Meta() tileset.Meta
	Close() error
}
