package feature

import (
	"fmt"
	"math"
)

// Geobuf (github.com/mapbox/geobuf) is GeoJSON as protocol buffers: keys once
// a file, coordinates as differences of whole numbers. What stages keep is
// written in it, so that other programs can look at it.
//
// Field numbers below are those of geobuf.proto.
const (
	geobufKeys       = 1
	geobufDimensions = 2
	geobufPrecision  = 3
	geobufCollection = 4
	geobufFeature    = 5
	geobufGeometry   = 6

	collectionFeature = 1

	featureGeometry   = 1
	featureStringID   = 11
	featureIntID      = 12
	featureValue      = 13
	featureProperties = 14
	featureCustom     = 15

	geometryType    = 1
	geometryLengths = 2
	geometryCoords  = 3

	geometryPolygon      = 4
	geometryMultiPolygon = 5

	valueString = 1
	valueDouble = 2
	valuePosInt = 3
	valueNegInt = 4
	valueBool   = 5
	valueJSON   = 6
)

// GeobufPrecision is the precision the program writes Geobuf with: digits
// after the decimal point of a degree. A unit is 0.11 mm on the ground; sources
// give more digits, but mean none of them.
const GeobufPrecision = 9

// The defaults of a file that does not say, and what is accepted.
const (
	defaultPrecision = 6
	maxPrecision     = 15
	maxDimensions    = 16
)

// maxUnits is the greatest coordinate in units of the precision: beyond it a
// float64 does not hold every whole number, and JavaScript loses digits.
const maxUnits = 1 << 53

// GeobufLimits bound what one Geobuf may cost. A zero field takes its default.
type GeobufLimits struct {
	Features  int // 5 million
	Vertices  int // over all features, 400 million
	Keys      int // different attribute keys, 65,536
	TextBytes int // one attribute's text or key, 16 MiB
}

func (l GeobufLimits) withDefaults() GeobufLimits {
	for _, f := range []struct {
		v    *int
		none int
	}{{&l.Features, 5_000_000}, {&l.Vertices, 400_000_000}, {&l.Keys, 1 << 16}, {&l.TextBytes, 16 << 20}} {
		if *f.v <= 0 {
			*f.v = f.none
		}
	}
	return l
}

// GeobufError says what is wrong with a Geobuf and where.
type GeobufError struct {
	Feature int // index in the file from 0, -1 if of no feature
	Offset  int // byte in the file, from 0
	Reason  string
}

func (e *GeobufError) Error() string {
	if e.Feature < 0 {
		return fmt.Sprintf("invalid geobuf at byte %d: %s", e.Offset, e.Reason)
	}
	return fmt.Sprintf("invalid geobuf: feature %d at byte %d: %s", e.Feature, e.Offset, e.Reason)
}

// pow10 is exact for the precisions accepted.
func pow10(precision int) float64 { return math.Pow10(precision) }
