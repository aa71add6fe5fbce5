package shapeform

import (
	"context"
	"fmt"
	"strings"

	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// terms are what the chosen source asks for what is chosen of it, once they
// are read.
type terms struct {
	of   string // the source, its variant and the selection
	read bool
	is   shape.Terms
	last *shape.Consent // given for no shape in particular; may be nil
	err  error
}

// wantTerms reads what is to be accepted for what is chosen, unless it is read
// already. Until something is chosen, it is for all that the source has.
func (f *Form) wantTerms() {
	m, ok := f.model.offered()
	if !ok {
		return
	}
	now, sel := f.model.edition(), m.there(f.model.edit.Shape.Selection)
	if sel.Empty() {
		sel = nil
	}
	of := fmt.Sprintf("%+v %s", now, sel)
	if f.model.terms.of == of {
		return
	}
	f.model.terms = terms{of: of}
	kit.Load(f.writer.ctx, f.host.Tasks, func(ctx context.Context) (t terms, err error) {
		if t.is, err = f.host.Engine.Terms(ctx, now.source, now.variant, sel); err != nil {
			return t, err
		}
		t.last, err = f.host.Engine.Accepted(now.source)
		return t, err
	}, func(t terms, err error) {
		if f.model.terms.of != of {
			return
		}
		t.of, t.read, t.err = of, true, err
		f.model.terms = t
		f.log(err)
		f.show()
	}, nil)
}

// currentTerms are what is to be accepted now; false until they are known.
func (m *model) currentTerms() (shape.Terms, bool) {
	general, known := shape.TermsOf(m.edit.Shape.Source)
	if !comes(m.edit.Shape.Source) {
		return general, known
	}
	if _, ok := m.offered(); ok && m.terms.read && m.terms.err == nil {
		return m.terms.is, true
	}
	return general, false
}

// termsState says why terms are not known yet, "" if they are.
func (m *model) termsState() string {
	_, known := m.currentTerms()
	err := m.world.err
	if err == nil {
		err = m.terms.err
	}
	switch {
	case known:
		return ""
	case err != nil:
		return "The licences of what is chosen cannot be told: " + err.Error() + "\nChoose another edition at step 2, or other countries at step 5."
	}
	return "Reading the licences …"
}

// licenseLines are what a licence asks, in plain words.
func licenseLines(u licenseUse) string {
	lines := []string{u.Text}
	if u.Original != "" && u.Original != u.Name {
		lines = append(lines, "In the words of the source: "+u.Original+".")
	}
	switch {
	case u.NoSharing && u.NonCommercial:
		lines = append(lines, "Tiles made of it may not be given to others, and may not be used commercially.")
	case u.NoSharing:
		lines = append(lines, "Tiles made of it may not be given to others.")
	case u.NonCommercial:
		lines = append(lines, "Tiles made of it may not be used commercially.")
	}
	if u.ShareAlike {
		lines = append(lines, "Who gives tiles made of it to others must do so under the same licence.")
	}
	if u.Attribution != "" {
		lines = append(lines, "The credit is put on the map and in the tiles for you; leave it there.")
	}
	if len(u.sources) > 0 {
		lines = append(lines, "Made by "+few(u.sources, 4)+".")
	}
	return strings.Join(lines, " ")
}
