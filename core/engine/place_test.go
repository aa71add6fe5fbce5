package engine

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/shapes-desktop/shapes/core/model/session"
)

// Of a cancel and of putting tiles in place, one comes first; the other hears of
// it.
func TestPlacingAndCancellingExcludeEachOther(t *testing.T) {
	e := openEngine(t, t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	run := &running{over: make(chan struct{})}
	e.runs.mu.Lock()
	e.runs.by["s"] = run
	e.runs.mu.Unlock()

	asked := 0
	stop := func(*running) error { asked++; cancel(); return nil }
	if err := e.unlessPlacing(t.Context(), "s", stop); err != nil || asked != 1 {
		t.Fatal(asked, err)
	}
	if err := run.place(ctx); !errors.Is(err, context.Canceled) || run.placing {
		t.Errorf("placed after a cancel: %v", err)
	}
	if err := run.place(t.Context()); err != nil || !run.placing {
		t.Fatal(err)
	}
	close(run.over) // it ends, and goes, as one does that went well
	var state *session.StateError
	if err := e.unlessPlacing(t.Context(), "s", stop); !errors.As(err, &state) || state.From != session.Completed || asked != 1 {
		t.Errorf("cancelled while placing: %v, asked %d times", err, asked)
	}
	run.unplaced()
	if err := e.unlessPlacing(t.Context(), "s", stop); err != nil || asked != 2 {
		t.Error(asked, err)
	}
	e.runs.mu.Lock()
	delete(e.runs.by, "s")
	e.runs.mu.Unlock()
}

// A session that is cancelled in its last moments has new tiles if it says that
// it has completed, and only then.
func TestCancelledInTheLastMoment(t *testing.T) {
	e, node, _ := undisturbed(t)
	stat := func() os.FileInfo {
		info, err := os.Stat(e.tileFile(node))
		if err != nil {
			t.Fatal(err)
		}
		return info
	}
	for _, task := range []string{"", "", "", node + "-vectortile-store", node + "-vectortile"} {
		before := stat()
		s, err := e.Start(t.Context(), node)
		for err == nil && (s.Total == 0 || s.Completed < s.Total-1) && !s.Status.Ended() {
			time.Sleep(time.Millisecond)
			s, err = e.Session(t.Context(), s.ID)
		}
		if err == nil {
			err = e.Cancel(t.Context(), s.ID, task)
		}
		if err != nil && !errors.Is(err, ErrNoSession) && !errors.Is(err, ErrState) {
			t.Fatal(err)
		}
		if s, err = e.Wait(t.Context(), s.ID); errors.Is(err, ErrNoSession) {
			s.Status, err = session.Completed, nil
		}
		if err != nil || !s.Status.Ended() {
			t.Fatal(s.Status, err)
		}
		if swapped := !os.SameFile(before, stat()); swapped != (s.Status == session.Completed) {
			t.Errorf("cancel %q: %s %q, new tiles: %v", task, s.Status, s.Reason, swapped)
		}
	}
}
