package shapeform

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"pgregory.net/rapid"
)

func TestStepsOfASource(t *testing.T) {
	m := newModel(newEdit())
	if n := len(m.steps()); n != 5 || m.last() {
		t.Errorf("%d steps for the bundled world", n)
	}
	for range 9 {
		m.move(1)
	}
	if m.step() != shape.StepSelection || !m.last() {
		t.Errorf("the last step is %v", m.step())
	}
	m.edit.Shape.SetSource(shape.Local)
	if n := len(m.steps()); n != 4 || m.step() != shape.StepName {
		t.Errorf("%d steps for own files, at %v", n, m.step())
	}
}

// Linear when creating, free when editing.
func TestWhereOneMayGo(t *testing.T) {
	fresh, old := newModel(newEdit()), newModel(oldEdit())
	for _, s := range old.steps() {
		if fresh.open(s) != (s == shape.StepName) || !old.open(s) {
			t.Errorf("step %v: new %v, old %v", s, fresh.open(s), old.open(s))
		}
	}
	fresh.move(2)
	fresh.move(-1)
	if !fresh.open(shape.StepLicense) {
		t.Error("a step that was seen cannot be gone back to")
	}
	draft := newEdit()
	draft.Step = int(shape.StepProcessing)
	if m := newModel(draft); m.step() != shape.StepProcessing || !m.open(shape.StepLicense) {
		t.Error("a draft does not go on where it was")
	}
	draft.Step = -7
	if m := newModel(draft); m.step() != shape.StepName {
		t.Errorf("step %v of a damaged draft", m.step())
	}
}

func TestWhatCannotBeStaysTyped(t *testing.T) {
	m := newModel(newEdit())
	for _, tt := range []struct{ name, text, why string }{
		{"simplify2.tolerance", "65", "must be 0 to 64 tile units"},
		{"simplify2.tolerance", "a", "must be 0 to 64 tile units"},
		{"simplify2.tolerance", "NaN", "must be 0 to 64 tile units"},
		{"simplify2.tolerance", "", "must be 0 to 64 tile units"},
		{"vectorTiles.buffer", "-1", "must be 0 to 256 tile units"},
		{"vectorTiles.minzoom", "99", "must be a zoom 0 to 18"},
		{"simplify1.maxVertices", "1e9", "must be 0 to"},
		{"vectorTiles.tileCountThresholdForZoomStop", "0", "must be 1 to"},
	} {
		before := m.edit.Shape.Config.Simplify2.Tolerance
		m.set(tt.name, tt.text)
		if m.text(tt.name) != tt.text || m.edit.Shape.Config.Simplify2.Tolerance != before {
			t.Errorf("%s=%q: shown %q", tt.name, tt.text, m.text(tt.name))
		}
		if got := m.problem(tt.name, shape.StepProcessing); !strings.HasPrefix(got, tt.why) {
			t.Errorf("%s=%q: %q, want %q", tt.name, tt.text, got, tt.why)
		}
		if m.touchStep(shape.StepProcessing) {
			t.Errorf("%s=%q passes", tt.name, tt.text)
		}
	}
	for _, s := range settings() {
		f, err := shape.FieldNamed(s.name)
		if err != nil {
			t.Fatal(err)
		}
		m.set(s.name, f.Default)
	}
	if !m.touchStep(shape.StepProcessing) || m.changed() {
		t.Errorf("the defaults are wrong: %v, %v", m.problems(shape.StepProcessing), m.changes())
	}
}

// Whatever is typed, the working copy only ever holds what is valid, or says
// what is wrong.
func TestTypingAnythingIsSafe(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := newModel(newEdit())
		for range 5 {
			s := rapid.SampledFrom(settings()).Draw(t, "field")
			m.set(s.name, rapid.OneOf(rapid.String(), rapid.StringMatching(`-?[0-9]{1,4}`), rapid.SampledFrom([]string{"keep", "drop", "true", "visvalingam"})).Draw(t, "text"))
		}
		wrong := m.edit.Shape.Config.Validate() != nil || len(m.typed) > 0
		if m.touchStep(shape.StepProcessing) == wrong {
			t.Fatalf("wrong %v, but told %v", wrong, m.problems(shape.StepProcessing))
		}
		if wrong && len(m.problems(shape.StepProcessing)) == 0 {
			t.Fatal("something is wrong and nothing is told")
		}
	})
}

// The field of the smallest area goes with its policy; its value must not stay
// behind and be refused.
func TestTheAreaGoesWithItsPolicy(t *testing.T) {
	m := newModel(newEdit())
	m.set("vectorTiles.small", shape.SmallDrop)
	m.set("simplify1.minArea", "12")
	m.set("vectorTiles.small", shape.SmallFit)
	if !m.touchStep(shape.StepProcessing) {
		t.Errorf("%v", m.problems(shape.StepProcessing))
	}
}

func TestNothingIsToldOfFieldsNotComeTo(t *testing.T) {
	m := newModel(newEdit())
	if m.problem("name", shape.StepName) != "" {
		t.Error("scolds for a name that nobody had time to enter")
	}
	m.touchStep(shape.StepName)
	if m.problem("name", shape.StepName) == "" {
		t.Error("an empty name is not told")
	}
}

func TestRefusedFieldsAreShownUntilChanged(t *testing.T) {
	m := newModel(oldEdit())
	for _, tt := range []struct {
		err   error
		field string
		step  shape.Step
	}{
		{fmt.Errorf("finish: %w", &shape.InvalidError{Fields: []shape.InvalidField{{Step: shape.StepProcessing, Field: "simplify2.tolerance", Why: "must be less"}}}), "simplify2.tolerance", shape.StepProcessing},
		{fmt.Errorf("finish: %w", tree.ErrTaken), "name", shape.StepName},
		{&tree.NameError{Field: "description", Problem: "is too long"}, "description", shape.StepName},
	} {
		if !m.refuse(tt.err) {
			t.Errorf("%v is about no field", tt.err)
		}
		if s, ok := m.firstBad(); !ok || s != tt.step || m.problem(tt.field, tt.step) == "" {
			t.Errorf("%v: shown at step %v, %q", tt.err, s, m.problem(tt.field, tt.step))
		}
		m.touch(tt.field)
		if _, ok := m.firstBad(); ok {
			t.Errorf("%v is still shown after a change", tt.err)
		}
	}
	if m.refuse(errors.New("the disk is full")) {
		t.Error("a full disk is no field")
	}
}

func TestChangesAreListed(t *testing.T) {
	m := newModel(oldEdit())
	if m.changed() {
		t.Fatalf("changes at the start: %v", m.changes())
	}
	m.edit.Name = "Europe"
	m.set("vectorTiles.maxzoom", "8")
	m.set("simplify1.algorithm", string(shape.Visvalingam))
	m.edit.Shape.Selection = shape.Selection{"ITA": {0, 1}}
	want := []string{
		"Name: Europe   (was: Provinces of Europe)",
		"Simplify by: Area (Visvalingam): smoother outlines   (was: Distance (Douglas–Peucker): stays close to the border)",
		"Deepest zoom: 8   (was: Automatic)",
		"Countries and levels: ITA:0-1   (was: everything)",
	}
	if got := m.changes(); !slices.Equal(got, want) {
		t.Errorf("changes:\n%s", strings.Join(got, "\n"))
	}
	m.edit.Description = strings.Repeat("long ", 100)
	for _, line := range m.changes() {
		if n := len([]rune(line)); n > 200 {
			t.Errorf("a line of %d characters", n)
		}
	}
}

// The fields of the form are fields of the model, and each choice has a word.
func TestSettingsAreTheModels(t *testing.T) {
	for _, s := range settings() {
		f, err := shape.FieldNamed(s.name)
		if err != nil {
			t.Error(err)
			continue
		}
		if f.Type != "choice" {
			continue
		}
		for _, c := range f.Choices {
			if s.choices[c] == "" || choiceOf(s, f.Choices, s.choices[c]) != c {
				t.Errorf("%s: no word for %s", s.name, c)
			}
		}
	}
	for _, w := range zoomWords() {
		if zoomWord(zoomOf(w)) != w {
			t.Errorf("zoom %s", w)
		}
	}
}

// A step's field is where stepOf says.
func TestStepOf(t *testing.T) {
	bad := newEdit()
	bad.Shape.Source = shape.Local
	bad.Shape.Files = []shape.File{{Path: "relative"}}
	bad.Shape.Metadata.Tags = []string{""}
	bad.Shape.Config.VectorTiles.Buffer = -1
	bad.Shape.Selection = shape.Nothing()
	for _, f := range shape.InvalidFields(bad.Shape.Validate()) {
		if stepOf(f.Field) != f.Step {
			t.Errorf("%s is at step %v, not %v", f.Field, f.Step, stepOf(f.Field))
		}
		if fieldWord(f.Field) == "" {
			t.Errorf("%s has no word", f.Field)
		}
	}
}

func TestCloneSharesNothing(t *testing.T) {
	a := oldEdit()
	a.Shape.Selection = shape.Selection{"ITA": {0}}
	b := clone(a)
	b.Shape.Selection["ITA"][0] = 5
	if a.Shape.Selection["ITA"][0] != 0 {
		t.Error("shared")
	}
	if c := clone(engine.Edit{}); c.Shape == nil || c.Shape.Config.Validate() != nil {
		t.Error("an edit without a shape has no valid settings")
	}
}
