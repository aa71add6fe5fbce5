package engine

import (
	"context"
	"fmt"
	"slices"

	"github.com/paulmach/orb"

	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/acquire/source/osm"
	"github.com/shapes-desktop/shapes/core/acquire/source/parent"
	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

// relateUnits returns what follows from where units lie, for sources whose codes
// do not tell; nil where codes tell, or there is no common schema.
func relateUnits(s shape.Source) func(context.Context, []feature.Layer, *feature.Faults) error {
	switch s {
	case shape.GeoBoundaries:
		return func(ctx context.Context, layers []feature.Layer, _ *feature.Faults) error {
			return findParents(ctx, layers)
		}
	case shape.OpenStreetMap:
		return func(ctx context.Context, layers []feature.Layer, faults *feature.Faults) error {
			if err := dropForeign(ctx, layers, faults); err != nil {
				return err
			}
			return findParents(ctx, layers)
		}
	}
	return nil
}

// dropForeign takes units of OpenStreetMap away that lie outside the outline of
// the country that they were asked for: the server takes neighbours for units
// within. It can only tell where the country itself (level 0) was fetched too, and
// leaves units alone whose own code says that they are the country's.
func dropForeign(ctx context.Context, layers []feature.Layer, faults *feature.Faults) error {
	outlines := map[string][]*osm.Outline{} // a country may have several
	for _, l := range layers {
		for i := range l.Features {
			f := &l.Features[i]
			if level, ok := f.Attr(source.KeyLevel); ok && level.Int() == 0 {
				country, _ := f.Attr(source.KeyAdm0A3)
				outlines[country.String()] = append(outlines[country.String()], osm.NewOutline(f.Geometry))
			}
		}
	}
	for _, l := range layers {
		for i := range l.Features {
			if err := ctx.Err(); err != nil {
				return err
			}
			f := &l.Features[i]
			level, levelled := f.Attr(source.KeyLevel)
			country, _ := f.Attr(source.KeyAdm0A3)
			_, coded := f.Attr(source.KeyISO31662)
			within := outlines[country.String()]
			if coded || !levelled || level.Int() == 0 || len(within) == 0 ||
				slices.ContainsFunc(within, func(o *osm.Outline) bool { return o.Holds(f.Geometry) }) {
				continue
			}
			name, _ := f.Attr(source.KeyName)
			faults.Add(feature.Fault{
				Code: faultForeign, Layer: l.Name, Feature: f.Index,
				Detail: fmt.Sprintf("%s lies outside of %s; left out", name.String(), country.String()),
			})
			f.Geometry = nil
		}
	}
	return nil
}

// place is a unit's place in the layers.
type place struct{ layer, at int }

// findParents gives units without a parent's code that of the unit they lie in,
// of the same country and the next lower level that is there.
func findParents(ctx context.Context, layers []feature.Layer) error {
	countries := map[string]map[int64][]place{} // by country and level
	var names []string
	for i, l := range layers {
		for j := range l.Features {
			f := &l.Features[j]
			country, _ := f.Attr(source.KeyAdm0A3)
			level, ok := f.Attr(source.KeyLevel)
			if !ok || f.Geometry == nil {
				continue
			}
			name := country.String()
			if countries[name] == nil {
				countries[name] = map[int64][]place{}
				names = append(names, name)
			}
			countries[name][level.Int()] = append(countries[name][level.Int()], place{i, j})
		}
	}
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return err
		}
		levels := countries[name]
		above := int64(-1)
		for level := range int64(shape.Levels) {
			if len(levels[level]) == 0 {
				continue
			}
			if above >= 0 {
				adopt(layers, levels[level], levels[above])
			}
			above = level
		}
	}
	return nil
}

// adopt finds the parents of the children that have none.
func adopt(layers []feature.Layer, children, parents []place) {
	orphans := slices.DeleteFunc(slices.Clone(children), func(p place) bool {
		_, has := layers[p.layer].Features[p.at].Attr(source.KeyParent)
		return has
	})
	if len(orphans) == 0 {
		return
	}
	geometries := func(ps []place) []orb.MultiPolygon {
		out := make([]orb.MultiPolygon, len(ps))
		for i, p := range ps {
			out[i] = layers[p.layer].Features[p.at].Geometry
		}
		return out
	}
	for i, at := range parent.Find(geometries(orphans), geometries(parents)) {
		if at < 0 {
			continue
		}
		code, ok := layers[parents[at].layer].Features[parents[at].at].Attr(source.KeyCode)
		if !ok {
			continue
		}
		f := &layers[orphans[i].layer].Features[orphans[i].at]
		f.Attrs = withParent(f.Attrs, code)
	}
}

// withParent returns attributes with the parent's code after the unit's own; a
// fresh slice.
func withParent(attrs []feature.Attr, code feature.Value) []feature.Attr {
	at := 1 + slices.IndexFunc(attrs, func(a feature.Attr) bool { return a.Key == source.KeyCode })
	return slices.Insert(slices.Clone(attrs), at, feature.Attr{Key: source.KeyParent, Value: code})
}
