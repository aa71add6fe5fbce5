package shape

import (
	"fmt"
	"iter"
	"time"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// LastChanged returns the shapes by their last change, the latest first.
func LastChanged(tx *kv.Tx) iter.Seq2[Shape, error] { return Shapes().ByDown(tx, "updated", nil) }

// LastCreated returns the shapes by when they were made, the latest first.
func LastCreated(tx *kv.Tx) iter.Seq2[Shape, error] { return Shapes().ByDown(tx, "created", nil) }

// SourcesAt returns the files that were fetched from a URL, by hash: several if
// what it gives has changed.
func SourcesAt(tx *kv.Tx, url string) ([]SourceData, error) {
	return first("find files of "+url, SourceFiles().By(tx, "url", kv.Key(nil).Str(url)), -1)
}

// LeastUsed returns the files that nobody has used since a moment, those
// unused for longest first, at most n (all if it is negative): what a cache
// that is full gives up first.
func LeastUsed(tx *kv.Tx, since time.Time, n int) ([]SourceData, error) {
	return first("find files that are not used", SourceFiles().ByRange(tx, "access", nil, kv.Key(nil).Time(since)), n)
}

// first returns the first n records, all if n is negative.
func first[T any](verb string, records iter.Seq2[T, error], n int) ([]T, error) {
	var some []T
	if n == 0 {
		return nil, nil
	}
	for r, err := range records {
		if err != nil {
			return some, fmt.Errorf("%s: %w", verb, err)
		}
		if some = append(some, r); len(some) == n {
			break
		}
	}
	return some, nil
}
