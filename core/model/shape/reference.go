package shape

import (
	"math"
	"slices"
	"time"
)

// Count is the number of references of both kinds.
func (r References) Count() int { return len(r.Strong) + len(r.Weak) }

// Has reports whether a node refers to the record, and whether it keeps it
// from being deleted.
func (r References) Has(node string) (strong, any bool) {
	_, strong = slices.BinarySearch(r.Strong, node)
	_, weak := slices.BinarySearch(r.Weak, node)
	return strong, strong || weak
}

// Add returns r with a reference of node, in place of one that it had. r is
// not changed.
func (r References) Add(node string, strong bool) References {
	r = r.Drop(node)
	list := &r.Weak
	if strong {
		list = &r.Strong
	}
	at, _ := slices.BinarySearch(*list, node)
	*list = slices.Insert(*list, at, node)
	return r
}

// Drop returns r without the references of node. r is not changed. The record
// is to be deleted when the last is gone.
func (r References) Drop(node string) References {
	without := func(list []string) []string {
		return slices.DeleteFunc(slices.Clone(list), func(n string) bool { return n == node })
	}
	return References{Strong: without(r.Strong), Weak: without(r.Weak)}
}

// halfLife is how fast the frequency of accesses forgets.
const halfLife = 7 * 24 * time.Hour

// Accessed returns s after an access: Frequency is a sum over all accesses that
// halves each week, scaled so that one access a day comes to 1. A clock that
// was set back counts as standing still.
func (s Sharing) Accessed(now time.Time) Sharing {
	weeks := 0.0
	if !s.LastAccess.IsZero() {
		weeks = max(0, now.Sub(s.LastAccess).Hours()/halfLife.Hours())
	}
	const perDay = math.Ln2 / 7
	s.Frequency = s.Frequency*math.Exp2(-weeks) + perDay
	if now.After(s.LastAccess) {
		s.LastAccess = now
	}
	return s
}
