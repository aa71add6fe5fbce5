package engine

import (
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/shapes-desktop/shapes/core/model/session"
)

// Who closed the program while a session ran is asked about it at the next
// start; who paused it by hand is not.
func TestClosedProgramOffersToGoOn(t *testing.T) {
	for _, byHand := range []bool{false, true} {
		dir := t.TempDir()
		e := openEngine(t, filepath.Join(dir, "data"))
		n := newShape(t, e, "Squares", write(t, dir, "squares.geojson", twoSquares))
		s := pausedSession(t, e, n.ID, byHand)
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		r := openEngine(t, filepath.Join(dir, "data")).Recovery(t.Context())
		if byHand && len(r.Sessions) != 0 {
			t.Errorf("paused by hand, and asked about: %+v", r.Sessions)
		}
		if !byHand && (len(r.Sessions) != 1 || r.Sessions[0].ID != s || !r.Sessions[0].CanResume) {
			t.Errorf("closed, and not asked about: %+v", r.Sessions)
		}
	}
}

// pausedSession leaves a session paused: by hand, or as closing does.
func pausedSession(t *testing.T, e *Engine, node string, byHand bool) string {
	t.Helper()
	s, err := e.Start(t.Context(), node)
	if err != nil {
		t.Fatal(err)
	}
	if byHand {
		err = e.Pause(t.Context(), s.ID)
	} else {
		err = e.pauseAll(closedReason)
	}
	if err != nil {
		t.Fatal(err)
	}
	if s, err = e.Session(t.Context(), s.ID); err != nil || s.Status != session.Paused {
		t.Fatalf("%s, %v", s.Status, err)
	}
	return s.ID
}

// The last that watchers hear of a session that was paused is that it is, and
// of one that was cancelled too.
func TestWatchersHearOfPauseAndCancel(t *testing.T) {
	dir := t.TempDir()
	e := openEngine(t, filepath.Join(dir, "data"))
	n := newShape(t, e, "Squares", write(t, dir, "squares.geojson", twoSquares))
	var mu sync.Mutex
	var last session.Status
	defer e.Watch(func(s Session) {
		mu.Lock()
		defer mu.Unlock()
		last = s.Status
	})()
	heard := func() session.Status {
		mu.Lock()
		defer mu.Unlock()
		return last
	}
	hears := func(want session.Status) {
		t.Helper()
		for range 1000 {
			if heard() == want {
				return
			}
			time.Sleep(5 * time.Millisecond)
		}
		t.Fatalf("told that it is %s, and never that it is %s", heard(), want)
	}
	id := pausedSession(t, e, n.ID, true)
	hears(session.Paused)
	if err := e.Cancel(t.Context(), id, ""); err != nil {
		t.Fatal(err)
	}
	hears(session.Cancelled)
}
