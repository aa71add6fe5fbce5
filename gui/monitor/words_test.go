package monitor

import (
	"strings"
	"testing"
	"time"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/gui/kit"
	"pgregory.net/rapid"
)

func TestClock(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 s", 59499 * time.Millisecond: "59 s", 59500 * time.Millisecond: "1 min 00 s",
		61 * time.Second: "1 min 01 s", time.Hour: "1 h 00 min", 25*time.Hour + time.Minute: "25 h 01 min",
	} {
		if got := clock(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}

func TestMoment(t *testing.T) {
	now := clockNow()
	for _, tt := range []struct {
		t    time.Time
		want string
	}{
		{time.Time{}, ""}, {now.Add(-time.Minute), "15:08"}, {now.AddDate(0, 0, -1), "13 Mar 15:09"}, {now.AddDate(-1, 0, 0), "14 Mar 2025 15:09"},
	} {
		if got := moment(tt.t, now); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.t, got, tt.want)
		}
	}
}

// Every state has a word and a picture of its own.
func TestEveryStateIsTold(t *testing.T) {
	words, icons := map[string]bool{}, map[string]bool{}
	all := []session.Status{
		session.Pending, session.Queued, session.Running, session.Paused, session.Completed,
		session.Failed, session.Cancelled, session.Skipped,
	}
	for _, s := range all {
		words[statusWord(s)], icons[statusIcon(s).Name()] = true, true
	}
	if len(words) != len(all) || len(icons) != len(all) {
		t.Errorf("%d states, %d words, %d icons", len(all), len(words), len(icons))
	}
}

func TestWhyASessionStands(t *testing.T) {
	tell := func(s session.Status, interrupted bool, reason string) string {
		x := engine.Session{}
		x.Status, x.Interrupted, x.Reason = s, interrupted, reason
		return why(x)
	}
	for _, tt := range []struct {
		got, want string
	}{
		{tell(session.Running, false, ""), ""},
		{tell(session.Paused, false, ""), "You paused it"},
		{tell(session.Paused, true, ""), "The program ended while it ran"},
		{tell(session.Paused, false, "The disk is full."), "The disk is full."},
		{tell(session.Failed, false, ""), "It made no tiles"},
		{tell(session.Cancelled, false, ""), "It was cancelled"},
	} {
		if !strings.HasPrefix(tt.got, tt.want) || (tt.want == "") != (tt.got == "") {
			t.Errorf("%q, want %q", tt.got, tt.want)
		}
	}
}

func TestSharesStayInTheBar(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := session.Progress{Download: rapid.Float64().Draw(t, "percent")}
		if v := share(p, session.Download); !(v >= 0 && v <= 1) {
			t.Fatalf("%g %% is %g of the bar", p.Download, v)
		}
	})
}

func TestFaultLinesAreInOrder(t *testing.T) {
	got := lines(faultLines(map[string]int{"b": 2, "a": 2, "c": 1200}, []string{"c: somewhere"}))
	if want := "1,200 × c\n2 × a\n2 × b\nc: somewhere"; got != want {
		t.Errorf("%q", got)
	}
}

// What has ended stays in the list when the engine has forgotten it; what has
// not and is gone, goes.
func TestRosterKeepsWhatEnded(t *testing.T) {
	a, b, c := running("a", "A"), failed("b", "B"), running("c", "C")
	r := roster{}.put(a).put(b)
	r = r.replace([]engine.Session{c})
	if len(r) != 2 || find(r, "b") < 0 || find(r, "c") < 0 {
		t.Errorf("%d sessions", len(r))
	}
	many := roster{}
	for i := range 3 * keptEnded {
		s := failed(string(rune('A'+i)), "x")
		s.Created = s.Created.Add(time.Duration(i) * time.Second)
		many = many.put(s)
	}
	many = many.replace(nil)
	if len(many) != keptEnded {
		t.Errorf("%d ended sessions are kept", len(many))
	}
	if newest := many[0]; newest.ID != string(rune('A'+3*keptEnded-1)) {
		t.Errorf("the newest is %s", newest.ID)
	}
}

func TestNothingRunsInAPausedSession(t *testing.T) {
	for _, c := range []struct{ task, of, want session.Status }{
		{session.Running, session.Paused, session.Paused},
		{session.Running, session.Running, session.Running},
		{session.Completed, session.Paused, session.Completed},
		{session.Pending, session.Paused, session.Pending},
	} {
		if got := standingOf(c.task, c.of); got != c.want {
			t.Errorf("%s in %s: %s, want %s", c.task, c.of, got, c.want)
		}
	}
}

// The address of a download stands below why it failed, not before it.
func TestWhyADownloadFailed(t *testing.T) {
	task := engine.Task{}
	task.Name, task.Config.URL = "Fetch Japan, level 1", "https://example.org/a.zip"
	task.Error = "a.zip (https://example.org/a.zip): the server has no such file. Nothing is kept."
	if got := taskNote(task); got != "the server has no such file. Nothing is kept." {
		t.Errorf("the row says %q", got)
	}
	if got := strings.Split(taskAbout(task), "\n"); len(got) != 3 || got[1] != kit.Sentence(taskNote(task)) || got[2] != task.Config.URL {
		t.Errorf("the page says %q", got)
	}
	if got := taskDetails(task); !strings.Contains(got, task.Error) {
		t.Errorf("the clipboard gets %q", got)
	}
	task.Error = "a.geojson (https://elsewhere.org/a.geojson): the server has no such file (404)." // where the first one led
	if got := taskNote(task); got != "the server has no such file (404)." {
		t.Errorf("the row says %q", got)
	}
	task.Error = "no space left on device"
	if got := taskNote(task); got != task.Error {
		t.Errorf("the row says %q", got)
	}
}
