// Package treeview is the tree of nodes on the left of the window.
package treeview

import "github.com/shapes-desktop/shapes/core/engine"

// model is the tree as data: for each node its children, by id. The root is
// the empty id, as Fyne's tree has it.
type model struct {
	children map[string][]string
	nodes    map[string]engine.Node
}

// newModel makes a model of a list of nodes. All stand at the top as yet.
func newModel(nodes []engine.Node) model {
	m := model{children: map[string][]string{}, nodes: map[string]engine.Node{}}
	for _, n := range nodes {
		m.children[""] = append(m.children[""], n.ID)
		m.nodes[n.ID] = n
	}
	return m
}

// first returns the id of the first node, or "".
func (m model) first() string {
	if top := m.children[""]; len(top) > 0 {
		return top[0]
	}
	return ""
}

// step returns the node that lies by rows after id, held at the ends.
func (m model) step(id string, by int) string {
	top := m.children[""]
	if len(top) == 0 {
		return ""
	}
	at := 0
	for i, n := range top {
		if n == id {
			at = i
		}
	}
	return top[min(max(at+by, 0), len(top)-1)]
}
