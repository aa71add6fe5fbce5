package engine

import (
	"github.com/shapes-desktop/shapes/core/geo/simplify"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/pipeline"
)

// tilingOf translates a session's settings for the pipeline. proposed is the
// maxzoom that the data's resolution is good for.
func tilingOf(s *session.Session, proposed int) (pipeline.Config, error) {
	cfg := pipeline.DefaultConfig()
	c := s.Config
	cfg.MinZoom = int(c.VectorTiles.FirstZoom(0))
	cfg.MaxZoom = c.VectorTiles.MaxZoom
	if cfg.MaxZoom < 0 {
		cfg.MaxZoom = max(cfg.MinZoom, proposed)
		if s.Source == shape.Sample {
			cfg.MaxZoom = max(cfg.MinZoom, sampleMaxZoom)
		}
	}
	cfg.Tolerance, cfg.Buffer = c.Simplify2.Tolerance, c.VectorTiles.Buffer
	if c.Simplify1.Algorithm == shape.Visvalingam {
		cfg.Algorithm = simplify.Visvalingam
	}
	cfg.Small, cfg.MinArea = pipeline.SmallPolicy(c.VectorTiles.Small), c.Simplify1.MinArea
	cfg.MaxTiles = c.VectorTiles.TileCountThresholdForZoomStop
	return cfg, cfg.Validate()
}
