package shapeform

import (
	"context"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// sourceView is the step of where boundaries come from: a card for each source.
type sourceView struct {
	form  *Form
	page  *page
	box   *fyne.Container
	whole *container.Scroll
	cards []*sourceCard
	more  *fyne.Container // the cards of the sources that are fetched
	files *fileList
	field *field // of the files
	state *widget.Label
	again *kit.Button
}

func (f *Form) sourcePage(ctx context.Context) *page {
	v := &sourceView{form: f, box: container.NewVBox(), more: container.NewVBox(), state: kit.Muted("")}
	v.state.Wrapping = fyne.TextWrapWord
	v.again = kit.NewButton("Try again", theme.ViewRefreshIcon(), func() { v.load(ctx) })
	v.again.OnEscape = f.Leave
	v.again.Hide()
	for _, c := range []card{
		{source: shape.Sample, name: "The bundled world", about: "Countries and their first-level units, from Natural Earth at 1:10m. It is in the program: no network, no waiting. Public domain."},
		{source: shape.Local, name: "Files of your own", about: "GeoJSON, TopoJSON, Shapefile (.shp, or a .zip of it) or GeoPackage. Files stay where they are; they are read when the tiles are built."},
	} {
		v.box.Add(v.add(c))
	}
	v.files = newFileList(f)
	v.field = f.newField(shape.StepSource, "files", "Files", "A file's layers keep their own names, unless you give one.", v.files.content)
	v.box.Add(v.field.row)
	v.box.Add(v.state)
	v.box.Add(container.NewHBox(v.again))
	v.box.Add(v.more)
	v.whole = container.NewVScroll(v.box)
	v.page = f.newPage(shape.StepSource, v.whole)
	v.page.first, v.page.show = v.cards[0].button, v.show
	v.load(ctx)
	return v.page
}

// add makes a card.
func (v *sourceView) add(c card) fyne.CanvasObject {
	made := newSourceCard(v.form, c)
	v.cards = append(v.cards, made)
	made.button.OnFocus = func() { kit.Reveal(v.whole, made.content) }
	for _, c := range made.choices {
		c.pick.OnFocus = func() { kit.Reveal(v.whole, c.pick) }
	}
	return made.content
}

// sourceFacts is what a source says of itself, and what it has.
type sourceFacts struct {
	about     source.About
	countries int
	levels    []uint8
}

// load reads the sources that are fetched, and makes their cards.
func (v *sourceView) load(ctx context.Context) {
	f := v.form
	kit.SetText(v.state, "Reading the sources …")
	v.state.Show()
	v.again.Hide()
	kit.Load(ctx, f.host.Tasks, f.host.readSources, func(list []sourceFacts, err error) {
		if err != nil {
			f.log(err)
			kit.SetText(v.state, "The sources on the network cannot be listed: "+err.Error()+"\nWhat was chosen before is kept.")
		}
		kit.SetShown(v.state, err != nil)
		kit.SetShown(v.again, err != nil)
		for _, s := range list {
			f.model.abouts = append(f.model.abouts, s.about)
			v.more.Add(v.add(cardOf(s)))
		}
		v.box.Refresh()
		if f.body != nil {
			f.show()
		}
	}, nil)
}

// readSources reads what there is from elsewhere.
func (h *Host) readSources(ctx context.Context) ([]sourceFacts, error) {
	abouts, err := h.Engine.Sources()
	if err != nil {
		return nil, err
	}
	var out []sourceFacts
	for _, a := range abouts {
		offers, err := h.Engine.Offers(ctx, a.Source, shape.Variant{})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", a.Name, err)
		}
		m := offersMatrix(offers)
		out = append(out, sourceFacts{a, len(m.rows), m.levels})
	}
	return out, nil
}

// show brings the cards in line with the model.
func (v *sourceView) show() {
	chosen := v.form.model.edit.Shape.Source
	changed := v.files.show()
	changed = kit.SetShown(v.field.row, chosen == shape.Local) || changed
	for _, c := range v.cards {
		if c.source == chosen {
			v.page.first = c.button
		}
		changed = c.show(v.form.model.edit.Shape) || changed
	}
	if changed {
		v.more.Refresh()
		v.box.Refresh()
	}
}
