package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

// fakeRunner is a session that goes through states as it is asked for.
type fakeRunner struct {
	asked
	states []engine.Session // what Session answers, one after the other; then ErrNoSession
	runs   []shape.RunSummary
	over   chan struct{} // Wait waits for it
	paused int
	watch  func(engine.Session)
}

func (f *fakeRunner) Session(context.Context, string) (engine.Session, error) {
	if len(f.states) == 0 {
		return engine.Session{}, engine.ErrNoSession
	}
	s := f.states[0]
	f.states = f.states[1:]
	return s, nil
}

func (f *fakeRunner) Runs(context.Context, string) ([]shape.RunSummary, error) { return f.runs, nil }

func (f *fakeRunner) Wait(ctx context.Context, id string) (engine.Session, error) {
	if f.over != nil {
		<-f.over
	}
	return f.Session(ctx, id)
}

func (f *fakeRunner) Pause(context.Context, string) error {
	f.paused++
	close(f.over)
	return nil
}

func (f *fakeRunner) Watch(fn func(engine.Session)) func() {
	f.watch = fn
	return func() { f.watch = nil }
}

func ses(st session.Status, reason string) engine.Session {
	return engine.Session{
		Session:  session.Session{ID: "s1", Node: "n1", Status: st, Reason: reason, Progress: session.Progress{Overall: 42}},
		NodeName: "Italy",
	}
}

func testEnv(t *testing.T) (v env, out, errs *bytes.Buffer) {
	t.Helper()
	out, errs = &bytes.Buffer{}, &bytes.Buffer{}
	return env{s: std{out, errs}, g: &global{dataDir: t.TempDir(), log: slog.New(slog.DiscardHandler)}}, out, errs
}

func TestOutcome(t *testing.T) {
	done := shape.RunSummary{Session: "s1", Tiles: 5, Features: 3, MaxZoom: 2}
	some := done
	some.Tasks = map[string]int{"failed": 1, "stopped": 2}
	for _, c := range []struct {
		s    engine.Session
		run  shape.RunSummary
		want []string // in the error; none: all is done
	}{
		{ses(session.Completed, ""), done, nil},
		{ses(session.Completed, ""), some, []string{"tiles of “Italy” were made", "1 task failed and 2 were left out", "session retry s1"}},
		{ses(session.Paused, ""), done, []string{"paused at 42 %;", "session resume s1"}},
		{ses(session.Paused, "the disk is full"), done, []string{"paused at 42 %: the disk is full;", "; what was done is kept; go on"}},
		{ses(session.Paused, "the disk is full; free some space. What was done is kept."), done, []string{"space. What was done is kept; go on: "}},
		{ses(session.Failed, ""), shape.RunSummary{Session: "s1", Reason: "read\nx"}, []string{"failed: read x;", "as they were before", "session retry s1"}},
		{ses(session.Cancelled, ""), done, []string{"was cancelled", "as they were before"}},
		{ses(session.Running, ""), done, []string{"is running, which should not be"}},
	} {
		v, out, _ := testEnv(t)
		err := v.outcome(t.Context(), &fakeRunner{runs: []shape.RunSummary{{Session: "s0"}, c.run}}, c.s, false)
		if (err == nil) != (c.want == nil) {
			t.Errorf("%s: %v", c.s.Status, err)
		}
		for _, w := range c.want {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: want %q in %q", c.s.Status, w, err)
			}
		}
		if told := strings.Contains(out.String(), "features     3 read"); told != (c.s.Status == session.Completed) {
			t.Errorf("%s: said %q", c.s.Status, out)
		}
	}
}

// What stopped is written as paused only a moment later; what ended well is
// gone.
func TestSettled(t *testing.T) {
	running := ses(session.Running, "")
	f := &fakeRunner{states: []engine.Session{running, ses(session.Paused, "x")}}
	if s, err := settled(t.Context(), f, running, running, nil); err != nil || s.Status != session.Paused || s.Reason != "x" {
		t.Errorf("%v, %v", s.Status, err)
	}
	f = &fakeRunner{states: []engine.Session{running}}
	if s, err := settled(t.Context(), f, running, running, nil); err != nil || s.Status != session.Completed || s.NodeName != "Italy" {
		t.Errorf("%v, %v", s.Status, err)
	}
	boom := errors.New("boom")
	if _, err := settled(t.Context(), f, running, running, boom); !errors.Is(err, boom) {
		t.Errorf("%v", err)
	}
}

func TestFollowPausesWhenInterrupted(t *testing.T) {
	v, out, errs := testEnv(t)
	f := &fakeRunner{over: make(chan struct{}), states: []engine.Session{ses(session.Paused, "")}}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := v.follow(ctx, f, ses(session.Running, ""), false)
	if err == nil || !strings.Contains(err.Error(), "paused at 42 %") || f.paused != 1 || f.watch != nil {
		t.Errorf("%v, paused %d times", err, f.paused)
	}
	if errors.Is(err, context.Canceled) || out.Len()+errs.Len() > 0 {
		t.Errorf("%v; said %q %q", err, out, errs)
	}
}

func TestProgressOf(t *testing.T) {
	s := ses(session.Running, "")
	s.Progress = session.Progress{Download: 100, Simplify1: 40, Overall: 25, Remaining: 90 * time.Second}
	s.Worked, s.Tiles, s.Bytes = 30*time.Second, 12, 34_000
	p := progressOf(s)
	if got := describe(p); p.Overall != 0.25 || got != "finding shared borders, 12 tiles, 34 kB, 1m30s left" {
		t.Errorf("%v, %q", p.Overall, got)
	}
}
