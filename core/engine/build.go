package engine

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/geo/simplify"
	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/pipeline"
	"github.com/shapes-desktop/shapes/core/publish/archive"
	"github.com/shapes-desktop/shapes/core/store/tileset"
)

// sink is where finished tiles go: an archive, or the tile file of a node.
type sink interface {
	Put(id tile.ID, gz []byte) error
	Commit(m tileset.Meta) error
	Abort() error
}

// Build makes tiles of r's inputs and writes them to r.Out, which appears
// whole or not at all: on error, or when ctx ends, nothing new is left and
// what was there before is as it was. onProgress (may be nil) is called at
// most ten times a second, from a goroutine of the run.
func Build(ctx context.Context, r Recipe, onProgress func(pipeline.Progress)) (Stats, error) {
	if r.Out == "" {
		return Stats{}, fmt.Errorf("no output named: %w", ErrUsage)
	}
	stats, err := build(ctx, r, func() (sink, error) { return archive.Create(r.Out) }, onProgress)
	if err != nil {
		return stats, err
	}
	stats.OutBytes = sizeOf(r.Out)
	return stats, nil
}

// build runs the four stages into what open opens. The sink is opened first,
// so that an output that cannot be written is known before the work.
func build(ctx context.Context, r Recipe, open func() (sink, error), onProgress func(pipeline.Progress)) (stats Stats, err error) {
	cfg, err := r.config()
	if err != nil {
		return Stats{}, err
	}
	defer budget(r.MemoryMB)()
	usage := startUsage()
	out, err := open()
	if err != nil {
		return Stats{}, err
	}
	defer func() { err = errors.Join(err, out.Abort()) }() // does nothing after Commit

	meter := pipeline.NewMeter(time.Now, onProgress)
	var faults feature.Faults
	in, err := r.read(ctx, &faults, meter)
	if err != nil {
		return Stats{}, err
	}
	if r.MaxZoom < 0 {
		cfg.MaxZoom = max(cfg.MinZoom, in.units.ProposeMaxZoom())
	}
	if in.hasSample && r.MaxZoom < 0 && len(r.Inputs) == 1 {
		cfg.MaxZoom = max(cfg.MinZoom, sampleMaxZoom)
	}
	stats = Stats{FeaturesIn: in.features, VerticesIn: in.vertices, MinZoom: cfg.MinZoom, MaxZoom: cfg.MaxZoom}
	res, err := pipeline.Run(ctx, in.units, cfg, out, meter)
	if err != nil {
		return stats, err
	}
	m := r.meta(in, cfg, res)
	if err := out.Commit(m); err != nil {
		return stats, err
	}
	stats.fill(res, &faults, meter)
	usage.stop(&stats)
	return stats, nil
}

// config translates the recipe, with its defaults.
func (r Recipe) config() (pipeline.Config, error) {
	cfg := pipeline.DefaultConfig()
	cfg.MinZoom, cfg.MaxZoom = r.MinZoom, r.MaxZoom
	if r.MaxZoom < 0 {
		cfg.MaxZoom = max(r.MinZoom, sampleMaxZoom) // for Validate; proposed once the data is known
	}
	if r.Tolerance > 0 {
		cfg.Tolerance = r.Tolerance
	}
	switch {
	case r.Buffer < 0:
		cfg.Buffer = 0
	case r.Buffer > 0:
		cfg.Buffer = r.Buffer
	}
	cfg.Workers = runtime.GOMAXPROCS(0)
	if r.Workers > 0 {
		cfg.Workers = r.Workers
	}
	switch r.Algorithm {
	case "", "douglas-peucker":
	case "visvalingam":
		cfg.Algorithm = simplify.Visvalingam
	default:
		return cfg, fmt.Errorf("algorithm %q: must be douglas-peucker or visvalingam: %w", r.Algorithm, ErrUsage)
	}
	if r.Small != "" {
		cfg.Small = pipeline.SmallPolicy(r.Small)
	}
	cfg.MinArea = r.MinArea
	if err := cfg.Validate(); err != nil {
		return cfg, fmt.Errorf("%w: %w", err, ErrUsage)
	}
	return cfg, nil
}

// budget tells the garbage collector how much memory the run may use, and
// returns what undoes that.
func budget(mb int) (restore func()) {
	before := debug.SetMemoryLimit(memoryLimit(mb))
	return func() {
		debug.SetMemoryLimit(before)
		debug.FreeOSMemory()
	}
}
