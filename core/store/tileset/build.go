package tileset

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/store/atomicfile"
	"github.com/shapes-desktop/shapes/core/store/boltfile"
	bolt "go.etcd.io/bbolt"
)

// A batch is written when it has this many tiles or bytes, whichever comes
// first: large enough to be fast, small enough to bound memory and pauses.
const (
	batchTiles = 8192
	batchBytes = 8 << 20
)

// fillPercent leaves little room in pages: keys come in order and the file is
// not changed later.
const fillPercent = 0.9

// Builder writes the tile file of a node beside the old one. It is for one
// goroutine. Either Commit or Abort must be called.
type Builder struct {
	path  string
	temp  string
	db    *bolt.DB
	tx    *bolt.Tx
	tiles *bolt.Bucket
	facts *bolt.Bucket
	names *bolt.Bucket // of sources
	arena []byte       // of the batch: bbolt wants values to stay until it is written

	batch int
	bytes int
	count uint64
	next  uint64 // the lowest number that may come
	seen  map[[16]byte]uint64

	sources map[string]uint32 // their numbers

	err      error // the first failure; all later calls return it
	complete bool  // all is written and synced; the name is what is left
	done     bool
}

// Create begins a tile file that Commit will put at path.
func Create(path string) (*Builder, error) {
	temp, err := atomicfile.Reserve(path)
	if err != nil {
		return nil, err
	}
	b := &Builder{path: path, temp: temp, seen: map[[16]byte]uint64{}, sources: map[string]uint32{}}
	// The file is synced as a whole before it gets its name.
	b.db, err = bolt.Open(temp, 0o600, &bolt.Options{NoSync: true, PageSize: boltfile.PageSize, FreelistType: bolt.FreelistMapType})
	if err == nil {
		err = b.db.Update(func(tx *bolt.Tx) error {
			for _, name := range []string{tilesBucket, factsBucket, sourcesBucket} {
				if _, err := tx.CreateBucket([]byte(name)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err != nil {
		return nil, errors.Join(atomicfile.Explain("create "+path, err), b.Abort())
	}
	return b, nil
}

// Put adds a tile, gzipped. Tiles must come in ascending order of ID.Hilbert.
// Tiles of equal bytes are stored once. The bytes are copied.
func (b *Builder) Put(id tile.ID, gz []byte) error {
	if err := b.usable(); err != nil {
		return err
	}
	if err := b.put(id, gz); err != nil {
		return err
	}
	return b.flushIfFull()
}

func (b *Builder) put(id tile.ID, gz []byte) error {
	h := id.Hilbert()
	switch {
	case b.complete:
		return fmt.Errorf("store tile %v: the file is complete", id)
	case !id.Valid():
		return b.fail(fmt.Errorf("store tile %v: no such address", id))
	case len(gz) == 0:
		return b.fail(fmt.Errorf("store tile %v: it is empty; leave it out", id))
	case h < b.next:
		return b.fail(fmt.Errorf("store tile %v: it comes after a later one; sort by Hilbert number", id))
	}
	if err := b.begin(); err != nil {
		return b.fail(err)
	}
	key := keyOf(h)
	hash := sha256.Sum256(gz)
	kind, content := kindData, gz
	if first, ok := b.seen[[16]byte(hash[:])]; ok {
		kind, content = kindLink, keyOf(first)
	} else {
		b.seen[[16]byte(hash[:])] = h
	}
	if err := b.store(b.tiles, key, kind, content); err != nil {
		return b.fail(atomicfile.Explain(fmt.Sprintf("store tile %v", id), err))
	}
	b.next, b.count = h+1, b.count+1
	b.batch++
	return nil
}

// store puts a record into a bucket, in memory of the batch.
func (b *Builder) store(to *bolt.Bucket, key []byte, kind byte, content []byte) error {
	from := len(b.arena)
	b.arena = appendRecord(b.arena, key, kind, content)
	b.bytes += len(content)
	return to.Put(key, b.arena[from:len(b.arena):len(b.arena)])
}

// keep stores a record of content.
func (b *Builder) keep(to *bolt.Bucket, key, content []byte) error {
	return atomicfile.Explain("write "+b.path, b.store(to, key, kindData, content))
}

func (b *Builder) flushIfFull() error {
	if b.batch >= batchTiles || b.bytes >= batchBytes {
		return b.flush()
	}
	return nil
}

// begin opens the batch's transaction if there is none.
func (b *Builder) begin() error {
	if b.tx != nil {
		return nil
	}
	tx, err := b.db.Begin(true)
	if err != nil {
		return err
	}
	b.tx = tx
	b.tiles, b.facts, b.names = tx.Bucket([]byte(tilesBucket)), tx.Bucket([]byte(factsBucket)), tx.Bucket([]byte(sourcesBucket))
	for _, in := range []*bolt.Bucket{b.tiles, b.facts, b.names} {
		in.FillPercent = fillPercent // bbolt forgets it with the handle
	}
	return nil
}

func (b *Builder) flush() error {
	if b.tx == nil {
		return nil
	}
	err := b.tx.Commit()
	b.tx, b.tiles, b.facts, b.names = nil, nil, nil, nil
	b.arena, b.batch, b.bytes = b.arena[:0], 0, 0
	if err != nil {
		return b.fail(atomicfile.Explain("store tiles in "+b.path, err))
	}
	return nil
}

// Complete writes the description and syncs the file, which is all of Commit
// that takes time; nothing can be put after it. After an error nothing is left of
// the file.
func (b *Builder) Complete(m Meta) error {
	if err := b.usable(); err != nil {
		return errors.Join(err, b.Abort())
	}
	if b.complete {
		return nil
	}
	err := b.flush()
	if err == nil {
		err = b.writeMeta(m)
	}
	if err == nil {
		err = b.db.Close()
		b.db = nil
	}
	if err == nil {
		err = boltfile.Trim(b.temp)
	}
	if err == nil {
		err = atomicfile.Sync(b.temp)
	}
	if err != nil {
		return errors.Join(atomicfile.Explain("write "+b.path, err), b.Abort())
	}
	b.complete = true
	return nil
}

// Commit completes the file, if that was not done, and puts it in place of the
// old one, which readers that have it open keep seeing (on Windows they must
// have closed it). After an error nothing is left of the new file and the old
// one is untouched.
func (b *Builder) Commit(m Meta) error {
	if err := b.Complete(m); err != nil {
		return err
	}
	if err := Kind().MarkClean(b.path, b.temp); err != nil { // a rename keeps size and time
		return errors.Join(atomicfile.Explain("write "+b.path, err), b.Abort())
	}
	b.done = true
	return atomicfile.Replace(b.temp, b.path)
}

// writeMeta is the last transaction: a file without it is incomplete.
func (b *Builder) writeMeta(m Meta) error {
	text, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("describe tileset: %w", err)
	}
	return b.db.Update(func(tx *bolt.Tx) error {
		meta, err := tx.CreateBucket([]byte(metaBucket))
		if err != nil {
			return err
		}
		count := binary.BigEndian.AppendUint64(nil, b.count)
		return errors.Join(
			meta.Put([]byte(formatKey), []byte{format}),
			meta.Put([]byte(metaKey), appendRecord(nil, []byte(metaKey), kindData, text)),
			meta.Put([]byte(countKey), appendRecord(nil, []byte(countKey), kindData, count)),
		)
	})
}

// Abort removes what was written. After Commit it does nothing, so that it
// can be deferred.
func (b *Builder) Abort() error {
	if b.done {
		return nil
	}
	b.done = true
	if b.tx != nil {
		b.tx.Rollback() // its content is not wanted
		b.tx = nil
	}
	if b.db != nil {
		b.db.Close()
		b.db = nil
	}
	return atomicfile.Explain("remove unfinished "+b.temp, os.Remove(b.temp))
}

func (b *Builder) usable() error {
	if b.err != nil {
		return b.err
	}
	if b.done {
		return fmt.Errorf("store tiles in %s: already finished", b.path)
	}
	return nil
}

func (b *Builder) fail(err error) error {
	if b.err == nil {
		b.err = err
	}
	return err
}
