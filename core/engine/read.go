package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/dustin/go-humanize"

	"github.com/shapes-desktop/shapes/core/acquire/ingest"
	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/pipeline"
	"github.com/shapes-desktop/shapes/resources/sample"
)

// sampleMaxZoom is the deepest zoom whose grid shows all of the sample.
const sampleMaxZoom = 6

// bytesPerVertex is what a vertex takes at the peak of a run, as measured on
// the provinces of the world; text of attributes comes on top.
const bytesPerVertex = 300

// inputs is what was read of a recipe's inputs.
type inputs struct {
	units     *pipeline.Units
	features  int
	vertices  int
	hasSample bool
	keys      map[string]bool // of Recipe.Attributes, those that some feature has
}

// LayerName is the name of the layer of a file that holds one layer.
func (in Input) LayerName() string {
	if in.Layer != "" {
		return in.Layer
	}
	return ingest.LayerName(in.Path)
}

// read is stage download for inputs that are at hand: decodes every file as a
// stream, with its faults.
func (r Recipe) read(ctx context.Context, faults *feature.Faults, meter *pipeline.Meter) (*inputs, error) {
	if len(r.Inputs) == 0 {
		return nil, fmt.Errorf("no input named: give a file, or the word %q: %w", Sample, ErrUsage)
	}
	in := &inputs{units: pipeline.NewUnits(faults), keys: map[string]bool{}}
	for i, input := range r.Inputs {
		if err := r.readOne(ctx, in, i, input, faults, meter); err != nil {
			return nil, err
		}
	}
	if in.units.Len() == 0 {
		return nil, errors.New("the input has no polygons: nothing to draw (points and lines are not tiled)")
	}
	if in.hasSample {
		in.units.Label(sample.LayerCountries)
	}
	r.missed(in, faults)
	meter.ReadDone(int64(len(r.Inputs)), faults.Total())
	return in, nil
}

func (r Recipe) readOne(ctx context.Context, in *inputs, i int, input Input, faults *feature.Faults, meter *pipeline.Meter) error {
	current := filepath.Base(input.Path)
	opt := ingest.Options{Attributes: r.Attributes, Layer: input.Layer, OnBytes: func(done, total int64) {
		meter.Read(done, total, int64(i), current)
	}}
	memory := memoryLimit(r.MemoryMB)
	take := func(layer string, f feature.Feature) error {
		for _, a := range f.Attrs[:min(len(f.Attrs), len(r.Attributes))] {
			in.keys[a.Key] = true
		}
		exact(f) // as a session keeps it: the same tiles
		l := in.units.Layer(layer)
		in.units.Add(l, f)
		if need := int64(in.units.Vertices()) * bytesPerVertex; need > memory {
			return fmt.Errorf("at feature %d of layer %s the input needs more than the %s of memory it may use: allow more, or build a part of it",
				f.Index, layer, humanize.IBytes(uint64(memory)))
		}
		return ctx.Err()
	}
	var sum ingest.Summary
	var err error
	if input.Path == Sample {
		in.hasSample = true
		var data []byte
		if data, err = io.ReadAll(sample.Gzipped()); err != nil {
			return fmt.Errorf("open the bundled sample: %w", err)
		}
		sum, err = ingest.ReadBytes(ctx, sample.FileName, data, opt, take)
	} else {
		sum, err = ingest.ReadFile(ctx, input.Path, opt, take)
	}
	if errors.Is(err, ingest.ErrNoFeatures) && len(r.Inputs) > 1 {
		err = nil // said in the faults; the other inputs may have some
	}
	if err != nil {
		return err
	}
	in.features += sum.Features
	in.vertices += sum.Vertices
	faults.Merge(&sum.Faults)
	return nil
}

// missed records the attributes that were asked for and that no feature has:
// most likely they are misspelt.
func (r Recipe) missed(in *inputs, faults *feature.Faults) {
	for _, a := range r.Attributes {
		if !in.keys[a] {
			faults.Add(feature.Fault{
				Code: feature.FaultAttribute, Feature: -1,
				Detail: fmt.Sprintf("no feature has a value of %q, which was asked for", a),
			})
		}
	}
}
