package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/shapes-desktop/shapes/core/model/draft"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/core/store/entity"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// by says who edits.
func (e *Engine) by() draft.By {
	return draft.By{Edit: newID(), Owner: e.user, Now: e.now()}
}

// New begins the edit of a shape to be. It has its id from now on, and is in
// the tree once the edit is finished.
func (e *Engine) New(ctx context.Context, parent string, with NewShape) (Edit, error) {
	if parent != tree.Root {
		n, err := e.Node(ctx, parent)
		if err == nil && n.Type != tree.Folder {
			err = fmt.Errorf("%s: %w", n.Name, tree.ErrNotFolder)
		}
		if err != nil {
			return Edit{}, fmt.Errorf("new shape: %w", err)
		}
	}
	s := &shape.Shape{Config: shape.Defaults(), Files: with.Files, Selection: with.Selection}
	if with.Config != nil {
		s.Config = with.Config.Clone()
	}
	if with.Source == "" {
		with.Source = shape.Sample
	}
	s.SetSource(with.Source)
	s.Files, s.Variant, s.License = with.Files, with.Variant, with.License
	name, err := e.freeName(parent, with.Name)
	if err != nil {
		return Edit{}, err
	}
	var w draft.WorkingCopy
	err = e.eph(func(tx *kv.Tx) (err error) {
		w, err = draft.BeginNew(tx, draft.New{Node: newID(), Parent: parent, Name: name, Description: with.Description, Shape: s}, e.by())
		return err
	})
	if err != nil {
		return Edit{}, err
	}
	return e.edit(ctx, w)
}

// freeName returns the name for a shape to be: the one that is asked for, or
// one that is free.
func (e *Engine) freeName(parent, name string) (string, error) {
	if name != "" {
		return name, nil
	}
	a, err := e.look()
	if err != nil {
		return "", err
	}
	taken := map[string]bool{}
	for _, w := range a.copies {
		if w.New && w.Parent == parent {
			taken[tree.Fold(w.Name)] = true
		}
	}
	err = e.coreView(func(tx *kv.Tx) error {
		nodes, err := tree.Children(tx, parent, nil, 0)
		for _, n := range nodes {
			taken[tree.Fold(n.Name)] = true
		}
		if err != nil {
			return err
		}
		name, err = tree.FreeName("New shape", func(name string) (bool, error) { return taken[tree.Fold(name)], nil })
		return err
	})
	return name, err
}

// original reads what an edit is compared with; nil of a node to be.
func (e *Engine) original(id string) (*draft.Original, error) {
	var o *draft.Original
	err := e.coreView(func(tx *kv.Tx) error {
		n, err := tree.Get(tx, id)
		if errors.Is(err, tree.ErrNoNode) {
			return nil
		}
		if err != nil {
			return err
		}
		if n.Type != tree.Shape {
			return fmt.Errorf("edit %s: %w", n.Name, ErrNotShape)
		}
		if where, err := tree.Place(tx, id); err != nil || where != tree.Root {
			if err == nil {
				err = fmt.Errorf("edit %s: %w", n.Name, tree.ErrInTrash)
			}
			return err
		}
		s, ok, err := shape.Shapes().Get(tx, kv.Key(nil).Str(id))
		if err == nil && !ok {
			err = unsettled(n.Name)
		}
		o = &draft.Original{Node: n, Shape: &s}
		return err
	})
	return o, err
}

// Edit begins the edit of a shape, or goes on with its draft. ErrEditing if
// somebody edits it.
func (e *Engine) Edit(ctx context.Context, id string) (Edit, error) {
	o, err := e.original(id)
	if err != nil {
		return Edit{}, err
	}
	var w draft.WorkingCopy
	err = e.eph(func(tx *kv.Tx) (err error) {
		if o != nil {
			w, err = draft.Begin(tx, *o, e.by())
		} else if w, err = draft.Continue(tx, id, e.by()); errors.Is(err, draft.ErrNoEdit) {
			err = fmt.Errorf("node %q: %w", id, ErrNoNode)
		}
		return err
	})
	if err != nil {
		return Edit{}, err
	}
	return e.edit(ctx, w)
}

// edit adds to a working copy what a screen wants to show.
func (e *Engine) edit(_ context.Context, w draft.WorkingCopy) (Edit, error) {
	out := Edit{WorkingCopy: w}
	err := e.coreView(func(tx *kv.Tx) (err error) {
		out.Path, err = pathText(tx, w.Parent)
		return err
	})
	if err == nil && w.Shape == nil {
		var o *draft.Original
		if o, err = e.original(w.Node); o != nil {
			out.Shape = o.Shape.Clone()
		}
	}
	return out, err
}

// Change writes an edit as it stands. Nothing is validated: half-done work is
// kept too. What differs from the original is noted in ed.
func (e *Engine) Change(_ context.Context, ed *Edit) error {
	o, err := e.original(ed.Node)
	if err != nil {
		return err
	}
	return e.eph(func(tx *kv.Tx) error {
		w, err := draft.Write(tx, ed.WorkingCopy, o, e.now())
		if err == nil {
			shape := ed.Shape
			ed.WorkingCopy = w
			ed.Shape = shape
		}
		return err
	})
}

// Finish validates an edit and makes it the node's settings. Errors:
// *shape.InvalidError that names the fields, draft.ErrStale if the node has
// changed meanwhile; the edit stays open then.
func (e *Engine) Finish(ctx context.Context, id string) (Node, error) {
	if err := e.command(); err != nil {
		return Node{}, err
	}
	defer e.commands.Unlock()
	var w draft.WorkingCopy
	err := e.ephView(func(tx *kv.Tx) (err error) {
		w, err = draft.Get(tx, id)
		return err
	})
	if err == nil && w.Shape != nil && w.Shape.Validate() == nil { // else finishing tells what is wrong
		err = e.wantable(w.Shape)
	}
	if err != nil {
		return Node{}, err
	}
	_, err = draft.Finish(e.m.DB(entity.Persistent), e.m.DB(entity.Ephemeral), id, e.now(), e.applyEdit)
	if err != nil {
		return Node{}, err
	}
	e.reclaim(ctx)
	if err := e.dialogClosed(ctx, id); err != nil {
		return Node{}, err
	}
	return e.Node(ctx, id)
}

// dialogClosed deletes what nobody wants when the dialog of a node is closed:
// what an ended session left, made with settings that may be others now. A
// session that has not ended goes on.
func (e *Engine) dialogClosed(ctx context.Context, id string) error {
	_, err := e.seenOff(ctx, id)
	if err == nil {
		_, err = e.m.DialogClose(ctx, id)
	}
	if err != nil {
		return fmt.Errorf("it is saved, but what sessions of the node left could not be deleted: %w", err)
	}
	return nil
}

// applyEdit is the tree's part of a commit.
func (e *Engine) applyEdit(tx *kv.Tx, c draft.Change) error {
	if c.Before == nil {
		_, err := e.tree.Create(tx, tree.New{
			ID: c.Copy.Node, Parent: c.Copy.Parent, Type: tree.Shape, Name: c.Copy.Name, Description: c.Copy.Description,
		})
		return err
	}
	from, err := c.Before.Image()
	if err != nil {
		return err
	}
	to, err := c.After.Image()
	if err != nil {
		return err
	}
	_, err = e.tree.Edit(tx, c.Copy.Node, tree.Edit{
		Version: c.Copy.NodeVersion, Name: c.Copy.Name, Description: c.Copy.Description,
		Images: []tree.Image{{Kind: imageShape, ID: c.Copy.Node, From: from, To: to}},
	})
	return err
}

// imageShape is the kind of images that undo keeps of a shape.
const imageShape = "shape"

// applyImage puts settings back.
func (e *Engine) applyImage(tx *kv.Tx, kind, id string, from, to []byte) error {
	if kind != imageShape {
		return fmt.Errorf("undo a change of %q: this version does not know how", kind)
	}
	err := shape.PutImage(tx, id, from, to, e.now())
	if errors.Is(err, shape.ErrChanged) {
		return fmt.Errorf("%w: %w", tree.ErrChanged, err)
	}
	return err
}

// KeepDraft leaves an edit as a draft.
func (e *Engine) KeepDraft(ctx context.Context, id string) error {
	if err := e.eph(func(tx *kv.Tx) error {
		_, err := draft.Keep(tx, id, e.now())
		return err
	}); err != nil {
		return err
	}
	return e.dialogClosed(ctx, id)
}

// Discard removes an edit or draft, and what was made for it; the node stays
// as it is.
func (e *Engine) Discard(ctx context.Context, id string) error {
	if err := e.ephView(func(tx *kv.Tx) error {
		_, err := draft.Get(tx, id)
		return err
	}); err != nil {
		return err
	}
	if _, err := e.seenOff(ctx, id); err != nil {
		return err
	}
	_, err := e.m.WorkingCopyDiscard(ctx, id)
	return err
}

// sampleName is what the first node is called: names have no colon.
const sampleName = "World (Natural Earth)"

// plantSample makes the node that a new data directory begins with.
func (e *Engine) plantSample() error {
	return e.core(func(tx *kv.Tx) error {
		now := e.now()
		n := tree.Node{
			ID: SampleNode, Parent: tree.Root, Type: tree.Shape, Name: sampleName, Version: 1, Created: now, Updated: now,
		}
		if err := tree.Nodes().Put(tx, &n); err != nil { // not as a command: it is not to be undone
			return err
		}
		s := firstSettings(SampleNode, now)
		return shape.Shapes().Put(tx, &s)
	})
}

// firstSettings returns the settings that a node begins with: the bundled world.
func firstSettings(node string, now time.Time) shape.Shape {
	s := shape.Shape{Node: node, Created: now, Updated: now, Version: 1, Config: shape.Defaults()}
	s.SetSource(shape.Sample)
	return s
}
