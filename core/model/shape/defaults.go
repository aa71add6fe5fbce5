package shape

import (
	"maps"
	"slices"
	"time"
)

// Values of settings that stand for a choice of the program's own.
const (
	// ProposedZoom, as VectorTiles.MaxZoom: as deep as the data's resolution
	// carries.
	ProposedZoom = -1
	// SuitsMachine, as a concurrency: as many as suit the machine.
	SuitsMachine = 0
)

// What becomes of units too small for a zoom's grid, see VectorTiles.Small.
const (
	SmallFit  = "fit"  // drawn as the smallest shape where that touches no other unit
	SmallKeep = "keep" // all drawn, overlaps accepted and counted
	SmallDrop = "drop" // those below Simplify1.MinArea left out, counted
)

// The bounds of settings that other packages state too.
const (
	MaxLevel = 5  // the deepest administrative level
	MaxZoom  = 18 // the deepest zoom a tile may have
	Extent   = 4096
)

// Defaults returns the settings that suit most.
func Defaults() Config {
	return Config{
		Download: Download{
			Concurrency: 2, Timeout: 300 * time.Second, Retries: 3, RetryDelay: time.Second,
		},
		Simplify1: Simplify1{
			Algorithm: DouglasPeucker, MinVertexCountForAreaFilter: 25,
			AspectRatioThreshold: 5, FilterMethod: FilterHybrid,
		},
		Simplify2: Simplify2{Tolerance: 2, PreserveTopology: true, Quantize: Extent},
		VectorTiles: VectorTiles{
			MaxZoom: ProposedZoom, Extent: Extent, Buffer: 80, Compression: Gzip,
			TileCountThresholdForZoomStop: 20_000_000, Small: SmallFit,
		},
	}
}

// New returns the settings that a new node begins with: the bundled world.
func New(node string) *Shape { return &Shape{Node: node, Source: Sample, Config: Defaults()} }

// Clone returns a copy that shares no memory with c.
func (c Config) Clone() Config {
	c.VectorTiles.MinZoom = maps.Clone(c.VectorTiles.MinZoom)
	c.VectorTiles.Layers = slices.Clone(c.VectorTiles.Layers)
	return c
}

// Canonical returns c in the one form that all settings of its meaning share:
// a level that begins at zoom 0 is not named, layers are ascending and named
// once.
func (c Config) Canonical() Config {
	c = c.Clone()
	v := &c.VectorTiles
	maps.DeleteFunc(v.MinZoom, func(_, zoom uint8) bool { return zoom == 0 })
	if len(v.MinZoom) == 0 {
		v.MinZoom = nil
	}
	slices.Sort(v.Layers)
	if v.Layers = slices.Compact(v.Layers); len(v.Layers) == 0 {
		v.Layers = nil
	}
	for _, f := range []*float64{&c.Simplify1.MinArea, &c.Simplify1.AspectRatioThreshold, &c.Simplify2.Tolerance} {
		*f += 0 // a negative zero becomes zero
	}
	return c
}

// FirstZoom is the zoom at which level begins to be drawn.
func (v VectorTiles) FirstZoom(level uint8) uint8 { return v.MinZoom[level] }

// deepestFirstZoom is the greatest of all levels' first zooms.
func (v VectorTiles) deepestFirstZoom() uint8 {
	deepest := uint8(0)
	for _, zoom := range v.MinZoom {
		deepest = max(deepest, zoom)
	}
	return deepest
}
