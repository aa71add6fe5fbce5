package treeview

import (
	"fmt"

	"github.com/shapes-desktop/shapes/core/model/tree"
)

// drop is what letting go of dragged rows would do.
type drop struct {
	target  string // id of a folder, tree.Root or tree.Trash
	row     string // whose row is marked; "" marks the whole tree
	refusal string // why it cannot be; "" if it can
	words   string // what it would do
}

// dropOn says what becomes of ids that are let go on a row. On a shape they go
// to the folder that the shape is in; on a note to the note's folder; below
// all rows to the top.
func (m *model) dropOn(ids []string, at int) drop {
	d := drop{target: tree.Root}
	if at >= 0 && at < len(m.rows) {
		r := m.rows[at]
		switch {
		case r.kind == trashRow:
			d.target = tree.Trash
		case r.kind == noteRow:
			d.target = r.id[len(noteID("")):]
		case m.isFolder(r.id):
			d.target = r.id
		default:
			d.target = m.nodes[r.id].Parent
		}
	}
	d.row = d.target
	d.words = m.dropWords(ids, d.target)
	d.refusal = m.refusal(ids, d.target)
	return d
}

func (m *model) dropWords(ids []string, target string) string {
	what := m.count(ids)
	switch target {
	case tree.Trash:
		return "Move " + what + " to the trash"
	case tree.Root:
		return "Move " + what + " to the top"
	}
	return fmt.Sprintf("Move %s to “%s”", what, m.nodes[target].Name)
}

// count names one node, or says how many there are.
func (m *model) count(ids []string) string {
	if len(ids) == 1 {
		return "“" + m.nodes[ids[0]].Name + "”"
	}
	return fmt.Sprintf("%d nodes", len(ids))
}

// refusal says why ids cannot go to a folder, as far as the tree knows; the
// engine has the last word.
func (m *model) refusal(ids []string, target string) string {
	here := true
	for _, id := range ids {
		n := m.nodes[id]
		switch {
		case id == target:
			return fmt.Sprintf("“%s” cannot go into itself", n.Name)
		case m.below(target, id):
			return fmt.Sprintf("“%s” cannot go into a folder that is in it", n.Name)
		case n.Session != "":
			return fmt.Sprintf("A session of “%s” runs: stop it first", n.Name)
		case n.Parent != target:
			here = false
		}
	}
	if here {
		return m.count(ids) + isAre(len(ids)) + " there already"
	}
	return ""
}

func isAre(n int) string {
	if n == 1 {
		return " is"
	}
	return " are"
}
