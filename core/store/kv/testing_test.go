package kv

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/shapes-desktop/shapes/core/store/boltfile"
)

// TestMain lets the test program be the child process that checks files, and
// the one that is killed.
func TestMain(m *testing.M) {
	if boltfile.IsCheckChild(os.Args) {
		os.Exit(boltfile.RunCheckChild(os.Args, os.Stdout, Kind()))
	}
	if path := os.Getenv(writerKey); path != "" {
		os.Exit(runWriter(path))
	}
	if dir := os.Getenv(fillerKey); dir != "" {
		os.Exit(runFiller(dir))
	}
	os.Exit(m.Run())
}

// animal is a record with an index that has one key, and one that has any
// number.
type animal struct {
	ID    uint64   `cbor:"1,keyasint"`
	Name  string   `cbor:"2,keyasint"`
	Kinds []string `cbor:"3,keyasint,omitempty"`
	Note  []byte   `cbor:"4,keyasint,omitempty"`
}

func animals() *Table[animal] {
	return &Table[animal]{
		Name: "animals", Version: 1,
		Key: func(a *animal) Key { return Key(nil).Uint(a.ID) },
		Indexes: []Index[animal]{
			{"name", One(func(a *animal) Key { return Key(nil).Str(a.Name) })},
			{"kind", func(a *animal) (ks []Key) {
				for _, k := range a.Kinds {
					ks = append(ks, Key(nil).Str(k))
				}
				return ks
			}},
		},
	}
}

// plant has no index.
type plant struct {
	Name string    `cbor:"1,keyasint"`
	Seen time.Time `cbor:"2,keyasint"`
}

func plants() *Table[plant] {
	return &Table[plant]{Name: "plants", Version: 1, Key: func(p *plant) Key { return Key(nil).Str(p.Name) }}
}

func garden() Schema {
	return Schema{Name: "garden", Version: 1, Tables: []Tabled{animals(), plants()}}
}

func open(t testing.TB, path string, o Options) *DB {
	t.Helper()
	db, err := Open(path, garden(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func fresh(t testing.TB) *DB { return open(t, filepath.Join(t.TempDir(), "garden.db"), Options{}) }

func update(t testing.TB, db *DB, fn func(tx *Tx) error) {
	t.Helper()
	if err := db.Update(fn); err != nil {
		t.Fatal(err)
	}
}

func view(t testing.TB, db *DB, fn func(tx *Tx) error) {
	t.Helper()
	if err := db.View(fn); err != nil {
		t.Fatal(err)
	}
}

// put stores animals in one transaction.
func put(t testing.TB, db *DB, as ...animal) {
	t.Helper()
	update(t, db, func(tx *Tx) error {
		for _, a := range as {
			if err := animals().Put(tx, &a); err != nil {
				return err
			}
		}
		return nil
	})
}

// ids are those of the records of a loop.
func ids(t testing.TB, seq func(func(animal, error) bool)) []uint64 {
	t.Helper()
	got := []uint64{}
	for a, err := range seq {
		if err != nil {
			t.Error(err)
		}
		got = append(got, a.ID)
	}
	return got
}

// sound fails the test if Check finds anything.
func sound(t testing.TB, db *DB) {
	t.Helper()
	if err := db.Check(func(f Finding) { t.Errorf("found: %v", f) }); err != nil {
		t.Error(err)
	}
}

func sortedIDs(as []animal) []uint64 {
	got := []uint64{}
	for _, a := range as {
		got = append(got, a.ID)
	}
	slices.Sort(got)
	return got
}

func verifier(t testing.TB) Verifier {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return Verifier{Exe: exe, Timeout: 20 * time.Second}
}

func collect(seq func(func(animal, error) bool)) (as []animal, err error) {
	for a, err := range seq {
		if err != nil {
			return nil, err
		}
		as = append(as, a)
	}
	return as, nil
}

func equalAnimals(a, b []animal) bool {
	return slices.EqualFunc(a, b, func(x, y animal) bool {
		return x.ID == y.ID && x.Name == y.Name && slices.Equal(x.Kinds, y.Kinds) && slices.Equal(x.Note, y.Note)
	})
}

// moment is second n, in UTC as records come back.
func moment(n int) time.Time { return time.Unix(int64(n), 0).UTC() }
