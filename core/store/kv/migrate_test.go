package kv

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// goldenV1 was written by the first version of the layout and of the schema
// below; it is never written again, only further files beside it.
const goldenV1 = "testdata/v1.db"

// animalV2 is what an animal has become in version 2: its name in two parts,
// found by the second.
type animalV2 struct {
	ID    uint64 `cbor:"1,keyasint"`
	First string `cbor:"5,keyasint"`
	Last  string `cbor:"6,keyasint"`
}

func animalsV2() *Table[animalV2] {
	return &Table[animalV2]{
		Name: "animals", Version: 2,
		Key:     func(a *animalV2) Key { return Key(nil).Uint(a.ID) },
		Indexes: []Index[animalV2]{{"last", One(func(a *animalV2) Key { return Key(nil).Str(a.Last) })}},
		Upgrade: func(_ byte, decode func(any) error) (animalV2, error) {
			var old animal
			if err := decode(&old); err != nil {
				return animalV2{}, err
			}
			first, last, _ := strings.Cut(old.Name, " ")
			return animalV2{old.ID, first, last}, nil
		},
	}
}

// trees is a table that version 2 adds.
func trees() *Table[plant] {
	return &Table[plant]{Name: "trees", Version: 1, Key: plants().Key}
}

// gardenV2 moves the plants whose name begins with "tree" to a table of their
// own.
func gardenV2() Schema {
	move := func(tx *Tx) error {
		for p, err := range plants().All(tx, Key("tree")) {
			if err != nil {
				return err
			}
			if err := trees().Put(tx, &p); err != nil {
				return err
			}
			if _, err := plants().Delete(tx, plants().Key(&p)); err != nil {
				return err
			}
		}
		return nil
	}
	return Schema{
		Name: "garden", Version: 2, Tables: []Tabled{animalsV2(), plants(), trees()},
		Migrations: []func(*Tx) error{move},
	}
}

// writeGolden makes the file of version 1. It is called by hand, with the flag.
func writeGolden(t *testing.T) {
	if err := os.MkdirAll("testdata", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(goldenV1); err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	db, err := Open(goldenV1, garden(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	put(t, db, animal{ID: 1, Name: "Tom Cat", Kinds: []string{"pet"}}, animal{ID: 2, Name: "Rex Dog", Note: []byte{1, 2}})
	update(t, db, func(tx *Tx) error {
		return errors.Join(
			plants().Put(tx, &plant{Name: "rose", Seen: moment(1)}),
			plants().Put(tx, &plant{Name: "tree: oak", Seen: moment(2)}),
		)
	})
	if err := errors.Join(db.Compact(), db.Close(), os.Remove(goldenV1+".clean")); err != nil {
		t.Fatal(err)
	}
}

var updateGolden = flag.Bool("update", false, "write the golden file of version 1 anew")

// copyGolden returns a copy of the file of version 1.
func copyGolden(t *testing.T) string {
	t.Helper()
	if *updateGolden {
		writeGolden(t)
	}
	b, err := os.ReadFile(goldenV1)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "garden.db")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestVersion1IsRead(t *testing.T) {
	path := copyGolden(t)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := CheckFile(path); err != nil {
		t.Fatal(err)
	}
	db := open(t, path, Options{ReadOnly: true})
	sound(t, db)
	view(t, db, func(tx *Tx) error {
		got, err := collect(animals().All(tx, nil))
		want := []animal{{ID: 1, Name: "Tom Cat", Kinds: []string{"pet"}}, {ID: 2, Name: "Rex Dog", Note: []byte{1, 2}}}
		if err != nil || !equalAnimals(got, want) {
			t.Error(got, err)
		}
		p, found, err := plants().Get(tx, Key(nil).Str("rose"))
		if err != nil || !found || !p.Seen.Equal(moment(1)) {
			t.Error(p, found, err)
		}
		return nil
	})
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
		t.Error("reading has changed it", err)
	}
}

func TestVersion1IsMigrated(t *testing.T) {
	path := copyGolden(t)
	if _, err := Open(path, gardenV2(), Options{ReadOnly: true}); err == nil || !strings.Contains(err.Error(), "opened for writing once") {
		t.Errorf("for reading only: %v", err)
	}
	db, err := Open(path, gardenV2(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	sound(t, db)
	view(t, db, func(tx *Tx) error {
		for a, err := range animalsV2().By(tx, "last", Key(nil).Str("Dog")) {
			if err != nil || a != (animalV2{2, "Rex", "Dog"}) {
				t.Error(a, err)
			}
		}
		for name, c := range map[string]struct {
			table *Table[plant]
			want  int
		}{"plants": {plants(), 1}, "trees": {trees(), 1}} {
			if n, err := c.table.Count(tx, nil); err != nil || n != c.want {
				t.Errorf("%s: %d, %v", name, n, err)
			}
		}
		if got, err := tx.names(); fmt.Sprint(got) != "[animals animals.last meta plants trees]" {
			t.Error(got, err)
		}
		return nil
	})
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := CheckFile(path); err != nil {
		t.Error(err)
	}
	if _, err := Open(path, garden(), Options{}); !errors.Is(err, ErrNewer) {
		t.Error(err)
	}
}

func TestAMigrationThatFailsChangesNothing(t *testing.T) {
	path := copyGolden(t)
	before, err := collectFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s := gardenV2()
	move := s.Migrations[0]
	s.Migrations[0] = func(tx *Tx) error { return errors.Join(move(tx), errors.New("no luck")) }
	if _, err := Open(path, s, Options{}); err == nil || !strings.Contains(err.Error(), "from version 1 to 2, which leaves it as it was: no luck") {
		t.Error(err)
	}
	after, err := collectFile(path)
	if err != nil || !equalAnimals(before, after) {
		t.Error("it has changed", err)
	}
}

func collectFile(path string) ([]animal, error) {
	db, err := Open(path, garden(), Options{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	var as []animal
	err = db.View(func(tx *Tx) (err error) {
		as, err = collect(animals().All(tx, nil))
		return err
	})
	return as, errors.Join(err, db.Close())
}
