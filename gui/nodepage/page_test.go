package nodepage

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/publish/preview"
	"github.com/shapes-desktop/shapes/gui/kit"
)

func (b *bench) lastSaid() string {
	if len(b.said) == 0 {
		return ""
	}
	return b.said[len(b.said)-1]
}

// overlayText is all text in the open dialog.
func (b *bench) overlayText() string {
	top := b.w.Canvas().Overlays().Top()
	if top == nil {
		return ""
	}
	var texts []string
	for _, o := range test.LaidOutObjects(top) {
		if l, ok := o.(*widget.Label); ok {
			texts = append(texts, l.Text)
		}
	}
	return strings.Join(texts, "\n")
}

func TestANodeWithoutTilesInvitesToBuild(t *testing.T) {
	b := newBench(t, &fakeEngine{})
	b.Open(node())
	if b.phase != empty || !b.blank.invite.Visible() {
		t.Fatalf("phase %v", b.phase)
	}
	if b.w.Canvas().Focused() != fyne.Focusable(b.blank.build) {
		t.Error("Enter would not build: the focus is elsewhere")
	}
	if !strings.Contains(b.blank.text.Text, "without the network") {
		t.Errorf("the page says %q", b.blank.text.Text)
	}
}

func TestTheNetworkIsTold(t *testing.T) {
	n := node()
	n.Source = string(shape.GeoBoundaries)
	if got := promise(n); strings.Contains(got, "without the network") || !strings.Contains(got, "from geoBoundaries") {
		t.Errorf("the page says %q", got)
	}
	if got := about(n, 0, time.Time{}); !strings.HasPrefix(got, "geoBoundaries") {
		t.Errorf("the page says %q", got)
	}
	s := session.Session{Status: session.Completed, Total: 14, Failed: 1}
	if got := outcome("World", engine.Session{Session: s}); !strings.Contains(got, "1 of 14 tasks failed") {
		t.Errorf("the status bar says %q", got)
	}
}

func TestEnterBuildsAndTheMapAppears(t *testing.T) {
	b := newBench(t, &fakeEngine{})
	b.Open(node())
	b.w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if b.engine.starts != 1 || b.phase != building {
		t.Fatalf("%d sessions, phase %v", b.engine.starts, b.phase)
	}
	if b.w.Canvas().Focused() != fyne.Focusable(b.progress.pause) {
		t.Errorf("another Enter goes to %v", b.w.Canvas().Focused())
	}
	b.engine.end(session.Completed, "")
	if b.where == "" {
		t.Error("it is not told where the map is")
	}
	if b.Build(); b.where != "" {
		t.Errorf("while there is no map it is at %q", b.where)
	}
	b.engine.end(session.Completed, "")
	if b.phase != mapped || b.changed != 4 { // it began, it ended, twice
		t.Fatalf("phase %v, the window was told %d times", b.phase, b.changed)
	}
	if want := "Built 42 tiles in 1 min 01 s; no faults in the data"; b.lastSaid() != want {
		t.Errorf("said %q", b.lastSaid())
	}
	built := node()
	built.HasTiles, built.MaxZoom, built.Bytes = true, 6, 3_000_000
	b.engine.known = built
	b.Open(engine.Node{ID: built.ID, Name: built.Name, HasTiles: true}) // as the tree tells it
	if got := b.mapped.about.Text; !strings.Contains(got, "1,234 tiles") || !strings.Contains(got, "zoom 0–6") {
		t.Errorf("the header says %q", got)
	}
	if b.w.Canvas().Focused() != fyne.Focusable(b.Map) {
		t.Errorf("the keys are not the map's but %T's", b.w.Canvas().Focused())
	}
}

func TestProgressIsShown(t *testing.T) {
	b := newBench(t, &fakeEngine{})
	b.Open(node())
	b.Build()
	e := b.engine
	e.ses.Progress = session.Progress{Download: 100, Simplify1: 25, Overall: 40}
	e.ses.Current, e.ses.Tiles, e.ses.Bytes = "Germany", 7, 1_500_000
	e.ses.Faults = map[string]int{"winding": 2}
	e.tell()
	v := b.progress
	if v.overall.Value != 0.4 || v.stages[0].bar.Value != 1 || v.stages[1].bar.Value != 0.25 || v.stages[2].bar.Value != 0 {
		t.Errorf("bars %v %v %v %v", v.overall.Value, v.stages[0].bar.Value, v.stages[1].bar.Value, v.stages[2].bar.Value)
	}
	for i, want := range []string{"done", "25 %", "waiting"} {
		if got := v.stages[i].detail.Text; got != want {
			t.Errorf("stage %d: %q, want %q", i+1, got, want)
		}
	}
	if v.current.Text != "Germany" || !strings.Contains(v.summary.Text, "1.5 MB of tile data") || !strings.Contains(v.summary.Text, "2 faults") {
		t.Errorf("%q, %q", v.current.Text, v.summary.Text)
	}
	b.Build() // a second one must not begin
	if e.starts != 1 {
		t.Errorf("%d sessions", e.starts)
	}
	other := session.Session{ID: "x", Node: "another", Status: session.Failed}
	e.watch(engine.Session{Session: other})
	if b.phase != building {
		t.Error("the session of another node ended this one")
	}
}

func TestPauseAndResume(t *testing.T) {
	b := newBench(t, &fakeEngine{})
	b.Open(node())
	b.Build()
	test.Tap(b.progress.pause)
	if b.engine.ses.Status != session.Paused || b.progress.pause.Text != "Resume" || b.progress.pause.Disabled() {
		t.Fatalf("%s, the button says %q", b.engine.ses.Status, b.progress.pause.Text)
	}
	b.engine.ses.Reason = "the disk is full."
	b.engine.tell()
	if got := b.progress.current.Text; !strings.Contains(got, "disk is full") || !strings.Contains(got, "kept") {
		t.Errorf("it says %q", got)
	}
	b.engine.ses.Reason = ""
	test.Tap(b.progress.pause)
	if b.engine.ses.Status != session.Running || b.progress.pause.Text != "Pause" {
		t.Errorf("%s, the button says %q", b.engine.ses.Status, b.progress.pause.Text)
	}
}

func TestASessionThatRunsIsShownWhenItsNodeIsOpened(t *testing.T) {
	e := &fakeEngine{}
	e.ses.Session = session.Session{ID: "s", Node: "sample", Status: session.Paused}
	b := newBench(t, e)
	n := node()
	n.Session = session.Paused
	b.Open(n)
	if b.phase != building || b.progress.pause.Text != "Resume" {
		t.Errorf("phase %v, the button says %q", b.phase, b.progress.pause.Text)
	}
}

func TestCancelStopsTheBuild(t *testing.T) {
	b := newBench(t, &fakeEngine{})
	b.Open(node())
	b.Build()
	test.Tap(b.progress.cancel)
	if b.engine.ses.Status != session.Cancelled {
		t.Error("the session is not told")
	}
	if b.phase != empty || b.run != nil || !strings.Contains(b.lastSaid(), "cancelled") {
		t.Errorf("phase %v, said %q", b.phase, b.lastSaid())
	}
	if b.overlayText() != "" {
		t.Error("a cancelled build is told as a failure")
	}
}

func TestAFailedBuildIsTold(t *testing.T) {
	b := newBench(t, &fakeEngine{})
	b.Open(node())
	b.Build()
	b.engine.end(session.Failed, "write tiles: no space left on device")
	text := b.overlayText()
	for _, want := range []string{"could not be built", "no space left", "kept"} {
		if !strings.Contains(text, want) {
			t.Errorf("the dialog does not say %q:\n%s", want, text)
		}
	}
	if b.phase != empty {
		t.Errorf("phase %v", b.phase)
	}
}

func TestABuildThatCannotBeginIsTold(t *testing.T) {
	b := newBench(t, &fakeEngine{startErr: errors.New("the file is gone")})
	b.Open(node())
	b.Build()
	if text := b.overlayText(); !strings.Contains(text, "The file is gone") || b.phase != empty {
		t.Errorf("phase %v:\n%s", b.phase, text)
	}
}

func TestDamagedTilesAreToldAndCanBeRebuilt(t *testing.T) {
	b := newBench(t, &fakeEngine{openErr: errors.New("page 7 is damaged")})
	b.Open(node())
	if text := b.overlayText(); !strings.Contains(text, "Page 7") || !strings.Contains(text, "Build the tiles again") {
		t.Errorf("the dialog says %q", text)
	}
	b.w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	b.engine.openErr = nil
	test.Tap(b.blank.build)
	b.engine.end(session.Completed, "")
	if b.phase != mapped {
		t.Errorf("phase %v", b.phase)
	}
}

func TestPickedUnitsAreShownBeside(t *testing.T) {
	b := newBench(t, &fakeEngine{tiles: waterTiles{}})
	b.Open(node())
	b.Map.OnPick([]*preview.Unit{{Layer: "adm0", ID: 3}})
	if !b.mapped.panel.Visible() {
		t.Error("the panel is not shown")
	}
	b.Map.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if b.mapped.panel.Visible() {
		t.Error("Escape does not close the panel")
	}
}

func TestSavePNG(t *testing.T) {
	b := newBench(t, &fakeEngine{tiles: waterTiles{}})
	b.SavePNG()
	if !strings.Contains(b.lastSaid(), "no map to save") {
		t.Errorf("without a map: %q", b.lastSaid())
	}
	b.Open(node())
	path := filepath.Join(t.TempDir(), "map")
	save := func() {
		b.SavePNG()
		entry := b.w.Canvas().Focused().(*kit.Entry)
		entry.SetText(path)
		entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	}
	save()
	first, err := os.ReadFile(path + ".png")
	if err != nil || !strings.HasPrefix(string(first), "\x89PNG") {
		t.Fatalf("%v; said %q", err, b.lastSaid())
	}
	// A second time it asks, and Escape leaves the file.
	if err := os.WriteFile(path+".png", []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	save()
	if !strings.Contains(b.overlayText(), "is there already") {
		t.Errorf("not asked: %q", b.overlayText())
	}
	b.w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if now, _ := os.ReadFile(path + ".png"); string(now) != "mine" {
		t.Error("the file was replaced without a yes")
	}
	save()
	b.w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if now, _ := os.ReadFile(path + ".png"); string(now) != string(first) {
		t.Error("the file was not replaced after a yes")
	}
	path = filepath.Join(path, "nowhere", "x.png")
	save()
	if !strings.Contains(b.overlayText(), "The map was not saved") {
		t.Errorf("a folder that is not there: %q", b.overlayText())
	}
}

func TestWriteFileLeavesNothingBehind(t *testing.T) {
	dir := t.TempDir()
	broken := errors.New("drawing failed")
	err := writeFile(context.Background(), filepath.Join(dir, "a.png"), false, func(context.Context, io.Writer) error { return broken })
	if !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestChoicesReachTheWindow(t *testing.T) {
	b := newBench(t, &fakeEngine{})
	var lang preview.Language
	var mode kit.Mode
	b.SetLanguage = func(l preview.Language) { lang = l }
	b.SetMode = func(m kit.Mode) { mode = m }
	b.mapped.language.SetSelectedIndex(1)
	b.mapped.mode.SetSelectedIndex(2)
	if lang != preview.Japanese || mode != kit.Dark {
		t.Errorf("%v, %v", lang, mode)
	}
	b.ShowMode(kit.Light)
	if b.mapped.mode.SelectedIndex() != 1 {
		t.Error("the theme is not shown")
	}
}

// A draft cannot be built: its page leads to the form.
func TestDraftLeadsToTheForm(t *testing.T) {
	b := newBench(t, &fakeEngine{openErr: engine.ErrNoTiles})
	edits := 0
	b.host.Edit = func() { edits++ }
	n := node()
	n.New, n.Draft = true, true
	b.Open(n)
	if b.blank.build.Visible() || !strings.Contains(b.blank.text.Text, "not finished") {
		t.Errorf("the page of a draft says %q", b.blank.text.Text)
	}
	b.w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if edits != 1 || b.engine.starts != 0 {
		t.Errorf("Enter: %d edits, %d sessions", edits, b.engine.starts)
	}
	b.Open(node()) // finished: the same node is in the tree
	if !b.blank.build.Visible() || b.blank.goOn.Visible() {
		t.Error("what is finished cannot be built")
	}
}

// A map that opens leaves the keys to the tree, and to what lies over the
// window.
func TestMapTakesNoKeysAway(t *testing.T) {
	b := newBench(t, &fakeEngine{tiles: waterTiles{}})
	other := kit.NewEntry("")
	b.w.SetContent(container.NewBorder(other, nil, nil, nil, b.Content))
	b.w.Canvas().Focus(other)
	b.Open(node())
	if b.phase != mapped || b.w.Canvas().Focused() != fyne.Focusable(other) {
		t.Errorf("the keys went to %T", b.w.Canvas().Focused())
	}
	b.w.Canvas().Unfocus()
	d := kit.Ask(b.w, "Title", "Text", "Yes", "No", func() {})
	second := node()
	second.ID = "second"
	b.Open(second)
	d.Close()
	if got := b.w.Canvas().Focused(); got != nil {
		t.Errorf("under a dialog the keys went to %T", got)
	}
}

// Showing a container neither lays it out nor draws it: the page stayed at its
// name, without a button, until something else was drawn.
func TestTheWayOnHasItsPlaceWhenItIsShown(t *testing.T) {
	b := newBench(t, &fakeEngine{})
	b.Open(node())
	b.blank.setReady(false)
	b.blank.invite.Resize(fyne.NewSize(0, 0))
	b.blank.setReady(true)
	if got := b.blank.invite.Size(); got.Width == 0 || got.Height == 0 {
		t.Errorf("what is shown is %v in size: it was not laid out", got)
	}
}
