package shapeform

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// card is what is said of a source.
type card struct {
	source  shape.Source
	name    string
	about   string
	facts   string // levels, vintage, licence; may be empty
	policy  string // of its server; may be empty
	choices []source.Choice
}

// cardOf is the card of a source that is fetched.
func cardOf(s sourceFacts) card {
	a := &s.about
	vintage := ""
	if a.Vintage != "" {
		vintage = "Version: " + a.Vintage
	}
	facts := joinWords("  ·  ", levelsWord(s.levels)+" of "+counted(s.countries, "country"), vintage, "Licence: "+a.License.Name)
	return card{a.Source, a.Name, a.Summary, facts, a.Policy, a.Choices}
}

// levelsWord writes levels: "Levels 0 to 5".
func levelsWord(levels []uint8) string {
	switch n := len(levels); n {
	case 0:
		return "No levels"
	case 1:
		return fmt.Sprintf("Level %d", levels[0])
	default:
		return fmt.Sprintf("Levels %d to %d", levels[0], levels[n-1])
	}
}

// sourceCard is a source to choose, with its own choices below.
type sourceCard struct {
	source  shape.Source
	content fyne.CanvasObject
	button  *kit.Button
	policy  *widget.Label
	rows    *fyne.Container // the choices
	choices []*choice
}

// choice is one of a source's own decisions.
type choice struct {
	source.Choice
	pick *kit.Select
}

func newSourceCard(f *Form, c card) *sourceCard {
	s := &sourceCard{source: c.source, rows: container.NewVBox(), policy: wrapped(c.policy)}
	s.button = kit.NewButton(c.name, theme.RadioButtonIcon(), func() { f.model.setSource(c.source); f.changed() })
	s.button.Alignment, s.button.OnEscape = widget.ButtonAlignLeading, f.Leave
	lines := kit.Tight(wrapped(c.about))
	if c.facts != "" {
		lines.Add(wrapped(c.facts))
	}
	lines.Add(s.policy)
	for _, x := range c.choices {
		s.addChoice(f, x)
	}
	s.policy.Hide()
	s.rows.Hide()
	s.content = container.NewVBox(s.button, lines, s.rows)
	return s
}

func wrapped(text string) *widget.Label {
	l := kit.Muted(text)
	l.Wrapping = fyne.TextWrapWord
	return l
}

// addChoice puts a choice below the card. The source's own value is kept as "",
// so that choosing it is no change.
func (s *sourceCard) addChoice(f *Form, x source.Choice) {
	made := &choice{Choice: x}
	var words []string
	for _, v := range x.Values {
		words = append(words, cmp.Or(v.Title, v.Value))
	}
	made.pick = f.newSelect(words, func(word string) {
		f.model.edit.Shape.Variant.Set(x.Key, made.valueOf(word))
		f.model.touch("variant")
		f.changed()
	})
	caption := widget.NewLabel(x.Title)
	caption.Wrapping = fyne.TextWrapWord
	left := container.New(kit.ColumnLayout(labelWidth), caption)
	s.rows.Add(container.NewBorder(nil, nil, container.NewVBox(left), nil, container.NewVBox(made.pick)))
	s.choices = append(s.choices, made)
}

// valueOf is the value that a word stands for, "" for the source's own.
func (c *choice) valueOf(word string) string {
	for _, v := range c.Values {
		if cmp.Or(v.Title, v.Value) == word && v.Value != c.Default {
			return v.Value
		}
	}
	return ""
}

// wordOf is the word for a value.
func wordOf(c source.Choice, value string) string {
	value = cmp.Or(value, c.Default)
	i := slices.IndexFunc(c.Values, func(v source.ChoiceValue) bool { return v.Value == value })
	if i < 0 {
		return value
	}
	return cmp.Or(c.Values[i].Title, value)
}

// show brings the card in line with the shape, and reports whether it takes
// another room than before.
func (s *sourceCard) show(now *shape.Shape) bool {
	chosen := now.Source == s.source
	icon, importance := theme.RadioButtonIcon(), widget.MediumImportance
	if chosen {
		icon, importance = theme.RadioButtonCheckedIcon(), widget.HighImportance
	}
	if s.button.Icon.Name() != icon.Name() || s.button.Importance != importance {
		s.button.Icon, s.button.Importance = icon, importance
		s.button.Refresh()
	}
	if chosen {
		for _, c := range s.choices {
			setChoice(c.pick, wordOf(c.Choice, now.Variant.Get(c.Key)))
		}
	}
	changed := kit.SetShown(s.rows, chosen && len(s.choices) > 0)
	changed = kit.SetShown(s.policy, chosen && s.policy.Text != "") || changed
	if changed {
		s.content.Refresh()
	}
	return changed
}

// variantWord writes a shape's variant, "the usual" where nothing was chosen.
func (m *model) variantWord(s *shape.Shape) string {
	a, _ := m.about(s.Source)
	var words []string
	for _, c := range a.Choices {
		if v := s.Variant.Get(c.Key); v != "" {
			words = append(words, wordOf(c, v))
		}
	}
	return cmp.Or(strings.Join(words, ", "), "the usual")
}
