package nodepage

import (
	"strings"
	"testing"
	"time"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/session"
	"pgregory.net/rapid"
)

func TestClock(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0:                       "0 s",
		1400 * time.Millisecond: "1 s",
		59 * time.Second:        "59 s",
		61 * time.Second:        "1 min 01 s",
		time.Hour:               "60 min 00 s",
	} {
		if got := clock(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}

func TestAboutLeavesOutWhatIsNotKnown(t *testing.T) {
	if got := about(engine.Node{Source: "S"}, 0, time.Time{}); got != "S" {
		t.Errorf("%q", got)
	}
	n := engine.Node{Source: "S", License: "L", HasTiles: true, MaxZoom: 4, Bytes: 1_000_000, Built: time.Date(2026, 3, 4, 5, 6, 0, 0, time.Local)}
	if got, want := about(n, 9, time.Date(2026, 3, 5, 0, 0, 0, 0, time.Local)), "S  ·  L  ·  zoom 0–4  ·  9 tiles  ·  1.0 MB on disk  ·  built 4 Mar 05:06"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// Whatever a session holds, bars stay between 0 and 1.
func TestStageRowsAreBounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s engine.Session
		for _, p := range []*float64{&s.Progress.Download, &s.Progress.Simplify1, &s.Progress.Simplify2, &s.Progress.VectorTile} {
			*p = rapid.Float64().Draw(t, "percent")
		}
		for _, r := range stageRows(s) {
			if !(r.done >= 0 && r.done <= 1) || r.name == "" || r.detail == "" {
				t.Fatalf("%+v", r)
			}
		}
	})
}

func TestPNGName(t *testing.T) {
	for in, want := range map[string]string{
		"World (1:10m)": "World (1-10m).png",
		"a/b\\c":        "a-b-c.png",
		" . ":           "map.png",
		"日本":            "日本.png",
	} {
		if got := pngName(engine.Node{Name: in}); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestFaultsAreNeverSilent(t *testing.T) {
	with := func(n int) engine.Session {
		return engine.Session{Session: session.Session{Faults: map[string]int{"winding": n}}}
	}
	if got := summary(with(1)); !strings.Contains(got, "1 fault ") {
		t.Errorf("%q", got)
	}
	if got := summary(with(1234)); !strings.Contains(got, "1,234 faults") {
		t.Errorf("%q", got)
	}
}

func TestMoment(t *testing.T) {
	built := time.Date(2026, 3, 4, 5, 6, 0, 0, time.Local)
	for _, c := range []struct {
		now  time.Time
		want string
	}{
		{time.Date(2026, 3, 4, 23, 0, 0, 0, time.Local), "05:06"},
		{time.Date(2026, 3, 5, 1, 0, 0, 0, time.Local), "4 Mar 05:06"},
		{time.Date(2027, 3, 4, 5, 6, 0, 0, time.Local), "4 Mar 2026"},
	} {
		if got := moment(built, c.now); got != c.want {
			t.Errorf("at %v: %q, want %q", c.now, got, c.want)
		}
	}
}
