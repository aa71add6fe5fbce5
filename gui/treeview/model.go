// Package treeview is the tree of nodes on the left of the window: folders
// that load when they are opened, selection, keys, rename in place, drag and
// drop, and the search that stands in its place. What its commands do is the
// window's business.
package treeview

import (
	"slices"
	"strings"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/model/tree"
)

// model is the tree as far as it is known: plain data, no widgets.
type model struct {
	nodes   map[string]engine.Node
	folders map[string]*folder // those that are open or were loaded; tree.Root always
	running map[string]float64 // percent of sessions, by node
	cut     map[string]bool    // waits to be pasted
	rows    []row
	at      map[string]int // row of an id

	chosen  map[string]bool
	current string // where the keys are
	anchor  string // where a range began
}

// folder is what is known of a folder's content.
type folder struct {
	open     bool
	loaded   bool
	children []string
	fault    string // why it could not be loaded
}

// kind of a row.
type kind int

const (
	nodeRow kind = iota
	noteRow      // words in the place of children
	trashRow
)

// row is a line of the tree.
type row struct {
	kind  kind
	id    string // of a note: noteID of its folder
	depth int
	note  string
}

// noteID is the id of the row that tells of a folder without rows.
func noteID(folder string) string { return "note:" + folder }

func newModel() *model {
	m := &model{
		nodes: map[string]engine.Node{}, folders: map[string]*folder{tree.Root: {open: true}},
		running: map[string]float64{}, cut: map[string]bool{}, chosen: map[string]bool{}, at: map[string]int{},
	}
	m.lay()
	return m
}

// lay makes the rows anew.
func (m *model) lay() {
	m.rows = m.rows[:0]
	m.layFolder(tree.Root, 0)
	m.rows = append(m.rows, row{kind: trashRow, id: tree.Trash})
	clear(m.at)
	for i, r := range m.rows {
		m.at[r.id] = i
	}
}

func (m *model) layFolder(id string, depth int) {
	f := m.folders[id]
	if f == nil || !f.open {
		return
	}
	if note := f.note(id); note != "" {
		m.rows = append(m.rows, row{kind: noteRow, id: noteID(id), depth: depth, note: note})
	}
	for _, child := range f.children {
		m.rows = append(m.rows, row{id: child, depth: depth})
		m.layFolder(child, depth+1)
	}
}

// note is what stands in a folder that has no rows, or not those of now.
func (f *folder) note(id string) string {
	switch {
	case f.fault != "":
		return "Cannot be listed: " + f.fault
	case !f.loaded && len(f.children) == 0:
		return "Loading…"
	case len(f.children) > 0:
		return ""
	case id == tree.Root:
		return "Nothing here yet. New shape makes a map."
	default:
		return "Empty"
	}
}

// setChildren takes a folder's content. Folders below it that have gone are
// forgotten.
func (m *model) setChildren(parent string, nodes []engine.Node) {
	f := m.folder(parent)
	before := f.children
	f.loaded, f.fault = true, ""
	f.children = make([]string, len(nodes))
	now := make(map[string]bool, len(nodes))
	for i, n := range nodes {
		f.children[i] = n.ID
		m.nodes[n.ID] = n
		now[n.ID] = true
	}
	for _, id := range before {
		if !now[id] && m.nodes[id].Parent == parent {
			m.forget(id)
		}
	}
}

// setFault says why a folder could not be listed; what was known stays.
func (m *model) setFault(parent string, err error) {
	f := m.folder(parent)
	f.loaded, f.fault = true, err.Error()
}

// forget drops a node and what is known below it.
func (m *model) forget(id string) {
	if f := m.folders[id]; f != nil {
		for _, child := range f.children {
			if m.nodes[child].Parent == id {
				m.forget(child)
			}
		}
		delete(m.folders, id)
	}
	delete(m.nodes, id)
	delete(m.chosen, id)
}

func (m *model) folder(id string) *folder {
	f := m.folders[id]
	if f == nil {
		f = &folder{}
		m.folders[id] = f
	}
	return f
}

// openFolders lists the folders whose rows can be seen, from above.
func (m *model) openFolders() []string {
	open := []string{tree.Root}
	for _, r := range m.rows {
		if r.kind == nodeRow && m.isOpen(r.id) {
			open = append(open, r.id)
		}
	}
	return open
}

// stale drops what is known of folders that are closed: they load again when
// they are opened.
func (m *model) stale() {
	seen := map[string]bool{}
	for _, id := range m.openFolders() {
		seen[id] = true
	}
	for id := range m.folders {
		if !seen[id] {
			m.folders[id].loaded = false
		}
	}
}

func (m *model) isFolder(id string) bool { return m.nodes[id].Type == tree.Folder }

func (m *model) isOpen(id string) bool { f := m.folders[id]; return f != nil && f.open }

// setOpen opens or closes a folder and reports whether its content must be
// loaded.
func (m *model) setOpen(id string, open bool) (load bool) {
	if !m.isFolder(id) {
		return false
	}
	f := m.folder(id)
	f.open = open
	m.lay()
	if !open {
		m.liftChosen(id)
	}
	return open && !f.loaded
}

// liftChosen moves what is chosen below a folder that closes up to it.
func (m *model) liftChosen(folder string) {
	hidden := false
	for id := range m.chosen {
		if _, seen := m.at[id]; !seen && m.below(id, folder) {
			delete(m.chosen, id)
			hidden = true
		}
	}
	if hidden {
		m.chosen[folder] = true
	}
	if _, seen := m.at[m.current]; hidden || !seen && m.below(m.current, folder) {
		m.current, m.anchor = folder, folder
	}
}

// below reports whether a node stands somewhere below a folder.
func (m *model) below(id, folder string) bool {
	for range len(m.nodes) + 1 {
		n, known := m.nodes[id]
		if !known {
			return false
		}
		if n.Parent == folder {
			return true
		}
		id = n.Parent
	}
	return false
}

// selected lists the chosen nodes in the order of their rows, the trash left
// out.
func (m *model) selected() []engine.Node {
	ids := make([]string, 0, len(m.chosen))
	for id := range m.chosen {
		if _, known := m.nodes[id]; known {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b string) int { return m.at[a] - m.at[b] })
	nodes := make([]engine.Node, len(ids))
	for i, id := range ids {
		nodes[i] = m.nodes[id]
	}
	return nodes
}

// badge is the word at the end of a node's row; "" if there is nothing to say.
func (m *model) badge(n engine.Node) string {
	if n.Type == tree.Folder {
		return ""
	}
	percent, known := m.running[n.ID]
	switch {
	case n.Session == session.Running && known:
		return percentWord(percent)
	case n.Session == session.Running:
		return "running"
	case n.Session == session.Paused:
		return "paused"
	case n.Session != "":
		return "waiting"
	case n.New:
		return "draft"
	case n.Draft:
		return "edited"
	case !n.HasTiles:
		return "no tiles yet"
	}
	return ""
}

func (m *model) find(prefix string, after string) string {
	prefix = strings.ToLower(prefix)
	start := m.at[after]
	if len([]rune(prefix)) == 1 {
		start++ // the same letter again goes on to the next
	}
	for i := range m.rows {
		r := m.rows[(start+i)%len(m.rows)]
		if r.kind == nodeRow && strings.HasPrefix(strings.ToLower(m.nodes[r.id].Name), prefix) {
			return r.id
		}
	}
	return ""
}
