package tree

import (
	"bytes"
	"fmt"
	"iter"
	"strings"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// Children returns what parent (a folder, or Root, Trash, Undone) holds:
// folders first, each type by name as people count. It begins after the node
// that after was when it was listed, nil for the first, and returns at most
// limit; 0 is all.
func Children(tx *kv.Tx, parent string, after *Node, limit int) ([]Node, error) {
	prefix := kv.Key(nil).Str(parent)
	to := bytes.Clone(prefix)
	to[len(to)-1]++ // prefix ends in two zeros: what follows all that begin with it
	from := prefix
	if after != nil {
		from = append(place(parent, after.Type, after.Name), append(Key(after.ID), 0)...)
	}
	var list []Node
	for n, err := range Nodes().ByRange(tx, ByParent, from, to) {
		if err != nil {
			return nil, fmt.Errorf("list folder %q: %w", parent, err)
		}
		if list = append(list, n); len(list) == limit {
			break
		}
	}
	return list, nil
}

// Count returns how many nodes parent holds, without reading them.
func Count(tx *kv.Tx, parent string) int {
	n := 0
	for range Nodes().Entries(tx, ByParent, kv.Key(nil).Str(parent)) {
		n++
	}
	return n
}

// Find returns the node at a path of names from the top, parted by "/":
// "Europe/Italy". ErrNoNode names the part that is not there.
func Find(tx *kv.Tx, path string) (Node, error) {
	var n Node
	at := Root
	for part := range strings.SplitSeq(strings.Trim(path, "/"), "/") {
		id, err := holder(tx, at, strings.TrimSpace(part))
		if err != nil {
			return Node{}, err
		}
		if id == "" {
			return Node{}, fmt.Errorf("%s in path %s: %w", quote(part), quote(path), ErrNoNode)
		}
		if n, err = Get(tx, id); err != nil {
			return Node{}, err
		}
		at = id
	}
	return n, nil
}

// Named returns the nodes of the visible tree that have the name, wherever
// they are, at most limit; 0 is all.
func Named(tx *kv.Tx, name string, limit int) ([]Node, error) {
	var list []Node
	folded := Fold(strings.TrimSpace(name))
	for n, err := range Nodes().By(tx, ByName, kv.Key(nil).Str(Plain(folded))) {
		if err != nil {
			return nil, fmt.Errorf("find %s: %w", quote(name), err)
		}
		if Fold(n.Name) != folded {
			continue
		}
		where, err := Place(tx, n.ID)
		if err != nil {
			return nil, err
		}
		if where != Root {
			continue
		}
		if list = append(list, n); len(list) == limit {
			break
		}
	}
	return list, nil
}

// Descendants returns what stands below a node, or below Root, Trash or
// Undone: each node before what it holds, siblings as Children orders them.
// The tree may not be changed while the loop runs. An error comes last.
func Descendants(tx *kv.Tx, id string) iter.Seq2[Node, error] {
	return func(yield func(Node, error) bool) { descend(tx, id, 0, yield) }
}

func descend(tx *kv.Tx, parent string, depth int, yield func(Node, error) bool) bool {
	if depth > 2*MaxDepth {
		yield(Node{}, fmt.Errorf("walk below %q: %w: its folders make a ring", parent, ErrDamaged))
		return false
	}
	for n, err := range Nodes().By(tx, ByParent, kv.Key(nil).Str(parent)) {
		if !yield(n, err) || err != nil {
			return false
		}
		if n.Type == Folder && !descend(tx, n.ID, depth+1, yield) {
			return false
		}
	}
	return true
}

// height returns how many levels stand at and below a node, but no more than
// enough.
func height(tx *kv.Tx, n *Node, enough int) int {
	if n.Type != Folder || enough <= 1 {
		return 1
	}
	return 1 + below(tx, n.ID, enough-1)
}

// below is height of what a folder holds. It looks at folders only, and at
// them only in the index.
func below(tx *kv.Tx, id string, enough int) int {
	most := 0
	for range Nodes().Entries(tx, ByParent, kv.Key(nil).Str(id)) {
		most = 1
		break
	}
	if most == 0 || enough <= 1 {
		return most
	}
	for _, key := range Nodes().Entries(tx, ByParent, kv.Key(nil).Str(id).Str(string(Folder))) {
		if most = max(most, 1+below(tx, idOf(key), enough-1)); most >= enough {
			break
		}
	}
	return most
}
