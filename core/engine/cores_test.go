package engine

import (
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/shapes-desktop/shapes/core/model/session"
)

// TestSessionsShareTheCores: all sessions together compute on no more cores than
// the machine has. One that gets none waits, can be paused meanwhile, and goes on.
func TestSessionsShareTheCores(t *testing.T) {
	dir := t.TempDir()
	e := openEngine(t, filepath.Join(dir, "data"))
	n := newShape(t, e, "Grid", gridFile(t, dir, 4))
	for range runtime.GOMAXPROCS(0) {
		if err := e.runs.cores.Take(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	s, err := e.Start(t.Context(), n.ID)
	if err != nil {
		t.Fatal(err)
	}
	downloaded := func() bool {
		if s, err = e.Session(t.Context(), s.ID); err != nil {
			t.Fatal(err)
		}
		return s.Progress.Download == 100
	}
	for !downloaded() { // which takes none
		time.Sleep(time.Millisecond)
	}
	time.Sleep(50 * time.Millisecond) // in which it would have gone on
	if downloaded(); s.Status != session.Running || s.Progress.Simplify1 > 0 {
		t.Fatalf("without a core it is %s, at %+v", s.Status, s.Progress)
	}
	if err := e.Pause(t.Context(), s.ID); err != nil {
		t.Fatal(err)
	}
	for range runtime.GOMAXPROCS(0) {
		e.runs.cores.Give()
	}
	if err := e.Resume(t.Context(), s.ID); err != nil {
		t.Fatal(err)
	}
	if s, err = e.Wait(t.Context(), s.ID); err != nil || s.Status != session.Completed {
		t.Fatalf("%s %q %v", s.Status, s.Reason, err)
	}
}
