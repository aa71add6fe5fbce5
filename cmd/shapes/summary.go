package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/dustin/go-humanize"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/pipeline"
)

// writeSummary tells what a build did, one fact a line.
func writeSummary(w io.Writer, r engine.Recipe, s engine.Stats) {
	row := func(label, format string, args ...any) {
		fmt.Fprintf(w, "%-12s"+format+"\n", append([]any{label}, args...)...)
	}
	row("output", "%s (%s)", r.Out, humanize.Bytes(uint64(s.OutBytes)))
	row("zooms", "%d to %d", s.MinZoom, s.MaxZoom)
	row("features", "%s read, %s drawn", comma(s.FeaturesIn), comma(s.FeaturesOut))
	row("vertices", "%s read", comma(s.VerticesIn))
	row("faults", "%s", faultsText(s))
	for _, f := range s.FaultSamples {
		row("", "%s", f)
	}
	for _, l := range s.Layers {
		row("layer", "%s: %s%s%s", l.Layer, count(l.Features, "feature"), sharedText(r, l.Layer), smallText(l.Small))
	}
	row("tiles", "%s (%s distinct), %s, largest %s", comma(s.Tiles), comma(s.Distinct),
		humanize.Bytes(uint64(s.Bytes)), humanize.Bytes(uint64(s.MaxTileBytes)))
	row("time", "%.1f s (%.1f s of CPU)", s.Seconds, s.CPUSeconds)
	row("peak memory", "%s", humanize.Bytes(uint64(s.PeakRSS)))
}

// sharedText says so where a layer holds more than one input.
func sharedText(r engine.Recipe, layer string) string {
	n := 0
	for _, in := range r.Inputs {
		if in.LayerName() == layer {
			n++
		}
	}
	if n < 2 {
		return ""
	}
	return fmt.Sprintf(" of %d inputs; --layer NAME=FILE keeps them apart", n)
}

// count is a number of things, in words.
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	if stem, y := strings.CutSuffix(thing, "y"); y {
		return comma(n) + " " + stem + "ies"
	}
	return comma(n) + " " + thing + "s"
}

func comma(n int) string { return humanize.Comma(int64(n)) }

// faultsText lists the faults by code, in the order of the codes.
func faultsText(s engine.Stats) string {
	if len(s.Faults) == 0 {
		return "none"
	}
	var parts []string
	for _, code := range slices.Sorted(maps.Keys(s.Faults)) {
		parts = append(parts, fmt.Sprintf("%s %s", code, comma(s.Faults[code])))
	}
	return strings.Join(parts, ", ")
}

// maxNames bounds the names of dropped units told in the summary; --stats has them all.
const maxNames = 5

// smallText says at which zooms units are too small to be drawn true to shape.
func smallText(small []pipeline.SmallUnit) string {
	var b strings.Builder
	for _, u := range small {
		if u.Shown == 0 && u.Dropped == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n%-12s  z%d: too small for their shape: %s shown, %s dropped", "", u.Zoom, comma(u.Shown), comma(u.Dropped))
		if n := min(len(u.Names), maxNames); n > 0 {
			fmt.Fprintf(&b, " (%s", strings.Join(u.Names[:n], ", "))
			if u.Dropped > n {
				b.WriteString(", …")
			}
			b.WriteString(")")
		}
	}
	return b.String()
}
