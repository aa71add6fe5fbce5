package shapeform

import (
	"context"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// levelWidth is that of a level's column.
const levelWidth = 150

// selectionView is the step of countries and levels.
type selectionView struct {
	form   *Form
	matrix *matrix
	all    *kit.Check
	search *kit.Entry
	heads  []*kit.Check // of the levels, for all that the search finds
	list   *kit.List
	counts *widget.Label
	state  *widget.Label // while there is no list
	again  *kit.Button
	body   *fyne.Container
}

// selectionPage is a list of countries with a check mark for each level.
func (f *Form) selectionPage(ctx context.Context) *page {
	v := &selectionView{form: f, matrix: newMatrix(nil)}
	v.all = f.newCheck("Everything the source has", v.everything)
	v.search = kit.NewEntry("")
	v.search.OnEscape = f.Leave
	v.search.SetPlaceHolder("Search by name or code")
	v.search.OnKey = v.searchKey
	v.search.OnChanged = func(text string) { v.matrix.search(text); v.show() }
	heads := container.NewHBox()
	for level, word := range levelWords() {
		c := f.newCheck(word, func(on bool) { v.choose(v.matrix.found, level, on) })
		v.heads = append(v.heads, c)
		heads.Add(container.New(kit.ColumnLayout(levelWidth), c))
	}
	v.list = kit.NewList(func() int { return len(v.matrix.found) }, func() fyne.CanvasObject { return newCountryRow(f) },
		func(id int, o fyne.CanvasObject) {
			if id < len(v.matrix.found) {
				v.updateRow(o.(*countryRow), v.matrix.found[id])
			}
		})
	v.list.HideSeparators = true
	v.list.OnKey = v.key
	v.counts, v.state = kit.Muted(""), widget.NewLabel("Reading the countries …")
	v.state.Wrapping = fyne.TextWrapWord
	v.again = kit.NewButton("Try again", theme.ViewRefreshIcon(), func() { v.load(ctx) })
	v.again.OnEscape = f.Leave
	top := container.NewVBox(container.NewHBox(kit.Marks(v.all)), container.NewBorder(nil, nil, nil, kit.Marks(heads), v.search))
	v.body = container.NewStack(v.list, container.NewVBox(v.state, container.NewHBox(v.again)))
	v.counts.Truncation = fyne.TextTruncateEllipsis
	p := f.newPage(shape.StepSelection, container.NewBorder(top, v.counts, nil, nil, v.body))
	p.first, p.show = v.search, v.show
	v.load(ctx)
	return p
}

// load reads the countries.
func (v *selectionView) load(ctx context.Context) {
	kit.SetText(v.state, "Reading the countries …")
	v.again.Hide()
	kit.Load(ctx, v.form.host.Tasks, v.form.host.Countries, func(list []Country, err error) {
		if err != nil {
			v.form.log(err)
			kit.SetText(v.state, "The countries cannot be listed: "+err.Error()+"\nWhat was chosen before is kept.")
			v.again.Show()
		}
		v.matrix = newMatrix(list)
		v.matrix.search(v.search.Text)
		if v.form.body != nil {
			v.show()
		}
	}, nil)
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

func (v *selectionView) choose(countries []Country, level int, on bool) {
	v.set(v.matrix.choose(v.selection(), countries, uint8(level), on))
}

// searchKey leads from the search to what it has found.
func (v *selectionView) searchKey(k fyne.KeyName) bool {
	if k != fyne.KeyDown || len(v.matrix.found) == 0 {
		return false
	}
	v.form.host.Window.Canvas().Focus(v.list)
	v.list.Choose(min(max(v.list.Chosen(), 0), len(v.matrix.found)-1))
	return true
}

// key turns all levels of the chosen country, and leads back to the search.
func (v *selectionView) key(k fyne.KeyName) bool {
	switch {
	case k == fyne.KeyEscape:
		v.form.Leave()
		return true
	case k == fyne.KeyUp && v.list.Chosen() <= 0:
		v.form.host.Window.Canvas().Focus(v.search)
		return true
	}
	i := v.list.Chosen()
	if k != fyne.KeySpace && k != fyne.KeyReturn && k != fyne.KeyEnter || i < 0 || i >= len(v.matrix.found) {
		return false
	}
	c := v.matrix.found[i : i+1]
	on := false
	for level := range levelWords() {
		on = on || !v.selection().Has(c[0].ISO3, uint8(level))
	}
	s := v.selection()
	for level := range levelWords() {
		s = v.matrix.choose(s, c, uint8(level), on)
	}
	v.set(s)
	return true
}

// show brings the list in line with the selection.
func (v *selectionView) show() {
	s, m := v.selection(), v.matrix
	setCheck(v.all, s.Everything())
	counts := ""
	for level, head := range v.heads {
		n := m.count(s, m.countries, uint8(level))
		counts += fmt.Sprintf("%s: %d of %d   ", levelWords()[level], n, len(m.countries))
		found := m.count(s, m.found, uint8(level))
		if partial := found > 0 && found < len(m.found); head.Partial != partial {
			head.Partial = partial
			head.Refresh()
		}
		setCheck(head, found > 0 && found == len(m.found))
		kit.SetEnabled(head, len(m.found) > 0)
	}
	kit.SetText(v.counts, counts)
	if len(m.countries) > 0 && len(m.found) == 0 {
		kit.SetText(v.state, "No country has this in its name or code. Clear the search to see all.")
	}
	kit.SetShown(v.body.Objects[0], len(m.found) > 0)
	kit.SetShown(v.body.Objects[1], len(m.found) == 0)
	v.list.Refresh()
}

// countryRow is a country with a check mark for each level.
type countryRow struct {
	widget.BaseWidget
	name   *widget.Label
	checks []*kit.Check
	box    *fyne.Container
}

func newCountryRow(f *Form) *countryRow {
	r := &countryRow{name: widget.NewLabel("")}
	r.name.Truncation = fyne.TextTruncateEllipsis
	marks := container.New(layout.NewHBoxLayout())
	for range levelWords() {
		c := f.newCheck("", nil)
		r.checks = append(r.checks, c)
		marks.Add(container.New(kit.ColumnLayout(levelWidth), c))
	}
	// Each row for itself: the list makes rows when it needs them, and they do
	// not all get the colours of what is around it.
	r.box = container.NewBorder(nil, nil, nil, kit.Marks(marks), r.name)
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer is called by Fyne.
func (r *countryRow) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.box) }

func (v *selectionView) updateRow(r *countryRow, c Country) {
	kit.SetText(r.name, countryWord(c))
	for level, check := range r.checks {
		check.OnChanged = nil
		setCheck(check, v.selection().Has(c.ISO3, uint8(level)))
		check.OnChanged = func(on bool) { v.choose([]Country{c}, level, on) }
	}
}

// countryWord writes a country with its code. Its Japanese name can be searched
// for, but is not written: fonts of many systems lack the letters.
func countryWord(c Country) string { return c.Name + "   " + c.ISO3 }
