package entity

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// SweepOptions say what a sweep does.
type SweepOptions struct {
	// Dry counts what would be deleted and deletes nothing.
	Dry bool
	// Thorough compares every record with the tree too: at start, after core.db
	// was repaired or replaced, and when the user asks. Without it, only what the
	// running program can leave behind is looked for.
	Thorough bool
}

// Sweep deletes what is past its time: what a trigger began and did not finish,
// what is idle, and what has lost its session or, if thorough, its node. It
// works in short transactions. A kind that fails does not keep the others from
// being swept: the errors come joined, with the report of what was done.
func (m *Manager) Sweep(ctx context.Context, o SweepOptions) (Report, error) {
	m.upkeep.Lock()
	defer m.upkeep.Unlock()
	t := newTally(o.Dry)
	now := m.Now()
	var errs []error
	step := func(what string, fn func() error) {
		if ctx.Err() != nil {
			return
		}
		if err := fn(); err != nil {
			errs = append(errs, fmt.Errorf("sweep %s: %w", what, err))
		}
	}
	step("scratch", m.flushAccess)
	if !o.Dry {
		step("scratch", func() error { return m.closeUnused(now) })
	}
	step("triggers", func() error { return m.finish(ctx, t) })
	step("sessions", func() error { return m.sweepSessions(ctx, t, now, o.Thorough) })
	for _, k := range m.in(EphemeralDB) {
		step(k.Name(), func() error { return m.sweepIdle(ctx, t, k, now) })
		step(k.Name(), func() error { return m.sweepSessionless(ctx, t, k) })
	}
	step("scratch", func() error { return m.sweepNotes(t, now, o.Thorough) })
	step("scratch", func() error { return m.sweepFolders(ctx, t) })
	if o.Thorough {
		m.sweepNodeless(ctx, t, step)
	}
	return t.report(m.opt.Kinds), errors.Join(append(errs, ctx.Err())...)
}

// finish carries out the triggers that were cut short.
func (m *Manager) finish(ctx context.Context, t *tally) error {
	var all []intent
	err := m.eph.View(func(tx *kv.Tx) error {
		for in, err := range intents().All(tx, nil) {
			if err != nil {
				return err
			}
			all = append(all, in)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, in := range all {
		if err := m.carryOut(ctx, t, in); err != nil {
			return err
		}
		if t.dry {
			continue
		}
		if err := m.strike(in); err != nil {
			return err
		}
	}
	return nil
}

// everything is wanted of what goes with its session.
func everything(Registered) bool { return true }

// sweepSessions deletes sessions that are idle or whose node is gone, with all
// that is theirs.
func (m *Manager) sweepSessions(ctx context.Context, t *tally, now time.Time, thorough bool) error {
	if m.sessions == nil {
		return nil
	}
	idle, err := m.collectIdle(ctx, m.sessions, now)
	if err != nil {
		return err
	}
	why := whyIdle(m.sessions.AutoDelete().MaxIdle)
	for _, e := range idle {
		if err := m.removeSession(ctx, t, e.session, why, everything, m.unlessActive(e.session)); err != nil {
			return err
		}
	}
	if !thorough {
		return nil
	}
	return m.eachOwnerGone(ctx, m.sessions, func(node string) error {
		all, err := m.sessionsOf(node)
		if err != nil {
			return err
		}
		for _, s := range all { // active or not: there is nothing it could go on with
			if err := m.removeSession(ctx, t, s.id, whyNodeGone, everything, always); err != nil {
				return err
			}
		}
		return nil
	})
}

// collectIdle returns the records of a kind that have idled for too long.
func (m *Manager) collectIdle(ctx context.Context, k dbKind, now time.Time) ([]entry, error) {
	var out []entry
	var next kv.Key
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		err := m.eph.View(func(tx *kv.Tx) error {
			some, at, err := k.idle(tx, next, batch, now)
			out, next = append(out, some...), at
			return err
		})
		if err != nil || next == nil {
			return out, err
		}
	}
}

// sweepIdle deletes the records that idle by themselves.
func (m *Manager) sweepIdle(ctx context.Context, t *tally, k dbKind, now time.Time) error {
	if k.isSession() {
		return nil
	}
	all, err := m.collectIdle(ctx, k, now)
	if err != nil {
		return err
	}
	still := func(tx *kv.Tx, e entry) (bool, error) {
		s, err := m.session(tx, e.session)
		if err != nil || s.active && !t.gone[e.session] {
			return false, err
		}
		some, _, err := k.idle(tx, e.key, 1, now)
		return len(some) == 1 && string(some[0].key) == string(e.key), err
	}
	return m.removeEntries(ctx, t, k, all, whyIdle(k.AutoDelete().MaxIdle), still)
}

// removeEntries deletes records one by one, if they still should be.
func (m *Manager) removeEntries(ctx context.Context, t *tally, k dbKind, all []entry, why string, still func(tx *kv.Tx, e entry) (bool, error)) error {
	for len(all) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		some := all[:min(batch, len(all))]
		all = all[len(some):]
		var removed []entry
		err := m.run(m.db(k.Class().Lifetime), t.dry, func(tx *kv.Tx) error {
			removed = removed[:0]
			for _, e := range some {
				if ok, err := still(tx, e); err != nil || !ok {
					if err != nil {
						return err
					}
					continue
				}
				if !t.dry {
					if err := k.remove(tx, e.key); err != nil {
						return err
					}
				}
				removed = append(removed, e)
			}
			return nil
		})
		if err != nil {
			return err
		}
		for _, e := range removed {
			if t.mark(recordMark(k.Name(), e)) {
				t.add(k.Name(), why, 1, e.bytes)
			}
		}
	}
	return nil
}

// sweepSessionless deletes what belongs to sessions that there are not.
func (m *Manager) sweepSessionless(ctx context.Context, t *tally, k dbKind) error {
	if !k.owned(ofSession) || k.isSession() {
		return nil
	}
	return m.eachOwner(ctx, k, ofSession, func(ids []string) error {
		var orphans []string
		err := m.eph.View(func(tx *kv.Tx) error {
			for _, id := range ids {
				s, err := m.session(tx, id)
				if err != nil {
					return err
				}
				if !s.exists || t.gone[id] {
					orphans = append(orphans, id)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		for _, id := range orphans {
			missing := func(tx *kv.Tx) (bool, error) {
				s, err := m.session(tx, id)
				return !s.exists || t.gone[id], err
			}
			if err := m.removeOwned(ctx, t, k, ofSession, id, whySessionGone, missing); err != nil {
				return err
			}
		}
		return nil
	})
}

// eachOwner calls fn with the owners of a kind's records, some at a time.
func (m *Manager) eachOwner(ctx context.Context, k dbKind, by owner, fn func(ids []string) error) error {
	after := ""
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		var ids []string
		err := m.db(k.Class().Lifetime).View(func(tx *kv.Tx) (err error) {
			ids, err = k.owners(tx, by, after, batch)
			return err
		})
		if err != nil || len(ids) == 0 {
			return err
		}
		if err := fn(ids); err != nil {
			return err
		}
		after = ids[len(ids)-1]
	}
}

// eachOwnerGone calls fn with the nodes that records of a kind belong to and
// the tree does not have.
func (m *Manager) eachOwnerGone(ctx context.Context, k dbKind, fn func(node string) error) error {
	return m.eachOwner(ctx, k, ofNode, func(ids []string) error {
		gone, err := m.nodesGone(ids)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if gone[id] {
				if err := fn(id); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
