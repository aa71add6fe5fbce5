package shape_test

import (
	"math"
	"testing"

	"github.com/shapes-desktop/shapes/core/model/shape"
)

func TestFigures(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for name, c := range map[string]struct{ got, want float64 }{
		"complexity":             {shape.Complexity(100, 50), 2},
		"complexity of a point":  {shape.Complexity(1, 0), 0},
		"quality, same":          {shape.Quality(0, 3), 1},
		"quality, a quarter off": {shape.Quality(1, 4), 0.75},
		"quality, all off":       {shape.Quality(9, 4), 0},
		"quality of a line":      {shape.Quality(0, 0), 1},
		"quality of no source":   {shape.Quality(1, 0), 0},
		"quality of no number":   {shape.Quality(nan, 1), 0},
		"visual, true":           {shape.VisualQuality(0), 1},
		"visual, a pixel":        {shape.VisualQuality(1), 0.75},
		"visual, four":           {shape.VisualQuality(4), 0},
		"visual, far":            {shape.VisualQuality(inf), 0},
		"light":                  {shape.PerformanceScore(0), 1},
		"half":                   {shape.PerformanceScore(250_000), 0.5},
		"heavy":                  {shape.PerformanceScore(500_000), 0},
		"heavier":                {shape.PerformanceScore(1 << 30), 0},
	} {
		if c.got != c.want {
			t.Errorf("%s: %v, want %v", name, c.got, c.want)
		}
	}
}
