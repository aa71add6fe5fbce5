package kv

import (
	"fmt"
	"path/filepath"
	"testing"
)

// many makes a database of n animals with both indexes, 1000 a transaction.
func many(b testing.TB, n int) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "garden.db")
	db, err := Open(path, garden(), Options{NoSync: true})
	if err != nil {
		b.Fatal(err)
	}
	for from := 0; from < n; from += 1000 {
		update(b, db, func(tx *Tx) error { return someAnimals(tx, from, min(from+1000, n)) })
	}
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
	return path
}

func animalOf(i int) animal {
	return animal{ID: uint64(i), Name: fmt.Sprintf("name %d", i*7919%100003), Kinds: []string{"kind"}, Note: make([]byte, 100)}
}

func someAnimals(tx *Tx, from, to int) error {
	for i := from; i < to; i++ {
		a := animalOf(i)
		if err := animals().Put(tx, &a); err != nil {
			return err
		}
	}
	return nil
}

// BenchmarkPut stores records with two indexes, 1000 a transaction.
func BenchmarkPut(b *testing.B) {
	db := open(b, filepath.Join(b.TempDir(), "garden.db"), Options{})
	n := 0
	for b.Loop() {
		update(b, db, func(tx *Tx) error { return someAnimals(tx, n, n+1000) })
		n += 1000
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "puts/s")
}

// BenchmarkPutAll stores the same in one call each.
func BenchmarkPutAll(b *testing.B) {
	db := open(b, filepath.Join(b.TempDir(), "garden.db"), Options{})
	n := 0
	for b.Loop() {
		all := make([]animal, 1000)
		for i := range all {
			all[i] = animalOf(n + i)
		}
		update(b, db, func(tx *Tx) error { return animals().PutAll(tx, all) })
		n += 1000
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "puts/s")
}

// BenchmarkPutOne stores one record a transaction.
func BenchmarkPutOne(b *testing.B) {
	db := open(b, many(b, 100_000), Options{})
	n := 100_000
	for b.Loop() {
		update(b, db, func(tx *Tx) error { return someAnimals(tx, n, n+1) })
		n++
	}
}

func BenchmarkGet(b *testing.B) {
	db := open(b, many(b, 100_000), Options{})
	n := uint64(0)
	for b.Loop() {
		view(b, db, func(tx *Tx) error {
			for range 1000 {
				n = (n + 7919) % 100_000
				if _, found, err := animals().Get(tx, Key(nil).Uint(n)); err != nil || !found {
					return fmt.Errorf("record %d: %v, %w", n, found, err)
				}
			}
			return nil
		})
	}
	b.ReportMetric(1000*float64(b.N)/b.Elapsed().Seconds(), "gets/s")
}

// BenchmarkOpen opens and closes 100,000 records.
func BenchmarkOpen(b *testing.B) {
	path := many(b, 100_000)
	for b.Loop() {
		db, err := Open(path, garden(), Options{})
		if err != nil {
			b.Fatal(err)
		}
		view(b, db, func(tx *Tx) error {
			if n, err := animals().Count(tx, nil); n != 100_000 || err != nil {
				b.Fatal(n, err)
			}
			return nil
		})
		if err := db.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkScan decodes 100,000 records in the order of an index.
func BenchmarkScan(b *testing.B) {
	db := open(b, many(b, 100_000), Options{})
	for b.Loop() {
		view(b, db, func(tx *Tx) error {
			n := 0
			for _, err := range animals().By(tx, "name", nil) {
				if err != nil {
					return err
				}
				n++
			}
			return nil
		})
	}
}

// BenchmarkCheck is what the child does.
func BenchmarkCheck(b *testing.B) {
	path := many(b, 100_000)
	for b.Loop() {
		if err := CheckFile(path); err != nil {
			b.Fatal(err)
		}
	}
}
