package shapeform

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/gui/kit"
	"pgregory.net/rapid"
)

func fakeMatrix(t testing.TB) *matrix {
	t.Helper()
	m, err := (&fakeCatalog{}).Offers(t.Context(), shape.GeoBoundaries, shape.Variant{})
	if err != nil {
		t.Fatal(err)
	}
	return offersMatrix(m)
}

// ofBoundaries is the working copy of a shape of geoBoundaries.
func ofBoundaries(sel shape.Selection) *shape.Shape {
	return &shape.Shape{Node: "n1", Source: shape.GeoBoundaries, Selection: sel, Config: shape.Defaults()}
}

func (b *bench) check(t *testing.T, word string) *kit.Check {
	t.Helper()
	for _, c := range all[*kit.Check](b) {
		if strings.HasPrefix(c.Text, word) {
			return c
		}
	}
	t.Fatalf("there is no mark %q; there is %q", word, b.texts())
	return nil
}

func (b *bench) pick(t *testing.T, word string) {
	t.Helper()
	for _, s := range all[*kit.Select](b) {
		for _, o := range s.Options {
			if o == word {
				s.SetSelected(word)
				return
			}
		}
	}
	t.Fatalf("there is no choice %q", word)
}

// A shape of a source that is fetched, from the first step to the last.
func TestMakingAShapeOfASourceOfTheNetwork(t *testing.T) {
	b := newBench(t, newEdit(), kit.InlineTasks())
	b.typeName("Japan")
	b.press(t, "Next")
	if got := b.texts(); !strings.Contains(got, "Levels 0 to 3 of 3 countries  ·  Version: 20 Feb 2024  ·  Licence: Open licences, by layer") {
		t.Errorf("the cards say %q", got)
	}
	b.press(t, "geoBoundaries")
	if got := b.texts(); !strings.Contains(got, "Files are at a server.") {
		t.Errorf("the card says %q", got)
	}
	b.press(t, "Next")
	for _, want := range []string{"nothing is chosen yet", "CC BY 4.0: 4 layers", "ODbL 1.0: 1 layer", "Made by Maker of", "may not be given to others, and may not be used commercially"} {
		if got := b.texts(); !strings.Contains(got, want) {
			t.Errorf("%q is not told in %q", want, got)
		}
	}
	b.press(t, "Next")
	if b.model.step() != shape.StepLicense {
		t.Fatalf("goes on without consent to step %v", b.model.step())
	}
	b.check(t, "I accept").SetChecked(true)
	b.press(t, "Next")
	b.press(t, "Next")
	b.press(t, "Create")
	if got := b.texts(); !strings.Contains(got, "nothing is chosen") {
		t.Fatalf("told %q", got)
	}
	b.sight.search.SetText("nippon")
	b.key(fyne.KeyDown)
	b.key("1")
	b.key("2") // there is none
	if s := b.engine.last().Shape.Selection.String(); s != "JPN:1" {
		t.Errorf("chosen %s", s)
	}
	if got := b.texts(); !strings.Contains(got, "1 of 6 layers in 1 country  ·  about 2.0 MB to fetch  ·  ODbL 1.0 (1)") {
		t.Errorf("told %q", got)
	}
	if got := b.texts(); !strings.Contains(got, "Level 1:  title 1  ·  47 units  ·  2019  ·  2.0 MB  ·  ODbL 1.0  ·  by Maker of JPN") || !strings.Contains(got, "Level 3:  not offered") {
		t.Errorf("told %q", got)
	}
	b.press(t, "Create")
	w := b.engine.last().Shape
	if b.isOpen() || w.Source != shape.GeoBoundaries || w.License == nil || !strings.Contains(w.License.Text, "ODbL 1.0 (1)") {
		t.Errorf("open %v, written %+v", b.isOpen(), w)
	}
}

// Who accepted some licences is asked again once the selection has others.
func TestOtherLicencesAreAskedForAgain(t *testing.T) {
	e := oldEdit()
	e.Shape = ofBoundaries(shape.Selection{"FRA": {0}})
	b := newBench(t, e, kit.InlineTasks())
	b.press(t, "3  Licence")
	b.check(t, "I accept").SetChecked(true)
	if b.model.edit.Shape.License == nil || len(b.model.unaccepted()) != 0 {
		t.Fatalf("the consent is %+v", b.model.edit.Shape.License)
	}
	b.goTo(shape.StepSelection)
	b.sight.set(shape.Selection{"FRA": {0}, "JPN": {0}})
	if len(b.model.unaccepted()) != 0 {
		t.Error("more of the same licence is asked for again")
	}
	b.sight.set(shape.Selection{"JPN": {0, 1}})
	if got := fmt.Sprint(b.model.unaccepted()); got != "[ODbL 1.0]" {
		t.Fatalf("not accepted: %s", got)
	}
	b.press(t, "Save")
	if got := b.texts(); b.model.step() != shape.StepLicense || !strings.Contains(got, "not accepted: ODbL 1.0") || b.check(t, "I accept").Checked {
		t.Fatalf("step %v says %q", b.model.step(), got)
	}
	b.check(t, "I accept").SetChecked(true)
	b.press(t, "Save")
	b.press(t, "Save")
	if b.isOpen() || fmt.Sprint(b.engine.told) != "[finish n1]" {
		t.Errorf("told %v", b.engine.told)
	}
}

func TestEditionsOfASource(t *testing.T) {
	b := newBench(t, newEdit(), kit.InlineTasks())
	b.typeName("World")
	b.press(t, "Next")
	b.press(t, "Natural Earth")
	b.pick(t, "Japan")
	bad := shape.Variant{Scale: "110m", Worldview: "jpn"}
	b.engine.offers = map[shape.Variant]error{bad: fmt.Errorf("no views at 110m: %w", source.ErrVariant)}
	b.pick(t, "1:110 million")
	if got := b.texts(); b.model.edit.Shape.Variant != bad || !strings.Contains(got, "Edition: no views at 110m") {
		t.Fatalf("%+v says %q", b.model.edit.Shape.Variant, got)
	}
	b.press(t, "Next")
	if b.model.step() != shape.StepSource {
		t.Error("goes on with an edition that is not there")
	}
	b.pick(t, "1:10 million")
	if v := b.model.edit.Shape.Variant; v != (shape.Variant{Worldview: "jpn"}) {
		t.Errorf("the usual scale is kept as %+v", v)
	}
	b.press(t, "Next")
	if got := b.texts(); !strings.Contains(got, "Nothing has to be accepted") {
		t.Errorf("told %q", got)
	}
}

func TestSourcesThatCannotBeListed(t *testing.T) {
	b := newBench(t, oldEdit(), kit.InlineTasks())
	b.dialog.Close()
	b.engine.sources = errors.New("the cache is damaged")
	b.open(oldEdit(), kit.InlineTasks())
	b.press(t, "2  Source")
	if got := b.texts(); !strings.Contains(got, "the cache is damaged") || !strings.Contains(got, "[The bundled world]") {
		t.Fatalf("told %q", got)
	}
	b.engine.sources = nil
	b.press(t, "Try again")
	if got := b.texts(); !strings.Contains(got, "[geoBoundaries]") {
		t.Errorf("told %q", got)
	}
}

// What another source has and this one does not is told, and left out when
// people say so.
func TestWhatASourceDoesNotHave(t *testing.T) {
	e := oldEdit()
	e.Shape = ofBoundaries(shape.Selection{"JPN": {0, 2}, "ZZZ": {1}, "FRA": {3}})
	b := newBench(t, e, kit.InlineTasks())
	b.press(t, "Save")
	b.goTo(shape.StepSelection)
	if got := b.texts(); !strings.Contains(got, "the source does not have JPN:2, ZZZ:1") {
		t.Fatalf("told %q", got)
	}
	b.press(t, "Leave out what the source does not have")
	if s := b.engine.last().Shape.Selection.String(); s != "FRA:3,JPN:0" {
		t.Errorf("left %s", s)
	}
}

func TestContinents(t *testing.T) {
	e := oldEdit()
	e.Shape = ofBoundaries(shape.Nothing())
	b := newBench(t, e, kit.InlineTasks())
	b.press(t, "5  Countries and levels")
	b.pick(t, "Europe")
	b.check(t, "Level 0").SetChecked(true)
	if s := b.engine.last().Shape.Selection.String(); s != "FRA:0,VAT:0" {
		t.Errorf("chosen %s", s)
	}
	b.sight.search.SetText("nippon")
	if n := len(b.sight.matrix().found); n != 0 {
		t.Errorf("%d found of another continent", n)
	}
}

// Any marks set and cleared: the selection holds what is there and was marked,
// and names nothing that is not there.
func TestMarksOfASourceWithGaps(t *testing.T) {
	m := fakeMatrix(t)
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.SampledFrom([]shape.Selection{nil, shape.Nothing(), {shape.All: {1}}, {shape.All: {0, 3}, "FRA": {1}}}).Draw(t, "start")
		marks := map[string]bool{}
		m.each(s, func(r *row, level uint8) { marks[fmt.Sprint(r.ISO3, level)] = true })
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			on, level := rapid.Bool().Draw(t, "on"), uint8(rapid.IntRange(0, 3).Draw(t, "level"))
			i := rapid.IntRange(0, len(m.rows)-1).Draw(t, "country")
			some := m.rows[i:rapid.IntRange(i+1, len(m.rows)).Draw(t, "to")]
			s = m.choose(s, some, level, on)
			for _, r := range some {
				marks[fmt.Sprint(r.ISO3, level)] = on && r.has[level]
			}
			for _, r := range m.rows {
				for level := range uint8(4) {
					if got, want := r.has[level] && s.Has(r.ISO3, level), marks[fmt.Sprint(r.ISO3, level)]; got != want {
						t.Fatalf("%s level %d in %s: %v", r.ISO3, level, s, got)
					}
				}
			}
			if missing := m.missing(s); len(missing) > 0 {
				t.Fatalf("%s names %v", s, missing)
			}
		}
	})
}

func TestTotals(t *testing.T) {
	m := fakeMatrix(t)
	for _, tt := range []struct {
		sel  shape.Selection
		want string
	}{
		{shape.Nothing(), "Nothing of 6 layers is chosen"},
		{shape.Selection{"FRA": {1}}, "1 of 6 layers in 1 country  ·  1 at hand  ·  CC BY 4.0 (1)"},
		{shape.Selection{"FRA": {3}}, "1 of 6 layers in 1 country  ·  size known only once fetched  ·  Closed (1)"},
		{nil, "6 of 6 layers in 3 countries  ·  more than 7.0 MB to fetch, 1 at hand  ·  CC BY 4.0 (4), Closed (1), ODbL 1.0 (1)"},
	} {
		if got := m.totalWords(tt.sel); got != tt.want {
			t.Errorf("%s comes to %q, want %q", tt.sel, got, tt.want)
		}
	}
	ne, err := (&fakeCatalog{}).Offers(t.Context(), shape.NaturalEarth, shape.Variant{})
	if err != nil {
		t.Fatal(err)
	}
	if got := offersMatrix(ne).totals(nil).bytes; got != 5e6 {
		t.Errorf("one file for all is counted as %d bytes", got)
	}
}

func TestConsentSpeaksOfLicences(t *testing.T) {
	c := &shape.Consent{Name: "GADM: non-commercial", Text: "Terms.\n\nOf what is selected, by number of layers: CC BY 3.0 IGO (12), ODbL 1.0 (2)."}
	for name, want := range map[string]bool{"GADM: non-commercial": true, "CC BY 3.0 IGO": true, "ODbL 1.0": true, "CC BY 3.0": false, "BY 3.0 IGO": false} {
		if c.SpeaksOf(name) != want {
			t.Errorf("%s: %v", name, !want)
		}
	}
	if !(&shape.Consent{Text: "Of what is selected: CC0."}).SpeaksOf("CC0") {
		t.Error("a single licence is not found")
	}
}

// Of layers of one licence that each have words of their own, the page tells
// what is true of all.
func TestLicencesAreToldByName(t *testing.T) {
	one, two := license("BY"), license("BY")
	one.Text, two.Text = "Name the maker. Stated at a.", "Name the maker. Stated at b."
	two.NoSharing, two.URL = true, "https://example.org/other"
	u := licenseUse{License: one}
	u.add(source.Offer{License: one, Sources: []string{"A"}})
	u.add(source.Offer{License: two, Sources: []string{"A", "B"}})
	if u.cells != 2 || u.Text != "Name the maker." || !u.NoSharing || u.URL != "" || fmt.Sprint(u.sources) != "[A B]" {
		t.Errorf("told %+v", u)
	}
}
