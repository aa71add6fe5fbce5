package nodepage

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/pipeline"
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

func TestEnterBuildsAndTheMapAppears(t *testing.T) {
	b := newBench(t, &fakeEngine{})
	b.Open(node())
	b.w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if b.engine.builds != 1 || b.phase != mapped {
		t.Fatalf("%d builds, phase %v", b.engine.builds, b.phase)
	}
	if b.changed != 1 {
		t.Errorf("the window was told %d times", b.changed)
	}
	if want := "Built 42 tiles, 2.0 MB, in 1 min 01 s; no faults in the data"; b.lastSaid() != want {
		t.Errorf("said %q", b.lastSaid())
	}
	built := node()
	built.HasTiles, built.MaxZoom, built.Bytes = true, 6, 3_000_000
	b.Open(built)
	if got := b.mapped.about.Text; !strings.Contains(got, "1,234 tiles") || !strings.Contains(got, "zoom 0–6") {
		t.Errorf("the header says %q", got)
	}
	if b.w.Canvas().Focused() != fyne.Focusable(b.Map) {
		t.Errorf("the keys are not the map's but %T's", b.w.Canvas().Focused())
	}
}

func TestProgressIsShown(t *testing.T) {
	b := newBench(t, &fakeEngine{})
	e := b.engine
	e.build = func(_ context.Context, onProgress func(pipeline.Progress)) (engine.Stats, error) {
		p := pipeline.Progress{Overall: 0.4, Current: "Germany", Tiles: 7, Bytes: 1_500_000, Faults: 2}
		p.Stages[0] = pipeline.StageProgress{Done: 1, Total: 1, Items: 1, Finished: true}
		p.Stages[1] = pipeline.StageProgress{Done: 1, Total: 4, Items: 1500, Running: 2}
		onProgress(p)
		v := b.progress
		if v.overall.Value != 0.4 || v.stages[0].bar.Value != 1 || v.stages[1].bar.Value != 0.25 || v.stages[2].bar.Value != 0 {
			t.Errorf("bars %v %v %v %v", v.overall.Value, v.stages[0].bar.Value, v.stages[1].bar.Value, v.stages[2].bar.Value)
		}
		if got := v.stages[0].detail.Text; got != "1 file" {
			t.Errorf("stage 1: %q", got)
		}
		if got := v.stages[1].detail.Text; got != "1,500 borders  (2 at work)" {
			t.Errorf("stage 2: %q", got)
		}
		if v.current.Text != "Germany" || !strings.Contains(v.summary.Text, "1.5 MB") || !strings.Contains(v.summary.Text, "2 faults") {
			t.Errorf("%q, %q", v.current.Text, v.summary.Text)
		}
		if b.phase != building || !b.Building() {
			t.Errorf("phase %v", b.phase)
		}
		b.Build() // a second one must not begin
		return engine.Stats{}, nil
	}
	b.Open(node())
	b.Build()
	if e.builds != 1 {
		t.Errorf("%d builds", e.builds)
	}
}

func TestCancelStopsTheBuild(t *testing.T) {
	b := newBench(t, &fakeEngine{})
	b.engine.build = func(ctx context.Context, _ func(pipeline.Progress)) (engine.Stats, error) {
		test.Tap(b.progress.cancel)
		if !b.progress.cancel.Disabled() {
			t.Error("Cancel can be pressed twice")
		}
		if ctx.Err() == nil {
			t.Error("the build is not told")
		}
		return engine.Stats{}, ctx.Err()
	}
	b.Open(node())
	b.Build()
	if b.phase != empty || b.Building() || !strings.Contains(b.lastSaid(), "cancelled") {
		t.Errorf("phase %v, said %q", b.phase, b.lastSaid())
	}
	if b.overlayText() != "" {
		t.Error("a cancelled build is told as a failure")
	}
}

func TestAFailedBuildIsTold(t *testing.T) {
	b := newBench(t, &fakeEngine{})
	b.engine.build = func(context.Context, func(pipeline.Progress)) (engine.Stats, error) {
		return engine.Stats{}, errors.New("write tiles: no space left on device")
	}
	b.Open(node())
	b.Build()
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

func TestDamagedTilesAreToldAndCanBeRebuilt(t *testing.T) {
	b := newBench(t, &fakeEngine{openErr: errors.New("page 7 is damaged")})
	b.Open(node())
	if text := b.overlayText(); !strings.Contains(text, "page 7") || !strings.Contains(text, "Build the tiles again") {
		t.Errorf("the dialog says %q", text)
	}
	b.w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	b.engine.openErr = nil
	test.Tap(b.blank.build)
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
