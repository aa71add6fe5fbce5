package session

import (
	"iter"
	"time"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// The queries of a session's scratch. Each takes a transaction of the file of
// its table. Records come one at a time: a buffer holds its data.

// BuffersOf returns the buffers that a task has made, by id.
func BuffersOf(tx *kv.Tx, task string) iter.Seq2[Buffer, error] {
	return Buffers().By(tx, "task", kv.Key(nil).Str(task))
}

// BuffersCreated returns the buffers that were made from a moment on and
// before another, the oldest first. A zero moment is no bound.
func BuffersCreated(tx *kv.Tx, from, before time.Time) iter.Seq2[Buffer, error] {
	return Buffers().ByRange(tx, "created", kv.Key(nil).Time(from), until(before))
}

// until is the end of a range of times that is open at a zero time.
func until(t time.Time) kv.Key {
	if t.IsZero() {
		return nil
	}
	return kv.Key(nil).Time(t)
}

// BuffersExpired returns the buffers whose time has come at now, the first to
// expire first; those that never expire are not among them.
func BuffersExpired(tx *kv.Tx, now time.Time) iter.Seq2[Buffer, error] {
	return Buffers().ByRange(tx, "expires", nil, kv.Key(nil).Time(now.Add(1))) // the moment itself is in
}
