package entity

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/shapes-desktop/shapes/core/store/atomicfile"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// scratchFile is one kind's file in a session's scratch.
type scratchFile struct {
	s    *Scratch
	kind bulkKind

	// mu is read-locked while the file is used, and locked while it is opened or
	// closed.
	mu   sync.RWMutex
	db   *kv.DB
	lost *LostError // damage that was met while it was used

	accessMu sync.Mutex
	accessed time.Time // not noted yet; zero if it is
	used     time.Time // last
}

func (f *scratchFile) path() string {
	return filepath.Join(f.s.m.scratchDir(f.s.session), f.kind.tableName()+".db")
}

// use runs fn on the open database, as an access.
func (f *scratchFile) use(fn func(db *kv.DB) error) error {
	err := f.peek(fn)
	if !errors.Is(err, ErrLost) {
		now := f.s.m.Now()
		f.accessMu.Lock()
		f.accessed, f.used = now, now
		f.accessMu.Unlock()
	}
	return err
}

// peek runs fn on the open database.
func (f *scratchFile) peek(fn func(db *kv.DB) error) error {
	f.mu.RLock()
	for f.db == nil {
		f.mu.RUnlock()
		if err := f.open(); err != nil {
			return err
		}
		f.mu.RLock() // it may have been closed between
	}
	err := fn(f.db)
	f.mu.RUnlock()
	if errors.Is(err, kv.ErrDamaged) {
		return f.damaged(err)
	}
	return err
}

func (f *scratchFile) takeAccess() time.Time {
	f.accessMu.Lock()
	defer f.accessMu.Unlock()
	t := f.accessed
	f.accessed = time.Time{}
	return t
}

// damaged closes the file and remembers what is wrong.
func (f *scratchFile) damaged(cause error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.lost = f.lostBy("the file is damaged", cause)
	return errors.Join(f.lost, f.closeLocked())
}

func (f *scratchFile) lostBy(why string, cause error) *LostError {
	return &LostError{Kind: f.kind.Name(), Session: f.s.session, Why: why, Cause: cause}
}

func (f *scratchFile) open() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.db != nil {
		return nil
	}
	if f.lost != nil {
		return f.lost
	}
	known, err := f.expect()
	if err != nil {
		return err
	}
	if !known {
		return f.begin()
	}
	if v := f.s.m.opt.Verify; v != nil {
		err = v(context.Background(), f.path())
	}
	if err == nil {
		err = f.openDB()
	}
	if errors.Is(err, kv.ErrDamaged) {
		f.lost = f.lostBy("the file is damaged", err)
		return f.lost
	}
	return err
}

// expect reports whether the note says that there is a file. A *LostError if
// there should be one and is not.
func (f *scratchFile) expect() (known bool, err error) {
	var n note
	err = f.s.m.eph.View(func(tx *kv.Tx) (err error) {
		n, known, err = notes().Get(tx, noteKey(f.s.session, f.kind.Name()))
		return err
	})
	if err != nil || !known {
		return false, err
	}
	if n.Dropped != "" {
		return true, f.lostBy(n.Dropped, nil)
	}
	if _, err := os.Stat(f.path()); errors.Is(err, os.ErrNotExist) { // it would be begun anew
		return true, f.lostBy("the file is gone", nil)
	}
	return true, nil
}

// begin notes a new file and makes it, in place of what may stand there.
func (f *scratchFile) begin() error {
	m := f.s.m
	if err := makeFolder(filepath.Dir(f.path())); err != nil {
		return err
	}
	if err := removeFile(f.path()); err != nil {
		return err
	}
	now := m.Now()
	n := note{
		Session: f.s.session, Kind: f.kind.Name(),
		Created: now, Accessed: now, Expires: m.expiry(f.kind.Name(), now),
	}
	err := m.change(m.eph, func(tx *kv.Tx) error {
		s, err := m.session(tx, f.s.session)
		if err == nil && !s.exists { // it has ended meanwhile
			err = fmt.Errorf("make scratch of session %s: %w", f.s.session, ErrNoSession)
		}
		if err != nil {
			return err
		}
		n.Node = s.node
		return notes().Put(tx, &n)
	})
	if err != nil {
		return err
	}
	defer m.boundary()
	if err := f.openDB(); err != nil {
		// Nothing is lost, as on a disk that is full: the next use begins again.
		strike := func(tx *kv.Tx) error { _, err := notes().Delete(tx, notes().Key(&n)); return err }
		return errors.Join(err, m.change(m.eph, strike))
	}
	return nil
}

// reserve (bytes) is what most bulk files do not outgrow.
const reserve = 1 << 30

func (f *scratchFile) openDB() (err error) {
	f.db, err = kv.Open(f.path(), kv.Schema{
		Name: "scratch " + f.kind.tableName(), Version: 1, Tables: []kv.Tabled{f.kind.tabled()},
	}, kv.Options{NoSync: true, Reserve: reserve})
	return err
}

func (f *scratchFile) rebuild() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.closeLocked(); err != nil {
		return err
	}
	if err := f.begin(); err != nil {
		return err
	}
	f.lost = nil
	return nil
}

func (f *scratchFile) sync() error {
	f.mu.RLock()
	defer f.mu.RUnlock()
	if f.db == nil {
		return nil // closing has synced it
	}
	return f.db.Sync()
}

// close syncs and closes the file.
func (f *scratchFile) close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.closeLocked()
}

func (f *scratchFile) closeLocked() error {
	db := f.db
	f.db = nil
	if db == nil {
		return nil
	}
	return db.Close()
}

// remove closes the file and deletes it, after change has been written to
// ephemeral.db; not if change says no.
func (f *scratchFile) remove(change func(tx *kv.Tx) (bool, error)) (removed bool, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	err = f.s.m.change(f.s.m.eph, func(tx *kv.Tx) (err error) {
		removed, err = change(tx)
		return err
	})
	if err != nil || !removed {
		return false, err
	}
	f.lost = nil
	f.takeAccess()
	err = errors.Join(f.closeLocked(), removeFile(f.path()))
	f.s.m.boundary()
	return true, err
}

// removeFile deletes a database file and what stands beside it for it; none is
// no error.
func removeFile(path string) error {
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return atomicfile.Explain("remove "+path, err)
	}
	for _, e := range entries {
		if !belongs(e.Name(), filepath.Base(path)) {
			continue
		}
		at := filepath.Join(filepath.Dir(path), e.Name())
		if err := os.Remove(at); err != nil && !errors.Is(err, os.ErrNotExist) {
			return atomicfile.Explain("remove "+at, err)
		}
	}
	return nil
}

// belongs reports whether a file is the database file base, its mark, or a
// temporary of it.
func belongs(name, base string) bool {
	return name == base || strings.HasPrefix(name, base+".") || strings.HasPrefix(name, "."+base+".")
}

// unusedSince reports that the file is open, and was last used before t.
func (f *scratchFile) unusedSince(t time.Time) bool {
	f.accessMu.Lock()
	used := f.used
	f.accessMu.Unlock()
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.db != nil && used.Before(t)
}
