package monitor

import (
	"strings"
	"testing"
)

// What ran before can be seen of a node of which nothing runs, too.
func TestEarlierRunsHaveADialog(t *testing.T) {
	e := full()
	b := newBench(t, e)
	d := ShowRuns(t.Context(), b.host, "node-s1", "World")
	if got := b.texts(); !strings.Contains(got, "Earlier runs of “World”") || !strings.Contains(got, "21,480 tiles") {
		t.Errorf("the dialog says %q", got)
	}
	d.Close()
	e.runs = nil
	ShowRuns(t.Context(), b.host, "node-s1", "World")
	if got := b.texts(); !strings.Contains(got, "No run of World has ended yet") {
		t.Errorf("without runs it says %q", got)
	}
}
