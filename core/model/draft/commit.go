package draft

import (
	"errors"
	"fmt"
	"time"

	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// A working copy and what it is a copy of live in two databases, which have no
// transaction in common. Finishing an edit therefore takes three steps, each
// whole in itself, each doing nothing if it was done before:
//
//	Save    core       settings, node, and a mark with the edit's id
//	Remove  ephemeral  the working copy goes
//	Forget  core       the mark goes
//
// Cut before Save is through, the edit is as if never finished. Cut later,
// the mark tells that what the working copy holds is saved, and Recover does
// what is missing.

// Change is what a commit does to a node, for who keeps the tree.
type Change struct {
	Copy   WorkingCopy  // its Name and Description cleaned
	Before *shape.Shape // nil of a new node
	After  shape.Shape
}

// Apply makes the tree's part of a commit in the same transaction of the core
// database: it creates the node with the id of a new one, or edits name and
// description.
type Apply func(core *kv.Tx, c Change) error

// Validate returns a *shape.InvalidError that names all fields of the edit that
// are wrong, in the order of the form. original is used where w has no
// settings of its own; it may be nil else.
func (w *WorkingCopy) Validate(original *shape.Shape) error {
	var v shape.Invalid
	for step := range shape.Step(shape.StepCount) {
		w.validate(step, original, &v)
	}
	return v.Err()
}

// ValidateStep is Validate for one step of the form.
func (w *WorkingCopy) ValidateStep(step shape.Step, original *shape.Shape) error {
	var v shape.Invalid
	w.validate(step, original, &v)
	return v.Err()
}

func (w *WorkingCopy) validate(step shape.Step, original *shape.Shape, v *shape.Invalid) {
	if step == shape.StepName {
		_, err := tree.CleanName(w.Name)
		note(v, err)
		_, err = tree.CleanDescription(w.Description)
		note(v, err)
	}
	s := w.Shape
	if s == nil {
		s = original
	}
	if s != nil {
		v.AddAll(step, "", "", s.ValidateStep(step))
	}
}

func note(v *shape.Invalid, err error) {
	var bad *tree.NameError
	if errors.As(err, &bad) {
		v.Add(shape.StepName, bad.Field, bad.Text, bad.Problem)
	}
}

// Save is the first step: it makes of the edit what the core database holds,
// one version on, with apply doing the tree's part. Of an edit that has been
// committed before it returns what is there. After an error the transaction
// must be given up; the working copy is untouched. Errors: ErrDraft,
// *shape.InvalidError, *StaleError, and those of apply.
func Save(core *kv.Tx, w WorkingCopy, now time.Time, apply Apply) (shape.Shape, error) {
	before, err := original(core, w.Node)
	if err != nil {
		return shape.Shape{}, err
	}
	_, done, err := Commits().Get(core, kv.Key(nil).Str(w.Edit))
	switch {
	case err != nil:
		return shape.Shape{}, err
	case done && before == nil: // it was deleted for good since
		return shape.Shape{}, &StaleError{Node: w.Node, Name: w.Name, What: "settings", Want: w.ShapeVersion + 1}
	case done:
		return *before, nil
	case w.Draft:
		return shape.Shape{}, fmt.Errorf("finish “%s”: %w; continue it first", w.Name, ErrDraft)
	}
	if err := fresh(core, w, before); err != nil {
		return shape.Shape{}, err
	}
	c, err := w.change(before, now)
	if err != nil {
		return shape.Shape{}, err
	}
	return c.After, c.store(core, now, apply)
}

// original returns the settings that are there, nil if none.
func original(core *kv.Tx, node string) (*shape.Shape, error) {
	s, found, err := shape.Shapes().Get(core, kv.Key(nil).Str(node))
	if err != nil || !found {
		return nil, err
	}
	return &s, nil
}

// fresh compares the versions that were copied with those of now.
func fresh(core *kv.Tx, w WorkingCopy, before *shape.Shape) error {
	n, _, err := tree.Nodes().Get(core, tree.Key(w.Node))
	if err != nil {
		return err
	}
	stale := StaleError{Node: w.Node, Name: w.Name, What: "node", Want: w.NodeVersion, Have: n.Version}
	if stale.Want != stale.Have {
		return &stale
	}
	stale.What, stale.Want, stale.Have = "settings", w.ShapeVersion, 0
	if before != nil {
		stale.Have = before.Version
	}
	if stale.Want != stale.Have {
		return &stale
	}
	return nil
}

// change validates the edit and says what becomes of the node.
func (w WorkingCopy) change(before *shape.Shape, now time.Time) (Change, error) {
	if err := w.Validate(before); err != nil {
		return Change{}, err
	}
	var err error
	if w.Name, err = tree.CleanName(w.Name); err != nil {
		return Change{}, err
	}
	if w.Description, err = tree.CleanDescription(w.Description); err != nil {
		return Change{}, err
	}
	c := Change{Copy: w, Before: before}
	switch {
	case w.Shape != nil:
		c.After = *w.Shape.Clone()
	case before != nil:
		c.After = *before.Clone()
	default:
		return c, fmt.Errorf("finish “%s”: the edit has no settings", w.Name)
	}
	// What the program keeps for itself may have moved on since the copy.
	s := &c.After
	s.Node, s.Created, s.SourceData, s.Session = w.Node, now, nil, ""
	if before != nil {
		s.Created, s.SourceData, s.Session = before.Created, before.SourceData, before.Session
	}
	s.Updated, s.Version = now, w.ShapeVersion+1
	s.Config, s.Selection = s.Config.Canonical(), s.Selection.Canonical()
	return c, nil
}

// store writes all of the commit.
func (c *Change) store(core *kv.Tx, now time.Time, apply Apply) error {
	fail := func(err error) error { return fmt.Errorf("finish “%s”: %w", c.Copy.Name, err) }
	if err := shape.Relate(core, &c.After, now); err != nil {
		return fail(err)
	}
	if err := shape.Shapes().Put(core, &c.After); err != nil {
		return fail(err)
	}
	if err := apply(core, *c); err != nil {
		return fail(err)
	}
	if _, err := tree.Get(core, c.Copy.Node); err != nil {
		return fail(err) // apply did not make it
	}
	return Commits().Put(core, &Commit{Edit: c.Copy.Edit, Node: c.Copy.Node, When: now})
}

// Remove is the second step: it removes the working copy of an edit that was
// committed, from the ephemeral database. A later edit of the node stays.
func Remove(eph *kv.Tx, node, edit string) error {
	w, found, err := Copies().Get(eph, key(node))
	if err != nil || !found || w.Edit != edit {
		return err
	}
	_, err = Copies().Delete(eph, key(node))
	return err
}

// Forget is the third step: it removes the mark, from the core database.
func Forget(core *kv.Tx, edit string) error {
	_, err := Commits().Delete(core, kv.Key(nil).Str(edit))
	return err
}

// Finish takes the three steps for the open edit of a node. No Write of the
// node may come between. If it fails after the first step, the result is
// saved all the same and returned with the error; Finish again, or Recover,
// does the rest.
func Finish(core, eph *kv.DB, node string, now time.Time, apply Apply) (s shape.Shape, err error) {
	var w WorkingCopy
	err = eph.View(func(tx *kv.Tx) error {
		w, err = open(tx, node, "finish")
		return err
	})
	if err != nil {
		return s, err
	}
	err = core.Update(func(tx *kv.Tx) error {
		s, err = Save(tx, w, now, apply)
		return err
	})
	if err != nil {
		return shape.Shape{}, err
	}
	if err := eph.Update(func(tx *kv.Tx) error { return Remove(tx, node, w.Edit) }); err != nil {
		return s, fmt.Errorf("“%s” is saved, but its edit could not be put away; finish again or start anew: %w", w.Name, err)
	}
	if err := core.Update(func(tx *kv.Tx) error { return Forget(tx, w.Edit) }); err != nil {
		return s, fmt.Errorf("“%s” is saved, but the mark of it could not be removed; the next start does it: %w", w.Name, err)
	}
	return s, nil
}
