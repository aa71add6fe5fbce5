package treeview

import (
	"fmt"
	"testing"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"pgregory.net/rapid"
)

// Whatever is opened, closed, chosen and listed anew, in whatever order: rows
// and their index agree, each node has one row at most, the trash is the last
// row, and what is chosen can be seen.
func TestModelHoldsTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := newModel()
		m.setChildren(tree.Root, someNodes(t, tree.Root))
		m.lay()
		t.Repeat(map[string]func(*rapid.T){
			"open": func(t *rapid.T) {
				if id := someRow(t, m); m.setOpen(id, true) {
					m.setChildren(id, someNodes(t, id))
					m.lay()
				}
			},
			"close":  func(t *rapid.T) { m.setOpen(someRow(t, m), false) },
			"choose": func(t *rapid.T) { m.choose(someRow(t, m)) },
			"toggle": func(t *rapid.T) { m.toggle(someRow(t, m)) },
			"extend": func(t *rapid.T) { m.extend(someRow(t, m)) },
			"all":    func(*rapid.T) { m.chooseAll() },
			"step":   func(t *rapid.T) { m.choose(m.step(rapid.IntRange(-20, 20).Draw(t, "by"))) },
			"reload": func(t *rapid.T) {
				m.stale()
				at := m.at[m.current]
				folders := m.openFolders()
				parent := rapid.SampledFrom(folders).Draw(t, "parent")
				m.setChildren(parent, someNodes(t, parent))
				m.lay()
				m.keep(at, 0)
			},
			"drop": func(t *rapid.T) {
				ids := m.topmost()
				d := m.dropOn(ids, rapid.IntRange(-1, len(m.rows)+1).Draw(t, "row"))
				if d.refusal != "" {
					return
				}
				for _, id := range ids {
					if id == d.target || m.below(d.target, id) {
						t.Fatalf("%s may go to %s, which is in it", id, d.target)
					}
				}
			},
			"": func(t *rapid.T) { m.check(t) },
		})
	})
}

// someNodes are the children of a folder: their ids tell where they are.
func someNodes(t *rapid.T, parent string) []engine.Node {
	n := rapid.IntRange(0, 4).Draw(t, "children")
	nodes := make([]engine.Node, n)
	for i := range nodes {
		id := fmt.Sprintf("%s/%d", parent, i)
		nodes[i] = engine.Node{ID: id, Parent: parent, Name: id, Type: tree.Folder}
		if i > 1 {
			nodes[i].Type = tree.Shape
		}
	}
	return nodes
}

func someRow(t *rapid.T, m *model) string {
	return m.rows[rapid.IntRange(0, len(m.rows)-1).Draw(t, "row")].id
}

func (m *model) check(t *rapid.T) {
	if len(m.at) != len(m.rows) || m.rows[len(m.rows)-1].kind != trashRow {
		t.Fatalf("%d rows, %d in the index", len(m.rows), len(m.at))
	}
	for i, r := range m.rows {
		if m.at[r.id] != i {
			t.Fatalf("row %d, %s, is %d in the index", i, r.id, m.at[r.id])
		}
		if _, known := m.nodes[r.id]; r.kind == nodeRow && !known {
			t.Fatalf("row %s has no node", r.id)
		}
	}
	for id := range m.chosen {
		if !m.choosable(id) {
			t.Fatalf("%s is chosen and cannot be seen", id)
		}
	}
	if m.current != "" && !m.choosable(m.current) {
		t.Fatalf("the keys are at %s, which cannot be seen", m.current)
	}
}
