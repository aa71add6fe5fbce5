package engine

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/shapes-desktop/shapes/core/pipeline"
	"github.com/shapes-desktop/shapes/core/store/tileset"
	"github.com/shapes-desktop/shapes/resources/sample"
)

// Version is the program's version.
const Version = "0.1.0"

// Generator names the program in what it writes.
const Generator = "Shapes Desktop " + Version

// meta describes the tiles of a run.
func (r Recipe) meta(in *inputs, cfg pipeline.Config, res pipeline.Result) tileset.Meta {
	m := tileset.Meta{
		Name: r.Name, Attribution: r.Attribution, Generator: Generator,
		Description: "Administrative boundaries",
		MinZoom:     uint8(cfg.MinZoom), MaxZoom: uint8(cfg.MaxZoom),
		Bounds: res.Bounds,
		Extra:  smallNote(res.Layers),
	}
	if in.hasSample {
		m.Attribution = joinAttribution(r.Attribution, sample.Attribution)
	}
	if m.Name == "" {
		m.Name = r.defaultName()
	}
	for _, l := range res.TileLayers {
		m.Layers = append(m.Layers, tileset.VectorLayer{
			ID: l.Name, MinZoom: m.MinZoom, MaxZoom: m.MaxZoom, Fields: l.Fields,
		})
	}
	m.Center = center(res.Bounds, cfg)
	return m
}

func (r Recipe) defaultName() string {
	var names []string
	for _, in := range r.Inputs {
		name := in.LayerName()
		if in.Path == Sample {
			name = sample.Name
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// joinAttribution joins distinct sources.
func joinAttribution(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" && !strings.Contains(strings.Join(out, " | "), p) {
			out = append(out, p)
		}
	}
	return strings.Join(out, " | ")
}

// center is the middle of the bounds at the zoom that shows them whole on a
// map about 1000 pixels wide.
func center(b [4]float64, cfg pipeline.Config) [3]float64 {
	span := max(b[2]-b[0], 2*(b[3]-b[1]), 1e-6)
	zoom := math.Floor(math.Log2(360/span) + 1)
	zoom = min(max(zoom, float64(cfg.MinZoom)), float64(cfg.MaxZoom))
	return [3]float64{(b[0] + b[2]) / 2, (b[1] + b[3]) / 2, zoom}
}

// smallNote sums up, for the archive, what is too small to be drawn.
func smallNote(layers []pipeline.LayerStats) map[string]string {
	var parts []string
	for _, l := range layers {
		for _, s := range l.Small {
			if s.Dropped > 0 {
				parts = append(parts, fmt.Sprintf("%s z%d: %d", l.Layer, s.Zoom, s.Dropped))
			}
		}
	}
	if len(parts) == 0 {
		return nil
	}
	return map[string]string{"units_below_grid": strings.Join(parts, "; ")}
}
