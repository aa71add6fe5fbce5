package session

import (
	"slices"

	"github.com/paulmach/orb"

	"github.com/shapes-desktop/shapes/core/geo/spatial"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// Places finds the features of a session by their bounds. It is read once and
// then asked often, as a map does that is moved: one question is answered as
// fast by going over the table. It is as the table was when it was read, and
// safe for concurrent use.
type Places struct{ tree spatial.Tree[uint64] }

// ReadPlaces reads the bounds of all feature indices. Bounds that are empty or
// not made of numbers are nowhere.
func ReadPlaces(tx *kv.Tx) (*Places, error) {
	p := &Places{}
	for x, err := range FeatureIndices().All(tx, nil) {
		if err != nil {
			return nil, err
		}
		p.tree.Insert(bound(x.BBox), x.ID)
	}
	return p, nil
}

// Len returns how many features have a place.
func (p *Places) Len() int { return p.tree.Len() }

// Meeting returns the numbers of the features whose bounds share a point with
// a box, ascending. For the box see IndicesCentred.
func (p *Places) Meeting(box [4]float64) []uint64 {
	var ids []uint64
	p.tree.Each(bound(box), func(_ orb.Bound, id uint64) bool {
		ids = append(ids, id)
		return true
	})
	slices.Sort(ids)
	return ids
}
