package entity

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// Event is what ends the life of ephemeral records.
type Event string

// The events.
const (
	SessionCompleted     Event = "session complete"
	DialogClosed         Event = "dialog closed"
	WorkingCopyDiscarded Event = "working copy discarded"
	NodePurged           Event = "node deleted for good"
)

// answer is what a kind does at an event; a purge takes all.
func (e Event) answer(a AutoDelete) Answer {
	switch e {
	case SessionCompleted:
		return a.OnSessionComplete
	case DialogClosed:
		return a.OnDialogClose
	case WorkingCopyDiscarded:
		return a.OnWorkingCopyDiscard
	case NodePurged:
		return Delete
	}
	return Keep
}

// takes reports whether a kind's records go at the event. A session that is
// active is asked about before.
func (e Event) takes(k Registered) bool {
	a := e.answer(k.AutoDelete())
	return a == Delete || a == Checked
}

// SessionComplete deletes what a session that has ended leaves behind, as the
// kinds' classes say; call it after the run summary is written. keep leaves
// the bulk records, to be looked at, until the node's next edit is discarded
// or the node goes. ErrSessionActive if it has not ended; a session that is gone
// is no error.
func (m *Manager) SessionComplete(ctx context.Context, session string, keep bool) (Report, error) {
	err := m.eph.View(func(tx *kv.Tx) error {
		if s, err := m.session(tx, session); err != nil || !s.active {
			return err
		}
		return fmt.Errorf("delete session %s: %w", session, ErrSessionActive)
	})
	if err != nil {
		return Report{}, err
	}
	return m.trigger(ctx, intent{Event: SessionCompleted, Subject: session, Keep: keep}, nil)
}

// DialogClose deletes what is not wanted when a node's dialog is closed. Sessions
// of the node that have not ended are left alone, with all that is theirs, and
// named in the report: what becomes of them is the user's choice.
func (m *Manager) DialogClose(ctx context.Context, node string) (Report, error) {
	return m.trigger(ctx, intent{Event: DialogClosed, Subject: node}, nil)
}

// WorkingCopyDiscard deletes a node's working copy and all else that is
// ephemeral, as DialogClose does; what is persistent stays.
func (m *Manager) WorkingCopyDiscard(ctx context.Context, node string) (Report, error) {
	return m.trigger(ctx, intent{Event: WorkingCopyDiscarded, Subject: node}, nil)
}

// NodesPurged deletes nodes for good: inCore removes them from the tree, in the
// one transaction of core.db that removes their records and references too, so
// that a node is there with all that is its own or not at all. What is ephemeral
// and in files goes after that; if the program ends between, the next sweep
// finishes it. Nothing is deleted if inCore gives an error, or if a session of
// one of the nodes is active: ErrSessionActive.
func (m *Manager) NodesPurged(ctx context.Context, nodes []string, inCore func(tx *kv.Tx) error) (Report, error) {
	if len(nodes) == 0 {
		return Report{}, nil
	}
	nodes = slices.Compact(slices.Sorted(slices.Values(nodes)))
	for _, n := range nodes {
		all, err := m.sessionsOf(n)
		if err != nil {
			return Report{}, err
		}
		for _, s := range all {
			if s.active {
				return Report{}, fmt.Errorf("delete node %s: session %s: %w; nothing was deleted", n, s.id, ErrSessionActive)
			}
		}
	}
	subject := fmt.Sprintf("%s and %d more at %d", nodes[0], len(nodes)-1, m.Now().UnixNano())
	return m.trigger(ctx, intent{Event: NodePurged, Subject: subject, Nodes: nodes}, inCore)
}

// trigger writes down what is to be done, does it, and strikes it out.
func (m *Manager) trigger(ctx context.Context, in intent, inCore func(tx *kv.Tx) error) (Report, error) {
	m.upkeep.Lock()
	defer m.upkeep.Unlock()
	in.When = m.Now()
	if err := m.change(m.eph, func(tx *kv.Tx) error { return m.begin(tx, &in) }); err != nil {
		return Report{}, fmt.Errorf("note that %s: %w", in.Event, err)
	}
	t := newTally(false)
	if in.Event == NodePurged {
		if err := m.purgeCore(t, in.Nodes, inCore); err != nil {
			return Report{}, errors.Join(err, m.strike(in))
		}
	}
	err := m.carryOut(ctx, t, in)
	if err == nil {
		err = m.strike(in)
	}
	return t.report(m.opt.Kinds), err
}

// begin writes an intent, and what must not wait for it.
func (m *Manager) begin(tx *kv.Tx, in *intent) error {
	if in.Keep {
		for _, k := range m.bulk {
			n, ok, err := notes().Get(tx, noteKey(in.Subject, k.Name()))
			if err != nil {
				return err
			}
			if n.Kept = true; ok && n.Dropped == "" {
				if err := notes().Put(tx, &n); err != nil {
					return err
				}
			}
		}
	}
	return intents().Put(tx, in)
}

func (m *Manager) strike(in intent) error {
	return m.change(m.eph, func(tx *kv.Tx) error {
		_, err := intents().Delete(tx, intents().Key(&in))
		return err
	})
}

// carryOut does what an event asks of ephemeral.db, scratch and files. Doing it
// again does no harm.
func (m *Manager) carryOut(ctx context.Context, t *tally, in intent) error {
	switch in.Event {
	case SessionCompleted:
		return m.removeSession(ctx, t, in.Subject, string(in.Event), in.Event.takes, m.unlessActive(in.Subject))
	case DialogClosed, WorkingCopyDiscarded:
		return m.removeOfNode(ctx, t, in.Event, in.Subject)
	case NodePurged:
		gone, err := m.nodesGone(in.Nodes)
		if err != nil {
			return err
		}
		for _, n := range in.Nodes {
			if m.opt.NodeExists != nil && !gone[n] {
				continue // the end came before core.db had it: the node stays
			}
			if err := m.removeOfNode(ctx, t, in.Event, n); err != nil {
				return err
			}
		}
		return nil
	}
	return fmt.Errorf("finish %q of %s: this version does not know that event", in.Event, in.Subject)
}

// removeOfNode deletes what is ephemeral or in files of a node, as the event
// says.
func (m *Manager) removeOfNode(ctx context.Context, t *tally, e Event, node string) error {
	all, err := m.sessionsOf(node)
	if err != nil {
		return err
	}
	for _, s := range all {
		if s.active {
			t.active[s.id] = true
			continue
		}
		if err := m.removeSession(ctx, t, s.id, string(e), e.takes, m.unlessActive(s.id)); err != nil {
			return err
		}
	}
	for _, k := range m.in(EphemeralDB) {
		if k.owned(ofNode) && !k.isSession() && e.takes(k) {
			if err := m.removeOwned(ctx, t, k, ofNode, node, string(e), always); err != nil {
				return err
			}
		}
	}
	if e == DialogClosed {
		return nil
	}
	if err := m.removeKept(t, node, e); err != nil || e != NodePurged {
		return err
	}
	for _, f := range m.files {
		if !t.mark(ownerMark(ofNode, f.name, node)) {
			continue
		}
		records, bytes, err := f.remove(node, t.dry)
		if err != nil {
			return err
		}
		m.boundary()
		if bytes > 0 {
			t.add(f.name, string(e), max(1, records), bytes)
		}
	}
	return nil
}

// removeKept deletes the outputs that were kept of a node's earlier sessions.
func (m *Manager) removeKept(t *tally, node string, e Event) error {
	var kept []note
	err := m.eph.View(func(tx *kv.Tx) error {
		for n, err := range notes().By(tx, "node", kv.Key(nil).Str(node)) {
			if err != nil {
				return err
			}
			k := m.bulkNamed(n.Kind)
			if n.Kept && (k == nil || e.takes(k)) {
				kept = append(kept, n)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, n := range kept {
		if err := m.removeNoted(t, n, string(e)); err != nil {
			return err
		}
	}
	return nil
}

// sessionsOf returns the sessions of a node, by id.
func (m *Manager) sessionsOf(node string) ([]sessionInfo, error) {
	var out []sessionInfo
	if m.sessions == nil {
		return nil, nil
	}
	err := m.eph.View(func(tx *kv.Tx) error {
		all, err := m.sessions.ownedBy(tx, ofNode, node, nil, maxSessions)
		if err != nil {
			return err
		}
		for _, e := range all {
			s, err := m.sessions.session(tx, e.session)
			if err != nil {
				return err
			}
			out = append(out, s)
		}
		return nil
	})
	return out, err
}

// maxSessions of a node that one event looks at. There is one active at most,
// and those that have ended go after two hours.
const maxSessions = 10_000
