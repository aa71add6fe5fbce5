package main

import (
	"math"
	"time"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/model/tree"
)

// The types here are what --json writes. Their names stay from release to
// release; new ones may be added.

type nodeJSON struct {
	ID          string     `json:"id"`
	Type        string     `json:"type"` // folder, shape
	Name        string     `json:"name"`
	Path        string     `json:"path,omitempty"`
	Description string     `json:"description,omitempty"`
	Source      string     `json:"source,omitempty"` // for people
	License     string     `json:"licence,omitempty"`
	Draft       bool       `json:"draft,omitempty"`   // there is an unfinished edit
	New         bool       `json:"new,omitempty"`     // it is a draft only
	Session     string     `json:"session,omitempty"` // state of its session
	Tiles       bool       `json:"tiles,omitempty"`
	TileBytes   int64      `json:"tile_bytes,omitempty"`
	Built       *time.Time `json:"built,omitempty"`
	MaxZoom     int        `json:"maxzoom,omitempty"`
	From        string     `json:"from,omitempty"` // of the trash: where it was
	Deleted     *time.Time `json:"deleted,omitempty"`
	Count       int        `json:"count,omitempty"` // of a folder: how many nodes it holds
	Nodes       []nodeJSON `json:"nodes,omitempty"`

	// Of node show:

	Selection string            `json:"selection,omitempty"` // as --select takes it
	Variant   map[string]string `json:"variant,omitempty"`   // as --variant takes it
	// AcceptedBy accepted the licence of the source, when Accepted says.
	AcceptedBy string     `json:"accepted_by,omitempty"`
	Accepted   *time.Time `json:"accepted,omitempty"`

	Files    []fileJSON        `json:"files,omitempty"`
	Settings map[string]string `json:"settings,omitempty"` // as --set takes them
	Runs     []runJSON         `json:"runs,omitempty"`
}

type fileJSON struct {
	Path  string `json:"path"`
	Layer string `json:"layer,omitempty"`
}

func nodesJSON(nodes []listed) []nodeJSON {
	out := make([]nodeJSON, 0, len(nodes))
	for _, l := range nodes {
		n := nodeOf(l.Node, l.path)
		if len(l.nodes) > 0 {
			n.Nodes = nodesJSON(l.nodes)
		}
		out = append(out, n)
	}
	return out
}

func nodeOf(n engine.Node, path string) nodeJSON {
	out := nodeJSON{
		ID: n.ID, Type: string(n.Type), Name: n.Name, Path: path, Description: n.Description, Source: n.Source,
		License: n.License, Draft: n.Draft, New: n.New, Session: string(n.Session), Tiles: n.HasTiles,
		TileBytes: n.Bytes, Built: moment(n.Built), MaxZoom: n.MaxZoom, From: n.From, Deleted: moment(n.Deleted),
	}
	if n.Type == tree.Folder {
		out.Count = n.Children
	}
	return out
}

// moment is a time for JSON, in UTC; nil for none.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// millionths rounds a measure to six decimals: what comes behind is the noise of
// arithmetic.
func millionths(x float64) float64 { return math.Round(x*1e6) / 1e6 }

type sessionJSON struct {
	ID          string         `json:"id"`
	Node        string         `json:"node"`
	Name        string         `json:"name"` // of the node
	Status      string         `json:"status"`
	Percent     float64        `json:"percent"` // 0 … 100
	Created     *time.Time     `json:"created,omitempty"`
	Started     *time.Time     `json:"started,omitempty"`
	Ended       *time.Time     `json:"ended,omitempty"`
	Worked      float64        `json:"worked_seconds"` // without pauses
	Remaining   float64        `json:"remaining_seconds,omitempty"`
	CPU         float64        `json:"cpu_seconds"`
	Current     string         `json:"current,omitempty"`
	Reason      string         `json:"reason,omitempty"` // why it is paused or has failed
	Interrupted bool           `json:"interrupted,omitempty"`
	Tasks       tasksJSON      `json:"tasks"`
	Tiles       int64          `json:"tiles"`
	Bytes       int64          `json:"bytes"` // of tiles
	Faults      map[string]int `json:"faults,omitempty"`
}

// tasksJSON counts the tasks of a session.
type tasksJSON struct {
	Total     int `json:"total"`
	Completed int `json:"completed"`
	Failed    int `json:"failed"`
	Stopped   int `json:"stopped"` // cancelled or skipped
}

func sessionOf(s engine.Session) sessionJSON {
	return sessionJSON{
		ID: s.ID, Node: s.Node, Name: s.NodeName, Status: string(s.Status), Percent: millionths(s.Progress.Overall),
		Created: moment(s.Created), Started: moment(s.Started), Ended: moment(s.Ended),
		Worked: millionths(s.Worked.Seconds()), Remaining: millionths(s.Progress.Remaining.Seconds()), CPU: millionths(s.CPU.Seconds()),
		Current: s.Current, Reason: s.Reason, Interrupted: s.Interrupted,
		Tasks: tasksJSON{s.Total, s.Session.Completed, s.Failed, s.Stopped},
		Tiles: s.Tiles, Bytes: s.Bytes, Faults: s.Faults,
	}
}

type runJSON struct {
	Session  string         `json:"session"`
	Node     string         `json:"node"`
	Name     string         `json:"name,omitempty"` // of the node
	Status   string         `json:"status"`         // completed, failed, cancelled
	Reason   string         `json:"reason,omitempty"`
	Started  *time.Time     `json:"started,omitempty"`
	Ended    *time.Time     `json:"ended,omitempty"`
	Worked   float64        `json:"worked_seconds"`
	CPU      float64        `json:"cpu_seconds"`
	Features int            `json:"features"`
	Drawn    int            `json:"drawn"`
	Vertices int            `json:"vertices"`
	Tiles    int            `json:"tiles"`
	Bytes    int64          `json:"bytes"`
	MinZoom  int            `json:"minzoom"`
	MaxZoom  int            `json:"maxzoom"`
	Faults   map[string]int `json:"faults,omitempty"`
	Inputs   []string       `json:"inputs,omitempty"` // sha256 of what was read
}

func runOf(r shape.RunSummary, name string) runJSON {
	return runJSON{
		Session: r.Session, Node: r.Node, Name: name, Status: r.Status, Reason: r.Reason,
		Started: moment(r.Started), Ended: moment(r.Ended), Worked: millionths(r.Worked.Seconds()), CPU: millionths(r.CPU.Seconds()),
		Features: r.Features, Drawn: r.Drawn, Vertices: r.Vertices, Tiles: r.Tiles, Bytes: r.Bytes,
		MinZoom: r.MinZoom, MaxZoom: r.MaxZoom, Faults: r.Faults, Inputs: r.Inputs,
	}
}

type taskJSON struct {
	ID      string     `json:"id"`
	Name    string     `json:"name,omitempty"`
	Stage   string     `json:"stage"`
	Status  string     `json:"status"`
	Percent float64    `json:"percent"`
	Error   string     `json:"error,omitempty"`
	Count   int        `json:"count,omitempty"` // tasks below it
	Tasks   []taskJSON `json:"tasks,omitempty"`
}
