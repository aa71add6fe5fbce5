// Package draft is the edit in progress: the working copy that is written as
// the user edits, its two-step commit, and the draft it becomes when it is
// left unfinished.
package draft

import (
	"time"

	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// WorkingCopy is the open edit of a shape node, under the same id (the
// original's ShapesWorkingCopy; Peer, Ephemeral). A new node has its working
// copy before it is in the tree.
type WorkingCopy struct {
	Node   string `cbor:"1,keyasint"` // the original's id, or that of the node to be
	Parent string `cbor:"2,keyasint"` // folder of a new node
	New    bool   `cbor:"3,keyasint"` // the node is not in the tree yet
	// Name and Description of the node, as edited.
	Name        string `cbor:"4,keyasint"`
	Description string `cbor:"5,keyasint,omitempty"`
	// Shape as edited; of an edit of what exists nil until the first change
	// (copy on write).
	Shape *shape.Shape `cbor:"6,keyasint,omitempty"`
	// Changes names the fields that differ from the original.
	Changes []string `cbor:"7,keyasint,omitempty"`
	Dirty   bool     `cbor:"8,keyasint"`
	// Draft: the edit was left, and is kept.
	Draft bool `cbor:"9,keyasint"`
	// Base versions of node and shape that were copied; a commit on others is
	// refused.
	NodeVersion  uint64 `cbor:"10,keyasint"`
	ShapeVersion uint64 `cbor:"11,keyasint"`
	// Edit is the id of this edit, a UUID: what makes its commit happen once.
	Edit string `cbor:"12,keyasint"`
	// Owner is who edits now (the original's exclusiveSessionId), "" for a draft.
	Owner    string    `cbor:"13,keyasint,omitempty"`
	Created  time.Time `cbor:"14,keyasint"`
	Updated  time.Time `cbor:"15,keyasint"`
	Accessed time.Time `cbor:"16,keyasint"`
	// Step of the form that was shown last, for going on there.
	Step int `cbor:"17,keyasint"`
	// Recovered: it became a draft because the program ended in mid-edit.
	Recovered bool `cbor:"18,keyasint,omitempty"`
	// Writes counts how often the edit was written: which state of it a commit
	// has saved.
	Writes uint64 `cbor:"19,keyasint,omitempty"`
}

// Copies returns the table of working copies, by node.
func Copies() *kv.Table[WorkingCopy] {
	return &kv.Table[WorkingCopy]{
		Name: "workingcopies", Version: 1,
		Key: func(w *WorkingCopy) kv.Key { return kv.Key(nil).Str(w.Node) },
		Indexes: []kv.Index[WorkingCopy]{
			{Name: "node", Keys: kv.One(func(w *WorkingCopy) kv.Key { return kv.Key(nil).Str(w.Node) })},
			{Name: "parent", Keys: func(w *WorkingCopy) []kv.Key {
				if !w.New {
					return nil
				}
				return []kv.Key{kv.Key(nil).Str(w.Parent)}
			}},
		},
	}
}

// Commit is the mark that a working copy has reached the core database; it is
// removed once the working copy has gone too.
type Commit struct {
	Edit string    `cbor:"1,keyasint"`
	Node string    `cbor:"2,keyasint"`
	When time.Time `cbor:"3,keyasint"`
	// Writes of the working copy that was saved.
	Writes uint64 `cbor:"4,keyasint"`
	// Versions that node and shape have by the commit.
	NodeVersion  uint64 `cbor:"5,keyasint"`
	ShapeVersion uint64 `cbor:"6,keyasint"`
}

// Commits returns the table of commits under way, by edit; in the core database.
func Commits() *kv.Table[Commit] {
	return &kv.Table[Commit]{
		Name: "commits", Version: 1,
		Key: func(c *Commit) kv.Key { return kv.Key(nil).Str(c.Edit) },
	}
}
