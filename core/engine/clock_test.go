package engine

import (
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/tree"
)

// backwards returns a clock that goes back an hour each time it is looked at.
func backwards() func() time.Time {
	var looks atomic.Int64
	begin := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	return func() time.Time { return begin.Add(-time.Duration(looks.Add(1)) * time.Hour) }
}

// A clock that is set back costs nothing: runs end, are paused and resumed, and
// are known; what was done can be undone; nothing is swept.
func TestTheClockGoesBackwards(t *testing.T) {
	dir := t.TempDir()
	in := gridFile(t, dir, 10)
	e := openEngine(t, filepath.Join(dir, "data"))
	n := newShape(t, e, "Grid", in)
	runTo(t, e, n.ID, session.Completed)
	want := tilesOf(t, e, n.ID)
	now := backwards()
	e.now, e.tree.Now, e.board.Now = now, now, now
	for range 2 {
		runTo(t, e, n.ID, session.Completed)
		same(t, tilesOf(t, e, n.ID), want)
	}
	runs, err := e.Runs(t.Context(), n.ID)
	if err != nil || len(runs) != 3 {
		t.Errorf("runs: %+v, %v", runs, err)
	}
	for _, r := range runs {
		if r.Worked < 0 || r.CPU < 0 || r.Tiles == 0 {
			t.Errorf("run: %+v", r)
		}
	}
	if _, err := e.CreateFolder(t.Context(), tree.Root, "F"); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Rename(t.Context(), n.ID, "Other"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"rename “Grid” to “Other”", "create “F”"} {
		if what, err := e.Undo(t.Context()); err != nil || what != want {
			t.Errorf("undo: %q, %v", what, err)
		}
	}
	if _, err := e.Sweep(t.Context(), false); err != nil {
		t.Error(err)
	}
	if r, err := e.Check(t.Context(), false); err != nil || len(r.Findings) > 0 {
		t.Errorf("check: %+v, %v", r.Findings, err)
	}
	same(t, tilesOf(t, e, n.ID), want)
}
