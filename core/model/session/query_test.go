package session

import (
	"cmp"
	"fmt"
	"iter"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/shapes-desktop/shapes/core/geo/spatial"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// onBench runs fn in a transaction on a table with the records in it, which is
// given up afterwards.
func onBench[T any](t *rapid.T, db *kv.DB, table *kv.Table[T], records []T, fn func(tx *kv.Tx)) {
	t.Helper()
	given := fmt.Errorf("given up")
	err := db.Update(func(tx *kv.Tx) error {
		for i := range records {
			if err := table.Put(tx, &records[i]); err != nil {
				return err
			}
		}
		fn(tx)
		return given
	})
	if err != given {
		t.Fatal(err)
	}
}

func openTable(t *testing.T, table kv.Tabled) *kv.DB {
	t.Helper()
	db, err := kv.Open(filepath.Join(t.TempDir(), "t.db"), kv.Schema{Name: "scratch", Version: 1, Tables: []kv.Tabled{table}}, kv.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// same compares what a query gives with the records that a full scan finds: as
// a set, and then by order, which compares two records.
func same[T any, K cmp.Ordered](t *rapid.T, what string, got iter.Seq2[T, error], all []T, key func(T) K, ok func(T) bool, order func(a, b T) int) {
	t.Helper()
	var have []T
	for r, err := range got {
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		have = append(have, r)
	}
	if !slices.IsSortedFunc(have, order) {
		t.Fatalf("%s: out of order: %v", what, keys(have, key))
	}
	var want []T
	for _, r := range all {
		if ok(r) {
			want = append(want, r)
		}
	}
	a, b := keys(have, key), keys(want, key)
	slices.Sort(a)
	slices.Sort(b)
	if !slices.Equal(a, b) {
		t.Fatalf("%s: %v, a full scan finds %v", what, a, b)
	}
}

func keys[T any, K any](all []T, key func(T) K) []K {
	out := make([]K, 0, len(all))
	for _, r := range all {
		out = append(out, key(r))
	}
	return out
}

// moments are few, so that they meet, with none and the next nanosecond.
func moments() *rapid.Generator[time.Time] {
	return rapid.Custom(func(t *rapid.T) time.Time {
		n := rapid.IntRange(-1, 6).Draw(t, "moment")
		if n < 0 {
			return time.Time{}
		}
		return time.Date(2030, 1, 2, 3, 4, n/2, n%2, time.UTC)
	})
}

func TestBuffersAgreeWithAScan(t *testing.T) {
	db := openTable(t, Buffers())
	rapid.Check(t, func(t *rapid.T) {
		var all []Buffer
		for i := range rapid.IntRange(0, 20).Draw(t, "buffers") {
			all = append(all, Buffer{
				ID: fmt.Sprintf("b%02d", i), Task: rapid.SampledFrom([]string{"t", "t1", "t1\x00", ""}).Draw(t, "task"),
				Created: moments().Draw(t, "created"), Expires: moments().Draw(t, "expires"),
			})
		}
		id := func(b Buffer) string { return b.ID }
		byID := func(a, b Buffer) int { return cmp.Compare(a.ID, b.ID) }
		onBench(t, db, Buffers(), all, func(tx *kv.Tx) {
			task := rapid.SampledFrom([]string{"t", "t1", "x"}).Draw(t, "of")
			same(t, "of a task", BuffersOf(tx, task), all, id, func(b Buffer) bool { return b.Task == task }, byID)
			from, before := moments().Draw(t, "from"), moments().Draw(t, "before")
			same(t, "created", BuffersCreated(tx, from, before), all, id, func(b Buffer) bool {
				return !b.Created.Before(from) && (before.IsZero() || b.Created.Before(before))
			}, func(a, b Buffer) int { return a.Created.Compare(b.Created) })
			now := moments().Draw(t, "now")
			same(t, "expired", BuffersExpired(tx, now), all, id, func(b Buffer) bool {
				return !b.Expires.IsZero() && !b.Expires.After(now)
			}, func(a, b Buffer) int { return a.Expires.Compare(b.Expires) })
		})
	})
}

// degrees are often on borders, of the world and of boxes.
func degrees(limit float64) *rapid.Generator[float64] {
	return rapid.OneOf(
		rapid.SampledFrom([]float64{-limit, -limit / 2, -10, 0, 10, limit / 2, limit}),
		rapid.Float64Range(-limit, limit),
	)
}

func boxes() *rapid.Generator[[4]float64] {
	return rapid.Custom(func(t *rapid.T) [4]float64 {
		s, n := degrees(90).Draw(t, "south"), degrees(90).Draw(t, "north")
		return [4]float64{degrees(180).Draw(t, "west"), min(s, n), degrees(180).Draw(t, "east"), max(s, n)}
	})
}

func drawIndices(t *rapid.T) []FeatureIndex {
	var all []FeatureIndex
	for i := range rapid.IntRange(0, 30).Draw(t, "features") {
		b := boxes().Draw(t, "bounds")
		b[0], b[2] = min(b[0], b[2]), max(b[0], b[2]) // bounds of features do not go across the antimeridian
		c := orb.Point{rapid.Float64Range(b[0], b[2]).Draw(t, "x"), rapid.Float64Range(b[1], b[3]).Draw(t, "y")}
		all = append(all, FeatureIndex{
			ID: uint64(i), BBox: b, Centroid: c, Morton: spatial.Morton(c),
			Country: rapid.SampledFrom([]string{"", "ITA", "JPN"}).Draw(t, "country"),
			Level:   rapid.IntRange(-1, 2).Draw(t, "level"),
		})
	}
	return all
}

// meets is brute force: the box is one or two spans of longitude.
func meets(box, b [4]float64) bool {
	if b[1] > box[3] || box[1] > b[3] {
		return false
	}
	if box[0] <= box[2] {
		return b[0] <= box[2] && box[0] <= b[2]
	}
	return b[0] <= box[2] || b[2] >= box[0]
}

func TestFeaturesInABoxAgreeWithAScan(t *testing.T) {
	db := openTable(t, FeatureIndices())
	rapid.Check(t, func(t *rapid.T) {
		all := drawIndices(t)
		id := func(x FeatureIndex) uint64 { return x.ID }
		byCode := func(a, b FeatureIndex) int { return cmp.Or(cmp.Compare(a.Morton, b.Morton), cmp.Compare(a.ID, b.ID)) }
		onBench(t, db, FeatureIndices(), all, func(tx *kv.Tx) {
			box := boxes().Draw(t, "box")
			if len(all) > 0 && rapid.Bool().Draw(t, "of a feature") { // a point, or one that touches at a corner
				c := rapid.SampledFrom(all).Draw(t, "feature").Centroid
				box[2], box[3] = c[0], c[1]
				box[1] = min(box[1], c[1])
				if rapid.Bool().Draw(t, "point") {
					box[0], box[1] = c[0], c[1]
				}
			}
			same(t, "centroids", IndicesCentred(tx, box), all, id, func(x FeatureIndex) bool {
				c := x.Centroid
				return meets(box, [4]float64{c[0], c[1], c[0], c[1]})
			}, byCode)
			p, err := ReadPlaces(tx)
			if err != nil {
				t.Fatal(err)
			}
			got := p.Meeting(box)
			var want []uint64
			for _, x := range all {
				if meets(box, x.BBox) {
					want = append(want, x.ID)
				}
			}
			if !slices.Equal(got, want) || p.Len() != len(all) {
				t.Fatalf("meeting %v: %v of %d, a full scan finds %v", box, got, p.Len(), want)
			}
		})
	})
}

func TestFeaturesOfACountryAgreeWithAScan(t *testing.T) {
	db := openTable(t, FeatureIndices())
	rapid.Check(t, func(t *rapid.T) {
		all := drawIndices(t)
		onBench(t, db, FeatureIndices(), all, func(tx *kv.Tx) {
			country := rapid.SampledFrom([]string{"", "IT", "ITA", "JPN"}).Draw(t, "asked")
			level := rapid.IntRange(-3, 3).Draw(t, "asked level")
			same(t, "country", IndicesOf(tx, country, level), all, func(x FeatureIndex) uint64 { return x.ID },
				func(x FeatureIndex) bool { return x.Country == country && (level == AnyLevel || x.Level == level) },
				func(a, b FeatureIndex) int { return cmp.Or(cmp.Compare(a.Level, b.Level), cmp.Compare(a.ID, b.ID)) })
		})
	})
}

func TestQueriesAreCounted(t *testing.T) {
	db := openTable(t, FeatureIndices())
	rapid.Check(t, func(t *rapid.T) {
		all := drawIndices(t)
		onBench(t, db, FeatureIndices(), all, func(tx *kv.Tx) {
			asked := map[uint64]int{}
			now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
			for range rapid.IntRange(0, 3).Draw(t, "queries") {
				ids := rapid.SliceOfDistinct(rapid.Uint64Range(0, 40), rapid.ID).Draw(t, "ids")
				if err := CountQueries(tx, ids, now); err != nil {
					t.Fatal(err)
				}
				for _, id := range ids {
					asked[id]++
				}
			}
			n := 0
			for x, err := range FeatureIndices().All(tx, nil) {
				if err != nil || x.Queries != asked[x.ID] || x.Queried.Equal(now) != (x.Queries > 0) {
					t.Fatalf("feature %d: %d queries, last %v, want %d (%v)", x.ID, x.Queries, x.Queried, asked[x.ID], err)
				}
				n++
			}
			if n != len(all) {
				t.Fatalf("%d features, there were %d", n, len(all))
			}
		})
	})
}

func TestFeatureBuffersAgreeWithAScan(t *testing.T) {
	db := openTable(t, FeatureBuffers())
	rapid.Check(t, func(t *rapid.T) {
		var all []FeatureBuffer
		for i := range rapid.IntRange(0, 20).Draw(t, "features") {
			all = append(all, FeatureBuffer{
				ID: uint64(i), Source: rapid.SampledFrom([]string{"raw-0-a-0", "raw-0-a-1", "raw-0-a"}).Draw(t, "source"),
				Optimized: moments().Draw(t, "optimized"),
			})
		}
		id := func(f FeatureBuffer) uint64 { return f.ID }
		onBench(t, db, FeatureBuffers(), all, func(tx *kv.Tx) {
			from := rapid.SampledFrom([]string{"raw-0-a", "raw-0-a-1", "x"}).Draw(t, "from")
			ok := func(f FeatureBuffer) bool { return f.Source == from }
			same(t, "from", FeaturesFrom(tx, from), all, id, ok, func(a, b FeatureBuffer) int { return cmp.Compare(a.ID, b.ID) })
			n := 0
			for _, f := range all {
				if ok(f) {
					n++
				}
			}
			if got, err := CountFeaturesFrom(tx, from); got != n || err != nil {
				t.Fatalf("%d features (%v), want %d", got, err, n)
			}
			before := moments().Draw(t, "before")
			same(t, "optimized", FeaturesOptimized(tx, before), all, id,
				func(f FeatureBuffer) bool { return f.Optimized.Before(before) },
				func(a, b FeatureBuffer) int { return a.Optimized.Compare(b.Optimized) })
		})
	})
}
