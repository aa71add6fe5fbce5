package shape_test

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// moments are few, so that they meet.
func moments() *rapid.Generator[time.Time] {
	return rapid.Custom(func(t *rapid.T) time.Time {
		n := rapid.IntRange(0, 7).Draw(t, "moment")
		return time.Date(2030, 1, 1+n/2, 0, 0, 0, n%2, time.UTC)
	})
}

// firstOf cuts a list that is in order; n below 0 is all.
func firstOf[T any](all []T, n int) []T {
	if n < 0 {
		return all
	}
	return all[:min(n, len(all))]
}

func TestLastShapesAgreeWithAScan(t *testing.T) {
	db := openCore(t)
	rapid.Check(t, func(t *rapid.T) {
		var all []shape.Shape
		for i := range rapid.IntRange(0, 12).Draw(t, "shapes") {
			all = append(all, shape.Shape{
				Node: fmt.Sprintf("n%02d", i), Created: moments().Draw(t, "created"), Updated: moments().Draw(t, "updated"),
				Config: shape.Defaults(),
			})
		}
		check := func(what string, when func(*shape.Shape) time.Time, query iter.Seq2[shape.Shape, error]) {
			var got []shape.Shape
			for s, err := range query {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, s)
			}
			want := slices.Clone(all)
			slices.Reverse(want) // of one moment: the last node first
			slices.SortStableFunc(want, func(a, b shape.Shape) int { return when(&b).Compare(when(&a)) })
			if !slices.EqualFunc(got, want, func(a, b shape.Shape) bool { return a.Node == b.Node }) {
				t.Fatalf("%s: %v, a full scan finds %v", what, got, want)
			}
		}
		tried(t, db, func(tx *kv.Tx) error {
			for i := range all {
				if err := shape.Shapes().Put(tx, &all[i]); err != nil {
					return err
				}
			}
			check("changed", func(s *shape.Shape) time.Time { return s.Updated }, shape.LastChanged(tx))
			check("created", func(s *shape.Shape) time.Time { return s.Created }, shape.LastCreated(tx))
			return nil
		})
	})
}

func TestSourcesAgreeWithAScan(t *testing.T) {
	db := openCore(t)
	rapid.Check(t, func(t *rapid.T) {
		var all []shape.SourceData
		for i := range rapid.IntRange(0, 12).Draw(t, "files") {
			s := shape.SourceData{
				SHA256: fmt.Sprintf("%02x", i), URL: rapid.SampledFrom([]string{"", "https://a.org/", "https://a.org/b"}).Draw(t, "url"),
			}
			s.Sharing.LastAccess = moments().Draw(t, "access")
			all = append(all, s)
		}
		url := rapid.SampledFrom([]string{"https://a.org/", "https://a.org/b", "https://a.org"}).Draw(t, "asked")
		since, n := moments().Draw(t, "since"), rapid.IntRange(-1, 13).Draw(t, "n")
		hash := func(a, b shape.SourceData) bool { return a.SHA256 == b.SHA256 }
		tried(t, db, func(tx *kv.Tx) error {
			for i := range all {
				if err := shape.SourceFiles().Put(tx, &all[i]); err != nil {
					return err
				}
			}
			got, err := shape.SourcesAt(tx, url)
			want := slices.DeleteFunc(slices.Clone(all), func(s shape.SourceData) bool { return s.URL != url })
			if err != nil || !slices.EqualFunc(got, want, hash) {
				t.Fatalf("of %s: %v (%v), a full scan finds %v", url, got, err, want)
			}
			got, err = shape.LeastUsed(tx, since, n)
			want = slices.DeleteFunc(slices.Clone(all), func(s shape.SourceData) bool { return !s.Sharing.LastAccess.Before(since) })
			slices.SortStableFunc(want, func(a, b shape.SourceData) int { return a.Sharing.LastAccess.Compare(b.Sharing.LastAccess) })
			if err != nil || !slices.EqualFunc(got, firstOf(want, n), hash) {
				t.Fatalf("unused since %v: %v (%v), a full scan finds %v", since, got, err, want)
			}
			return nil
		})
	})
}

// tried runs fn in a transaction that is given up.
func tried(t *rapid.T, db *kv.DB, fn func(*kv.Tx) error) {
	t.Helper()
	given := errors.New("given up")
	err := db.Update(func(tx *kv.Tx) error { return errors.Join(given, fn(tx)) })
	if err == nil || err.Error() != given.Error() {
		t.Fatal(err)
	}
}
