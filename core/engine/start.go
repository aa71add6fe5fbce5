package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
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
	for _, s := range over { // the end may have come before all was done that follows
		if err := e.ended(context.Background(), s.ID); err != nil {
			return fmt.Errorf("see off session %s: %w", s.ID, err)
		}
	}
	if e.swept {
		if _, err := e.m.Sweep(context.Background(), entity.SweepOptions{Thorough: true}); err != nil {
			e.log.Error("sweep at start", "error", err)
		}
	}
	for _, s := range append(cut, shut...) {
		err := e.ephView(func(tx *kv.Tx) (err error) {
			s, err = e.board.Get(tx, s.ID)
			return err
		})
		if err == nil { // else its node was gone, and the sweep has taken it
			e.found.Sessions = append(e.found.Sessions, e.view(s))
		} else if !errors.Is(err, session.ErrNoSession) {
			return fmt.Errorf("recover sessions: %w", err)
		}
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
			if err := e.trimCache(); err != nil {
				e.log.Error("trim the cache", "error", err)
			}
		}
	}
}
