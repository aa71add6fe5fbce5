package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/shapes-desktop/shapes/core/model/draft"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/core/pipeline/schedule"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// Start begins a session of a shape, in the background. Errors: ErrProcessing
// if it has one that has not ended, ErrDraft, ErrNotShape, ErrNoNode.
func (e *Engine) Start(ctx context.Context, node string) (Session, error) {
	if err := e.command(); err != nil {
		return Session{}, err
	}
	defer e.commands.Unlock()
	n, s, err := e.runnable(ctx, node)
	if err != nil {
		return Session{}, fmt.Errorf("run: %w", err)
	}
	if err := e.forgetEnded(ctx, node); err != nil {
		return Session{}, err
	}
	ses, err := e.plan(n, s)
	if err != nil {
		return Session{}, fmt.Errorf("run %s: %w", n.Name, err)
	}
	if err = e.noteSession(node, ses.ID); err == nil {
		err = e.launch(ses.ID, node)
	}
	if err != nil { // it must not keep another from beginning
		return Session{}, errors.Join(err, e.eph(func(tx *kv.Tx) error { return e.board.Delete(tx, ses.ID) }))
	}
	e.log.Info("session started", "session", ses.ID, "node", n.Name)
	ses.Status = session.Running
	return e.view(*ses), nil
}

// runnable returns a node and its settings if it can be run.
func (e *Engine) runnable(ctx context.Context, node string) (Node, *shape.Shape, error) {
	n, err := e.Node(ctx, node)
	if err != nil {
		return n, nil, err
	}
	if n.Type != tree.Shape {
		return n, nil, fmt.Errorf("%s: %w", n.Name, ErrNotShape)
	}
	if err := e.ephView(func(tx *kv.Tx) error { return draft.Usable(tx, node, "run") }); err != nil {
		return n, nil, err
	}
	o, err := e.original(node)
	if err != nil {
		return n, nil, err
	}
	return n, o.Shape, o.Shape.Validate()
}

// forgetEnded deletes the ended sessions of a node: a new one begins.
func (e *Engine) forgetEnded(ctx context.Context, node string) error {
	ended, err := e.seenOff(ctx, node)
	if err != nil {
		return err
	}
	for _, id := range ended {
		if _, err := e.m.SessionComplete(ctx, id, false); err != nil {
			return err
		}
	}
	return nil
}

// seenOff makes sure that the ended sessions of a node have their summaries,
// and returns their ids.
func (e *Engine) seenOff(ctx context.Context, node string) (ended []string, err error) {
	if err := e.ephView(func(tx *kv.Tx) error {
		for s, err := range session.Sessions().By(tx, "node", kv.Key(nil).Str(node)) {
			if err != nil {
				return err
			}
			if s.Status.Ended() {
				ended = append(ended, s.ID)
			}
		}
		return nil
	}); err != nil {
		return nil, err
	}
	for _, id := range ended {
		if err := e.runs.wait(ctx, id); err != nil {
			return nil, err
		}
		if err := e.ended(ctx, id); err != nil {
			return nil, err
		}
	}
	return ended, nil
}

// plan records a new session with the tasks it begins with.
func (e *Engine) plan(n Node, s *shape.Shape) (*session.Session, error) {
	ses := &session.Session{
		ID: newID(), Node: n.ID, Config: s.Config, ShapeVersion: s.Version,
		Source: s.Source, Files: s.Files, Selection: s.Selection, Variant: s.Variant, License: s.License, Refresh: s.ClearCache,
		References: session.SessionReferences{MaxSessions: 1, DeleteEmpty: true, Timeout: sessionIdle},
	}
	inputs, err := e.inputsOf(ses)
	if err != nil {
		return nil, err
	}
	return ses, e.eph(func(tx *kv.Tx) error {
		if err := e.board.Create(tx, ses); err != nil {
			return err
		}
		return e.addPlan(tx, ses, inputs)
	})
}

func (e *Engine) addPlan(tx *kv.Tx, ses *session.Session, inputs []schedule.Input) error {
	d := ses.Config.Download
	for i := range inputs {
		c := &inputs[i].Config
		c.Timeout, c.RetryDelay, c.MaxVertices = d.Timeout, d.RetryDelay, ses.Config.Simplify1.MaxVertices
	}
	tasks, deps := schedule.Plan(ses.Node, inputs, d.Retries)
	return e.board.Add(tx, ses.ID, tasks, deps)
}

// noteSession writes into a node's settings which session it has; it is no
// edit, so that the version stays.
func (e *Engine) noteSession(node, id string) error {
	return e.core(func(tx *kv.Tx) error {
		s, ok, err := shape.Shapes().Get(tx, kv.Key(nil).Str(node))
		if err != nil || !ok || s.Session == id {
			return err
		}
		s.Session = id
		return shape.Shapes().Put(tx, &s)
	})
}

// Sessions returns all sessions there are, the newest first. Those that have
// ended well are not among them: see Runs.
func (e *Engine) Sessions(ctx context.Context) ([]Session, error) {
	var all []session.Session
	if err := e.ephView(func(tx *kv.Tx) error {
		for s, err := range session.Sessions().By(tx, "created", nil) {
			if err != nil {
				return err
			}
			all = append(all, s)
		}
		return nil
	}); err != nil {
		return nil, err
	}
	slices.Reverse(all)
	out := make([]Session, 0, len(all))
	for _, s := range all {
		out = append(out, e.view(s))
	}
	return out, ctx.Err()
}

// Session returns the session that ref names: by its id or the beginning of
// it, or by its node's id, path or name. ErrNoSession if there is none.
func (e *Engine) Session(ctx context.Context, ref string) (Session, error) {
	all, err := e.Sessions(ctx)
	if err != nil {
		return Session{}, err
	}
	for _, s := range all {
		if s.ID == ref || s.Node == ref {
			return s, nil
		}
	}
	var found []Session
	for _, s := range all {
		if len(ref) >= 4 && strings.HasPrefix(s.ID, ref) {
			found = append(found, s)
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return Session{}, fmt.Errorf("session %q: %d sessions begin so; give more of the id: %w", ref, len(found), ErrAmbiguous)
	}
	if n, err := e.Find(ctx, ref); err == nil {
		for _, s := range all {
			if s.Node == n.ID {
				return s, nil
			}
		}
		return Session{}, fmt.Errorf("“%s” has no session (%w)", n.Name, ErrNoSession)
	}
	return Session{}, fmt.Errorf("there is no session “%s” (%w)", ref, ErrNoSession)
}

// view is a session as screens see it.
func (e *Engine) view(s session.Session) Session {
	out := Session{Session: s, Tiles: int64(s.Made.Tiles), Bytes: s.Made.Bytes}
	if live, ok := e.runs.live(s.ID); ok && s.Status == session.Running {
		out.Session, out.Current = live.Session, live.Current
		out.Tiles, out.Bytes = int64(live.Session.Made.Tiles), live.Session.Made.Bytes
	}
	if why := e.runs.reason(s.ID); why != "" && s.Status == session.Running {
		out.Status, out.Reason = session.Paused, why // the disk is too full to record it
	}
	_ = e.coreView(func(tx *kv.Tx) error { // a name for people: its absence shows
		n, ok, err := tree.Nodes().Get(tx, tree.Key(s.Node))
		if ok {
			out.NodeName = n.Name
		}
		return err
	})
	out.NodeName = cmp.Or(out.NodeName, s.Node)
	st := out.Status
	out.CanPause = st == session.Running || st == session.Pending
	out.CanResume = st == session.Paused
	out.CanCancel = st.Active()
	out.CanRetry = s.Failed+s.Stopped > 0 && st != session.Pending
	return out
}

// Tasks returns tasks below parent ("": those at the top) in a session, by
// priority, at most limit, beginning behind the task named after.
func (e *Engine) Tasks(_ context.Context, ses, parent, after string, limit int) ([]Task, error) {
	var out []Task
	err := e.ephView(func(tx *kv.Tx) error {
		tasks, err := e.board.Children(tx, ses, parent, after, limit)
		for _, t := range tasks {
			out = append(out, Task{Task: t, Children: t.Children, Percent: t.Progress()})
		}
		return err
	})
	return out, err
}

// Runs returns what the last sessions of a node did, the newest first.
func (e *Engine) Runs(_ context.Context, node string) ([]shape.RunSummary, error) {
	var out []shape.RunSummary
	err := e.coreView(func(tx *kv.Tx) (err error) {
		out, err = shape.ListSummaries(tx, node)
		return err
	})
	return out, err
}

// sizes of the four pools for the machine, unless the settings say otherwise.
func sizes(c shape.Config) (hands int, pools map[session.Stage]int) {
	cores := runtime.GOMAXPROCS(0)
	of := func(set, usual int) int { return cmp.Or(set, usual) }
	return cores, map[session.Stage]int{
		session.Download:   of(c.Download.Concurrency, min(2, cores)),
		session.Simplify1:  of(c.Simplify1.Concurrency, max(2, cores-1)),
		session.Simplify2:  of(c.Simplify2.Concurrency, max(2, cores-1)),
		session.VectorTile: of(c.VectorTiles.Concurrency, min(2, cores)),
	}
}

// retryAfter says when a failed download is tried again: after 2ⁿ times the
// delay, with jitter from the clock. Only what may be otherwise next time is.
func retryAfter(delay time.Duration) func(err error, tries int) (time.Duration, bool) {
	return func(err error, tries int) (time.Duration, bool) {
		var again interface{ Temporary() bool }
		if !errors.As(err, &again) || !again.Temporary() {
			return 0, false
		}
		pause := delay << min(tries, 10)
		return pause + time.Duration(time.Now().UnixNano()%int64(pause/4+1)), true
	}
}
