package entity

import (
	"fmt"
	"slices"
	"time"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// Users shows the fields of a session that say who uses it (the original's
// sessionReferences and temporarySharing); they point into the record.
type Users struct {
	IDs         *[]string     // of windows or programs, ascending
	Primary     *string       // the one that began it, or the first that is left
	Max         int           // how many at once; 0: any number
	DeleteEmpty bool          // the record goes with its last user once it has ended
	Timeout     time.Duration // after which a user who has not been heard of is taken off; 0: never
}

// Join makes user one of those who use a session. ErrTaken if it has as many as
// it may have, and none of them has been away for longer than the timeout.
func (k *Kind[T]) Join(tx *kv.Tx, key kv.Key, user string, now time.Time) error {
	v, u, err := k.users(tx, key)
	if err != nil {
		return err
	}
	if k.expiredUsers(v, u, now) {
		*u.IDs, *u.Primary = nil, ""
	}
	if !slices.Contains(*u.IDs, user) {
		if u.Max > 0 && len(*u.IDs) >= u.Max {
			return fmt.Errorf("join %s %s: %w (%s)", k.spec.Name, key, ErrTaken, (*u.IDs)[0])
		}
		i, _ := slices.BinarySearch(*u.IDs, user)
		*u.IDs = slices.Insert(slices.Clone(*u.IDs), i, user)
	}
	if *u.Primary == "" {
		*u.Primary = user
	}
	k.stamp(v, now, false)
	return k.Table.Put(tx, v)
}

// expiredUsers: nobody has touched the session for longer than the timeout.
func (k *Kind[T]) expiredUsers(v *T, u Users, now time.Time) bool {
	return u.Timeout > 0 && k.spec.Accessed != nil && now.Sub(k.spec.Accessed(v)) > u.Timeout
}

// Leave takes a user off. It reports empty if the session is to be deleted,
// by EndSession, since its last user has left, it says so, and it has ended. A user
// it does not have changes nothing.
func (k *Kind[T]) Leave(tx *kv.Tx, key kv.Key, user string, now time.Time) (empty bool, err error) {
	v, u, err := k.users(tx, key)
	if err != nil {
		return false, err
	}
	if i := slices.Index(*u.IDs, user); i >= 0 {
		*u.IDs = slices.Delete(slices.Clone(*u.IDs), i, i+1)
		if *u.Primary == user {
			*u.Primary = ""
			if len(*u.IDs) > 0 {
				*u.Primary = (*u.IDs)[0]
			}
		}
		k.stamp(v, now, false)
		if err := k.Table.Put(tx, v); err != nil {
			return false, err
		}
	}
	return len(*u.IDs) == 0 && u.DeleteEmpty && !k.spec.Active(v), nil
}

// users reads a session and shows its users, which point into it.
func (k *Kind[T]) users(tx *kv.Tx, key kv.Key) (*T, Users, error) {
	if k.spec.Users == nil {
		return nil, Users{}, fmt.Errorf("use %s %s: its users are not kept", k.spec.Name, key)
	}
	v, err := k.get(tx, key)
	if err != nil {
		return nil, Users{}, err
	}
	return &v, k.spec.Users(&v), nil
}
