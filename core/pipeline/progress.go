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

// ZoomStats is what one zoom came to.
type ZoomStats struct {
	Zoom     int   `json:"zoom"`
	Tiles    int   `json:"tiles"`
	Bytes    int64 `json:"bytes"`
	Vertices int   `json:"vertices"` // of arcs, after simplification and rounding
}

// LayerStats is what one layer came to.
type LayerStats struct {
	Layer    string      `json:"layer"`
	Features int         `json:"features"`
	Small    []SmallUnit `json:"small,omitempty"` // per zoom
}

// SmallUnit counts, for a zoom, the units that are too small to be drawn true
// to shape. None of them vanishes unnamed.
type SmallUnit struct {
	Zoom    int      `json:"zoom"`
	Shown   int      `json:"shown"`           // drawn as their smallest visible shape
	Dropped int      `json:"dropped"`         // under the grid, their ground drawn as their neighbours'
	Names   []string `json:"names,omitempty"` // of the dropped; at most 1000
}
