package entity

import (
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// purgeCore removes nodes' records from core.db, takes back their references,
// and lets inCore remove the nodes, all or nothing.
func (m *Manager) purgeCore(t *tally, nodes []string, inCore func(tx *kv.Tx) error) error {
	counts := newTally(false)
	err := m.change(m.core, func(tx *kv.Tx) error {
		for _, n := range nodes {
			for _, k := range m.in(CoreDB) {
				if err := purgeKind(tx, counts, k, n); err != nil {
					return err
				}
			}
		}
		if inCore == nil {
			return nil
		}
		return inCore(tx)
	})
	if err != nil {
		return err
	}
	for _, row := range counts.rows {
		t.add(row.Kind, row.Reason, row.Records, row.Bytes)
	}
	return nil
}

func purgeKind(tx *kv.Tx, t *tally, k dbKind, node string) error {
	for more := k.owned(ofNode); more; {
		all, err := k.ownedBy(tx, ofNode, node, nil, batch)
		if err != nil {
			return err
		}
		more = len(all) == batch
		for _, e := range all {
			if err := k.remove(tx, e.key); err != nil {
				return err
			}
			t.add(k.Name(), string(NodePurged), 1, e.bytes)
		}
	}
	all, err := k.referring(tx, node)
	if err != nil {
		return err
	}
	for _, e := range all {
		if _, err := k.dropNodes(tx, e.key, e.drop); err != nil {
			return err
		}
		countRefs(t, k.Name(), e)
	}
	return nil
}

// countRefs counts references that were taken back, or the record that went
// with the last of them.
func countRefs(t *tally, kind string, e entry) {
	if e.last {
		t.add(kind, whyLastRef, 1, e.bytes)
		return
	}
	t.add(kind, whyRefNode, len(e.drop), 0)
}
