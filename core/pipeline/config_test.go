package pipeline

import (
	"math"
	"testing"

	"github.com/shapes-desktop/shapes/core/geo/grid"
	"github.com/shapes-desktop/shapes/core/geo/tile"
)

func TestConfigValidate(t *testing.T) {
	if err := DefaultConfig().Validate(); err != nil {
		t.Errorf("default: %v", err)
	}
	for _, c := range []struct {
		change func(*Config)
		want   string // empty: valid
	}{
		{func(c *Config) { c.MinZoom = -1 }, "minzoom -1: must be 0 to 18"},
		{func(c *Config) { c.MinZoom, c.MaxZoom = 19, 19 }, "minzoom 19: must be 0 to 18"},
		{func(c *Config) { c.MinZoom = 7 }, "maxzoom 6: must be 7 (minzoom) to 18"},
		{func(c *Config) { c.MaxZoom = 19 }, "maxzoom 19: must be 0 (minzoom) to 18"},
		{func(c *Config) { c.MinZoom, c.MaxZoom = 18, 18 }, ""},
		{func(c *Config) { c.Tolerance = -0.1 }, "tolerance -0.1: must be 0 to 64 tile units"},
		{func(c *Config) { c.Tolerance = 65 }, "tolerance 65: must be 0 to 64 tile units"},
		{func(c *Config) { c.Tolerance = math.NaN() }, "tolerance NaN: must be 0 to 64 tile units"},
		{func(c *Config) { c.Tolerance = 64 }, ""},
		{func(c *Config) { c.Buffer = -1 }, "buffer -1: must be 0 to 256 tile units"},
		{func(c *Config) { c.Buffer = 257 }, "buffer 257: must be 0 to 256 tile units"},
		{func(c *Config) { c.Buffer = 256 }, ""},
		{func(c *Config) { c.Small = "" }, `small "": must be fit, keep or drop`},
		{func(c *Config) { c.Small = SmallDrop }, ""},
		{func(c *Config) { c.MinArea = -1 }, "min-area -1: must be 0 or more square tile units"},
		{func(c *Config) { c.MinArea = math.NaN() }, "min-area NaN: must be 0 or more square tile units"},
		{func(c *Config) { c.Workers = 0 }, "workers 0: must be 1 to 1024"},
		{func(c *Config) { c.Workers = 1025 }, "workers 1025: must be 1 to 1024"},
	} {
		cfg := DefaultConfig()
		c.change(&cfg)
		got := ""
		if err := cfg.Validate(); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// The arrangement is finer than the deepest zoom's grid by guardBits, as far
// as the world's grid goes, and never coarser than that zoom's.
func TestConfigShift(t *testing.T) {
	for zoom := 0; zoom <= tile.MaxZoom; zoom++ {
		shift := Config{MaxZoom: zoom}.shift()
		finer := int(grid.Bits-shift) - (zoom + gridBits)
		if want := min(guardBits, tile.MaxZoom-zoom); finer != want {
			t.Errorf("zoom %d: %d bits finer, want %d", zoom, finer, want)
		}
	}
}
