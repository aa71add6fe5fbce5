package session

import (
	"iter"
	"time"

	"github.com/paulmach/orb"

	"github.com/shapes-desktop/shapes/core/geo/spatial"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// AnyLevel asks for features of every level, -1 for those whose level is not
// known.
const AnyLevel = -2

// IndicesOf returns the features of a country (ISO 3166 alpha-3; "" for those
// of none) and a level, by level and then by number.
func IndicesOf(tx *kv.Tx, country string, level int) iter.Seq2[FeatureIndex, error] {
	key := kv.Key(nil).Str(country)
	switch {
	case level >= -1:
		key = key.Uint(uint64(level + 1))
	case level != AnyLevel:
		return func(func(FeatureIndex, error) bool) {} // there are none
	}
	return FeatureIndices().By(tx, "country", key)
}

// boxRanges is how many ranges of Morton codes a box is split into: each is one
// seek, and the fewer there are the more is read beside the box.
const boxRanges = 16

// IndicesCentred returns the features whose centroid lies in a box or on its
// border, along the Z-order curve and then by number. The box is west, south,
// east and north in degrees; a west greater than the east goes across the
// antimeridian.
func IndicesCentred(tx *kv.Tx, box [4]float64) iter.Seq2[FeatureIndex, error] {
	b := bound(box)
	return func(yield func(FeatureIndex, error) bool) {
		for _, r := range spatial.Ranges(b, boxRanges) {
			for x, err := range FeatureIndices().ByRange(tx, "morton", kv.Key(nil).Uint(r.First), beyond(r.Last)) {
				if err == nil && !spatial.Within(b, x.Centroid) {
					continue // the ranges hold more than the box
				}
				if !yield(x, err) || err != nil {
					return
				}
			}
		}
	}
}

// beyond is the key behind all that begin with a number, nil if that is the
// greatest.
func beyond(u uint64) kv.Key {
	if u+1 == 0 {
		return nil
	}
	return kv.Key(nil).Uint(u + 1)
}

func bound(box [4]float64) orb.Bound {
	return orb.Bound{Min: orb.Point{box[0], box[1]}, Max: orb.Point{box[2], box[3]}}
}

// CountQueries notes that feature indices were returned by a query. What is
// not there any more is left out.
func CountQueries(tx *kv.Tx, ids []uint64, now time.Time) error {
	table := FeatureIndices()
	for _, id := range ids {
		x, found, err := table.Get(tx, kv.Key(nil).Uint(id))
		if err != nil {
			return err
		}
		if !found {
			continue
		}
		x.Queries++
		x.Queried = now
		if err := table.Put(tx, &x); err != nil {
			return err
		}
	}
	return nil
}

// FeaturesFrom returns the feature buffers that were made from a raw buffer,
// by number.
func FeaturesFrom(tx *kv.Tx, buffer string) iter.Seq2[FeatureBuffer, error] {
	return FeatureBuffers().By(tx, "source", kv.Key(nil).Str(buffer))
}

// CountFeaturesFrom returns how many there are, without reading them.
func CountFeaturesFrom(tx *kv.Tx, buffer string) (n int, err error) {
	for _, err := range FeatureBuffers().KeysBy(tx, "source", kv.Key(nil).Str(buffer)) {
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// FeaturesOptimized returns the feature buffers that were simplified before a
// moment, the oldest first.
func FeaturesOptimized(tx *kv.Tx, before time.Time) iter.Seq2[FeatureBuffer, error] {
	return FeatureBuffers().ByRange(tx, "optimized", nil, kv.Key(nil).Time(before))
}
