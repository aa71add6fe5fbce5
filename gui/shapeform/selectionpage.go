package shapeform

import (
	"fmt"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/model/admin"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// selectionView is the step of countries and levels.
type selectionView struct {
	form       *Form
	columns    *columns
	all        *kit.Check
	search     *kit.Entry
	continents *kit.Select
	heads      []*kit.Check // of the levels, for all that the search finds
	headRow    *fyne.Container
	list       *kit.List
	facts      *factsView
	counts     *widget.Label
	state      *widget.Label // while there is no list
	again      *kit.Button
	prune      *kit.Button // leaves out what the source does not have
	body       *fyne.Container
	latest     *kit.Latest // searches
	searching  bool        // more may be found soon
	picked     *row        // the chosen country; may be nil
}

// continentWidth has room for the longest word.
const continentWidth = 170

// everywhere is the word for no continent in particular.
const everywhere = "All continents"

// selectionPage is a list of countries with a check mark for each level.
func (f *Form) selectionPage() *page {
	v := &selectionView{form: f, columns: &columns{}, latest: kit.NewLatest(f.host.Tasks)}
	f.sight = v
	v.all = f.newCheck("Everything the source has", v.everything)
	v.search = kit.NewEntry("")
	v.search.OnEscape = f.Leave
	v.search.SetPlaceHolder("Search by name or code")
	v.search.OnKey = v.searchKey
	v.search.OnChanged = func(string) { v.find() }
	words := []string{everywhere}
	for _, c := range admin.Continents() {
		words = append(words, string(c))
	}
	v.continents = f.newSelect(words, func(string) { v.find() })
	setChoice(v.continents, everywhere)
	v.headRow = container.New(v.columns)
	for level := range shape.Levels {
		c := f.newCheck("", func(on bool) { v.choose(v.matrix().found, uint8(level), on) })
		v.heads = append(v.heads, c)
		v.headRow.Add(c)
	}
	v.list = kit.NewList(func() int { return len(v.matrix().found) }, func() fyne.CanvasObject { return newCountryRow(v) },
		func(id int, o fyne.CanvasObject) {
			if id < len(v.matrix().found) {
				o.(*countryRow).show(v.matrix().found[id])
			}
		})
	v.list.HideSeparators = true
	v.list.OnKey, v.list.OnChosen = v.key, v.chosen
	v.state, v.facts, v.counts = widget.NewLabel(""), newFactsView(), kit.Muted("")
	v.state.Wrapping = fyne.TextWrapWord
	v.again = kit.NewButton("Try again", theme.ViewRefreshIcon(), func() { f.readWorld(); f.show() })
	v.prune = kit.NewButton("Leave out what the source does not have", theme.ContentClearIcon(), func() { v.set(v.matrix().there(v.selection())) })
	v.again.OnEscape, v.prune.OnEscape = f.Leave, f.Leave
	v.prune.Hide()
	top := container.NewVBox(container.NewHBox(v.prune),
		container.NewBorder(nil, nil, kit.Marks(v.all), container.New(kit.ColumnLayout(continentWidth), v.continents)),
		container.NewBorder(nil, nil, nil, kit.Marks(v.headRow), v.search))
	v.body = container.NewStack(v.list, container.NewVBox(v.state, container.NewHBox(v.again)))
	v.counts.Truncation = fyne.TextTruncateEllipsis
	bottom := container.NewVBox(v.facts.content, v.counts)
	p := f.newPage(shape.StepSelection, container.NewBorder(top, bottom, nil, nil, v.body))
	p.first, p.show = v.search, v.show
	return p
}

// matrix is what the chosen source has; empty until it is read.
func (v *selectionView) matrix() *matrix {
	if m := v.form.model.world.matrix; m != nil {
		return m
	}
	return newMatrix(nil)
}

// fill is called when what the source has was read: what was searched for is
// looked up in it.
func (v *selectionView) fill() {
	v.picked = nil
	v.find()
}

// find leaves the countries that the search and the continent leave. Names that
// the list shows are found at once; all others of a source that is fetched are
// looked up in the table of countries, in the background.
func (v *selectionView) find() {
	m, text := v.matrix(), v.search.Text
	m.search(text)
	on := admin.Continent("")
	if m.fetched && v.continents.Selected != everywhere {
		on = admin.Continent(v.continents.Selected)
	}
	m.stay(on)
	v.searching = m.fetched && text != ""
	v.moved()
	if !v.searching {
		return
	}
	f := v.form
	v.latest.Submit(func() {
		places, err := f.host.Engine.Places(text)
		f.host.Tasks.Do(func() {
			if f.closed || v.matrix() != m || v.search.Text != text {
				return // it was overtaken
			}
			v.searching = false
			if f.log(err); err == nil {
				codes := []string{}
				for _, c := range places {
					codes = append(codes, c.Code)
				}
				m.find(codes)
				m.stay(on)
			}
			v.moved()
		})
	})
}

// moved keeps the chosen country, if it is still found, now that others are.
func (v *selectionView) moved() {
	i := slices.Index(v.matrix().found, v.picked)
	if v.list.Keep(i); i < 0 {
		v.picked = nil
		v.facts.set("", false)
	}
	if v.form.body != nil {
		v.show()
	}
}

func (v *selectionView) selection() shape.Selection { return v.form.model.edit.Shape.Selection }

func (v *selectionView) set(s shape.Selection) {
	v.form.model.edit.Shape.Selection = s
	v.form.model.touch("selection")
	v.form.changed()
}

// everything chooses all there is, or clears all to begin anew.
func (v *selectionView) everything(on bool) {
	if on {
		v.set(nil)
	} else {
		v.set(shape.Nothing())
	}
}

func (v *selectionView) choose(rows []*row, level uint8, on bool) {
	v.set(v.matrix().choose(v.selection(), rows, level, on))
}

// chosen tells of the country that was chosen in the list.
func (v *selectionView) chosen(id int) {
	m := v.matrix()
	if id < 0 || id >= len(m.found) {
		return
	}
	if v.picked = m.found[id]; m.fetched {
		v.facts.set(m.rowWords(m.found[id]), true)
	}
}

// show brings the list in line with the selection.
func (v *selectionView) show() {
	s, m := v.selection(), v.matrix()
	setCheck(v.all, s.Everything())
	v.columns.width = columnWidth(m)
	kit.SetShown(v.continents, m.fetched)
	kit.SetShown(v.facts.content, m.fetched)
	v.facts.room(len(m.levels))
	counts := ""
	for level, head := range v.heads {
		there := slices.Contains(m.levels, uint8(level))
		if kit.SetShown(head, there); !there {
			continue
		}
		if word := levelWord(m, level); head.Text != word {
			head.SetText(word)
		}
		n, of := m.count(s, m.rows, uint8(level))
		counts += fmt.Sprintf("%s: %d of %d   ", levelWord(m, level), n, of)
		v.showHead(head, uint8(level))
	}
	if m.fetched {
		counts = m.totalWords(s)
	}
	kit.SetText(v.counts, counts)
	kit.SetShown(v.prune, len(m.missing(s)) > 0)
	v.showState()
	v.headRow.Refresh()
	v.list.Refresh()
}

// showHead marks a column's head by what is chosen of all that is found.
func (v *selectionView) showHead(head *kit.Check, level uint8) {
	n, of := v.matrix().count(v.selection(), v.matrix().found, level)
	if partial := n > 0 && n < of; head.Partial != partial {
		head.Partial = partial
		head.Refresh()
	}
	setCheck(head, of > 0 && n == of)
	kit.SetEnabled(head, of > 0)
}

// showState says why there is no list, if there is none.
func (v *selectionView) showState() {
	w, m := &v.form.model.world, v.matrix()
	text := "No country has this in its name or code. Clear the search to see all."
	switch {
	case w.err != nil:
		text = "The countries cannot be listed: " + w.err.Error() + "\nWhat was chosen before is kept."
	case !w.read:
		text = "Reading the countries …"
	case v.searching:
		text = "Searching …"
	case len(m.rows) == 0:
		text = "The source has no country in this edition. Choose another at step 2."
	case m.fetched:
		text = "No country of this source has this in its names or codes, or none on this continent. Clear the search to see all."
	}
	kit.SetText(v.state, text)
	kit.SetShown(v.again, w.err != nil)
	kit.SetShown(v.body.Objects[0], len(m.found) > 0)
	kit.SetShown(v.body.Objects[1], len(m.found) == 0)
}

// levelWord names a level: the bundled world's in words, those of sources by
// number, for each country has words of its own.
func levelWord(m *matrix, level int) string {
	if words := levelWords(); !m.fetched && level < len(words) {
		return words[level]
	}
	return fmt.Sprintf("Level %d", level)
}
