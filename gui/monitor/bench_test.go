package monitor

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// One update of a running session, with its tasks open and read again.
func BenchmarkUpdate(b *testing.B) {
	e := full()
	app := test.NewTempApp(b)
	app.Settings().SetTheme(kit.NewTheme(kit.Light))
	w := test.NewTempWindow(b, nil)
	p := New(Host{Window: w, Clipboard: app.Clipboard(), Tasks: kit.InlineTasks(), Engine: e, Now: clockNow})
	b.Cleanup(p.Close)
	w.SetContent(p.Content)
	w.Resize(fyne.NewSize(1280, 800))
	test.Tap(p.detail.panes[2].name)
	s := running("s1", "Europe")
	for b.Loop() {
		s.Completed++
		s.Progress.Overall += 0.001
		s.Worked += 1e8
		e.tell(s)
	}
}
