package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/dustin/go-humanize"

	"github.com/shapes-desktop/shapes/core/engine"
)

// fetching shows how far downloads are: on a terminal in a line that is drawn
// over, elsewhere in a line for each that has ended. Its methods are safe for
// concurrent use.
type fetching struct {
	w       io.Writer
	columns int // of the terminal; 0: there is none
	now     func() time.Time

	mu    sync.Mutex
	drawn time.Time              // when the line was drawn; zero: there is none
	live  map[int]engine.Fetched // under way, by number
	ended int
}

func newFetching(s std) *fetching {
	f := &fetching{w: s.err, now: time.Now, live: map[int]engine.Fetched{}}
	if s.terminal() {
		f.columns = columnsOf(s.err)
	}
	return f
}

// drawEvery is how seldom the line is drawn: ten times a second are enough to
// see that something goes on.
const drawEvery = 100 * time.Millisecond

// resumedLeast is the first progress from which on a download is said to go on
// where an earlier one broke off: more than can come at once.
const resumedLeast = 1 << 20

// report hears of a download.
func (p *fetching) report(f engine.Fetched) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if f.Over {
		p.end(f)
		return
	}
	if _, known := p.live[f.Number]; !known && f.Done > resumedLeast {
		p.line("%s: goes on, %s are at hand", f.Title, humanize.Bytes(uint64(f.Done)))
	}
	p.live[f.Number] = f
	p.draw(f.Of)
}

// end tells of a download that has ended. On a terminal that is worth a line
// only if it failed: the rest is in the summary.
func (p *fetching) end(f engine.Fetched) {
	delete(p.live, f.Number)
	if errors.Is(f.Err, context.Canceled) {
		return
	}
	p.ended++
	said := ""
	switch {
	case f.Err != nil:
		said = "failed"
	case p.columns > 0:
		p.draw(f.Of)
		return
	case f.Cached:
		said = "at hand"
	default:
		said = humanize.Bytes(uint64(f.File.Size))
	}
	p.line("%d of %d  %s: %s", p.ended, f.Of, f.Title, said)
}

// line writes a line that stays.
func (p *fetching) line(format string, args ...any) {
	p.clear()
	fmt.Fprintln(p.w, oneRow(fmt.Sprintf(format, args...)))
}

// draw draws what is under way over what was drawn before, unless that was just
// now.
func (p *fetching) draw(of int) {
	now := p.now()
	if p.columns == 0 || !p.drawn.IsZero() && now.Sub(p.drawn) < drawEvery {
		return
	}
	parts := []string{fmt.Sprintf("%d of %s", p.ended, count(of, "file"))}
	for _, n := range slices.Sorted(maps.Keys(p.live)) {
		parts = append(parts, p.live[n].Title+" "+bytesOf(p.live[n]))
	}
	p.clear()
	fmt.Fprint(p.w, cut(oneRow(strings.Join(parts, "; ")), p.columns-1))
	p.drawn = now
}

// bytesOf says how far a download is.
func bytesOf(f engine.Fetched) string {
	text := humanize.Bytes(uint64(f.Done))
	if f.Total > 0 {
		text += " of " + humanize.Bytes(uint64(f.Total))
	}
	return text
}

// clear takes the drawn line away.
func (p *fetching) clear() {
	if !p.drawn.IsZero() {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.drawn = time.Time{}
	}
}

// close leaves the terminal clean.
func (p *fetching) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
}
