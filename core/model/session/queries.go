package session

import (
	"iter"
	"slices"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// Recent returns all sessions, the newest first.
func (b Board) Recent(tx *kv.Tx) ([]Session, error) {
	all, err := take(Sessions().By(tx, "created", nil), -1)
	slices.Reverse(all)
	return all, err
}

// InState returns the first n tasks of a session that are in a state, groups
// among them, by priority and then by id: what runs, or what has failed.
func (b Board) InState(tx *kv.Tx, session string, st Status, n int) ([]Task, error) {
	return take(Tasks().By(tx, "priority", kv.Key(nil).Str(session).Str(string(st))), n)
}

// Needs returns the dependencies of which a task is the target, by source, at
// most n.
func (b Board) Needs(tx *kv.Tx, session, task string, n int) ([]Dependency, error) {
	return take(Dependencies().By(tx, "target", kv.Key(nil).Str(session).Str(task)), n)
}

// OfType returns the first n dependencies of a type, by id.
func (b Board) OfType(tx *kv.Tx, session string, ty DependencyType, n int) ([]Dependency, error) {
	return take(Dependencies().By(tx, "type", kv.Key(nil).Str(session).Str(string(ty))), n)
}

// take returns the first n records, all if n is negative.
func take[T any](records iter.Seq2[T, error], n int) ([]T, error) {
	var some []T
	if n == 0 {
		return nil, nil
	}
	for r, err := range records {
		if err != nil {
			return nil, err
		}
		if some = append(some, r); len(some) == n {
			break
		}
	}
	return some, nil
}
