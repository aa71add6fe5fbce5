package engine

import (
	"context"
	"fmt"
	"io"

	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// GeoJSON returns the geometry and the attributes of a feature, by its number,
// as simplify1 has left it: a GeoJSON Feature with its id in the tiles.
// ErrNotMade if simplify1 is not done with it, or there is no such feature.
func (in *Inspection) GeoJSON(_ context.Context, number uint64) ([]byte, error) {
	var f feature.Feature
	err := in.view(in.e.kinds.features, func(tx *kv.Tx) (err error) {
		f, err = in.kept(tx, number)
		return err
	})
	if err != nil {
		return nil, err
	}
	return feature.AppendGeoJSON(nil, f)
}

// kept reads a feature buffer.
func (in *Inspection) kept(tx *kv.Tx, number uint64) (feature.Feature, error) {
	b, found, err := session.FeatureBuffers().Get(tx, kv.Key(nil).Uint(number))
	if err != nil {
		return feature.Feature{}, err
	}
	if !found {
		return feature.Feature{}, fmt.Errorf("feature %d of session %s: %w", number, in.id, ErrNotMade)
	}
	geometry, err := one(b.Geometry)
	if err != nil {
		return feature.Feature{}, fmt.Errorf("geometry of feature %d of session %s: %w", number, in.id, err)
	}
	f, err := one(b.Properties)
	if err != nil {
		return feature.Feature{}, fmt.Errorf("attributes of feature %d of session %s: %w", number, in.id, err)
	}
	f.Geometry = geometry.Geometry
	return f, nil
}

// one decodes a Geobuf file of one feature.
func one(data []byte) (feature.Feature, error) {
	fs, err := feature.DecodeGeobuf(data, feature.GeobufLimits{}, nil)
	if err == nil && len(fs) != 1 {
		err = fmt.Errorf("%w: it holds %d features, not one", kv.ErrDamaged, len(fs))
	}
	if err != nil {
		return feature.Feature{}, err
	}
	return fs[0], nil
}

// geojsonBatch is how many bytes are gathered before they are written.
const geojsonBatch = 1 << 20

// WriteGeoJSON writes features as a GeoJSON FeatureCollection (RFC 7946), those
// left out with which simplify1 is not done. The same features give the same
// bytes.
func (in *Inspection) WriteGeoJSON(ctx context.Context, w io.Writer, all []Feature) error {
	var gw feature.GeoJSONWriter
	var buf []byte
	flush := func() error {
		_, err := w.Write(buf)
		buf = buf[:0]
		return err
	}
	err := in.view(in.e.kinds.features, func(tx *kv.Tx) error {
		for _, x := range all {
			if err := ctx.Err(); err != nil {
				return err
			}
			if !x.Made {
				continue
			}
			f, err := in.kept(tx, x.ID)
			if err != nil {
				return err
			}
			if buf, err = gw.AppendFeature(buf, f); err != nil {
				return err
			}
			if len(buf) < geojsonBatch {
				continue
			}
			if err := flush(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("write features as GeoJSON: %w", err)
	}
	buf = gw.AppendEnd(buf)
	return flush()
}
