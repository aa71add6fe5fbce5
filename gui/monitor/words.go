// Package monitor is the page of sessions: what runs, what was interrupted,
// what each task did, and what runs before came to.
package monitor

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"github.com/dustin/go-humanize"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// stages are the four steps in the order of the data.
func stages() [4]session.Stage {
	return [4]session.Stage{session.Download, session.Simplify1, session.Simplify2, session.VectorTile}
}

// stageWord names a stage in words people know.
func stageWord(s session.Stage) string {
	switch s {
	case session.Download:
		return "Read the borders"
	case session.Simplify1:
		return "Find shared borders"
	case session.Simplify2:
		return "Simplify for each zoom"
	case session.VectorTile:
		return "Write the tiles"
	}
	return string(s)
}

// statusWord says how a session or task stands.
func statusWord(s session.Status) string {
	switch s {
	case session.Pending:
		return "waiting"
	case session.Queued:
		return "ready"
	case session.Running:
		return "running"
	case session.Paused:
		return "paused"
	case session.Completed:
		return "done"
	case session.Failed:
		return "failed"
	case session.Cancelled:
		return "cancelled"
	case session.Skipped:
		return "skipped"
	}
	return string(s)
}

// statusIcon shows how a session or task stands, by form as well as colour.
func statusIcon(s session.Status) fyne.Resource {
	switch s {
	case session.Queued:
		return theme.MoreHorizontalIcon()
	case session.Running:
		return theme.MediaPlayIcon()
	case session.Paused:
		return theme.MediaPauseIcon()
	case session.Completed:
		return theme.NewSuccessThemedResource(theme.ConfirmIcon())
	case session.Failed:
		return theme.NewErrorThemedResource(theme.ErrorIcon())
	case session.Cancelled:
		return theme.CancelIcon()
	case session.Skipped:
		return theme.MediaSkipNextIcon()
	}
	return theme.RadioButtonIcon()
}

// ended reports whether nothing more happens by itself or by resuming.
func ended(s session.Status) bool {
	return s == session.Completed || s == session.Failed || s == session.Cancelled || s == session.Skipped
}

// count writes a number of things.
func count(n int64, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return humanize.Comma(n) + " " + thing
}

// size writes the bytes of tiles, equal ones as often as they occur: the file on
// disk, which keeps them once, is smaller.
func size(n int64) string { return kit.Bytes(n) + " of tile data" }

// clock writes a duration as people say it, to the second.
func clock(d time.Duration) string {
	d = d.Round(time.Second)
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d min %02d s", int(d.Minutes()), int(d.Seconds())%60)
	}
	return fmt.Sprintf("%d h %02d min", int(d.Hours()), int(d.Minutes())%60)
}

// moment writes a time without the day if it was today.
func moment(t, now time.Time) string {
	t, now = t.Local(), now.Local()
	switch {
	case t.IsZero():
		return ""
	case t.YearDay() == now.YearDay() && t.Year() == now.Year():
		return t.Format("15:04")
	case t.Year() == now.Year():
		return t.Format("2 Jan 15:04")
	}
	return t.Format("2 Jan 2006 15:04")
}

// join puts what is not empty in one line.
func join(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "  ·  ")
}

// sum adds up faults of all codes.
func sum(faults map[string]int) int {
	n := 0
	for _, v := range faults {
		n += v
	}
	return n
}

// faultLines lists faults, the most frequent first, and then samples with
// their place.
func faultLines(faults map[string]int, samples []string) []string {
	codes := slices.SortedFunc(maps.Keys(faults), func(a, b string) int {
		if faults[a] != faults[b] {
			return faults[b] - faults[a]
		}
		return strings.Compare(a, b)
	})
	var lines []string
	for _, c := range codes {
		lines = append(lines, humanize.Comma(int64(faults[c]))+" × "+c)
	}
	return append(lines, samples...)
}
