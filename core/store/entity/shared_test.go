package entity_test

import (
	"context"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shapes-desktop/shapes/core/store/entity"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

func TestReferences(t *testing.T) {
	w := newWorld(t)
	k := w.k.template
	w.create(k, rec{ID: "x", Hash: "h"})
	core := func(fn func(tx *kv.Tx) error) error { return w.m.Update(entity.Persistent, fn) }
	add := func(node string, s entity.Strength) error {
		return core(func(tx *kv.Tx) error { return k.AddRef(tx, key("x"), node, s, w.now) })
	}
	drop := func(node string) (gone bool, err error) {
		err = core(func(tx *kv.Tx) (err error) { gone, err = k.DropRef(tx, key("x"), node); return err })
		return gone, err
	}
	remove := func() error { return core(func(tx *kv.Tx) error { return k.Delete(tx, key("x")) }) }

	// What was never referred to is not gone with its last reference.
	if gone, err := drop("a"); gone || err != nil {
		t.Errorf("dropped what was not there: gone %v, %v", gone, err)
	}
	for _, n := range []string{"c", "a", "b"} {
		w.check(add(n, entity.Strong))
	}
	w.check(add("a", entity.Weak)) // a strong one becomes weak
	w.check(add("c", entity.Strong))
	var blocked *entity.ReferencedError
	if err := remove(); !errors.As(err, &blocked) || !errors.Is(err, entity.ErrReferenced) {
		t.Fatalf("error %v", err)
	}
	if d := cmp.Diff(&entity.ReferencedError{Kind: "BatchConfigTemplate", Key: "x", Nodes: []string{"b", "c"}}, blocked); d != "" {
		t.Error(d)
	}
	for _, n := range []string{"b", "c"} {
		if gone, err := drop(n); gone || err != nil {
			t.Errorf("dropped %s: gone %v, %v", n, gone, err)
		}
	}
	if gone, err := drop("a"); !gone || err != nil {
		t.Errorf("dropped the last: gone %v, %v", gone, err)
	}
	if n := w.count(k); n != 0 {
		t.Errorf("%d are left", n)
	}
	if _, err := drop("a"); !errors.Is(err, entity.ErrMissing) {
		t.Errorf("error %v", err)
	}
	if err := add("a", entity.Weak); !errors.Is(err, entity.ErrMissing) {
		t.Errorf("error %v", err)
	}
}

// Weak references do not keep a record, and go with it.
func TestDeleteWithWeakReferences(t *testing.T) {
	w := newWorld(t)
	w.create(w.k.template, rec{ID: "x", Hash: "h", Weak: []string{"a", "b"}})
	w.update(entity.Persistent, func(tx *kv.Tx) error { return w.k.template.Delete(tx, key("x")) })
	w.clean()
	if n := w.count(w.k.template); n != 0 {
		t.Errorf("%d are left", n)
	}
}

func TestPutShared(t *testing.T) {
	w := newWorld(t)
	for _, k := range []*entity.Kind[rec]{w.k.template, w.k.source} {
		put := func(id, hash string) (r rec, isNew bool) {
			w.update(entity.Persistent, func(tx *kv.Tx) (err error) {
				r, isNew, err = k.PutShared(tx, rec{ID: id, Hash: hash}, w.now)
				return err
			})
			return r, isNew
		}
		if r, isNew := put("first", "h"); !isNew || r.ID != "first" || r.Count != 1 {
			t.Errorf("%s: %+v, new %v", k.Name(), r, isNew)
		}
		if r, isNew := put("second", "h"); isNew || r.ID != "first" || r.Count != 2 {
			t.Errorf("%s: %+v, new %v", k.Name(), r, isNew)
		}
		if _, isNew := put("third", "other"); !isNew {
			t.Errorf("%s: other content is not new", k.Name())
		}
		if n := w.count(k); n != 2 {
			t.Errorf("%s: %d records", k.Name(), n)
		}
		err := w.m.Update(entity.Persistent, func(tx *kv.Tx) error { _, _, err := k.PutShared(tx, rec{ID: "y"}, w.now); return err })
		if err == nil {
			t.Errorf("%s: taken without a hash", k.Name())
		}
	}
	err := w.m.Update(entity.Persistent, func(tx *kv.Tx) error { return w.k.shape.AddRef(tx, key("n"), "m", entity.Weak, w.now) })
	if err == nil {
		t.Error("a peer was shared")
	}
}

// A steady rate of accesses is what the frequency comes to, and half of it is
// left after the half-life.
func TestFrequency(t *testing.T) {
	w := newWorld(t)
	w.create(w.k.template, rec{ID: "x", Hash: "h"})
	const perDay = 10
	for range 100 * perDay {
		w.now = w.now.Add(24 * time.Hour / perDay)
		w.update(entity.Persistent, func(tx *kv.Tx) error { return w.k.template.Touch(tx, key("x"), w.now) })
	}
	var r rec
	w.check(w.m.View(entity.Persistent, func(tx *kv.Tx) (err error) {
		r, _, err = w.k.template.Table.Get(tx, key("x"))
		return err
	}))
	if math.Abs(r.Freq-perDay) > perDay/50.0 {
		t.Errorf("%g accesses a day, not %d", r.Freq, perDay)
	}
	later := entity.FrequencyAt(r.Freq, r.Accessed, r.Accessed.Add(entity.HalfLife))
	if math.Abs(later-r.Freq/2) > 1e-9 {
		t.Errorf("%g after the half-life of %g", later, r.Freq)
	}
	if f := entity.FrequencyAt(3, w.now, w.now.Add(-time.Hour)); f != 3 {
		t.Errorf("%g when the clock was set back", f)
	}
}

func TestUsers(t *testing.T) {
	w := newWorld(t)
	w.node("n")
	w.create(w.k.session, rec{ID: "s", Session: "s", Node: "n", Active: true})
	join := func(user string) error {
		return w.m.Update(entity.Ephemeral, func(tx *kv.Tx) error { return w.k.session.Join(tx, key("s"), user, w.now) })
	}
	leave := func(user string) (empty bool) {
		w.update(entity.Ephemeral, func(tx *kv.Tx) (err error) {
			empty, err = w.k.session.Leave(tx, key("s"), user, w.now)
			return err
		})
		return empty
	}
	w.check(join("a"))
	w.check(join("a"))
	if err := join("b"); !errors.Is(err, entity.ErrTaken) {
		t.Errorf("error %v", err)
	}
	if leave("a") {
		t.Error("an active session is to be deleted")
	}
	w.check(join("b"))
	w.now = w.now.Add(sessionIdle + 1) // b has not been heard of
	w.check(join("c"))
	w.setActive("s", false)
	if leave("b") {
		t.Error("to be deleted while c uses it")
	}
	if !leave("c") {
		t.Error("not to be deleted after the last has left")
	}
	if _, err := w.m.SessionComplete(context.Background(), "s", false); err != nil {
		t.Error(err)
	}
	if err := join("a"); !errors.Is(err, entity.ErrMissing) {
		t.Errorf("error %v", err)
	}
}

func TestCreateAndTouch(t *testing.T) {
	w := newWorld(t)
	w.node("n")
	w.create(w.k.session, rec{ID: "s", Session: "s", Node: "n"})
	begin := w.now
	err := w.m.Update(entity.Ephemeral, func(tx *kv.Tx) error {
		return w.k.session.Create(tx, &rec{ID: "s", Session: "s", Node: "n"}, w.now)
	})
	if !errors.Is(err, entity.ErrExists) {
		t.Errorf("error %v", err)
	}
	w.now = w.now.Add(time.Minute)
	w.update(entity.Ephemeral, func(tx *kv.Tx) error { return w.k.session.Touch(tx, key("s"), w.now) })
	w.check(w.m.View(entity.Ephemeral, func(tx *kv.Tx) error {
		r, _, err := w.k.session.Table.Get(tx, key("s"))
		want := rec{ID: "s", Session: "s", Node: "n", Created: begin, Accessed: w.now, Expires: w.now.Add(sessionIdle)}
		if d := cmp.Diff(want, r); d != "" {
			t.Error(d)
		}
		return err
	}))
	// A wrong database is a clear error, not a record in the wrong place.
	err = w.m.Update(entity.Persistent, func(tx *kv.Tx) error {
		return w.k.session.Create(tx, &rec{ID: "z", Session: "z", Node: "n"}, w.now)
	})
	if !errors.Is(err, kv.ErrNoTable) {
		t.Errorf("error %v", err)
	}
}
