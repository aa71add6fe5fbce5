package shapeform

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// edition is a source in a variant.
type edition struct {
	source  shape.Source
	variant shape.Variant
}

// world is what the chosen source has, once it is read.
type world struct {
	of     edition
	matrix *matrix // empty until it is read
	read   bool
	err    error // why it cannot be read
}

// edition is what is chosen.
func (m *model) edition() edition { return edition{m.edit.Shape.Source, m.edit.Shape.Variant} }

// comes reports whether boundaries of the source come over the network.
func comes(s shape.Source) bool { return s != shape.Sample && s != shape.Local }

// about returns what a source says of itself; false before the sources are
// read, and for those that are not fetched.
func (m *model) about(s shape.Source) (source.About, bool) {
	i := slices.IndexFunc(m.abouts, func(a source.About) bool { return a.Source == s })
	if i < 0 {
		return source.About{Source: s, Name: string(s)}, false
	}
	return m.abouts[i], true
}

// offered is the matrix of the chosen source if it is fetched and read.
func (m *model) offered() (*matrix, bool) {
	w := &m.world
	return w.matrix, w.of == m.edition() && w.read && w.err == nil && w.matrix.fetched
}

// setSource makes a source the chosen one. Of what is fetched nothing is chosen
// until people do: all of some sources is gigabytes. What is not fetched is
// taken whole, as ever, unless something else was chosen.
func (m *model) setSource(s shape.Source) {
	sh := m.edit.Shape
	sh.SetSource(s)
	switch {
	case comes(s) && sh.Selection.Everything():
		sh.Selection = shape.Nothing()
	case !comes(s) && sh.Selection.Empty():
		sh.Selection = nil
	}
	m.touch("source")
	delete(m.refused, "variant")
	delete(m.refused, "selection")
}

// invalidOffers notes what is wrong with a step for what the source has.
func (m *model) invalidOffers(s shape.Step, v *shape.Invalid) {
	switch sh := m.edit.Shape; s {
	case shape.StepSource:
		if m.world.of == m.edition() && errors.Is(m.world.err, source.ErrVariant) {
			v.Add(s, "variant", "", m.world.err.Error())
		}
	case shape.StepLicense:
		if names := m.unaccepted(); len(names) > 0 && sh.License != nil {
			v.Add(s, "license", "", "what is chosen now has licences that were not accepted: "+strings.Join(names, ", ")+"; read them and accept again")
		}
	case shape.StepSelection:
		if w, ok := m.offered(); ok {
			if missing := w.missing(sh.Selection); len(missing) > 0 {
				v.Add(s, "selection", "", "the source does not have "+few(missing, 8))
			}
		}
	}
}

// unaccepted names the licences of what is chosen that the consent, if one is
// needed and given, does not speak of: the consent says which licences were
// shown. Who chooses more of the same licences is not asked again.
func (m *model) unaccepted() []string {
	sh := m.edit.Shape
	w, ok := m.offered()
	if t, _ := shape.TermsOf(sh.Source); !ok || !t.Required || sh.License == nil {
		return nil
	}
	var out []string
	for _, u := range w.uses(sh.Selection) {
		if !sh.License.SpeaksOf(u.Name) {
			out = append(out, u.Name)
		}
	}
	return out
}

// few lists some of many.
func few(all []string, most int) string {
	if len(all) <= most {
		return strings.Join(all, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(all[:most], ", "), len(all)-most)
}

// wantWorld reads what the chosen source has, unless it is read already.
func (f *Form) wantWorld() {
	w, now := &f.model.world, f.model.edition()
	if w.of == now && (w.read || w.matrix != nil) {
		return
	}
	f.readWorld()
}

// readWorld reads what the chosen source has.
func (f *Form) readWorld() {
	of := f.model.edition()
	f.model.world = world{of: of, matrix: newMatrix(nil)}
	if of.source == shape.Local {
		f.model.world.read = true
		return
	}
	kit.Load(f.writer.ctx, f.host.Tasks, func(ctx context.Context) (*matrix, error) { return f.host.matrixOf(ctx, of) },
		func(m *matrix, err error) {
			if f.model.world.of != of {
				return // another was chosen meanwhile
			}
			f.model.world.read, f.model.world.err = true, err
			if err == nil {
				f.model.world.matrix = m
			} else {
				f.log(err)
			}
			f.sight.fill()
			f.show()
		}, nil)
}

// matrixOf reads what a source has.
func (h *Host) matrixOf(ctx context.Context, of edition) (*matrix, error) {
	if !comes(of.source) {
		list, err := h.Countries(ctx)
		return newMatrix(list), err
	}
	m, err := h.Engine.Offers(ctx, of.source, of.variant)
	return offersMatrix(m), err
}
