package entity

import (
	"fmt"
	"math"
	"slices"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// What Repair does about records.
const (
	mendReferences = "put the references in order"
	mendFrequency  = "count accesses anew"
	mendCount      = "count uses anew"
)

// problem is what is wrong with a record by itself.
type problem struct{ what, repair string }

func (k *Kind[T]) examine(tx *kv.Tx, from kv.Key, limit int, mend bool, found func(Finding)) (kv.Key, error) {
	return k.scan(tx, from, limit, func(v *T) error {
		problems, err := k.problems(tx, v)
		if err != nil {
			return err
		}
		mended := false
		for _, p := range problems {
			found(Finding{
				Where: fmt.Sprintf("%s, %s %s", k.Home(), k.spec.Name, k.Table.Key(v)), What: p.what, Repair: p.repair,
			})
			mended = mended || p.repair != ""
		}
		if !mend || !mended {
			return nil
		}
		k.spec.Shared(v).mend()
		return k.Table.Put(tx, v)
	})
}

func (k *Kind[T]) problems(tx *kv.Tx, v *T) ([]problem, error) {
	var out []problem
	key := k.Table.Key(v)
	if k.spec.Class.Cardinality == Peer && !slices.Equal(key, kv.Key(nil).Str(k.spec.Node(v))) {
		out = append(out, problem{"its key is not that of its node " + k.spec.Node(v), ""})
	}
	if k.spec.Shared == nil {
		return out, nil
	}
	s := k.spec.Shared(v)
	out = append(out, s.problems()...)
	if *s.Hash == "" {
		return out, nil
	}
	same, ok, err := k.byHash(tx, *s.Hash)
	if other := k.Table.Key(&same); err == nil && ok && !slices.Equal(other, key) {
		out = append(out, problem{fmt.Sprintf("its content is that of %s", other), ""})
	}
	return out, err
}

func (s Shared) problems() []problem {
	var out []problem
	if n := len(s.nodesOf()); n != s.references() {
		out = append(out, problem{fmt.Sprintf("%d references of %d nodes: a node refers to it twice", s.references(), n), mendReferences})
	} else if !slices.IsSorted(*s.Strong) || !slices.IsSorted(*s.Weak) {
		out = append(out, problem{"its references are not in order", mendReferences})
	}
	if f := *s.Frequency; !sound(f) {
		out = append(out, problem{fmt.Sprintf("its access frequency is %v", f), mendFrequency})
	}
	if *s.Count < 0 {
		out = append(out, problem{fmt.Sprintf("its share count is %d", *s.Count), mendCount})
	}
	return out
}

func sound(f float64) bool { return f >= 0 && !math.IsInf(f, 0) }

// mend puts right what problems finds.
func (s Shared) mend() {
	*s.Strong = distinct(*s.Strong)
	*s.Weak = slices.DeleteFunc(distinct(*s.Weak), func(node string) bool {
		_, strong := slices.BinarySearch(*s.Strong, node)
		return strong
	})
	if !sound(*s.Frequency) {
		*s.Frequency = 0
	}
	*s.Count = max(1, *s.Count)
}

// distinct returns a sorted copy of list with each element once.
func distinct(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}
