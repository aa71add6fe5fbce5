// Package tree is the tree of nodes that everything a user owns hangs on: its
// names, moves, trash, undo and search. It knows nothing of what a shape is.
package tree

import (
	"time"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// Type of a node.
type Type string

// The types. A folder holds folders and shapes, a shape holds nothing.
const (
	Folder Type = "folder"
	Shape  Type = "shape"
)

// The parents that are no nodes themselves.
const (
	// Root is the parent of what stands at the top.
	Root = ""
	// Trash is the parent of what was deleted and can be restored.
	Trash = "trash"
	// Undone is the parent of what an undo has taken back and a redo may bring
	// again. Users never see it.
	Undone = "undone"
)

// Node is an entry of the tree (the original's TreeNode).
type Node struct {
	ID          string    `cbor:"1,keyasint"` // UUID version 7, never used again
	Parent      string    `cbor:"2,keyasint"` // id of a folder, or Root, Trash, Undone
	Type        Type      `cbor:"3,keyasint"`
	Name        string    `cbor:"4,keyasint"` // see CheckName; unique among siblings, but in Trash and Undone
	Description string    `cbor:"5,keyasint,omitempty"`
	Created     time.Time `cbor:"6,keyasint"`
	Updated     time.Time `cbor:"7,keyasint"`
	// Version grows by one with every change: optimistic locking.
	Version uint64 `cbor:"8,keyasint"`
	// Of what is in the trash: where it was, and when it was deleted.
	From    string    `cbor:"9,keyasint,omitempty"`
	Deleted time.Time `cbor:"10,keyasint,omitzero"`
}

// The indexes of Nodes.
const (
	// ByParent: parent, type (folders first), name for sorting, name folded.
	ByParent = "parent"
	// ByName: name for searching, parent.
	ByName = "name"
)

// Nodes returns the table of nodes, by id.
func Nodes() *kv.Table[Node] {
	return &kv.Table[Node]{
		Name: "nodes", Version: 1,
		Key: func(n *Node) kv.Key { return Key(n.ID) },
		Indexes: []kv.Index[Node]{
			{Name: ByParent, Keys: kv.One(func(n *Node) kv.Key { return place(n.Parent, n.Type, n.Name) })},
			{Name: ByName, Keys: kv.One(func(n *Node) kv.Key { return kv.Key(nil).Str(Plain(n.Name)).Str(n.Parent) })},
		},
	}
}

// place is the key of a node in ByParent. Of siblings of one type, exactly
// those with names that Fold makes equal have the same.
func place(parent string, t Type, name string) kv.Key {
	return kv.Key(nil).Str(parent).Str(string(t)).Str(sortKey(Plain(name))).Str(Fold(name))
}

// Key is the key of a node's record, and the prefix of all that belongs to it.
func Key(id string) kv.Key { return kv.Key(nil).Str(id) }
