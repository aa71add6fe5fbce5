package kv

import (
	"bytes"
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// model is what a table of animals must look like from outside.
type model map[uint64]animal

// under returns the ids of the records that keys gives a key with the prefix,
// in the order of index entries.
func (m model) under(prefix Key, keys func(*animal) []Key) []uint64 {
	type found struct {
		entry []byte
		id    uint64
	}
	var fs []found
	for id, a := range m {
		for _, k := range keys(&a) {
			if bytes.HasPrefix(k, prefix) {
				fs = append(fs, found{entryKey(k, Key(nil).Uint(id)), id})
			}
		}
	}
	slices.SortFunc(fs, func(a, b found) int { return bytes.Compare(a.entry, b.entry) })
	fs = slices.CompactFunc(fs, func(a, b found) bool { return bytes.Equal(a.entry, b.entry) })
	ids := []uint64{}
	for _, f := range fs {
		ids = append(ids, f.id)
	}
	return ids
}

func (m model) all() []uint64 {
	ids := []uint64{}
	for id := range m {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

var ( // small sets, so that records meet
	someName = rapid.SampledFrom([]string{"", "a", "ab", "b", "b\x00", "b\x00c", "\xff\xff", "日"})
	someID   = rapid.Uint64Range(0, 12)
	someKind = rapid.SampledFrom([]string{"x", "y", "z", ""})
)

// machine does the same to a database and to a model.
type machine struct {
	path string
	db   *DB
	m    model
}

func someAnimal(t *rapid.T) animal {
	return animal{
		ID: someID.Draw(t, "id"), Name: someName.Draw(t, "name"), Kinds: rapid.SliceOfN(someKind, 0, 3).Draw(t, "kinds"),
		Note: make([]byte, rapid.SampledFrom([]int{0, 10, 5000}).Draw(t, "bytes")),
	}
}

func (s *machine) putAll(t *rapid.T, tx *Tx) {
	all := rapid.SliceOfN(rapid.Custom(someAnimal), 0, 8).Draw(t, "animals")
	if err := animals().PutAll(tx, all); err != nil {
		t.Fatal(err)
	}
	for _, a := range all {
		s.m[a.ID] = a
	}
}

func (s *machine) put(t *rapid.T, tx *Tx) {
	a := someAnimal(t)
	if err := animals().Put(tx, &a); err != nil {
		t.Fatal(err)
	}
	s.m[a.ID] = a
}

func (s *machine) remove(t *rapid.T, tx *Tx) {
	id := someID.Draw(t, "id")
	_, want := s.m[id]
	if got, err := animals().Delete(tx, Key(nil).Uint(id)); err != nil || got != want {
		t.Fatalf("delete %d: %v, %v", id, got, err)
	}
	delete(s.m, id)
}

func (s *machine) removeBy(t *rapid.T, tx *Tx) {
	k := Key(nil).Str(someKind.Draw(t, "kind"))
	ids := s.m.under(k, animals().Indexes[1].Keys)
	if got, err := animals().DeleteBy(tx, "kind", k); err != nil || got != len(ids) {
		t.Fatalf("delete by kind: %d of %d, %v", got, len(ids), err)
	}
	for _, id := range ids {
		delete(s.m, id)
	}
}

// change is a transaction of random changes; some end with an error, which
// must undo them all.
func (s *machine) change(t *rapid.T) {
	undo := rapid.IntRange(0, 4).Draw(t, "undo") == 0
	before := model{}
	for id, a := range s.m {
		before[id] = a
	}
	stop := fmt.Errorf("stop")
	err := s.db.Update(func(tx *Tx) error {
		for range rapid.IntRange(1, 6).Draw(t, "changes") {
			rapid.SampledFrom([]func(*rapid.T, *Tx){s.put, s.put, s.putAll, s.remove, s.removeBy}).Draw(t, "change")(t, tx)
		}
		s.compare(t, tx) // a transaction sees its own changes
		if undo {
			return stop
		}
		return nil
	})
	if undo != (err == stop) || !undo && err != nil {
		t.Fatal(err)
	}
	if undo {
		s.m = before
	}
}

// compare asks everything that can be asked.
func (s *machine) compare(t *rapid.T, tx *Tx) {
	as := animals()
	got, err := collect(as.All(tx, nil))
	if err != nil || !slices.Equal(sortedIDs(got), s.m.all()) {
		t.Fatalf("all: %v, want %v (%v)", sortedIDs(got), s.m.all(), err)
	}
	for _, a := range got {
		if !equalAnimals([]animal{a}, []animal{s.m[a.ID]}) {
			t.Fatalf("record %d differs", a.ID)
		}
	}
	if n, err := as.Count(tx, nil); err != nil || n != len(s.m) {
		t.Fatalf("count %d of %d, %v", n, len(s.m), err)
	}
	for _, ix := range as.Indexes {
		prefix := Key(nil)
		if rapid.Bool().Draw(t, "part") {
			prefix = prefix.Str(cmp.Or(someName.Draw(t, "prefix"), someKind.Draw(t, "prefix")))
		}
		want := s.m.under(prefix, ix.Keys)
		by, err := collect(as.By(tx, ix.Name, prefix))
		if err != nil || !slices.EqualFunc(by, want, func(a animal, id uint64) bool { return a.ID == id }) {
			t.Fatalf("by %s %q: %v, want %v (%v)", ix.Name, prefix, by, want, err)
		}
		down, err := collect(as.ByDown(tx, ix.Name, prefix))
		slices.Reverse(down)
		if err != nil || !equalAnimals(down, by) {
			t.Fatalf("down by %s %q: %v, want %v (%v)", ix.Name, prefix, down, by, err)
		}
		n := 0
		for _, key := range as.Entries(tx, ix.Name, prefix) {
			if id, _, _ := CutUint(key); id != want[n] {
				t.Fatalf("entry %d of %s is of %d, want %d", n, ix.Name, id, want[n])
			}
			n++
		}
		if n != len(want) {
			t.Fatalf("%d entries of %d", n, len(want))
		}
	}
}

func (s *machine) look(t *rapid.T) {
	if err := s.db.View(func(tx *Tx) error { s.compare(t, tx); return nil }); err != nil {
		t.Fatal(err)
	}
	if err := s.db.Check(func(f Finding) { t.Fatalf("found: %v", f) }); err != nil {
		t.Fatal(err)
	}
}

func (s *machine) reopen(t *rapid.T) {
	if err := s.db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := CheckFile(s.path); err != nil {
		t.Fatal(err)
	}
	var err error
	if s.db, err = Open(s.path, garden(), Options{NoSync: true}); err != nil {
		t.Fatal(err)
	}
}

func (s *machine) compact(t *rapid.T) {
	if err := s.db.Compact(); err != nil {
		t.Fatal(err)
	}
}

func TestAgainstAModel(t *testing.T) {
	dir := t.TempDir()
	runs := 0
	rapid.Check(t, func(t *rapid.T) {
		runs++
		s := &machine{path: filepath.Join(dir, fmt.Sprint(runs, ".db")), m: model{}}
		var err error
		if s.db, err = Open(s.path, garden(), Options{NoSync: true}); err != nil {
			t.Fatal(err)
		}
		defer func() { s.db.Close() }()
		t.Repeat(map[string]func(*rapid.T){
			"change": s.change, "change again": s.change, "look": s.look, "reopen": s.reopen, "compact": s.compact,
		})
	})
}
