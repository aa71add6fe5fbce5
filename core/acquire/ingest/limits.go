package ingest

import "fmt"

// Limits bound what one file may cost. A zero field takes its default.
type Limits struct {
	Bytes              int64 // after decompression
	Features           int   // records, over all layers
	Vertices           int   // over all features
	VerticesPerFeature int
	Depth              int   // nesting of JSON values and geometry collections
	TextBytes          int   // one attribute's text
	ZipEntries         int   // members of a zip archive
	ZipRatio           int64 // decompressed by compressed size, once past 16 MiB; gzip too
}

// DefaultLimits admit every public boundary file known to us (22 million
// vertices in all, 16 million in one country) several times over.
func DefaultLimits() Limits {
	return Limits{
		Bytes:              8 << 30,
		Features:           5_000_000,
		Vertices:           400_000_000,
		VerticesPerFeature: 20_000_000,
		Depth:              64,
		TextBytes:          16 << 20,
		ZipEntries:         10_000,
		ZipRatio:           250,
	}
}

// ratioFloor is the size below which a strong compression is harmless.
const ratioFloor = 16 << 20

func (l Limits) withDefaults() Limits {
	d := DefaultLimits()
	l.Bytes = orDefault(l.Bytes, d.Bytes)
	l.Features = orDefault(l.Features, d.Features)
	l.Vertices = orDefault(l.Vertices, d.Vertices)
	l.VerticesPerFeature = orDefault(l.VerticesPerFeature, d.VerticesPerFeature)
	l.Depth = orDefault(l.Depth, d.Depth)
	l.TextBytes = orDefault(l.TextBytes, d.TextBytes)
	l.ZipEntries = orDefault(l.ZipEntries, d.ZipEntries)
	l.ZipRatio = orDefault(l.ZipRatio, d.ZipRatio)
	return l
}

func orDefault[T int | int64](v, d T) T {
	if v <= 0 {
		return d
	}
	return v
}

// LimitError says which limit a file exceeded, and where.
type LimitError struct {
	Limit string // what is limited, in words
	Value int64  // the limit
	Place string // where it was exceeded
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("more than %d %s (%s), which is the most that is read; if the file is sound, split it", e.Value, e.Limit, e.Place)
}
