// Package mvt is the wire format of Mapbox Vector Tiles 2.1, both ways.
//
// Specification: https://github.com/mapbox/vector-tile-spec/tree/master/2.1
package mvt

import (
	"github.com/shapes-desktop/shapes/core/geo/feature"
	"github.com/shapes-desktop/shapes/core/geo/grid"
)

// GeomType is the geometry type of a feature, with the wire's numbers.
type GeomType uint8

// The geometry types of section 4.3.4 of the specification.
const (
	Unknown GeomType = iota
	Point
	LineString
	Polygon
)

func (t GeomType) String() string {
	switch t {
	case Point:
		return "Point"
	case LineString:
		return "LineString"
	case Polygon:
		return "Polygon"
	default:
		return "Unknown"
	}
}

// Coord is a position in tile units: x grows right, y grows down.
type Coord = grid.Point

// Tile is a decoded tile.
type Tile struct{ Layers []Layer }

// Layer is a decoded layer.
type Layer struct {
	Name     string
	Version  uint32
	Extent   uint32
	Features []Feature
}

// Feature is a decoded feature. Parts holds one list of positions for each
// line, one for each polygon ring in tile order (its closing position is not
// repeated), and for points a single list with all of them.
type Feature struct {
	ID    uint64
	HasID bool
	Type  GeomType
	Parts [][]Coord
	Attrs []feature.Attr
}
