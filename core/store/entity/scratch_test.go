package entity_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/shapes-desktop/shapes/core/store/entity"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// put writes a bulk record.
func put(s *entity.Scratch, k *entity.Kind[rec], id string) error {
	return s.Update(k, func(tx *kv.Tx) error { return k.Table.Put(tx, &rec{ID: id}) })
}

// records counts a session's bulk records.
func records(s *entity.Scratch, k *entity.Kind[rec]) (n int, err error) {
	err = s.View(k, func(tx *kv.Tx) (err error) { n, err = k.Table.Count(tx, nil); return err })
	return n, err
}

func (w *world) scratch(session string) *entity.Scratch {
	w.t.Helper()
	s, err := w.m.Scratch(session)
	w.check(err)
	return s
}

func TestScratch(t *testing.T) {
	w := newWorld(t)
	w.node("n")
	w.session("s", "n", true)
	s := w.scratch("s")
	for range 3 {
		w.check(put(s, w.k.buffer, "2"))
		w.check(s.Sync())
		w.check(s.Close())
	}
	w.reopen()
	s = w.scratch("s")
	if n, err := records(s, w.k.buffer); n != 2 || err != nil {
		t.Errorf("%d records, %v", n, err)
	}
	w.check(s.Rebuild(w.k.buffer))
	if n, err := records(s, w.k.buffer); n != 0 || err != nil {
		t.Errorf("%d records after rebuilding, %v", n, err)
	}
	if n, err := records(s, w.k.tile); n != 1 || err != nil {
		t.Errorf("%d tile buffers, %v", n, err)
	}
	w.clean()
	// Each file holds one kind, and only bulk kinds have one.
	err := s.Update(w.k.buffer, func(tx *kv.Tx) error { return w.k.tile.Table.Put(tx, &rec{ID: "x"}) })
	if !errors.Is(err, kv.ErrNoTable) {
		t.Errorf("error %v", err)
	}
	if err := s.View(w.k.task, func(*kv.Tx) error { return nil }); err == nil || !strings.Contains(err.Error(), "ephemeral.db") {
		t.Errorf("error %v", err)
	}
}

func TestScratchOfNoSession(t *testing.T) {
	w := newWorld(t)
	for _, id := range []string{"", ".", "..", "a/b", `a\b`, "ä", strings.Repeat("x", 65)} {
		if _, err := w.m.Scratch(id); err == nil || errors.Is(err, entity.ErrNoSession) {
			t.Errorf("%q: error %v", id, err)
		}
	}
	if _, err := w.m.Scratch("s"); !errors.Is(err, entity.ErrNoSession) {
		t.Errorf("error %v", err)
	}
	// A session that ends while somebody holds its scratch leaves nothing.
	w.node("n")
	w.session("s", "n", false)
	s := w.scratch("s")
	_, err := w.m.SessionComplete(context.Background(), "s", false)
	w.check(err)
	if err := put(s, w.k.buffer, "2"); !errors.Is(err, entity.ErrNoSession) {
		t.Errorf("error %v", err)
	}
	w.sweep(entity.SweepOptions{})
	if f := w.scratchFiles(""); len(f) > 0 {
		t.Errorf("left: %v", f)
	}
}

// Whatever befalls a file, its session learns of it until it says that it
// begins anew, and the other files go on.
func TestLostScratch(t *testing.T) {
	cut := func(part float64) func(path string) error {
		return func(path string) error {
			info, err := os.Stat(path)
			return firstErr(err, os.Truncate(path, int64(part*float64(info.Size()))))
		}
	}
	for name, damage := range map[string]func(path string) error{
		"removed":  os.Remove,
		"emptied":  cut(0),
		"cut":      cut(0.5),
		"garbage":  func(path string) error { return os.WriteFile(path, []byte(strings.Repeat("garbage ", 4096)), 0o600) },
		"no pages": func(path string) error { return os.WriteFile(path, make([]byte, 1<<16), 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.node("n")
			w.session("s", "n", true)
			w.check(w.m.Close())
			w.check(damage(filepath.Join(w.dir, "scratch", "s", "buffers.db")))
			w.open()
			s := w.scratch("s")
			for range 2 {
				var lost *entity.LostError
				if _, err := records(s, w.k.buffer); !errors.As(err, &lost) || !errors.Is(err, entity.ErrLost) {
					t.Fatalf("error %v", err)
				}
				if lost.Kind != "BatchBuffer" || lost.Session != "s" || lost.Why == "" {
					t.Errorf("%+v", lost)
				}
				if err := put(s, w.k.buffer, "2"); !errors.Is(err, entity.ErrLost) {
					t.Errorf("error %v", err)
				}
			}
			if n, err := records(s, w.k.tile); n != 1 || err != nil {
				t.Errorf("%d tile buffers, %v", n, err)
			}
			found := 0
			w.check(w.m.Check(context.Background(), func(f entity.Finding) {
				if found++; !strings.Contains(f.String(), "scratch of session s") {
					t.Errorf("found %v", f)
				}
			}))
			if found != 1 {
				t.Errorf("%d findings", found)
			}
			w.reopen()
			s = w.scratch("s")
			w.check(s.Rebuild(w.k.buffer))
			w.check(put(s, w.k.buffer, "2"))
			if n, err := records(s, w.k.buffer); n != 1 || err != nil {
				t.Errorf("%d records after rebuilding, %v", n, err)
			}
			w.clean()
		})
	}
}

// What idleness has taken from a session that can still be retried is known to
// be lost, not empty.
func TestIdleOutputsAreLost(t *testing.T) {
	w := newWorld(t)
	w.node("n")
	w.session("s", "n", false)
	w.check(w.idle(tileIdle + time.Second))
	s := w.scratch("s")
	if _, err := records(s, w.k.tile); !errors.Is(err, entity.ErrLost) || !strings.Contains(err.Error(), "idle for 15m0s") {
		t.Errorf("error %v", err)
	}
	if n, err := records(s, w.k.buffer); n != 1 || err != nil {
		t.Errorf("%d buffers, %v", n, err)
	}
	w.check(s.Rebuild(w.k.tile))
	if n, err := records(s, w.k.tile); n != 0 || err != nil {
		t.Errorf("%d tile buffers after rebuilding, %v", n, err)
	}
}

// Accesses put off the end, also over a restart, and a session that ends after
// a long run has all its outputs for a while.
func TestAccessPutsOffTheEnd(t *testing.T) {
	w := newWorld(t)
	w.node("n")
	w.session("s", "n", false)
	for range 8 {
		w.check(w.idle(tileIdle - time.Minute))
		if n, err := records(w.scratch("s"), w.k.tile); n != 1 || err != nil {
			t.Fatalf("%d tile buffers, %v", n, err)
		}
		w.reopen()
	}
	if n := w.count(w.k.featureIndex); n != 0 {
		t.Errorf("%d feature indices, which nobody used", n)
	}

	w.session("long", "n", true)
	w.check(w.idle(24 * time.Hour))
	w.update(entity.Ephemeral, func(tx *kv.Tx) error { return w.k.session.Touch(tx, key("long"), w.now) })
	w.setActive("long", false)
	w.check(w.idle(tileIdle - time.Minute))
	if n, err := records(w.scratch("long"), w.k.tile); n != 1 || err != nil {
		t.Errorf("%d tile buffers after a long run, %v", n, err)
	}
}
