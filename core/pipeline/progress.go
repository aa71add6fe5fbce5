// Package pipeline is the four stages that turn boundaries into tiles, their
// pools and their progress.
package pipeline

import "time"

// Stage is one of the four steps.
type Stage uint8

// The stages, in the order of the data.
const (
	Download Stage = iota
	Simplify1
	Simplify2
	VectorTiles
	numStages
)

func (s Stage) String() string {
	return [...]string{"download", "simplify1", "simplify2", "vector tiles"}[s]
}

// StageProgress is how far one stage is.
type StageProgress struct {
	Done, Total float64 // weight (bytes or vertices); Total may grow while an earlier stage runs
	Items       int64   // files, arcs, polygons or tiles done
	Running     int     // workers busy now
	Finished    bool
}

// Progress is a snapshot of a run. Overall never decreases.
type Progress struct {
	Stages  [numStages]StageProgress
	Overall float64 // 0 … 1
	Current string  // what is being worked on, for people
	Elapsed time.Duration
	ETA     time.Duration // 0 if unknown
	Tiles   int64
	Bytes   int64 // of tiles written, compressed
	Faults  int
}
