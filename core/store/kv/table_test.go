package kv

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func zoo(t testing.TB) *DB {
	db := fresh(t)
	put(t, db,
		animal{ID: 1, Name: "cat", Kinds: []string{"pet", "fur"}},
		animal{ID: 2, Name: "dog", Kinds: []string{"pet", "fur", "pet"}},
		animal{ID: 3, Name: "eel"},
		animal{ID: 4, Name: "cat", Kinds: []string{"pet"}},
	)
	return db
}

func TestQueries(t *testing.T) {
	key := func(s string) Key { return Key(nil).Str(s) }
	id := func(u uint64) Key { return Key(nil).Uint(u) }
	as := animals()
	view(t, zoo(t), func(tx *Tx) error {
		for name, c := range map[string]struct {
			got  []uint64
			want string
		}{
			"all":            {ids(t, as.All(tx, nil)), "[1 2 3 4]"},
			"range":          {ids(t, as.Range(tx, id(2), id(4))), "[2 3]"},
			"range to end":   {ids(t, as.Range(tx, id(3), nil)), "[3 4]"},
			"by name":        {ids(t, as.By(tx, "name", key("cat"))), "[1 4]"},
			"by no name":     {ids(t, as.By(tx, "name", key("ca"))), "[]"},
			"by begin":       {ids(t, as.By(tx, "name", Key("ca"))), "[1 4]"},
			"by name range":  {ids(t, as.ByRange(tx, "name", key("cau"), nil)), "[2 3]"},
			"by kind, twice": {ids(t, as.By(tx, "kind", key("pet"))), "[1 2 4]"},
			"by any kind":    {ids(t, as.By(tx, "kind", nil)), "[1 2 1 2 4]"},
		} {
			if got := fmt.Sprint(c.got); got != c.want {
				t.Errorf("%s: %s, want %s", name, got, c.want)
			}
		}
		for prefix, want := range map[string]int{"": 4, string(id(3)): 1, string(id(9)): 0} {
			if n, err := as.Count(tx, Key(prefix)); err != nil || n != want {
				t.Errorf("count %q: %d, %v", prefix, n, err)
			}
		}
		v, found, err := as.Get(tx, id(2))
		if d := cmp.Diff(animal{ID: 2, Name: "dog", Kinds: []string{"pet", "fur", "pet"}}, v); err != nil || !found || d != "" {
			t.Error(found, err, d)
		}
		if _, found, err := as.Get(tx, id(9)); found || err != nil {
			t.Error(found, err)
		}
		return nil
	})
}

// A loop may change what it goes over.
func TestALoopThatChangesTheTable(t *testing.T) {
	db := zoo(t)
	as := animals()
	update(t, db, func(tx *Tx) error {
		seen := []uint64{}
		for a, err := range as.All(tx, nil) {
			if err != nil {
				return err
			}
			seen = append(seen, a.ID)
			if _, err := as.Delete(tx, as.Key(&a)); err != nil {
				return err
			}
			if a.ID < 10 {
				if err := as.Put(tx, &animal{ID: a.ID + 10, Name: "new", Note: make([]byte, 3000)}); err != nil {
					return err
				}
			}
		}
		if fmt.Sprint(seen) != "[1 2 3 4 11 12 13 14]" {
			t.Error(seen)
		}
		return nil
	})
	sound(t, db)
}

func TestALoopDownThatChangesTheTable(t *testing.T) {
	db := zoo(t)
	as := animals()
	update(t, db, func(tx *Tx) error {
		seen := []uint64{}
		for a, err := range as.ByDown(tx, "name", nil) {
			if err != nil {
				return err
			}
			seen = append(seen, a.ID)
			if _, err := as.Delete(tx, as.Key(&a)); err != nil {
				return err
			}
			if err := as.Put(tx, &animal{ID: a.ID + 10, Name: "z", Note: make([]byte, 3000)}); err != nil {
				return err
			}
		}
		if fmt.Sprint(seen) != "[3 2 4 1]" {
			t.Error(seen)
		}
		return nil
	})
	sound(t, db)
}

func TestAnUpdateThatFailsChangesNothing(t *testing.T) {
	db := zoo(t)
	stop := errors.New("stop")
	hooked := false
	err := db.Update(func(tx *Tx) error {
		tx.OnCommit(func() { hooked = true })
		if _, err := animals().DeleteAll(tx, nil); err != nil {
			return err
		}
		return stop
	})
	if err != stop || hooked {
		t.Error(err, hooked)
	}
	view(t, db, func(tx *Tx) error {
		if n, err := animals().Count(tx, nil); n != 4 || err != nil {
			t.Error(n, err)
		}
		return nil
	})
	sound(t, db)
}

// A transaction that changes nothing is not written, and its hooks run.
func TestNothingToWrite(t *testing.T) {
	db := zoo(t)
	before := readFile(t, db.Path())
	hooked := false
	update(t, db, func(tx *Tx) error {
		tx.OnCommit(func() { hooked = true })
		return animals().Put(tx, &animal{ID: 3, Name: "eel"})
	})
	if !hooked || !bytes.Equal(before, readFile(t, db.Path())) {
		t.Error("hooked:", hooked)
	}
}

func TestDeleteSome(t *testing.T) {
	db := zoo(t)
	for _, want := range []int{3, 1, 0} {
		update(t, db, func(tx *Tx) error {
			n, err := animals().DeleteSome(tx, nil, 3)
			if n != want {
				t.Errorf("%d, want %d", n, want)
			}
			return err
		})
		sound(t, db)
	}
}

func TestHooksMayUseTheDatabase(t *testing.T) {
	db := zoo(t)
	n := 0
	update(t, db, func(tx *Tx) error {
		tx.OnCommit(func() {
			update(t, db, func(tx *Tx) (err error) { n, err = animals().DeleteAll(tx, nil); return err })
		})
		return nil
	})
	if n != 4 {
		t.Error(n)
	}
}

func TestWhatIsRefused(t *testing.T) {
	db := zoo(t)
	other := &Table[animal]{Name: "others", Version: 1, Key: animals().Key}
	long := animal{ID: 5, Name: strings.Repeat("x", 40000)}
	for name, c := range map[string]struct {
		run func(tx *Tx) error
		say string
	}{
		"table": {func(tx *Tx) error { return other.Put(tx, &animal{}) }, "others in garden: no such table"},
		"get":   {func(tx *Tx) error { _, _, err := other.Get(tx, nil); return err }, "no such table"},
		"count": {func(tx *Tx) error { _, err := other.Count(tx, nil); return err }, "no such table"},
		"index": {func(tx *Tx) error { _, err := collect(animals().By(tx, "color", nil)); return err }, "animals.color in garden: no such table"},
		"entries": {func(tx *Tx) error {
			for range animals().Entries(tx, "color", nil) {
			}
			return nil
		}, "animals.color in garden: no such table"},
		"long key": {func(tx *Tx) error { return animals().Put(tx, &long) }, "store animals.name"},
		"no key":   {func(tx *Tx) error { return plantsByNothing().Put(tx, &plant{}) }, "store plants"},
	} {
		if err := db.Update(c.run); err == nil || !strings.Contains(err.Error(), c.say) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := db.View(func(tx *Tx) error { return animals().Put(tx, &animal{ID: 8}) }); err == nil {
		t.Error("a view may write")
	}
	sound(t, db)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := db.View(func(*Tx) error { return nil }); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
}

func plantsByNothing() *Table[plant] {
	return &Table[plant]{Name: "plants", Version: 1, Key: func(*plant) Key { return nil }}
}

func TestASchemaThatIsADefect(t *testing.T) {
	for name, s := range map[string]Schema{
		"version":    {Name: "x"},
		"migrations": {Name: "x", Version: 2},
		"twice":      {Name: "x", Version: 1, Tables: []Tabled{plants(), plants()}},
		"meta":       {Name: "x", Version: 1, Tables: []Tabled{&Table[plant]{Name: "meta"}}},
		"dot":        {Name: "x", Version: 1, Tables: []Tabled{&Table[plant]{Name: "a.b"}}},
		"index dot":  {Name: "x", Version: 1, Tables: []Tabled{&Table[plant]{Name: "a", Indexes: []Index[plant]{{Name: "b.c"}}}}},
	} {
		if _, err := Open(t.TempDir()+"/x.db", s, Options{}); err == nil || !strings.Contains(err.Error(), "schema x") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Readers and a writer at once see whole transactions only.
func TestConcurrentUse(t *testing.T) {
	db := fresh(t)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for range 50 {
				err := db.View(func(tx *Tx) error {
					n, err := animals().Count(tx, nil)
					if n%10 != 0 {
						t.Errorf("%d records", n)
					}
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Go(func() {
		for range 5 {
			if err := db.Compact(); err != nil {
				t.Error(err)
			}
		}
	})
	for n := range uint64(20) {
		as := make([]animal, 10)
		for i := range as {
			as[i].ID = n*10 + uint64(i)
		}
		put(t, db, as...)
	}
	wg.Wait()
	sound(t, db)
}

func FuzzDecode(f *testing.F) {
	c, err := newCodec()
	if err != nil {
		f.Fatal(err)
	}
	as := animals()
	for _, a := range []animal{{}, {ID: 1 << 60, Name: "日\xff", Kinds: []string{"a", ""}, Note: []byte{0}}} {
		value, err := as.encode(c, &a)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(value[entryHeader:])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := as.decode(c, nil, data)
		if err != nil {
			if !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrNewer) {
				t.Error(err)
			}
			return
		}
		again, err := as.encode(c, &v)
		if err != nil {
			t.Fatal(err)
		}
		w, err := as.decode(c, nil, again[entryHeader:])
		if err != nil || !equalAnimals([]animal{v}, []animal{w}) || v.ID != w.ID {
			t.Errorf("%+v came back as %+v, %v", v, w, err)
		}
	})
}
