package kv

import (
	"bytes"
	"errors"
	"fmt"
	"math"
)

// fillPercent of the pages of records, which are mostly written in the order
// of their keys.
const fillPercent = 0.9

// Table is a set of records of one type, each under its key. A Table is a
// description and holds no data: it may be shared and is safe for concurrent
// use. The records live in the database whose transaction is given.
//
// A record is stored as one byte, the version of its form, and CBOR. Numbers
// of fields are never used again, unknown ones are ignored.
type Table[T any] struct {
	// Name of the table's bucket; the buckets of its indexes are Name.Index.
	// Neither holds a dot.
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
	buckets() []string // the table's own first
	check(tx *Tx, found func(Finding)) error
	reindex(tx *Tx) error
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
func (t *Table[T]) Get(tx *Tx, key Key) (v T, found bool, err error) {
	b, err := tx.bucket(t.Name)
	if err != nil {
		return v, false, err
	}
	data, err := b.get(key)
	if err != nil || data == nil {
		return v, false, err
	}
	v, err = t.decode(tx.db.codec, key, data)
	return v, err == nil, err
}

// Put stores v under its key, in place of what was there, and keeps the
// indexes in step.
func (t *Table[T]) Put(tx *Tx, v *T) error {
	key := t.Key(v)
	b, old, err := t.before(tx, key)
	if err != nil {
		return err
	}
	value, err := t.encode(tx.db.codec, v)
	if err != nil {
		return fmt.Errorf("store %s %v: %w", t.Name, key, err)
	}
	b.bolt.FillPercent = fillPercent // bbolt forgets it with the handle
	if err := b.put(key, value); err != nil {
		return err
	}
	return t.index(tx, key, old, v)
}

// before returns the table's bucket and the record that is to be replaced or
// deleted, nil if there is none or no index needs to know it.
func (t *Table[T]) before(tx *Tx, key Key) (*bucket, *T, error) {
	b, err := tx.bucket(t.Name)
	if err != nil || len(t.Indexes) == 0 {
		return b, nil, err
	}
	v, found, err := t.Get(tx, key)
	if err != nil || !found {
		return b, nil, err
	}
	return b, &v, nil
}

// Delete removes the record under key and reports whether there was one.
func (t *Table[T]) Delete(tx *Tx, key Key) (bool, error) {
	b, old, err := t.before(tx, key)
	if err != nil || b.bolt.Get(key) == nil {
		return false, err
	}
	if err := b.remove(key); err != nil {
		return false, err
	}
	return true, t.index(tx, key, old, nil)
}

// encode returns the entry of a record, its checksum left out.
func (t *Table[T]) encode(c codec, v *T) ([]byte, error) {
	buf := bytes.NewBuffer(make([]byte, entryHeader, 256))
	buf.WriteByte(t.Version)
	if err := c.enc.MarshalToBuffer(v, buf); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

// decode is the inverse of encode, without the checksum. The record keeps
// nothing of data.
func (t *Table[T]) decode(c codec, key Key, data []byte) (v T, err error) {
	damaged := func(err error) error {
		return fmt.Errorf("read %s %v: %w: %w", t.Name, key, ErrDamaged, err)
	}
	if len(data) == 0 {
		return v, damaged(errors.New("the record is empty"))
	}
	switch version := data[0]; {
	case version == t.Version:
		err = c.dec.Unmarshal(data[1:], &v)
	case version > t.Version:
		return v, fmt.Errorf("read %s %v: %w", t.Name, key, ErrNewer)
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

// Count returns the number of records whose keys begin with prefix. That of
// the whole table costs nothing.
func (t *Table[T]) Count(tx *Tx, prefix Key) (int, error) {
	if len(prefix) == 0 {
		if _, err := tx.bucket(t.Name); err != nil {
			return 0, err
		}
		tl, err := tx.tallyOf(t.Name)
		return int(tl.entries), err
	}
	n := 0
	w, err := tx.walk(t.Name, prefix, end(prefix))
	if err != nil {
		return 0, err
	}
	for k, _ := w.next(); k != nil; k, _ = w.next() {
		n++
	}
	return n, nil
}

// DeleteAll removes the records whose keys begin with prefix and returns how
// many there were. Until it is committed a transaction holds what it changes in
// memory: see DeleteSome for a great many.
func (t *Table[T]) DeleteAll(tx *Tx, prefix Key) (int, error) {
	return t.DeleteSome(tx, prefix, math.MaxInt)
}

// DeleteSome removes the first records, at most limit, whose keys begin with
// prefix and returns how many it was.
func (t *Table[T]) DeleteSome(tx *Tx, prefix Key, limit int) (int, error) {
	w, err := tx.walk(t.Name, prefix, end(prefix))
	if err != nil {
		return 0, err
	}
	n := 0
	for n < limit {
		k, _ := w.next()
		if k == nil {
			break
		}
		if _, err := t.Delete(tx, bytes.Clone(k)); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// DeleteBy removes the records that By returns, and says how many.
func (t *Table[T]) DeleteBy(tx *Tx, index string, prefix Key) (int, error) {
	n := 0
	for key, err := range t.KeysBy(tx, index, prefix) {
		if err != nil {
			return n, err
		}
		there, err := t.Delete(tx, key)
		if err != nil {
			return n, err
		}
		if there {
			n++
		}
	}
	return n, nil
}
