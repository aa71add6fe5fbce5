package draft

import (
	"fmt"
	"time"

	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// By says who begins an edit, and when.
type By struct {
	Edit  string // id of the edit, a UUID that was never used
	Owner string // who edits: "window", "command 4711"
	Now   time.Time
}

// Original is what an edit of an existing node is compared with: its records
// in the core database.
type Original struct {
	Node  tree.Node
	Shape *shape.Shape
}

// New is a node to be, as its first edit begins.
type New struct {
	Node        string // its id from now on
	Parent      string
	Name        string
	Description string
	Shape       *shape.Shape // nil: the bundled world with the defaults
}

// BeginNew opens the edit of a node to be, in the ephemeral database.
func BeginNew(eph *kv.Tx, n New, by By) (WorkingCopy, error) {
	s := shape.New(n.Node)
	if n.Shape != nil {
		s = n.Shape.Clone()
		s.Node = n.Node
	}
	return begin(eph, WorkingCopy{
		Node: n.Node, Parent: n.Parent, New: true, Name: n.Name, Description: n.Description, Shape: s,
	}, by)
}

// Begin opens the edit of an existing node, in the ephemeral database. The
// settings are copied when they are first changed. A draft of the node is
// continued instead. Errors: *EditingError.
func Begin(eph *kv.Tx, o Original, by By) (WorkingCopy, error) {
	w, found, err := Copies().Get(eph, key(o.Node.ID))
	switch {
	case err != nil:
		return w, err
	case found && w.Draft:
		return resume(eph, w, by)
	}
	return begin(eph, WorkingCopy{
		Node: o.Node.ID, Parent: o.Node.Parent, Name: o.Node.Name, Description: o.Node.Description,
		NodeVersion: o.Node.Version, ShapeVersion: o.Shape.Version,
	}, by)
}

func begin(eph *kv.Tx, w WorkingCopy, by By) (WorkingCopy, error) {
	old, found, err := Copies().Get(eph, key(w.Node))
	if err != nil {
		return w, err
	}
	if found {
		return old, taken(old)
	}
	w.Edit, w.Owner = by.Edit, by.Owner
	w.Created, w.Updated, w.Accessed = by.Now, by.Now, by.Now
	return w, Copies().Put(eph, &w)
}

// taken is why a node with a working copy cannot be edited from the start.
func taken(w WorkingCopy) error {
	if w.Draft {
		return fmt.Errorf("edit “%s”: %w; continue or discard it", w.Name, ErrDraft)
	}
	return &EditingError{Node: w.Node, Name: w.Name, Owner: w.Owner, Last: w.Accessed}
}

// Continue opens a draft again, in the ephemeral database. It is a new edit:
// what held the old one can write no more. Errors: ErrNoEdit, *EditingError.
func Continue(eph *kv.Tx, node string, by By) (WorkingCopy, error) {
	w, err := Get(eph, node)
	if err != nil {
		return w, err
	}
	if !w.Draft {
		return w, taken(w)
	}
	return resume(eph, w, by)
}

func resume(eph *kv.Tx, w WorkingCopy, by By) (WorkingCopy, error) {
	w.Draft, w.Recovered = false, false
	w.Edit, w.Owner, w.Accessed = by.Edit, by.Owner, by.Now
	return w, Copies().Put(eph, &w)
}

// Write stores what a screen has changed in an open edit: w as Begin, Continue
// or Write returned it, with other Name, Description, Shape or Step. It is
// written to the ephemeral database and returned with Changes and Dirty. o is
// the original, nil for a new node. Nothing is validated: half-done work is
// kept too. Errors: ErrNoEdit, ErrDraft, ErrLate.
func Write(eph *kv.Tx, w WorkingCopy, o *Original, now time.Time) (WorkingCopy, error) {
	kept, err := open(eph, w.Node, "change")
	if err != nil {
		return w, err
	}
	if kept.Edit != w.Edit {
		return w, fmt.Errorf("change “%s”: %w; another edit of it is open", kept.Name, ErrLate)
	}
	next := kept
	next.Name, next.Description, next.Shape, next.Step = w.Name, w.Description, w.Shape, w.Step
	next.Updated, next.Accessed = now, now
	next.Writes++
	next.compare(o)
	return next, Copies().Put(eph, &next)
}

// compare notes what differs from the original, and lets go of settings that
// do not: they are copied when first changed.
func (w *WorkingCopy) compare(o *Original) {
	w.Changes = nil
	if w.New || o == nil {
		w.Dirty = true
		return
	}
	if w.Name != o.Node.Name {
		w.Changes = append(w.Changes, "name")
	}
	if w.Description != o.Node.Description {
		w.Changes = append(w.Changes, "description")
	}
	if w.Shape != nil {
		fields := shape.Diff(o.Shape, w.Shape)
		if w.Changes = append(w.Changes, fields...); len(fields) == 0 {
			w.Shape = nil
		}
	}
	w.Dirty = len(w.Changes) > 0
}

// Keep leaves an open edit as a draft, in the ephemeral database. Errors:
// ErrNoEdit, ErrDraft if it is one already.
func Keep(eph *kv.Tx, node string, now time.Time) (WorkingCopy, error) {
	w, err := open(eph, node, "keep")
	if err != nil {
		return w, err
	}
	w.Draft, w.Owner, w.Accessed = true, "", now
	return w, Copies().Put(eph, &w)
}

// Move puts the node to be of a first edit into another folder, in the
// ephemeral database.
func Move(eph *kv.Tx, node, parent string, now time.Time) error {
	w, err := Get(eph, node)
	if err != nil {
		return err
	}
	if !w.New {
		return fmt.Errorf("move the edit of “%s”: the node itself is in the tree; move that", w.Name)
	}
	w.Parent, w.Updated = parent, now
	return Copies().Put(eph, &w)
}

func key(node string) kv.Key { return kv.Key(nil).Str(node) }

// open returns the open edit of a node.
func open(eph *kv.Tx, node, verb string) (WorkingCopy, error) {
	w, err := Get(eph, node)
	if err == nil && w.Draft {
		err = fmt.Errorf("%s “%s”: %w; continue it first", verb, w.Name, ErrDraft)
	}
	return w, err
}
