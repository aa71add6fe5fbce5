package engine

import (
	"errors"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// Who resumes a session that another one resumes is told so: there is one
// runner.
func TestResumedByManyAtOnce(t *testing.T) {
	e, node, want := undisturbed(t)
	s, err := e.Start(t.Context(), node)
	if err == nil {
		err = e.Pause(t.Context(), s.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	errs := make([]error, 6)
	for i := range errs {
		all.Go(func() { errs[i] = e.Resume(t.Context(), s.ID) })
	}
	all.Wait()
	well := 0
	for _, err := range errs {
		if err == nil {
			well++
		} else if !errors.Is(err, ErrState) && !errors.Is(err, ErrNoSession) {
			t.Error(err)
		}
	}
	if well != 1 {
		t.Errorf("%d of %d have resumed it", well, len(errs))
	}
	waitDone(t, e, s.ID, node)
	same(t, tilesOf(t, e, node), want)
}

// waitDone waits until a session has completed, which may be gone by now.
func waitDone(t *testing.T, e *Engine, id, node string) {
	t.Helper()
	s, err := e.Wait(t.Context(), id)
	if errors.Is(err, ErrNoSession) {
		if sum, ok := e.lastSummary(node, id); !ok || sum.Status != string(session.Completed) {
			t.Fatalf("gone without a summary: %+v", sum)
		}
		return
	}
	if err != nil || s.Status != session.Completed {
		t.Fatalf("%s %q %v", s.Status, s.Reason, err)
	}
}

// Commands that come at once from many sides leave a session that can be
// finished, with the same tiles.
func TestCommandsFromManySides(t *testing.T) {
	e, node, want := undisturbed(t)
	s, err := e.Start(t.Context(), node)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Watch(func(Session) {})()
	var all sync.WaitGroup
	for side := range 3 {
		all.Go(func() {
			rng := rand.New(rand.NewPCG(uint64(side), 7))
			for range 15 {
				var err error
				switch rng.IntN(4) {
				case 0:
					err = e.Pause(t.Context(), s.ID)
				case 1:
					err = e.Resume(t.Context(), s.ID)
				case 2:
					err = e.Cancel(t.Context(), s.ID, node+"-vectortile-z3")
				case 3:
					err = e.Retry(t.Context(), s.ID, "")
				}
				if err != nil && !errors.Is(err, ErrState) && !errors.Is(err, ErrNoSession) && !errors.Is(err, session.ErrNoTask) {
					t.Error(err)
				}
				time.Sleep(time.Duration(rng.IntN(20)) * time.Millisecond)
			}
		})
	}
	all.Wait()
	for range 5 {
		now, err := e.Session(t.Context(), s.ID)
		if errors.Is(err, ErrNoSession) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if now.Status == session.Paused {
			err = e.Resume(t.Context(), s.ID)
		} else if now.Status.Ended() && now.CanRetry {
			err = e.Retry(t.Context(), s.ID, "")
		}
		if err == nil {
			_, err = e.Wait(t.Context(), s.ID)
		}
		if err != nil && !errors.Is(err, ErrNoSession) {
			t.Fatal(err)
		}
	}
	same(t, tilesOf(t, e, node), want)
	if r, err := e.Check(t.Context(), false); err != nil || len(r.Findings) > 0 {
		t.Errorf("%+v, %v", r.Findings, err)
	}
}

// Closing at any moment of a short session leaves nothing half-done.
func TestClosedWhileItEnds(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	in := write(t, dir, "squares.geojson", twoSquares)
	e := openEngine(t, data)
	n := newShape(t, e, "Squares", in)
	began := time.Now()
	runTo(t, e, n.ID, session.Completed)
	took := time.Since(began)
	for i := range 8 {
		s, err := e.Start(t.Context(), n.ID)
		if errors.Is(err, ErrProcessing) { // closed before it had ended
			s, err = e.Session(t.Context(), n.ID)
			if err == nil {
				err = e.Resume(t.Context(), s.ID)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(took * time.Duration(i) / 6)
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := e.Start(t.Context(), n.ID); err == nil {
			t.Fatal("started after it was closed")
		}
		e = openEngine(t, data)
		all, err := e.Sessions(t.Context())
		if err != nil || len(all) > 1 || len(all) == 1 && all[0].Status != session.Paused {
			t.Fatalf("%+v, %v", all, err)
		}
		if len(all) == 0 {
			if _, ok := e.lastSummary(n.ID, s.ID); !ok {
				t.Fatal("it has ended without a summary")
			}
		}
	}
}

// A session that had ended when the program was killed is seen off at the next
// start, wherever the end came.
func TestEndedAndNotSeenOff(t *testing.T) {
	dir := t.TempDir()
	e := openEngine(t, filepath.Join(dir, "data"))
	n := newShape(t, e, "Squares", write(t, dir, "squares.geojson", twoSquares))
	s, err := e.Start(t.Context(), n.ID)
	if err == nil {
		_, err = e.Wait(t.Context(), s.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{s.ID, "another-one"} { // with its summary, and without
		old := session.Session{ID: id, Node: n.ID, Status: session.Completed, Ended: time.Now(), Accessed: time.Now()}
		if sum, ok := e.lastSummary(n.ID, id); ok {
			old.Ended = sum.Ended
		}
		if err := e.eph(func(tx *kv.Tx) error { return session.Sessions().Put(tx, &old) }); err != nil {
			t.Fatal(err)
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		e = openEngine(t, e.dir)
		if all, err := e.Sessions(t.Context()); err != nil || len(all) > 0 {
			t.Errorf("%s: left %+v, %v", id, all, err)
		}
	}
	if runs, err := e.Runs(t.Context(), n.ID); err != nil || len(runs) != 2 {
		t.Errorf("%d runs, want one of each, %v", len(runs), err)
	}
}

// Sources are recorded under the files they are of, whichever is read first.
func TestSourcesOfSeveralFiles(t *testing.T) {
	dir := t.TempDir()
	e := openEngine(t, filepath.Join(dir, "data"))
	big, small := gridFile(t, dir, 30), write(t, dir, "squares.geojson", twoSquares)
	ed, err := e.New(t.Context(), tree.Root, NewShape{Name: "Both", Source: shape.Local, Files: []shape.File{{Path: big}, {Path: small}}})
	if err != nil {
		t.Fatal(err)
	}
	ed.Shape.Config.VectorTiles.MaxZoom = 1
	if err := e.Change(t.Context(), &ed); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Finish(t.Context(), ed.Node); err != nil {
		t.Fatal(err)
	}
	runTo(t, e, ed.Node, session.Completed)
	s, err := e.Settings(t.Context(), ed.Node)
	if err != nil || len(s.SourceData) != 2 {
		t.Fatalf("%v, %v", s.SourceData, err)
	}
	for i, path := range []string{big, small} {
		hash, err := hashFile(t.Context(), path)
		if err != nil || s.SourceData[i] != hash {
			t.Errorf("input %d is %s, %v", i, s.SourceData[i], err)
		}
		if err := e.coreView(func(tx *kv.Tx) error {
			d, _, err := shape.SourceFiles().Get(tx, kv.Key(nil).Str(hash))
			if d.Name != filepath.Base(path) {
				t.Errorf("the source of %s is called %q", path, d.Name)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
}

// A core database of a later version is left as it is, and its backup offered.
func TestNewerDatabase(t *testing.T) {
	dir := t.TempDir()
	e := openEngine(t, dir)
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	core := filepath.Join(dir, coreFile)
	newer := coreSchema()
	newer.Name, newer.Version = coreFile, 99
	newer.Migrations = make([]func(tx *kv.Tx) error, 98)
	for i := range newer.Migrations {
		newer.Migrations[i] = func(*kv.Tx) error { return nil }
	}
	db, err := kv.Open(core, newer, kv.Options{})
	if err == nil {
		err = db.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(core)
	if err != nil {
		t.Fatal(err)
	}
	_, err = Open(t.Context(), dir, slog.New(slog.DiscardHandler))
	var bad *Unusable
	if !errors.As(err, &bad) || !bad.Newer() || bad.Backup.IsZero() || !strings.Contains(err.Error(), "99") {
		t.Fatalf("%v", err)
	}
	if after, err := os.ReadFile(core); err != nil || string(after) != string(before) {
		t.Errorf("it was touched: %v", err)
	}
}

// Tiles whose tree is gone, with its backup too, are set aside, not deleted.
func TestTilesWithoutATree(t *testing.T) {
	e, node, _ := undisturbed(t)
	dir := e.dir
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	core, err := filepath.Glob(filepath.Join(dir, coreFile+"*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range core {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	openEngine(t, dir)
	if kept, err := filepath.Glob(filepath.Join(dir, "tiles-*", node+tileSuffix)); err != nil || len(kept) != 1 {
		t.Errorf("kept %v, %v", kept, err)
	}
}
