package kv

import (
	"os"

	"github.com/shapes-desktop/shapes/core/store/boltfile"
)

// Stats is what a database takes up.
type Stats struct {
	File   int64 // bytes of the file
	Free   int64 // bytes of it that hold nothing; only those at its end if it was opened for reading only
	Tables []TableStats
}

// TableStats is what a table holds.
type TableStats struct {
	Name    string
	Records int
}

// worthCompacting is the size from which Compact is worth its time.
const worthCompacting = 1 << 20

// MostlyFree reports whether Compact would free more than half of a file that
// is not small.
func (s Stats) MostlyFree() bool { return s.File >= worthCompacting && s.Free > s.File/2 }

// Stats returns what the database takes up now, its tables in the schema's
// order. It waits for a transaction that writes.
func (db *DB) Stats() (s Stats, err error) {
	err = db.View(func(tx *Tx) error {
		for _, t := range db.schema.Tables {
			name := t.buckets()[0]
			tl, err := tx.tallyOf(name)
			if err != nil {
				return err
			}
			s.Tables = append(s.Tables, TableStats{name, int(tl.entries)})
		}
		return nil
	})
	if err != nil {
		return Stats{}, err
	}
	db.mu.RLock()
	defer db.mu.RUnlock()
	if err := db.usable(); err != nil {
		return Stats{}, err
	}
	info, err := os.Stat(db.path)
	if err != nil {
		return Stats{}, err
	}
	used, free, err := db.pages()
	s.File, s.Free = info.Size(), max(0, info.Size()-used)+free
	return s, err
}

// pages returns the bytes below the last page in use, and how many of them are
// free. The library counts free pages when a transaction that writes ends.
func (db *DB) pages() (used, free int64, err error) {
	err = Kind().Guard(db.path, func() error {
		tx, err := db.bolt.Begin(!db.options.ReadOnly)
		if err != nil {
			return err
		}
		used = tx.Size()
		err = tx.Rollback()
		if !db.options.ReadOnly {
			st := db.bolt.Stats()
			free = int64(st.FreePageN+st.PendingPageN) * boltfile.PageSize
		}
		return err
	})
	return used, free, err
}
