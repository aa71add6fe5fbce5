package kv

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/shapes-desktop/shapes/core/store/boltfile"
)

// A commit writes its pages, waits for the disk, and then writes one of the two
// first pages. Whatever of the pages has reached the disk when the power goes,
// in order or not, the database is as it was before; with all of them and the
// first page it is as it is after.
func TestAPowerCutAtEveryWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "garden.db")
	db := open(t, path, Options{NoSync: true})
	r := rand.New(rand.NewPCG(4, 2))
	before, states, tried := readFile(t, path), []animal(nil), 0
	for n := range 25 {
		update(t, db, func(tx *Tx) error { return step(tx, n+1) })
		after := readFile(t, path)
		var now []animal
		view(t, db, func(tx *Tx) (err error) { now, err = collect(animals().All(tx, nil)); return err })

		pages := changedPages(before, after)
		for cut := range len(pages) + 1 {
			disk := grownTo(before, len(after))
			for _, p := range pages[:cut] {
				copyPage(disk, after, p)
			}
			expect(t, disk, states)
			tried++
		}
		for range 3 {
			disk := grownTo(before, len(after))
			for _, p := range pages {
				if r.IntN(2) == 0 {
					copyPage(disk, after, p)
				}
			}
			expect(t, disk, states)
		}
		expect(t, after, now)
		before, states = after, now
	}
	if tried < 100 {
		t.Errorf("only %d boundaries", tried)
	}
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// changedPages are those that differ, without the two first ones.
func changedPages(before, after []byte) (ps []int) {
	before = grownTo(before, len(after))
	for p := 2; p < len(after)/boltfile.PageSize; p++ {
		if !bytes.Equal(pageOf(before, p), pageOf(after, p)) {
			ps = append(ps, p)
		}
	}
	return ps
}

func pageOf(b []byte, p int) []byte { return b[p*boltfile.PageSize : (p+1)*boltfile.PageSize] }

func copyPage(to, from []byte, p int) { copy(pageOf(to, p), pageOf(from, p)) }

// grownTo is a copy of a file after it has grown, which comes first.
func grownTo(b []byte, size int) []byte {
	return append(bytes.Clone(b), make([]byte, max(0, size-len(b)))...)
}

// expect opens what is on a disk and compares it.
func expect(t *testing.T, disk []byte, want []animal) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "garden.db")
	if err := os.WriteFile(path, disk, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := CheckFile(path); err != nil {
		t.Fatal(err)
	}
	db, err := Open(path, garden(), Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	sound(t, db)
	view(t, db, func(tx *Tx) error {
		got, err := collect(animals().All(tx, nil))
		if !equalAnimals(got, want) {
			t.Errorf("%d records, want %d, or others", len(got), len(want))
		}
		return err
	})
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}
