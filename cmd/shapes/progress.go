package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/schollz/progressbar/v3"

	"github.com/shapes-desktop/shapes/core/pipeline"
)

// progress shows how far a build is.
type progress interface {
	update(pipeline.Progress)
	close(done bool)
}

// newProgress draws a bar on a terminal, writes plain lines elsewhere.
func newProgress(s std, quiet bool) progress {
	switch {
	case quiet:
		return silent{}
	case s.terminal():
		return newBar(s.err)
	default:
		return &lines{w: s.err}
	}
}

type silent struct{}

func (silent) update(pipeline.Progress) {}
func (silent) close(bool)               {}

// barSteps is the resolution of the bar: more would not be seen.
const barSteps = 1000

// bar draws over one line of a terminal.
type bar struct {
	w   io.Writer
	bar *progressbar.ProgressBar
}

func newBar(w io.Writer) *bar {
	return &bar{w: w, bar: progressbar.NewOptions(barSteps,
		progressbar.OptionSetWriter(w),
		progressbar.OptionSetWidth(30),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionSetPredictTime(false),
		progressbar.OptionSetElapsedTime(false),
	)}
}

// A bar that cannot be drawn is not worth failing a build for: errors of the
// terminal are left alone here.
func (b *bar) update(p pipeline.Progress) {
	b.bar.Describe(describe(p))
	_ = b.bar.Set(int(p.Overall * (barSteps - 1))) // the last step is close's: it clears the line
}

func (b *bar) close(bool) { _ = b.bar.Clear() }

// A plain line comes after this share of the work, or when nothing was said
// for so long.
const (
	lineStep  = 0.1
	lineEvery = 30 * time.Second
)

// lines writes a line per tenth of the work, at most one a second and at least
// one each half minute, for logs and pipes. Runs of less than a second say
// nothing. Its clock is the run's own elapsed time.
type lines struct {
	w    io.Writer
	next float64       // the share of the work that is worth a line
	last time.Duration // when the last one was written
}

func (l *lines) update(p pipeline.Progress) {
	since := p.Elapsed - l.last
	if p.Overall >= 1 || since < time.Second || p.Overall < l.next && since < lineEvery {
		return
	}
	fmt.Fprintf(l.w, "%3.0f %%  %s\n", p.Overall*100, describe(p))
	for l.next <= p.Overall {
		l.next += lineStep
	}
	l.last = p.Elapsed
}

func (l *lines) close(done bool) {
	if done && l.last > 0 {
		fmt.Fprintln(l.w, "100 %")
	}
}

// fetchPrefix begins what a session says that it is working on while it
// downloads.
const fetchPrefix = "Fetch "

// describe says in a few words what the run is doing.
func describe(p pipeline.Progress) string {
	text := stage(p)
	if what, ok := strings.CutPrefix(p.Current, fetchPrefix); ok && text == stageNames()[0] {
		text = "fetching " + what
	}
	if p.Tiles > 0 {
		text += fmt.Sprintf(", %s tiles, %s", humanize.Comma(p.Tiles), humanize.Bytes(uint64(p.Bytes)))
	}
	if p.ETA >= time.Second && p.Elapsed >= time.Second { // before, it would be a guess
		text += fmt.Sprintf(", %s left", p.ETA.Round(time.Second))
	}
	return text
}

// stageNames are the four stages in the words of those who wait for them.
func stageNames() [4]string {
	return [4]string{"reading the input", "finding shared borders", "simplifying", "writing tiles"}
}

// stage names the last stage that is at work or, between two, the next one.
func stage(p pipeline.Progress) string {
	name := ""
	for i, st := range p.Stages {
		if st.Running > 0 || (name == "" && !st.Finished) {
			name = stageNames()[i]
		}
	}
	if name == "" {
		return "finishing"
	}
	return name
}
