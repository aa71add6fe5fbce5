package shapeform

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/gui/kit"
)

func (b *bench) isOpen() bool { return b.w.Canvas().Overlays().Top() != nil }

func (b *bench) typeName(text string) {
	b.pages[shape.StepName].first.(*kit.Entry).SetText(text)
}

func TestMakingAShape(t *testing.T) {
	b := newBench(t, newEdit(), kit.InlineTasks())
	b.press(t, "Next")
	if got := b.texts(); b.model.step() != shape.StepName || !strings.Contains(got, "is empty; give 1 to 255 characters") {
		t.Fatalf("step %v says %q", b.model.step(), got)
	}
	b.typeName("Europe")
	for range 4 {
		b.press(t, "Next")
	}
	if b.model.step() != shape.StepSelection {
		t.Fatalf("step %v", b.model.step())
	}
	b.press(t, "Create")
	if b.isOpen() || fmt.Sprint(b.engine.told, b.ends) != "[finish n1] [0]" {
		t.Fatalf("open %v, told %v, ends %v", b.isOpen(), b.engine.told, b.ends)
	}
	if w := b.engine.last(); w.Name != "Europe" || !w.Shape.Selection.Everything() {
		t.Errorf("written %q, %s", w.Name, w.Shape.Selection)
	}
}

func TestChangingAShapeShowsWhatChanged(t *testing.T) {
	b := newBench(t, oldEdit(), kit.InlineTasks())
	b.press(t, "4  Processing")
	for _, s := range all[*kit.Select](b) {
		if len(s.Options) == 20 {
			s.SetSelected("8")
		}
	}
	b.press(t, "Save")
	if got := b.texts(); !strings.Contains(got, "Deepest zoom: 8   (was: Automatic)") {
		t.Fatalf("asked %q", got)
	}
	b.press(t, "Go on editing")
	if len(b.engine.told) != 0 {
		t.Fatalf("told %v", b.engine.told)
	}
	b.press(t, "Save")
	b.press(t, "Save")
	if fmt.Sprint(b.engine.told) != "[finish n1]" || b.engine.last().Shape.Config.VectorTiles.MaxZoom != 8 {
		t.Errorf("told %v", b.engine.told)
	}
}

func TestSavingNothingChangesNothing(t *testing.T) {
	b := newBench(t, oldEdit(), kit.InlineTasks())
	b.press(t, "Save")
	if fmt.Sprint(b.engine.told, b.said) != "[discard n1] [Nothing was changed]" {
		t.Errorf("told %v, said %v", b.engine.told, b.said)
	}
}

func TestLeaving(t *testing.T) {
	for _, tt := range []struct {
		answer string
		told   string
		open   bool
	}{
		{"Go on editing", "[]", true},
		{"Keep as draft", "[keep n1]", false},
		{"Discard the changes", "[discard n1]", false},
	} {
		b := newBench(t, oldEdit(), kit.InlineTasks())
		b.typeName("Other")
		b.w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
		b.press(t, tt.answer)
		if got := fmt.Sprint(b.engine.told); got != tt.told || b.isOpen() != tt.open {
			t.Errorf("%s: told %s, open %v", tt.answer, got, b.isOpen())
		}
	}
	b := newBench(t, oldEdit(), kit.InlineTasks())
	b.Leave()
	if fmt.Sprint(b.engine.told) != "[discard n1]" || b.isOpen() {
		t.Errorf("a form without changes: told %v", b.engine.told)
	}
	draft := oldEdit()
	draft.Draft, draft.Changes = true, []string{"name"}
	b = newBench(t, draft, kit.InlineTasks())
	b.Leave()
	if fmt.Sprint(b.engine.told) != "[keep n1]" {
		t.Errorf("a draft that was only looked at: told %v", b.engine.told)
	}
}

func TestRefusedAtFinish(t *testing.T) {
	b := newBench(t, oldEdit(), kit.InlineTasks())
	b.typeName("Taken")
	b.engine.finish = fmt.Errorf("finish Taken: %w", tree.ErrTaken)
	b.goTo(shape.StepProcessing)
	b.press(t, "Save")
	b.press(t, "Save")
	if got := b.texts(); b.model.step() != shape.StepName || !strings.Contains(got, "is taken by another") {
		t.Fatalf("step %v says %q", b.model.step(), got)
	}
	b.engine.finish = errors.New("core.db: no space left on device")
	b.typeName("Free")
	b.press(t, "Save")
	b.press(t, "Save")
	if got := b.texts(); !strings.Contains(got, "no space left on device") || !strings.Contains(got, "The form is still open") {
		t.Errorf("told %q", got)
	}
	b.press(t, "Close")
	if !b.isOpen() {
		t.Error("the form went with the message")
	}
}

func TestOwnFiles(t *testing.T) {
	b := newBench(t, newEdit(), kit.InlineTasks())
	b.typeName("Mine")
	b.press(t, "Next")
	b.press(t, "Files of your own")
	b.press(t, "Next")
	if got := b.texts(); !strings.Contains(got, "at least one file must be named") {
		t.Fatalf("told %q", got)
	}
	dir := t.TempDir()
	good := filepath.Join(dir, "a.geojson")
	if err := os.WriteFile(good, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{good, filepath.Join(dir, "gone.shp"), dir} {
		for _, e := range all[*kit.Entry](b) {
			if e.PlaceHolder == "Path of a file" {
				e.SetText(path)
			}
		}
		b.press(t, "Add")
	}
	got := b.texts()
	for _, want := range []string{"a.geojson", "gone.shp: no such file", "is a folder"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not told in %q", want, got)
		}
	}
	for _, e := range all[*kit.Entry](b) {
		if strings.HasPrefix(e.PlaceHolder, "layer") {
			e.SetText("units")
			break
		}
	}
	if w := b.engine.last(); len(w.Shape.Files) != 3 || w.Shape.Files[0] != (shape.File{Path: good, Layer: "units"}) {
		t.Errorf("written %v", w.Shape.Files)
	}
	for _, x := range all[*kit.Button](b) {
		if x.Icon != nil && x.Icon.Name() == theme.DeleteIcon().Name() {
			b.w.Canvas().Focus(x) // the last one has it in the end
		}
	}
	b.key(fyne.KeyReturn)
	b.key(fyne.KeyReturn)
	if files := b.engine.last().Shape.Files; len(files) != 2 || b.model.step() != shape.StepSource {
		t.Errorf("%d files are left, step %v", len(files), b.model.step())
	}
	b.press(t, "Next")
	b.press(t, "Next")
	if b.model.step() != shape.StepProcessing || !b.finish.Visible() {
		t.Error("own files are asked for countries")
	}
}

func TestConsentIsRecorded(t *testing.T) {
	e := oldEdit()
	e.Shape.Source = shape.Local
	b := newBench(t, e, kit.InlineTasks())
	b.press(t, "3  Licence")
	for _, c := range all[*kit.Check](b) {
		c.SetChecked(true)
	}
	l := b.engine.last().Shape.License
	if l == nil || l.Who != "aiko" || !l.When.Equal(clockNow()) || l.Source != shape.Local {
		t.Fatalf("recorded %+v", l)
	}
	if got := b.texts(); !strings.Contains(got, "Accepted by aiko on 14 March 2026") {
		t.Errorf("told %q", got)
	}
}

func TestSelectionByPointerAndKeys(t *testing.T) {
	b := newBench(t, oldEdit(), kit.InlineTasks())
	b.press(t, "5  Countries and levels")
	b.pages[shape.StepSelection].first.(*kit.Entry).SetText("jpn")
	lists := all[*kit.List](b)
	if len(lists) != 1 {
		t.Fatalf("%d lists", len(lists))
	}
	for _, c := range all[*kit.Check](b) {
		if strings.HasPrefix(c.Text, "Everything") {
			c.SetChecked(false)
		}
	}
	if s := b.engine.last().Shape.Selection; !s.Empty() {
		t.Fatalf("cleared to %s", s)
	}
	if got := b.texts(); !strings.Contains(got, "nothing is chosen") {
		t.Errorf("told %q", got)
	}
	lists[0].Choose(0)
	lists[0].TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	if s := b.engine.last().Shape.Selection.String(); s != "JPN:0-1" {
		t.Errorf("chosen %s", s)
	}
	if got := b.texts(); !strings.Contains(got, "Countries: 1 of 205") {
		t.Errorf("told %q", got)
	}
}

func TestCountriesThatCannotBeListed(t *testing.T) {
	b := newBench(t, oldEdit(), kit.InlineTasks())
	b.dialog.Close()
	fail := true
	b.Form = Open(Host{
		Window: b.w, Clipboard: b.app.Clipboard(), Tasks: kit.InlineTasks(), Engine: b.engine, Now: clockNow,
		Countries: func(context.Context) ([]Country, error) {
			if fail {
				return nil, errors.New("the sample is damaged")
			}
			return countries(), nil
		},
	}, oldEdit())
	b.press(t, "5  Countries and levels")
	if got := b.texts(); !strings.Contains(got, "the sample is damaged") {
		t.Fatalf("told %q", got)
	}
	fail = false
	b.press(t, "Try again")
	if got := b.texts(); !strings.Contains(got, "Japan") {
		t.Errorf("told %q", got)
	}
}

// Every change is written within 150 ms, many quick ones once.
func TestChangesAreWrittenInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tasks, run := kit.QueueTasks()
		settle := func() { synctest.Wait(); run(); synctest.Wait(); run() }
		b := newBench(t, oldEdit(), tasks)
		settle()
		for i := range 100 {
			b.typeName(fmt.Sprint("Name ", i))
			time.Sleep(10 * time.Millisecond)
			settle()
			if i == 14 {
				if w := b.engine.last(); w.Name == "" {
					t.Error("nothing is written after 150 ms")
				}
			}
		}
		time.Sleep(150 * time.Millisecond)
		settle()
		if w := b.engine.last(); w.Name != "Name 99" || !b.model.edit.Dirty {
			t.Errorf("written %q", w.Name)
		}
		if n := len(b.engine.writes); n > 12 {
			t.Errorf("%d writes in a second", n)
		}
		b.Leave()
		settle()
		b.press(t, "Keep as draft")
		settle()
		if b.isOpen() || fmt.Sprint(b.engine.told) != "[keep n1]" {
			t.Errorf("told %v", b.engine.told)
		}
	})
}

// A slow write must neither overtake a newer one nor come after the end.
func TestNothingIsWrittenAfterTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tasks, run := kit.QueueTasks()
		settle := func() { synctest.Wait(); run(); synctest.Wait(); run() }
		b := newBench(t, oldEdit(), tasks)
		b.engine.hold, b.engine.started = make(chan struct{}), make(chan struct{}, 100)
		b.typeName("first")
		time.Sleep(200 * time.Millisecond)
		settle() // the first write waits in the engine
		b.typeName("second")
		time.Sleep(200 * time.Millisecond)
		settle()
		b.keep()
		close(b.engine.hold)
		settle()
		time.Sleep(time.Second)
		settle()
		var names []string
		for _, w := range b.engine.writes {
			names = append(names, w.Name)
		}
		if got := fmt.Sprint(names, b.engine.told); !strings.HasSuffix(got, "second] [keep n1]") || strings.Count(got, "first") != 1 {
			t.Errorf("written and told %s", got)
		}
	})
}

func TestAFailedWriteIsTold(t *testing.T) {
	b := newBench(t, oldEdit(), kit.InlineTasks())
	b.engine.err = errors.New("no space left on device")
	b.typeName("x")
	if !strings.Contains(b.status.Text, "no space left on device") || len(b.logged) != 1 {
		t.Errorf("told %q, logged %v", b.status.Text, b.logged)
	}
	b.keep()
	if !b.isOpen() || len(b.engine.told) != 0 {
		t.Error("the form went, with what was never written")
	}
	b.press(t, "Close")
	b.engine.err = nil
	b.typeName("xy")
	if b.engine.last().Name != "xy" || strings.Contains(b.status.Text, "no space") {
		t.Error("is not tried again with the next change")
	}
}
