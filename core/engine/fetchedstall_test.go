package engine

import (
	"strings"
	"sync"
	"testing"

	"github.com/shapes-desktop/shapes/core/model/session"
)

// stall lets a host never answer for a path until the test ends, and tells when
// it was asked for the first time.
func stall(t *testing.T, h *hosts, path string) (asked <-chan struct{}) {
	t.Helper()
	first, over := make(chan struct{}), make(chan struct{})
	var once sync.Once
	h.before = func(name string) {
		if name == path {
			once.Do(func() { close(first) })
			<-over
		}
	}
	t.Cleanup(func() { close(over) }) // before the server closes, which waits for its answers
	return first
}

// TestADownloadThatStallsIsCancelled: the others go on, and the session says that
// something is not there.
func TestADownloadThatStallsIsCancelled(t *testing.T) {
	h := newHosts(t)
	paths := serveGADM(h)
	asked := stall(t, h, paths[1])
	e := openFetching(t, h)
	node := benelux(t, e, 2)
	s, err := e.Start(t.Context(), node)
	if err != nil {
		t.Fatal(err)
	}
	<-asked
	if err := e.Cancel(t.Context(), s.ID, node+"-download-BEL-level1"); err != nil {
		t.Fatal(err)
	}
	s, err = e.Wait(t.Context(), s.ID)
	if err != nil || s.Status != session.Completed || !strings.Contains(s.Reason, "cancelled") {
		t.Fatalf("%s %q, %v", s.Status, s.Reason, err)
	}
	runs, err := e.Runs(t.Context(), node)
	if err != nil || len(runs) != 1 || runs[0].Faults[faultNotRead] != 1 || !strings.Contains(runs[0].Samples[0], "Belgium (BEL), level 1: cancelled") {
		t.Errorf("told afterwards: %+v, %v", runs, err)
	}
}

// TestAFileThatIsNotThere: the others make the tiles, and the summary says what
// is missing and why, also after the session is gone.
func TestAFileThatIsNotThere(t *testing.T) {
	h := newHosts(t)
	paths := serveGADM(h)
	delete(h.files, paths[2])
	e := openFetching(t, h)
	node := benelux(t, e, 2)
	runTo(t, e, node, session.Completed)
	runs, err := e.Runs(t.Context(), node)
	if err != nil || len(runs) != 1 || runs[0].Faults[faultNotRead] != 1 {
		t.Fatalf("%+v, %v", runs, err)
	}
	if said := runs[0].Samples[0]; !strings.Contains(said, "Luxembourg (LUX), level 0") || !strings.Contains(said, "no such file (404)") {
		t.Errorf("told: %q", said)
	}
}

// TestPauseAndCloseWhileADownloadStalls: neither waits for the server, and the
// other session that waits for the same file is not disturbed by a pause.
func TestPauseAndCloseWhileADownloadStalls(t *testing.T) {
	h := newHosts(t)
	paths := serveGADM(h)
	asked := stall(t, h, paths[0])
	e := openFetching(t, h)
	var ids []string
	for n := range 2 {
		s, err := e.Start(t.Context(), benelux(t, e, n+1))
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, s.ID)
	}
	<-asked
	if err := e.Pause(t.Context(), ids[0]); err != nil {
		t.Fatal(err)
	}
	for i, want := range []session.Status{session.Paused, session.Running} {
		if s, err := e.Session(t.Context(), ids[i]); err != nil || s.Status != want {
			t.Errorf("session %d is %s, want %s: %v", i, s.Status, want, err)
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
}
