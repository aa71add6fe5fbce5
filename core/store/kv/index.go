package kv

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
)

// The key of an index entry is what is looked for, and then the record's key,
// so that many records may be found under one. Its content is the length of
// the record's key.
func entryKey(k, key Key) []byte { return append(slices.Clip(bytes.Clone(k)), key...) }

// recordKey returns the record's key, the last part of an entry's key.
func (b *bucket) recordKey(entry, value []byte) (Key, error) {
	content, err := b.open(entry, value)
	if err != nil {
		return nil, err
	}
	n, read := binary.Uvarint(content)
	if read != len(content) || n > uint64(len(entry)) {
		return nil, fmt.Errorf("read %s %v: %w: no index entry", b.name, Key(entry), ErrDamaged)
	}
	return Key(entry[uint64(len(entry))-n:]), nil
}

// index brings the indexes in step with a record that was old, nil if there
// was none, and is now v, nil if there is none.
func (t *Table[T]) index(tx *Tx, key Key, old, v *T) error {
	for i := range t.Indexes {
		b, err := tx.bucket(t.indexName(t.Indexes[i].Name))
		if err != nil {
			return err
		}
		out, in := t.Indexes[i].entries(old, key), t.Indexes[i].entries(v, key)
		for _, e := range out {
			if contains(in, e) {
				continue
			}
			if err := b.remove(e); err != nil {
				return err
			}
		}
		for _, e := range in {
			if contains(out, e) {
				continue
			}
			if err := b.put(e, binary.AppendUvarint(make([]byte, entryHeader, entryHeader+2), uint64(len(key)))); err != nil {
				return err
			}
		}
	}
	return nil
}

// entries returns the keys of a record's entries in the index, sorted, each
// once; none for no record.
func (ix *Index[T]) entries(v *T, key Key) [][]byte {
	if v == nil {
		return nil
	}
	keys := ix.Keys(v)
	es := make([][]byte, 0, len(keys))
	for _, k := range keys {
		es = append(es, entryKey(k, key))
	}
	slices.SortFunc(es, bytes.Compare)
	return slices.CompactFunc(es, bytes.Equal)
}

// contains reports whether sorted holds e.
func contains(sorted [][]byte, e []byte) bool {
	_, found := slices.BinarySearchFunc(sorted, e, bytes.Compare)
	return found
}

// Reindex writes all indexes of the table anew from its records: for
// migrations that change what an index holds.
func (t *Table[T]) Reindex(tx *Tx) error { return t.reindex(tx) }

func (t *Table[T]) reindex(tx *Tx) error {
	for i := range t.Indexes {
		name := t.indexName(t.Indexes[i].Name)
		if tx.bolt.Bucket([]byte(name)) != nil {
			if err := tx.drop(name); err != nil {
				return err
			}
		}
		if err := tx.create(name); err != nil {
			return err
		}
	}
	w, err := tx.walk(t.Name, nil, nil)
	if err != nil {
		return err
	}
	for k, value := w.next(); k != nil; k, value = w.next() {
		data, err := w.b.open(k, value)
		if err != nil {
			continue // Check tells of it
		}
		key := Key(bytes.Clone(k))
		v, err := t.decode(tx.db.codec, key, data)
		if err != nil {
			continue
		}
		if err := t.index(tx, key, nil, &v); err != nil {
			return err
		}
	}
	return nil
}
