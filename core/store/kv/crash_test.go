package kv

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/store/atomicfile"
)

// writerKey, in the environment, makes the test program a writer of the
// database that it names.
const writerKey = "SHAPES_TEST_WRITER"

// runWriter changes a database for ever and says after each transaction that
// it has become durable. Transaction n leaves the state that stateAfter(n)
// describes.
func runWriter(path string) int {
	db, err := Open(path, garden(), Options{})
	if err != nil {
		fmt.Println(err)
		return 1
	}
	at := 0
	err = db.View(func(tx *Tx) (err error) { at, err = transactionOf(tx); return err })
	for n := at + 1; err == nil; n++ {
		if err = db.Update(func(tx *Tx) error { return step(tx, n) }); err == nil {
			fmt.Println(n)
		}
		switch { // the other ways to change files
		case err == nil && n%7 == 0:
			err = db.Compact()
		case err == nil && n%11 == 0:
			err = db.Backup(BackupPath(path))
		case err == nil && n%13 == 0:
			if err = db.Close(); err == nil {
				db, err = Open(path, garden(), Options{Backup: true})
			}
		}
	}
	fmt.Println(err)
	return 1
}

// step is transaction n: it adds, replaces and deletes records of several
// pages. The plant "n" says which transaction was the last.
func step(tx *Tx, n int) error {
	r := rand.New(rand.NewPCG(uint64(n), 1))
	for range 1 + r.IntN(8) {
		a := animal{ID: r.Uint64N(300), Name: fmt.Sprint("name ", n), Kinds: []string{fmt.Sprint(n % 5)}, Note: make([]byte, r.IntN(3000))}
		if err := animals().Put(tx, &a); err != nil {
			return err
		}
	}
	if _, err := animals().Delete(tx, Key(nil).Uint(r.Uint64N(300))); err != nil {
		return err
	}
	if n%50 == 0 {
		if _, err := animals().DeleteBy(tx, "kind", Key(nil).Str("3")); err != nil {
			return err
		}
	}
	return plants().Put(tx, &plant{Name: "n " + strconv.Itoa(n%2), Seen: moment(n)})
}

// transactionOf returns which transaction a database has seen last.
func transactionOf(tx *Tx) (last int, err error) {
	for p, err := range plants().All(tx, nil) {
		if err != nil {
			return 0, err
		}
		last = max(last, int(p.Seen.Unix()))
	}
	return last, nil
}

// A process that is killed at any moment leaves exactly the transactions that
// it has said to be durable, and perhaps the one after.
func TestKilledAtAnyMoment(t *testing.T) {
	path := filepath.Join(t.TempDir(), "garden.db")
	r := rand.New(rand.NewPCG(1, 2))
	acknowledged := 0
	for range 25 {
		acknowledged = max(acknowledged, killAfter(t, path, r.IntN(30), r.IntN(5000)))
		if missing(path) { // killed while it made the file
			continue
		}
		if err := verifier(t).Verify(context.Background(), path); err != nil {
			t.Fatal(err)
		}
		acknowledged = survived(t, path, acknowledged)
		if b := BackupPath(path); !missing(b) {
			if err := verifier(t).Verify(context.Background(), b); err != nil {
				t.Fatal(err)
			}
		}
		if left, err := atomicfile.Leftovers(path); len(left) != 0 || err != nil {
			t.Errorf("left %v, %v", left, err)
		}
	}
	if acknowledged < 100 {
		t.Errorf("only %d transactions were tried", acknowledged)
	}
}

// survived compares the database with a replay of as many transactions as it
// has seen, and returns how many these are.
func survived(t *testing.T, path string, acknowledged int) int {
	t.Helper()
	db, err := Open(path, garden(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	sound(t, db)
	var n int
	var got []animal
	view(t, db, func(tx *Tx) (err error) {
		if n, err = transactionOf(tx); err != nil {
			return err
		}
		got, err = collect(animals().All(tx, nil))
		return err
	})
	if n < acknowledged || n > acknowledged+1 {
		t.Fatalf("%d transactions were said to be durable, %d are there", acknowledged, n)
	}
	want := replay(t, n)
	if !equalAnimals(got, want) {
		t.Fatalf("after %d transactions: %d records, a replay has %d, or others", n, len(got), len(want))
	}
	return n
}

// replay is what the first n transactions leave.
func replay(t *testing.T, n int) []animal {
	t.Helper()
	db, err := Open(filepath.Join(t.TempDir(), "replay.db"), garden(), Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var got []animal
	update(t, db, func(tx *Tx) (err error) {
		for i := range n {
			if err := step(tx, i+1); err != nil {
				return err
			}
		}
		got, err = collect(animals().All(tx, nil))
		return err
	})
	return got
}

// killAfter starts a writer, waits for so many transactions and a moment that
// is measured in spins, kills it, and returns the last that it has said.
func killAfter(t *testing.T, path string, transactions, spins int) (last int) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), writerKey+"="+path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	read := func() bool {
		if !lines.Scan() {
			return false
		}
		n, err := strconv.Atoi(strings.TrimSpace(lines.Text()))
		if err != nil {
			t.Fatalf("the writer says %q", lines.Text())
		}
		last = n
		return true
	}
	for range transactions {
		if !read() {
			break
		}
	}
	for i := range spins {
		_ = fmt.Sprint(i)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for read() { // what it said before it died
	}
	_ = cmd.Wait() // that it was killed
	return last
}
