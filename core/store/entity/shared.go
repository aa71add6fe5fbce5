package entity

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// Shared shows the fields of a Relational × Persistent record that this package
// keeps; they point into the record.
type Shared struct {
	Strong *[]string // nodes that keep the record from being deleted, ascending
	Weak   *[]string // nodes that do not, ascending
	Hash   *string   // of the content: equal content is one record
	Count  *int      // how often equal content was given, the first time too
	// LastAccess and Frequency, accesses a day averaged with a half-life of a
	// week.
	LastAccess *time.Time
	Frequency  *float64
}

// HalfLife after which an access counts half in an access frequency.
const HalfLife = 7 * 24 * time.Hour

// Strength of a reference.
type Strength uint8

// The strengths.
const (
	// Weak references do not keep a record from being deleted by the user.
	Weak Strength = iota
	// Strong references do.
	Strong
)

// access counts an access of now. A steady rate of accesses is what the
// average comes to.
func (s Shared) access(now time.Time) {
	*s.Frequency = FrequencyAt(*s.Frequency, *s.LastAccess, now) + math.Ln2/(HalfLife.Hours()/24)
	if now.After(*s.LastAccess) {
		*s.LastAccess = now
	}
}

// FrequencyAt is what a frequency of the last access has come down to at now.
func FrequencyAt(f float64, last, now time.Time) float64 {
	if last.IsZero() || !now.After(last) {
		return f
	}
	return f * math.Exp2(-float64(now.Sub(last))/float64(HalfLife))
}

func (s Shared) references() int { return len(*s.Strong) + len(*s.Weak) }

// add makes node refer with a strength; it had at most one reference before.
func (s Shared) add(node string, strength Strength) {
	s.drop(node)
	list := s.Weak
	if strength == Strong {
		list = s.Strong
	}
	i, _ := slices.BinarySearch(*list, node)
	*list = slices.Insert(slices.Clone(*list), i, node)
}

func (s Shared) drop(node string) (had bool) {
	for _, list := range []*[]string{s.Strong, s.Weak} {
		for {
			i := slices.Index(*list, node)
			if i < 0 {
				break
			}
			*list, had = slices.Delete(slices.Clone(*list), i, i+1), true
		}
	}
	return had
}

// PutShared stores a Relational record, whose content hash is set, unless there
// is one with the same content: then that one is taken, and counts it. It
// returns the record that is stored, and whether it is new.
func (k *Kind[T]) PutShared(tx *kv.Tx, v T, now time.Time) (T, bool, error) {
	if err := k.needShared("store"); err != nil {
		return v, false, err
	}
	hash := *k.spec.Shared(&v).Hash
	if hash == "" {
		return v, false, fmt.Errorf("store %s: it has no content hash", k.spec.Name)
	}
	old, there, err := k.byHash(tx, hash)
	if err != nil {
		return v, false, err
	}
	if there {
		v = old
	}
	s := k.spec.Shared(&v)
	if there {
		*s.Count++
	} else {
		*s.Count = 1
	}
	s.access(now)
	if there {
		k.stamp(&v, now, false)
		return v, false, k.Table.Put(tx, &v)
	}
	return v, true, k.Create(tx, &v, now)
}

// byHash returns the first record with the content, in key order.
func (k *Kind[T]) byHash(tx *kv.Tx, hash string) (T, bool, error) {
	key := kv.Key(nil).Str(hash)
	if k.spec.ByHash == "" {
		return k.Table.Get(tx, key)
	}
	for v, err := range k.Table.By(tx, k.spec.ByHash, key) {
		return v, err == nil, err
	}
	var none T
	return none, false, nil
}

// AddRef makes node refer to the record under key; a reference that it had gets
// the new strength. It counts as an access.
func (k *Kind[T]) AddRef(tx *kv.Tx, key kv.Key, node string, strength Strength, now time.Time) error {
	if err := k.needShared("refer to"); err != nil {
		return err
	}
	if node == "" {
		return fmt.Errorf("refer to %s %s: no node is named", k.spec.Name, key)
	}
	v, err := k.get(tx, key)
	if err != nil {
		return err
	}
	s := k.spec.Shared(&v)
	s.add(node, strength)
	s.access(now)
	return k.Table.Put(tx, &v)
}

// DropRef takes a node's reference back. The record is gone with its last one,
// strong or weak. A node that does not refer to it changes nothing; ErrMissing
// if there is no such record.
func (k *Kind[T]) DropRef(tx *kv.Tx, key kv.Key, node string) (gone bool, err error) {
	if err := k.needShared("let go of"); err != nil {
		return false, err
	}
	v, err := k.get(tx, key)
	if err != nil {
		return false, err
	}
	s := k.spec.Shared(&v)
	if !s.drop(node) {
		return false, nil
	}
	if s.references() > 0 {
		return false, k.Table.Put(tx, &v)
	}
	return k.Table.Delete(tx, key)
}

func (k *Kind[T]) needShared(verb string) error {
	if k.spec.Shared == nil {
		return fmt.Errorf("%s %s: %s is not shared between nodes", verb, k.spec.Name, k.spec.Class)
	}
	return nil
}
