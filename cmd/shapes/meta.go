package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/shapes-desktop/shapes/core/store/tileset"
)

// writeMeta tells what a tileset says of itself, one fact a line; empty facts
// are left out.
func writeMeta(w io.Writer, m tileset.Meta) {
	row := func(label, text string) {
		if text != "" {
			fmt.Fprintf(w, "%-11s %s\n", label, text)
		}
	}
	row("name", m.Name)
	row("description", m.Description)
	row("attribution", m.Attribution)
	row("generator", m.Generator)
	row("zooms", fmt.Sprintf("%d to %d", m.MinZoom, m.MaxZoom))
	row("bounds", joinNumbers(m.Bounds[:]))
	row("center", joinNumbers(m.Center[:]))
	for _, l := range m.Layers {
		row("layer", fmt.Sprintf("%s, zooms %d to %d", l.ID, l.MinZoom, l.MaxZoom))
		for _, key := range slices.Sorted(maps.Keys(l.Fields)) {
			row("", fmt.Sprintf("  %s: %s", key, l.Fields[key]))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(m.Extra)) {
		row(key, m.Extra[key])
	}
}

func joinNumbers(xs []float64) string {
	parts := make([]string, len(xs))
	for i, x := range xs {
		parts[i] = number(x)
	}
	return strings.Join(parts, ",")
}
