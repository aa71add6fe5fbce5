package engine

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

func same(t *testing.T, got, want map[tile.ID][]byte) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d tiles, want %d", len(got), len(want))
	}
	for id, data := range want {
		if !bytes.Equal(got[id], data) {
			t.Fatalf("tile %v differs", id)
		}
	}
}

// undisturbed makes an engine with a node of many tasks, and says what its
// tiles are.
func undisturbed(t *testing.T) (e *Engine, node string, want map[tile.ID][]byte) {
	t.Helper()
	dir := t.TempDir()
	side := 40
	if testing.Short() { // under the race detector, which takes ten times as long
		side = 20
	}
	in := gridFile(t, dir, side)
	e = openEngine(t, filepath.Join(dir, "data"))
	n := newShape(t, e, "Grid", in)
	runTo(t, e, n.ID, session.Completed)
	return e, n.ID, tilesOf(t, e, n.ID)
}

// disturb begins a session, waits until it has done so many tasks, and does
// something to it. One that has ended before that is begun again: a test that
// never met a running session has shown nothing, and fails.
func disturb(t *testing.T, e *Engine, node string, done int, act func(id string) error) Session {
	t.Helper()
	for range 20 {
		s, err := e.Start(t.Context(), node)
		if err != nil {
			t.Fatal(err)
		}
		for err == nil && s.Completed < done && !s.Status.Ended() {
			time.Sleep(time.Millisecond)
			s, err = e.Session(t.Context(), s.ID)
		}
		if err == nil {
			err = act(s.ID)
		}
		switch {
		case err == nil:
			return s
		case !errors.Is(err, ErrNoSession) && !errors.Is(err, ErrState):
			t.Fatal(err)
		}
	}
	t.Fatal("it always ended before it could be disturbed")
	return Session{}
}

func TestPauseAndResumeGiveTheSameTiles(t *testing.T) {
	e, node, want := undisturbed(t)
	for _, after := range []int{0, 1, 3, 6, 9} {
		s := disturb(t, e, node, after, func(id string) error { return e.Pause(t.Context(), id) })
		var err error
		if s, err = e.Session(t.Context(), node); err != nil || s.Status != session.Paused || !s.CanResume || s.CanPause {
			t.Fatalf("%+v, %v", s.Status, err)
		}
		if err := e.Pause(t.Context(), s.ID); !errors.Is(err, ErrState) {
			t.Errorf("pause twice: %v", err)
		}
		if _, err := e.Start(t.Context(), node); !errors.Is(err, ErrProcessing) {
			t.Errorf("start beside it: %v", err)
		}
		if err := e.Resume(t.Context(), s.ID); err != nil {
			t.Fatal(err)
		}
		if s, err = e.Wait(t.Context(), s.ID); err != nil || s.Status != session.Completed {
			t.Fatalf("%s %q %v", s.Status, s.Reason, err)
		}
		same(t, tilesOf(t, e, node), want)
	}
	if err := e.Resume(t.Context(), node); !errors.Is(err, ErrNoSession) {
		t.Errorf("resume what has ended: %v", err)
	}
}

// What a session had kept may be truncated or gone: it is made again.
func TestLostScratchIsMadeAgain(t *testing.T) {
	e, node, want := undisturbed(t)
	dir := e.dir
	damages := []func(path string) error{
		func(path string) error { return os.Truncate(path, 5000) },
		func(path string) error { return os.Truncate(path, 0) },
		os.Remove,
	}
	if testing.Short() { // no other code runs for the others
		damages = damages[:1]
	}
	for _, damage := range damages {
		for _, file := range []string{"buffers.db", "featureindices.db", "featurebuffers.db", "tilebuffers.db"} {
			s := disturb(t, e, node, 8, func(id string) error { return e.Pause(t.Context(), id) })
			err := e.Close()
			if err != nil {
				t.Fatal(err)
			}
			if err := damage(filepath.Join(dir, "scratch", s.ID, file)); err != nil {
				t.Fatal(err)
			}
			if e, err = Open(t.Context(), dir, slog.New(slog.DiscardHandler)); err != nil {
				t.Fatal(err)
			}
			if err := e.Resume(t.Context(), s.ID); err != nil {
				t.Fatal(err)
			}
			if s, err = e.Wait(t.Context(), s.ID); err != nil || s.Status != session.Completed {
				t.Fatalf("%s: %s %q %v", file, s.Status, s.Reason, err)
			}
			same(t, tilesOf(t, e, node), want)
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestCancelOfAZoomLeavesTheOthers(t *testing.T) {
	e, node, want := undisturbed(t)
	s := disturb(t, e, node, 2, func(id string) error { return e.Cancel(t.Context(), id, node+"-vectortile-z6") })
	var err error
	if s, err = e.Wait(t.Context(), s.ID); err != nil || s.Status != session.Completed || s.Stopped == 0 || !s.CanRetry {
		t.Fatalf("%s %q %d, %v", s.Status, s.Reason, s.Stopped, err)
	}
	got := tilesOf(t, e, node)
	for id := range got {
		if id.Z == 6 {
			t.Fatalf("tile %v of a cancelled zoom", id)
		}
	}
	if len(got) == 0 {
		t.Fatal("no tiles at all")
	}
	if err := e.Retry(t.Context(), s.ID, ""); err != nil {
		t.Fatal(err)
	}
	if s, err = e.Wait(t.Context(), s.ID); err != nil || s.Status != session.Completed {
		t.Fatalf("%s %q, %v", s.Status, s.Reason, err)
	}
	same(t, tilesOf(t, e, node), want)
}

func TestCancelKeepsTheOldTiles(t *testing.T) {
	e, node, want := undisturbed(t)
	s, err := e.Start(t.Context(), node)
	if err == nil {
		err = e.Cancel(t.Context(), s.ID, "")
	}
	if err != nil {
		t.Fatal(err)
	}
	if s, err = e.Session(t.Context(), node); err != nil || s.Status != session.Cancelled {
		t.Fatalf("%s, %v", s.Status, err)
	}
	same(t, tilesOf(t, e, node), want)
}

func TestOneOwnerAtATime(t *testing.T) {
	dir := t.TempDir()
	openEngine(t, dir)
	if _, err := Open(t.Context(), dir, slog.New(slog.DiscardHandler)); !errors.Is(err, ErrBusy) || !strings.Contains(err.Error(), "process") {
		t.Errorf("a second owner: %v", err)
	}
}

func TestARunningNodeStaysWhereItIs(t *testing.T) {
	e, node, _ := undisturbed(t)
	f, err := e.CreateFolder(t.Context(), tree.Root, "Folder")
	if err != nil {
		t.Fatal(err)
	}
	s, err := e.Start(t.Context(), node)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Move(t.Context(), []string{node}, f.ID); !errors.Is(err, ErrRunning) {
		t.Errorf("move: %v", err)
	}
	if err := e.Delete(t.Context(), []string{node}); !errors.Is(err, ErrRunning) {
		t.Errorf("delete: %v", err)
	}
	if _, err := e.Wait(t.Context(), s.ID); err != nil {
		t.Fatal(err)
	}
	if err := e.Delete(t.Context(), []string{node}); err != nil {
		t.Fatal(err)
	}
	if err := e.Purge(t.Context(), []string{node}); err != nil {
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(filepath.Join(e.dir, "tiles", node+"*")); len(left) > 0 {
		t.Errorf("left %v", left)
	}
	r, err := e.Check(t.Context(), false)
	if err != nil || len(r.Findings) > 0 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestEditsAreUndone(t *testing.T) {
	dir := t.TempDir()
	e := openEngine(t, filepath.Join(dir, "data"))
	n := newShape(t, e, "Squares", write(t, dir, "squares.geojson", twoSquares))
	ed, err := e.Edit(t.Context(), n.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Edit(t.Context(), n.ID); !errors.Is(err, ErrEditing) {
		t.Errorf("edit twice: %v", err)
	}
	ed.Shape.Config.Simplify2.Tolerance = 100
	if err := e.Change(t.Context(), &ed); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(ed.Changes, []string{"simplify2.tolerance"}) {
		t.Errorf("changes %v", ed.Changes)
	}
	_, err = e.Finish(t.Context(), n.ID)
	if bad := shape.InvalidFields(err); len(bad) != 1 || bad[0].Field != "simplify2.tolerance" || !strings.Contains(err.Error(), "64") {
		t.Fatalf("%v", err)
	}
	ed.Shape.Config.Simplify2.Tolerance = 7
	if err := e.Change(t.Context(), &ed); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Finish(t.Context(), n.ID); err != nil {
		t.Fatal(err)
	}
	tolerance := func() float64 {
		o, err := e.original(n.ID)
		if err != nil {
			t.Fatal(err)
		}
		return o.Shape.Config.Simplify2.Tolerance
	}
	if what, err := e.Undo(t.Context()); err != nil || !strings.Contains(what, "Squares") || tolerance() != 2 {
		t.Fatalf("%q %v, tolerance %v", what, err, tolerance())
	}
	if _, err := e.Redo(t.Context()); err != nil || tolerance() != 7 {
		t.Fatalf("%v, tolerance %v", err, tolerance())
	}
}

func TestSubtreesTravel(t *testing.T) {
	e, node, want := undisturbed(t)
	f, err := e.CreateFolder(t.Context(), tree.Root, "Europe")
	if err == nil {
		err = e.Move(t.Context(), []string{node}, f.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "europe.zip")
	if err := e.Export(t.Context(), []string{f.ID}, path, ExportOptions{Tiles: true}); err != nil {
		t.Fatal(err)
	}
	for policy, names := range map[Policy]string{Rename: "Europe (2)", Skip: "", Replace: "Europe"} {
		got, err := e.Import(t.Context(), path, tree.Root, policy)
		if err != nil {
			t.Fatal(err)
		}
		if policy == Skip {
			if got.Skipped != 1 || got.Made != 0 {
				t.Errorf("skip: %+v", got)
			}
			continue
		}
		if len(got.Nodes) != 1 || got.Made != 2 || got.Tiles != 1 {
			t.Fatalf("%s: %+v", policy, got)
		}
		if policy == Rename && got.Nodes[0].Name != names {
			t.Errorf("called %q", got.Nodes[0].Name)
		}
		inside, err := e.Children(t.Context(), got.Nodes[0].ID)
		if err != nil || len(inside) != 1 {
			t.Fatalf("%+v, %v", inside, err)
		}
		same(t, tilesOf(t, e, inside[0].ID), want)
	}
	if left, _ := filepath.Glob(filepath.Join(e.dir, "tiles", ".*")); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}

func TestDraftsOutliveTheProgram(t *testing.T) {
	dir := t.TempDir()
	e, err := Open(t.Context(), dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ed, err := e.New(t.Context(), tree.Root, NewShape{Name: "Half done"})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	e = openEngine(t, dir)
	r := e.Recovery(t.Context())
	if len(r.Drafts) != 1 || r.Drafts[0].Name != "Half done" || !r.Drafts[0].Draft {
		t.Fatalf("%+v", r)
	}
	if _, err := e.Start(t.Context(), ed.Node); !errors.Is(err, ErrDraft) {
		t.Errorf("run a draft: %v", err)
	}
	if err := e.Export(t.Context(), []string{ed.Node}, filepath.Join(dir, "x.zip"), ExportOptions{}); !errors.Is(err, ErrDraft) {
		t.Errorf("export a draft: %v", err)
	}
	if _, err := e.Edit(t.Context(), ed.Node); err != nil {
		t.Fatal(err)
	}
	n, err := e.Finish(t.Context(), ed.Node)
	if err != nil || n.ID != ed.Node || n.Draft {
		t.Errorf("%+v, %v", n, err)
	}
}

// A damaged or newer core database is not opened in place; the backup of the
// last clean end, or an empty tree, are the ways on, and the file is kept.
func TestRescue(t *testing.T) {
	for _, way := range []Way{FromBackup, Empty} {
		dir := t.TempDir()
		e, err := Open(t.Context(), dir, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := e.CreateFolder(t.Context(), tree.Root, "Kept"); err != nil {
			t.Fatal(err)
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		core := filepath.Join(dir, coreFile)
		if err := os.Truncate(core, 9000); err != nil {
			t.Fatal(err)
		}
		_, err = Open(t.Context(), dir, slog.New(slog.DiscardHandler))
		var bad *Unusable
		if !errors.As(err, &bad) || !errors.Is(err, kv.ErrDamaged) || bad.Backup.IsZero() || !strings.Contains(err.Error(), "core.db") {
			t.Fatalf("%v", err)
		}
		if info, err := os.Stat(core); err != nil || info.Size() != 9000 {
			t.Fatal("the damaged file was changed")
		}
		kept, err := Rescue(t.Context(), dir, way)
		if err != nil || len(kept) == 0 {
			t.Fatalf("%s: %v, %v", way, kept, err)
		}
		if info, err := os.Stat(kept[0]); err != nil || info.Size() != 9000 {
			t.Errorf("%s: the damaged file is not kept: %v", way, err)
		}
		again, err := Open(t.Context(), dir, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		nodes, err := again.Children(context.Background(), tree.Root)
		if err != nil || len(nodes) != map[Way]int{FromBackup: 2, Empty: 1}[way] {
			t.Errorf("%s: %d nodes, %v", way, len(nodes), err)
		}
		if err := again.Close(); err != nil {
			t.Error(err)
		}
	}
}
