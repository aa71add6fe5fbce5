package kv

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"maps"
	"slices"

	bolt "go.etcd.io/bbolt"
)

// Every entry of a file begins with a checksum over the name of its bucket,
// its key and its content: the library has none for the pages of data.
const entryHeader = 4

// metaBucket holds what a file says of itself. No table may have its name.
const metaBucket = "meta"

// tallyPrefix and the name of a bucket make the key of its tally in meta.
const tallyPrefix = "tally."

// bucket is a bucket in a transaction, whose entries carry checksums and are
// tallied.
type bucket struct {
	bolt  *bolt.Bucket
	name  string
	tx    *Tx
	tally *tally // nil before the first change, and for meta
}

// tally is what a bucket holds: so that a page which is lost, or is back from
// an earlier state, is noticed, and counting costs nothing.
type tally struct {
	entries uint64
	sum     uint64 // of all checksums
}

// bucket returns the bucket of a table or index.
func (tx *Tx) bucket(name string) (*bucket, error) {
	if b := tx.buckets[name]; b != nil {
		return b, nil
	}
	in := tx.bolt.Bucket([]byte(name))
	if in == nil {
		return nil, fmt.Errorf("%s in %s: %w", name, tx.db.name, ErrNoTable)
	}
	b := &bucket{bolt: in, name: name, tx: tx}
	tx.buckets[name] = b
	return b, nil
}

// checksum is that of an entry.
func checksum(bucket string, key, content []byte) uint32 {
	table := crc32.MakeTable(crc32.Castagnoli) // made once by the standard library
	sum := crc32.Update(0, table, []byte(bucket))
	sum = crc32.Update(sum, table, []byte{0})
	sum = crc32.Update(sum, table, key)
	return crc32.Update(sum, table, content)
}

// open checks an entry and returns its content, which is part of value.
func (b *bucket) open(key, value []byte) ([]byte, error) {
	if len(value) < entryHeader || binary.BigEndian.Uint32(value) != checksum(b.name, key, value[entryHeader:]) {
		return nil, fmt.Errorf("read %s %v: %w: the entry has changed", b.name, Key(key), ErrDamaged)
	}
	return value[entryHeader:], nil
}

// get returns the content under key, nil if there is none; valid until the
// transaction changes something.
func (b *bucket) get(key []byte) ([]byte, error) {
	value := b.bolt.Get(key)
	if value == nil {
		return nil, nil
	}
	return b.open(key, value)
}

// put stores an entry. The first bytes of value are left for its checksum. The
// bucket keeps value, not key.
func (b *bucket) put(key, value []byte) error {
	sum := checksum(b.name, key, value[entryHeader:])
	binary.BigEndian.PutUint32(value, sum)
	old := b.bolt.Get(key)
	if bytes.Equal(old, value) {
		return nil
	}
	if err := b.count(old, value); err != nil {
		return err
	}
	b.tx.changes++
	if err := b.bolt.Put(key, value); err != nil {
		return fmt.Errorf("store %s %v: %w", b.name, Key(key), err)
	}
	return nil
}

// remove deletes an entry if it is there.
func (b *bucket) remove(key []byte) error {
	old := b.bolt.Get(key)
	if old == nil {
		return nil
	}
	if err := b.count(old, nil); err != nil {
		return err
	}
	b.tx.changes++
	if err := b.bolt.Delete(key); err != nil {
		return fmt.Errorf("delete %s %v: %w", b.name, Key(key), err)
	}
	return nil
}

// count takes an entry that goes out of the tally and one that comes in.
func (b *bucket) count(out, in []byte) error {
	if b.name == metaBucket {
		return nil
	}
	if b.tally == nil {
		t, err := b.tx.tallyOf(b.name)
		if err != nil {
			return err
		}
		b.tally = &t
	}
	b.tally.add(out, -1)
	b.tally.add(in, 1)
	return nil
}

func (t *tally) add(value []byte, times int64) {
	if len(value) >= entryHeader {
		t.entries += uint64(times)
		t.sum += uint64(times) * uint64(binary.BigEndian.Uint32(value))
	}
}

// tallyOf returns the tally of a bucket, with what the transaction has changed.
func (tx *Tx) tallyOf(name string) (t tally, err error) {
	if b := tx.buckets[name]; b != nil && b.tally != nil {
		return *b.tally, nil
	}
	meta, err := tx.bucket(metaBucket)
	if err != nil {
		return t, err
	}
	content, err := meta.get([]byte(tallyPrefix + name))
	if err == nil && len(content) != 16 {
		err = fmt.Errorf("read %s: %w: no tally", name, ErrDamaged)
	}
	if err != nil {
		return t, err
	}
	return tally{binary.BigEndian.Uint64(content), binary.BigEndian.Uint64(content[8:])}, nil
}

// saveTallies stores the tallies that have changed.
func (tx *Tx) saveTallies() error {
	for _, name := range slices.Sorted(maps.Keys(tx.buckets)) {
		t := tx.buckets[name].tally
		if t == nil {
			continue
		}
		meta, err := tx.bucket(metaBucket)
		if err != nil {
			return err
		}
		value := make([]byte, entryHeader, entryHeader+16)
		value = binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(value, t.entries), t.sum)
		if err := meta.put([]byte(tallyPrefix+name), value); err != nil {
			return err
		}
	}
	return nil
}

// create makes an empty bucket.
func (tx *Tx) create(name string) error {
	in, err := tx.bolt.CreateBucket([]byte(name))
	if err != nil {
		return fmt.Errorf("make table %s: %w", name, err)
	}
	b := &bucket{bolt: in, name: name, tx: tx}
	if name != metaBucket {
		b.tally = &tally{}
	}
	tx.buckets[name] = b
	tx.changes++
	return nil
}

// drop removes a bucket with all that is in it.
func (tx *Tx) drop(name string) error {
	delete(tx.buckets, name)
	tx.changes++
	if err := tx.bolt.DeleteBucket([]byte(name)); err != nil {
		return fmt.Errorf("remove table %s: %w", name, err)
	}
	meta, err := tx.bucket(metaBucket)
	if err != nil {
		return err
	}
	return meta.remove([]byte(tallyPrefix + name))
}
