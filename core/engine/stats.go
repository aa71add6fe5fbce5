package engine

import (
	"io/fs"
	"path/filepath"
	"time"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/pipeline"
)

// faultSamples is how many faults of each code the statistics spell out.
const faultSamples = 5

func (s *Stats) fill(res pipeline.Result, faults *feature.Faults, meter *pipeline.Meter) {
	s.FeaturesOut = res.Drawn
	s.Faults = map[feature.Code]int{}
	for _, c := range faults.Codes() {
		s.Faults[c] = faults.Count(c)
		for i, f := range faults.Examples(c) {
			if i == faultSamples {
				break
			}
			s.FaultSamples = append(s.FaultSamples, f.String())
		}
	}
	s.Tiles, s.Distinct, s.Bytes, s.MaxTileBytes = res.Tiles, res.Distinct, res.Bytes, res.MaxTile
	s.Zooms, s.Layers = res.Zooms, res.Layers
	s.Stages = meter.Took()
}

// usage measures what a run costs the process.
type usage struct {
	began time.Time
	cpu   float64
}

func startUsage() usage { return usage{time.Now(), cpuSeconds()} }

func (u usage) stop(s *Stats) {
	s.Seconds = time.Since(u.began).Seconds()
	s.CPUSeconds = cpuSeconds() - u.cpu
	s.PeakRSS = peakRSS()
}

// sizeOf returns the bytes of a file, or of all files in a folder.
func sizeOf(path string) int64 {
	var n int64
	_ = filepath.WalkDir(path, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			if info, err := d.Info(); err == nil {
				n += info.Size()
			}
		}
		return nil // a figure for people: what cannot be read counts nothing
	})
	return n
}
