package entity

import (
	"fmt"
	"time"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// Create stores a new record with the times of its class; what is shared begins
// with a share count of 1. tx must be one of the kind's home. ErrExists if its
// key is taken: a Peer's node has one.
func (k *Kind[T]) Create(tx *kv.Tx, v *T, now time.Time) error {
	key := k.Table.Key(v)
	_, there, err := k.Table.Get(tx, key)
	if err != nil {
		return err
	}
	if there {
		return fmt.Errorf("create %s %s: %w", k.spec.Name, key, ErrExists)
	}
	if k.spec.Shared != nil {
		if s := k.spec.Shared(v); *s.Count == 0 {
			*s.Count = 1
		}
	}
	k.stamp(v, now, true)
	return k.Table.Put(tx, v)
}

// Touch notes an access of now: it puts off the end of what idles, and counts
// for what is shared. ErrMissing if there is no such record.
func (k *Kind[T]) Touch(tx *kv.Tx, key kv.Key, now time.Time) error {
	v, err := k.get(tx, key)
	if err != nil {
		return err
	}
	if k.spec.Shared != nil {
		k.spec.Shared(&v).access(now)
	}
	k.stamp(&v, now, false)
	return k.Table.Put(tx, &v)
}

// Delete removes a record before its time. A Relational one that nodes refer to
// strongly gives a *ReferencedError and stays; weak references do not keep it.
// ErrMissing if there is no such record. What belongs to a session is not
// removed with the session's record: that is EndSession's task.
func (k *Kind[T]) Delete(tx *kv.Tx, key kv.Key) error {
	v, err := k.get(tx, key)
	if err != nil {
		return err
	}
	if k.spec.Shared != nil {
		if strong := *k.spec.Shared(&v).Strong; len(strong) > 0 {
			return &ReferencedError{Kind: k.spec.Name, Key: key.String(), Nodes: append([]string(nil), strong...)}
		}
	}
	_, err = k.Table.Delete(tx, key)
	return err
}

func (k *Kind[T]) get(tx *kv.Tx, key kv.Key) (T, error) {
	v, ok, err := k.Table.Get(tx, key)
	if err == nil && !ok {
		err = fmt.Errorf("find %s %s: %w", k.spec.Name, key, ErrMissing)
	}
	return v, err
}
