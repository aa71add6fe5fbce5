package shapeform

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// The widths of a level's column: of the bundled world, which has two with
// words above, and of other sources.
const (
	wordWidth  = 150
	levelWidth = 92
)

func columnWidth(m *matrix) float32 {
	if m.fetched {
		return levelWidth
	}
	return wordWidth
}

// columns lays what is visible side by side, each as wide as the others.
type columns struct{ width float32 }

// Layout is called by Fyne.
func (c *columns) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	x := float32(0)
	for _, o := range objects {
		if o.Visible() {
			o.Move(fyne.NewPos(x, 0))
			o.Resize(fyne.NewSize(c.width, size.Height))
			x += c.width
		}
	}
}

// MinSize is called by Fyne.
func (c *columns) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.Size{}
	for _, o := range objects {
		if o.Visible() {
			size.Width += c.width
			size.Height = max(size.Height, o.MinSize().Height)
		}
	}
	return size
}

// countryRow is a country with a check mark for each level that there is.
type countryRow struct {
	widget.BaseWidget
	view  *selectionView
	name  *widget.Label
	marks [shape.Levels]cellMark
	cells *fyne.Container
	box   *fyne.Container
}

// cellMark is a cell: a mark to check, and a sign that it is at hand; or a dash.
type cellMark struct {
	box    *fyne.Container
	check  *kit.Check
	cached *widget.Icon
	none   *widget.Label
}

func newCountryRow(v *selectionView) *countryRow {
	r := &countryRow{view: v, name: widget.NewLabel(""), cells: container.New(v.columns)}
	r.name.Truncation = fyne.TextTruncateEllipsis
	for level := range r.marks {
		m := cellMark{check: v.form.newCheck("", nil), cached: widget.NewIcon(theme.DownloadIcon()), none: kit.Muted("–")}
		m.box = container.New(layout.NewHBoxLayout(), m.check, m.cached, m.none)
		r.marks[level] = m
		r.cells.Add(m.box)
	}
	// Each row for itself: the list makes rows when it needs them, and they do
	// not all get the colours of what is around it.
	r.box = container.NewBorder(nil, nil, nil, kit.Marks(r.cells), r.name)
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer is called by Fyne.
func (r *countryRow) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.box) }

// show shows a country.
func (r *countryRow) show(of *row) {
	kit.SetText(r.name, countryWord(of.Country))
	m, s, changed := r.view.matrix(), r.view.selection(), false
	for i := range r.marks {
		level, mark := uint8(i), &r.marks[i]
		changed = kit.SetShown(mark.box, slices.Contains(m.levels, level)) || changed
		moved := kit.SetShown(mark.check, of.has[level])
		moved = kit.SetShown(mark.none, !of.has[level]) || moved
		if kit.SetShown(mark.cached, of.has[level] && of.cells[level].Cached) || moved {
			mark.box.Refresh()
		}
		mark.check.OnChanged = nil
		setCheck(mark.check, of.has[level] && s.Has(of.ISO3, level))
		mark.check.OnChanged = func(on bool) {
			r.view.choose([]*row{of}, level, on)
			r.view.lookAt(of)
		}
	}
	if changed {
		r.cells.Refresh()
		r.box.Refresh()
	}
}

// lookAt tells of a country whose marks were used.
func (v *selectionView) lookAt(of *row) {
	if i := slices.Index(v.matrix().found, of); i >= 0 && i != v.list.Chosen() {
		v.list.Choose(i)
	}
}

// countryWord writes a country with its code. Its Japanese name can be searched
// for, but is not written: fonts of many systems lack the letters.
func countryWord(c Country) string { return c.Name + "   " + c.ISO3 }

// factsView tells what there is of the chosen country.
type factsView struct {
	content *fyne.Container
	scroll  *container.Scroll
	text    *widget.Label
}

func newFactsView() *factsView {
	v := &factsView{text: kit.Muted("")}
	v.text.Wrapping = fyne.TextWrapWord
	v.scroll = container.NewVScroll(v.text)
	legend := container.NewHBox(widget.NewIcon(theme.DownloadIcon()), kit.Muted("is at hand, nothing is fetched     –  is not offered"))
	v.content = container.NewVBox(widget.NewSeparator(), v.scroll, legend)
	v.set("", false)
	return v
}

// set shows a text, or what to do to see one.
func (v *factsView) set(text string, any bool) {
	if !any {
		text = "Choose a country to see what each level is, its units, year, size and licence. Keys 0 to 5 turn a level, Space turns all."
	}
	kit.SetText(v.text, text)
}

// room makes room for the name of a country and a line for each level.
func (v *factsView) room(levels int) {
	const line, around = 17, 18
	if h := float32(line*(levels+1) + around); v.scroll.MinSize().Height != h {
		v.scroll.SetMinSize(fyne.NewSize(0, h))
		v.content.Refresh()
	}
}
