package kv

import (
	"bytes"
	"fmt"
	"iter"

	bolt "go.etcd.io/bbolt"
)

// fillPercent of pages: records are mostly written in the order of their keys.
const fillPercent = 0.9

// Table is a set of records of one type, each under its key. A Table is a
// description and holds no data: it may be shared and is safe for concurrent
// use. The records live in the database whose transaction is given.
//
// A record is stored as one byte, the version of its form, and CBOR. Numbers
// of fields are never used again, unknown ones are ignored.
type Table[T any] struct {
	// Name of the table's bucket; the buckets of its indexes are Name.Index.
	Name string
	// Version of the form of records, from 1.
	Version byte
	// Key returns the record's key; it depends on fields that never change.
	Key func(*T) Key
	// Indexes are kept with the table.
	Indexes []Index[T]
	// Upgrade turns the CBOR of an older version into a record; nil if there is
	// no older version. It may decode into a type of its own.
	Upgrade func(version byte, decode func(any) error) (T, error)
}

// Index finds records by something other than their key.
type Index[T any] struct {
	Name string
	// Keys returns the keys under which the record is found; none leaves it out.
	Keys func(*T) []Key
}

// One makes the Keys of an index with one key for each record.
func One[T any](key func(*T) Key) func(*T) []Key {
	return func(v *T) []Key { return []Key{key(v)} }
}

// Tabled is a table of any type of record, as a Schema lists it.
type Tabled interface {
	buckets() []string
	check(tx *Tx, c codec, found func(Finding)) error
	reindex(tx *Tx, c codec) error
}

func (t *Table[T]) buckets() []string {
	names := []string{t.Name}
	for _, i := range t.Indexes {
		names = append(names, t.indexName(i.Name))
	}
	return names
}

func (t *Table[T]) indexName(name string) string { return t.Name + "." + name }

// Get returns the record under key, and whether there is one.
func (t *Table[T]) Get(tx *Tx, key Key) (T, bool, error) {
	var v T
	b, err := tx.bucket(t.Name)
	if err != nil {
		return v, false, err
	}
	data := b.Get(key)
	if data == nil {
		return v, false, nil
	}
	v, err = t.decode(tx.db.codec, key, data)
	return v, err == nil, err
}

// Put stores v under its key, in place of what was there, and keeps the
// indexes in step.
func (t *Table[T]) Put(tx *Tx, v *T) error {
	b, err := tx.bucket(t.Name)
	if err != nil {
		return err
	}
	key := t.Key(v)
	if err := t.unindex(tx, b, key); err != nil {
		return err
	}
	body, err := tx.db.codec.enc.Marshal(v)
	if err != nil {
		return fmt.Errorf("store %s %q: %w", t.Name, key, err)
	}
	data := make([]byte, 0, len(body)+1)
	data = append(append(data, t.Version), body...)
	b.FillPercent = fillPercent // bbolt forgets it with the handle
	if err := b.Put(key, data); err != nil {
		return fmt.Errorf("store %s %q: %w", t.Name, key, err)
	}
	return t.index(tx, key, v)
}

// Delete removes the record under key and reports whether there was one.
func (t *Table[T]) Delete(tx *Tx, key Key) (bool, error) {
	b, err := tx.bucket(t.Name)
	if err != nil {
		return false, err
	}
	if b.Get(key) == nil {
		return false, nil
	}
	if err := t.unindex(tx, b, key); err != nil {
		return false, err
	}
	return true, b.Delete(key)
}

func (t *Table[T]) index(tx *Tx, key Key, v *T) error {
	for _, ix := range t.Indexes {
		b, err := tx.bucket(t.indexName(ix.Name))
		if err != nil {
			return err
		}
		for _, k := range ix.Keys(v) {
			if err := b.Put(entry(k, key), key); err != nil {
				return fmt.Errorf("index %s.%s of %q: %w", t.Name, ix.Name, key, err)
			}
		}
	}
	return nil
}

// entry is the key of an index entry: what is looked for, and then the record's
// key, so that many records may be found under one.
func entry(k, key Key) []byte { return append(bytes.Clone(k), key...) }

func (t *Table[T]) unindex(tx *Tx, b *bolt.Bucket, key Key) error {
	data := b.Get(key)
	if data == nil || len(t.Indexes) == 0 {
		return nil
	}
	old, err := t.decode(tx.db.codec, key, data)
	if err != nil {
		return err
	}
	for _, ix := range t.Indexes {
		b, err := tx.bucket(t.indexName(ix.Name))
		if err != nil {
			return err
		}
		for _, k := range ix.Keys(&old) {
			if err := b.Delete(entry(k, key)); err != nil {
				return fmt.Errorf("index %s.%s of %q: %w", t.Name, ix.Name, key, err)
			}
		}
	}
	return nil
}

func (t *Table[T]) decode(c codec, key Key, data []byte) (v T, err error) {
	damaged := func(err error) error {
		return fmt.Errorf("read %s %q: %w: %w", t.Name, key, ErrDamaged, err)
	}
	switch version := data[0]; {
	case version == t.Version:
		err = c.dec.Unmarshal(data[1:], &v)
	case version > t.Version:
		return v, fmt.Errorf("read %s %q: %w", t.Name, key, ErrNewer)
	case t.Upgrade == nil:
		return v, damaged(fmt.Errorf("form %d is not known", version))
	default:
		v, err = t.Upgrade(version, func(into any) error { return c.dec.Unmarshal(data[1:], into) })
	}
	if err != nil {
		return v, damaged(err)
	}
	return v, nil
}

// All returns the records whose keys begin with prefix, in key order. The
// table may not be changed while the loop runs. The error, if any, comes last,
// with a zero record.
func (t *Table[T]) All(tx *Tx, prefix Key) iter.Seq2[T, error] {
	return t.Range(tx, prefix, end(prefix))
}

// Range returns the records with from ≤ key < to in key order; a nil to is the
// end of the table.
func (t *Table[T]) Range(tx *Tx, from, to Key) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero T
		b, err := tx.bucket(t.Name)
		if err != nil {
			yield(zero, err)
			return
		}
		c := b.Cursor()
		for k, data := c.Seek(from); k != nil && before(k, to); k, data = c.Next() {
			v, err := t.decode(tx.db.codec, k, data)
			if !yield(v, err) || err != nil {
				return
			}
		}
	}
}

// By returns the records that the named index has under keys beginning with
// prefix, in the index's order.
func (t *Table[T]) By(tx *Tx, index string, prefix Key) iter.Seq2[T, error] {
	return t.ByRange(tx, index, prefix, end(prefix))
}

// ByRange returns the records that the named index has under from ≤ key < to.
func (t *Table[T]) ByRange(tx *Tx, index string, from, to Key) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for key, err := range t.KeysByRange(tx, index, from, to) {
			var v T
			if err == nil {
				var ok bool
				if v, ok, err = t.Get(tx, key); err == nil && !ok {
					err = fmt.Errorf("index %s.%s: %w: %q is not in the table", t.Name, index, ErrDamaged, key)
				}
			}
			if !yield(v, err) || err != nil {
				return
			}
		}
	}
}

// KeysBy returns the keys of the records that By returns, without reading
// them. The caller may keep the keys.
func (t *Table[T]) KeysBy(tx *Tx, index string, prefix Key) iter.Seq2[Key, error] {
	return t.KeysByRange(tx, index, prefix, end(prefix))
}

// KeysByRange is KeysBy for a range.
func (t *Table[T]) KeysByRange(tx *Tx, index string, from, to Key) iter.Seq2[Key, error] {
	return func(yield func(Key, error) bool) {
		b, err := tx.bucket(t.indexName(index))
		if err != nil {
			yield(nil, err)
			return
		}
		c := b.Cursor()
		for k, key := c.Seek(from); k != nil && before(k, to); k, key = c.Next() {
			if !yield(bytes.Clone(key), nil) {
				return
			}
		}
	}
}

// Entries returns the keys of index entries themselves, each followed by its
// record's key (the second value). Both are valid only until the next step:
// for scans of what stands in the index alone.
func (t *Table[T]) Entries(tx *Tx, index string, prefix Key) iter.Seq2[[]byte, []byte] {
	return func(yield func(entry, key []byte) bool) {
		b := tx.bolt.Bucket([]byte(t.indexName(index)))
		if b == nil {
			return
		}
		c, to := b.Cursor(), end(prefix)
		for k, key := c.Seek(prefix); k != nil && before(k, to); k, key = c.Next() {
			if !yield(k, key) {
				return
			}
		}
	}
}

// DeleteAll removes the records whose keys begin with prefix and returns how
// many there were.
func (t *Table[T]) DeleteAll(tx *Tx, prefix Key) (int, error) {
	var keys []Key
	b, err := tx.bucket(t.Name)
	if err != nil {
		return 0, err
	}
	c, to := b.Cursor(), end(prefix)
	for k, _ := c.Seek(prefix); k != nil && before(k, to); k, _ = c.Next() {
		keys = append(keys, bytes.Clone(k)) // not deleted on the way: the cursor would skip
	}
	return len(keys), t.deleteKeys(tx, keys)
}

// DeleteBy removes the records that By returns, and says how many.
func (t *Table[T]) DeleteBy(tx *Tx, index string, prefix Key) (int, error) {
	var keys []Key
	for key, err := range t.KeysBy(tx, index, prefix) {
		if err != nil {
			return 0, err
		}
		keys = append(keys, key)
	}
	return len(keys), t.deleteKeys(tx, keys)
}

func (t *Table[T]) deleteKeys(tx *Tx, keys []Key) error {
	for _, k := range keys {
		if _, err := t.Delete(tx, k); err != nil {
			return err
		}
	}
	return nil
}

// Count returns the number of records whose keys begin with prefix.
func (t *Table[T]) Count(tx *Tx, prefix Key) (int, error) {
	b, err := tx.bucket(t.Name)
	if err != nil {
		return 0, err
	}
	if len(prefix) == 0 {
		return b.Stats().KeyN, nil
	}
	n := 0
	c, to := b.Cursor(), end(prefix)
	for k, _ := c.Seek(prefix); k != nil && before(k, to); k, _ = c.Next() {
		n++
	}
	return n, nil
}

// before reports k < to, where a nil to is the end.
func before(k, to []byte) bool { return to == nil || bytes.Compare(k, to) < 0 }
