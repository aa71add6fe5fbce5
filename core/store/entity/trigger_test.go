package entity_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shapes-desktop/shapes/core/store/entity"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// scratchFiles lists the scratch files of a name, or all if it is "".
func (w *world) scratchFiles(name string) []string {
	w.t.Helper()
	all, err := filepath.Glob(filepath.Join(w.dir, "scratch", "*", "*"))
	w.check(err)
	var out []string
	for _, f := range all {
		if name == "" || filepath.Base(f) == name {
			out = append(out, f)
		}
	}
	return out
}

// left tells which kinds still have a record.
func (w *world) left() map[string]bool {
	w.t.Helper()
	out := map[string]bool{"VectorTile": len(w.k.store.files) > 0}
	for _, r := range w.k.list() {
		if k, ok := r.(*entity.Kind[rec]); ok {
			out[k.Name()] = w.count(k) > 0
		}
	}
	return out
}

// full makes a node with a record of every kind.
func (w *world) full(active bool) {
	w.t.Helper()
	w.node("n")
	w.create(w.k.shape, rec{Node: "n"})
	w.create(w.k.summary, rec{Node: "n", ID: "1"})
	w.create(w.k.copy, rec{Node: "n"})
	w.k.store.files["n"] = 1000
	w.update(entity.Persistent, func(tx *kv.Tx) error {
		for _, k := range []*entity.Kind[rec]{w.k.template, w.k.source} {
			if _, _, err := k.PutShared(tx, rec{ID: "x", Hash: "x"}, w.now); err != nil {
				return err
			}
			if err := k.AddRef(tx, key("x"), "n", entity.Strong, w.now); err != nil {
				return err
			}
		}
		return nil
	})
	w.session("s", "n", active)
}

// The table of automatic deletion: what is left of a full node after each
// event. A kind that is not named is left.
func TestTriggers(t *testing.T) {
	ctx := context.Background()
	everyKind := []string{
		"ShapesEntity", "VectorTile", "BatchConfigTemplate", "SourceData", "RunSummary", "ShapesWorkingCopy",
		"BatchSession", "BatchTask", "TaskDependency", "BatchBuffer", "FeatureIndex", "FeatureBuffer", "TileBuffer",
	}
	ofSession := []string{"BatchSession", "BatchTask", "TaskDependency", "BatchBuffer", "FeatureIndex", "FeatureBuffer", "TileBuffer"}
	for _, test := range []struct {
		name   string
		active bool // the session
		fire   func(w *world) error
		gone   []string
	}{
		{"session complete", false, func(w *world) error { _, err := w.m.SessionComplete(ctx, "s", false); return err }, ofSession},
		{"session complete, buffers kept", false, func(w *world) error { _, err := w.m.SessionComplete(ctx, "s", true); return err }, ofSession[:3]},
		{"dialog closed", false, func(w *world) error { _, err := w.m.DialogClose(ctx, "n"); return err }, ofSession[:6]},
		{"dialog closed while it runs", true, func(w *world) error { _, err := w.m.DialogClose(ctx, "n"); return err }, nil},
		{"working copy discarded", false, func(w *world) error { _, err := w.m.WorkingCopyDiscard(ctx, "n"); return err }, append([]string{"ShapesWorkingCopy"}, ofSession...)},
		{"working copy discarded while it runs", true, func(w *world) error { _, err := w.m.WorkingCopyDiscard(ctx, "n"); return err }, []string{"ShapesWorkingCopy"}},
		{"node purged", false, func(w *world) error {
			_, err := w.m.NodesPurged(ctx, []string{"n"}, func(tx *kv.Tx) error { _, err := nodes().Delete(tx, key("n")); return err })
			return err
		}, everyKind},
		{"idle for 10 min", false, func(w *world) error { return w.idle(10 * time.Minute) }, nil},
		{"idle for 16 min", false, func(w *world) error { return w.idle(16 * time.Minute) }, []string{"TileBuffer"}},
		{"idle for 31 min", false, func(w *world) error { return w.idle(31 * time.Minute) }, []string{"TileBuffer", "FeatureIndex", "FeatureBuffer"}},
		{"idle for 61 min", false, func(w *world) error { return w.idle(61 * time.Minute) }, ofSession[3:]},
		{"idle for 2 h", false, func(w *world) error { return w.idle(2 * time.Hour) }, ofSession[3:]},
		{"idle for more than 2 h", false, func(w *world) error { return w.idle(2*time.Hour + 1) }, ofSession},
		{"active for a week", true, func(w *world) error { return w.idle(7 * 24 * time.Hour) }, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			w.full(test.active)
			want := map[string]bool{}
			for _, k := range everyKind {
				want[k] = true
			}
			for _, k := range test.gone {
				want[k] = false
			}
			w.check(test.fire(w))
			if d := cmp.Diff(want, w.left()); d != "" {
				t.Errorf("left (- want, + is):\n%s", d)
			}
			if test.name != "dialog closed" { // which leaves tile buffers to the next sweep
				w.clean()
			}
		})
	}
}

// idle lets time go by and sweeps.
func (w *world) idle(d time.Duration) error {
	w.now = w.now.Add(d)
	_, err := w.m.Sweep(context.Background(), entity.SweepOptions{})
	return err
}

func TestSessionCompleteRefusesActive(t *testing.T) {
	w := newWorld(t)
	w.full(true)
	if _, err := w.m.SessionComplete(context.Background(), "s", false); !errors.Is(err, entity.ErrSessionActive) {
		t.Errorf("error %v", err)
	}
	if _, err := w.m.NodesPurged(context.Background(), []string{"n"}, nil); !errors.Is(err, entity.ErrSessionActive) {
		t.Errorf("error %v", err)
	}
	for kind, left := range w.left() {
		if !left {
			t.Errorf("%s is gone", kind)
		}
	}
	r, err := w.m.DialogClose(context.Background(), "n")
	w.check(err)
	if d := cmp.Diff([]string{"s"}, r.Active); d != "" {
		t.Error(d)
	}
}

// A purge that fails in the tree leaves everything as it was.
func TestPurgeIsAllOrNothing(t *testing.T) {
	w := newWorld(t)
	w.full(false)
	refused := errors.New("refused")
	_, err := w.m.NodesPurged(context.Background(), []string{"n"}, func(tx *kv.Tx) error { return refused })
	if !errors.Is(err, refused) {
		t.Errorf("error %v", err)
	}
	for kind, left := range w.left() {
		if !left {
			t.Errorf("%s is gone", kind)
		}
	}
	w.clean()
}

func TestKeptOutputs(t *testing.T) {
	w := newWorld(t)
	w.full(false)
	_, err := w.m.SessionComplete(context.Background(), "s", true)
	w.check(err)
	w.now = w.now.Add(30 * 24 * time.Hour)
	w.reopen()
	w.sweep(entity.SweepOptions{Thorough: true})
	s, err := w.m.Scratch("s")
	w.check(err)
	w.check(s.View(w.k.buffer, func(tx *kv.Tx) error {
		if _, ok, err := w.k.buffer.Table.Get(tx, key("1")); err != nil || !ok {
			t.Errorf("there is no buffer (%v)", err)
		}
		return nil
	}))
	_, err = w.m.WorkingCopyDiscard(context.Background(), "n")
	w.check(err)
	if f := w.scratchFiles(""); len(f) > 0 {
		t.Errorf("left: %v", f)
	}
	if _, err := os.Stat(filepath.Join(w.dir, "scratch", "s")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder is left: %v", err)
	}
	if _, err := w.m.Scratch("s"); !errors.Is(err, entity.ErrNoSession) {
		t.Errorf("error %v", err)
	}
}
