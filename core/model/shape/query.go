package shape

import (
	"fmt"
	"iter"
	"time"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// LastChanged returns the shapes whose settings were changed last, the latest
// first, at most n.
func LastChanged(tx *kv.Tx, n int) ([]Shape, error) {
	return first("list the shapes that changed last", Shapes().ByDown(tx, "updated", nil), n)
}

// LastCreated returns the shapes that were made last, the latest first, at most
// n.
func LastCreated(tx *kv.Tx, n int) ([]Shape, error) {
	return first("list the newest shapes", Shapes().ByDown(tx, "created", nil), n)
}

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
