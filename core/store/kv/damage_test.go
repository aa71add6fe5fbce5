package kv

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/store/boltfile"
	bolt "go.etcd.io/bbolt"
)

// grown makes a database of some 100 pages with a past, and returns its path.
func grown(t testing.TB, o Options) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "garden.db")
	db, err := Open(path, garden(), o)
	if err != nil {
		t.Fatal(err)
	}
	for n := range 60 {
		update(t, db, func(tx *Tx) error { return step(tx, n+1) })
	}
	if err := errors.Join(db.Compact(), db.Close()); err != nil { // so that damage meets what is used
		t.Fatal(err)
	}
	return path
}

// everything is what the program would show of a database.
func everything(path string) ([]animal, error) {
	db, err := Open(path, garden(), Options{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	var as []animal
	err = db.View(func(tx *Tx) error {
		for _, prefix := range []Key{nil, Key(nil).Str("2")} {
			more, err := collect(animals().By(tx, "kind", prefix))
			if err != nil {
				return err
			}
			as = append(as, more...)
		}
		return nil
	})
	return as, errors.Join(err, db.Close())
}

var pageDamages = []struct {
	name string
	do   func(r *rand.Rand, b []byte) []byte
}{
	{"truncated", func(r *rand.Rand, b []byte) []byte { return b[:r.IntN(len(b))] }},
	{"zeroed page", func(r *rand.Rand, b []byte) []byte { clear(page(r, b)); return b }},
	{"random page", func(r *rand.Rand, b []byte) []byte {
		for p, i := page(r, b), 0; i < len(p); i++ {
			p[i] = byte(r.Uint32())
		}
		return b
	}},
	{"page of elsewhere", func(r *rand.Rand, b []byte) []byte { copy(page(r, b), bytes.Clone(page(r, b))); return b }},
	{"flipped byte of a page header", func(r *rand.Rand, b []byte) []byte {
		page(r, b)[r.IntN(32)] ^= byte(1 + r.IntN(255))
		return b
	}},
	{"flipped bit", func(r *rand.Rand, b []byte) []byte { b[r.IntN(len(b))] ^= 1 << r.IntN(8); return b }},
	{"garbage", func(r *rand.Rand, b []byte) []byte {
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		return b
	}},
	{"nothing", func(_ *rand.Rand, _ []byte) []byte { return nil }},
}

func page(r *rand.Rand, b []byte) []byte {
	p := r.IntN(len(b) / boltfile.PageSize)
	return b[p*boltfile.PageSize : (p+1)*boltfile.PageSize]
}

func TestDamageIsReportedAndHarmless(t *testing.T) {
	path := grown(t, Options{NoSync: true})
	intact, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want, err := everything(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range pageDamages {
		refused := 0
		for i := range 10 {
			r := rand.New(rand.NewPCG(uint64(i), 3))
			path := filepath.Join(t.TempDir(), "garden.db")
			bad := d.do(r, bytes.Clone(intact))
			if err := os.WriteFile(path, bad, 0o600); err != nil {
				t.Fatal(err)
			}
			err := verifier(t).Verify(context.Background(), path)
			if err == nil { // only bytes that nothing uses may go unnoticed
				if got, err := everything(path); err != nil || !equalAnimals(got, want) {
					t.Errorf("%s %d: let through, but reads differently (%v)", d.name, i, err)
				}
				continue
			}
			refused++
			if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), path) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%s %d: %v", d.name, i, err)
			}
			if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, bad) {
				t.Errorf("%s %d: the file was changed (%v)", d.name, i, err)
			}
		}
		t.Logf("%s: %d of 10 refused", d.name, refused)
	}
}

// A record whose bits have changed is noticed when it is read, and others can
// still be read.
func TestAChangedRecord(t *testing.T) {
	db := fresh(t)
	put(t, db, animal{ID: 1, Name: "cat"}, animal{ID: 2, Name: "dog"})
	tamper(t, db, "animals", Key(nil).Uint(1), func(value []byte) { value[len(value)-1] ^= 1 })
	view(t, db, func(tx *Tx) error {
		if _, _, err := animals().Get(tx, Key(nil).Uint(1)); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "animals") {
			t.Error(err)
		}
		if v, found, err := animals().Get(tx, Key(nil).Uint(2)); err != nil || !found || v.Name != "dog" {
			t.Error(v, found, err)
		}
		return nil
	})
	found := ""
	if err := db.Check(func(f Finding) { found += f.String() + "\n" }); err != nil || !strings.Contains(found, "the entry has changed") {
		t.Error(err, found)
	}
}

// tamper changes an entry behind the tables' back.
func tamper(t testing.TB, db *DB, bucket string, key []byte, how func(value []byte)) {
	t.Helper()
	err := db.bolt.Update(func(tx *bolt.Tx) error {
		b := tx.Bucket([]byte(bucket))
		value := bytes.Clone(b.Get(key))
		how(value)
		return b.Put(key, value)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAChangedIndexEntry(t *testing.T) {
	db := fresh(t)
	put(t, db, animal{ID: 1, Name: "cat"})
	tamper(t, db, "animals.name", entryKey(Key(nil).Str("cat"), Key(nil).Uint(1)), func(value []byte) { value[4]++ })
	err := db.View(func(tx *Tx) error {
		for range animals().Entries(tx, "name", nil) {
			t.Error("a changed entry is given")
		}
		return nil
	})
	if !errors.Is(err, ErrDamaged) {
		t.Error(err)
	}
	err = db.View(func(tx *Tx) error {
		_, err := collect(animals().By(tx, "name", nil))
		return err
	})
	if !errors.Is(err, ErrDamaged) {
		t.Error(err)
	}
	if err := db.Repair(); err != nil {
		t.Fatal(err)
	}
	sound(t, db)
}

func TestCheckFindsAndRepairMends(t *testing.T) {
	cat, dog := Key(nil).Uint(1), Key(nil).Uint(2)
	for _, c := range []struct {
		name string
		do   func(tx *bolt.Tx) error
		say  string
	}{
		{"entry lost", func(tx *bolt.Tx) error {
			return tx.Bucket([]byte("animals.name")).Delete(entryKey(Key(nil).Str("cat"), cat))
		}, `record \x00\x00\x00\x00\x00\x00\x00\x01 is missing in index name`},
		{"record lost", func(tx *bolt.Tx) error { return tx.Bucket([]byte("animals")).Delete(dog) }, "which is not there"},
		{"entry of nothing", func(tx *bolt.Tx) error {
			e, value := entryKey(Key(nil).Str("cow"), cat), []byte{0, 0, 0, 0, 8}
			sum := checksum("animals.name", e, value[4:])
			value[0], value[1], value[2], value[3] = byte(sum>>24), byte(sum>>16), byte(sum>>8), byte(sum)
			return tx.Bucket([]byte("animals.name")).Put(e, value)
		}, "in a wrong place"},
	} {
		db := fresh(t)
		put(t, db, animal{ID: 1, Name: "cat"}, animal{ID: 2, Name: "dog"})
		if err := db.bolt.Update(c.do); err != nil {
			t.Fatal(err)
		}
		var said []string
		if err := db.Check(func(f Finding) { said = append(said, f.String()); _ = f.Repair }); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(strings.Join(said, "\n"), c.say) {
			t.Errorf("%s: %q", c.name, said)
		}
		if err := db.Repair(); err != nil {
			t.Fatal(err)
		}
		sound(t, db)
	}
}

// A page that is lost while the file is open closes the database, and it does
// not hang.
func TestDamageWhileOpen(t *testing.T) {
	path := grown(t, Options{NoSync: true})
	db, err := Open(path, garden(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 3*boltfile.PageSize); err != nil {
		t.Fatal(err)
	}
	read := func(tx *Tx) error {
		_, err := collect(animals().All(tx, nil))
		return err
	}
	if err := db.View(read); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), path) {
		t.Error(err)
	}
	for _, use := range []func() error{
		func() error { return db.View(read) },
		func() error { return db.Update(func(*Tx) error { return nil }) },
		db.Compact, db.Sync, func() error { return db.Backup(BackupPath(path)) },
	} {
		if err := use(); !errors.Is(err, ErrDamaged) {
			t.Error(err)
		}
	}
	if err := db.Close(); err != nil && !errors.Is(err, ErrDamaged) {
		t.Error(err)
	}
	if Kind().IsClean(path) {
		t.Error("it is called sound")
	}
}

// A defect of the program is not called damage, and changes nothing.
func TestAPanicOfTheCallerGoesOn(t *testing.T) {
	db := fresh(t)
	put(t, db, animal{ID: 1, Name: "cat"})
	for name, fn := range map[string]func(tx *Tx) error{
		"own":   func(*Tx) error { panic("a defect") },
		"index": func(*Tx) error { var none []int; _ = none[len(none)]; return nil },
		"nil":   func(*Tx) error { var a *animal; a.Name = "x"; return nil },
		"yield": func(tx *Tx) error {
			for range animals().All(tx, nil) {
				panic("a defect")
			}
			return nil
		},
	} {
		for kind, run := range map[string]func(func(*Tx) error) error{"view": db.View, "update": db.Update} {
			func() {
				defer func() {
					if recover() == nil {
						t.Errorf("%s in %s is swallowed", name, kind)
					}
				}()
				err := run(func(tx *Tx) error {
					if tx.Writable() {
						if err := animals().Put(tx, &animal{ID: 9}); err != nil {
							t.Error(err)
						}
					}
					return fn(tx)
				})
				t.Errorf("%s in %s: %v", name, kind, err)
			}()
		}
	}
	sound(t, db)
	view(t, db, func(tx *Tx) error {
		if got := ids(t, animals().All(tx, nil)); fmt.Sprint(got) != "[1]" {
			t.Error(got)
		}
		return nil
	})
}
