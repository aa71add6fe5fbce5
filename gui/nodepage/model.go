// Package nodepage is the page of a node: what it is, the button that builds
// its tiles, the progress of a build, and the map.
package nodepage

import (
	"fmt"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/pipeline"
)

// phase is what the page shows.
type phase int

const (
	loading  phase = iota // is there a tileset?
	empty                 // no tiles yet
	building              // a build runs
	mapped                // the map
)

// promise says what the build button will do.
func promise(n engine.Node) string {
	return fmt.Sprintf("Shapes cuts the borders of %s into vector tiles, on this computer and without the network. "+
		"It takes some seconds, a minute on an old machine; then the map appears here.", n.Name)
}

// about is the line under a node's name.
func about(n engine.Node, tiles int) string {
	parts := []string{}
	add := func(s string) {
		if s != "" {
			parts = append(parts, s)
		}
	}
	add(n.Source)
	add(n.License)
	if n.HasTiles {
		add(fmt.Sprintf("zoom 0–%d", n.MaxZoom))
		if tiles > 0 {
			add(humanize.Comma(int64(tiles)) + " tiles")
		}
		if n.Bytes > 0 {
			add(megabytes(n.Bytes))
		}
		if !n.Built.IsZero() {
			add("built " + n.Built.Local().Format("2 Jan 15:04"))
		}
	}
	return strings.Join(parts, "  ·  ")
}

// stageRow is a stage of a build for people.
type stageRow struct {
	name   string
	done   float64 // 0 … 1
	detail string
}

// stageWord names a stage and what it counts.
type stageWord struct{ name, item string }

// count writes a number of things.
func count(n int64, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return humanize.Comma(n) + " " + thing
}

func stageWords() [4]stageWord {
	return [4]stageWord{
		{"Read the borders", "file"},
		{"Find shared borders", "border"},
		{"Simplify for each zoom", "polygon"},
		{"Write the tiles", "tile"},
	}
}

// stageRows puts a progress in rows, one for each stage.
func stageRows(p pipeline.Progress) [4]stageRow {
	var rows [4]stageRow
	for i, w := range stageWords() {
		s := p.Stages[i]
		r := stageRow{name: w.name}
		switch {
		case s.Finished:
			r.done = 1
		case s.Total > 0:
			r.done = min(max(s.Done/s.Total, 0), 1)
		}
		switch {
		case s.Items > 0:
			r.detail = count(s.Items, w.item)
		case s.Running > 0:
			r.detail = "working"
		case s.Finished:
			r.detail = "done"
		case s.Total > 0:
			r.detail = "working"
		default:
			r.detail = "waiting"
		}
		if s.Running > 0 && !s.Finished {
			r.detail += fmt.Sprintf("  (%d at work)", s.Running)
		}
		rows[i] = r
	}
	return rows
}

// summary is the line below the stages: time, tiles, bytes and faults so far.
func summary(p pipeline.Progress) string {
	parts := []string{clock(p.Elapsed)}
	if p.ETA > 0 {
		parts = append(parts, "about "+clock(p.ETA)+" to go")
	}
	if p.Tiles > 0 {
		parts = append(parts, humanize.Comma(p.Tiles)+" tiles", megabytes(p.Bytes))
	}
	return strings.Join(append(parts, faultCount(p.Faults)), "  ·  ")
}

// faultCount counts what was wrong with the data and survived.
func faultCount(n int) string {
	switch n {
	case 0:
		return "no faults in the data"
	case 1:
		return "1 fault in the data, repaired or left out"
	}
	return humanize.Comma(int64(n)) + " faults in the data, repaired or left out"
}

// outcome is what the status bar says of a finished build.
func outcome(s engine.Stats) string {
	faults := 0
	for _, n := range s.Faults {
		faults += n
	}
	return fmt.Sprintf("Built %s tiles, %s, in %s; %s", humanize.Comma(int64(s.Tiles)), megabytes(s.Bytes),
		clock(time.Duration(s.Seconds*float64(time.Second))), faultCount(faults))
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }

// clock writes a duration as minutes and seconds.
func clock(d time.Duration) string {
	d = d.Round(time.Second)
	if d < time.Minute {
		return fmt.Sprintf("%d s", int(d.Seconds()))
	}
	return fmt.Sprintf("%d min %02d s", int(d.Minutes()), int(d.Seconds())%60)
}

// pngName proposes a file name for the map of a node.
func pngName(n engine.Node) string {
	keep := func(r rune) rune {
		if strings.ContainsRune(`<>:"/\|?*`, r) || r < ' ' {
			return '-'
		}
		return r
	}
	name := strings.Trim(strings.Map(keep, n.Name), " .")
	if name == "" {
		name = "map"
	}
	return name + ".png"
}
