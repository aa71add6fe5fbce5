package engine

import (
	"context"
	"fmt"
	"iter"
	"math"

	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// Feature is a feature as a session has kept it: where it lies, what it
// measures, and how true it is to its source.
type Feature struct {
	session.FeatureIndex
	// Made: simplify1 is done with the feature. What follows is zero before.
	Made bool
	// TileID is its id in the tiles.
	TileID uint64
	// Place is where it stands in the source, counted from 0.
	Place string
	// Quality is 1 less the share of the source's area by which it differs.
	Quality float64
	// Vertices for each km of border, in the source and now.
	OriginalComplexity, CurrentComplexity float64
	// GeometryBytes of its geometry as it is kept, and what share that is of its
	// coordinates as numbers.
	GeometryBytes int
	Compression   float64
}

// FeatureQuery says which features; the zero value all.
type FeatureQuery struct {
	// Box is west, south, east and north in degrees, within ±180 and ±90; a west
	// greater than the east goes across the antimeridian. nil: anywhere.
	Box *[4]float64
	// Centred asks for features whose centroid lies in Box; else those are meant
	// whose bounds share a point with it.
	Centred bool
	Country string // ISO 3166 alpha-3; "": any
	Level   *int   // administrative level, -1 for not known; nil: any
	Limit   int    // the most to return; 0: all
}

// check refuses a query that cannot be meant.
func (q FeatureQuery) check() error {
	if q.Centred && q.Box == nil {
		return fmt.Errorf("features by their centroid need a box: %w", ErrUsage)
	}
	if q.Limit < 0 {
		return fmt.Errorf("a limit of %d features: %w: must be 0 (all) or more", q.Limit, ErrUsage)
	}
	if b := q.Box; b != nil {
		lon := math.Abs(b[0]) <= 180 && math.Abs(b[2]) <= 180
		if lat := -90 <= b[1] && b[1] <= b[3] && b[3] <= 90; !lon || !lat { // not a number fails too
			return fmt.Errorf("the box %g,%g,%g,%g: %w: it is west,south,east,north in degrees, longitudes from -180 to 180, latitudes from -90 to 90, the south first",
				b[0], b[1], b[2], b[3], ErrUsage)
		}
	}
	return nil
}

func (q FeatureQuery) wants(x *session.FeatureIndex) bool {
	return (q.Country == "" || q.Country == x.Country) && (q.Level == nil || *q.Level == x.Level)
}

// Features returns the features of a session that q asks for: those of a box
// by number, those with the centroid in it along the Z-order curve, else those
// of a country by level, and all by number. It counts in their indices that
// they were asked for, unless the session runs: its tasks write them then.
func (e *Engine) Features(ctx context.Context, ref string, q FeatureQuery) ([]Feature, error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	in, err := e.Inspect(ctx, ref)
	if err != nil {
		return nil, err
	}
	return in.Features(ctx, q)
}

// Features is Engine.Features. Bounds are read once, when a Box is first asked
// for, and looked up afterwards: what a session has read since is not found by
// bounds.
func (in *Inspection) Features(ctx context.Context, q FeatureQuery) ([]Feature, error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	var out []Feature
	err := in.view(in.e.kinds.indices, func(tx *kv.Tx) error {
		candidates, err := in.candidates(tx, q)
		if err != nil {
			return err
		}
		for x, err := range candidates {
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				return err
			}
			if !q.wants(&x) {
				continue
			}
			if out = append(out, Feature{FeatureIndex: x}); len(out) == q.Limit {
				break
			}
		}
		return nil
	})
	if err == nil {
		err = in.measure(ctx, out)
	}
	if err != nil {
		return nil, fmt.Errorf("look for features: %w", err)
	}
	in.countQueries(out)
	return out, nil
}

// candidates returns what the best index finds; the rest of the query is asked
// of each.
func (in *Inspection) candidates(tx *kv.Tx, q FeatureQuery) (iter.Seq2[session.FeatureIndex, error], error) {
	switch {
	case q.Box != nil && q.Centred:
		return session.IndicesCentred(tx, *q.Box), nil
	case q.Box != nil:
		p, err := in.bounds(tx)
		if err != nil {
			return nil, err
		}
		return indicesOf(tx, p.Meeting(*q.Box)), nil
	case q.Country != "" && q.Level != nil:
		return session.IndicesOf(tx, q.Country, *q.Level), nil
	case q.Country != "":
		return session.IndicesOf(tx, q.Country, session.AnyLevel), nil
	}
	return session.FeatureIndices().All(tx, nil), nil
}

func (in *Inspection) bounds(tx *kv.Tx) (*session.Places, error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.places != nil {
		return in.places, nil
	}
	p, err := session.ReadPlaces(tx)
	if err == nil {
		in.places = p
	}
	return p, err
}

// indicesOf reads indices by number; those that are gone are left out.
func indicesOf(tx *kv.Tx, ids []uint64) iter.Seq2[session.FeatureIndex, error] {
	return func(yield func(session.FeatureIndex, error) bool) {
		for _, id := range ids {
			x, found, err := session.FeatureIndices().Get(tx, kv.Key(nil).Uint(id))
			if err == nil && !found {
				continue
			}
			if !yield(x, err) || err != nil {
				return
			}
		}
	}
}

// measure adds what simplify1 has found out.
func (in *Inspection) measure(ctx context.Context, all []Feature) error {
	return in.view(in.e.kinds.features, func(tx *kv.Tx) error {
		for i := range all {
			if err := ctx.Err(); err != nil {
				return err
			}
			b, found, err := session.FeatureBuffers().Get(tx, kv.Key(nil).Uint(all[i].ID))
			if err != nil {
				return err
			}
			if found {
				all[i].take(&b)
			}
		}
		return nil
	})
}

func (f *Feature) take(b *session.FeatureBuffer) {
	f.Made, f.TileID, f.Place, f.Quality = true, b.Feature, b.Original, b.Quality
	f.OriginalComplexity, f.CurrentComplexity = b.OriginalComplexity, b.CurrentComplexity
	f.GeometryBytes, f.Compression = len(b.Geometry), b.Compression
}

// countQueries notes that features were asked for. A count is not worth an
// answer: what goes wrong is logged.
func (in *Inspection) countQueries(all []Feature) {
	ids := make([]uint64, 0, len(all))
	for _, f := range all {
		ids = append(ids, f.ID)
	}
	for len(ids) > 0 && !in.runs() {
		part := ids[:min(putAtOnce, len(ids))]
		ids = ids[len(part):]
		err := in.scratch.s.Update(in.e.kinds.indices, func(tx *kv.Tx) error {
			return session.CountQueries(tx, part, in.e.now())
		})
		if err == nil && len(ids) == 0 {
			err = in.scratch.s.Sync(in.e.kinds.indices) // what is kept must stand a power cut
		}
		if err != nil {
			in.e.log.Warn("count queries of features", "session", in.id, "error", err)
			return
		}
	}
}
