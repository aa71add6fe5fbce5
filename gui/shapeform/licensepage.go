package shapeform

import (
	"fmt"
	"net/url"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// licenseView is the step of what the source asks of those who use it.
type licenseView struct {
	form   *Form
	page   *page
	box    *fyne.Container
	name   *widget.Label
	text   *widget.Label
	link   *kit.Link
	state  *widget.Label // while the licences of layers are not known
	layers *fyne.Container
	shown  string // what layers was made of
	accept *kit.Check
	noted  *widget.Label
}

func (f *Form) licensePage() *page {
	v := &licenseView{
		form: f, text: widget.NewLabel(""), link: kit.NewLink(), state: widget.NewLabel(""),
		layers: container.NewVBox(), noted: kit.Muted(""),
	}
	v.name = widget.NewLabelWithStyle("", fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	v.text.Wrapping, v.state.Wrapping, v.noted.Wrapping = fyne.TextWrapWord, fyne.TextWrapWord, fyne.TextWrapWord
	v.link.OnEscape = f.Leave
	v.accept = f.newCheck("", f.accept)
	field := f.newField(shape.StepLicense, "license", "Consent", "", container.NewVBox(container.NewHBox(kit.Marks(v.accept)), v.noted))
	v.box = container.NewVBox(v.name, v.text, container.NewHBox(v.link), v.state, v.layers)
	// The mark stays in sight, however many licences there are.
	content := container.NewBorder(nil, container.NewVBox(widget.NewSeparator(), field.row), nil, nil, container.NewVScroll(v.box))
	v.page = f.newPage(shape.StepLicense, content)
	v.page.show = v.show
	return v.page
}

func (v *licenseView) show() {
	m := v.form.model
	v.form.wantTerms()
	t, known := m.currentTerms()
	general, _ := shape.TermsOf(t.Source)
	kit.SetText(v.name, t.Name)
	kit.SetText(v.text, general.Text)
	changed := showLink(v.link, t.URL)
	state := m.termsState()
	kit.SetText(v.state, state)
	changed = kit.SetShown(v.state, state != "") || changed
	changed = v.showLayers() || changed
	word, note := consentWords(t, m.edit.Shape.License, len(m.unaccepted()) > 0)
	if l := m.terms.last; known && comes(t.Source) && m.edit.Shape.License == nil && l != nil {
		note += " You accepted its terms on " + l.When.Local().Format("2 January 2006") + " for files fetched without a shape."
	}
	if v.accept.Text != word {
		v.accept.SetText(word)
	}
	kit.SetText(v.noted, note)
	setCheck(v.accept, m.edit.Shape.License != nil && len(m.unaccepted()) == 0)
	kit.SetEnabled(v.accept, known)
	changed = kit.SetShown(v.accept, word != "") || changed
	if v.page.first = nil; word != "" && known {
		v.page.first = v.accept
	}
	if changed {
		v.box.Refresh()
		v.page.content.Refresh()
	}
}

// showLayers tells the licences of what is chosen, and reports whether they are
// others than before.
func (v *licenseView) showLayers() bool {
	m := v.form.model
	var uses []licenseUse
	chosen := m.edit.Shape.Selection
	if w, ok := m.offered(); ok {
		uses = w.uses(chosen)
	}
	head := "Licences of what is chosen so far"
	if chosen.Empty() || chosen.Everything() {
		head = "Licences of all that the source has"
		if chosen.Empty() {
			head += "; nothing is chosen yet"
		}
	}
	key := fmt.Sprint(head, uses)
	if key == v.shown {
		return false
	}
	v.shown = key
	v.layers.RemoveAll()
	if len(uses) == 0 {
		return true
	}
	v.layers.Add(widget.NewSeparator())
	v.layers.Add(widget.NewLabelWithStyle(head, fyne.TextAlignLeading, fyne.TextStyle{Bold: true}))
	for _, u := range uses {
		v.layers.Add(v.layer(u))
	}
	return true
}

// layer tells of a licence of some layers.
func (v *licenseView) layer(u licenseUse) fyne.CanvasObject {
	name := widget.NewLabel(fmt.Sprintf("%s: %s", u.Name, counted(u.cells, "layer")))
	name.Wrapping = fyne.TextWrapWord
	if u.NoSharing || u.NonCommercial {
		name.Importance = widget.WarningImportance
	}
	box := container.NewVBox(kit.Tight(name, wrapped(licenseLines(u))))
	link := kit.NewLink()
	link.OnEscape, link.Truncation = v.form.Leave, fyne.TextTruncateEllipsis
	if showLink(link, u.URL); u.URL != "" && u.URL != v.link.Text { // each address once
		box.Add(link)
	}
	return box
}

// consentWords are the words of the check mark, "" if there is nothing to
// accept, and the note below it.
func consentWords(t shape.Terms, given *shape.Consent, more bool) (word, note string) {
	switch {
	case t.Required:
		word, note = "I accept these terms", "Needed before anything is fetched. It is recorded with your name and the date."
	case t.Source == shape.Local:
		word, note = "I may use these files and share what is made of them", "For your own record; not needed to go on."
	default:
		return "", "Nothing has to be accepted."
	}
	if given != nil {
		note = "Accepted by " + given.Who + " on " + given.When.Local().Format("2 January 2006, 15:04") + "."
	}
	if more {
		note += " What is chosen now has other licences: read them, and accept again."
	}
	return word, note
}

// showLink shows an address, if it is one, and reports whether that changed.
func showLink(link *kit.Link, address string) bool {
	u, err := url.Parse(address)
	shown := err == nil && address != ""
	if shown && link.Text != address {
		link.SetText(address)
		link.SetURL(u)
	}
	return kit.SetShown(link, shown)
}

// accept records the consent, or takes it back.
func (f *Form) accept(on bool) {
	s := f.model.edit.Shape
	s.License = nil
	if t, ok := f.model.currentTerms(); on && ok {
		s.License = t.Accept(f.host.Who, f.host.Now())
	}
	f.model.touch("license")
	f.changed()
}
