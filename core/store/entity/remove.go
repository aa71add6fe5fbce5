package entity

import (
	"context"
	"errors"
	"os"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// batch is how many records are looked at or deleted in one transaction: some
// ten milliseconds, so that others get their turn.
const batch = 500

// session returns what is known of a session.
func (m *Manager) session(tx *kv.Tx, id string) (sessionInfo, error) {
	if m.sessions == nil {
		return sessionInfo{id: id}, nil
	}
	return m.sessions.session(tx, id)
}

// guard says in each transaction whether to go on.
type guard func(tx *kv.Tx) (bool, error)

func always(*kv.Tx) (bool, error) { return true, nil }

// unlessActive goes on while the session is not active.
func (m *Manager) unlessActive(session string) guard {
	return func(tx *kv.Tx) (bool, error) {
		s, err := m.session(tx, session)
		return !s.active, err
	}
}

// removeOwned deletes an owner's records of a kind, some at a time.
func (m *Manager) removeOwned(ctx context.Context, t *tally, k dbKind, by owner, id, reason string, ok guard) error {
	if !t.mark(ownerMark(by, k.Name(), id)) {
		return nil
	}
	db := m.db(k.Class().Lifetime)
	var after kv.Key
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return err
		}
		records, bytes := 0, int64(0)
		step := func(tx *kv.Tx) error {
			if on, err := ok(tx); err != nil || !on {
				more = false
				return err
			}
			all, err := k.ownedBy(tx, by, id, after, batch)
			if err != nil {
				return err
			}
			more = len(all) == batch
			for _, e := range all {
				if !t.dry {
					if err := k.remove(tx, e.key); err != nil {
						return err
					}
				} else if after = e.key; !t.mark(recordMark(k.Name(), e)) {
					continue
				}
				records++
				bytes += e.bytes
			}
			return nil
		}
		if err := m.run(db, t.dry, step); err != nil {
			return err
		}
		t.add(k.Name(), reason, records, bytes)
	}
	return nil
}

// run is a transaction that changes nothing if dry.
func (m *Manager) run(db *kv.DB, dry bool, fn func(tx *kv.Tx) error) error {
	if dry {
		return db.View(fn)
	}
	return m.change(db, fn)
}

// change is Update of a database, with a boundary on either side.
func (m *Manager) change(db *kv.DB, fn func(tx *kv.Tx) error) error {
	m.boundary()
	defer m.boundary()
	return db.Update(fn)
}

// boundary is a moment at which the program may end and leave the files as
// they are: tests make it end there.
func (m *Manager) boundary() {
	if m.atBoundary != nil {
		m.atBoundary()
	}
}

// removeSession deletes what belongs to a session, of the kinds that are
// wanted, the session itself last.
func (m *Manager) removeSession(ctx context.Context, t *tally, id, reason string, wanted func(Registered) bool, ok guard) error {
	ends := m.sessions != nil && wanted(m.sessions)
	for _, k := range m.in(EphemeralDB) {
		if k.owned(ofSession) && !k.isSession() && wanted(k) {
			if err := m.removeOwned(ctx, t, k, ofSession, id, reason, ok); err != nil {
				return err
			}
		}
	}
	for _, k := range m.bulk {
		if wanted(k) {
			if err := m.removeBulk(t, id, k.Name(), reason, !ends, ok); err != nil {
				return err
			}
		}
	}
	if !ends {
		return nil
	}
	t.gone[id] = true
	if err := m.removeOwned(ctx, t, m.sessions, ofSession, id, reason, ok); err != nil || t.dry {
		return err
	}
	return m.forget(id)
}

// forget closes the scratch of a session that is gone, and removes its folder
// if nothing was kept.
func (m *Manager) forget(session string) error {
	m.mu.Lock()
	s := m.scratch[session]
	m.mu.Unlock()
	if s != nil {
		if err := s.Close(); err != nil {
			return err
		}
	}
	if checkSessionID(session) == nil { // others never had a folder
		// A folder that is not empty stays: outputs were kept, or the sweep looks into it.
		if err := os.Remove(m.scratchDir(session)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil
		}
	}
	m.mu.Lock()
	delete(m.scratch, session)
	m.mu.Unlock()
	return nil
}

// removeBulk deletes a kind's scratch file and its note; the note stays and
// tells why if the session goes on, so that its tasks learn of it.
func (m *Manager) removeBulk(t *tally, session, kind, reason string, stays bool, ok guard) error {
	if !t.mark(ownerMark(ofSession, kind, session)) {
		return nil
	}
	s := m.scratchOf(session)
	f, err := s.file(m.bulkNamed(kind))
	if err != nil {
		return err
	}
	had := false
	change := func(tx *kv.Tx) (bool, error) {
		on, err := ok(tx)
		if err != nil || !on {
			return false, err
		}
		n, there, err := notes().Get(tx, noteKey(session, kind))
		if err != nil || !there || n.Kept {
			return false, err
		}
		had = n.Dropped == ""
		if t.dry {
			return false, nil
		}
		if !stays {
			_, err = notes().Delete(tx, noteKey(session, kind))
			return true, err
		}
		n.Dropped = "they were deleted: " + reason
		return true, notes().Put(tx, &n)
	}
	bytes := fileSize(f.path())
	if t.dry {
		err = m.eph.View(func(tx *kv.Tx) error { _, err := change(tx); return err })
	} else {
		_, err = f.remove(change)
	}
	if err == nil && had {
		t.add(kind, reason, 1, bytes)
	}
	return err
}

// scratchOf is Scratch without asking whether there is such a session.
func (m *Manager) scratchOf(session string) *Scratch {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.scratch[session]
	if !ok {
		s = &Scratch{m: m, session: session, files: map[string]*scratchFile{}}
		m.scratch[session] = s
	}
	return s
}

func fileSize(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}

// nodesGone returns those of the nodes that the tree does not have.
func (m *Manager) nodesGone(nodes []string) (map[string]bool, error) {
	gone := map[string]bool{}
	if m.opt.NodeExists == nil {
		return gone, nil
	}
	err := m.core.View(func(tx *kv.Tx) error {
		for _, n := range nodes {
			there, err := m.opt.NodeExists(tx, n)
			if err != nil {
				return err
			}
			if !there {
				gone[n] = true
			}
		}
		return nil
	})
	return gone, err
}
