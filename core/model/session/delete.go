package session

import "github.com/shapes-desktop/shapes/core/store/kv"

// DeleteSome removes at most n records of a session, the session's own last,
// and reports whether there are more: call it in transactions of their own
// until there are none. A session that is cut off half-way cannot run again. A
// running session is not deleted (ErrState); one that is not there is no error.
func (b Board) DeleteSome(tx *kv.Tx, session string, n int) (more bool, err error) {
	s, ok, err := Sessions().Get(tx, kv.Key(nil).Str(session))
	if err != nil {
		return false, err
	}
	if ok && s.Status == Running {
		return false, &StateError{Session: session, From: Running, Doing: "delete it"}
	}
	if ok && s.Status.Active() {
		if err := b.SetStatus(tx, session, Cancelled, "deleted"); err != nil {
			return false, err
		}
	}
	left := max(1, n)
	in := kv.Key(nil).Str(session)
	if left, err = deleteSome(tx, Dependencies(), "status", in, left); err != nil || left == 0 {
		return true, err
	}
	if left, err = deleteSome(tx, Tasks(), "session", in, left); err != nil || left == 0 {
		return true, err
	}
	_, err = Sessions().Delete(tx, in)
	return false, err
}

// Delete removes a session with all its records at once.
func (b Board) Delete(tx *kv.Tx, session string) error {
	for more := true; more; {
		var err error
		if more, err = b.DeleteSome(tx, session, MaxBatch); err != nil {
			return err
		}
	}
	return nil
}

// deleteSome removes at most n records and returns what is left of n.
func deleteSome[T any](tx *kv.Tx, table *kv.Table[T], index string, prefix kv.Key, n int) (int, error) {
	var keys []kv.Key
	for key, err := range table.KeysBy(tx, index, prefix) {
		if err != nil {
			return 0, err
		}
		if keys = append(keys, key); len(keys) == n {
			break
		}
	}
	for _, key := range keys {
		if _, err := table.Delete(tx, key); err != nil {
			return 0, err
		}
	}
	return n - len(keys), nil
}
