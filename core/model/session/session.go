// Package session is the records of a run: sessions, their tasks and the
// dependencies between them, the buffers that stages leave behind, the tables
// of legal transitions, and the arithmetic of progress. Its Board says what may
// run next and what follows from each end; it runs nothing itself.
package session

import (
	"time"

	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// Status of a session or task.
type Status string

// The states. A session is never Queued or Skipped, a task never Paused.
const (
	Pending   Status = "pending"
	Queued    Status = "queued"
	Running   Status = "running"
	Paused    Status = "paused"
	Completed Status = "completed"
	Failed    Status = "failed"
	Cancelled Status = "cancelled"
	Skipped   Status = "skipped"
)

// Stage is one of the four steps of the pipeline.
type Stage string

// The stages, in the order of the data.
const (
	Download   Stage = "download"
	Simplify1  Stage = "simplify1"
	Simplify2  Stage = "simplify2"
	VectorTile Stage = "vectorTile"
)

// Session is one run for a node (the original's BatchSession; Group,
// Ephemeral, one active per node).
type Session struct {
	ID      string       `cbor:"1,keyasint"` // UUID version 7
	Node    string       `cbor:"2,keyasint"`
	Created time.Time    `cbor:"3,keyasint"`
	Updated time.Time    `cbor:"4,keyasint"`
	Status  Status       `cbor:"5,keyasint"`
	Config  shape.Config `cbor:"6,keyasint"`
	// ShapeVersion is the version of the shape that is run.
	ShapeVersion uint64 `cbor:"7,keyasint"`
	// Counts of leaf tasks, kept as they change.
	Total     int `cbor:"8,keyasint"`
	Completed int `cbor:"9,keyasint"`
	Failed    int `cbor:"10,keyasint"`
	// Stopped counts tasks that were cancelled or skipped.
	Stopped int       `cbor:"11,keyasint"`
	Started time.Time `cbor:"12,keyasint,omitzero"`
	Ended   time.Time `cbor:"13,keyasint,omitzero"`
	// Worked is the time of work so far, without pauses.
	Worked   time.Duration `cbor:"14,keyasint"`
	Progress Progress      `cbor:"15,keyasint"`
	// Reason says why it is paused or failed, for people; "" if the user paused.
	Reason string `cbor:"16,keyasint,omitempty"`
	// Interrupted: it ran when the program ended.
	Interrupted bool      `cbor:"17,keyasint,omitempty"`
	Accessed    time.Time `cbor:"18,keyasint"`
	// References is the original's block for shared sessions.
	References SessionReferences `cbor:"19,keyasint"`
	// CPU used so far.
	CPU time.Duration `cbor:"20,keyasint"`
	// Faults so far, by code, and some of each with their place.
	Faults  map[string]int `cbor:"21,keyasint,omitempty"`
	Samples []string       `cbor:"22,keyasint,omitempty"`
	// Source says what is read, as the shape said it when the session began.
	Source    shape.Source    `cbor:"23,keyasint"`
	Files     []shape.File    `cbor:"24,keyasint,omitempty"`
	Selection shape.Selection `cbor:"25,keyasint,omitempty"`
	// Inputs are the hashes of the inputs (sha256, hex), known after download.
	Inputs []string `cbor:"26,keyasint,omitempty"`
	// Variant, License and Refresh (ask servers whether files at hand are
	// current) are as the shape had them.
	Variant shape.Variant  `cbor:"27,keyasint,omitzero"`
	License *shape.Consent `cbor:"28,keyasint,omitempty"`
	Refresh bool           `cbor:"29,keyasint,omitempty"`
	// Work is the weight of the tasks of each stage, in the order of Stages.
	Work [4]Work `cbor:"40,keyasint"`
	// Made is the sum of the results of completed tasks, kept by the Board; Note
	// stays empty.
	Made Result `cbor:"41,keyasint"`
	// Ticked is up to when Worked has been counted; zero while it does not run.
	Ticked time.Time `cbor:"42,keyasint,omitzero"`
	// Stages is the time of work of the tasks of each stage, added up.
	Stages map[Stage]time.Duration `cbor:"44,keyasint,omitempty"`
	// Pace is how progress went lately, oldest first: Remaining comes from it.
	Pace []Pace `cbor:"43,keyasint,omitempty"`
}

// SessionReferences says who uses a session.
type SessionReferences struct {
	Sessions    []string      `cbor:"1,keyasint,omitempty"` // of user interfaces
	Primary     string        `cbor:"2,keyasint,omitempty"`
	MaxSessions int           `cbor:"3,keyasint"` // 1
	DeleteEmpty bool          `cbor:"4,keyasint"` // true
	Timeout     time.Duration `cbor:"5,keyasint"` // 2 h
}

// Progress in percent, 0 … 100; it never goes back.
type Progress struct {
	Download   float64 `cbor:"1,keyasint"`
	Simplify1  float64 `cbor:"2,keyasint"`
	Simplify2  float64 `cbor:"3,keyasint"`
	VectorTile float64 `cbor:"4,keyasint"`
	Overall    float64 `cbor:"5,keyasint"`
	// Remaining is the estimated time to go; 0 if not known.
	Remaining time.Duration `cbor:"6,keyasint"`
}

// Sessions returns the table of sessions, by id.
func Sessions() *kv.Table[Session] {
	return &kv.Table[Session]{
		Name: "sessions", Version: 1,
		Key: func(s *Session) kv.Key { return kv.Key(nil).Str(s.ID) },
		Indexes: []kv.Index[Session]{
			{Name: "node", Keys: kv.One(func(s *Session) kv.Key { return kv.Key(nil).Str(s.Node) })},
			{Name: "status", Keys: kv.One(func(s *Session) kv.Key { return kv.Key(nil).Str(string(s.Status)) })},
			{Name: "created", Keys: kv.One(func(s *Session) kv.Key { return kv.Key(nil).Time(s.Created) })},
		},
	}
}

// Task is a unit of work of a session, or the parent of some (the original's
// BatchTask; Group, Ephemeral). Its children are found by the index "parent".
type Task struct {
	// ID is readable and unique in the session: "<node>-simplify1-JPN-level1".
	ID      string    `cbor:"1,keyasint"`
	Session string    `cbor:"2,keyasint"` // with ID, the key
	Node    string    `cbor:"3,keyasint"`
	Created time.Time `cbor:"4,keyasint"`
	Updated time.Time `cbor:"5,keyasint"`
	Status  Status    `cbor:"6,keyasint"`
	Parent  string    `cbor:"7,keyasint,omitempty"` // id of the task above, "" at the top
	Stage   Stage     `cbor:"8,keyasint"`
	// Of a parent: how many children it has, and how many of them have ended,
	// well or by being skipped or cancelled, or failed.
	Children          int `cbor:"9,keyasint,omitempty"`
	CompletedChildren int `cbor:"10,keyasint,omitempty"`
	FailedChildren    int `cbor:"11,keyasint,omitempty"`
	StoppedChildren   int `cbor:"12,keyasint,omitempty"`
	// Waiting is how many dependencies keep it from being queued.
	Waiting int `cbor:"13,keyasint,omitempty"`
	// Priority: the smaller goes first.
	Priority int `cbor:"14,keyasint"`
	// Weight is its share of the work, in bytes or vertices; of a parent the sum
	// of its children's. DoneWeight is what of it has ended.
	Weight     float64 `cbor:"15,keyasint"`
	DoneWeight float64 `cbor:"16,keyasint"`
	// Error of a failed task or of the try before, or why it was skipped, for
	// people.
	Error      string     `cbor:"17,keyasint,omitempty"`
	Retries    int        `cbor:"18,keyasint,omitempty"`
	MaxRetries int        `cbor:"19,keyasint,omitempty"`
	Started    time.Time  `cbor:"20,keyasint,omitzero"`
	Ended      time.Time  `cbor:"21,keyasint,omitzero"`
	Config     TaskConfig `cbor:"22,keyasint"`
	// Buffers are the ids of what it has made.
	Buffers []string `cbor:"23,keyasint,omitempty"`
	// Result is what conditions may ask about.
	Result Result `cbor:"24,keyasint"`
	// Name for people.
	Name string `cbor:"25,keyasint,omitempty"`
	// Group: it stands for its children and never runs itself. It may have none
	// yet. Its status, counts and weights come from its children alone.
	Group bool `cbor:"26,keyasint,omitempty"`
	// Of a group: how many children run or are begun, and how many of
	// StoppedChildren were skipped.
	RunningChildren int `cbor:"27,keyasint,omitempty"`
	SkippedChildren int `cbor:"28,keyasint,omitempty"`
	// Halted: the group was cancelled as a whole; what is added to it later is
	// cancelled too, until it is retried.
	Halted bool `cbor:"29,keyasint,omitempty"`
	// NotBefore is until when a queued task is not ready: it has failed and gets
	// another chance after a pause.
	NotBefore time.Time `cbor:"30,keyasint,omitzero"`
	// Awaited says whether tasks depend on this one: see awaitsBegin, awaitsEnd.
	Awaited byte `cbor:"31,keyasint,omitempty"`
}

// What dependants of a task wait for.
const (
	awaitsBegin = 1 << iota // some are parallel
	awaitsEnd               // some are not
)

// Progress of a task in percent, 0 … 100; of a parent computed from its
// children.
func (t *Task) Progress() float64 {
	switch {
	case t.Status == Completed:
		return 100
	case t.Weight <= 0:
		return 0
	}
	return min(100, 100*t.DoneWeight/t.Weight)
}

// TaskConfig is what a task works on; which fields count depends on its stage.
type TaskConfig struct {
	Source  shape.Source `cbor:"1,keyasint,omitempty"`
	Country string       `cbor:"2,keyasint,omitempty"` // ISO 3166 alpha-3
	Level   int          `cbor:"3,keyasint"`           // administrative level, -1 if of none
	URL     string       `cbor:"4,keyasint,omitempty"`
	Path    string       `cbor:"5,keyasint,omitempty"` // of a local file
	Layer   string       `cbor:"6,keyasint,omitempty"`
	Zoom    int          `cbor:"7,keyasint"`
	Block   int          `cbor:"8,keyasint"` // of a zoom's tiles, along the Hilbert curve
	Input   int          `cbor:"9,keyasint"` // place among the inputs
	// Simplification, as the session's Config has it.
	Algorithm        shape.Algorithm `cbor:"10,keyasint,omitempty"`
	Tolerance        float64         `cbor:"11,keyasint,omitempty"` // tile units
	PreserveTopology bool            `cbor:"12,keyasint,omitempty"`
	MinArea          float64         `cbor:"13,keyasint,omitempty"`
	MaxVertices      int             `cbor:"14,keyasint,omitempty"`
	// Kind tells tasks of one stage apart, such as "arcs" and "cell".
	Kind        string            `cbor:"15,keyasint,omitempty"`
	Timeout     time.Duration     `cbor:"16,keyasint,omitempty"`
	RetryDelay  time.Duration     `cbor:"17,keyasint,omitempty"`
	Format      Format            `cbor:"18,keyasint,omitempty"`
	Compression shape.Compression `cbor:"19,keyasint,omitempty"`
}

// Result is what a finished task came to: what conditions may ask about.
type Result struct {
	Features int   `cbor:"1,keyasint,omitempty"`
	Vertices int   `cbor:"2,keyasint,omitempty"`
	Tiles    int   `cbor:"3,keyasint,omitempty"`
	Bytes    int64 `cbor:"4,keyasint,omitempty"`
	Faults   int   `cbor:"5,keyasint,omitempty"`
	// Note is what the stage wants to know again when a session is resumed, in a
	// form of its own.
	Note []byte `cbor:"6,keyasint,omitempty"`
}

// Tasks returns the table of tasks, by session and id.
func Tasks() *kv.Table[Task] {
	in := func(t *Task) kv.Key { return kv.Key(nil).Str(t.Session) }
	return &kv.Table[Task]{
		Name: "tasks", Version: 1,
		Key: func(t *Task) kv.Key { return TaskKey(t.Session, t.ID) },
		Indexes: []kv.Index[Task]{
			{Name: "session", Keys: kv.One(func(t *Task) kv.Key { return in(t).Time(t.Created) })},
			{Name: "parent", Keys: kv.One(func(t *Task) kv.Key { return in(t).Str(t.Parent).Uint(uint64(t.Priority)) })},
			{Name: "status", Keys: kv.One(func(t *Task) kv.Key { return in(t).Str(string(t.Status)) })},
			// What a scheduler asks: the ready tasks of a stage, first things first.
			{Name: "stage", Keys: kv.One(func(t *Task) kv.Key {
				return in(t).Str(string(t.Stage)).Str(string(t.Status)).Uint(uint64(t.Priority))
			})},
			{Name: "priority", Keys: kv.One(func(t *Task) kv.Key { return in(t).Str(string(t.Status)).Uint(uint64(t.Priority)) })},
		},
	}
}

// TaskKey is the key of a task's record.
func TaskKey(session, task string) kv.Key { return kv.Key(nil).Str(session).Str(task) }
