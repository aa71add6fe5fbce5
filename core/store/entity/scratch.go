package entity

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// Scratch is a session's intermediate databases: a file for each bulk kind,
// opened when it is first used. Nothing is synced but by Sync. It is safe for
// concurrent use; one transaction writes at a time in each file.
type Scratch struct {
	m       *Manager
	session string

	mu    sync.Mutex
	files map[string]*scratchFile // by name of kind
}

// Scratch returns the scratch of a session, the same each time. ErrNoSession if
// there is none, nor outputs that were kept of it.
func (m *Manager) Scratch(session string) (*Scratch, error) {
	if err := checkSessionID(session); err != nil {
		return nil, err
	}
	err := m.eph.View(func(tx *kv.Tx) error {
		s, err := m.session(tx, session)
		if err != nil || s.exists {
			return err
		}
		for _, err := range notes().All(tx, kv.Key(nil).Str(session)) {
			return err // something was kept
		}
		return fmt.Errorf("open scratch of session %s: %w", session, ErrNoSession)
	})
	if err != nil {
		return nil, err
	}
	return m.scratchOf(session), nil
}

// maxSessionID bounds session ids, which name folders.
const maxSessionID = 64

// checkSessionID keeps the names of scratch folders plain.
func checkSessionID(id string) error {
	plain := id != "" && len(id) <= maxSessionID
	for _, c := range []byte(id) {
		plain = plain && (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_')
	}
	if !plain {
		return fmt.Errorf("open scratch of session %q: an id is 1 to %d of the characters a-z A-Z 0-9 - _", id, maxSessionID)
	}
	return nil
}

// Update runs fn in a writing transaction of the kind's file; it holds no other
// table. A *LostError tells that records written before are not there any more.
// It may not be called in a transaction of ephemeral.db.
func (s *Scratch) Update(kind Registered, fn func(tx *kv.Tx) error) error {
	return s.with(kind, func(db *kv.DB) error { return db.Update(fn) })
}

// View runs fn on the state of now, see Update.
func (s *Scratch) View(kind Registered, fn func(tx *kv.Tx) error) error {
	return s.with(kind, func(db *kv.DB) error { return db.View(fn) })
}

// Sync makes durable what was written into the kinds' files; of all kinds if
// none is given. It is called before the task that wrote it is recorded as
// completed.
func (s *Scratch) Sync(kinds ...Registered) error {
	for _, f := range s.opened(kinds) {
		if err := f.sync(); err != nil {
			return err
		}
	}
	return nil
}

// Rebuild makes a kind's file anew and empty, after a LostError or for a new
// beginning.
func (s *Scratch) Rebuild(kind Registered) error {
	f, err := s.file(kind)
	if err != nil {
		return err
	}
	return f.rebuild()
}

// Close closes the files; they are opened again if they are used.
func (s *Scratch) Close() error {
	var err error
	for _, f := range s.opened(nil) {
		err = errors.Join(err, f.close())
	}
	return err
}

// with runs fn on the kind's open database and keeps it from being closed
// meanwhile.
func (s *Scratch) with(kind Registered, fn func(db *kv.DB) error) error {
	f, err := s.file(kind)
	if err != nil {
		return err
	}
	return f.use(fn)
}

func (s *Scratch) file(kind Registered) (*scratchFile, error) {
	k := s.m.bulkNamed(kind.Name())
	if k == nil {
		return nil, fmt.Errorf("open scratch of session %s: %s lives in %s", s.session, kind.Name(), kind.Home())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f, ok := s.files[k.Name()]
	if !ok {
		f = &scratchFile{s: s, kind: k}
		s.files[k.Name()] = f
	}
	return f, nil
}

// opened returns the files that were used so far, of the given kinds or all, in
// the order of names.
func (s *Scratch) opened(kinds []Registered) []*scratchFile {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []*scratchFile
	for _, name := range slices.Sorted(maps.Keys(s.files)) {
		wanted := len(kinds) == 0 || slices.ContainsFunc(kinds, func(k Registered) bool { return k.Name() == name })
		if wanted {
			out = append(out, s.files[name])
		}
	}
	return out
}

func (m *Manager) bulkNamed(name string) bulkKind {
	for _, k := range m.bulk {
		if k.Name() == name {
			return k
		}
	}
	return nil
}

func sortedScratch(all map[string]*Scratch) []*Scratch {
	return slices.SortedFunc(maps.Values(all), func(a, b *Scratch) int { return cmp.Compare(a.session, b.session) })
}

// openScratch returns the scratches in use, by session.
func (m *Manager) openScratch() []*Scratch {
	m.mu.Lock()
	defer m.mu.Unlock()
	return sortedScratch(m.scratch)
}

// flushAccess writes the last accesses of scratch files, which are only in
// memory while they happen.
func (m *Manager) flushAccess() error {
	used := map[string]time.Time{}
	for _, s := range m.openScratch() {
		for _, f := range s.opened(nil) {
			if t := f.takeAccess(); !t.IsZero() {
				used[string(noteKey(s.session, f.kind.Name()))] = t
			}
		}
	}
	if len(used) == 0 {
		return nil
	}
	return m.change(m.eph, func(tx *kv.Tx) error {
		for _, key := range slices.Sorted(maps.Keys(used)) {
			n, ok, err := notes().Get(tx, kv.Key(key))
			if err != nil {
				return err
			}
			if !ok || !n.Accessed.Before(used[key]) {
				continue
			}
			n.Accessed = used[key]
			n.Expires = m.expiry(n.Kind, n.Accessed)
			if err := notes().Put(tx, &n); err != nil {
				return err
			}
		}
		return nil
	})
}

// expiry is when a bulk kind that was used at t idles out; zero: never.
func (m *Manager) expiry(kind string, t time.Time) time.Time {
	if k := m.bulkNamed(kind); k != nil && k.AutoDelete().MaxIdle > 0 {
		return t.Add(k.AutoDelete().MaxIdle)
	}
	return time.Time{}
}
