package entity

import (
	"context"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// sweepNodeless deletes records whose node is gone, references of such nodes,
// and files.
func (m *Manager) sweepNodeless(ctx context.Context, t *tally, step func(what string, fn func() error)) {
	for _, k := range m.records {
		if k.owned(ofNode) && !k.isSession() {
			step(k.Name(), func() error { return m.sweepOwnerless(ctx, t, k) })
		}
		step(k.Name(), func() error { return m.sweepReferences(ctx, t, k) })
	}
	for _, f := range m.files {
		step(f.name, func() error { return m.sweepFiles(t, f) })
	}
}

func (m *Manager) sweepOwnerless(ctx context.Context, t *tally, k dbKind) error {
	return m.eachOwnerGone(ctx, k, func(node string) error {
		if t.done[ownerMark(ofNode, k.Name(), node)] {
			return nil
		}
		var after kv.Key
		for more := true; more; {
			var all []entry
			err := m.db(k.Class().Lifetime).View(func(tx *kv.Tx) (err error) {
				all, err = k.ownedBy(tx, ofNode, node, after, batch)
				return err
			})
			if err != nil {
				return err
			}
			if more = len(all) == batch; more {
				after = all[len(all)-1].key
			}
			if err := m.removeEntries(ctx, t, k, all, whyNodeGone, nodeless); err != nil {
				return err
			}
		}
		return nil
	})
}

// nodeless lets records be that may come before their node.
func nodeless(_ *kv.Tx, e entry) (bool, error) { return !e.ahead, nil }

func (m *Manager) sweepReferences(ctx context.Context, t *tally, k dbKind) error {
	var next kv.Key
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		var all []entry
		err := m.run(m.core, t.dry || k.Home() != CoreDB, func(tx *kv.Tx) (err error) {
			if k.Home() != CoreDB {
				return nil // only what is persistent is shared between nodes
			}
			gone := func(node string) (bool, error) {
				if m.opt.NodeExists == nil {
					return false, nil
				}
				there, err := m.opt.NodeExists(tx, node)
				return !there, err
			}
			all, next, err = k.dangling(tx, next, batch, gone)
			for _, e := range all {
				if t.dry || err != nil {
					break
				}
				_, err = k.dropNodes(tx, e.key, e.drop)
			}
			return err
		})
		if err != nil {
			return err
		}
		for _, e := range all {
			countRefs(t, k.Name(), e)
		}
		if next == nil {
			return nil
		}
	}
}

func (m *Manager) sweepFiles(t *tally, f *Files) error {
	nodes, err := f.store.Nodes()
	if err != nil {
		return err
	}
	gone, err := m.nodesGone(nodes)
	if err != nil {
		return err
	}
	for _, n := range nodes {
		if !gone[n] || !t.mark(ownerMark(ofNode, f.name, n)) {
			continue
		}
		records, bytes, err := f.remove(n, t.dry)
		if err != nil {
			return err
		}
		t.add(f.name, whyNodeGone, max(1, records), bytes)
	}
	return nil
}
