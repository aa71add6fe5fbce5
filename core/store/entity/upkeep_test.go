package entity_test

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shapes-desktop/shapes/core/store/entity"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

func (w *world) findings() []string {
	w.t.Helper()
	var out []string
	w.check(w.m.Check(context.Background(), func(f entity.Finding) { out = append(out, f.String()+" -> "+f.Repair) }))
	return out
}

// What no session has in the scratch folder goes, and nothing else.
func TestStrayScratch(t *testing.T) {
	w := newWorld(t)
	w.node("n")
	w.session("s", "n", true)
	scratch := filepath.Join(w.dir, "scratch")
	for _, name := range []string{"loose", "s/other.db", "s/other.db.clean", "gone/buffers.db", "gone/.buffers.db.123.tmp", "gone/sub/file", "not a session/x"} {
		path := filepath.Join(scratch, filepath.FromSlash(name))
		w.check(os.MkdirAll(filepath.Dir(path), 0o700))
		w.check(os.WriteFile(path, []byte("stray"), 0o600))
	}
	w.check(os.Mkdir(filepath.Join(scratch, "empty"), 0o700))
	w.check(w.scratch("s").Close()) // so that marks of sound files stand beside them
	want := []entity.Row{{Kind: "scratch file", Reason: "no session has it", Records: 7, Bytes: 35}}
	if d := cmp.Diff(want, w.sweep(entity.SweepOptions{Dry: true}).Rows); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"scratch folder: 7 of no session -> delete them"}, w.findings()); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(want, w.sweep(entity.SweepOptions{}).Rows); d != "" {
		t.Error(d)
	}
	left, err := filepath.Glob(filepath.Join(scratch, "*"))
	w.check(err)
	if d := cmp.Diff([]string{filepath.Join(scratch, "s")}, left); d != "" {
		t.Error(d)
	}
	if n, err := records(w.scratch("s"), w.k.buffer); n != 1 || err != nil {
		t.Errorf("%d records, %v", n, err)
	}
	w.clean()
}

// Each way in which the databases can disagree is found, named, repaired as it
// was said, and then not found any more.
func TestCheckAndRepair(t *testing.T) {
	for name, test := range map[string]struct {
		harm func(w *world)
		want string
	}{
		"peer without node": {func(w *world) { w.create(w.k.shape, rec{Node: "x"}) }, "core.db, ShapesEntity: 1 of a node that is gone -> delete them"},
		"group without node": {func(w *world) {
			w.create(w.k.summary, rec{Node: "x", ID: "1"})
			w.create(w.k.summary, rec{Node: "x", ID: "2"})
		}, "core.db, RunSummary: 2 of a node that is gone -> delete them"},
		"working copy without node":  {func(w *world) { w.create(w.k.copy, rec{Node: "x"}) }, "ephemeral.db, ShapesWorkingCopy: 1 of a node that is gone -> delete them"},
		"tiles without node":         {func(w *world) { w.k.store.files["x"] = 7 }, "a file for each node, VectorTile: 1 of a node that is gone -> delete them"},
		"session without node":       {func(w *world) { w.create(w.k.session, rec{ID: "x", Session: "x", Node: "x", Active: true}) }, "ephemeral.db, BatchSession: 1 of a node that is gone -> delete them"},
		"task without session":       {func(w *world) { w.create(w.k.task, rec{ID: "1", Session: "x", Node: "n"}) }, "ephemeral.db, BatchTask: 1 of a session that is gone -> delete them"},
		"dependency without session": {func(w *world) { w.create(w.k.dependency, rec{ID: "1", Session: "x"}) }, "ephemeral.db, TaskDependency: 1 of a session that is gone -> delete them"},
		"outputs without session": {func(w *world) {
			w.session("x", "n", false)
			w.update(entity.Ephemeral, func(tx *kv.Tx) error {
				return firstErr(w.k.session.Delete(tx, key("x")), w.k.task.Delete(tx, key("x", "t")), w.k.dependency.Delete(tx, key("x", "d")))
			})
		}, "scratch, BatchBuffer: 1 of a session that is gone -> delete them\nscratch, FeatureIndex: 1 of a session that is gone -> delete them\n" +
			"scratch, FeatureBuffer: 1 of a session that is gone -> delete them\nscratch, TileBuffer: 1 of a session that is gone -> delete them"},
		"reference of no node": {func(w *world) {
			w.create(w.k.template, rec{ID: "t", Hash: "t", Strong: []string{"n", "x"}, Weak: []string{"y"}, Count: 1})
		}, "core.db, BatchConfigTemplate: 2 references of nodes that are gone -> take them back"},
		"last reference of no node": {func(w *world) {
			w.create(w.k.source, rec{Hash: "t", Strong: []string{"x"}, Count: 1})
		}, "core.db, SourceData: 1 that only nodes refer to which are gone -> delete them"},
		"references out of order": {func(w *world) {
			w.node("m")
			w.create(w.k.source, rec{Hash: "t", Strong: []string{"n", "m"}, Count: 1})
		}, "core.db, SourceData t: its references are not in order -> put the references in order"},
		"references twice": {func(w *world) {
			w.create(w.k.source, rec{Hash: "t", Strong: []string{"n"}, Weak: []string{"n"}, Count: 1})
		}, "core.db, SourceData t: 2 references of 1 nodes: a node refers to it twice -> put the references in order"},
		"frequency": {func(w *world) { w.create(w.k.source, rec{Hash: "t", Freq: math.Inf(1), Count: 1}) }, "core.db, SourceData t: its access frequency is +Inf -> count accesses anew"},
		"count":     {func(w *world) { w.create(w.k.source, rec{Hash: "t", Count: -3}) }, "core.db, SourceData t: its share count is -3 -> count uses anew"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.node("n")
			w.clean()
			test.harm(w)
			if d := cmp.Diff(test.want, strings.Join(w.findings(), "\n")); d != "" {
				t.Errorf("found (- want, + is):\n%s", d)
			}
			_, err := w.m.Repair(context.Background())
			w.check(err)
			w.clean()
		})
	}
}

// Equal content in two records is found; which of them to keep is not for a
// repair to say.
func TestCheckTellsOfEqualContent(t *testing.T) {
	w := newWorld(t)
	w.create(w.k.template, rec{ID: "a", Hash: "h", Count: 1})
	w.create(w.k.template, rec{ID: "b", Hash: "h", Count: 1})
	_, err := w.m.Repair(context.Background())
	w.check(err)
	if d := cmp.Diff([]string{"core.db, BatchConfigTemplate b: its content is that of a -> "}, w.findings()); d != "" {
		t.Error(d)
	}
}

// A working copy may come before its node, and is kept.
func TestCopyAheadOfItsNode(t *testing.T) {
	w := newWorld(t)
	w.create(w.k.copy, rec{Node: "new", New: true})
	w.clean()
	w.sweep(entity.SweepOptions{Thorough: true})
	if n := w.count(w.k.copy); n != 1 {
		t.Errorf("%d copies", n)
	}
}

// A sweep that is called off in the middle leaves what is whole, and the next
// one goes on.
func TestSweepCalledOff(t *testing.T) {
	w := newWorld(t)
	w.node("n")
	w.session("s", "n", false)
	w.update(entity.Ephemeral, func(tx *kv.Tx) error {
		for i := range 2000 {
			if err := w.k.task.Create(tx, &rec{ID: strconv.Itoa(i), Session: "s"}, w.now); err != nil {
				return err
			}
		}
		return nil
	})
	w.now = w.now.Add(sessionIdle + time.Second)
	ctx, cancel := context.WithCancel(context.Background())
	n := 0
	w.m.AtBoundary(func() {
		if n++; n == 4 {
			cancel()
		}
	})
	if _, err := w.m.Sweep(ctx, entity.SweepOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	w.m.AtBoundary(nil)
	if n := w.count(w.k.task); n == 0 || n == 2001 {
		t.Errorf("%d tasks are left", n)
	}
	w.clean()
	w.sweep(entity.SweepOptions{})
	for _, k := range []*entity.Kind[rec]{w.k.session, w.k.task, w.k.dependency, w.k.buffer} {
		if n := w.count(k); n != 0 {
			t.Errorf("%d of %s are left", n, k.Name())
		}
	}
}

func TestCompact(t *testing.T) {
	w := newWorld(t)
	w.node("n")
	w.create(w.k.session, rec{ID: "s", Session: "s", Node: "n"})
	w.update(entity.Ephemeral, func(tx *kv.Tx) error {
		for i := range 2000 {
			r := rec{ID: strconv.Itoa(i), Session: "s", Primary: strings.Repeat("x", 1000)}
			if err := w.k.task.Create(tx, &r, w.now); err != nil {
				return err
			}
		}
		return nil
	})
	if freed, err := w.m.Compact(); freed != 0 || err != nil {
		t.Errorf("%d bytes of full databases, %v", freed, err)
	}
	_, err := w.m.SessionComplete(context.Background(), "s", false)
	w.check(err)
	if freed, err := w.m.Compact(); freed < 1<<20 || err != nil {
		t.Errorf("%d bytes of a database that is mostly free, %v", freed, err)
	}
	w.reopen()
	w.clean()
}

// Scratch is used by many at once while sweeps, checks and closing go on.
func TestScratchInParallel(t *testing.T) {
	w := newWorld(t)
	w.node("n")
	w.session("s", "n", true)
	const writers, each = 4, 25
	var wg sync.WaitGroup
	failed := make(chan error, 2*writers)
	for i := range writers {
		wg.Go(func() {
			s, err := w.m.Scratch("s")
			for j := 0; j < each && err == nil; j++ {
				err = firstErr(put(s, w.k.buffer, strconv.Itoa(i*each+j+2)), put(s, w.k.tile, strconv.Itoa(i*each+j+2)))
			}
			failed <- err
		})
		wg.Go(func() {
			var err error
			for j := 0; j < 5 && err == nil; j++ {
				_, sweep := w.m.Sweep(context.Background(), entity.SweepOptions{Thorough: true})
				s, open := w.m.Scratch("s")
				err = firstErr(sweep, open, s.Sync(), s.Close())
			}
			failed <- err
		})
	}
	wg.Wait()
	close(failed)
	for err := range failed {
		w.check(err)
	}
	for _, k := range []*entity.Kind[rec]{w.k.buffer, w.k.tile} {
		if n, err := records(w.scratch("s"), k); n != writers*each+1 || err != nil {
			t.Errorf("%s: %d records, %v", k.Name(), n, err)
		}
	}
	w.clean()
}
