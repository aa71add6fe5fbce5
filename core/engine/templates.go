package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// Errors of templates, under the names of the model.
var (
	// ErrNoTemplate: there is no such template.
	ErrNoTemplate = shape.ErrNoTemplate
	// ErrTemplateTaken: another template has the name.
	ErrTemplateTaken = shape.ErrTemplateTaken
	// ErrTemplateInUse: shapes follow the template; it is not deleted.
	ErrTemplateInUse = shape.ErrTemplateInUse
)

// Template is a template and who uses it.
type Template struct {
	shape.Template
	// Followers are the shapes whose settings are the template's, as people name
	// them: they keep it from being deleted. Copies are those that took it and
	// have changed since. Both are ascending.
	Followers, Copies []string
}

// TemplateFrom says where the settings of a new template come from: a shape,
// by id, or Config if that is given.
type TemplateFrom struct {
	Node   string
	Config *shape.Config
}

// Templates returns all templates, by name.
func (e *Engine) Templates(context.Context) ([]Template, error) {
	var out []Template
	err := e.coreView(func(tx *kv.Tx) error {
		all, err := shape.ListTemplates(tx)
		for _, t := range all {
			v, err := templateView(tx, t)
			if err != nil {
				return err
			}
			out = append(out, v)
		}
		return err
	})
	return out, err
}

// Template returns the template that ref names: its id, or its name without
// regard to case. ErrNoTemplate.
func (e *Engine) Template(_ context.Context, ref string) (Template, error) {
	var out Template
	err := e.coreView(func(tx *kv.Tx) error {
		t, err := templateOf(tx, ref)
		if err == nil {
			out, err = templateView(tx, t)
		}
		return err
	})
	return out, err
}

func templateOf(tx *kv.Tx, ref string) (shape.Template, error) {
	t, err := shape.TemplateOf(tx, ref)
	if errors.Is(err, ErrNoTemplate) {
		t, err = shape.TemplateNamed(tx, ref)
	}
	return t, err
}

func templateView(tx *kv.Tx, t shape.Template) (v Template, err error) {
	v.Template = t
	if v.Followers, err = placesOf(tx, t.References.Strong); err == nil {
		v.Copies, err = placesOf(tx, t.References.Weak)
	}
	return v, err
}

// placesOf returns how people name nodes: by their paths.
func placesOf(tx *kv.Tx, ids []string) ([]string, error) {
	var out []string
	for _, id := range ids {
		n, found, err := tree.Nodes().Get(tx, tree.Key(id))
		if err != nil {
			return nil, err
		}
		if !found { // a check finds the reference
			out = append(out, id)
			continue
		}
		place, err := placeOf(tx, n)
		if err != nil {
			return nil, err
		}
		out = append(out, place)
	}
	slices.Sort(out)
	return out, nil
}

func placeOf(tx *kv.Tx, n tree.Node) (string, error) {
	path, err := pathText(tx, n.Parent)
	if err != nil {
		return "", err
	}
	top, err := tree.Place(tx, n.ID)
	if err != nil {
		return "", err
	}
	where := strings.TrimPrefix(path+" / "+n.Name, " / ")
	switch top {
	case tree.Trash:
		where += " (in the trash)"
	case tree.Undone:
		where += " (taken back by undo)"
	}
	return where, nil
}

// SaveTemplate keeps settings under a name. If a template has the same settings
// already that one is returned, under the name it has, and made is false: equal
// settings are one template. The shape that they come from does not follow it
// until it is applied. Errors: *shape.InvalidError, ErrTemplateTaken, and of
// the node ErrNoNode, ErrNotShape.
func (e *Engine) SaveTemplate(_ context.Context, name string, from TemplateFrom) (t Template, made bool, err error) {
	config := from.Config
	if config == nil {
		o, err := e.original(from.Node)
		if err == nil && o == nil {
			err = fmt.Errorf("node %q: %w", from.Node, ErrNoNode)
		}
		if err != nil {
			return Template{}, false, fmt.Errorf("save a template: %w", err)
		}
		config = &o.Shape.Config
	}
	err = e.core(func(tx *kv.Tx) error {
		var stored shape.Template
		if stored, made, err = shape.CreateTemplate(tx, newID(), name, *config, e.now()); err == nil {
			t, err = templateView(tx, stored)
		}
		return err
	})
	return t, made, err
}

// ApplyTemplate gives a shape the settings of a template, as an edit that can
// be undone; the shape follows the template until its settings are changed. A
// shape that has them, and follows, is left as it is. Errors: ErrNoTemplate,
// ErrNoNode, ErrNotShape, ErrEditing, and ErrDraft if it has a draft.
func (e *Engine) ApplyTemplate(ctx context.Context, ref, node string) (Node, error) {
	t, err := e.Template(ctx, ref)
	if err != nil {
		return Node{}, err
	}
	n, err := e.Node(ctx, node)
	if err != nil {
		return n, err
	}
	fail := func(err error) (Node, error) {
		return n, fmt.Errorf("apply the template “%s” to %s: %w", t.Name, n.Name, err)
	}
	if n.Type != tree.Shape {
		return fail(ErrNotShape)
	}
	if n.Draft || n.New {
		return fail(fmt.Errorf("%w: finish or discard it first", ErrDraft))
	}
	if strong, _ := t.References.Has(node); strong {
		return n, nil
	}
	ed, err := e.Edit(ctx, node)
	if err != nil {
		return fail(err)
	}
	ed.Shape.Apply(&t.Template)
	if err = e.Change(ctx, &ed); err == nil {
		var done Node
		if done, err = e.Finish(ctx, node); err == nil {
			return done, nil
		}
	}
	return fail(errors.Join(err, e.Discard(context.WithoutCancel(ctx), node)))
}

// RenameTemplate gives a template another name. Errors: ErrNoTemplate,
// *shape.InvalidError, ErrTemplateTaken.
func (e *Engine) RenameTemplate(_ context.Context, ref, name string) (Template, error) {
	var out Template
	err := e.core(func(tx *kv.Tx) error {
		t, err := templateOf(tx, ref)
		if err == nil {
			t, err = shape.RenameTemplate(tx, t.ID, name, e.now())
		}
		if err == nil {
			out, err = templateView(tx, t)
		}
		return err
	})
	return out, err
}

// namedFollowers is how many shapes an error names.
const namedFollowers = 5

// DeleteTemplate deletes a template. Shapes that were only copied from it keep
// their settings. Errors: ErrNoTemplate, and ErrTemplateInUse, with the shapes
// named, if some follow it.
func (e *Engine) DeleteTemplate(_ context.Context, ref string) (Template, error) {
	var out Template
	err := e.core(func(tx *kv.Tx) error {
		t, err := templateOf(tx, ref)
		if err != nil {
			return err
		}
		if out, err = templateView(tx, t); err != nil {
			return err
		}
		if n := len(out.Followers); n > 0 {
			return fmt.Errorf("delete template “%s”: %w: it is used by %s; give them other settings first, nothing was deleted",
				t.Name, ErrTemplateInUse, enumerate(out.Followers))
		}
		return shape.DeleteTemplate(tx, t.ID)
	})
	return out, err
}

// enumerate names the first of some places, and how many more there are.
func enumerate(places []string) string {
	var named []string
	for _, p := range places[:min(namedFollowers, len(places))] {
		named = append(named, "“"+p+"”")
	}
	if more := len(places) - len(named); more > 0 {
		named = append(named, fmt.Sprintf("%d more", more))
	}
	if len(named) == 1 {
		return named[0]
	}
	last := len(named) - 1
	return strings.Join(named[:last], ", ") + " and " + named[last]
}
