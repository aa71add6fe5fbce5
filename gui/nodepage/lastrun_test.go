package nodepage

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

func inPart() shape.RunSummary {
	return shape.RunSummary{
		Session: "s", Status: "completed", Tasks: map[string]int{"completed": 20, "failed": 1},
		Samples: []string{
			"self-intersection layer adm1 feature 2 at 1,2",
			"not-read: Fetch France (FRA), level 1: France.geojson (https://somewhere): the server has no such file (404).",
		},
	}
}

func TestLackSaysWhatIsMissing(t *testing.T) {
	now := time.Date(2026, 3, 4, 5, 6, 0, 0, time.Local)
	whole, failed, cancelled := inPart(), inPart(), inPart()
	whole.Tasks = map[string]int{"completed": 21}
	failed.Status, failed.Ended, failed.Reason = "failed", now, "there is no way to the server"
	cancelled.Status = "cancelled"
	for name, c := range map[string]struct {
		run  shape.RunSummary
		want string
	}{
		"never ran": {shape.RunSummary{}, ""},
		"whole":     {whole, ""},
		"cancelled": {cancelled, ""},
		"in part":   {inPart(), "Not all that was chosen is in these tiles: 1 task of the last run failed, France (FRA), level 1."},
		"failed":    {failed, "The last run (05:06) failed: there is no way to the server."},
	} {
		if got := lack(lastRun{summary: c.run}, now); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// Whoever opens the map tomorrow must see that a country is not in it, and find
// the way to why and to another try.
func TestMapTellsWhatIsMissing(t *testing.T) {
	e := &fakeEngine{tiles: waterTiles{}, runs: []shape.RunSummary{inPart()}}
	e.ses.Session = session.Session{ID: "s", Node: node().ID, Status: session.Completed, Failed: 1}
	e.ses.CanRetry = true
	b := newBench(t, e)
	seen := ""
	b.host.SeeRun = func(_ engine.Node, id string) { seen = id }
	b.Open(node())
	if b.phase != mapped || !b.note.content.Visible() || !strings.Contains(b.note.text.Text, "France (FRA)") {
		t.Fatalf("phase %v, the page says %q", b.phase, b.note.text.Text)
	}
	if b.seeWhy(); seen != "s" {
		t.Errorf("the run %q is shown", seen)
	}
	test.Tap(b.note.retry)
	if len(e.retried) != 1 || b.phase != building || b.note.content.Visible() {
		t.Fatalf("%v tried again, phase %v", e.retried, b.phase)
	}
	e.runs[0].Tasks = nil
	e.end(session.Completed, "")
	if b.note.content.Visible() {
		t.Errorf("after a whole run the page says %q", b.note.text.Text)
	}
}

// A run that was cleared away cannot be tried again, but what it came to is known.
func TestWhatIsLeftOfARunIsTold(t *testing.T) {
	b := newBench(t, &fakeEngine{runs: []shape.RunSummary{inPart()}})
	b.Open(node())
	if !b.note.content.Visible() || b.note.retry.Visible() {
		t.Errorf("the line %v, retry %v", b.note.content.Visible(), b.note.retry.Visible())
	}
}
