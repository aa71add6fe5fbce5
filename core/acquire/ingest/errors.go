package ingest

import "errors"

// What can be wrong with a file as a whole. Errors wrap one of these, a
// LimitError, an error of the file system, or the sink's own.
var (
	// ErrFormat: the file is not one of the formats read here.
	ErrFormat = errors.New("not a boundary file that can be read")
	// ErrDamaged: the file is of a known format but cut short or malformed.
	ErrDamaged = errors.New("the file is damaged")
	// ErrProjection: the coordinates are in a system that is not supported.
	ErrProjection = errors.New("unsupported coordinate system")
	// ErrNoFeatures: the file is sound but has nothing with an area.
	ErrNoFeatures = errors.New("nothing to draw")
)
