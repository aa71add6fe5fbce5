package entity

import (
	"fmt"
	"math"
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

// wrong tells what is wrong with a shared record by itself.
func (k *Kind[T]) wrong(tx *kv.Tx, key kv.Key) ([]string, error) {
	if k.spec.Shared == nil {
		return nil, nil
	}
	v, err := k.get(tx, key)
	if err != nil {
		return nil, err
	}
	var out []string
	s := k.spec.Shared(&v)
	if n := len(s.nodesOf()); n != s.references() {
		out = append(out, fmt.Sprintf("%d references of %d nodes: one stands twice", s.references(), n))
	}
	if !slices.IsSorted(*s.Strong) || !slices.IsSorted(*s.Weak) {
		out = append(out, "its references are not in order")
	}
	if f := *s.Frequency; f < 0 || math.IsNaN(f) || math.IsInf(f, 0) {
		out = append(out, fmt.Sprintf("its access frequency is %v", f))
	}
	if *s.Count < 0 {
		out = append(out, fmt.Sprintf("its share count is %d", *s.Count))
	}
	if *s.Hash != "" {
		same, ok, err := k.byHash(tx, *s.Hash)
		if err != nil {
			return nil, err
		}
		if ok && !slices.Equal(k.Table.Key(&same), key) {
			out = append(out, fmt.Sprintf("its content is that of %s", readable(k.Table.Key(&same))))
		}
	}
	return out, nil
}
