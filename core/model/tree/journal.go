package tree

import (
	"fmt"
	"time"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// MaxUndo is how many steps can be undone.
const MaxUndo = 100

// Step is a command that was carried out, in the undo journal. Steps that were
// undone, and can be redone, are the newest.
type Step struct {
	Seq  uint64    `cbor:"1,keyasint"` // the key; grows
	What string    `cbor:"2,keyasint"` // for people: rename “Italy” to “Italia”
	When time.Time `cbor:"3,keyasint"`
	// Undone: it was taken back, and can be redone.
	Undone bool `cbor:"4,keyasint,omitempty"`
}

// Steps returns the table of steps, by number.
func Steps() *kv.Table[Step] {
	return &kv.Table[Step]{
		Name: "journal", Version: 1,
		Key: func(s *Step) kv.Key { return kv.Key(nil).Uint(s.Seq) },
	}
}

// Change is what a step did to one record: a node, or one of another package.
type Change struct {
	Seq   uint64 `cbor:"1,keyasint"` // of the step
	Place uint64 `cbor:"2,keyasint"` // in the order in which the step was done
	ID    string `cbor:"3,keyasint"` // of the node that it is about
	// Of a node: how it was, and how it became. A node that was made was Undone
	// before. What lies below it is not part of the change: it comes along.
	Before *Node `cbor:"4,keyasint,omitempty"`
	After  *Node `cbor:"5,keyasint,omitempty"`
	// Of another record, see Image.
	Kind string `cbor:"6,keyasint,omitempty"`
	From []byte `cbor:"7,keyasint,omitempty"`
	To   []byte `cbor:"8,keyasint,omitempty"`
}

// Changes returns the table of changes, by step and place.
func Changes() *kv.Table[Change] {
	return &kv.Table[Change]{
		Name: "changes", Version: 1,
		Key: func(c *Change) kv.Key { return kv.Key(nil).Uint(c.Seq).Uint(c.Place) },
	}
}

// Image is a change of a record that belongs to a node and that another
// package keeps: what Tree.Apply needs to put it back. The bytes are in a form
// of that package's own, which should leave out what undoing changes as well,
// such as versions and times.
type Image struct {
	Kind     string // such as "shape"
	ID       string // of the node
	From, To []byte // before and after the command
}

// command is a command under way: it changes nodes and notes how.
type command struct {
	tx      *kv.Tx
	now     time.Time
	changes []Change
}

func (t *Tree) begin(tx *kv.Tx) *command { return &command{tx: tx, now: t.Now()} }

// put stores a node that was changed, one version on, and notes the change.
func (c *command) put(before, after *Node) error {
	after.Version, after.Updated = before.Version+1, c.now
	was, is := *before, *after
	c.changes = append(c.changes, Change{ID: after.ID, Before: &was, After: &is})
	return Nodes().Put(c.tx, after)
}

// create stores a new node.
func (c *command) create(n *Node) error {
	c.note(n, true)
	return Nodes().Put(c.tx, n)
}

// note completes a new node that is going to be stored, and notes the change if
// it is the top of what is new.
func (c *command) note(n *Node, top bool) {
	n.Version, n.Updated = 1, c.now
	if n.Created.IsZero() {
		n.Created = c.now
	}
	if top {
		was, is := *n, *n
		was.Parent = Undone
		c.changes = append(c.changes, Change{ID: n.ID, Before: &was, After: &is})
	}
}

func (c *command) image(im Image) {
	c.changes = append(c.changes, Change{ID: im.ID, Kind: im.Kind, From: im.From, To: im.To})
}

// end writes the step into the journal, if anything was changed. What could
// be redone cannot be any more, and the oldest step beyond MaxUndo falls off.
func (c *command) end(what string) error {
	if len(c.changes) == 0 {
		return nil
	}
	steps, err := allSteps(c.tx)
	if err != nil {
		return err
	}
	seq := uint64(1)
	if len(steps) > 0 {
		seq = steps[len(steps)-1].Seq + 1
	}
	if steps, err = dropUndone(c.tx, steps); err != nil {
		return err
	}
	for len(steps) >= MaxUndo {
		if err := dropStep(c.tx, steps[0].Seq); err != nil {
			return err
		}
		steps = steps[1:]
	}
	for i := range c.changes {
		c.changes[i].Seq, c.changes[i].Place = seq, uint64(i)
	}
	if err := Changes().PutAll(c.tx, c.changes); err != nil {
		return fmt.Errorf("write the undo journal: %w", err)
	}
	return Steps().Put(c.tx, &Step{Seq: seq, What: what, When: c.now})
}

// allSteps returns the steps, the oldest first.
func allSteps(tx *kv.Tx) ([]Step, error) {
	var steps []Step
	for s, err := range Steps().All(tx, nil) {
		if err != nil {
			return nil, fmt.Errorf("read the undo journal: %w", err)
		}
		steps = append(steps, s)
	}
	return steps, nil
}

// dropUndone forgets the steps that could be redone and returns the others.
// What only they kept stays under Undone for Reclaim.
func dropUndone(tx *kv.Tx, steps []Step) ([]Step, error) {
	for len(steps) > 0 && steps[len(steps)-1].Undone {
		if err := dropStep(tx, steps[len(steps)-1].Seq); err != nil {
			return nil, err
		}
		steps = steps[:len(steps)-1]
	}
	return steps, nil
}

// dropStep forgets a step.
func dropStep(tx *kv.Tx, seq uint64) error {
	key := kv.Key(nil).Uint(seq)
	if _, err := Changes().DeleteAll(tx, key); err != nil {
		return fmt.Errorf("drop step %d of the undo journal: %w", seq, err)
	}
	if _, err := Steps().Delete(tx, key); err != nil {
		return fmt.Errorf("drop step %d of the undo journal: %w", seq, err)
	}
	return nil
}

// changesOf returns the changes of a step in the order they were made.
func changesOf(tx *kv.Tx, seq uint64) ([]Change, error) {
	var list []Change
	for ch, err := range Changes().All(tx, kv.Key(nil).Uint(seq)) {
		if err != nil {
			return nil, fmt.Errorf("read step %d of the undo journal: %w", seq, err)
		}
		list = append(list, ch)
	}
	return list, nil
}
