package entity

import (
	"fmt"
	"iter"
	"time"

	"github.com/fxamacker/cbor/v2"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// owner is what records are found by.
type owner uint8

const (
	ofNode owner = iota
	ofSession
)

// bulkKind is what the manager does with a kind of scratch records.
type bulkKind interface {
	Registered
	tableName() string
	tabled() kv.Tabled
}

// dbKind is what the manager does with a kind, whatever its type of record.
type dbKind interface {
	bulkKind
	isSession() bool
	// owned tells whether its records have an owner of that sort.
	owned(by owner) bool
	// owners returns up to limit distinct ids of owners after the given one.
	owners(tx *kv.Tx, by owner, after string, limit int) ([]string, error)
	// ownedBy returns up to limit records of an owner, in key order, whose keys
	// come after the given one; nil: from the first.
	ownedBy(tx *kv.Tx, by owner, id string, after kv.Key, limit int) ([]entry, error)
	// idle returns those that idle themselves among the next records from key on,
	// and where to go on; nil at the end.
	idle(tx *kv.Tx, from kv.Key, limit int, now time.Time) ([]entry, kv.Key, error)
	// session returns what a record of the kind of sessions says.
	session(tx *kv.Tx, id string) (sessionInfo, error)
	remove(tx *kv.Tx, key kv.Key) error
	// dangling returns the references to nodes for which gone is true, among the
	// next records from key on, and where to go on; nil at the end.
	dangling(tx *kv.Tx, from kv.Key, limit int, gone func(node string) (bool, error)) ([]entry, kv.Key, error)
	// referring returns the shared records that a node refers to.
	referring(tx *kv.Tx, node string) ([]entry, error)
	dropNodes(tx *kv.Tx, key kv.Key, nodes []string) (removed bool, err error)
	// examine tells what is wrong with the next records from key on by themselves,
	// mends what can be mended if asked to, and says where to go on; nil at the
	// end.
	examine(tx *kv.Tx, from kv.Key, limit int, mend bool, found func(Finding)) (kv.Key, error)
}

// entry is a record as the manager sees it.
type entry struct {
	key     kv.Key
	node    string
	session string
	ahead   bool     // it may be there before its node
	bytes   int64    // about what it takes
	drop    []string // nodes whose references go; the record goes too if last is set
	last    bool
}

// sessionInfo is what the manager knows of a session.
type sessionInfo struct {
	id     string
	node   string
	exists bool
	active bool
	// accessed is the last access; zero if that is not kept.
	accessed time.Time
}

func (k *Kind[T]) tableName() string { return k.Table.Name }
func (k *Kind[T]) tabled() kv.Tabled { return k.Table }
func (k *Kind[T]) isSession() bool   { return k.spec.Active != nil }

func (k *Kind[T]) owned(by owner) bool {
	if by == ofSession {
		return k.spec.Session != nil
	}
	// What belongs to a session is its session's, and by it its node's.
	return k.spec.Node != nil && k.spec.Class.Cardinality != Relational && (k.spec.Session == nil || k.isSession())
}

func (k *Kind[T]) entry(v *T) entry {
	e := entry{key: k.Table.Key(v), bytes: weigh(v)}
	if k.spec.Node != nil {
		e.node = k.spec.Node(v)
	}
	if k.spec.Session != nil {
		e.session = k.spec.Session(v)
	}
	e.ahead = k.spec.Ahead != nil && k.spec.Ahead(v)
	return e
}

// weigh is about what a record takes, in bytes.
func weigh(v any) int64 {
	data, err := cbor.Marshal(v)
	if err != nil {
		return 0 // it could not be stored either
	}
	return int64(len(data)) + 1
}

// from returns the records of owners of a sort whose key is from or greater.
func (k *Kind[T]) from(tx *kv.Tx, by owner, from, to kv.Key) iter.Seq2[T, error] {
	if index := k.index(by); index != "" {
		return k.Table.ByRange(tx, index, from, to)
	}
	return k.Table.Range(tx, from, to)
}

func (k *Kind[T]) owners(tx *kv.Tx, by owner, after string, limit int) ([]string, error) {
	id := k.spec.Node
	if by == ofSession {
		id = k.spec.Session
	}
	var out []string
	next := kv.Key(nil)
	if after != "" {
		next = beyond(after)
	}
	for len(out) < limit {
		found := false
		for v, err := range k.from(tx, by, next, nil) {
			if err != nil {
				return out, err
			}
			out, found = append(out, id(&v)), true
			break // the rest of this owner is skipped
		}
		if !found {
			break
		}
		next = beyond(out[len(out)-1])
	}
	return out, nil
}

// beyond is the first key after all that begin with Key.Str(id).
func beyond(id string) kv.Key {
	key := kv.Key(nil).Str(id)
	key[len(key)-1] = 1 // Str ends in 0, 0
	return key
}

func (k *Kind[T]) ownedBy(tx *kv.Tx, by owner, id string, after kv.Key, limit int) ([]entry, error) {
	from := kv.Key(nil).Str(id)
	switch {
	case after != nil && k.index(by) == "":
		from = append(after[:len(after):len(after)], 0)
	case after != nil: // entries of one owner stand in the order of keys
		from = append(append(from, after...), 0)
	}
	var out []entry
	for v, err := range k.from(tx, by, from, beyond(id)) {
		if err != nil {
			return nil, err
		}
		if out = append(out, k.entry(&v)); len(out) == limit {
			break
		}
	}
	return out, nil
}

// index is that which finds records by an owner, "" the table itself.
func (k *Kind[T]) index(by owner) string {
	if by == ofSession {
		return k.spec.BySession
	}
	return k.spec.ByNode
}

// scan calls fn with up to limit records from key on, and says where to go on;
// nil at the end.
func (k *Kind[T]) scan(tx *kv.Tx, from kv.Key, limit int, fn func(*T) error) (kv.Key, error) {
	n := 0
	for v, err := range k.Table.Range(tx, from, nil) {
		if err != nil {
			return nil, err
		}
		if n++; n > limit {
			return k.Table.Key(&v), nil
		}
		if err := fn(&v); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

func (k *Kind[T]) idle(tx *kv.Tx, from kv.Key, limit int, now time.Time) (out []entry, next kv.Key, err error) {
	limitIdle := k.spec.AutoDelete.MaxIdle
	if limitIdle <= 0 || k.spec.Accessed == nil {
		return nil, nil, nil
	}
	next, err = k.scan(tx, from, limit, func(v *T) error {
		held := k.spec.Held != nil && k.spec.Held(v) || k.isSession() && k.spec.Active(v)
		if !held && now.Sub(k.spec.Accessed(v)) > limitIdle {
			out = append(out, k.entry(v))
		}
		return nil
	})
	return out, next, err
}

func (k *Kind[T]) session(tx *kv.Tx, id string) (sessionInfo, error) {
	v, ok, err := k.Table.Get(tx, kv.Key(nil).Str(id))
	if err != nil || !ok {
		return sessionInfo{id: id}, err
	}
	s := sessionInfo{id: id, node: k.spec.Node(&v), exists: true, active: k.spec.Active(&v)}
	if k.spec.Accessed != nil {
		s.accessed = k.spec.Accessed(&v)
	}
	return s, nil
}

func (k *Kind[T]) remove(tx *kv.Tx, key kv.Key) error {
	if _, err := k.Table.Delete(tx, key); err != nil {
		return fmt.Errorf("delete %s %s: %w", k.spec.Name, key, err)
	}
	return nil
}
