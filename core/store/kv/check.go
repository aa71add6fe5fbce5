package kv

import (
	"bytes"
	"fmt"
)

// Finding is something that is not as it should be in a database.
type Finding struct {
	Table  string
	Detail string // which record or entry, and what is wrong
	// Repair says what Repair would do about it; "" if it can do nothing.
	Repair string
}

func (f Finding) String() string { return f.Table + ": " + f.Detail }

// Check compares every index of every table with a full scan of the table,
// decoding every record, and tells what it finds.
func (db *DB) Check(found func(Finding)) error {
	return db.View(func(tx *Tx) error {
		for _, t := range db.tables {
			if err := t.check(tx, db.codec, found); err != nil {
				return err
			}
		}
		return nil
	})
}

// Repair writes every index anew from its table.
func (db *DB) Repair() error {
	return db.Update(func(tx *Tx) error {
		for _, t := range db.tables {
			if err := t.reindex(tx, db.codec); err != nil {
				return err
			}
		}
		return nil
	})
}

func (t *Table[T]) check(tx *Tx, c codec, found func(Finding)) error {
	b, err := tx.bucket(t.Name)
	if err != nil {
		return err
	}
	want := make([]int, len(t.Indexes)) // entries that there should be
	err = b.ForEach(func(key, data []byte) error {
		v, err := t.decode(c, key, data)
		if err != nil {
			found(Finding{Table: t.Name, Detail: err.Error()})
			return nil
		}
		if !bytes.Equal(t.Key(&v), key) {
			found(Finding{Table: t.Name, Detail: fmt.Sprintf("record %q stands under %q", t.Key(&v), key)})
		}
		for i, ix := range t.Indexes {
			ib, err := tx.bucket(t.indexName(ix.Name))
			if err != nil {
				return err
			}
			distinct := map[string]bool{}
			for _, k := range ix.Keys(&v) {
				distinct[string(k)] = true
				if ib.Get(entry(k, key)) == nil {
					found(Finding{t.Name, fmt.Sprintf("record %q is missing in index %s", key, ix.Name), "write the index anew"})
				}
			}
			want[i] += len(distinct)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i, ix := range t.Indexes {
		ib, err := tx.bucket(t.indexName(ix.Name))
		if err != nil {
			return err
		}
		if have := ib.Stats().KeyN; have > want[i] {
			found(Finding{t.Name, fmt.Sprintf("index %s has %d entries of no record", ix.Name, have-want[i]), "write the index anew"})
		}
	}
	return nil
}

func (t *Table[T]) reindex(tx *Tx, c codec) error {
	b, err := tx.bucket(t.Name)
	if err != nil {
		return err
	}
	for _, ix := range t.Indexes {
		name := []byte(t.indexName(ix.Name))
		if err := tx.bolt.DeleteBucket(name); err != nil {
			return fmt.Errorf("write index %s anew: %w", name, err)
		}
		if _, err := tx.bolt.CreateBucket(name); err != nil {
			return fmt.Errorf("write index %s anew: %w", name, err)
		}
	}
	return b.ForEach(func(key, data []byte) error {
		v, err := t.decode(c, key, data)
		if err != nil {
			return nil // Check tells of it
		}
		return t.index(tx, bytes.Clone(key), &v)
	})
}
