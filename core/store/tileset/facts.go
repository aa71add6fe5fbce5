package tileset

import (
	"encoding/binary"
	"fmt"
	"math"
	"time"

	"github.com/shapes-desktop/shapes/core/geo/tile"
	bolt "go.etcd.io/bbolt"
)

// Facts are what is known of a tile when it is made and cannot be computed
// from its bytes.
type Facts struct {
	// VisualQuality is the tile's visual quality, 0 … 1: 1 − the greatest deviation of
	// a vertex in pixels of 1/256 tile, capped at 4, ÷ 4.
	VisualQuality float64
	// Source is the id of what it was made from (a task), or "".
	Source string
	// Created is when it was made, kept to the nanosecond. The bytes of the file
	// depend on it: a run that must give the same file twice gives the same time.
	Created time.Time
}

// The record of facts: quality, seconds and nanoseconds of creation, and the
// number of the source, all big-endian.
const factsLength = 8 + 8 + 4 + 4

func (f Facts) check() error {
	if !(f.VisualQuality >= 0 && f.VisualQuality <= 1) {
		return fmt.Errorf("quality %v is not between 0 and 1", f.VisualQuality)
	}
	return nil
}

// appendFacts appends the content of a record of facts to dst.
func appendFacts(dst []byte, f Facts, source uint32) []byte {
	dst = binary.BigEndian.AppendUint64(dst, math.Float64bits(f.VisualQuality))
	dst = binary.BigEndian.AppendUint64(dst, uint64(f.Created.Unix()))
	dst = binary.BigEndian.AppendUint32(dst, uint32(f.Created.Nanosecond()))
	return binary.BigEndian.AppendUint32(dst, source)
}

// openFacts is the inverse of appendFacts; the source is left to be looked up.
func openFacts(content []byte) (f Facts, source uint32, err error) {
	if len(content) != factsLength {
		return f, 0, fmt.Errorf("%w: facts of %d bytes", ErrDamaged, len(content))
	}
	f.VisualQuality = math.Float64frombits(binary.BigEndian.Uint64(content))
	nanos := binary.BigEndian.Uint32(content[16:])
	f.Created = time.Unix(int64(binary.BigEndian.Uint64(content[8:])), int64(nanos)).UTC()
	if err := f.check(); err != nil || nanos >= 1e9 {
		return Facts{}, 0, fmt.Errorf("%w: facts of no tile (quality %v, %d ns)", ErrDamaged, f.VisualQuality, nanos)
	}
	return f, binary.BigEndian.Uint32(content[20:]), nil
}

// sourceKey is the key of a source: its number, from 1; 0 is none.
func sourceKey(n uint32) []byte { return binary.BigEndian.AppendUint32(nil, n) }

// factsOf returns the facts under the key of a tile; ok is false if it has
// none.
func factsOf(tx *bolt.Tx, key []byte) (f Facts, ok bool, err error) {
	facts, sources := tx.Bucket([]byte(factsBucket)), tx.Bucket([]byte(sourcesBucket))
	if facts == nil || sources == nil {
		return Facts{}, false, nil
	}
	record := facts.Get(key)
	if record == nil {
		return Facts{}, false, nil
	}
	return readFacts(sources, key, record)
}

func readFacts(sources *bolt.Bucket, key, record []byte) (f Facts, ok bool, err error) {
	_, content, err := openRecord(key, record)
	if err != nil {
		return Facts{}, false, err
	}
	f, n, err := openFacts(content)
	if err != nil || n == 0 {
		return f, err == nil, err
	}
	sk := sourceKey(n)
	name := sources.Get(sk)
	if name == nil {
		return Facts{}, false, fmt.Errorf("%w: facts %x name source %d, which is not there", ErrDamaged, key, n)
	}
	_, text, err := openRecord(sk, name)
	f.Source = string(text)
	return f, err == nil, err
}

// PutWithFacts is Put for a tile of which more is known.
func (b *Builder) PutWithFacts(id tile.ID, gz []byte, f Facts) error {
	if err := b.usable(); err != nil {
		return err
	}
	if err := f.check(); err != nil {
		return b.fail(fmt.Errorf("store tile %v: %w", id, err))
	}
	if err := b.put(id, gz); err != nil {
		return err
	}
	source, err := b.source(f.Source)
	if err == nil {
		key := keyOf(id.Hilbert())
		err = b.keep(b.facts, key, appendFacts(nil, f, source))
	}
	if err != nil {
		return b.fail(fmt.Errorf("store tile %v: %w", id, err))
	}
	return b.flushIfFull()
}

// source returns the number of a source, and stores it the first time.
func (b *Builder) source(name string) (uint32, error) {
	if name == "" {
		return 0, nil
	}
	n, ok := b.sources[name]
	if ok {
		return n, nil
	}
	n = uint32(len(b.sources) + 1)
	b.sources[name] = n
	return n, b.keep(b.names, sourceKey(n), []byte(name))
}
