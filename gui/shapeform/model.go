// Package shapeform is the dialog in which a shape is made and changed. It
// works on a working copy, which is written as the user edits.
package shapeform

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/model/tree"
)

// model is the state of the form: the working copy as it is edited, and what
// is wrong with it. It knows neither widgets nor the engine.
type model struct {
	edit  engine.Edit
	start engine.Edit // as it was opened
	// typed are texts that the working copy cannot hold, by field, with why.
	typed map[string]wrong
	// refused is what the engine did not take at Finish, by field.
	refused map[string]string
	// touched are the fields whose errors are shown: nobody is scolded for what
	// they have not come to yet.
	touched map[string]bool
	reached shape.Step // the furthest step seen; all of them when editing

	abouts []source.About // of the sources that are fetched, once they are read
	world  world          // what the chosen source has
	terms  terms          // what its use is under, for what is chosen
}

// wrong is a text that cannot be a field's value.
type wrong struct{ text, why string }

func newModel(e engine.Edit) *model {
	m := &model{edit: clone(e), start: clone(e), typed: map[string]wrong{}, refused: map[string]string{}, touched: map[string]bool{}}
	m.reached = shape.Step(e.Step)
	if !e.New {
		m.reached = shape.StepSelection
	}
	return m
}

// clone returns an edit that shares no memory with e.
func clone(e engine.Edit) engine.Edit {
	if e.Shape == nil {
		e.Shape = &shape.Shape{Node: e.Node, Source: shape.Sample, Config: shape.Defaults()}
	}
	e.Shape = e.Shape.Clone()
	e.Changes = slices.Clone(e.Changes)
	return e
}

// steps lists the steps that apply: files of one's own are taken whole.
func (m *model) steps() []shape.Step {
	out := []shape.Step{shape.StepName, shape.StepSource, shape.StepLicense, shape.StepProcessing}
	if m.edit.Shape.Source != shape.Local {
		out = append(out, shape.StepSelection)
	}
	return out
}

// step returns the step that is shown: the one of the working copy, if it
// applies.
func (m *model) step() shape.Step {
	s := shape.Step(m.edit.Step)
	if slices.Contains(m.steps(), s) {
		return s
	}
	return shape.StepName
}

// last reports whether the step that is shown is the last one.
func (m *model) last() bool { return m.step() == m.steps()[len(m.steps())-1] }

// move shows the step so many further, within what applies.
func (m *model) move(by int) {
	steps := m.steps()
	at := slices.Index(steps, m.step()) + by
	m.show(steps[min(max(at, 0), len(steps)-1)])
}

// show shows a step.
func (m *model) show(s shape.Step) {
	m.edit.Step = int(s)
	m.reached = max(m.reached, s)
}

// open reports whether a step may be gone to: all that were seen.
func (m *model) open(s shape.Step) bool { return s <= m.reached && slices.Contains(m.steps(), s) }

// touch marks a field as changed by the user.
func (m *model) touch(field string) {
	m.touched[field] = true
	delete(m.refused, field)
}

// set changes a setting to what was typed. What cannot be is kept as text and
// shown as wrong; the working copy keeps the value before.
func (m *model) set(name, text string) {
	m.touch(name)
	delete(m.typed, name)
	if err := shape.Set(&m.edit.Shape.Config, name, text); err != nil {
		why := err.Error()
		if f := shape.InvalidFields(err); len(f) > 0 {
			why = f[0].Why
		}
		m.typed[name] = wrong{text, why}
		return
	}
	if name == "vectorTiles.small" && m.edit.Shape.Config.VectorTiles.Small != shape.SmallDrop {
		m.edit.Shape.Config.Simplify1.MinArea = 0 // its field goes; it would be refused
		delete(m.typed, "simplify1.minArea")
	}
}

// text is what a setting's field shows.
func (m *model) text(name string) string {
	if w, ok := m.typed[name]; ok {
		return w.text
	}
	f, err := shape.FieldNamed(name)
	if err != nil {
		return ""
	}
	return f.Get(&m.edit.Shape.Config)
}

// invalid lists what is wrong with a step, in the order of its fields.
func (m *model) invalid(s shape.Step) []shape.InvalidField {
	var v shape.Invalid
	if s == shape.StepName {
		v.Add(s, "name", m.edit.Name, nameProblem(tree.CleanName(m.edit.Name)))
		v.Add(s, "description", m.edit.Description, nameProblem(tree.CleanDescription(m.edit.Description)))
	}
	v.AddAll(s, "", "", m.edit.Shape.ValidateStep(s))
	m.invalidOffers(s, &v)
	if s == shape.StepProcessing {
		for _, set := range settings() {
			if w, ok := m.typed[set.name]; ok {
				v.Add(s, set.name, w.text, w.why)
			}
		}
	}
	if s == shape.StepSelection && m.edit.Shape.Source == shape.Local {
		return nil
	}
	return shape.InvalidFields(v.Err())
}

// nameProblem says what is wrong with a name or description, "" if nothing is.
func nameProblem(_ string, err error) string {
	var name *tree.NameError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &name):
		return name.Problem
	}
	return err.Error()
}

// problem is what is shown below a field, "" if nothing is wrong or the user
// has not come to it.
func (m *model) problem(field string, s shape.Step) string {
	if why := m.refused[field]; why != "" {
		return plain(why)
	}
	if !m.touched[field] {
		return ""
	}
	for _, f := range m.invalid(s) {
		if f.Field == field {
			return plain(f.Why)
		}
	}
	return ""
}

// problem is something wrong with a field, for people.
type problem struct{ field, text string }

// problems lists what is shown as wrong with a step.
func (m *model) problems(s shape.Step) []problem {
	var out []problem
	for _, f := range m.invalid(s) {
		if m.touched[f.Field] && m.refused[f.Field] == "" {
			out = append(out, problem{f.Field, fieldWord(f.Field) + ": " + plain(f.Why)})
		}
	}
	for _, f := range m.refusedOf(s) {
		out = append(out, problem{f, fieldWord(f) + ": " + plain(m.refused[f])})
	}
	return out
}

// refusedOf lists the fields of a step that the engine refused, sorted.
func (m *model) refusedOf(s shape.Step) []string {
	var out []string
	for f := range m.refused {
		if stepOf(f) == s {
			out = append(out, f)
		}
	}
	slices.Sort(out)
	return out
}

// stepOf says where a field is entered.
func stepOf(field string) shape.Step {
	head, _, _ := strings.Cut(field, ".")
	head, _, _ = strings.Cut(head, "[")
	switch head {
	case "name", "description", "metadata":
		return shape.StepName
	case "source", "variant", "files":
		return shape.StepSource
	case "license":
		return shape.StepLicense
	case "selection":
		return shape.StepSelection
	}
	return shape.StepProcessing
}

// touchStep shows all that is wrong with a step, and reports whether nothing is.
func (m *model) touchStep(s shape.Step) bool {
	fields := m.invalid(s)
	for _, f := range fields {
		m.touched[f.Field] = true
	}
	return len(fields) == 0
}

// refuse takes in the fields that Finish refused, and reports whether err was
// about fields at all.
func (m *model) refuse(err error) bool {
	var name *tree.NameError
	switch {
	case errors.As(err, &name):
		m.refused[name.Field] = name.Problem
	case errors.Is(err, tree.ErrTaken):
		m.refused["name"] = "is taken by another in this folder; choose a different one"
	}
	for _, f := range shape.InvalidFields(err) {
		m.refused[f.Field] = f.Why
	}
	return len(m.refused) > 0
}

// firstBad returns the first step with something wrong to show.
func (m *model) firstBad() (shape.Step, bool) {
	for _, s := range m.steps() {
		if len(m.problems(s)) > 0 {
			return s, true
		}
	}
	return 0, false
}

// changed reports whether the working copy differs from what was opened.
func (m *model) changed() bool { return len(m.changes()) > 0 || len(m.typed) > 0 }

// changes says, a line each, what differs from what was opened.
func (m *model) changes() []string {
	a, b := &m.start, &m.edit
	var out []string
	line := func(field, from, to string) {
		out = append(out, fmt.Sprintf("%s: %s   (was: %s)", fieldWord(field), cut(valueWord(field, to)), cut(valueWord(field, from))))
	}
	if a.Name != b.Name {
		line("name", a.Name, b.Name)
	}
	if a.Description != b.Description {
		line("description", a.Description, b.Description)
	}
	for _, f := range shape.Diff(a.Shape, b.Shape) {
		line(f, m.valueOf(a.Shape, f), m.valueOf(b.Shape, f))
	}
	return out
}

// before lists what was changed before the form was opened: of a draft that is
// gone on with.
func (m *model) before() []string {
	var out []string
	now := shape.Diff(m.start.Shape, m.edit.Shape)
	for _, f := range m.start.Changes {
		if !slices.Contains(now, f) {
			out = append(out, fieldWord(f))
		}
	}
	return out
}

// cut shortens what would not fit a line, in characters.
func cut(s string) string {
	const most = 60
	s, _, more := strings.Cut(s, "\n")
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	} else if more {
		return s + " …"
	}
	return s
}

// valueOf writes a field that shape.Diff names.
func (m *model) valueOf(s *shape.Shape, field string) string {
	switch field {
	case "metadata.title":
		return s.Metadata.Title
	case "metadata.attribution":
		return s.Metadata.Attribution
	case "source":
		a, _ := m.about(s.Source)
		return a.Name
	case "variant":
		return m.variantWord(s)
	case "files":
		var names []string
		for _, f := range s.Files {
			names = append(names, f.Path)
		}
		return strings.Join(names, ", ")
	case "license":
		if s.License == nil {
			return "not accepted"
		}
		return "accepted by " + s.License.Who
	case "selection":
		return s.Selection.String()
	}
	f, err := shape.FieldNamed(field)
	if err != nil {
		return ""
	}
	return f.Get(&s.Config)
}
