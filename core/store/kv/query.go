package kv

import (
	"bytes"
	"iter"

	bolt "go.etcd.io/bbolt"
)

// walk steps through a bucket from a key up to, but not including, another.
// The transaction may change the bucket between steps: the walk goes on with
// what then comes after the last key.
type walk struct {
	b       *bucket
	c       *bolt.Cursor
	to      []byte // nil: to the end
	last    []byte // the key of the last step, copied if it can change; where to begin before the first
	started bool
	changes int // of the transaction, at the last step
}

func (tx *Tx) walk(name string, from, to []byte) (*walk, error) {
	b, err := tx.bucket(name)
	if err != nil {
		return nil, err
	}
	return &walk{b: b, c: b.bolt.Cursor(), to: to, last: bytes.Clone(from)}, nil
}

// next returns the next key and value, nil at the end; both are valid until
// the next step or change.
func (w *walk) next() (key, value []byte) {
	tx := w.b.tx
	switch {
	case w.started && w.changes == tx.changes:
		key, value = w.c.Next()
	default:
		key, value = w.c.Seek(w.last)
		if w.started && bytes.Equal(key, w.last) {
			key, value = w.c.Next()
		}
	}
	w.started, w.changes = true, tx.changes
	if key == nil || !below(key, w.to) {
		return nil, nil
	}
	if tx.Writable() {
		w.last = append(w.last[:0], key...)
	}
	return key, value
}

// previous is next in the other direction, from the end of the range; from is
// where it begins.
func (w *walk) previous(from []byte) (key, value []byte) {
	tx := w.b.tx
	switch {
	case w.started && w.changes == tx.changes:
		key, value = w.c.Prev()
	default:
		before := w.to
		if w.started {
			before = w.last
		}
		key, value = w.lastBelow(before)
	}
	w.started, w.changes = true, tx.changes
	if key == nil || bytes.Compare(key, from) < 0 {
		return nil, nil
	}
	if tx.Writable() {
		w.last = append(w.last[:0], key...)
	}
	return key, value
}

// lastBelow goes to the last key below to, a nil to is the end.
func (w *walk) lastBelow(to []byte) (key, value []byte) {
	if to != nil {
		if key, _ := w.c.Seek(to); key != nil {
			return w.c.Prev()
		}
	}
	return w.c.Last()
}

// below reports k < to, where a nil to is the end.
func below(k, to []byte) bool { return to == nil || bytes.Compare(k, to) < 0 }

// All returns the records whose keys begin with prefix, in key order. What the
// loop changes behind the record at hand does not show, what it changes ahead
// does. The error, if any, comes last, with a zero record.
func (t *Table[T]) All(tx *Tx, prefix Key) iter.Seq2[T, error] {
	return t.Range(tx, prefix, end(prefix))
}

// Range returns the records with from ≤ key < to in key order; a nil to is the
// end of the table.
func (t *Table[T]) Range(tx *Tx, from, to Key) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero T
		w, err := tx.walk(t.Name, from, to)
		if err != nil {
			yield(zero, err)
			return
		}
		for k, value := w.next(); k != nil; k, value = w.next() {
			var v T
			data, err := w.b.open(k, value)
			if err == nil {
				v, err = t.decode(tx.db.codec, k, data)
			}
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
				v, err = t.indexed(tx, index, key)
			}
			if !yield(v, err) || err != nil {
				return
			}
		}
	}
}

// ByDown is By from the last to the first.
func (t *Table[T]) ByDown(tx *Tx, index string, prefix Key) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero T
		w, err := tx.walk(t.indexName(index), prefix, end(prefix))
		if err != nil {
			yield(zero, err)
			return
		}
		for k, value := w.previous(prefix); k != nil; k, value = w.previous(prefix) {
			var v T
			key, err := w.b.recordKey(k, value)
			if err == nil {
				v, err = t.indexed(tx, index, bytes.Clone(key))
			}
			if !yield(v, err) || err != nil {
				return
			}
		}
	}
}

// indexed returns the record that an index names.
func (t *Table[T]) indexed(tx *Tx, index string, key Key) (T, error) {
	v, found, err := t.Get(tx, key)
	if err == nil && !found {
		err = damagedEntry(t.indexName(index), key)
	}
	return v, err
}

// KeysBy returns the keys of the records that By returns, without reading
// them. The caller may keep the keys.
func (t *Table[T]) KeysBy(tx *Tx, index string, prefix Key) iter.Seq2[Key, error] {
	return t.KeysByRange(tx, index, prefix, end(prefix))
}

// KeysByRange is KeysBy for a range.
func (t *Table[T]) KeysByRange(tx *Tx, index string, from, to Key) iter.Seq2[Key, error] {
	return func(yield func(Key, error) bool) {
		w, err := tx.walk(t.indexName(index), from, to)
		if err != nil {
			yield(nil, err)
			return
		}
		for k, value := w.next(); k != nil; k, value = w.next() {
			key, err := w.b.recordKey(k, value)
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(bytes.Clone(key), nil) {
				return
			}
		}
	}
}

// Entries returns the keys of index entries themselves, each of which ends
// with its record's key (the second value). Both are valid only until the next
// step: for scans of what stands in the index alone. What goes wrong ends the
// loop, and is the error of the transaction if that has no other.
func (t *Table[T]) Entries(tx *Tx, index string, prefix Key) iter.Seq2[[]byte, []byte] {
	return func(yield func(entry, key []byte) bool) {
		w, err := tx.walk(t.indexName(index), prefix, end(prefix))
		if err != nil {
			tx.err = err
			return
		}
		for k, value := w.next(); k != nil; k, value = w.next() {
			key, err := w.b.recordKey(k, value)
			if err != nil {
				tx.err = err
				return
			}
			if !yield(k, key) {
				return
			}
		}
	}
}
