package gui

import (
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/engine"
)

// Nothing is being exported while the question is open, nor after a no.
func TestAnExportThatIsNotMadeIsNotTold(t *testing.T) {
	d := newDesk(t, world())
	d.choose("World")
	d.mem.fail["Restricted"] = engine.ErrConsent
	d.run("Export")
	d.press("Export")
	if text := dialogText(d.Window); !strings.Contains(text, "may not be given to others") {
		t.Fatalf("asked %q", text)
	}
	d.press("Cancel")
	if strings.HasPrefix(d.said.Text, "Exporting") {
		t.Errorf("said %q", d.said.Text)
	}
}

// The window says what goes on by its name, not by how far it was.
func TestWhatGoesOnHasItsName(t *testing.T) {
	d := newDesk(t, world())
	s := engine.Session{NodeName: "World"}
	s.ID, s.Progress.Overall = "s", 40
	d.mem.recovery = engine.Recovery{Sessions: []engine.Session{s}}
	d.askRecovery()
	if text := dialogText(d.Window); !strings.Contains(text, "World, 40 % done") {
		t.Fatalf("asked %q", text)
	}
	d.press("Resume")
	if want := "“World”: goes on"; d.said.Text != want {
		t.Errorf("said %q, want %q", d.said.Text, want)
	}
}
