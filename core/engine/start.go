package engine

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/shapes-desktop/shapes/core/model/draft"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/store/entity"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// recover puts in order what the last end of the program left.
func (e *Engine) recover() error {
	if err := removeLeftovers(filepath.Join(e.dir, "tiles")); err != nil {
		return err
	}
	r, err := draft.Recover(e.m.DB(entity.Persistent), e.m.DB(entity.Ephemeral), e.now())
	if err != nil {
		return fmt.Errorf("recover drafts: %w", err)
	}
	var cut, shut, over []session.Session
	if err := e.eph(func(tx *kv.Tx) error {
		if cut, err = e.board.Interrupted(tx); err != nil {
			return err
		}
		var stale []session.Session
		for s, err := range session.Sessions().All(tx, nil) {
			if err != nil {
				return err
			}
			if s.Status.Ended() {
				over = append(over, s)
			}
			if s.Status == session.Paused && s.Reason == closedReason { // nobody paused it by hand
				shut = append(shut, s)
			}
			if len(s.References.Sessions) > 0 { // nobody but us uses anything now
				stale = append(stale, s)
			}
		}
		for _, s := range stale {
			s.References.Sessions, s.References.Primary = nil, ""
			if err := session.Sessions().Put(tx, &s); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return fmt.Errorf("recover sessions: %w", err)
	}
	if err := e.keepStrayTiles(); err != nil {
		return err
	}
	for _, s := range over { // ended, and not seen off
		if e.notes(s) {
			if err := e.ended(context.Background(), s.ID); err != nil {
				return fmt.Errorf("see off session %s: %w", s.ID, err)
			}
		}
	}
	if _, err := e.m.Sweep(context.Background(), entity.SweepOptions{Thorough: true}); err != nil {
		e.log.Error("sweep at start", "error", err)
	}
	for _, s := range append(cut, shut...) {
		e.found.Sessions = append(e.found.Sessions, e.view(s))
	}
	for _, w := range append(r.Drafts, r.Adopted...) {
		n, err := e.Node(context.Background(), w.Node)
		if err != nil {
			n = rowOfDraft(w)
		}
		e.found.Drafts = append(e.found.Drafts, n)
	}
	return nil
}

// keepStrayTiles sets the tiles aside that no node of a restored core database
// has: sweeping would delete what took hours to make.
func (e *Engine) keepStrayTiles() error {
	mark := filepath.Join(e.dir, rescuedMark)
	if _, err := os.Stat(mark); err != nil {
		return nil
	}
	nodes, err := tileFiles{filepath.Join(e.dir, "tiles")}.Nodes()
	if err != nil {
		return err
	}
	aside := filepath.Join(e.dir, "tiles-"+e.now().UTC().Format("20060102-150405"))
	for _, n := range nodes {
		known := false
		if err := e.coreView(func(tx *kv.Tx) (err error) {
			known, err = nodeExists(tx, n)
			return err
		}); err != nil {
			return err
		}
		if known {
			continue
		}
		if err := os.MkdirAll(aside, 0o755); err != nil {
			return fmt.Errorf("set tiles aside: %w", err)
		}
		if err := os.Rename(e.tileFile(n), filepath.Join(aside, n+tileSuffix)); err != nil {
			return fmt.Errorf("set tiles aside: %w", err)
		}
	}
	return os.Remove(mark)
}

// notes reports whether the node of a session still names it as its own.
func (e *Engine) notes(s session.Session) bool {
	o, err := e.original(s.Node)
	return err == nil && o != nil && o.Shape.Session == s.ID
}

// removeLeftovers deletes tile files that were not finished when the program
// ended.
func removeLeftovers(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("look at the tiles: %w", err)
	}
	for _, d := range entries {
		if strings.HasPrefix(d.Name(), ".") && strings.HasSuffix(d.Name(), ".tmp") && d.Type().IsRegular() {
			if err := os.Remove(filepath.Join(dir, d.Name())); err != nil {
				return fmt.Errorf("remove unfinished tiles: %w", err)
			}
		}
	}
	return nil
}

// Recovery tells what the last end of the program left unfinished.
func (e *Engine) Recovery(context.Context) Recovery { return e.found }

// sweepEvery is how often what is past its time is deleted.
const sweepEvery = time.Minute

// keepUp sweeps every minute until ctx is done.
func (e *Engine) keepUp(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			for e.reclaim(ctx) {
			}
			if r, err := e.m.Sweep(ctx, entity.SweepOptions{}); err != nil && ctx.Err() == nil {
				e.log.Error("sweep", "error", err)
			} else if len(r.Rows) > 0 {
				e.log.Info("swept", "rows", len(r.Rows), "bytes", r.Bytes())
			}
		}
	}
}

// watchers hear of sessions.
type watchers struct {
	mu   sync.Mutex
	next int
	fns  map[int]func(Session)
}

// Watch calls fn whenever a session has moved on, at most ten times a second
// for each, from a goroutine of the engine, until stop is called.
func (e *Engine) Watch(fn func(Session)) (stop func()) {
	w := &e.watched
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.fns == nil {
		w.fns = map[int]func(Session){}
	}
	n := w.next
	w.next++
	w.fns[n] = fn
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.fns, n)
	}
}

// publish tells the watchers how a session stands.
func (e *Engine) publish(id string) {
	w := &e.watched
	w.mu.Lock()
	var fns []func(Session)
	for _, fn := range w.fns {
		fns = append(fns, fn)
	}
	w.mu.Unlock()
	if len(fns) == 0 {
		return
	}
	var s session.Session
	if err := e.ephView(func(tx *kv.Tx) (err error) {
		s, err = e.board.Get(tx, id)
		return err
	}); err != nil { // it has ended well, and gone
		s = session.Session{ID: id, Status: session.Completed}
		if sum, ok := e.runs.summary(id); ok {
			s.Node, s.Ended, s.Made.Tiles, s.Made.Bytes = sum.Node, sum.Ended, sum.Tiles, sum.Bytes
			s.Faults, s.Worked, s.Progress.Overall = sum.Faults, sum.Worked, 100
		}
	}
	v := e.view(s)
	for _, fn := range fns {
		fn(v)
	}
}
