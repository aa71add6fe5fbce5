package gui

import (
	"fmt"
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/engine"
)

// Who fetched a file by hand, because the source cannot be reached from here,
// needs no terminal to add it.
func TestAFetchedFileIsAdded(t *testing.T) {
	d := newDesk(t, world())
	d.commands.addFile("/home/gadm41_ITA_1.json.zip")
	if want := "Added gadm41_ITA_1.json.zip: Italy, level 1, of GADM"; d.said.Text != want {
		t.Errorf("said %q, want %q", d.said.Text, want)
	}
	for _, c := range []struct {
		err  error
		next string
	}{
		{engine.ErrConsent, "accept the licence"},
		{engine.ErrUnknownFile, "Files of your own"},
		{engine.ErrNoNode, "once more"},
	} {
		if got := addNext(fmt.Errorf("add: %w", c.err)); !strings.Contains(got, c.next) {
			t.Errorf("%v: %q", c.err, got)
		}
	}
	d.mem.fail["AddFile"] = engine.ErrUnknownFile
	d.commands.addFile("/home/notes.txt")
	if d.Canvas().Overlays().Top() == nil || d.said.Text != "notes.txt was not added" {
		t.Errorf("a file that is refused: %q", d.said.Text)
	}
}
