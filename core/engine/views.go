package engine

import (
	"time"

	"github.com/shapes-desktop/shapes/core/model/draft"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/model/tree"
)

// Node is a row of the tree: a node, or the draft of one that is not in the
// tree yet.
type Node struct {
	ID          string
	Parent      string // id of a folder; tree.Root at the top, tree.Trash in the trash
	Type        tree.Type
	Name        string
	Description string
	Version     uint64
	// Children is how many nodes a folder holds, drafts counted.
	Children int

	// Of a shape:

	Source  string // for people, with vintage
	License string
	Draft   bool // there is an unfinished edit of it
	New     bool // it is a draft only: it cannot be run, exported or referred to
	// Session is the state of its session that has not ended, "" if none.
	Session  session.Status
	HasTiles bool
	Built    time.Time // of the tiles; zero if none
	Bytes    int64     // of the tile file
	MaxZoom  int

	// Of what is in the trash:

	From    string // where it was, as a path for people
	Deleted time.Time
}

// Found is a hit of a search.
type Found struct {
	Node Node
	Path string // of the folder it is in, for people: "Europe / North"
}

// UndoState says what undo and redo would do, for people: "rename “Italy”"; ""
// if there is nothing.
type UndoState struct{ Undo, Redo string }

// Policy says what an import does about a name that is taken.
type Policy string

// The policies.
const (
	Skip    Policy = "skip"    // leave the new one out
	Replace Policy = "replace" // move the old one to the trash
	Rename  Policy = "rename"  // call the new one "name (2)"
)

// Imported is what an import did.
type Imported struct {
	Nodes    []Node // at the top of what came in
	Made     int    // nodes made
	Skipped  int
	Replaced int
	Renamed  int
	Tiles    int // tilesets that came with them
	// Ignored are entries of the file that belong to nothing in it.
	Ignored []string
}

// Edit is an open working copy: what a form shows and writes back with Change.
type Edit struct {
	draft.WorkingCopy // Shape is never nil here
	Path              string
}

// Recovery is what the last end of the program left unfinished.
type Recovery struct {
	Drafts   []Node    // that were open edits
	Sessions []Session // that were interrupted, now paused
	// Damaged tells of databases that were set aside or restored, for people.
	Damaged []string
}

// Session is a session as a screen shows it.
type Session struct {
	session.Session
	NodeName string
	// Current is what is being worked on, for people; MB/s and the like are not
	// in it.
	Current string
	Tiles   int64
	Bytes   int64 // of tiles so far, compressed
	// Ready, of a session that is active: what it may be told now.
	CanPause, CanResume, CanCancel, CanRetry bool
}

// Task is a row of a session's page.
type Task struct {
	session.Task
	Children int     // how many tasks stand below it
	Percent  float64 // 0 … 100
}

// SweepReport is what a sweep freed, or would free.
type SweepReport struct {
	Rows  []SweepRow
	Bytes int64
	Dry   bool
}

// SweepRow is one reason to delete, and how much it came to.
type SweepRow struct {
	Kind    string // "BatchBuffer", "tile file", "cache file" …
	Reason  string // "idle for 1 h", "session has ended", "no node has it"
	Records int
	Bytes   int64
}

// CheckReport is what a check of the data directory found.
type CheckReport struct {
	Checked  []string // what was looked at: "core.db: 7 tables, 1,204 records"
	Findings []CheckFinding
	Repaired bool
}

// CheckFinding is one thing that is wrong.
type CheckFinding struct {
	Where  string // "core.db, table nodes"
	What   string
	Repair string // what repairing does about it; "" if nothing can
}

// NewShape says what a new shape begins with; the zero value is the bundled
// world.
type NewShape struct {
	Name        string
	Description string
	Source      shape.Source // "" is shape.Sample
	Variant     shape.Variant
	Files       []shape.File
	License     *shape.Consent // what was accepted; nil: nothing yet
	Selection   shape.Selection
	Config      *shape.Config // nil: the defaults
}
