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

// What Repair does.
const (
	anewIndex = "write the index anew"
	anewTally = "count anew"
)

// Check compares every index of every table with a full scan of the table,
// decoding every record, and tells what it finds. The pages of the file itself
// are the business of Verifier.
func (db *DB) Check(found func(Finding)) error {
	return db.View(func(tx *Tx) error {
		for _, t := range db.schema.Tables {
			if err := t.check(tx, found); err != nil {
				return err
			}
		}
		return nil
	})
}

// Repair writes every index anew from its table, and counts the records anew.
// Records that cannot be read stay as they are.
func (db *DB) Repair() error {
	return db.Update(func(tx *Tx) error {
		for _, t := range db.schema.Tables {
			if err := t.reindex(tx); err != nil {
				return err
			}
			b, err := tx.bucket(t.buckets()[0])
			if err != nil {
				return err
			}
			b.tally = &tally{}
			if err := b.bolt.ForEach(func(_, value []byte) error { b.tally.add(value, 1); return nil }); err != nil {
				return err
			}
		}
		return nil
	})
}

func (t *Table[T]) check(tx *Tx, found func(Finding)) error {
	b, err := tx.bucket(t.Name)
	if err != nil {
		return err
	}
	err = b.bolt.ForEach(func(key, value []byte) error {
		v, err := t.read(b, key, value)
		if err != nil {
			found(Finding{Table: t.Name, Detail: err.Error()})
			return nil
		}
		if own := t.Key(&v); !bytes.Equal(own, key) {
			found(Finding{Table: t.Name, Detail: fmt.Sprintf("record %v stands under %v", own, Key(key))})
		}
		return t.checkIndexed(tx, key, &v, found)
	})
	if err != nil {
		return err
	}
	for i := range t.Indexes {
		if err := t.checkIndex(tx, &t.Indexes[i], found); err != nil {
			return err
		}
	}
	for _, name := range t.buckets() {
		if err := tx.checkTally(name, found); err != nil {
			return err
		}
	}
	return nil
}

// read is the record that an entry of the table holds.
func (t *Table[T]) read(b *bucket, key, value []byte) (T, error) {
	data, err := b.open(key, value)
	if err != nil {
		var zero T
		return zero, err
	}
	return t.decode(b.tx.db.codec, key, data)
}

// checkIndexed tells which entries of a record are missing.
func (t *Table[T]) checkIndexed(tx *Tx, key Key, v *T, found func(Finding)) error {
	for i := range t.Indexes {
		b, err := tx.bucket(t.indexName(t.Indexes[i].Name))
		if err != nil {
			return err
		}
		for _, e := range t.Indexes[i].entries(v, key) {
			if b.bolt.Get(e) == nil {
				found(Finding{t.Name, fmt.Sprintf("record %v is missing in index %s", key, t.Indexes[i].Name), anewIndex})
			}
		}
	}
	return nil
}

// checkIndex tells which entries of an index no record wants.
func (t *Table[T]) checkIndex(tx *Tx, ix *Index[T], found func(Finding)) error {
	b, err := tx.bucket(t.indexName(ix.Name))
	if err != nil {
		return err
	}
	return b.bolt.ForEach(func(e, value []byte) error {
		key, err := b.recordKey(e, value)
		if err != nil {
			found(Finding{t.Name, err.Error(), anewIndex})
			return nil
		}
		v, there, err := t.Get(tx, key)
		switch {
		case err != nil: // told of with the table
		case !there:
			found(Finding{t.Name, fmt.Sprintf("index %s names %v, which is not there", ix.Name, key), anewIndex})
		case !contains(ix.entries(&v, key), e):
			found(Finding{t.Name, fmt.Sprintf("index %s has %v in a wrong place", ix.Name, key), anewIndex})
		}
		return nil
	})
}

// checkTally tells if a bucket does not hold what it should.
func (tx *Tx) checkTally(name string, found func(Finding)) error {
	b, err := tx.bucket(name)
	if err != nil {
		return err
	}
	var is tally
	err = b.bolt.ForEach(func(_, value []byte) error { is.add(value, 1); return nil })
	if err != nil {
		return err
	}
	switch want, err := tx.tallyOf(name); {
	case err != nil:
		found(Finding{name, err.Error(), anewTally})
	case is.entries != want.entries:
		found(Finding{name, fmt.Sprintf("%d entries of %d", is.entries, want.entries), anewTally})
	case is != want:
		found(Finding{name, "entries are not those that were written", anewTally})
	}
	return nil
}

// damagedEntry is the error of an index entry without a record.
func damagedEntry(index string, key Key) error {
	return fmt.Errorf("index %s: %w: %v is not in the table", index, ErrDamaged, key)
}
