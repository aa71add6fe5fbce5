package main

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/store/cache"
)

func TestFetchingElsewhere(t *testing.T) {
	var b strings.Builder
	p := newFetching(std{nil, &b})
	p.report(engine.Fetched{Title: "a.zip", Number: 1, Of: 4, Done: 1, Total: 10})
	p.report(engine.Fetched{Title: "b.zip", Number: 2, Of: 4, Done: 5e6, Total: 1e7})
	p.report(engine.Fetched{Title: "b.zip", Number: 2, Of: 4, Done: 6e6, Total: 1e7})
	p.report(engine.Fetched{Title: "a.zip", Number: 1, Of: 4, Over: true, File: cache.Record{Size: 10}})
	p.report(engine.Fetched{Title: "c.zip", Number: 3, Of: 4, Over: true, Cached: true})
	p.report(engine.Fetched{Title: "b.zip", Number: 2, Of: 4, Over: true, Err: errors.New("gone")})
	p.report(engine.Fetched{Title: "d.zip", Number: 4, Of: 4, Over: true, Err: context.Canceled})
	p.close()
	want := "b.zip: goes on, 5.0 MB are at hand\n1 of 4  a.zip: 10 B\n2 of 4  c.zip: at hand\n3 of 4  b.zip: failed\n"
	if b.String() != want {
		t.Errorf("got\n%s", b.String())
	}
}

// On a terminal there is one line, drawn at most ten times a second and never
// wider than the terminal, and nothing of it is left.
func TestFetchingOnTerminal(t *testing.T) {
	var b strings.Builder
	now := time.Unix(0, 0)
	p := &fetching{w: &b, columns: 40, now: func() time.Time { return now }, live: map[int]engine.Fetched{}}
	for i := range 100 {
		p.report(engine.Fetched{Title: "Japan (JPN), level 1", Number: 2, Of: 3, Done: int64(i), Total: 1000})
		p.report(engine.Fetched{Title: "a", Number: 1, Of: 3, Done: int64(i)})
		now = now.Add(10 * time.Millisecond)
	}
	p.close()
	lines := strings.Split(b.String(), "\r\x1b[K")
	if len(lines) != 11 || lines[10] != "" {
		t.Fatalf("%d lines in a second: %q", len(lines), lines)
	}
	if want := "0 of 3 files; a 9 B; Japan (JPN), leve…"; lines[1] != want || cells(lines[1]) >= 40 {
		t.Errorf("got %q, want %q", lines[1], want)
	}
}

func TestWrap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOf(rapid.StringMatching(`[a-z日本é]{1,12}`)).Draw(t, "words")
		n := rapid.IntRange(1, 30).Draw(t, "columns")
		lines := wrap(strings.Join(words, " "), n)
		if got := strings.Join(lines, " "); got != strings.Join(words, " ") {
			t.Fatalf("%q is not the text", got)
		}
		for i, l := range lines {
			if cells(l) > n && strings.Contains(l, " ") {
				t.Errorf("%q takes more than %d columns", l, n)
			}
			if i > 0 && cells(lines[i-1])+1+cells(strings.Fields(l)[0]) <= n {
				t.Errorf("%q has room for the next word", lines[i-1])
			}
		}
	})
}
