// Package nodepage is the page of a node: what it is, the button that builds
// its tiles, the progress of a build, and the map.
package nodepage

import (
	"fmt"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/gui/kit"
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
	if comes(n) {
		return fmt.Sprintf("Shapes fetches the borders of %s from %s, if they are not at hand, and cuts them into vector tiles on this computer. "+
			"How long it takes depends on the network and on how much is chosen; then the map appears here.", n.Name, sourceWord(n.Source))
	}
	return fmt.Sprintf("Shapes cuts the borders of %s into vector tiles, on this computer and without the network. "+
		"The bundled world takes some seconds, large files take minutes; then the map appears here.", n.Name)
}

// sourceWord names a source for people; what is none of those that are fetched
// is a name already.
func sourceWord(source string) string {
	switch shape.Source(source) {
	case shape.NaturalEarth:
		return "Natural Earth"
	case shape.GeoBoundaries:
		return "geoBoundaries"
	case shape.GADM:
		return "GADM"
	case shape.OpenStreetMap:
		return "OpenStreetMap"
	}
	return source
}

// comes reports whether a node's borders come over the network.
func comes(n engine.Node) bool { return sourceWord(n.Source) != n.Source }

// draftText says what stands in the way of building a draft.
const draftText = "This shape is not finished, so that no tiles can be built of it yet. " +
	"What you have entered is kept until you go on."

// about is the line under a node's name.
func about(n engine.Node, tiles int, now time.Time) string {
	parts := []string{}
	add := func(s string) {
		if s != "" {
			parts = append(parts, s)
		}
	}
	add(sourceWord(n.Source))
	add(n.License)
	if n.HasTiles {
		add(fmt.Sprintf("zoom 0–%d", n.MaxZoom))
		if tiles > 0 {
			add(humanize.Comma(int64(tiles)) + " tiles")
		}
		if n.Bytes > 0 {
			add(kit.Bytes(n.Bytes) + " on disk")
		}
		if !n.Built.IsZero() {
			add("built " + moment(n.Built.Local(), now.Local()))
		}
	}
	return strings.Join(parts, "  ·  ")
}

// moment writes a time as short as it is clear now.
func moment(t, now time.Time) string {
	switch {
	case t.Year() != now.Year():
		return t.Format("2 Jan 2006")
	case t.YearDay() != now.YearDay():
		return t.Format("2 Jan 15:04")
	}
	return t.Format("15:04")
}

// stageRow is a stage of a build for people.
type stageRow struct {
	name   string
	done   float64 // 0 … 1
	detail string
}

func stageNames() [4]string {
	return [4]string{"Read the borders", "Find shared borders", "Simplify for each zoom", "Write the tiles"}
}

// stageRows puts the progress of a session in rows, one for each stage.
func stageRows(s engine.Session) [4]stageRow {
	p := s.Progress
	var rows [4]stageRow
	for i, percent := range [4]float64{p.Download, p.Simplify1, p.Simplify2, p.VectorTile} {
		r := stageRow{name: stageNames()[i], done: min(max(percent/100, 0), 1)}
		switch {
		case percent >= 100:
			r.detail = "done"
		case percent > 0:
			r.detail = fmt.Sprintf("%.0f %%", percent)
		default:
			r.detail = "waiting"
		}
		rows[i] = r
	}
	return rows
}

// summary is the line below the stages: time, tiles, bytes and faults so far.
// Two sizes of tiles are told, and each says which it is: "on disk" is the tile
// file, "tile data" counts equal tiles as often as they occur.
func summary(s engine.Session) string {
	parts := []string{clock(s.Worked)}
	if s.Progress.Remaining > 0 && s.Status == session.Running {
		parts = append(parts, "about "+clock(s.Progress.Remaining)+" to go")
	}
	if s.Tiles > 0 {
		parts = append(parts, humanize.Comma(s.Tiles)+" tiles", kit.Bytes(s.Bytes)+" of tile data")
	}
	return strings.Join(append(parts, faultCount(faults(s))), "  ·  ")
}

func faults(s engine.Session) int {
	n := 0
	for _, k := range s.Faults {
		n += k
	}
	return n
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

// outcome is what the status bar says of a session that has ended.
func outcome(name string, s engine.Session) string {
	switch s.Status {
	case session.Completed:
		out := fmt.Sprintf("Built %s tiles in %s; %s", humanize.Comma(s.Tiles), clock(s.Worked), faultCount(faults(s)))
		if s.Failed > 0 {
			out += fmt.Sprintf("; not all is in them, %s of %s tasks failed: “See why” says which", humanize.Comma(int64(s.Failed)), humanize.Comma(int64(s.Total)))
		}
		return out
	case session.Cancelled:
		return "The build was cancelled; the tiles are as they were before"
	}
	return "The build of " + name + " failed"
}

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
