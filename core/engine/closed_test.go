package engine

import (
	"path/filepath"
	"testing"

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
