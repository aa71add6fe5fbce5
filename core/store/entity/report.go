package entity

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Report is what a trigger or sweep deleted, or would delete.
type Report struct {
	// Rows in the order of registration, then of reasons.
	Rows []Row
	// Active are sessions that were left alone since they have not ended,
	// ascending.
	Active []string
	Dry    bool
}

// Row is one reason to delete records of one kind.
type Row struct {
	Kind    string // a kind's name, or "scratch file" of what nobody has noted
	Reason  string // for people: "idle for 1h0m0s"
	Records int    // or references, or files
	Bytes   int64  // about what they took
}

// Bytes is the sum of all rows.
func (r Report) Bytes() int64 {
	var sum int64
	for _, row := range r.Rows {
		sum += row.Bytes
	}
	return sum
}

// strayFile is the kind of scratch files that nobody has noted.
const strayFile = "scratch file"

// The reasons.
const (
	whySessionGone = "its session is gone"
	whyNodeGone    = "its node is gone"
	whyStray       = "no session has it"
	whyRefNode     = "a node that referred to it is gone"
	whyLastRef     = "the last node that referred to it is gone"
)

func whyIdle(d time.Duration) string { return fmt.Sprintf("idle for %v", d) }

// tally counts what goes. In a dry run it remembers what would be gone, so that
// nothing counts twice.
type tally struct {
	dry    bool
	rows   map[Row]Row // by kind and reason
	active map[string]bool
	gone   map[string]bool // sessions
	done   map[string]bool // see ownerMark and recordMark
}

func newTally(dry bool) *tally {
	return &tally{dry, map[Row]Row{}, map[string]bool{}, map[string]bool{}, map[string]bool{}}
}

func (t *tally) add(kind, reason string, records int, bytes int64) {
	if records == 0 {
		return
	}
	id := Row{Kind: kind, Reason: reason}
	sum, ok := t.rows[id]
	if !ok {
		sum = id
	}
	sum.Records += records
	sum.Bytes += bytes
	t.rows[id] = sum
}

// mark remembers that something is done with, and reports whether it was not
// so before.
func (t *tally) mark(what string) bool {
	if t.done[what] {
		return false
	}
	t.done[what] = true
	return true
}

// ownerMark stands for all records that an owner has of a kind.
func ownerMark(by owner, kind, id string) string {
	return fmt.Sprintf("owner %d %s %s", by, kind, id)
}

// recordMark stands for one record.
func recordMark(kind string, e entry) string { return "record " + kind + " " + string(e.key) }

func (t *tally) report(kinds []Registered) Report {
	place := map[string]int{strayFile: len(kinds)}
	for i, k := range kinds {
		place[k.Name()] = i
	}
	rows := slices.SortedFunc(maps.Values(t.rows), func(a, b Row) int {
		return cmp.Or(cmp.Compare(place[a.Kind], place[b.Kind]), cmp.Compare(a.Reason, b.Reason))
	})
	return Report{Rows: rows, Active: slices.Sorted(maps.Keys(t.active)), Dry: t.dry}
}
