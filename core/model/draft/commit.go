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
// description. Its error says what it is about, and is passed on as it is.
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
// one version on, with apply doing the tree's part, and returns the mark. Of an
// edit that was saved before it returns the mark that is there. After an error
// the transaction must be given up; the working copy is untouched. Errors:
// ErrDraft, *shape.InvalidError, *StaleError, and those of apply.
func Save(core *kv.Tx, w WorkingCopy, now time.Time, apply Apply) (Commit, shape.Shape, error) {
	before, err := original(core, w.Node)
	if err != nil {
		return Commit{}, shape.Shape{}, err
	}
	mark, done, err := Commits().Get(core, kv.Key(nil).Str(w.Edit))
	switch {
	case err != nil:
		return mark, shape.Shape{}, err
	case done && before == nil: // it was deleted for good since
		return mark, shape.Shape{}, &StaleError{Node: w.Node, Name: w.Name, What: "settings", Want: mark.ShapeVersion}
	case done:
		return mark, *before, nil
	case w.Draft:
		return mark, shape.Shape{}, fmt.Errorf("finish “%s”: %w; continue it first", w.Name, ErrDraft)
	}
	if err := fresh(core, w, before); err != nil {
		return mark, shape.Shape{}, err
	}
	c, err := w.change(before, now)
	if err != nil {
		return mark, shape.Shape{}, err
	}
	mark, err = c.store(core, now, apply)
	return mark, c.After, err
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

// store writes all of the commit and returns its mark.
func (c *Change) store(core *kv.Tx, now time.Time, apply Apply) (mark Commit, err error) {
	fail := func(err error) (Commit, error) { return mark, fmt.Errorf("finish “%s”: %w", c.Copy.Name, err) }
	if err := shape.Relate(core, &c.After, now); err != nil {
		return fail(err)
	}
	if err := shape.Shapes().Put(core, &c.After); err != nil {
		return fail(err)
	}
	if err := apply(core, *c); err != nil {
		return mark, err // it says itself what it is about
	}
	n, err := tree.Get(core, c.Copy.Node)
	if err != nil {
		return fail(err) // apply did not make it
	}
	mark = Commit{
		Edit: c.Copy.Edit, Node: n.ID, When: now, Writes: c.Copy.Writes,
		NodeVersion: n.Version, ShapeVersion: c.After.Version,
	}
	return mark, Commits().Put(core, &mark)
}

// Remove is the second step: it removes the working copy that was saved from
// the ephemeral database. A later edit of the node stays. What was written to
// the same edit after it was saved is not lost either: it becomes a draft on
// top of what was saved, and late is true.
func Remove(eph *kv.Tx, saved Commit) (w WorkingCopy, late bool, err error) {
	w, found, err := Copies().Get(eph, key(saved.Node))
	if err != nil || !found || w.Edit != saved.Edit {
		return w, false, err
	}
	if w.Writes == saved.Writes {
		_, err = Copies().Delete(eph, key(saved.Node))
		return w, false, err
	}
	if w.Shape != nil {
		w.Shape.Version = saved.ShapeVersion
	}
	w.New, w.NodeVersion, w.ShapeVersion = false, saved.NodeVersion, saved.ShapeVersion
	w.Draft, w.Owner, w.Edit = true, "", "" // not the edit that was saved: Continue gives it a new id
	return w, true, Copies().Put(eph, &w)
}

// Forget is the third step: it removes the mark, from the core database.
func Forget(core *kv.Tx, saved Commit) error {
	_, err := Commits().Delete(core, kv.Key(nil).Str(saved.Edit))
	return err
}

// Finish takes the three steps for the open edit of a node. If it fails after
// the first, the result is saved all the same and returned with the error;
// Finish again, or Recover, does the rest. An ErrLate says that the edit was
// written to while it was being saved, and that this is a draft now.
func Finish(core, eph *kv.DB, node string, now time.Time, apply Apply) (s shape.Shape, err error) {
	var w WorkingCopy
	err = eph.View(func(tx *kv.Tx) error {
		w, err = open(tx, node, "finish")
		return err
	})
	if err != nil {
		return s, err
	}
	var mark Commit
	err = core.Update(func(tx *kv.Tx) error {
		mark, s, err = Save(tx, w, now, apply)
		return err
	})
	if err != nil {
		return shape.Shape{}, err
	}
	late := false
	err = eph.Update(func(tx *kv.Tx) error {
		_, late, err = Remove(tx, mark)
		return err
	})
	if err != nil {
		return s, fmt.Errorf("“%s” is saved, but its edit could not be put away; finish again or start anew: %w", w.Name, err)
	}
	if err := core.Update(func(tx *kv.Tx) error { return Forget(tx, mark) }); err != nil {
		return s, fmt.Errorf("“%s” is saved, but the mark of it could not be removed; the next start does it: %w", w.Name, err)
	}
	if late {
		return s, fmt.Errorf("“%s” is saved: %w; what was changed since is kept as a draft", w.Name, ErrLate)
	}
	return s, nil
}
