package pipeline

import (
	"fmt"

	"github.com/shapes-desktop/shapes/core/geo/simplify"
	"github.com/shapes-desktop/shapes/core/geo/tile"
)

// SmallPolicy says what becomes of units too small for a zoom's grid.
type SmallPolicy string

// The policies on offer.
const (
	SmallFit  SmallPolicy = "fit"  // drawn as the smallest shape where that touches no other unit
	SmallKeep SmallPolicy = "keep" // all drawn, overlaps accepted and counted
	SmallDrop SmallPolicy = "drop" // those below MinArea left out, counted
)

// Config says how to tile. Every field must be set; see DefaultConfig.
type Config struct {
	MinZoom, MaxZoom int
	// Tolerance of simplification at each zoom but the last, in tile units.
	Tolerance float64
	// Buffer is the margin that a tile has around itself, in tile units.
	Buffer    int
	Algorithm simplify.Algorithm
	Small     SmallPolicy
	// MinArea is for SmallDrop: square tile units at each zoom.
	MinArea float64
	// Workers bounds the tasks that run at once.
	Workers int
	// MaxTiles stops a run that would make more tiles than that.
	MaxTiles int
}

// DefaultConfig returns what suits most: a tolerance of a quarter pixel on a
// 512-pixel tile, outlines clean up to 5 pixels.
func DefaultConfig() Config {
	return Config{
		MaxZoom: 6, Tolerance: 2, Buffer: 80, Small: SmallFit,
		Workers: 1, MaxTiles: 20_000_000,
	}
}

// Validate returns an error that names the first field out of range, and the
// range.
func (c Config) Validate() error {
	switch {
	case c.MinZoom < 0 || c.MinZoom > tile.MaxZoom:
		return fmt.Errorf("minzoom %d: must be 0 to %d", c.MinZoom, tile.MaxZoom)
	case c.MaxZoom < c.MinZoom || c.MaxZoom > tile.MaxZoom:
		return fmt.Errorf("maxzoom %d: must be %d (minzoom) to %d", c.MaxZoom, c.MinZoom, tile.MaxZoom)
	case !(c.Tolerance >= 0 && c.Tolerance <= 64):
		return fmt.Errorf("tolerance %g: must be 0 to 64 tile units", c.Tolerance)
	case c.Buffer < 0 || c.Buffer > 256:
		return fmt.Errorf("buffer %d: must be 0 to 256 tile units", c.Buffer)
	case c.Small != SmallFit && c.Small != SmallKeep && c.Small != SmallDrop:
		return fmt.Errorf("small %q: must be fit, keep or drop", c.Small)
	case !(c.MinArea >= 0):
		return fmt.Errorf("min-area %g: must be 0 or more square tile units", c.MinArea)
	case c.Workers < 1 || c.Workers > 1024:
		return fmt.Errorf("workers %d: must be 1 to 1024", c.Workers)
	}
	return nil
}

// guardBits is how much finer than the deepest zoom's grid the arrangement is
// kept: what is nearer than 1/32 of a tile unit is one place.
const guardBits = 4

// shift returns how much coarser than the world grid the arrangement may be.
func (c Config) shift() uint {
	return uint(max(0, tile.MaxZoom-c.MaxZoom-guardBits))
}
