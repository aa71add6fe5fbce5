package tileset

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/shapes-desktop/shapes/core/geo/tile"
	"github.com/shapes-desktop/shapes/core/store/boltfile"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// requestsSuffix names the file beside a tile file that counts requests. The
// tile file itself is never changed.
const requestsSuffix = ".requests"

// Request is how often a tile was asked for. It belongs to the tile's address:
// tiles that are built anew keep it.
type Request struct {
	// Tile is the PMTiles number of the tile.
	Tile  uint64    `cbor:"1,keyasint"`
	Count uint64    `cbor:"2,keyasint"`
	Last  time.Time `cbor:"3,keyasint"`
}

// ID returns the address of the tile.
func (r Request) ID() tile.ID { return tile.FromHilbert(r.Tile) }

func requestTable() *kv.Table[Request] {
	return &kv.Table[Request]{
		Name: "requests", Version: 1,
		Key: func(r *Request) kv.Key { return kv.Key(nil).Uint(r.Tile) },
		Indexes: []kv.Index[Request]{
			{Name: "last", Keys: kv.One(func(r *Request) kv.Key { return kv.Key(nil).Time(r.Last) })},
		},
	}
}

func requestSchema() kv.Schema {
	return kv.Schema{Name: "requests", Version: 1, Tables: []kv.Tabled{requestTable()}}
}

// flushTiles bounds what is counted in memory: when so many tiles are, Note
// writes them down.
const flushTiles = 1024

// Requests counts the requests of a node's tiles: in memory, and written down
// in batches. A crash loses what was not written, at most flushTiles tiles;
// that is accepted, as a write for each request would cost more than the count
// is worth. It is safe for concurrent use.
type Requests struct {
	db    *kv.DB
	table *kv.Table[Request]
	lost  error

	mu      sync.Mutex
	pending map[uint64]Request // counts since the last flush

	flushing sync.Mutex // one at a time, so that counts are added once
}

// OpenRequests opens the counts beside the tile file at path. Counts that are
// damaged, or of a newer version, are deleted and begun anew: see Lost.
func (v Verifier) OpenRequests(ctx context.Context, path string) (*Requests, error) {
	file := path + requestsSuffix
	var lost error
	db, err := kv.Verifier(v).Open(ctx, file, requestSchema(), kv.Options{})
	if errors.Is(err, kv.ErrDamaged) || errors.Is(err, kv.ErrNewer) {
		lost = err
		if err := boltfile.Remove(file); err != nil {
			return nil, err
		}
		db, err = kv.Open(file, requestSchema(), kv.Options{})
	}
	if err != nil {
		return nil, fmt.Errorf("open the request counts: %w", err)
	}
	return &Requests{db: db, table: requestTable(), lost: lost, pending: map[uint64]Request{}}, nil
}

// Lost returns why earlier counts were deleted, nil if they were not.
func (r *Requests) Lost() error { return r.lost }

// Note counts a request of a tile. It writes down what was counted when there
// is much of it; if that fails, which is the error, the counts are kept for the
// next time, but at most twice as many tiles.
func (r *Requests) Note(id tile.ID, at time.Time) (err error) {
	if !id.Valid() {
		return nil
	}
	r.mu.Lock()
	full := len(r.pending) >= flushTiles
	r.mu.Unlock()
	if full {
		err = r.Flush()
	}
	h := id.Hilbert()
	r.mu.Lock()
	defer r.mu.Unlock()
	if p, there := r.pending[h]; there || len(r.pending) < 2*flushTiles {
		r.pending[h] = Request{h, p.Count + 1, later(p.Last, at)}
	}
	return err
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// Flush writes down what was counted. It is durable then.
func (r *Requests) Flush() error {
	r.flushing.Lock()
	defer r.flushing.Unlock()
	r.mu.Lock()
	batch := maps.Clone(r.pending)
	r.mu.Unlock()
	if len(batch) == 0 {
		return nil
	}
	err := r.db.Update(func(tx *kv.Tx) error {
		for _, h := range slices.Sorted(maps.Keys(batch)) {
			sum, err := r.sum(tx, h, batch[h])
			if err != nil {
				return err
			}
			if err := r.table.Put(tx, &sum); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("write the request counts: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for h, b := range batch { // what came meanwhile stays
		if p := r.pending[h]; p.Count == b.Count {
			delete(r.pending, h)
		} else {
			r.pending[h] = Request{h, p.Count - b.Count, p.Last}
		}
	}
	return nil
}

// sum adds what is pending to what is stored.
func (r *Requests) sum(tx *kv.Tx, h uint64, pending Request) (Request, error) {
	stored, _, err := r.table.Get(tx, kv.Key(nil).Uint(h))
	return Request{h, stored.Count + pending.Count, later(stored.Last, pending.Last)}, err
}

// Of returns the requests of a tile, those not yet written down among them.
func (r *Requests) Of(id tile.ID) (sum Request, err error) {
	if !id.Valid() {
		return Request{}, nil
	}
	r.flushing.Lock() // or a batch on its way would be counted twice, or not at all
	defer r.flushing.Unlock()
	h := id.Hilbert()
	r.mu.Lock()
	pending := r.pending[h]
	r.mu.Unlock()
	err = r.db.View(func(tx *kv.Tx) (err error) {
		sum, err = r.sum(tx, h, pending)
		return err
	})
	return sum, err
}

// MostRecent returns the tiles that were asked for last, the latest first, at
// most limit. It writes down what was counted before.
func (r *Requests) MostRecent(limit int) ([]Request, error) {
	return r.first(limit, func(tx *kv.Tx) iter.Seq2[Request, error] { return r.table.ByDown(tx, "last", nil) })
}

// LeastRecent returns the tiles that were asked for longest ago, the earliest
// first, at most limit. Tiles that were never asked for are not among them. It
// writes down what was counted before.
func (r *Requests) LeastRecent(limit int) ([]Request, error) {
	return r.first(limit, func(tx *kv.Tx) iter.Seq2[Request, error] { return r.table.By(tx, "last", nil) })
}

func (r *Requests) first(limit int, all func(*kv.Tx) iter.Seq2[Request, error]) (rs []Request, err error) {
	if err := r.Flush(); err != nil {
		return nil, err
	}
	err = r.db.View(func(tx *kv.Tx) error {
		for one, err := range all(tx) {
			if err != nil || len(rs) >= limit {
				return err
			}
			rs = append(rs, one)
		}
		return nil
	})
	return rs, err
}

// Close writes down what was counted and lets go of the file.
func (r *Requests) Close() error { return errors.Join(r.Flush(), r.db.Close()) }

// Remove deletes a tile file and all that stands beside it: its mark, its
// request counts, and what killed builds have left. Nobody may have them open.
// What is not there is no error.
func Remove(path string) error {
	return errors.Join(boltfile.Remove(path), boltfile.Remove(path+requestsSuffix))
}
