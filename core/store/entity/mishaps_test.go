package entity_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shapes-desktop/shapes/core/store/entity"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// A kind that idles by itself: not while it is held, and not while its session
// is active.
func TestIdleByItself(t *testing.T) {
	idler := entity.NewKind(table("idlers", byID), entity.Spec[rec]{
		Name: "Idler", Class: entity.Class{Cardinality: entity.Relational, Lifetime: entity.Ephemeral},
		Session: func(r *rec) string { return r.Session }, BySession: "session",
		Held:     func(r *rec) bool { return r.Draft },
		Accessed: func(r *rec) time.Time { return r.Accessed }, Stamp: stamp,
		AutoDelete: entity.AutoDelete{MaxIdle: time.Hour},
	})
	idler.Table.Indexes = []kv.Index[rec]{{Name: "session", Keys: kv.One(func(r *rec) kv.Key { return key(r.Session) })}}
	w := &world{t: t, dir: t.TempDir(), k: newKinds(), now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	o := w.options()
	o.Kinds = append(o.Kinds, idler)
	var err error
	w.m, err = entity.Open(o)
	w.check(err)
	t.Cleanup(func() { w.check(w.m.Close()) })
	w.node("n")
	w.create(w.k.session, rec{ID: "active", Session: "active", Node: "n", Active: true})
	w.create(w.k.session, rec{ID: "ended", Session: "ended", Node: "n"})
	for _, r := range []rec{{ID: "1", Session: "active"}, {ID: "2", Session: "ended"}, {ID: "3", Session: "ended", Draft: true}} {
		w.create(idler, r)
	}
	w.now = w.now.Add(time.Hour + 1)
	want := []entity.Row{{Kind: "Idler", Reason: "idle for 1h0m0s", Records: 1}}
	for _, dry := range []bool{true, false} {
		rows := w.sweep(entity.SweepOptions{Dry: dry}).Rows
		for i := range rows {
			rows[i].Bytes = 0
		}
		if d := cmp.Diff(want, rows); d != "" {
			t.Errorf("dry %v:\n%s", dry, d)
		}
	}
	if n := w.count(idler); n != 2 {
		t.Errorf("%d are left", n)
	}
	w.now = w.now.Add(sessionIdle)
	w.sweep(entity.SweepOptions{}) // the session goes, and with it what it holds
	if n := w.count(idler); n != 1 {
		t.Errorf("%d are left", n)
	}
}

// Damage that comes while a file is in use is noticed when it is read.
func TestScratchDamagedInUse(t *testing.T) {
	w := newWorld(t)
	w.node("n")
	w.session("s", "n", true)
	s := w.scratch("s")
	needle := strings.Repeat("needle", 20)
	w.check(put(s, w.k.buffer, needle))
	w.check(s.Close())
	path := filepath.Join(w.dir, "scratch", "s", "buffers.db")
	data, err := os.ReadFile(path)
	w.check(err)
	if !bytes.Contains(data, []byte(needle)) {
		t.Fatal("the record is not in the file")
	}
	// In the record, not in its key.
	data = bytes.ReplaceAll(data, []byte("\x01\x78\x78"+needle), []byte("\x01\x78\x78"+"n"+strings.Repeat("x", len(needle)-1)))
	w.check(os.WriteFile(path, data, 0o600))
	read := func() error {
		return s.View(w.k.buffer, func(tx *kv.Tx) error { _, _, err := w.k.buffer.Table.Get(tx, key(needle)); return err })
	}
	var lost *entity.LostError
	for range 2 {
		if err := read(); !errors.As(err, &lost) || !errors.Is(err, kv.ErrDamaged) {
			t.Fatalf("error %v", err)
		}
	}
	if !strings.Contains(lost.Error(), "read BatchBuffer of session s: intermediate data are lost (the file is damaged)") {
		t.Errorf("error %q", lost)
	}
	w.check(s.Rebuild(w.k.buffer))
	w.check(read())
}

// Files of an earlier process are verified before they are opened. What is not
// damage is told as it is, and nothing is lost by it.
func TestVerify(t *testing.T) {
	w := newWorld(t)
	w.node("n")
	w.session("s", "n", true)
	w.check(w.m.Close())
	var seen []string
	answer := errors.New("no child could be started")
	o := w.options()
	o.Verify = func(_ context.Context, path string) error { seen = append(seen, filepath.Base(path)); return answer }
	var err error
	w.m, err = entity.Open(o)
	w.check(err)
	s := w.scratch("s")
	if _, err := records(s, w.k.buffer); !errors.Is(err, answer) || errors.Is(err, entity.ErrLost) {
		t.Errorf("error %v", err)
	}
	answer = kv.ErrDamaged
	if _, err := records(s, w.k.buffer); !errors.Is(err, entity.ErrLost) {
		t.Errorf("error %v", err)
	}
	answer = nil
	w.check(s.Rebuild(w.k.buffer)) // what is made now needs no check
	if n, err := records(s, w.k.tile); n != 1 || err != nil {
		t.Errorf("%d records, %v", n, err)
	}
	if d := cmp.Diff([]string{"buffers.db", "buffers.db", "tilebuffers.db"}, seen); d != "" {
		t.Error(d)
	}
}

// brokenFiles is a FileStore that cannot delete.
type brokenFiles struct{ *memoryFiles }

var errBroken = errors.New("the file is in use")

func (brokenFiles) Remove(string) error { return errBroken }

// A kind that cannot be swept is told of, and does not keep the others.
func TestSweepGoesOn(t *testing.T) {
	files := &memoryFiles{files: map[string]int64{"gone": 7}}
	w := newWorldIn(t, t.TempDir(), newKindsWith(brokenFiles{files}))
	w.create(w.k.copy, rec{Node: "gone"})
	w.create(w.k.source, rec{Hash: "x", Weak: []string{"gone"}, Count: 1})
	report, err := w.m.Sweep(context.Background(), entity.SweepOptions{Thorough: true})
	if !errors.Is(err, errBroken) || !strings.Contains(err.Error(), "sweep VectorTile: remove VectorTile of node gone") {
		t.Errorf("error %v", err)
	}
	if len(report.Rows) != 2 || w.count(w.k.copy)+w.count(w.k.source) != 0 {
		t.Errorf("%+v", report.Rows)
	}
}

// A purge whose files cannot be deleted is finished by a later sweep.
func TestPurgeIsFinishedLater(t *testing.T) {
	files := &memoryFiles{files: map[string]int64{"n": 7}}
	k := newKindsWith(brokenFiles{files})
	w := newWorldIn(t, t.TempDir(), k)
	w.node("n")
	w.create(w.k.shape, rec{Node: "n"})
	w.create(w.k.copy, rec{Node: "n"})
	_, err := w.m.NodesPurged(context.Background(), []string{"n"}, func(tx *kv.Tx) error { _, err := nodes().Delete(tx, key("n")); return err })
	if !errors.Is(err, errBroken) {
		t.Errorf("error %v", err)
	}
	w.check(w.m.Close())
	w.k = newKindsWith(files)
	w.open()
	if d := cmp.Diff([]string{"a file for each node, VectorTile: 1 left of a deletion that was cut short (node deleted for good) -> finish it"}, w.findings()); d != "" {
		t.Error(d)
	}
	report := w.sweep(entity.SweepOptions{})
	if d := cmp.Diff([]entity.Row{{Kind: "VectorTile", Reason: "node deleted for good", Records: 1, Bytes: 7}}, report.Rows); d != "" {
		t.Error(d)
	}
	if report.Bytes() != 7 || len(files.files) != 0 {
		t.Errorf("%d bytes; left %v", report.Bytes(), files.files)
	}
	w.clean()
}

// Databases that are newer are refused, and nothing of them is changed.
func TestNewerDatabase(t *testing.T) {
	for _, newer := range []func(o *entity.Options) *kv.Schema{
		func(o *entity.Options) *kv.Schema { return &o.Core },
		func(o *entity.Options) *kv.Schema { return &o.Ephemeral },
	} {
		w := &world{t: t, dir: t.TempDir(), k: newKinds(), now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
		o := w.options()
		s := newer(&o)
		s.Version, s.Migrations = 2, []func(tx *kv.Tx) error{func(*kv.Tx) error { return nil }}
		m, err := entity.Open(o)
		w.check(err)
		w.check(m.Close())
		if _, err := entity.Open(w.options()); !errors.Is(err, kv.ErrNewer) {
			t.Errorf("error %v", err)
		}
		m, err = entity.Open(o) // it was let go of, too
		w.check(err)
		w.check(m.Close())
	}
}

// A file that cannot be made is no loss: nothing was in it.
func TestScratchThatCannotBeMade(t *testing.T) {
	w := newWorld(t)
	w.node("n")
	w.create(w.k.session, rec{ID: "s", Session: "s", Node: "n", Active: true})
	s := w.scratch("s")
	blocker := filepath.Join(w.dir, "scratch", "s")
	w.check(os.MkdirAll(filepath.Dir(blocker), 0o700))
	w.check(os.WriteFile(blocker, nil, 0o600)) // a file where the folder should be
	if err := put(s, w.k.buffer, "1"); err == nil || errors.Is(err, entity.ErrLost) {
		t.Errorf("error %v", err)
	}
	w.check(os.Remove(blocker))
	w.check(put(s, w.k.buffer, "1"))
	w.clean()
}
