// Package schedule carries out a session: it takes ready tasks from the board
// in the database, runs them on the four pools, keeps what they make in the
// session's scratch, and records their ends. What is recorded is kept already,
// so that a session may be stopped at any moment, by whatever, and goes on
// from there to the same tiles.
package schedule

import (
	"context"
	"errors"
	"time"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/pipeline"
	"github.com/shapes-desktop/shapes/core/pipeline/work"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// Database is where the board is: the ephemeral database.
type Database interface {
	View(fn func(tx *kv.Tx) error) error
	Update(fn func(tx *kv.Tx) error) error
}

// Scratch is where a session keeps what its tasks make.
type Scratch interface {
	// Keep writes all of it and syncs: afterwards it is there for good.
	Keep(Kept) error
	// Buffer returns a buffer; an error that is ErrLost if it is not there or
	// damaged.
	Buffer(id string) (session.Buffer, error)
	// Indices returns n feature indices from a number on; ErrLost if they are not
	// there.
	Indices(first uint64, n int) ([]session.FeatureIndex, error)
	// Clear removes everything.
	Clear() error
}

// Kept is records on their way into the scratch.
type Kept struct {
	Buffers  []session.Buffer
	Indices  []session.FeatureIndex
	Features []session.FeatureBuffer
	Tiles    []session.TileBuffer
}

// ErrLost is the error of scratch that has to be made again.
var ErrLost = errors.New("what the session had kept is lost")

// Source reads what a download task is about. Features come in the order of
// the source, with coordinates that are multiples of 10^-9 degrees.
type Source interface {
	Read(ctx context.Context, t session.TaskConfig, onBytes func(done, total int64),
		take func(layer string, f feature.Feature) error) (SourceResult, error)
}

// SourceResult is what reading a source came to.
type SourceResult struct {
	Faults feature.Faults
	Hash   string // sha256 of what was read, hex
	// Labels names the layers that get a layer of labels.
	Labels []string
}

// Sink takes finished tiles in ascending Hilbert order.
type Sink interface {
	Put(id tile.ID, gz []byte, quality float64, task string) error
}

// Finisher makes a tileset of all tiles: put hands them to a sink of its
// making, after which r is complete. On error nothing of the tileset may be
// seen.
type Finisher interface {
	Finish(ctx context.Context, r *pipeline.Result, put func(Sink) error) error
}

// Runner carries out one session.
type Runner struct {
	Session string
	DB      Database
	Board   session.Board
	Scratch Scratch
	Source  Source
	// Relate, if not nil, is handed all features that were read, by layer, before
	// they are arranged, and gives those other attributes that follow from where
	// units lie: it sets Attrs to fresh slices. From one that, by that, should not
	// be there it takes the Geometry away (nil), and tells it in faults. It changes
	// nothing else, and must do the same each time.
	Relate func(ctx context.Context, layers []feature.Layer, faults *feature.Faults) error
	// Cores bounds what computes at once, this session's tasks together with
	// whatever else takes of them.
	Cores  *work.Cores
	Finish Finisher
	// Config for a maxzoom: with it unknown (below 0), proposed by the data.
	Config func(s *session.Session, proposed int) (pipeline.Config, error)
	Now    func() time.Time
	// Report hears of progress, at most ten times a second; may be nil.
	Report func(Live)
	// CPU returns the processor time the process has used.
	CPU func() time.Duration
	// Stops says whether an error of a task is one of the machine, such as a full
	// disk, that would fail all others too: the session ends with it, and the
	// task counts as not done.
	Stops func(err error) bool
	// Retry says whether a failed task may be tried again, and after which pause.
	Retry func(err error, tries int) (pause time.Duration, again bool)
	// Failed hears of each try of a task that failed, for the log; may be nil.
	Failed func(task string, err error)
}

// Live is a session at a moment: as it is recorded, and what is under way.
type Live struct {
	Session session.Session
	Current string // for people
}
