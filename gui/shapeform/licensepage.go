package shapeform

import (
	"net/url"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// licensePage is the step of what the source asks of those who use it.
func (f *Form) licensePage() *page {
	name := widget.NewLabelWithStyle("", fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	text := widget.NewLabel("")
	text.Wrapping = fyne.TextWrapWord
	link := kit.NewLink()
	link.OnEscape = f.Leave
	accept := f.newCheck("", f.accept)
	noted := kit.Muted("")
	noted.Wrapping = fyne.TextWrapWord
	field := f.newField(shape.StepLicense, "license", "Consent", "", container.NewVBox(container.NewHBox(kit.Marks(accept)), noted))
	box := container.NewVBox(name, text, container.NewHBox(link), widget.NewSeparator(), field.row)
	p := f.newPage(shape.StepLicense, container.NewVScroll(box))
	p.show = func() {
		t, _ := shape.TermsOf(f.model.edit.Shape.Source)
		kit.SetText(name, t.Name)
		kit.SetText(text, t.Text)
		changed := showLink(link, t.URL)
		word, note := consentWords(t, f.model.edit.Shape.License)
		if accept.Text != word {
			accept.SetText(word)
		}
		kit.SetText(noted, note)
		setCheck(accept, f.model.edit.Shape.License != nil)
		changed = kit.SetShown(accept, word != "") || changed
		if p.first = nil; word != "" {
			p.first = accept
		}
		if changed {
			box.Refresh()
		}
	}
	return p
}

// consentWords are the words of the check mark, "" if there is nothing to
// accept, and the note below it.
func consentWords(t shape.Terms, given *shape.Consent) (word, note string) {
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
	if t, ok := shape.TermsOf(s.Source); on && ok {
		s.License = t.Accept(f.host.Who, f.host.Now())
	}
	f.model.touch("license")
	f.changed()
}
