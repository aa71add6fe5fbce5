package tileset

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/shapes-desktop/shapes/core/geo/tile"
	bolt "go.etcd.io/bbolt"
)

// Tileset is an opened tile file. It is safe for concurrent use and never
// changes.
type Tileset struct {
	path  string
	db    *bolt.DB // nil only while Open fails
	meta  Meta
	count int
}

// lockTimeout is how long Open waits for a writer to let go of the file.
const lockTimeout = 2 * time.Second

// Open opens a tile file for reading. Errors: ErrDamaged, ErrNewer, and those
// of the file system.
//
// A file of unknown past must be checked first, see Verifier: the database
// library can hang or end the program on damage of some kinds that Open does
// not see.
func Open(path string) (*Tileset, error) {
	if err := Kind().CheckHeader(path); err != nil {
		return nil, err
	}
	t := &Tileset{path: path}
	err := guard(path, func() (err error) {
		t.db, err = bolt.Open(path, 0o600, &bolt.Options{ReadOnly: true, Timeout: lockTimeout})
		if err != nil {
			return Kind().OpenError(path, err)
		}
		return t.db.View(t.readMeta)
	})
	if err != nil {
		return nil, errors.Join(err, t.Close())
	}
	return t, nil
}

func (t *Tileset) readMeta(tx *bolt.Tx) error {
	b := tx.Bucket([]byte(metaBucket))
	if b == nil || tx.Bucket([]byte(tilesBucket)) == nil {
		return t.damaged(fmt.Errorf("%w: it was not finished", ErrDamaged))
	}
	f := b.Get([]byte(formatKey))
	if len(f) != 1 {
		return t.damaged(fmt.Errorf("%w: no format version", ErrDamaged))
	}
	if f[0] > format {
		return fmt.Errorf("open tile file %s: %w (format %d, this one knows %d); update the program or build the tiles again", t.path, ErrNewer, f[0], format)
	}
	_, text, err := openRecord([]byte(metaKey), b.Get([]byte(metaKey)))
	if err != nil {
		return t.damaged(err)
	}
	if err := json.Unmarshal(text, &t.meta); err != nil {
		return t.damaged(fmt.Errorf("%w: description: %v", ErrDamaged, err))
	}
	_, n, err := openRecord([]byte(countKey), b.Get([]byte(countKey)))
	if err != nil || len(n) != 8 {
		return t.damaged(fmt.Errorf("%w: tile count", ErrDamaged))
	}
	t.count = int(binary.BigEndian.Uint64(n))
	return nil
}

func (t *Tileset) damaged(err error) error { return damaged(t.path, err) }

// Meta describes the tileset. The caller must not write to its maps.
func (t *Tileset) Meta() Meta { return t.meta }

// Count is the number of tiles, equal ones counted each.
func (t *Tileset) Count() int { return t.count }

// Tile returns a copy of a tile, gzipped, or nil where there is none.
func (t *Tileset) Tile(id tile.ID) ([]byte, error) {
	if !id.Valid() {
		return nil, nil
	}
	var out []byte
	err := guard(t.path, func() error {
		return t.db.View(func(tx *bolt.Tx) error {
			b := tx.Bucket([]byte(tilesBucket))
			key := keyOf(id.Hilbert())
			data, err := tileData(b, key, b.Get(key))
			out = append(out, data...)
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("read tile %v: %w", id, err)
	}
	return out, nil
}

// tileData follows a record to the tile's bytes, which are valid until the
// end of the transaction. A link points at data, never at a link.
func tileData(b *bolt.Bucket, key, record []byte) ([]byte, error) {
	if record == nil {
		return nil, nil
	}
	kind, content, err := openRecord(key, record)
	if err != nil || kind == kindData {
		return content, err
	}
	target := b.Get(content)
	if target == nil {
		return nil, fmt.Errorf("%w: entry %x points nowhere", ErrDamaged, key)
	}
	kind, data, err := openRecord(content, target)
	if err == nil && kind != kindData {
		err = fmt.Errorf("%w: entry %x points at a pointer", ErrDamaged, key)
	}
	return data, err
}

// eachBatch bounds how long Each holds a transaction: a long one would keep
// the file's memory map busy.
const eachBatch = 1024

// Each calls fn with every tile in ascending Hilbert order, until fn or ctx
// gives an error. The bytes are fn's to keep.
func (t *Tileset) Each(ctx context.Context, fn func(id tile.ID, gz []byte) error) error {
	type entry struct {
		id tile.ID
		gz []byte
	}
	var next []byte
	for {
		batch := make([]entry, 0, eachBatch)
		err := guard(t.path, func() error {
			return t.db.View(func(tx *bolt.Tx) error {
				b := tx.Bucket([]byte(tilesBucket))
				c := b.Cursor()
				k, v := c.Seek(next)
				for ; k != nil && len(batch) < eachBatch; k, v = c.Next() {
					id, err := idOf(k)
					if err != nil {
						return err
					}
					data, err := tileData(b, k, v)
					if err != nil {
						return err
					}
					batch = append(batch, entry{id, append([]byte(nil), data...)})
				}
				next = append([]byte(nil), k...)
				return nil
			})
		})
		if err != nil {
			return err
		}
		for _, e := range batch {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := fn(e.id, e.gz); err != nil {
				return err
			}
		}
		if len(next) == 0 {
			return nil
		}
	}
}

// Close lets go of the file, after the reads that are under way. Later reads
// give an error.
func (t *Tileset) Close() error {
	if t.db == nil {
		return nil
	}
	return t.db.Close()
}
