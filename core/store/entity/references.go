package entity

import (
	"slices"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// nodesOf are the nodes that refer to a shared record, ascending.
func (s Shared) nodesOf() []string {
	all := slices.Concat(*s.Strong, *s.Weak)
	slices.Sort(all)
	return slices.Compact(all)
}

func (k *Kind[T]) dangling(tx *kv.Tx, from kv.Key, limit int, gone func(node string) (bool, error)) (out []entry, next kv.Key, err error) {
	if k.spec.Shared == nil {
		return nil, nil, nil
	}
	next, err = k.scan(tx, from, limit, func(v *T) error {
		nodes := k.spec.Shared(v).nodesOf()
		var drop []string
		for _, n := range nodes {
			dead, err := gone(n)
			if err != nil {
				return err
			}
			if dead {
				drop = append(drop, n)
			}
		}
		if len(drop) > 0 {
			e := k.entry(v)
			e.drop, e.last = drop, len(drop) == len(nodes)
			out = append(out, e)
		}
		return nil
	})
	return out, next, err
}

func (k *Kind[T]) referring(tx *kv.Tx, node string) ([]entry, error) {
	if k.spec.Shared == nil {
		return nil, nil
	}
	var out []entry
	for v, err := range k.from(tx, ofNode, kv.Key(nil).Str(node), beyond(node)) {
		if err != nil {
			return nil, err
		}
		e := k.entry(&v)
		e.drop, e.last = []string{node}, len(k.spec.Shared(&v).nodesOf()) == 1
		out = append(out, e)
	}
	return out, nil
}

func (k *Kind[T]) dropNodes(tx *kv.Tx, key kv.Key, nodes []string) (removed bool, err error) {
	for _, n := range nodes {
		if removed, err = k.DropRef(tx, key, n); err != nil || removed {
			return removed, err
		}
	}
	return false, nil
}
