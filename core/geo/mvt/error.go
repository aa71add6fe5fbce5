package mvt

import (
	"fmt"
	"strings"
)

// FormatError says what is wrong with a tile and where.
type FormatError struct {
	Layer   string // name, or "#2" for a layer without one; "" if of no layer
	Feature int    // index in its layer from 0, -1 if of no feature
	Offset  int    // byte in the uncompressed tile, from 0
	Reason  string
	More    int // further faults of the same tile that are not described
}

func (e *FormatError) Error() string {
	var b strings.Builder
	b.WriteString("invalid vector tile: ")
	if e.Layer != "" {
		fmt.Fprintf(&b, "layer %q ", e.Layer)
	}
	if e.Feature >= 0 {
		fmt.Fprintf(&b, "feature %d ", e.Feature)
	}
	fmt.Fprintf(&b, "at byte %d: %s", e.Offset, e.Reason)
	if e.More > 0 {
		fmt.Fprintf(&b, " (and %d more)", e.More)
	}
	return b.String()
}

// faults keeps the first recoverable fault of a tile and counts the others.
type faults struct{ first *FormatError }

func (f *faults) add(e *FormatError) {
	if f.first == nil {
		f.first = e
		return
	}
	f.first.More++
}

// placeIn names the layer of a fault that was found before its name.
func (f *faults) placeIn(layer string) {
	if f.first != nil && f.first.Layer == "" {
		f.first.Layer = layer
	}
}

// err returns the first fault as an error, nil if there was none.
func (f *faults) err() error {
	if f.first == nil {
		return nil
	}
	return f.first
}
